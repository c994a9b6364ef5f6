"""Static files: kept for good under names with a hash, asked for again in few bytes, sent small."""

import gzip
import re
from pathlib import Path

import brotli
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from directory.http.assets import Assets
from tests.http.conftest import PRODUCTION, MakeSite

FOR_GOOD = "max-age=31536000, public, immutable"
FILES = ("site.css", "leaflet/leaflet.css", "leaflet/leaflet.js", "map/outline_british_isles.json", "seals.svg")


def file(site: Flask, path: str, method: str = "GET", **headers: str) -> TestResponse:
    return site.test_client().open(path, method=method, headers=headers, buffered=True)


def address(site: Flask, name: str) -> str:
    assets: Assets = site.extensions["assets"]
    return assets.address(name)


@pytest.mark.parametrize("name", FILES)
def test_a_file_under_its_hash_is_kept_for_good(one_site: Flask, name: str) -> None:
    answer = file(one_site, address(one_site, name))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == FOR_GOOD
    assert "Access-Control-Allow-Origin" not in answer.headers
    plain = file(one_site, f"/static/{name}")
    assert plain.headers["Cache-Control"] == "max-age=300, public"
    assert plain.get_data() == answer.get_data()


def test_another_hash_is_not_there(one_site: Flask) -> None:
    right = address(one_site, "site.css")
    wrong = re.sub(r"\.[0-9a-f]{12}\.", ".0123456789ab.", right)
    assert wrong != right
    assert file(one_site, wrong).status_code == 404


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_did_not_change_is_not_sent_again(one_site: Flask, name: str) -> None:
    path = address(one_site, name)
    first = file(one_site, path)
    again = file(one_site, path, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    assert again.headers["Cache-Control"] == FOR_GOOD
    assert file(one_site, path, **{"If-None-Match": '"other"'}).status_code == 200
    assert file(one_site, path, **{"If-Modified-Since": first.headers["Last-Modified"]}).status_code == 304


def test_only_reading_is_possible(one_site: Flask) -> None:
    path = address(one_site, "site.css")
    head = file(one_site, path, "HEAD")
    assert (head.status_code, head.get_data()) == (200, b"")
    assert int(head.headers["Content-Length"]) == len(file(one_site, path).get_data())
    assert file(one_site, path, "DELETE").status_code == 405


def test_a_style_sheet_finds_its_files(one_site: Flask) -> None:
    sheet = file(one_site, address(one_site, "leaflet/leaflet.css")).get_data(as_text=True)
    named = re.findall(r"url\((images/[^)]+)\)", sheet)
    assert len(named) >= 3
    for name in named:
        assert file(one_site, f"/static/leaflet/{name}").status_code == 200, name


def test_pages_name_every_file_by_its_hash(one_site: Flask) -> None:
    for path in ("/practitioners", "/nothing"):
        page = one_site.test_client().get(path, headers={"Accept": "text/html"}).get_data(as_text=True)
        named = re.findall(r'"(/static/[^"#]+)', page)
        assert len(named) >= 4
        for name in named:
            assert re.search(r"\.[0-9a-f]{12}\.[a-z]+$", name), name
            assert file(one_site, name).status_code == 200


def test_what_was_compressed_is_kept_for_the_next_start(tmp_path: Path, make_site: MakeSite) -> None:
    made = make_site(**PRODUCTION)
    kept = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "static").iterdir()}
    assert len([name for name in kept if name.endswith(".br")]) >= len(FILES)
    again = make_site(**PRODUCTION)
    assert {path.name: path.stat().st_mtime_ns for path in (tmp_path / "static").iterdir()} == kept
    for site in (made, again):
        for name in FILES:
            _is_sent_small(site, address(site, name))


def _is_sent_small(site: Flask, path: str) -> None:
    plain = file(site, path, Host="example.org", **{"Accept-Encoding": "identity"})
    small = file(site, path, Host="example.org", **{"Accept-Encoding": "gzip, br"})
    zipped = file(site, path, Host="example.org", **{"Accept-Encoding": "gzip"})
    assert (plain.status_code, small.headers["Content-Encoding"]) == (200, "br")
    assert plain.headers["Vary"] == small.headers["Vary"] == "Accept-Encoding"
    assert brotli.decompress(small.get_data()) == gzip.decompress(zipped.get_data()) == plain.get_data()
    assert len(small.get_data()) < len(plain.get_data())


def test_a_file_that_changed_has_another_address(tmp_path: Path) -> None:
    path = tmp_path / "a.css"
    path.write_text("a {}")
    before = Assets({"a.css": path}, None)
    path.write_text("a { color: inherit }")
    after = Assets({"a.css": path}, None)
    assert before.address("a.css") != after.address("a.css")
    assert before.digest != after.digest


def test_where_nothing_can_be_written_files_are_sent_as_they_are(tmp_path: Path, make_site: MakeSite) -> None:
    (tmp_path / "static").touch()
    site = make_site(**PRODUCTION)
    answer = file(site, address(site, "site.css"), Host="example.org", **{"Accept-Encoding": "br"})
    assert (answer.status_code, answer.headers.get("Content-Encoding")) == (200, None)
