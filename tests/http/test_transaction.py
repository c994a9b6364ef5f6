"""One transaction a request: a request that asks keeps nothing, one that fails keeps nothing."""

import pytest
from flask import Flask

from tests.sites import kept

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
