"""Headers: on every answer, of files and errors too. No cookie for reading; forms only with a token."""

import re

import pytest
from flask import Flask

from directory.http.headers import CONTENT_SECURITY_POLICY, HEADERS
from tests.http.conftest import MakeSite

ANSWERS = (
    "/",
    "/practitioners",
    "/modalities/shiatsu",
    "/healthz",
    "/readyz",
    "/metrics",
    "/static/site.css",
    "/static/seals.svg",
    "/static/leaflet/leaflet.js",
    "/static/map/outline_british_isles.json",
    "/static/nothing",
    "/nothing",
    "/trial/raise/unexpected",
    "/trial/raise/locked",
    "/trial/undeclared",
    "/?q=%00",
)


@pytest.mark.parametrize("path", ANSWERS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_every_answer_has_the_headers(one_site: Flask, path: str, method: str) -> None:
    response = one_site.test_client().open(path, method=method, buffered=True)
    for name, value in HEADERS.items():
        assert response.headers.getlist(name) == [value], name


@pytest.mark.parametrize("wanted", ["bytes=0-9", "bytes=99999999-", "bytes=9-1", "lines=1"])
def test_a_part_of_a_file_has_them_too(one_site: Flask, wanted: str) -> None:
    response = one_site.test_client().get("/static/site.css", headers={"Range": wanted}, buffered=True)
    assert response.status_code in {200, 206, 416}
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_foreign_host_gets_them_too(one_site: Flask) -> None:
    response = one_site.test_client().get("/", headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert response.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "a b", "localhost:99999x"]
)
def test_only_trusted_hosts_are_answered(one_site: Flask, host: str) -> None:
    assert one_site.test_client().get("/", headers={"Host": host}).status_code == 400


def test_trusted_hosts_may_be_named(make_site: MakeSite) -> None:
    client = make_site(trusted_hosts="example.org").test_client()
    assert client.get("/healthz", headers={"Host": "example.org"}).status_code == 200
    assert client.get("/healthz", headers={"Host": "localhost"}).status_code == 400


def test_the_policy_allows_nothing_unsafe_and_nothing_from_elsewhere() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "*" not in CONTENT_SECURITY_POLICY
    assert CONTENT_SECURITY_POLICY.startswith("default-src 'none'")
    sources = set(re.findall(r"\S+", CONTENT_SECURITY_POLICY.replace(";", " ")))
    assert {one for one in sources if one.endswith(":") or "." in one} == {"data:"}


def test_over_https_in_production_browsers_are_told_to_stay_there(make_site: MakeSite) -> None:
    production = {"environment": "production", "secret_key": "s" * 40, "trusted_hosts": "example.org"}
    client = make_site(**production).test_client()
    secure = client.get("/healthz", base_url="https://example.org")
    assert secure.headers["Strict-Transport-Security"].startswith("max-age=63072000")
    assert "Strict-Transport-Security" not in client.get("/healthz", base_url="http://example.org").headers


@pytest.mark.parametrize("path", [path for path in ANSWERS if path != "/?q=%00"])
def test_reading_sets_no_cookie(one_site: Flask, path: str) -> None:
    assert "Set-Cookie" not in one_site.test_client().get(path, buffered=True).headers


def test_a_form_without_its_token_is_refused(make_site: MakeSite) -> None:
    site = make_site()
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        response = site.test_client().open("/trial/write/kept", method=method)
        assert response.status_code in {400, 405}, method
    assert site.test_client().post("/trial/form", data={"csrf_token": "made-up"}).status_code == 400


@pytest.mark.parametrize(
    "path", ["/static/../db.py", "/static/%2e%2e/db.py", "/static//etc/passwd", "/static/leaflet/../../app.py"]
)
def test_files_outside_the_folder_are_not_served(one_site: Flask, path: str) -> None:
    assert one_site.test_client().get(path, follow_redirects=True).status_code in {400, 404}
