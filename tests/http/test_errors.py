"""Errors: honest, in the site's look, and without a word of what went wrong inside."""

import json
from io import BytesIO

import pytest
from flask import Flask
from werkzeug.exceptions import Unauthorized
from werkzeug.test import TestResponse
from werkzeug.wrappers import Response

from directory.http import words
from directory.web.errors import PAGES
from tests.http.conftest import MakeSite
from tests.pages import Page, check
from tests.sites import CANARY

HTML = {"Accept": "text/html"}


def shown(response: TestResponse, status: int) -> Page:
    """The page of an error, checked for what every page owes."""
    page = Page(response)
    assert page.status == status, page.html[:300]
    check(page, f"error {status}")
    assert page.text(".//h1") == PAGES[status][0]
    assert page.all(".//meta[@name='robots']")
    assert CANARY not in page.html
    assert "Traceback" not in page.html
    return page


@pytest.mark.parametrize("status", PAGES)
def test_every_error_has_a_page_that_says_what_to_do(one_site: Flask, status: int) -> None:
    page = shown(one_site.test_client().get(f"/trial/status/{status}", headers=HTML), status)
    assert PAGES[status][1] in page.text()
    assert "Search the directory" in page.links()


@pytest.mark.parametrize("status", PAGES)
def test_a_program_is_told_in_its_own_form(one_site: Flask, status: int) -> None:
    for kind in ("application/json", "application/problem+json"):
        response = one_site.test_client().get(f"/trial/status/{status}", headers={"Accept": kind})
        assert response.status_code == status
        assert response.content_type == "application/problem+json"
        told = json.loads(response.get_data())
        assert told == {"type": "about:blank", "title": PAGES[status][0], "status": status, "detail": PAGES[status][1]}


@pytest.mark.parametrize(("status", "like"), [(418, 400), (501, 500), (504, 500)])
def test_an_error_without_a_page_of_its_own_borrows_one(one_site: Flask, status: int, like: int) -> None:
    page = Page(one_site.test_client().get(f"/trial/status/{status}", headers=HTML))
    assert page.status == status
    assert page.text(".//h1") == PAGES[like][0]


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("unexpected", 500),
        ("not-found", 404),
        ("invalid", 409),
        ("serialization", 409),
        ("deadlock", 409),
        ("constraint", 409),
        ("locked", 503),
        ("no-table", 503),
        ("pool", 503),
        ("damaged", 503),
        ("nonsense", 500),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_goes_wrong_inside_is_told_without_its_words(one_site: Flask, kind: str, status: int, method: str) -> None:
    response = one_site.test_client().open(f"/trial/raise/{kind}?q={CANARY}", method=method, headers=HTML)
    shown(response, status)
    assert ("Retry-After" in response.headers) is (status == 503)


def test_there_is_no_such_page(one_site: Flask) -> None:
    client = one_site.test_client()
    shown(client.get("/nothing/here", headers=HTML), 404)
    shown(client.get("/static/nothing.css", headers=HTML), 404)


def test_a_method_that_a_page_does_not_know_is_told_those_it_knows(one_site: Flask) -> None:
    response = one_site.test_client().post("/trial/page", headers=HTML)
    shown(response, 405)
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_what_is_too_large_is_refused(one_site: Flask) -> None:
    client = one_site.test_client()
    field = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n' + b"x" * 600_000 + b"\r\n--x--\r\n"
    for body, kind in ((field, "multipart/form-data; boundary=x"), (b"x" * 1_100_000, "text/plain")):
        answer = client.post(
            "/trial/form", input_stream=BytesIO(body), content_length=len(body), content_type=kind, headers=HTML
        )
        shown(answer, 413)


def test_an_address_that_is_too_long_is_refused(one_site: Flask) -> None:
    client = one_site.test_client()
    shown(client.get("/" + "x" * 600, headers=HTML), 414)
    shown(client.get("/trial/page?q=" + "x" * 5_000, headers=HTML), 414)


def test_too_many_requests_are_told_when_to_come_back(make_site: MakeSite) -> None:
    site = make_site(environment="development", rate_limit="3 per minute")
    client = site.test_client()
    answers = [client.get("/trial/page", headers=HTML) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    shown(answers[3], 429)
    assert 0 < int(answers[3].headers["Retry-After"]) <= 60


def test_the_limit_may_be_turned_off(make_site: MakeSite) -> None:
    client = make_site(environment="development", rate_limit="off").test_client()
    assert {client.get("/trial/page").status_code for _ in range(300)} == {200}


def test_an_error_in_the_page_about_an_error_is_plain_text(
    fresh_site: Flask, capfd: pytest.CaptureFixture[str]
) -> None:
    fresh_site.jinja_env.globals["asset"] = lambda _name: 1 / 0
    response = fresh_site.test_client().get("/trial/raise/unexpected", headers=HTML)
    assert response.status_code == 500
    assert response.content_type == "text/plain; charset=utf-8"
    assert response.get_data(as_text=True).startswith(PAGES[500][0])
    assert CANARY not in response.get_data(as_text=True) + capfd.readouterr().err


def test_a_foreign_host_is_refused_in_plain_words(one_site: Flask, capfd: pytest.CaptureFixture[str]) -> None:
    response = one_site.test_client().get("/trial/page", headers={"Host": "evil.example", **HTML})
    assert response.status_code == 400
    assert response.content_type == "text/plain; charset=utf-8"
    assert "evil" not in response.get_data(as_text=True)
    assert "error-page" not in capfd.readouterr().err


def test_an_answer_given_on_purpose_is_left_alone(one_site: Flask) -> None:
    answer = Response("ask me again", 401)
    with one_site.test_request_context("/"):
        assert one_site.handle_user_exception(Unauthorized(response=answer)) is answer


@pytest.mark.parametrize(
    ("accept", "is_program"),
    [
        ("text/html,application/xhtml+xml,*/*;q=0.8", False),
        ("*/*", False),
        ("", False),
        ("application/json", True),
        ("application/json, text/html;q=0.5", True),
        ("image/png", False),
        (";;;,,q=", False),
    ],
)
def test_who_is_a_program(one_site: Flask, accept: str, is_program: bool) -> None:
    with one_site.test_request_context("/", headers={"Accept": accept}):
        assert words.wants_json() is is_program
