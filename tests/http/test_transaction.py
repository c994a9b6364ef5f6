"""One transaction a request: a request that asks keeps nothing, one that fails keeps nothing."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Barrier

import pytest
from flask import Blueprint, Flask, request

from directory.db import db, transaction
from directory.http.access import anyone
from directory.lib import clock
from directory.models import SeedFile
from tests.conftest import make_settings
from tests.sites import TRIES, kept, made

HTML = {"Accept": "text/html"}


def kept_by(site: Flask) -> set[str]:
    with site.app_context():
        return kept()


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_a_request_that_succeeds_is_kept(site: Flask, method: str) -> None:
    assert site.test_client().open("/trial/write/kept", method=method).status_code == 200
    assert kept_by(site) == {"kept"}


def test_a_request_that_only_asks_cannot_write(site: Flask) -> None:
    assert site.test_client().get("/trial/write/kept", headers=HTML).status_code >= 500
    assert kept_by(site) == set()


@pytest.mark.parametrize(("outcome", "status"), [("invalid", 422), ("raised", 500), ("refused-at-commit", 409)])
def test_a_request_that_fails_keeps_nothing(site: Flask, outcome: str, status: int) -> None:
    assert site.test_client().post(f"/trial/write/{outcome}", headers=HTML).status_code == status
    assert kept_by(site) == set()


def test_after_a_failure_the_next_request_is_whole(site: Flask) -> None:
    client = site.test_client()
    client.get("/trial/write/kept")
    client.post("/trial/write/raised")
    client.post("/trial/write/refused-at-commit")
    assert client.post("/trial/write/kept").status_code == 200
    assert client.get("/modalities").status_code == 200
    assert kept_by(site) == {"kept"}


# When somebody else was first


@pytest.mark.parametrize("times", [0, 1, 2, 4])
def test_a_request_that_came_second_is_done_anew_with_all_it_brought(site: Flask, times: int) -> None:
    TRIES.clear()
    large = bytes(range(256)) * 4_000
    # Put together here: the client would leave a file open.
    head = b'Content-Disposition: form-data; name="'
    parts = (head + b'said"\r\n\r\na word', head + b'file"; filename="large.bin"\r\n\r\n' + large)
    sent = b"".join(b"--x\r\n" + part + b"\r\n" for part in parts) + b"--x--\r\n"
    answer = site.test_client().post(
        f"/trial/second/{times}", data=sent, content_type="multipart/form-data; boundary=x"
    )
    assert (answer.status_code, answer.text) == (200, f"done at try {times + 1}")
    assert [({"said": "a word"}, [large])] * (times + 1) == TRIES
    assert kept_by(site) == {"kept"}


def test_after_five_tries_somebody_else_was_first(site: Flask) -> None:
    TRIES.clear()
    answer = site.test_client().post("/trial/second/9", headers=HTML)
    assert answer.status_code == 409
    assert len(TRIES) == 5
    assert kept_by(site) == set()


def test_a_request_is_counted_and_logged_once(site: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    TRIES.clear()
    site.test_client().post("/trial/second/3")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    assert [(line["event"], line.get("status")) for line in lines] == [("request", 200)]


def test_eight_who_count_on_one_row_at_once_all_count(own_database: str, tmp_path: Path) -> None:
    counter = Blueprint("counter", __name__)
    counter.add_url_rule("/count", view_func=count, methods=["POST"])
    how_many, ready = 8, Barrier(8)
    with ExitStack() as end:
        sites = []
        for _ in range(how_many):
            site = end.enter_context(made(make_settings(tmp_path, own_database)))
            site.config["WTF_CSRF_ENABLED"] = False
            site.register_blueprint(counter)
            sites.append(site)
        with sites[0].app_context(), transaction():
            db.session.add(SeedFile(name="counter", digest="0", loaded_at=clock.now()))

        def send(number: int) -> int:
            ready.wait()
            return sites[number].test_client().post("/count", data={"by": "1"}).status_code

        with ThreadPoolExecutor(how_many) as pool:
            assert list(pool.map(send, range(how_many))) == [200] * how_many
        with sites[0].app_context():
            assert db.session.get_one(SeedFile, "counter").digest == str(how_many)


@anyone
def count() -> str:
    row = db.session.get_one(SeedFile, "counter")
    row.digest = str(int(row.digest) + int(request.form["by"]))
    return row.digest
