"""Who may see a page: an endpoint that declares nothing is closed."""

import pytest
from flask import Flask

from directory.http.access import Access, access_of
from tests.conftest import sqlite_only
from tests.http.conftest import MakeSite
from tests.pages import Page, check

HTML = {"Accept": "text/html"}
TOKEN = "a-token-of-more-than-sixteen"
ELSEWHERE = {"REMOTE_ADDR": "192.0.2.9"}


def test_an_endpoint_that_declares_nothing_is_closed(one_site: Flask) -> None:
    response = one_site.test_client().get("/trial/undeclared", headers=HTML)
    assert response.status_code == 403
    check(Page(response), "/trial/undeclared")
    with one_site.app_context():
        assert access_of("trial.undeclared") is None
        assert access_of("static") is Access.ANYONE


@pytest.mark.parametrize("path", ["/metrics", "/trial/operators"])
def test_counts_are_for_this_machine(one_site: Flask, path: str) -> None:
    client = one_site.test_client()
    assert client.get(path).status_code == 200
    assert client.get(path, environ_base=ELSEWHERE).status_code == 403
    assert client.get(path, environ_base={"REMOTE_ADDR": "::1"}).status_code == 200
    assert client.get(path, environ_base={"REMOTE_ADDR": ""}).status_code == 403


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_a_proxy_on_this_machine_is_not_this_machine(one_site: Flask, header: str) -> None:
    assert one_site.test_client().get("/metrics", headers={header: "for=192.0.2.9"}).status_code == 403


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (TOKEN, 403),
        (f"Bearer {TOKEN}x", 403),
        ("Bearer ", 403),
        ("Bearer é", 403),
        (f"Basic {TOKEN}", 403),
    ],
)
def test_the_bearer_of_the_token_may_read_the_counts(make_site: MakeSite, authorization: str, status: int) -> None:
    client = make_site(metrics_token=TOKEN).test_client()
    assert (
        client.get("/metrics", headers={"Authorization": authorization}, environ_base=ELSEWHERE).status_code == status
    )


def test_without_a_token_nobody_bears_it(one_site: Flask) -> None:
    for given in ("Bearer ", "Bearer None", ""):
        response = one_site.test_client().get("/metrics", headers={"Authorization": given}, environ_base=ELSEWHERE)
        assert response.status_code == 403


@sqlite_only
def test_pages_for_developers_are_not_there_for_others(make_site: MakeSite) -> None:
    for path in ("/styleguide", "/trial/developers"):
        assert make_site().test_client().get(path).status_code == 404
        assert make_site(environment="development").test_client().get(path).status_code == 200


@sqlite_only
def test_behind_a_trusted_proxy_the_visitor_is_the_one_it_names(make_site: MakeSite) -> None:
    client = make_site(trusted_proxies=1, environment="development", rate_limit="2 per minute").test_client()
    answers = [client.get("/trial/page", headers={"X-Forwarded-For": f"192.0.2.{n}"}).status_code for n in range(4)]
    assert answers == [200] * 4
    alone = [client.get("/trial/page", headers={"X-Forwarded-For": "192.0.2.77"}).status_code for _ in range(3)]
    assert alone == [200, 200, 429]


@sqlite_only
def test_without_a_trusted_proxy_the_header_is_not_believed(make_site: MakeSite) -> None:
    client = make_site(environment="development", rate_limit="2 per minute").test_client()
    answers = [client.get("/trial/page", headers={"X-Forwarded-For": f"192.0.2.{n}"}).status_code for n in range(3)]
    assert answers == [200, 200, 429]
