"""Visitors write to practitioners through the relay, without an account, with and without scripts."""

import datetime as dt
import re
from email.message import EmailMessage

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.lib import clock
from directory.models import (
    Attempt,
    Enquiry,
    EnquiryDelivery,
    Event,
    Letter,
    LetterState,
    SpentForm,
    WhyPaused,
)
from directory.services import enquiries, erasures, events, listings
from tests import mail
from tests.conftest import sqlite_only
from tests.enquiries import EMAIL, SAID, confirm, deliver, link, listed, open_form, solved, write
from tests.factories import make_practitioner
from tests.factories.accounts import AccountFactory
from tests.mail import PostOffice
from tests.members import Member, filled, form_of

SUMMARY = "Where: the right shoulder\nSince when: three weeks"


def states(session: Session) -> list[str]:
    query = select(EnquiryDelivery).order_by(EnquiryDelivery.id).execution_options(populate_existing=True)
    return [one.state.value for one in session.scalars(query)]


def tidy(session: Session) -> None:
    """Erase what is due. The worker cleans the tables, too, and would wait for the transaction of the test."""
    enquiries.tidy(at=clock.now())
    session.commit()


def text_of(message: EmailMessage) -> str:
    """The plain words of a letter."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def number(session: Session, model: type[Enquiry | SpentForm | Attempt | Letter]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_an_enquiry_goes_from_a_profile_to_a_mailbox_once_its_sender_confirmed(
    app: Flask, session: Session, stranger: Member, post_office: PostOffice
) -> None:
    wren = listed(AccountFactory(email="wren@example.org"))
    profile = stranger.get(f"/practitioners/{wren.public_id}/{wren.slug}")
    assert profile.links()["Send an enquiry"] == f"/enquiries/new?to={wren.public_id}"
    page = write(stranger, wren, with_script=True, name="Morwenna  Penhaligon")
    assert page.response.location == "/enquiries/sent"
    assert "Look into your mailbox" in stranger.follow(page).text()
    assert states(session) == ["chosen"]
    assert deliver(app, post_office) == 1
    (asked,) = post_office.to(EMAIL)
    assert asked["Subject"] == "Please confirm your address"
    assert SAID not in asked.as_string()
    path = mail.link_in(asked)
    assert "Nothing has left yet." in stranger.get(path).text()
    assert deliver(app, post_office) == 0, "opening a link sends nothing: programs open them, too"
    said = confirm(stranger, path).text()
    assert "Wren Hallowby: Passed on" in said
    assert deliver(app, post_office) == 1
    (got,) = post_office.to("wren@example.org")
    assert (got["Subject"], got["Reply-To"]) == ("An enquiry through Tsubo", EMAIL)
    text = text_of(got)
    assert f"> {SAID}" in text
    assert "Name: Morwenna Penhaligon" in text
    assert "shows them your own address" in text
    assert "wren@example.org" not in page.html + said + profile.html


def test_words_that_are_written_with_joiners_arrive_whole(
    app: Flask, session: Session, stranger: Member, post_office: PostOffice
) -> None:
    said, name = "سلام، می\u200cخواهم وقت بگیرم. 👩\u200d👧", "علی\u200cرضا"
    write(stranger, listed(), with_script=True, name=name, message=said)
    deliver(app, post_office)
    confirm(stranger, mail.link_in(post_office.messages[0]))
    deliver(app, post_office)
    text = text_of(post_office.messages[-1])
    assert f"> {said}\n" in text
    assert f"Name: {name}\n" in text


@pytest.mark.parametrize("ends", ["\r\n", "\r", "\u2028", "\u2029"])
@sqlite_only
def test_no_line_of_a_message_looks_like_one_of_ours(
    app: Flask, session: Session, stranger: Member, post_office: PostOffice, ends: str
) -> None:
    write(stranger, listed(), with_script=True, message=f"Hello{ends}We have read this.")
    deliver(app, post_office)
    confirm(stranger, mail.link_in(post_office.messages[0]))
    deliver(app, post_office)
    assert "> Hello\n> We have read this.\n" in text_of(post_office.messages[-1])


def test_once_it_has_left_nothing_of_it_is_kept(
    app: Flask, session: Session, stranger: Member, post_office: PostOffice
) -> None:
    write(stranger, listed(), with_script=True)
    assert session.scalars(select(Enquiry.sealed)).one() is not None
    deliver(app, post_office)
    confirm(stranger, mail.link_in(post_office.messages[0]))
    assert session.scalars(select(Enquiry.sealed)).all() == [None]
    assert deliver(app, post_office) == 1
    rows = session.scalars(select(Letter).execution_options(populate_existing=True)).all()
    assert {(row.sealed, str(row.values), row.state) for row in rows} == {(None, "{}", LetterState.SENT)}
    assert not any(EMAIL in str((row.to, row.cause, row.problem)) for row in rows)


@sqlite_only
def test_the_button_works_once_and_its_page_says_so_later(
    app: Flask, session: Session, stranger: Member, post_office: PostOffice
) -> None:
    write(stranger, listed(), with_script=True)
    path = link(session)
    page = stranger.get(path)
    for _ in range(2):
        stranger.send(page, path)
    deliver(app, post_office)
    assert len(post_office.messages) == 2
    with time_machine.travel(clock.now() + dt.timedelta(days=5), tick=False):
        assert "Passed on" in stranger.get(path).text()


@sqlite_only
def test_several_on_a_shortlist_get_a_letter_each_and_do_not_learn_of_each_other(
    app: Flask, session: Session, stranger: Member, post_office: PostOffice
) -> None:
    people = [listed(AccountFactory(email=f"p{n}@example.org"), name=f"Person {'ABCDEF'[n]}") for n in range(6)]
    kept = [("keep", one.public_id) for one in people]
    shortlist = stranger.get("/practitioners/compare?" + "&".join(f"{name}={value}" for name, value in kept))
    assert shortlist.links()["Write to the first 5 of them at once"].count("to=") == 5
    page = open_form(stranger, *people)
    write(stranger, people, on=page, to=[one.public_id for one in people], status=422)
    write(stranger, people[:5], with_script=True)
    confirm(stranger, link(session))
    deliver(app, post_office)
    letters = [one for one in post_office.messages if one["To"] != EMAIL]
    assert sorted(one["To"] for one in letters) == [f"p{n}@example.org" for n in range(5)]
    assert all(len(to) == 1 for _from, to in post_office.envelopes)
    for letter in letters:
        names = [one.name for one in people if one.name in letter.as_string()]
        assert len(names) == 1


@sqlite_only
def test_a_summary_needs_an_agreement_of_its_own_which_nobody_has_ticked(session: Session, stranger: Member) -> None:
    wren = listed()
    page = open_form(stranger, wren)
    assert page.all(".//input[@name='health_consent']")[0].get("checked") is None
    refused = write(stranger, wren, summary=SUMMARY, status=422)
    assert "Agree to this, or empty the summary" in refused.text(".//*[@role='alert']")
    assert SUMMARY in refused.all(".//textarea[@name='summary']")[0].text  # type: ignore[operator]
    assert number(session, Enquiry) == 0
    write(stranger, wren, summary=SUMMARY, health_consent=True, with_script=True)
    confirm(stranger, link(session))
    (letter,) = mail.letters(session, kind="enquiry")
    assert "> Where: the right shoulder\n> Since when: three weeks" in letter.text


@sqlite_only
def test_words_on_health_ask_for_the_agreement_too_unless_they_are_none(session: Session, stranger: Member) -> None:
    wren = listed()
    page = write(stranger, wren, message="My sciatica is bad.", status=422)
    assert "This may say something about your health" in page.text(".//*[@role='alert']")
    assert "Leg pain: emergency and urgent signs." in page.text(".//aside[@class='signs']")
    with time_machine.travel(clock.now() + dt.timedelta(minutes=2), tick=False):
        stranger.send(page, "/enquiries", {"no_health": True})
    assert number(session, Enquiry) == 1


@sqlite_only
def test_a_summary_that_was_just_written_is_brought_along_and_kept_nowhere(session: Session, stranger: Member) -> None:
    wren = listed(name="Wren Hallowby")
    token = open_form(stranger, wren).token
    page = stranger.send_raw(
        "/enquiries", {"summary": SUMMARY, "to": [wren.public_id], "csrf_token": token}, status=200
    )
    assert filled(form_of(page, "/enquiries"), {})["summary"] == [SUMMARY]
    assert filled(form_of(page, "/enquiries"), {})["to"] == [wren.public_id]
    # Without anybody in mind: then they are looked for, and nothing that was typed is lost.
    page = stranger.send_raw("/enquiries", {"summary": SUMMARY, "csrf_token": token}, status=200)
    assert "Choose first to whom it goes" in page.text()
    nobody = stranger.send(page, "/enquiries", {"look_for": "xqzwv", "message": SAID, "look": "1"}, status=422)
    assert "Nobody of this name was found." in nobody.text(".//*[@role='alert']")
    assert filled(form_of(nobody, "/enquiries"), {})["message"] == [SAID]
    page = stranger.send(page, "/enquiries", {"look_for": "hallowby", "message": SAID, "look": "1"}, status=200)
    assert "Wren Hallowby, Kemptown, Brighton BN2" in page.text()
    assert filled(form_of(page, "/enquiries"), {"to": [wren.public_id]})["summary"] == [SUMMARY]
    write(stranger, wren, on=page, to=[wren.public_id], health_consent=True)
    assert number(session, Enquiry) == 1


@sqlite_only
def test_however_many_were_found_before_whoever_is_looked_for_is_found_and_who_was_chosen_stays(
    session: Session, stranger: Member
) -> None:
    people = [make_practitioner(name=f"Wren Hallowby {letter}") for letter in "ABCDEFGHIJKL"]
    chosen, ida = listed(name="Wren Hallowby M"), listed(name="Ida Brown")
    said = {
        "csrf_token": open_form(stranger, chosen).token,
        "offered": [one.public_id for one in people],
        "to": [chosen.public_id],
        "look_for": "ida brown",
        "look": "1",
    }
    page = stranger.send_raw("/enquiries", said, status=200)
    assert "Ida Brown, Kemptown, Brighton BN2" in page.text()
    assert filled(form_of(page, "/enquiries"), {"to": [chosen.public_id, ida.public_id]})["look_for"] == ["ida brown"]
    again = stranger.send_raw("/enquiries", {**said, "offered": [ida.public_id]}, status=422)
    assert "Nobody else of this name was found." in again.text(".//*[@role='alert']")


@sqlite_only
def test_nobody_has_to_run_scripts_but_then_it_is_held(
    app: Flask, session: Session, stranger: Member, post_office: PostOffice
) -> None:
    page = open_form(stranger, listed())
    assert "Your browser runs no scripts here" in page.html
    write(stranger, [], on=page)
    path = link(session)
    assert "we hold the enquiry for 30" in stranger.get(path).text().replace("\u00a0", " ")
    said = confirm(stranger, path).text()
    assert "Until then you can take it back." in said
    deliver(app, post_office)
    assert len(post_office.messages) == 1
    with time_machine.travel(clock.now() + enquiries.HOLD + dt.timedelta(minutes=1), tick=False):
        assert "Until then you can take it back." not in stranger.get(path).text()
        assert deliver(app, post_office) == 1


@sqlite_only
@pytest.mark.parametrize("is_confirmed", [False, True])
def test_what_has_not_left_can_be_taken_back(
    app: Flask, session: Session, stranger: Member, post_office: PostOffice, is_confirmed: bool
) -> None:
    write(stranger, listed())
    path = link(session)
    if is_confirmed:
        confirm(stranger, path)
    page = stranger.follow(stranger.post(f"{path}/removal", on=path))
    assert "Not sent: you took it back" in page.text()
    assert session.scalars(select(Enquiry.sealed)).all() == [None]
    with time_machine.travel(clock.now() + enquiries.HOLD * 2, tick=False):
        deliver(app, post_office)
        stranger.send_raw(path, {"csrf_token": _token(stranger)}, status=303)
        deliver(app, post_office)
    assert [one["To"] for one in post_office.messages] == [EMAIL]
    assert states(session) == ["taken-back"]


def _token(stranger: Member) -> str:
    return stranger.get("/enquiries/new").token


@sqlite_only
def test_whoever_is_blocked_takes_back_as_anybody_does(session: Session, stranger: Member) -> None:
    account = AccountFactory()
    wren = listed(account)
    write(stranger, wren)
    confirm(stranger, link(session))
    kept = listings.get_kept(wren.id)
    enquiries.block(kept, session.scalars(select(EnquiryDelivery.id)).one(), by=account, at=clock.now())
    session.flush()
    write(stranger, wren, message="Once more.")
    path = link(session)
    said = confirm(stranger, path).text()
    assert "Wren Hallowby: Passed on" in said
    assert "Until then you can take it back." in said
    stranger.post(f"{path}/removal", on=path)
    assert states(session) == ["passed-on", "taken-back"]


@sqlite_only
def test_whoever_is_blocked_is_told_of_a_pause_as_anybody_is(session: Session, stranger: Member) -> None:
    account = AccountFactory()
    wren = listed(account)
    write(stranger, wren)
    confirm(stranger, link(session))
    kept = listings.get_kept(wren.id)
    enquiries.block(kept, session.scalars(select(EnquiryDelivery.id)).one(), by=account, at=clock.now())
    session.flush()
    write(stranger, wren, message="Once more.")
    enquiries.pause(kept, WhyPaused.AWAY, None, by=account, at=clock.now())
    assert "Not sent: they take no enquiries now" in confirm(stranger, link(session)).text()


@sqlite_only
def test_nothing_kept_shows_that_one_person_wrote_to_two_or_to_somebody_who_took_nothing(
    session: Session, stranger: Member
) -> None:
    account = AccountFactory()
    away = listed(account, name="Osric Tamsin")
    write(stranger, [listed(), listed(name="Ysolde Marchbanks"), away])
    enquiries.pause(listings.get_kept(away.id), WhyPaused.AWAY, None, by=account, at=clock.now())
    path = link(session)
    confirm(stranger, path)
    query = select(EnquiryDelivery.sender_key).order_by(EnquiryDelivery.id)
    first, second, third = session.scalars(query)
    assert first
    assert second
    assert first != second
    assert third is None
    stranger.post(f"{path}/removal", on=path)
    session.expire_all()
    assert set(session.scalars(query)) == {None}


@sqlite_only
def test_what_has_left_cannot_be_taken_back(app: Flask, session: Session, stranger: Member) -> None:
    write(stranger, listed(), with_script=True)
    path = link(session)
    page = stranger.get(path)
    stranger.send(page, path)
    deliver(app)
    answer = stranger.send(page, f"{path}/removal", status=409)
    assert "It has left already" in answer.text()
    assert states(session) == ["passed-on"]


def test_what_nobody_confirms_is_erased_within_a_day(app: Flask, session: Session, stranger: Member) -> None:
    write(stranger, listed())
    path = link(session)
    with time_machine.travel(clock.now() + enquiries.LASTS + dt.timedelta(minutes=1), tick=False):
        page = stranger.get(path, status=404)
        assert "does not work any more" in page.text()
        stranger.send_raw(path, {"csrf_token": _token(stranger)}, status=404)
        tidy(session)
    assert number(session, Enquiry) == 0
    assert session.scalars(select(EnquiryDelivery)).all() == []
    (row,) = session.scalars(select(Letter).execution_options(populate_existing=True))
    assert (row.state, row.sealed, row.problem) == (LetterState.GIVEN_UP, None, "waited too long")


def test_whoever_wrote_to_a_mailbox_that_takes_nothing_is_told_while_all_else_of_it_is_erased(
    app: Flask, session: Session, stranger: Member, post_office: PostOffice
) -> None:
    write(stranger, listed(), with_script=True)
    path = link(session)
    deliver(app, post_office)
    confirm(stranger, path)
    began = clock.now()
    post_office.answers["RCPT"] = "451 4.7.1 come again"
    of_letter = select(Letter).where(Letter.kind == "enquiry").execution_options(populate_existing=True)
    while (letter := session.scalars(of_letter).one()).state is LetterState.WAITING:
        at = max(letter.next_at, clock.now())
        # Every five minutes what is due is erased; only the last time before a try, on the days in question, counts.
        if at - began > dt.timedelta(days=4):
            with time_machine.travel(at - (at - began) % dt.timedelta(minutes=5), tick=False):
                tidy(session)
        with time_machine.travel(at, tick=False):
            mail.deliver(app, post_office.way)
    assert (letter.sealed, letter.problem) == (None, "451 4.7.1")
    (event,) = session.scalars(select(Event).where(Event.kind == "letter-given-up"))
    assert event.details == {"letter": "enquiry", "problem": "451 4.7.1"}
    post_office.answers.clear()
    assert deliver(app, post_office, after=at - began + dt.timedelta(minutes=2)) == 1
    told, _asked = post_office.to(EMAIL)
    assert told["Subject"] == "A letter could not be delivered"


@sqlite_only
def test_the_page_says_who_cannot_be_reached_and_why(app: Flask, session: Session, stranger: Member) -> None:
    imported = make_practitioner(name="Osric Tamsin")
    profile = stranger.get(f"/practitioners/{imported.public_id}/{imported.slug}")
    assert "nobody has confirmed an e-mail address" in profile.text()
    assert "Send an enquiry" not in profile.links()
    page = open_form(stranger, imported)
    assert "Osric Tamsin: Enquiries cannot reach them" in page.text()
    assert "Choose first to whom it goes" in page.text()
    write(stranger, imported, on=page, status=422)
    # Neither by a form that says so all the same.
    values = filled(form_of(page, "/enquiries"), {"name": "x", "email": EMAIL, "message": SAID})
    with time_machine.travel(clock.now() + dt.timedelta(minutes=1), tick=False):
        stranger.send_raw("/enquiries", {**values, "to": [imported.public_id]}, status=422)
    assert number(session, Enquiry) == 0


@sqlite_only
@pytest.mark.parametrize("how", ["hidden", "deactivated", "paused"])
def test_whoever_cannot_be_reached_any_more_gets_nothing_that_was_not_confirmed(
    app: Flask, session: Session, stranger: Member, how: str
) -> None:
    account = AccountFactory()
    wren = listed(account)
    write(stranger, wren)
    kept = listings.get_kept(wren.id)
    if how == "hidden":
        listings.hide(kept, by=account, at=clock.now())
    elif how == "deactivated":
        account.active = False
    else:
        enquiries.pause(kept, WhyPaused.AWAY, None, by=account, at=clock.now())
    session.flush()
    assert "Not sent: they take no enquiries now" in confirm(stranger, link(session)).text()
    assert mail.letters(session, kind="enquiry") == []


@sqlite_only
def test_mistakes_are_named_and_nothing_typed_is_lost(session: Session, stranger: Member) -> None:
    wren = listed()
    page = write(stranger, wren, name="", email="nowhere", message="  ", summary=SUMMARY, status=422)
    assert "There are 4 things to put right" in page.text(".//*[@role='alert']")
    values = filled(form_of(page, "/enquiries"), {})
    assert (values["email"], values["summary"], values["to"]) == (["nowhere"], [SUMMARY], [wren.public_id])
    write(stranger, wren, message="x" * 2_001, status=422)
    write(stranger, wren, to=None, status=422)
    assert number(session, Enquiry) == number(session, Letter) == 0


@sqlite_only
def test_what_is_sent_too_quickly_too_late_or_without_a_form_of_ours_is_asked_for_once_more(
    session: Session, stranger: Member
) -> None:
    wren = listed()
    page = write(stranger, wren, after=dt.timedelta(seconds=1), status=422)
    assert "That was very quick." in page.text(".//*[@role='alert']")
    page = write(stranger, wren, after=dt.timedelta(hours=7), status=422)
    assert "This page was open for a long time." in page.text(".//*[@role='alert']")
    for forged in ("", "x", "1.2.3", f"{clock.now().timestamp() - 60:.3f}.{'0' * 32}.{'0' * 40}"):
        write(stranger, wren, mark=forged, status=422)
    assert number(session, Enquiry) == 0
    with time_machine.travel(clock.now() + dt.timedelta(hours=7, minutes=1), tick=False):
        stranger.send(page, "/enquiries")
    assert number(session, Enquiry) == 1


@sqlite_only
def test_a_form_and_its_proof_of_work_count_once(session: Session, stranger: Member) -> None:
    wren = listed()
    page = open_form(stranger, wren)
    write(stranger, wren, on=page, with_script=True)
    again = write(stranger, wren, on=page, with_script=True, status=422)
    assert "This was sent already: look into your mailbox." in again.text(".//*[@role='alert']")
    assert number(session, Enquiry) == 1
    assert session.scalars(select(Enquiry.did_work)).one()


@sqlite_only
def test_only_the_work_for_this_very_form_counts(session: Session, stranger: Member) -> None:
    wren = listed()
    other = open_form(stranger, wren).all(".//input[@name='mark']")[0].get("value", "")
    for work in (solved(other), "0", "-1", "x" * 20, "１"):
        write(stranger, wren, work=work, email=f"p{number(session, Enquiry)}@example.net")
        if number(session, Enquiry) == 4:
            break
    assert set(session.scalars(select(Enquiry.did_work))) == {False}


@sqlite_only
def test_what_a_program_fills_in_is_not_kept(session: Session, stranger: Member) -> None:
    assert write(stranger, listed(), homepage="https://example.org/buy").response.location == "/enquiries/sent"
    assert number(session, Enquiry) == number(session, Letter) == 0


@sqlite_only
def test_one_machine_and_one_sender_cannot_send_without_end_and_lose_nothing_typed(
    session: Session, stranger: Member
) -> None:
    people = [listed(name=f"Person {'ABCDE'[n]}") for n in range(5)]
    write(stranger, people[:4], email="a@example.net")
    page = write(stranger, people[:2], email="b@example.net", status=429)
    assert "Enquiries are limited" in page.text(".//*[@role='alert']")
    assert page.response.headers["Retry-After"]
    assert filled(form_of(page, "/enquiries"), {})["message"] == [SAID]
    write(stranger, people[0], email="b@example.net")
    write(stranger, people[0], email="c@example.net", status=429)
    for hours in (2, 4, 6, 8):
        with time_machine.travel(clock.now() + dt.timedelta(hours=hours), tick=False):
            page = write(stranger, people[:3], email="A+again@example.net", status=303 if hours < 6 else 429)
            assert hours < 6 or re.search(r"Try again in \d+", page.text(".//*[@role='alert']"))
    assert number(session, Enquiry) == 4
    assert not any("example" in attempt.key for attempt in session.scalars(select(Attempt)))


@sqlite_only
def test_whoever_shares_a_network_is_not_kept_out_by_one_of_them_but_a_whole_network_is_limited_too(
    app: Flask, session: Session
) -> None:
    people = [listed(name=f"Person {'ABCDE'[n]}") for n in range(5)]
    for telephone in range(7):
        owner = Member(app)
        owner._client.environ_base["REMOTE_ADDR"] = f"203.0.113.{telephone}"
        write(owner, people, email=f"p{telephone}@example.net", status=303 if telephone < 6 else 429)


@sqlite_only
def test_one_practitioner_is_not_flooded_from_many_networks(session: Session, stranger: Member) -> None:
    wren = listed()
    settings = stranger.app.extensions["settings"]
    said = enquiries.Said("A", EMAIL, SAID, None)
    for _ in range(21):
        enquiries.begin(said, [wren], did_work=True, settings=settings, at=clock.now())
        enquiries.confirm(link(session).rsplit("/", 1)[1], settings=settings, today=clock.now().date(), at=clock.now())
    assert states(session) == ["passed-on"] * 20 + ["too-many"]
    assert "try again tomorrow" in stranger.get(link(session)).text()


@sqlite_only
def test_a_mailbox_whose_owner_stopped_such_letters_gets_none_and_nobody_is_told(
    app: Flask, session: Session, stranger: Member, post_office: PostOffice
) -> None:
    wren = listed()
    write(stranger, wren)
    deliver(app, post_office)
    (letter,) = post_office.to(EMAIL)
    stop = letter["List-Unsubscribe"].strip("<>").removeprefix("http://localhost")
    assert stop in text_of(letter)
    stranger.post(stop, on=stop)
    page = stranger.follow(write(stranger, wren, email="Morwenna+other@example.net"))
    assert "Look into your mailbox" in page.text()
    assert "Did you once stop letters" in page.text()
    assert deliver(app, post_office) == 0
    assert number(session, Enquiry) == 1


@sqlite_only
def test_whatever_is_typed_stands_in_no_address_and_no_event(
    app: Flask, session: Session, stranger: Member, capsys: pytest.CaptureFixture[str]
) -> None:
    wren = listed()
    page = open_form(stranger, wren)
    assert page.all(".//form[@action='/enquiries']")[0].get("method") == "post"
    answers = [write(stranger, wren, on=page, message="Canary message", name="Canary name", with_script=True)]
    answers.append(stranger.post(link(session)))
    deliver(app)
    for answer in answers:
        assert not re.search("canary|morwenna", answer.response.location or "", re.IGNORECASE)
        assert "Canary" not in str(answer.response.headers)
    said = capsys.readouterr().err + str([(one.kind, one.details) for one in events.list_events(most=500)])
    assert "anary" not in said
    assert EMAIL not in said


@sqlite_only
def test_the_form_is_for_no_search_engine_and_no_cache(stranger: Member, session: Session) -> None:
    page = open_form(stranger, listed())
    assert stranger.get("/enquiries", status=303).response.location == "/enquiries/new"
    assert page.response.headers["Cache-Control"] == "no-store"
    assert page.all(".//meta[@name='robots']")[0].get("content") == "noindex"


def test_a_listing_that_is_erased_takes_its_enquiries_along(
    app: Flask, session: Session, stranger: Member, post_office: PostOffice
) -> None:
    wren = listed()
    write(stranger, wren)
    confirm(stranger, link(session))
    erasures.erase_listing(wren.id, at=clock.now())
    session.flush()
    with time_machine.travel(clock.now() + dt.timedelta(hours=1), tick=False):
        deliver(app, post_office)
    assert [one["To"] for one in post_office.messages] == [EMAIL]
