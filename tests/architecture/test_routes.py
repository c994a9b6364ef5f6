"""Every address of the site, with whom it is for: one that is not in routes.txt fails until it is."""

import re
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import BaseConverter, PathConverter

from directory.http.access import Access, access_of
from directory.http.sanity import Name, Number

LISTED = Path(__file__).with_name("routes.txt")


@pytest.fixture(scope="module")
def found(bare_app: Flask) -> list[str]:
    """Methods, path, endpoint and access of every route."""
    lines = []
    with bare_app.app_context():
        for rule in bare_app.url_map.iter_rules():
            methods = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
            access = access_of(rule.endpoint)
            lines.append(f"{methods} {rule.rule} {rule.endpoint} {access.value if access else 'CLOSED'}")
    return sorted(lines, key=lambda line: line.split()[1::-1])


def test_every_route_is_listed_with_its_access(found: list[str]) -> None:
    listed = LISTED.read_text().splitlines()
    new, gone = set(found) - set(listed), set(listed) - set(found)
    assert not new, f"add to {LISTED.name}, when the access is right:\n" + "\n".join(sorted(new))
    assert not gone, f"take out of {LISTED.name}:\n" + "\n".join(sorted(gone))
    assert listed == found, "keep the list in the order of the paths"


def test_every_route_declares_its_access(found: list[str]) -> None:
    assert not [line for line in found if line.endswith("CLOSED")]
    assert {line.split()[-1] for line in found} <= {access.value for access in Access}


def test_paths_are_lower_case_words_with_hyphens(found: list[str]) -> None:
    for line in found:
        for part in line.split()[1].strip("/").split("/"):
            assert part.startswith("<") or re.fullmatch(r"([a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)?)?", part), line


def test_whatever_stands_in_a_path_is_bounded(bare_app: Flask) -> None:
    for rule in bare_app.url_map.iter_rules():
        for name, converter in rule._converters.items():
            assert _is_bounded(converter) or rule.endpoint == "static", f"{rule.rule}: {name}"


def _is_bounded(converter: BaseConverter) -> bool:
    return isinstance(converter, Name | Number) and not isinstance(converter, PathConverter)


def test_no_page_is_for_reading_and_writing_at_once(bare_app: Flask) -> None:
    for rule in bare_app.url_map.iter_rules():
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        assert methods in ({"GET"}, {"POST"}), rule.rule
