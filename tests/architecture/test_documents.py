"""Documents that say what the program does, and are kept to it."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask

from directory.app import main
from directory.config import PREFIX, ROOT, Settings
from tests.architecture.sources import named, short

OPERATING = ROOT / "docs" / "operating.md"


def default_of(value: object) -> str:
    """A default as an operator would type it."""
    if isinstance(value, bool):
        return f" `{str(value).lower()}` "
    if isinstance(value, tuple):
        value = ",".join(value)
    if isinstance(value, Path):
        value = value.relative_to(ROOT)
    return f" `{value}` " if value not in {None, ""} else " "


def test_every_setting_is_in_the_table_with_its_default() -> None:
    rows = [line for line in OPERATING.read_text().splitlines() if line.startswith(f"| `{PREFIX}")]
    expected = [
        f"| `{PREFIX}{name.upper()}` |{default_of(field.default)}| {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    assert rows == expected


def commands(group: click.Group, before: str) -> Iterator[str]:
    for name, one in group.commands.items():
        if isinstance(one, click.Group):
            yield from commands(one, f"{before} {name}")
        else:
            yield f"{before} {name}"


def test_every_command_is_in_the_table_and_nothing_else_is() -> None:
    listed = set(re.findall(r"^\| `(tsubo [a-z -]+)` \|", OPERATING.read_text(), re.MULTILINE))
    assert listed == set(commands(main, "tsubo"))


def test_every_command_says_what_it_does() -> None:
    for group in (main, *(one for one in main.commands.values() if isinstance(one, click.Group))):
        for name, one in group.commands.items():
            assert one.help, name
            assert "Not yet" not in one.help


@pytest.mark.parametrize("path", named("*.md"), ids=short)
def test_a_document_names_only_commands_that_there_are(path: Path) -> None:
    known = set(commands(main, "tsubo"))
    groups = {one.rsplit(" ", 1)[0] for one in known} | {"tsubo"}
    for words in re.findall(r"\btsubo((?: [a-z]+){1,2})", path.read_text()):
        said = f"tsubo{words}"
        starts = {said, said.rsplit(" ", 1)[0]}
        assert starts & (known | groups), f"{short(path)}: {said}"


def test_every_address_is_in_the_table(bare_app: Flask) -> None:
    listed = set(re.findall(r"`(/[^`]*)`", OPERATING.read_text().split("## Addresses")[1]))
    routes = {re.sub(r"<[^>]*?(\w+)>", r"<\1>", rule.rule) for rule in bare_app.url_map.iter_rules()}
    assert listed == routes


@pytest.mark.parametrize("path", named("*.md"), ids=short)
def test_what_a_document_links_to_is_there(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text()):
        if "://" not in target:
            assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", named("*.md"), ids=short)
def test_what_make_can_do_is_what_documents_say(path: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    said = set(re.findall(r"`(?:[A-Z_]+=\S+ )*make ([a-z]+)", path.read_text()))
    assert said <= targets
