"""Whatever happens to claims, checks, lists and people, and whenever: one status for each, from the table, on every
surface; no `checked` without somebody else who looked and a tie; no way out of a notice but a check; and what was known
on a day stays what was known then."""

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy.orm import Session

from directory.db import db, mode
from directory.services import claims, ledger, listings, profiles
from directory.services.ledger import verifying
from tests.conftest import BACKENDS
from tests.factories.lists import BODY
from tests.journeys.accreditation import surfaces, table
from tests.journeys.accreditation.table import Fact, Said
from tests.journeys.accreditation.world import (
    DAY,
    KINDS,
    NUMBERS,
    OTHER_BODY,
    PERSONAS,
    SECOND,
    Persona,
    World,
    pick,
)

# On each database half of them.
HISTORIES = 10_000 // len(BACKENDS)
MANY = st.integers(0, 11)
BODIES = (BODY, BODY, OTHER_BODY, None)
JUMPS = ("minutes", "before-midnight", "midnight", "after-midnight", "day", "week", "month", "season", "year")
SEEN: dict[str, Any] = {
    "ago": st.sampled_from([0, 0, 0, 1, 5, 40]),
    "lasts": st.sampled_from([0, 3, 60]),
    "kinds": st.sampled_from(KINDS),
}


class History(RuleBasedStateMachine):
    """One history, from the world `start` on; `counted` is what happened in all of them."""

    start: World
    counted: Counter[str] = Counter()

    def __init__(self) -> None:
        super().__init__()
        db.session.rollback()
        db.session.expunge_all()
        self.before = db.sessionmaker.kw["bind"].begin_nested()
        self.world = self.start.copy()
        self.known: list[tuple[dt.date, dt.datetime, dict[surfaces.Key, Any]]] = []
        self.restricted: set[int] = set()
        self.noticed: set[tuple[Persona, str]] = set()
        self.last_check = 0
        self.is_proposed = False
        self.is_news = True
        self.counted["histories"] += 1

    def teardown(self) -> None:
        db.session.rollback()
        db.session.expunge_all()
        self.before.rollback()

    def attempt(self, what: str, verb: Callable[[], object]) -> bool:
        done = self.world.attempt(verb)
        self.counted[what if done else "refused"] += 1
        self.is_news = self.is_news or done
        return done

    # ---- practitioners ----

    @rule(who=st.integers(0, 1), number=MANY, is_verifier=st.booleans())
    def joins(self, who: int, number: int, *, is_verifier: bool) -> None:
        if len(self.world.all_kept()) < 4:
            self.attempt("joined", partial(self.world.join, PERSONAS[who], number, is_verifier=is_verifier))

    @rule(
        who=MANY,
        said=st.lists(
            st.tuples(st.sampled_from(BODIES), st.sampled_from(NUMBERS), st.sampled_from(KINDS)),
            max_size=2,
            unique_by=lambda one: (one[0], claims_key(one[1])),
        ),
    )
    def states(self, who: int, said: list[Any]) -> None:
        kept = pick(self.world.all_kept(), who)
        if kept is not None:
            self.attempt("stated", lambda: self.world.say(kept, said))

    @rule(which=MANY, kinds=st.sampled_from(KINDS))
    def states_again(self, which: int, kinds: tuple[str, ...]) -> None:
        """What stands there, taken back or not, is said once more."""
        claim = self.world.claim(which)
        if claim is not None:
            kept = listings.get_kept(claim.practitioner_id)
            self.attempt("said again", lambda: self.world.say(kept, [(claim.body_id, claim.number, kinds)]))

    @rule(which=MANY, number=st.sampled_from(NUMBERS), move=st.sampled_from(["withdraw", "correct", "answer"]))
    def does_something_with_a_claim(self, which: int, number: str | None, move: str) -> None:
        claim = self.world.claim(which)
        if claim is None:
            return
        by = self.world.account(listings.get_kept(claim.practitioner_id).account_id)
        moves = {
            "withdraw": lambda: claims.withdraw(claim, by=by, at=self.world.at),
            "correct": lambda: claims.correct_number(claim, number or "", by=by, at=self.world.at),
            "answer": lambda: claims.answer(claim, "Here it is.", by=by, at=self.world.at),
        }
        self.attempt(move, moves[move])

    @rule(who=MANY, how=st.sampled_from(["listing", "account", "hidden"]))
    def goes(self, who: int, how: str) -> None:
        kept = pick(self.world.all_kept(), who)
        if kept is None:
            return
        if how == "hidden":
            self.attempt("hidden or shown", lambda: self.world.hide_or_show(kept))
        else:
            self.attempt("left", lambda: self.world.leave(kept, with_account=how == "account"))

    # ---- verifiers ----

    @rule(which=MANY, who=MANY, move=st.sampled_from(["take", "put_back", "ask"]))
    def works(self, which: int, who: int, move: str) -> None:
        claim, by = self.world.claim(which), self.world.verifier(who)
        if claim is not None:
            moves = {
                "take": lambda: claims.take(claim, by=by, at=self.world.at),
                "put_back": lambda: claims.put_back(claim, by=by, at=self.world.at),
                "ask": lambda: claims.ask(claim, "Which number?", by=by, at=self.world.at),
            }
            self.attempt(move, moves[move])

    @rule(which=MANY, who=MANY, tie=st.sampled_from([True, True, True, False]), **SEEN)
    def confirms(self, which: int, who: int, *, tie: bool, ago: int, lasts: int, kinds: tuple[str, ...]) -> None:
        self.decides(
            which, who, self.world.finding("confirmed", tie=tie, ago=ago, lasts=lasts, kinds=kinds), "confirmed"
        )

    @rule(which=MANY, who=MANY, outcome=st.sampled_from(["not-found", "ended", "inconclusive"]), ago=SEEN["ago"])
    def sees_something_else(self, which: int, who: int, outcome: str, ago: int) -> None:
        self.decides(which, who, self.world.finding(outcome, ago=ago), outcome)

    @rule(which=MANY, who=MANY)
    def proposes_a_notice(self, which: int, who: int) -> None:
        self.is_proposed |= self.decides(which, who, self.world.finding("restricted"), "restricted")

    def decides(self, which: int, who: int, finding: claims.Finding, outcome: str) -> bool:
        claim, by = self.world.claim(which), self.world.verifier(who)
        if claim is None:
            return False
        is_own = listings.get_kept(claim.practitioner_id).account_id == by.id
        done = self.attempt(outcome, lambda: self.world.decide(claim, outcome, finding, by=by))
        assert not (done and is_own), "somebody decided about themselves"
        assert not (done and outcome == "confirmed" and finding.tie is None), "confirmed without a tie"
        return done

    @precondition(lambda self: self.is_proposed)
    @rule(which=MANY, who=MANY, agrees=st.sampled_from([True, True, False]))
    def a_second_person_decides(self, which: int, who: int, *, agrees: bool) -> None:
        proposal, by = self.world.open_notice(which), self.world.verifier(who)
        if proposal is None:
            return
        claim = claims.get(proposal.about_id)
        persona, body_id, number = self.world.persona_of[claim.practitioner_id], claim.body_id, claim.number_key
        verb = claims.agree if agrees else claims.disagree
        if (
            self.attempt("agreed" if agrees else "disagreed", lambda: verb(proposal, by=by, at=self.world.at))
            and agrees
        ):
            assert body_id is not None
            if number == persona.number:
                self.noticed.add((persona, body_id))

    @rule(which=st.integers(0, 2), who=MANY)
    def undoes(self, which: int, who: int) -> None:
        check = pick(self.world.last_checks(), which)
        if check is not None:
            is_notice = check.outcome.value == "restricted"
            number = who if who < 3 else check.by_id or 0
            by = self.world.verifier(number) if who < 3 else db.session.get(type(self.world.boss), number)
            if (
                by is not None
                and self.attempt("undone", lambda: claims.undo(check, by=by, at=self.world.at))
                and is_notice
            ):
                self.noticed.clear()

    # ---- lists ----

    @rule(
        shown=st.tuples(st.integers(0, 4), st.integers(0, 4)), ago=st.sampled_from([0, 0, 1, 20]), agrees=st.booleans()
    )
    def a_list_comes(self, shown: tuple[int, int], ago: int, *, agrees: bool) -> None:
        self.attempt("list", lambda: self.world.bring(shown, ago, agrees=agrees))

    @rule(move=st.sampled_from(["undo", "undo", "on", "off"]))
    def somebody_works_on_lists(self, move: str) -> None:
        if move == "undo":
            self.attempt("list undone", self.world.undo_list)
        else:
            self.attempt("automatic", lambda: self.world.automatic(is_on=move == "on"))

    # ---- time ----

    @rule(jump=st.sampled_from(JUMPS))
    def time_passes(self, jump: str) -> None:
        self.counted["clock"] += 1
        world, day, known_at = self.world, self.world.day, self.end_of_day()
        midnight = world.midnight()
        then = {
            "minutes": world.now + dt.timedelta(minutes=11),
            "before-midnight": midnight - SECOND,
            "midnight": midnight,
            "after-midnight": midnight + dt.timedelta(minutes=20),
            "day": world.now + DAY,
            "week": world.now + 7 * DAY,
            "month": world.now + 31 * DAY,
            "season": world.now + 120 * DAY,
            "year": world.now + 370 * DAY,
        }
        world.now = max(world.now, then[jump])
        if world.day > day:
            listings = surfaces.public_listings()
            for on in (day, day - 5 * DAY):
                self.known.append((on, known_at, surfaces.as_known(listings, on, known_at)))
            self.is_news = True

    def end_of_day(self) -> dt.datetime:
        return dt.datetime.combine(self.world.day, dt.time.max, tzinfo=self.world.zone)

    # ---- what must be so ----

    @invariant()
    def all_is_as_it_must_be(self) -> None:
        self.counted["steps"] += 1
        if not self.is_news:
            return
        self.is_news = False
        ledger.settle()
        verifying.check_database()
        said, facts = table.read(db.session.connection())
        day = self.world.day
        expected = {one.id: table.of(one, facts, day) for one in said}
        checks_are_sound(said, facts, expected, day)
        self.notices_stay(said, facts, expected)
        # As in a page that is read: facts are at hand.
        with mode("reading"):
            surfaces.compare(expected, said, day, self.world.at, self.counted["steps"])
            self.the_past_stays(said)
        for status in expected.values():
            self.counted[f"of status {status}"] += 1
        db.session.rollback()
        db.session.expunge_all()

    def notices_stay(self, said: list[Said], facts: list[Fact], expected: dict[int, str]) -> None:
        fresh = [one for one in facts if one.id > self.last_check]
        by_id = {one.id: one for one in said}
        for claim_id in self.restricted & by_id.keys():
            claim = by_id[claim_id]
            looked = [
                one for one in fresh if (one.practitioner_id, one.body_id) == (claim.practitioner_id, claim.body_id)
            ]
            is_looked = any(one.outcome == "confirmed" or one.undoes_id for one in looked)
            assert expected[claim_id] == "restricted" or is_looked, f"claim {claim_id} shed a notice"
        self.restricted = {id_ for id_, status in expected.items() if status == "restricted"}
        self.last_check = max((one.id for one in facts), default=0)
        persona_of = self.world.persona_of
        self.noticed -= {(persona_of[one.practitioner_id], one.body_id) for one in fresh if one.outcome == "confirmed"}
        for one in said:
            persona = persona_of[one.practitioner_id]
            if (persona, one.body_id) in self.noticed and one.number_key == persona.number:
                assert expected[one.id] == "restricted", f"claim {one.id} came back without its notice"

    def the_past_stays(self, said: list[Said]) -> None:
        """A statement that nobody had looked at goes when it is taken back, and so does everything with its listing."""
        there = {one.key for one in said if one.is_public}
        listings = surfaces.public_listings() if self.known else []
        for on, known_at, before in self.known:
            now = surfaces.as_known(listings, on, known_at)
            then = {key: what for key, what in before.items() if key in there}
            assert {key: now.get(key) for key in then} == then, f"{on} as known at {known_at} is another now"


def claims_key(number: str | None) -> str:
    return (number or "").replace(" ", "").replace("-", "")


def checks_are_sound(said: list[Said], facts: list[Fact], expected: dict[int, str], day: dt.date) -> None:
    """Nothing is checked but by a tied, confirming check of somebody else, and no notice is of one person alone."""
    keeper = {one.practitioner_id: one.keeper_id for one in said}
    for one in facts:
        if one.undoes_id is None and one.outcome == "restricted" and one.inherited_from_id is None:
            is_told = one.by_id is None  # what was committed to when they left
            assert is_told or one.second_by_id not in (None, one.by_id), f"check {one.id} is of one person alone"
        # What was found about another listing of a person reaches the one that whoever looked keeps, too.
        is_own_look = one.undoes_id is None and one.inherited_from_id is None
        if is_own_look and keeper.get(one.practitioner_id) is not None:
            assert keeper[one.practitioner_id] not in (one.by_id, one.second_by_id), f"check {one.id} is of themselves"
    for claim in said:
        if expected[claim.id] == "checked":
            check = table.supports(claim, facts, day)
            assert check is not None
            assert check.tie is not None
            assert check.by_id is not None or check.register_import_id is not None


@contextmanager
def histories(app: Flask) -> Iterator[type[History]]:
    start = World(app.extensions["settings"].zone)
    start.attempt(lambda: start.join(PERSONAS[0], 0, is_verifier=False))
    yield type("Histories", (History,), {"start": start, "counted": Counter()})


# A history is short enough to read; to make it shorter takes minutes.
AS_THEY_COME: dict[str, Any] = {
    "phases": [Phase.explicit, Phase.reuse, Phase.generate],
    "suppress_health_check": list(HealthCheck),
}


def test_one_status_whatever_happens(app: Flask, session: Session) -> None:
    with histories(app) as machine:
        run_state_machine_as_test(machine, settings=settings(max_examples=15, stateful_step_count=8, **AS_THEY_COME))


def test_what_was_known_of_a_statement_stays_known_when_it_is_said_again(app: Flask, session: Session) -> None:
    world = World(app.extensions["settings"].zone)
    world.attempt(lambda: world.join(PERSONAS[0], 0, is_verifier=False))
    claim, vera = world.claim(0), world.verifier(1)
    assert claim is not None
    assert world.attempt(lambda: claims.confirm(claim, world.finding("confirmed", tie=True), by=vera, at=world.at))
    first, later = world.day, []
    for said in ([], [(BODY, "12345", ())], [(BODY, "67890", ())]):
        world.now += DAY
        [kept] = world.all_kept()
        assert world.attempt(partial(world.say, kept, said))
        end = dt.datetime.combine(world.day, dt.time.max, tzinfo=world.zone)
        later.append((world.day, end, surfaces.as_known(surfaces.public_listings(), world.day, end)))
        db.session.expunge_all()
    world.now += 9 * DAY
    [listing] = surfaces.public_listings()
    assert [surfaces.as_known([listing], on, known_at) for on, known_at, _ in later] == [one for _, _, one in later]
    assert [[what[0] for what in one.values()] for _, _, one in later][:2] == [["withdrawn"], ["checked"]]
    # As it is known now, it was taken back on that day, too.
    back = next(one for one in profiles.standings(listing, first + DAY) if one.claim.number_key == "12345")
    assert back.status.value == "withdrawn"
    assert [event.text for event in back.history(world.day)].count("Said again by the practitioner.") == 1


def test_nobody_decides_about_another_listing_of_theirs(app: Flask, session: Session) -> None:
    world = World(app.extensions["settings"].zone)
    for is_verifier, writing in ((False, 0), (True, 2)):
        world.attempt(partial(world.join, PERSONAS[0], writing, is_verifier=is_verifier))
    first, second = world.all_kept()
    claim, own = world.claim(0), world.account(second.account_id)
    assert claim is not None
    assert claim.practitioner_id == first.practitioner_id
    for finding, verb in (
        (world.finding("confirmed", tie=True), claims.confirm),
        (world.finding("restricted"), claims.restrict),
    ):
        with pytest.raises(claims.Refused, match="of your own listing"):
            verb(claim, finding, by=own, at=world.at)
    claims.confirm(claim, world.finding("confirmed", tie=True), by=world.verifier(1), at=world.at)


@pytest.mark.soak
def test_one_status_in_ten_thousand_histories(app: Flask, session: Session) -> None:
    begun = time.monotonic()
    with histories(app) as machine:
        chosen = settings(max_examples=HISTORIES, stateful_step_count=20, **AS_THEY_COME)
        run_state_machine_as_test(machine, settings=chosen)
    kind = db.engine.dialect.name
    print(f"{kind}: {time.monotonic() - begun:.0f} s: {dict(sorted(machine.counted.items()))}")
