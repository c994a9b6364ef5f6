"""Static files: kept for good under names with a hash, asked for again in few bytes, sent small."""

import gzip
import re
import time
from pathlib import Path

import brotli
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from directory.http.assets import FOR_A_WHILE, FOR_GOOD, Assets, files_in
from tests.http.conftest import MakeSite

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
    assert answer.headers["Cache-Control"] == FOR_GOOD == "max-age=31536000, public, immutable"
    assert "Access-Control-Allow-Origin" not in answer.headers
    plain = file(one_site, f"/static/{name}")
    assert plain.headers["Cache-Control"] == FOR_A_WHILE
    assert plain.get_data() == answer.get_data()


def test_another_hash_is_not_there(one_site: Flask) -> None:
    right = address(one_site, "site.css")
    wrong = re.sub(r"\.[0-9a-f]{12}\.", ".0123456789ab.", right)
    assert wrong != right
    assert file(one_site, wrong).status_code == 404


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("encoding", ["", "br", "gzip"])
def test_a_file_that_did_not_change_is_not_sent_again(one_site: Flask, name: str, encoding: str) -> None:
    path = address(one_site, name)
    first = file(one_site, path, **{"Accept-Encoding": encoding})
    for known in (first.headers["ETag"], f'"other", W/{first.headers["ETag"]}', "*"):
        again = file(one_site, path, **{"Accept-Encoding": encoding, "If-None-Match": known})
        assert (again.status_code, again.get_data()) == (304, b"")
        assert again.headers["Cache-Control"] == FOR_GOOD
        assert again.headers["ETag"] == first.headers["ETag"]
    assert file(one_site, path, **{"Accept-Encoding": encoding, "If-None-Match": '"other"'}).status_code == 200
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert file(one_site, path, **since).status_code == 304
    assert file(one_site, path, **{"If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"}).status_code == 200
    assert file(one_site, path, **{"If-Modified-Since": "yesterday"}).status_code == 200


def test_text_is_sent_small_and_a_picture_as_it_is(one_site: Flask) -> None:
    plain = file(one_site, "/static/site.css")
    small = file(one_site, "/static/site.css", **{"Accept-Encoding": "gzip, br"})
    assert small.headers["Content-Encoding"] == "br"
    assert small.headers["ETag"] != plain.headers["ETag"]
    assert plain.headers["Vary"] == small.headers["Vary"] == "Accept-Encoding"
    assert brotli.decompress(small.get_data()) == plain.get_data()
    zipped = file(one_site, "/static/site.css", **{"Accept-Encoding": "gzip"})
    assert gzip.decompress(zipped.get_data()) == plain.get_data()
    picture = file(one_site, "/static/leaflet/images/layers.png", **{"Accept-Encoding": "gzip, br"})
    assert not {"Content-Encoding", "Vary"} & set(picture.headers.keys())


def test_only_reading_is_possible(one_site: Flask) -> None:
    path = address(one_site, "site.css")
    head = file(one_site, path, "HEAD")
    assert (head.status_code, head.get_data()) == (200, b"")
    assert int(head.headers["Content-Length"]) == len(file(one_site, path).get_data())
    assert file(one_site, path, "DELETE").status_code == 405


def test_a_style_sheet_names_its_files_by_their_hashes(one_site: Flask) -> None:
    path = address(one_site, "leaflet/leaflet.css")
    sheet = file(one_site, path).get_data(as_text=True)
    named = re.findall(r"url\((images/[^)]+)\)", sheet)
    assert len(named) >= 3
    for name in named:
        answer = file(one_site, f"/static/leaflet/{name}")
        assert answer.status_code == 200, name
        assert answer.headers["Cache-Control"] == FOR_GOOD, name
    assert "url(#default#VML)" in sheet


def test_pages_name_every_file_by_its_hash(one_site: Flask) -> None:
    for path in ("/practitioners", "/nothing"):
        page = one_site.test_client().get(path, headers={"Accept": "text/html"}).get_data(as_text=True)
        named = re.findall(r'"(/static/[^"#]+)', page)
        assert len(named) >= 4
        for name in named:
            assert re.search(r"\.[0-9a-f]{12}\.[a-z]+$", name), name
            assert file(one_site, name).status_code == 200


def test_while_developing_a_file_is_read_again_when_it_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "a.css").write_text("a { background: url('b.svg') } b { background: url(gone.png) }")
    (folder / "b.svg").write_text("<svg/>")
    moment = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: moment)
    watching = Assets(lambda: files_in(folder), tmp_path / "kept", watch=True)
    fixed = Assets(lambda: files_in(folder), tmp_path / "kept", watch=False)
    before, digest = watching.address("a.css"), watching.digest
    (folder / "b.svg").write_text("<svg></svg>")
    (folder / "c.js").write_text("1")
    assert watching.digest == digest, "it looks once a second"
    moment += 2
    assert watching.digest != digest
    later = watching.digest
    moment += 2
    assert watching.digest == later, "nothing has changed since"
    assert watching.address("a.css") != before, "a style sheet has the names of its files in it"
    assert watching.get("c.js") is not None
    assert fixed.digest == digest
    found = watching.get(watching.address("a.css").removeprefix("/static/"))
    assert found is not None
    assert found[0].content.startswith(b"a { background: url('b.")
    assert b"url(gone.png)" in found[0].content


def test_what_was_compressed_is_kept_for_the_next_start(tmp_path: Path, make_site: MakeSite) -> None:
    production = {"environment": "production", "secret_key": "s" * 40, "trusted_hosts": "example.org"}
    make_site(**production)
    kept = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "static").iterdir()}
    assert len([name for name in kept if name.endswith(".br")]) >= len(FILES)
    again = make_site(**production)
    assert {path.name: path.stat().st_mtime_ns for path in (tmp_path / "static").iterdir()} == kept
    assert file(again, "/static/site.css", **{"Accept-Encoding": "br", "Host": "example.org"}).status_code == 200
