"""What people say about one's listing, and the one reply to it."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from directory.lib import clock
from directory.models import Account, Audience, ListingState, Practitioner, Recommendation, RecommendationState, Role
from directory.services import recommendations
from tests import factories
from tests.conftest import sqlite_only
from tests.factories.listings import make_kept
from tests.factories.recommendations import make_recommendation
from tests.members import Member, sign_in_as

MINE = "/member/replies"


@pytest.fixture
def boss(session: Session) -> Account:
    made: Account = factories.AccountFactory(role=Role.ADMINISTRATOR)
    return made


@pytest.fixture
def listing(member: Member, boss: Account, session: Session) -> Practitioner:
    assert member.account is not None
    kept = make_kept(member.account, ListingState.PUBLISHED, by=boss)
    return session.get_one(Practitioner, kept.practitioner_id)


@pytest.fixture
def note(listing: Practitioner, boss: Account, session: Session) -> Recommendation:
    """A note that everybody reads."""
    made = make_recommendation(listing, None, Audience.PUBLIC)
    session.flush()
    return recommendations.publish(made, by=boss, at=clock.now(), revision=made.revision)


@sqlite_only
def test_a_practitioner_without_notes_is_told_so(member: Member, listing: Practitioner) -> None:
    make_recommendation(listing, None, Audience.FRIEND, text="Between us.")
    make_recommendation(listing, None, Audience.CIRCLE, text="Between us.")
    make_recommendation(listing, None, Audience.PUBLIC, text="Not read yet.")
    page = member.get(MINE)
    assert "Nobody has written a note for everybody about you that is shown now." in page.text()
    assert "Between us." not in page.html
    assert "Not read yet." not in page.html
    assert member.get("/member/listing").links()["What people say about you"] == MINE


def test_a_reply_is_written_read_and_shown(
    member: Member, boss: Account, note: Recommendation, listing: Practitioner, session: Session
) -> None:
    [address] = [to for said, to in member.get(MINE).links().items() if said.startswith("Reply, once")]
    assert note.text in member.get(address).text()
    sent = member.post(address, {"text": "Thank you.\r\nCome again."})
    assert "We read it before everybody can" in member.follow(sent).text(".//body")
    assert "Your reply, which waits to be read by us" in member.get(MINE).text()
    assert "Write it anew" in "".join(member.get(MINE).links())
    profile = f"/practitioners/{listing.public_id}/{listing.slug}"
    assert "Come again." not in member.get(profile).text()
    recommendations.publish_reply(note, by=boss, at=clock.now(), revision=1)
    session.flush()
    assert "Wren Hallowby replied: Thank you. Come again." in member.get(profile).text()
    shown = member.get(MINE)
    assert "Your reply, which everybody can read" in shown.text()
    assert address not in shown.links().values()
    member.get(address, status=409)
    taken = member.post(f"{address}/withdrawal", on=MINE)
    assert "Your reply is gone." in member.follow(taken).text(".//body")
    assert "replied:" not in member.get(profile).text()
    assert recommendations.public_of(listing.id)[0].reply is None


@sqlite_only
def test_a_refused_reply_says_why_and_can_be_written_anew(member: Member, boss: Account, note: Recommendation) -> None:
    address = f"{MINE}/{note.public_id}"
    member.post(address, {"text": "I hope that your asthma is better."})
    recommendations.refuse_reply(note, "illness", by=boss, at=clock.now(), revision=1)
    assert "It names an illness. That is private" in member.get(MINE).text()
    page = member.get(address)
    assert "What you wrote before is not shown. It names an illness." in page.text()
    assert "asthma" in page.text(".//textarea")
    member.send(page, address, {"text": "Thank you."})
    [one] = recommendations.of_listing(member.account)  # type: ignore[arg-type]
    assert one.reply is not None
    assert (one.reply.text, one.reply.state) == ("Thank you.", RecommendationState.HELD)


@sqlite_only
def test_a_wrong_reply_is_kept_on_the_page(member: Member, note: Recommendation) -> None:
    address = f"{MINE}/{note.public_id}"
    assert "Write your reply" in member.post(address, {"text": "  "}, status=422).text(".//section[@class='errors']")
    long = member.post(address, {"text": "x" * 601}, status=422)
    assert "600" in long.text(".//section[@class='errors']")
    assert "x" * 601 in long.text(".//textarea")


@sqlite_only
def test_replies_end_after_too_many_in_a_day(member: Member, note: Recommendation) -> None:
    address = f"{MINE}/{note.public_id}"
    page = member.get(address)
    for number in range(20):
        member.send(page, address, {"text": f"Thank you {number}."})
    member.send(page, address, {"text": "Once more."}, status=429)


def token_of(somebody: Member) -> str:
    """What forms of this session carry."""
    return somebody.get("/member/account").token


@sqlite_only
def test_a_note_on_another_listing_looks_as_if_it_were_not_there(
    app: Flask, member: Member, note: Recommendation, boss: Account
) -> None:
    other = factories.AccountFactory()
    make_kept(other, ListingState.PUBLISHED, by=boss)
    somebody = sign_in_as(app, other)
    absent = somebody.get(f"{MINE}/nothing", status=404).text(".//body")
    assert somebody.get(f"{MINE}/{note.public_id}", status=404).text(".//body") == absent
    token = token_of(somebody)
    for path in (f"{MINE}/{note.public_id}", f"{MINE}/{note.public_id}/withdrawal"):
        somebody.send_raw(path, {"text": "x", "csrf_token": token}, status=404)
    # Without a reply there is nothing to take back.
    member.send_raw(f"{MINE}/{note.public_id}/withdrawal", {"csrf_token": token_of(member)}, status=404)
    recommendations.hide(note, "untrue", by=None, at=clock.now())
    member.get(f"{MINE}/{note.public_id}", status=404)
