"""Who sees the notes of a circle in lists and on profiles: its people. For everybody else there is no such note."""

import datetime as dt
from itertools import combinations
from typing import Any, NamedTuple

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from directory.models import Account, Audience, ListingState, Practitioner, RecommendationState, Role
from directory.services import circles, recommendations
from directory.services.recommendations import Given
from tests.conftest import sqlite_only
from tests.factories import AccountFactory, make_practitioner, make_recommendation
from tests.factories.circles import make_acquainted, make_invitation
from tests.factories.listings import make_kept
from tests.members import HTML, Member, sign_in_as
from tests.pages import Visitor

CANARY = "They asked first, and listened to the canary."


class World(NamedTuple):
    """A practitioner with an account, somebody without one, and people: a writer, a friend, and others."""

    owned: Practitioner
    other: Practitioner
    writer: Member
    friend: Member
    stranger: Member
    practitioner: Member
    administrator: Member
    visitor: Visitor


@pytest.fixture
def world(app: Flask, session: Session, visitor: Visitor, administrator: Member) -> World:
    keeper = AccountFactory()
    kept = make_kept(keeper, ListingState.PUBLISHED, by=administrator.account)
    people = [sign_in_as(app, AccountFactory()) for _ in range(3)]
    other = make_practitioner(name="Robin Vale", town="Leeds", postcode_area="LS1")
    session.commit()
    return World(kept.practitioner, other, *people, sign_in_as(app, keeper), administrator, visitor)


def account(somebody: Member) -> Account:
    assert somebody.account is not None
    return somebody.account


def profile(listing: Practitioner) -> str:
    return f"/practitioners/{listing.public_id}/{listing.slug}"


def join(world: World) -> None:
    make_acquainted(account(world.writer), account(world.friend), "Maud Fairlie", "Wren")


def note(world: World, listing: Practitioner, **values: Any) -> None:
    given = {"writer": account(world.writer), "audience": Audience.CIRCLE, "text": CANARY, **values}
    make_recommendation(listing, **given)


def names(page_text: str) -> list[str]:
    return [name for name in ("Wren Hallowby", "Robin Vale") if name in page_text]


def test_a_friend_sees_who_recommends_whom_and_what_they_say(world: World) -> None:
    join(world)
    note(world, world.owned)
    page = world.friend.get("/practitioners")
    (label,) = page.all(".//p[@class='circle']")
    assert label.text == "Recommended by Maud Fairlie, in your circle"
    shown = world.friend.get(profile(world.owned))
    assert CANARY in shown.text()
    assert "Recommended by somebody in your circle" in shown.text()
    assert "Maud Fairlie. A client, was treated by them; October 2026." in shown.text().replace("\xa0", " ")
    assert CANARY not in world.friend.get(profile(world.other)).html
    objecting = shown.links()["Object to this note (Maud Fairlie)"]
    world.friend.get(objecting)
    for outsider in (world.visitor, world.stranger, world.practitioner, world.administrator):
        outsider.get(objecting, status=404)
    assert page.response.headers["Cache-Control"] == "private, no-cache"
    assert "ETag" not in shown.response.headers


@sqlite_only
def test_what_a_friend_wrote_for_everybody_stands_on_a_profile_once(world: World) -> None:
    join(world)
    note(world, world.owned, audience=Audience.PUBLIC, state=RecommendationState.SHOWN, name="Maud Fairlie")
    page = world.friend.get(profile(world.owned))
    assert page.html.count(CANARY) == 1
    assert "Maud Fairlie wrote a note for everybody: read it below" in page.text(
        ".//section[@aria-labelledby='circle']"
    )
    [place] = [to for words, to in page.links().items() if words.startswith("read it below")]
    assert page.all(f".//figure[@id='{place.removeprefix('#')}']")
    assert "Fairlie" not in world.stranger.get(profile(world.owned)).html


def test_a_friend_narrows_the_list_to_their_circle(world: World) -> None:
    join(world)
    note(world, world.owned)
    page = world.friend.get("/practitioners")
    (box,) = page.all(".//input[@name='circle']")
    assert box.get("value") == "yes"
    narrowed = world.friend.get("/practitioners?circle=yes")
    assert names(narrowed.text(".//ol[@class='entries plain']")) == ["Wren Hallowby"]
    assert "Recommended in your circle" in narrowed.text(".//ul[@class='chips']")
    nobody = world.friend.get("/practitioners?circle=yes&q=robin")
    assert nobody.links()["Look beyond your circle"] == "/practitioners?q=robin"


@sqlite_only
def test_names_are_escaped_and_several_are_told(world: World, session: Session) -> None:
    make_acquainted(account(world.writer), account(world.friend), "<b>Maud</b>", "Wren")
    note(world, world.owned)
    assert "&lt;b&gt;Maud&lt;/b&gt;" in world.friend.get("/practitioners").html
    for name in ("Ann", "Bea"):
        somebody = AccountFactory()
        make_acquainted(somebody, account(world.friend), name, "Wren")
        make_recommendation(world.owned, writer=somebody, audience=Audience.CIRCLE)
    label = world.friend.get("/practitioners").text(".//p[@class='circle']")
    assert label.endswith("and 2 others, in your circle")


def test_when_one_leaves_the_note_is_gone_at_once_for_the_other(world: World) -> None:
    join(world)
    note(world, world.owned)
    assert CANARY in world.friend.get(profile(world.owned)).html
    circles.leave(account(world.writer), circles.people(account(world.writer))[0].public_id)
    assert CANARY not in world.friend.get(profile(world.owned)).html
    page = world.friend.get("/practitioners")
    assert not page.all(".//p[@class='circle']") + page.all(".//input[@name='circle']")


@sqlite_only
def test_a_signed_in_administrator_without_a_second_factor_is_a_stranger(app: Flask, world: World) -> None:
    boss = AccountFactory(role=Role.ADMINISTRATOR)
    make_acquainted(account(world.writer), boss, "Maud", "Boss")
    note(world, world.owned)
    half = sign_in_as(app, boss, second_factor=False)
    assert CANARY not in half.get(profile(world.owned)).html
    assert CANARY in sign_in_as(app, boss).get(profile(world.owned)).html


# ---- byte for byte


def addresses(world: World) -> list[str]:
    return [
        "/",
        "/practitioners",
        "/practitioners?circle=yes",
        "/practitioners?near=Brighton&circle=yes&status=self-reported",
        "/practitioners?q=wren&sort=name",
        profile(world.owned),
        f"{profile(world.owned)}/contact.vcf",
        f"{profile(world.owned)}/history",
        profile(world.other),
        f"/practitioners/compare?keep={world.owned.public_id}",
        f"/suggestions?q={world.owned.name[:4]}",
        "/ledger",
    ]


def seen(somebody: Visitor, address: str) -> tuple[int, bytes, list[tuple[str, str]]]:
    """All that somebody gets, with the headers; without the number of the request."""
    with somebody.raw(address, headers=HTML) as answer:
        headers = sorted((name, value) for name, value in answer.headers.items() if name != "X-Request-Id")
        return answer.status_code, answer.get_data(), headers


def asked_again(somebody: Visitor, address: str, etag: str) -> TestResponse:
    return somebody.raw(address, headers={**HTML, "If-None-Match": etag})


def everything(world: World) -> None:
    """All that circles can hold."""
    join(world)
    note(world, world.owned)
    note(world, world.other, state=RecommendationState.HIDDEN)
    make_recommendation(world.owned, writer=account(world.friend), audience=Audience.FRIEND, text=CANARY)
    make_recommendation(world.other, writer=account(world.friend), audience=Audience.PUBLIC, text=CANARY)
    make_invitation(account(world.writer), "Maud Canary")


@pytest.fixture
def still() -> Any:
    with time_machine.travel(dt.datetime(2026, 11, 20, 10, tzinfo=dt.UTC), tick=False) as moment:
        yield moment


def test_a_stranger_gets_byte_for_byte_what_they_would_get_without_a_note(still: Any, world: World) -> None:
    strangers = (world.visitor, world.stranger, world.practitioner, world.administrator)
    before = [[seen(one, address) for address in addresses(world)] for one in strangers]
    tags = {address: dict(said[2]).get("ETag") for address, said in zip(addresses(world), before[0], strict=True)}
    everything(world)
    # Cards and parts of pages are kept in the process.
    for address in ("/practitioners", "/practitioners?circle=yes", profile(world.owned)):
        world.friend.get(address)
    after = [[seen(one, address) for address in addresses(world)] for one in strangers]
    for number, (one, other) in enumerate(zip(before, after, strict=True)):
        for address, first, second in zip(addresses(world), one, other, strict=True):
            assert first == second, (number, address)
    assert tags["/practitioners"]
    assert tags[profile(world.owned)]
    for address, tag in tags.items():
        if tag:
            assert asked_again(world.visitor, address, tag).status_code == 304, address


def test_writing_changing_and_removing_a_note_through_its_verbs_leaves_no_trace_outside(
    still: Any, world: World
) -> None:
    before = [seen(world.visitor, address) for address in addresses(world)]
    join(world)
    given = Given(
        Audience.CIRCLE, "client", was_treated=True, month=dt.date(2026, 10, 1), modality_id=None, reward=None,
        text=CANARY, name="Maud",
    )  # fmt: skip
    by, at = account(world.writer), dt.datetime(2026, 11, 20, 10, tzinfo=dt.UTC)
    note = recommendations.write(world.owned, given, by=by, network=None, at=at)
    assert CANARY in world.friend.get(profile(world.owned)).html
    assert [seen(world.visitor, address) for address in addresses(world)] == before
    recommendations.write(world.owned, Given(**{**given.__dict__, "text": "Other words."}), by=by, network=None, at=at)
    assert [seen(world.visitor, address) for address in addresses(world)] == before
    recommendations.remove(note, by=by, at=at)
    assert CANARY not in world.friend.get(profile(world.owned)).html
    assert [seen(world.visitor, address) for address in addresses(world)] == before


@sqlite_only
def test_administrators_and_the_practitioner_learn_nothing_on_their_own_pages(still: Any, world: World) -> None:
    """Neither of a note for a circle, through its verbs, nor of the circle."""
    writer, reader = account(world.writer), account(world.friend)
    desk = ["/admin", "/admin/events", "/admin/recommendations", "/admin/accounts", f"/admin/accounts/{writer.id}",
            f"/admin/listings/{world.owned.id}", f"/admin/accounts/{reader.id}"]  # fmt: skip
    own = ["/member/listing", "/member/account/events", "/member/recommendations", "/member/circle"]
    asked = [(world.administrator, one) for one in desk] + [(world.practitioner, one) for one in own]

    def words() -> list[str]:
        # A form has another token each time.
        return [somebody.get(address).text("body") for somebody, address in asked]

    before, at = words(), dt.datetime(2026, 11, 20, 10, tzinfo=dt.UTC)
    invitation = circles.invite("Maud", "my sister", by=writer, at=at, email=reader.email)
    assert circles.answer(invitation.token, "Wren", by=reader, at=at)
    unconfirmed = circles.invite("Maud", "my brother", by=writer, at=at)
    assert not circles.answer(unconfirmed.token, "Robin", by=account(world.stranger), at=at)
    said = {"audience": Audience.CIRCLE, "relation": "client", "was_treated": True, "month": dt.date(2026, 10, 1),
            "modality_id": None, "reward": None, "text": CANARY, "name": "Maud"}  # fmt: skip
    note = recommendations.write(world.owned, Given(**said), by=writer, network="203.0.113.0/24", at=at)
    assert words() == before
    recommendations.write(world.owned, Given(**{**said, "text": "Other."}), by=writer, network=None, at=at)
    recommendations.remove(note, by=writer, at=at)
    circles.leave(reader, circles.people(reader)[0].public_id)
    assert words() == before


class Written(NamedTuple):
    writer: int
    about: int
    audience: Audience
    state: RecommendationState


HIDING = {
    Audience.PUBLIC: [RecommendationState.HELD, RecommendationState.REFUSED, RecommendationState.HIDDEN],
    Audience.CIRCLE: [RecommendationState.SHOWN, RecommendationState.SHOWN, RecommendationState.HIDDEN],
    Audience.FRIEND: [RecommendationState.SHOWN, RecommendationState.HIDDEN],
}
# The writer, the friend, the stranger, the practitioner, and the administrator: each may write, and know the others.
EVERYBODY = 5
PAIRS = list(combinations(range(EVERYBODY), 2))
NOTES = st.sampled_from(Audience).flatmap(
    lambda audience: st.builds(
        Written,
        st.integers(0, EVERYBODY - 1),
        st.integers(0, 1),
        st.just(audience),
        st.sampled_from(HIDING[audience]),
    )
)


AS_THEY_COME: dict[str, Any] = {"deadline": None, "suppress_health_check": list(HealthCheck)}
WORLDS: dict[str, Any] = {
    "pairs": st.sets(st.sampled_from(PAIRS), max_size=4),
    "notes": st.lists(NOTES, min_size=1, max_size=4, unique_by=lambda note: (note.writer, note.about)),
}


@settings(max_examples=4, **AS_THEY_COME)
@given(**WORLDS)
@sqlite_only
def test_whoever_asks_sees_the_notes_of_their_own_circle_and_no_other(
    still: Any, session: Session, world: World, pairs: set[tuple[int, int]], notes: list[Written]
) -> None:
    look_around(session, world, pairs, notes)


@pytest.mark.soak
@settings(max_examples=200, **AS_THEY_COME)
@given(**WORLDS)
@sqlite_only
def test_the_same_holds_in_the_long_run(
    still: Any, session: Session, world: World, pairs: set[tuple[int, int]], notes: list[Written]
) -> None:
    look_around(session, world, pairs, notes)


def look_around(session: Session, world: World, pairs: set[tuple[int, int]], notes: list[Written]) -> None:
    """Everybody opens every page, and a stranger sees what they saw before anything was written."""
    people = (world.writer, world.friend, world.stranger, world.practitioner, world.administrator)
    listings = (world.owned, world.other)
    outside = ["/practitioners", *map(profile, listings)]
    before = [seen(world.visitor, address) for address in outside]
    with session.begin_nested() as undo:
        for one, other in pairs:
            make_acquainted(account(people[one]), account(people[other]), f"Name {one}x", f"Name {other}x")
        for one in notes:
            make_recommendation(
                listings[one.about], writer=account(people[one.writer]), audience=one.audience, state=one.state,
                text=f"Words {one.writer} of {one.about}.",
            )  # fmt: skip
        for number, somebody in enumerate(people):
            for about, listing in enumerate(listings):
                allowed = {
                    one.writer
                    for one in notes
                    if one.about == about
                    and one.audience is Audience.CIRCLE
                    and one.state is RecommendationState.SHOWN
                    and tuple(sorted((one.writer, number))) in pairs
                }
                html = seen(somebody, profile(listing))[1].decode()
                assert {w for w in range(EVERYBODY) if f"Words {w} of {about}." in html} == allowed
                assert {w for w in range(EVERYBODY) if f"Name {w}x" in html} == allowed
                found = seen(somebody, "/practitioners?circle=yes")[1].decode()
                assert (f'href="{profile(listing)}"' in found) == bool(allowed)
        assert [seen(world.visitor, address) for address in outside] == before
        undo.rollback()
    session.expire_all()
