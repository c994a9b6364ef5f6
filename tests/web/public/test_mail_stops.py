"""Ending mail that others have us send: by a page, or by the button of a mail program."""

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import MailStop
from directory.services import mail_stops
from tests.conftest import sqlite_only
from tests.members import Member


@sqlite_only
def test_one_press_stops_such_mail_and_one_lets_it_come_again(app: Flask, session: Session) -> None:
    reader, address = Member(app), mail_stops.path_of("ann@example.org")
    done = reader.follow(reader.post(address))
    assert "No such mail comes to you any more" in done.text(".//h1")
    assert mail_stops.is_stopped("ann@example.org")
    again = reader.follow(reader.send(done, f"{address}/lifting"))
    assert "Stop mail that others have us send" in again.text(".//h1")
    assert not mail_stops.is_stopped("ann@example.org")


@sqlite_only
def test_the_page_sets_no_cookie_says_no_address_and_is_in_no_index(app: Flask, session: Session) -> None:
    response = Member(app).raw(mail_stops.path_of("ann@example.org"))
    assert "Set-Cookie" not in response.headers
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "ann@" not in response.get_data(as_text=True)


@sqlite_only
def test_to_look_at_the_page_stops_nothing(app: Flask, session: Session) -> None:
    Member(app).get(mail_stops.path_of("ann@example.org"))
    assert not session.scalars(select(MailStop)).all()


@sqlite_only
def test_a_mail_program_presses_without_having_seen_a_form(app: Flask, session: Session) -> None:
    address = mail_stops.path_of("ann@example.org")
    # As RFC 8058 has it: no cookie, no page before it, no Origin.
    with app.test_client().post(address, data={"List-Unsubscribe": "One-Click"}) as answer:
        assert answer.status_code == 303
    assert mail_stops.is_stopped("ann@example.org")


@sqlite_only
def test_what_is_not_ours_is_not_there(app: Flask, session: Session) -> None:
    reader = Member(app)
    reader.get("/mail-stop/" + "x" * 48, status=404)
    reader.send_raw("/mail-stop/" + "x" * 48, {}, status=404)
    reader.send_raw("/mail-stop/" + "x" * 48 + "/lifting", {}, status=404)
