"""No way out of a notice but a check: whatever somebody does with their listing, and whenever they come back."""

import datetime as dt
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from directory.db import db
from directory.models import Account, Check, Claim, Kept, ListingState, Method, Outcome, Role, Status, Tie
from directory.models.standings import standing
from directory.services import claims, erasures, listings
from tests.factories import AccountFactory
from tests.factories.listings import AT, SHOWN, make_kept

NOW = AT + dt.timedelta(days=1)
NUMBER = "12345"
SEEN = claims.Finding(method=Method.PUBLIC_REGISTER, checked_on=NOW.date(), tie=Tie.BODY_ANSWER)
NAMES = ("Wren Hallowby", "WREN HALLOWBY", "Wrèn  Hallowby", "Wren Ηallowby")  # the last with a Greek letter
NUMBERS = ("12345", "12 345", "12-345")
MOVES = ("retype", "another-number", "right-number", "take-back", "state-again", "hide", "leave", "come-back", "second")


@dataclass
class Person:
    """Somebody with a notice, and everything that they do about it."""

    boss: Account
    vera: Account
    kept: list[Kept] = field(default_factory=list)

    def join(self, choice: int) -> None:
        made = make_kept(
            AccountFactory(),
            ListingState.PUBLISHED,
            by=self.boss,
            at=NOW,
            name=NAMES[choice % len(NAMES)],
            other_names=[],
            private={"claim_numbers": [NUMBERS[choice % len(NUMBERS)]], "search_only_names": []},
        )
        self.kept.append(made)

    def move(self, move: str, choice: int) -> None:
        if move in {"come-back", "second"} or not self.kept:
            if move != "come-back" or not self.kept:
                self.join(choice)
            return
        kept = listings.get_kept(self.kept[choice % len(self.kept)].practitioner_id)
        if move == "leave":
            erasures.erase_listing(kept.practitioner_id, at=NOW)
            db.session.expire_all()
            self.kept = [one for one in self.kept if inspect(one).persistent and _is_there(one)]
        elif move == "hide" and kept.practitioner.state is ListingState.PUBLISHED:
            listings.hide(kept, by=kept.account, at=NOW)
        elif move in {"retype", "state-again"}:
            self.say(kept, [{**SHOWN["claims"][0], "grade": f"Grade {choice}"}], [NUMBERS[choice % len(NUMBERS)]])
        elif move == "take-back":
            self.say(kept, [], [])
        elif move in {"another-number", "right-number"}:
            number = NUMBER if move == "right-number" else f"9{choice}"
            claim = next((one for one in claims_of(kept) if one.withdrawn_on is None), None)
            if claim is not None:
                try:
                    claims.correct_number(claim, number, by=kept.account, at=NOW)
                except claims.Refused:
                    assert len(claims_of(kept)) > 1

    def say(self, kept: Kept, stated: list[dict[str, object]], numbers: list[str | None]) -> None:
        now = listings.answers_now(kept)
        shown, private = {**now.shown, "claims": stated}, {**now.private, "claim_numbers": numbers}
        listings.save(kept, "memberships", shown, private, revision=kept.revision, by=kept.account, at=NOW)
        version, kept = listings.open_version(kept.practitioner_id), listings.get_kept(kept.practitioner_id)
        if version is not None:
            listings.approve(version.id, revision=kept.revision, by=self.boss, at=NOW)


def _is_there(kept: Kept) -> bool:
    return (
        db.session.scalar(select(Kept.account_id).where(Kept.practitioner_id == inspect(kept).identity[0])) is not None
    )


def claims_of(kept: Kept) -> list[Claim]:
    ids = db.session.scalars(select(Claim.id).where(Claim.practitioner_id == kept.practitioner_id).order_by(Claim.id))
    return [claims.get(id_) for id_ in ids.all()]


def see(person: Person) -> None:
    for kept in person.kept:
        for claim in claims_of(kept):
            found = standing(claim, claim.body, claims.checks_about(claim), NOW.date())
            assert found.status is Status.RESTRICTED, (claim.number, found.status)
            assert found.check is not None
            assert found.check.notice_url == "https://example.org/notices/7"
    loose = select(Check.id).where(Check.outcome == Outcome.CONFIRMED, Check.tie.is_(None))
    assert db.session.scalars(loose).all() == []


def run(session: Session, steps: list[tuple[str, int]]) -> None:
    session.expunge_all()
    with session.begin_nested() as before:
        boss, vera = AccountFactory(role=Role.ADMINISTRATOR), AccountFactory(role=Role.VERIFIER)
        person = Person(boss, vera)
        person.join(0)
        notice = claims.Finding(
            method=Method.PUBLIC_REGISTER, checked_on=NOW.date(), notice_url="https://example.org/notices/7"
        )
        [claim] = claims_of(person.kept[0])
        claims.agree(claims.restrict(claim, notice, by=vera, at=NOW), by=boss, at=NOW)
        see(person)
        for move, choice in steps:
            person.move(move, choice)
            session.flush()
            see(person)
        # A check is the way out: of the listing that it ties, and of no other.
        if person.kept and (stated := [one for one in claims_of(person.kept[0]) if one.withdrawn_on is None]):
            claims.confirm(stated[0], SEEN, by=vera, at=NOW)
            found = standing(stated[0], stated[0].body, claims.checks_about(stated[0]), NOW.date())
            assert found.status is Status.CHECKED
        before.rollback()


STEPS = st.lists(st.tuples(st.sampled_from(MOVES), st.integers(0, 11)), min_size=3, max_size=6)
QUIET = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large)


@settings(max_examples=4, suppress_health_check=QUIET)
@given(steps=STEPS)
def test_a_notice_is_not_shed(session: Session, steps: list[tuple[str, int]]) -> None:
    run(session, steps)


@pytest.mark.soak
@settings(max_examples=60, suppress_health_check=QUIET)
@given(steps=STEPS)
def test_a_notice_is_not_shed_in_many_ways(session: Session, steps: list[tuple[str, int]]) -> None:
    run(session, steps)
