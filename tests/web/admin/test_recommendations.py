"""The desk of notes: the queue, one text with its hints, decisions that count once, and nobody's own."""

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from directory.lib import clock
from directory.models import (
    Audience,
    HiddenBefore,
    ListingState,
    Practitioner,
    Recommendation,
    RecommendationState,
    Role,
)
from directory.services import complaints, recommendation_switches, recommendations
from tests import factories
from tests.conftest import sqlite_only
from tests.factories.listings import make_kept
from tests.factories.recommendations import make_recommendation
from tests.members import Member, sign_in_as

QUEUE = "/admin/recommendations"


@pytest.fixture
def listing(administrator: Member, session: Session) -> Practitioner:
    kept = make_kept(factories.AccountFactory(), ListingState.PUBLISHED, by=administrator.account)
    return session.get_one(Practitioner, kept.practitioner_id)


def held(listing: Practitioner, hours: int = 5, **values: object) -> Recommendation:
    """A note for everybody that has waited for so many hours."""
    at = clock.now() - dt.timedelta(hours=hours)
    made = make_recommendation(listing, None, Audience.PUBLIC, made_at=at, **values)
    recommendations.waiting()  # flushes
    return made


def page_of(note: Recommendation) -> str:
    return f"{QUEUE}/{note.id}"


def decision(note: Recommendation) -> str:
    return f"{QUEUE}/{note.id}/decision"


def replied(note: Recommendation, listing: Practitioner, text: str = "Thank you.") -> str:
    """Let the practitioner reply; where the reply is read."""
    keeper = recommendations.case_of(note.id).keeper
    assert keeper is not None
    recommendations.reply(note, text, by=keeper, at=clock.now())
    return f"{page_of(note)}/reply"


@sqlite_only
def test_the_queue_shows_what_waits_and_the_tabs_count_it(administrator: Member, listing: Practitioner) -> None:
    assert "Nothing waits." in administrator.get(QUEUE).text()
    held(listing, 5)
    older = held(listing, 9, is_from_same_network=True)
    make_recommendation(listing, None, Audience.CIRCLE, text="For my circle.")
    page = administrator.get(QUEUE)
    assert "2 texts wait, oldest first. The oldest has waited 9" in page.text().replace("\xa0", " ")
    assert page.text().count("Same network") == 1
    assert page.links()["Begin with the oldest"] == page_of(older)
    assert "Notes 2" in administrator.get("/admin").links()
    assert "Notes 2" in page.links()


@sqlite_only
def test_one_text_stands_beside_all_that_is_needed(administrator: Member, listing: Practitioner) -> None:
    note = held(
        listing,
        text="My daughter’s asthma is cured.\nRing her on 01273 496012.",
        reward="A free session",
        name="Maud Fairlie",
        is_from_same_network=True,
    )
    held(listing, 3)
    page = administrator.get(page_of(note))
    text = page.text()
    marked = ["".join(one.itertext()) for one in page.all(".//blockquote//mark")]
    assert "My daughter’s" in marked
    assert "01273 496012" in marked
    assert "Holds an address, a number or a link." in text
    assert "It came from a network from which the practitioner signs in." in text
    assert "Shown as: Maud." in text
    assert note.writer.email in text
    assert "On the same listing" in text
    assert "Number 1 of 2." in text
    preview = page.text(".//section[@aria-labelledby='preview']").replace("\xa0", " ")
    assert "Maud. A client, was treated by them; October 2026. Shiatsu. E-mail address confirmed." in preview
    assert "Had for it, in their words: A free session." in preview
    assert "Fairlie" not in preview
    assert not page.all(".//input[@checked]")
    [link] = [one for one in page.all(".//aside[@class='wording']//a") if "contact-details" in one.get("href", "")]
    chosen = administrator.get(page_of(note) + link.get("href", "").partition("#")[0])
    assert chosen.all(".//option[@selected]")[-1].get("value") == "contact-details"
    assert administrator.get(page_of(note) + "?reason=nothing").all(".//option[@selected]")[-1].get("value") == ""


def test_what_was_decided_is_listed_a_page_at_a_time(administrator: Member, listing: Practitioner) -> None:
    made = [held(listing, state=RecommendationState.REFUSED, reason="insult") for _ in range(recommendations.PAGE + 1)]
    first = administrator.get(f"{QUEUE}?state=refused")
    shown = [to for to in first.links().values() if to.startswith(f"{QUEUE}/")]
    assert f'href="{page_of(made[0])}"' not in first.html
    assert shown
    rest = administrator.get(first.links()["Older ones"])
    assert f'href="{page_of(made[0])}"' in rest.html
    assert "Older ones" not in rest.links()


@sqlite_only
def test_letters_that_nobody_sees_are_named(administrator: Member, listing: Practitioner) -> None:
    hidden = held(listing, text="They are not qua\u200blified. \u202enoitatic")
    page = administrator.get(page_of(hidden))
    said = "It holds letters that nobody sees: U+200B Zero Width Space, U+202E Right-To-Left Override"
    assert said in page.text()
    assert "not qua\u200blified" in ["".join(one.itertext()) for one in page.all(".//blockquote//mark")]
    assert "letters that nobody sees" not in administrator.get(page_of(held(listing))).text()


@sqlite_only
def test_a_note_is_published_and_the_next_one_follows(
    administrator: Member, listing: Practitioner, session: Session
) -> None:
    first, second = held(listing, 9), held(listing, 5)
    page = administrator.post(decision(first), {"decision": "publish"}, on=page_of(first))
    assert page.response.headers["Location"] == page_of(second)
    assert "everybody can read it now." in administrator.follow(page).text(".//body")
    session.refresh(first)
    assert first.state is RecommendationState.SHOWN
    page = administrator.post(decision(second), {"decision": "refuse", "reason": "insult"}, on=page_of(second))
    assert page.response.headers["Location"] == QUEUE
    session.refresh(second)
    assert (second.state, second.reason) == (RecommendationState.REFUSED, "insult")
    refused = administrator.get(f"{QUEUE}?state=refused")
    assert "Insults, threatens or looks down on people" in refused.text()
    assert "There is nothing to decide now" in administrator.get(page_of(second)).text()
    assert "There are none." in administrator.get(f"{QUEUE}?state=hidden").text()
    assert listing.name in administrator.get(f"{QUEUE}?state=shown").text()


@sqlite_only
def test_a_form_without_a_decision_or_its_reason_keeps_what_was_chosen(
    administrator: Member, listing: Practitioner, session: Session
) -> None:
    note = held(listing)
    page = administrator.post(decision(note), {}, on=page_of(note), status=422)
    assert "Choose what you decide" in page.text(".//section[@class='errors']")
    page = administrator.post(decision(note), {"decision": "refuse"}, on=page_of(note), status=422)
    assert "Choose the reason that fits best" in page.text(".//section[@class='errors']")
    assert page.all(".//input[@checked]")[0].get("value") == "refuse"
    session.refresh(note)
    assert note.state is RecommendationState.HELD
    # A reason that speaks for showing it is none for refusing it.
    values = {"csrf_token": page.token, "revision": note.revision}
    for reason in ("own-view", "nothing"):
        administrator.send_raw(decision(note), {**values, "decision": "refuse", "reason": reason}, status=422)


@sqlite_only
def test_the_second_decision_is_told_who_was_first(app: Flask, administrator: Member, listing: Practitioner) -> None:
    note = held(listing)
    other = sign_in_as(app, factories.AccountFactory(role=Role.ADMINISTRATOR))
    page = administrator.get(page_of(note))
    other.post(decision(note), {"decision": "refuse", "reason": "illness"}, on=page_of(note))
    late = administrator.send(page, decision(note), {"decision": "publish"}, status=409)
    assert other.account is not None
    assert f"{other.account.email} decided on" in late.text()
    assert "It is now: Not shown." in late.text()
    assert "It names an illness that somebody has, and that is private." in late.text()
    assert "What you decided was not kept." in late.text()
    assert recommendations.public_of(listing.id) == []


@sqlite_only
def test_words_that_changed_meanwhile_are_neither_published_nor_hidden_unseen(
    administrator: Member, listing: Practitioner, session: Session
) -> None:
    note = held(listing)
    page = administrator.get(page_of(note))
    note.revision += 1
    note.text = "Other words."
    session.flush()
    late = administrator.send(page, decision(note), {"decision": "publish"}, status=409)
    assert "The text changed since you opened it. It is now: Waiting." in late.text()
    administrator.post(decision(note), {"decision": "publish"}, on=page_of(note))
    page = administrator.get(page_of(note))
    note.revision += 1
    session.flush()
    administrator.send(page, decision(note), {"decision": "hide", "reason": "insult"}, status=409)


@sqlite_only
def test_nobody_decides_about_their_own_note_or_listing(
    app: Flask, administrator: Member, listing: Practitioner, session: Session
) -> None:
    note = held(listing)
    note.writer.role = Role.ADMINISTRATOR
    session.flush()
    writer = sign_in_as(app, note.writer)
    page = writer.get(page_of(note))
    assert "Another administrator decides about it." in page.text()
    assert not page.all(".//form[@class='decide']")
    open_one = administrator.get(page_of(note))
    values = {"csrf_token": "", "revision": str(note.revision), "decision": "publish", "reason": ""}
    values["csrf_token"] = writer.get("/admin/accounts/invitations").token
    late = writer.send_raw(decision(note), values, status=409)
    assert "Nobody decides about their own note or listing" in late.text(".//h1")
    administrator.send(open_one, decision(note), {"decision": "publish"})


@sqlite_only
def test_a_note_that_is_shown_is_hidden_and_shown_again(
    administrator: Member, listing: Practitioner, session: Session
) -> None:
    note = held(listing)
    administrator.post(decision(note), {"decision": "publish"}, on=page_of(note))
    administrator.post(decision(note), {"decision": "hide", "reason": "untrue"}, on=page_of(note))
    assert recommendations.public_of(listing.id) == []
    hidden = administrator.get(page_of(note))
    assert {one.get("value") for one in hidden.all(".//select[@name='reason']/option")} >= {"own-view"}
    assert "untrue" not in {one.get("value") for one in hidden.all(".//select[@name='reason']/option")}
    administrator.post(decision(note), {"decision": "restore", "reason": "own-view"}, on=page_of(note))
    assert len(recommendations.public_of(listing.id)) == 1
    page = administrator.post(decision(note), {"decision": "hide"}, on=page_of(note), status=422)
    assert "Choose the reason that fits best" in page.text()


@sqlite_only
def test_a_reply_is_read_below_its_note(administrator: Member, listing: Practitioner, session: Session) -> None:
    note = held(listing)
    administrator.get(f"{page_of(note)}/reply", status=404)
    administrator.post(decision(note), {"decision": "publish"}, on=page_of(note))
    reply_page = replied(note, listing, "Your migraine is better, I hope.")
    assert administrator.get(QUEUE).links()["Begin with the oldest"] == reply_page
    page = administrator.get(reply_page)
    assert ["".join(one.itertext()) for one in page.all(".//blockquote//mark")] == ["migraine"]
    preview = page.text(".//section[@aria-labelledby='preview']")
    assert f"{listing.name} replied: Your migraine" in preview
    refusal = {"decision": "refuse", "reason": "illness"}
    administrator.post(f"{reply_page}/decision", {"decision": "refuse"}, on=reply_page, status=422)
    stale = administrator.get(reply_page)
    administrator.post(f"{reply_page}/decision", refusal, on=reply_page)
    late = administrator.send(stale, f"{reply_page}/decision", {"decision": "publish"}, status=409)
    assert "It is now: Not shown." in late.text()
    replied(note, listing)
    administrator.post(f"{reply_page}/decision", {"decision": "publish"}, on=reply_page)
    assert recommendations.public_of(listing.id)[0].reply == "Thank you."
    assert [one.get("value") for one in administrator.get(reply_page).all(".//input[@name='decision']")] == ["refuse"]
    administrator.post(f"{reply_page}/decision", refusal, on=reply_page)
    assert recommendations.public_of(listing.id)[0].reply is None
    assert "There is nothing to decide now" in administrator.get(reply_page).text()


@sqlite_only
def test_a_reply_that_was_taken_back_meanwhile_is_not_published(
    administrator: Member, listing: Practitioner, session: Session
) -> None:
    note = held(listing)
    administrator.post(decision(note), {"decision": "publish"}, on=page_of(note))
    reply_page = replied(note, listing)
    page = administrator.get(reply_page)
    keeper = recommendations.case_of(note.id).keeper
    assert keeper is not None
    recommendations.take_back(note, by=keeper, at=clock.now())
    administrator.send(page, f"{reply_page}/decision", {"decision": "publish"}, status=404)


@sqlite_only
def test_notes_for_a_friend_or_a_circle_are_read_by_nobody_at_the_desk(
    administrator: Member, listing: Practitioner, session: Session
) -> None:
    for audience in (Audience.FRIEND, Audience.CIRCLE):
        note = make_recommendation(listing, None, audience, text="Between us.")
        session.flush()
        for address in (page_of(note), f"{page_of(note)}/reply"):
            assert "Between us." not in administrator.get(address, status=404).text(".//body")
    for state in RecommendationState:
        page = administrator.get(f"{QUEUE}?state={state.value}")
        assert f"/{note.id}" not in page.html


@sqlite_only
def test_what_an_objection_hides_is_decided_with_the_objection(
    administrator: Member, listing: Practitioner, session: Session
) -> None:
    note = held(listing)
    administrator.post(decision(note), {"decision": "publish"}, on=page_of(note))
    open_one = administrator.get(page_of(note))
    complaints.make(note, "safety", "It says to leave out medicine.", reply_to=None, at=clock.now())
    assert recommendations.public_of(listing.id) == []
    page = administrator.get(page_of(note))
    assert "It is hidden because somebody objected to it." in page.text()
    assert page.links()["Decide about the objection"] == "/admin/complaints"
    assert not page.all(".//form[@class='decide']")
    administrator.send(open_one, decision(note), {"decision": "hide", "reason": "safety"}, status=409)


@sqlite_only
def test_where_notes_are_switched_off_none_can_be_shown(
    administrator: Member, listing: Practitioner, session: Session
) -> None:
    note = held(listing)
    open_one = administrator.get(page_of(note))
    recommendation_switches.off_for_site("A law.", by=None, at=clock.now())
    page = administrator.get(page_of(note))
    assert "Notes are switched off for this listing. As long as it is so, the note cannot be published." in page.text()
    assert [one.get("value") for one in page.all(".//input[@name='decision']")] == ["refuse"]
    late = administrator.send(open_one, decision(note), {"decision": "publish"}, status=409)
    assert "It cannot be published now Notes are switched off for this listing." in late.text()
    administrator.send(page, decision(note), {"decision": "refuse", "reason": "law"})


@sqlite_only
def test_a_note_written_after_a_hidden_one_says_so_at_the_desk_alone(
    administrator: Member, listing: Practitioner, session: Session
) -> None:
    note = held(listing)
    hidden = {"writer_id": note.writer_id, "practitioner_id": listing.id, "reason": "safety"}
    session.add(HiddenBefore(**hidden, hidden_at=clock.now()))
    session.flush()
    words = "An earlier note by the same writer about this listing was hidden"
    assert words in administrator.get(page_of(note)).text()
    administrator.post(decision(note), {"decision": "publish"}, on=page_of(note))
    assert words not in administrator.get(page_of(note)).text()


@sqlite_only
def test_the_desk_of_notes_is_for_administrators(
    member: Member, verifier: Member, administrator: Member, listing: Practitioner
) -> None:
    note = held(listing)
    for address in (QUEUE, page_of(note), f"{page_of(note)}/reply"):
        member.get(address, status=403)
        verifier.get(address, status=403)
    assert "Notes 1" in administrator.get("/admin").links()
    assert not [one for one in verifier.get("/admin/claims").links() if one.startswith("Notes")]
