"""What no database can hold is refused once, at the door."""

from io import BytesIO

import pytest
from flask import Flask

from directory.http import sanity
from tests.pages import Page, check

HTML = {"Accept": "text/html"}
NOT_TEXT = ["%00", "%ED%A0%80", "%ff", "%c3%28", "%f4%90%80%80", "a%00b", "%ef%bf%bd"]


@pytest.mark.parametrize("sent", NOT_TEXT)
@pytest.mark.parametrize("address", ["/trial/page?q={}", "/trial/page?{}=1", "/modalities/{}", "/{}"])
def test_what_is_not_text_in_an_address_is_refused(one_site: Flask, sent: str, address: str) -> None:
    response = one_site.test_client().get(address.format(sent), headers=HTML)
    assert response.status_code == 400
    check(Page(response), address)


@pytest.mark.parametrize("sent", ["%00", "a%00b", "%ef%bf%bd"])
@pytest.mark.parametrize("body", ["text={}", "{}=text"])
def test_what_is_not_text_in_a_form_is_refused(one_site: Flask, sent: str, body: str) -> None:
    kind = "application/x-www-form-urlencoded"
    assert one_site.test_client().post("/trial/form", data=body.format(sent), content_type=kind).status_code == 400


@pytest.mark.parametrize("sent", ["%ED%A0%80", "%ff", "%f4%90%80%80"])
def test_bytes_that_are_not_text_arrive_in_a_form_as_they_were_typed(one_site: Flask, sent: str) -> None:
    kind = "application/x-www-form-urlencoded"
    with one_site.test_request_context("/", method="POST", data=f"text={sent}", content_type=kind) as asked:
        assert asked.request.form["text"].casefold() == sent.casefold()


def test_what_is_not_text_in_the_name_of_a_file_is_refused(one_site: Flask) -> None:
    files = {"file": (BytesIO(b"x"), "a\x00b.csv")}
    response = one_site.test_client().post("/trial/form", data=files, content_type="multipart/form-data", buffered=True)
    assert response.status_code == 400
    assert one_site.test_client().post("/trial/form", data={"file": (BytesIO(b"x"), "b.csv")}).status_code == 200


@pytest.mark.parametrize("sent", ["o'brien", "指圧", "%F0%9F%98%80", "a%20b", "%22", "-x", "a:b", "100%25", "%zz"])
def test_all_other_text_is_welcome(one_site: Flask, sent: str) -> None:
    client = one_site.test_client()
    assert client.get(f"/trial/page?q={sent}").status_code == 200
    assert client.post("/trial/form", data={"text": sent}).status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/trial/status/404", 404),
        ("/trial/status/2147483648", 404),
        ("/trial/status/" + "9" * 100, 404),
        ("/trial/status/-1", 404),
        ("/trial/raise/" + "x" * sanity.MAX_NAME, 500),
        ("/trial/raise/" + "x" * (sanity.MAX_NAME + 1), 404),
    ],
)
def test_what_stands_in_a_path_is_bounded(one_site: Flask, path: str, status: int) -> None:
    assert one_site.test_client().get(path).status_code == status
