"""Claims from a statement to a dated check, and what follows a person: through the verbs."""

import datetime as dt
import io
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import event, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from directory.db import db
from directory.models import (
    Account,
    Audit,
    Check,
    Claim,
    ClaimSpan,
    Event,
    InvalidTransition,
    Kept,
    Letter,
    ListingState,
    Method,
    NotFound,
    Outcome,
    Role,
    Status,
    Tie,
    Training,
)
from directory.models.standings import standing
from directory.services import claims, erasures, ledger, listings, proposals
from directory.services.claims import Finding, reminders
from tests.conftest import sqlite_only
from tests.factories import AccountFactory, CheckFactory, ClaimFactory, make_practitioner
from tests.factories.listings import AT, SHOWN, change, make_kept

NOW = AT + dt.timedelta(days=1)
TODAY = NOW.date()
SEEN = Finding(method=Method.PUBLIC_REGISTER, checked_on=TODAY, tie=Tie.EMAIL, name="Wren Hallowby", grade="MRSS")
NOTICE = replace(SEEN, tie=None, notice_url="https://example.org/notices/7")


@pytest.fixture
def boss(session: Session) -> Account:
    made: Account = AccountFactory(role=Role.ADMINISTRATOR)
    return made


@pytest.fixture
def vera(session: Session) -> Account:
    made: Account = AccountFactory(role=Role.VERIFIER)
    return made


def join(boss: Account, *, number: str | None = "12345", at: dt.datetime = AT, **shown: Any) -> Kept:
    """Somebody whose published listing states a membership."""
    private = {"claim_numbers": [number], "search_only_names": []}
    return make_kept(AccountFactory(), ListingState.PUBLISHED, by=boss, at=at, private=private, **shown)


def claim_of(kept: Kept) -> Claim:
    found = db.session.scalars(
        select(Claim).where(Claim.practitioner_id == kept.practitioner_id).order_by(Claim.withdrawn_on.is_not(None))
    ).first()
    assert found is not None
    return claims.get(found.id)


def status(kept: Kept, day: dt.date = TODAY, claim: Claim | None = None) -> Status:
    claim = claim or claim_of(kept)
    return standing(claim, claim.body, claims.checks_about(claim), day).status


def kinds(session: Session, table: Any) -> list[str]:
    db.session.flush()
    return list(session.scalars(select(table.kind).order_by(*table.__mapper__.primary_key)))


# ---------- decisions ----------


def test_a_tied_confirmation_makes_a_claim_checked(boss: Account, vera: Account, session: Session) -> None:
    kept = join(boss)
    check = claims.confirm(claim_of(kept), replace(SEEN, valid_to=dt.date(2027, 3, 31)), by=vera, at=NOW)
    assert (check.by_id, check.tie, check.due_on, check.number_key) == (
        vera.id,
        Tie.EMAIL,
        dt.date(2027, 3, 31),
        "12345",
    )
    assert status(kept) is Status.CHECKED
    assert status(kept, dt.date(2027, 4, 1)) is Status.CHECK_DUE
    assert kinds(session, Event)[-1] == "claim-confirmed"
    letter = session.scalars(select(Letter).where(Letter.kind == "claim-confirmed")).one()
    assert letter.next_at == NOW + claims.UNDO_WITHIN
    spans = session.scalars(select(ClaimSpan.status).order_by(ClaimSpan.from_on)).all()
    assert spans == [Status.SELF_REPORTED, Status.CHECKED, Status.CHECK_DUE]


def test_nobody_decides_a_claim_of_their_own(boss: Account, session: Session) -> None:
    own = make_kept(AccountFactory(role=Role.VERIFIER), ListingState.PUBLISHED, by=boss)
    account = listings.get_kept(own.practitioner_id).account
    for verb in (claims.confirm, claims.not_found, claims.inconclusive, claims.restrict):
        with pytest.raises(claims.Refused):
            verb(claim_of(own), SEEN, by=account, at=NOW)  # type: ignore[operator]
    with pytest.raises(claims.Refused):
        claims.take(claim_of(own), by=account, at=NOW)
    with pytest.raises(claims.Refused):
        claims.assign(claim_of(own), account, by=boss, at=NOW)


@pytest.mark.parametrize(
    "wrong",
    [
        {"tie": None},
        {"disciplines": ("reflexology",)},
        {"valid_to": TODAY - dt.timedelta(days=1)},
        {"checked_on": TODAY + dt.timedelta(days=2)},
    ],
)
def test_what_does_not_carry_a_confirmation_is_refused(wrong: dict[str, Any], boss: Account, vera: Account) -> None:
    said = {**SHOWN["claims"][0], "disciplines": ["shiatsu"]}
    claim = claim_of(join(boss, claims=[said]))
    assert claim.disciplines == ["shiatsu"]
    with pytest.raises(claims.Refused) as refused:
        claims.confirm(claim, replace(SEEN, **wrong), by=vera, at=NOW)
    assert refused.value.reason
    assert claims.last_check(claim) is None
    assert claims.confirm(claim, replace(SEEN, disciplines=("reflexology", "shiatsu")), by=vera, at=NOW).id


def test_a_first_not_found_is_told_seven_days_before_the_public_sees_it(
    boss: Account, vera: Account, session: Session
) -> None:
    kept = join(boss)
    claims.not_found(claim_of(kept), replace(SEEN, tie=None), by=vera, at=NOW)
    letter = session.scalars(select(Letter).where(Letter.kind == "claim-not-found")).one()
    assert letter.values["public_on"] == (TODAY + dt.timedelta(days=7)).isoformat()
    assert status(kept, TODAY + dt.timedelta(days=6)) is Status.SELF_REPORTED
    assert status(kept, TODAY + dt.timedelta(days=7)) is Status.NOT_CONFIRMED
    mine = claims.of_claim(claim_of(kept), TODAY)
    assert mine.untold is not None
    assert mine.untold_from == TODAY + dt.timedelta(days=7)


def test_whoever_decides_what_they_have_not_seen_is_told(boss: Account, vera: Account) -> None:
    kept = join(boss)
    seen = claim_of(kept).revision
    first = claims.confirm(claim_of(kept), SEEN, by=vera, at=NOW, revision=seen)
    with pytest.raises(claims.Conflict) as conflict:
        claims.not_found(claim_of(kept), replace(SEEN, tie=None), by=boss, at=NOW, revision=seen)
    assert conflict.value.check is first
    assert status(kept) is Status.CHECKED


def test_looking_again_is_due_after_the_term_of_the_body_or_a_year(boss: Account, vera: Account) -> None:
    claim = claim_of(join(boss))
    assert claim.body is not None
    check = claims.confirm(claim, SEEN, by=vera, at=NOW)
    assert check.due_on == claims.months_after(TODAY, claim.body.renewal_months or 12)
    assert claims.months_after(dt.date(2026, 1, 31), 1) == dt.date(2026, 2, 28)
    assert claims.months_after(dt.date(2026, 11, 30), 3) == dt.date(2027, 2, 28)


# ---------- a second person ----------


def test_a_notice_needs_a_second_person(boss: Account, vera: Account, session: Session) -> None:
    kept = join(boss)
    proposal = claims.restrict(claim_of(kept), NOTICE, by=vera, at=NOW)
    assert status(kept) is Status.BEING_CHECKED
    with pytest.raises(proposals.NeedsSecond):
        claims.agree(proposal, by=vera, at=NOW + dt.timedelta(days=3))
    with pytest.raises(claims.Refused):
        claims.confirm(claim_of(kept), SEEN, by=boss, at=NOW)
    check = claims.agree(proposal, by=boss, at=NOW)
    assert (check.by_id, check.second_by_id) == (vera.id, boss.id)
    assert check.due_on == TODAY + dt.timedelta(days=30)
    assert status(kept) is Status.RESTRICTED
    with pytest.raises(InvalidTransition):
        claims.agree(proposal, by=boss, at=NOW)
    assert "restriction-proposed" in kinds(session, Event)


def test_a_verifier_who_is_alone_waits_a_day(boss: Account, session: Session) -> None:
    kept = join(boss)
    proposal = claims.restrict(claim_of(kept), NOTICE, by=boss, at=NOW)
    assert proposal.ripe_at == NOW + dt.timedelta(hours=24)
    with pytest.raises(proposals.NeedsSecond):
        claims.agree(proposal, by=boss, at=NOW + dt.timedelta(hours=23))
    check = claims.agree(proposal, by=boss, at=NOW + dt.timedelta(hours=24))
    assert (check.by_id, check.second_by_id) == (boss.id, None)
    assert status(kept, check.checked_on) is Status.RESTRICTED


def test_a_notice_that_is_not_agreed_to_is_not_shown(boss: Account, vera: Account) -> None:
    kept = join(boss)
    proposal = claims.restrict(claim_of(kept), NOTICE, by=vera, at=NOW)
    claims.disagree(proposal, by=boss, at=NOW)
    assert status(kept) is Status.BEING_CHECKED
    claims.confirm(claim_of(kept), SEEN, by=boss, at=NOW)
    assert status(kept) is Status.CHECKED


# ---------- undo ----------


def test_a_decision_can_be_undone_for_ten_minutes_by_whoever_made_it(
    boss: Account, vera: Account, session: Session
) -> None:
    kept = join(boss)
    check = claims.confirm(claim_of(kept), SEEN, by=vera, at=NOW)
    with pytest.raises(claims.Refused):
        claims.undo(check, by=boss, at=NOW)
    claims.undo(check, by=vera, at=NOW + dt.timedelta(minutes=9))
    assert status(kept) is Status.SELF_REPORTED
    assert session.scalars(select(Letter).where(Letter.kind == "claim-confirmed")).all() == []
    with pytest.raises(claims.Refused):
        claims.undo(check, by=vera, at=NOW + dt.timedelta(minutes=9))
    claim = claim_of(kept)
    known = standing(claim, claim.body, claims.checks_about(claim), TODAY, known_at=NOW)
    assert known.status is Status.CHECKED


def test_what_a_listing_inherits_is_undone_by_nobody(boss: Account, vera: Account) -> None:
    restricted(join(boss), vera, boss)
    later = NOW + dt.timedelta(days=9)
    second = join(boss, at=later)
    copied = claims.last_check(claim_of(second))
    assert copied is not None
    assert copied.by_id == vera.id
    with pytest.raises(claims.Refused):
        claims.undo(copied, by=vera, at=later)
    assert status(second, later.date()) is Status.RESTRICTED


def test_a_notice_counts_from_after_what_was_found_before(boss: Account, vera: Account) -> None:
    kept = join(boss)
    # From a list of a body where it is tomorrow already.
    tomorrow = TODAY + dt.timedelta(days=1)
    CheckFactory(practitioner=claim_of(kept).practitioner, checked_on=tomorrow, recorded_at=NOW)
    db.session.flush()
    db.session.expire_all()
    restricted(kept, vera, boss)
    assert status(kept, tomorrow) is Status.RESTRICTED


def test_eleven_minutes_are_too_late_to_undo(boss: Account, vera: Account) -> None:
    check = claims.confirm(claim_of(join(boss)), SEEN, by=vera, at=NOW)
    with pytest.raises(claims.Refused):
        claims.undo(check, by=vera, at=NOW + dt.timedelta(minutes=11))


def test_whoever_was_told_already_is_told_that_it_does_not_hold(boss: Account, vera: Account, session: Session) -> None:
    check = claims.confirm(claim_of(join(boss)), SEEN, by=vera, at=NOW)
    letter = session.scalars(select(Letter).where(Letter.kind == "claim-confirmed")).one()
    letter.tries = 1
    session.flush()
    claims.undo(check, by=vera, at=NOW)
    assert session.scalars(select(Letter.kind).order_by(Letter.id.desc())).first() == "claim-undone"


# ---------- what follows a person ----------


def restricted(kept: Kept, vera: Account, boss: Account, at: dt.datetime = NOW) -> Check:
    proposal = claims.restrict(claim_of(kept), NOTICE, by=vera, at=at)
    return claims.agree(proposal, by=boss, at=at)


def test_a_second_listing_of_the_same_person_inherits_a_notice(boss: Account, vera: Account) -> None:
    first = join(boss)
    check = restricted(first, vera, boss)
    second = join(boss, name="WREN  Hallowby", at=NOW, number="12 345")
    assert status(second) is Status.RESTRICTED
    copied = claims.last_check(claim_of(second))
    assert copied is not None
    assert (copied.inherited_from_id, copied.notice_url) == (check.id, NOTICE.notice_url)
    # Saving it once more copies nothing once more.
    change(second, "memberships", at=NOW, claims=[{**SHOWN["claims"][0], "grade": "FwSS"}])
    assert len(claims.checks_about(claim_of(second))) == 1


@pytest.mark.parametrize("other", [{"name": "Robin Example", "other_names": []}, {"number": "99999"}, {"number": None}])
def test_somebody_else_inherits_nothing(other: dict[str, Any], boss: Account, vera: Account) -> None:
    restricted(join(boss), vera, boss)
    somebody = join(boss, at=NOW, **other)
    assert status(somebody) is Status.SELF_REPORTED
    if "name" not in other:
        assert [check.outcome for _, check in claims.namesakes(claim_of(somebody))] == [Outcome.RESTRICTED]


def test_a_later_notice_reaches_every_listing_of_the_person_also_hidden_ones(boss: Account, vera: Account) -> None:
    first, second = join(boss), join(boss)
    listings.hide(second, by=None, at=NOW)
    check = restricted(first, vera, boss)
    assert status(second) is Status.RESTRICTED
    claims.undo(check, by=boss, at=NOW)
    assert status(first) is Status.BEING_CHECKED
    assert status(second) is Status.SELF_REPORTED


def test_what_came_about_at_the_same_moment_is_caught_up(boss: Account, vera: Account, session: Session) -> None:
    first = join(boss)
    restricted(first, vera, boss)
    # As a transaction that did not see the notice would leave it.
    second = make_practitioner(name="Wren Hallowby")
    late = ClaimFactory(practitioner_id=second.id, recorded_at=NOW)
    session.flush()
    assert claims.catch_up(at=NOW + dt.timedelta(hours=1)) == 1
    assert claims.catch_up(at=NOW + dt.timedelta(hours=2)) == 0
    claim = claims.get(late.id)
    assert standing(claim, claim.body, claims.checks_about(claim), TODAY).status is Status.RESTRICTED


def test_who_leaves_and_comes_back_is_known_again(boss: Account, vera: Account) -> None:
    first = join(boss)
    restricted(first, vera, boss)
    erasures.erase_listing(first.practitioner_id, at=NOW)
    db.session.expire_all()
    again = join(boss, at=NOW, other_names=[])
    assert status(again) is Status.RESTRICTED
    check = claims.last_check(claim_of(again))
    assert check is not None
    assert check.notice_url == NOTICE.notice_url
    # And once more.
    erasures.erase_listing(again.practitioner_id, at=NOW)
    db.session.expire_all()
    assert status(join(boss, at=NOW, name="Wren Ashdown", other_names=[])) is Status.RESTRICTED
    other = join(boss, at=NOW, number="4711")
    assert status(other) is Status.SELF_REPORTED
    assert {one.outcome for one in claims.of_namesakes(claim_of(other))} == {"restricted"}


def test_who_leaves_while_a_notice_is_proposed_is_told_of_at_the_desk(boss: Account, vera: Account) -> None:
    first = join(boss)
    claims.restrict(claim_of(first), NOTICE, by=vera, at=NOW)
    erasures.erase_listing(first.practitioner_id, at=NOW)
    db.session.expire_all()
    again = claim_of(join(boss, at=NOW))
    assert claims.last_check(again) is None
    assert {one.outcome for one in claims.of_namesakes(again)} == {Outcome.RESTRICTED}


def test_a_corrected_number_inherits_what_was_found_about_it(boss: Account, vera: Account, session: Session) -> None:
    first = join(boss)
    claims.ended(claim_of(first), replace(SEEN, tie=None, ended_on=TODAY), by=vera, at=NOW)
    second = join(boss, number="555", at=NOW)
    assert status(second) is Status.SELF_REPORTED
    account = listings.get_kept(second.practitioner_id).account
    claims.correct_number(claim_of(second), "12345", by=account, at=NOW)
    assert claim_of(second).number == "12345"
    assert status(second) is Status.ENDED
    assert "claim-number-corrected" in kinds(session, Event)


def test_a_notice_is_not_shed_by_withdrawing_retyping_or_another_number(boss: Account, vera: Account) -> None:
    kept = join(boss)
    restricted(kept, vera, boss)
    account = listings.get_kept(kept.practitioner_id).account
    claims.correct_number(claim_of(kept), "777", by=account, at=NOW)
    assert status(kept) is Status.RESTRICTED
    claims.withdraw(claim_of(kept), by=account, at=NOW)
    assert status(kept) is Status.RESTRICTED
    kept = listings.get_kept(kept.practitioner_id)
    change(kept, "memberships", at=NOW, claims=SHOWN["claims"], private={"claim_numbers": ["888"]})
    version = listings.open_version(kept.practitioner_id)
    assert version is not None
    kept = listings.get_kept(kept.practitioner_id)
    listings.approve(version.id, revision=kept.revision, by=boss, at=NOW)
    for claim in session_claims(kept):
        assert status(kept, claim=claim) is Status.RESTRICTED


def session_claims(kept: Kept) -> list[Claim]:
    found = db.session.scalars(select(Claim.id).where(Claim.practitioner_id == kept.practitioner_id)).all()
    return [claims.get(id_) for id_ in found]


def test_what_is_taken_back_does_not_come_back_with_what_waits(boss: Account) -> None:
    kept = join(boss)
    change(kept, "about", at=NOW, name="Wren Newname")
    account = listings.get_kept(kept.practitioner_id).account
    claims.withdraw(claim_of(kept), by=account, at=NOW)
    version = listings.open_version(kept.practitioner_id)
    assert version is not None
    kept = listings.get_kept(kept.practitioner_id)
    listings.approve(version.id, revision=kept.revision, by=boss, at=NOW)
    assert session_claims(kept) == []


# ---------- questions, evidence ----------


def test_a_question_and_its_answer(boss: Account, vera: Account, session: Session) -> None:
    kept = join(boss)
    day = TODAY
    assert waiting_ids(day) == [claim_of(kept).id]
    claims.ask(claim_of(kept), "Under which name?", by=vera, at=NOW)
    assert waiting_ids(day) == []
    assert waiting_ids(day, why=claims.Why.ASKED) == [claim_of(kept).id]
    account = listings.get_kept(kept.practitioner_id).account
    claims.answer(claim_of(kept), "Wren Ashdown.", by=account, at=NOW)
    [one] = claims.queue(claims.Filters(), day).waiting
    assert claims.Why.ANSWERED in one.why
    assert [message.is_from_practitioner for message in claims.messages(claim_of(kept))] == [False, True]
    assert session.scalars(select(Letter.kind).where(Letter.kind == "claim-asked")).all() == ["claim-asked"]


def waiting_ids(day: dt.date, **filters: Any) -> list[int]:
    return [one.claim.id for one in claims.queue(claims.Filters(**filters), day).waiting]


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (300, 200), (200, 30, 30)).save(file, "PNG")
    return file.getvalue()


def test_evidence_is_made_anew_hashed_and_seen_with_the_decision(boss: Account, vera: Account) -> None:
    kept = join(boss)
    account = listings.get_kept(kept.practitioner_id).account
    paper = claims.read_evidence(picture())
    assert paper.media_type == "image/jpeg"
    sent = claims.add_evidence(claim_of(kept), "card.png", paper, by=account, at=NOW)
    assert claims.add_evidence(claim_of(kept), "card.png", paper, by=account, at=NOW).id == sent.id
    check = claims.confirm(claim_of(kept), SEEN, by=vera, at=NOW)
    db.session.refresh(sent)
    assert sent.check_id == check.id
    with pytest.raises(InvalidTransition):
        claims.take_evidence_away(claim_of(kept), sent.id, by=account, at=NOW)
    for bad in (b"MZ\x90", b"%PDF-1.7 cut off", b"<svg onload=alert(1)>", b"x" * 5_000_001):
        with pytest.raises(claims.UnreadableEvidence):
            claims.read_evidence(bad)
    assert claims.read_evidence(b"%PDF-1.7\n1 0 obj\n%%EOF\n").media_type == "application/pdf"


def test_training_that_was_seen(boss: Account, vera: Account, session: Session) -> None:
    kept = join(boss)
    claims.see_training(kept.practitioner_id, "shiatsu", on=TODAY, by=vera, at=NOW)
    found = session.get(Training, (kept.practitioner_id, "shiatsu"))
    assert found is not None
    assert found.seen_on == TODAY
    with pytest.raises(claims.Refused):
        claims.see_training(kept.practitioner_id, "reiki", on=TODAY, by=vera, at=NOW)


# ---------- the queue, second looks, reminders ----------


def test_what_was_looked_for_and_not_found_waits_no_more_until_something_is_new(boss: Account, vera: Account) -> None:
    kept, other = join(boss), join(boss, number="777", name="Rook Fenwick")
    assert waiting_ids(TODAY) == [claim_of(kept).id, claim_of(other).id]
    found = claims.not_found(claim_of(kept), replace(SEEN, tie=None, name=None), by=vera, at=NOW)
    assert status(kept) is not Status.NOT_CONFIRMED, "the public reads it in seven days"
    assert waiting_ids(TODAY) == waiting_ids(TODAY + dt.timedelta(days=8)) == [claim_of(other).id]
    claims.undo(found, by=vera, at=NOW)
    assert waiting_ids(TODAY) == [claim_of(kept).id, claim_of(other).id]
    claims.not_found(claim_of(kept), replace(SEEN, tie=None, name=None), by=vera, at=NOW)
    claims.answer(claim_of(kept), "Under my former name.", by=kept.account, at=NOW)
    assert claim_of(kept).id in waiting_ids(TODAY)


def test_the_queue_is_oldest_first_and_everybody_knows_their_place(boss: Account, vera: Account) -> None:
    first = join(boss)
    second = join(boss, number="2", at=NOW)
    assert waiting_ids(TODAY) == [claim_of(first).id, claim_of(second).id]
    assert claims.of_claim(claim_of(second), TODAY).place == 2
    claims.take(claim_of(first), by=vera, at=NOW)
    assert waiting_ids(TODAY, taken_by=vera.id) == [claim_of(first).id]
    assert waiting_ids(TODAY, taken_by=0) == [claim_of(second).id]
    with pytest.raises(claims.Conflict):
        claims.take(claim_of(first), by=boss, at=NOW)
    claims.put_back(claim_of(first), by=vera, at=NOW)
    claims.take(claim_of(first), by=boss, at=NOW)
    claims.confirm(claim_of(first), replace(SEEN, valid_to=dt.date(2027, 3, 31)), by=boss, at=NOW)
    assert waiting_ids(TODAY) == [claim_of(second).id]
    assert waiting_ids(TODAY, due_by=dt.date(2027, 4, 30)) == [claim_of(second).id, claim_of(first).id]
    assert waiting_ids(TODAY, outcome=Outcome.CONFIRMED, due_by=dt.date(2027, 4, 30)) == [claim_of(first).id]
    assert waiting_ids(dt.date(2027, 4, 1), why=claims.Why.DUE) == [claim_of(first).id]
    assert waiting_ids(TODAY, body_id="uk-cnhc") == []


# PostgreSQL knows how often a value occurs.
@sqlite_only
def test_each_claim_that_waits_asks_for_its_own_checks_alone(session: Session) -> None:
    """SQLite once read every check for each claim: it took "undoes nothing" for what only one row can say."""
    asked = []

    def noted(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", noted)
    try:
        claims.queue(claims.Filters(), TODAY)
        claims.figures(TODAY, at=NOW)
    finally:
        event.remove(db.engine, "before_cursor_execute", noted)
    plans = [
        (statement, step[3])
        for statement, parameters in asked
        for step in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    ]
    by_undone = [(statement, how.split()[1]) for statement, how in plans if "uq_claim_check_undoes_id" in how]
    assert by_undone
    assert all(f"{name}.undoes_id = " in statement for statement, name in by_undone)


def test_figures_are_of_what_people_decided(boss: Account, vera: Account) -> None:
    first, second = join(boss), join(boss, number="2")
    claims.confirm(claim_of(first), SEEN, by=vera, at=NOW)
    undone = claims.ended(claim_of(second), replace(SEEN, ended_on=TODAY), by=vera, at=NOW)
    claims.undo(undone, by=vera, at=NOW)
    found = claims.figures(TODAY, at=NOW)
    assert (found.median_days, found.decided, found.backlog) == (1, 1, 1)
    assert found.oldest_on == AT.date()
    assert found.outcomes == {Outcome.CONFIRMED: 1}


def test_second_looks_go_to_another_verifier_and_differences_are_shown(boss: Account, vera: Account) -> None:
    kept = join(boss)
    check = claims.confirm(claim_of(kept), SEEN, by=vera, at=NOW)
    later = NOW + dt.timedelta(hours=1)
    assert claims.draw(1.0, at=NOW) == 0, "it can be undone still"
    assert claims.draw(1.0, at=later) == 1
    assert claims.draw(1.0, at=later) == 0
    [one] = claims.queue(claims.Filters(), TODAY).waiting
    assert one.why == (claims.Why.SECOND_LOOK,)
    audit = claims.second_look_of(claim_of(kept))
    assert audit is not None
    assert not claims.is_for(audit, vera)
    assert claims.is_for(audit, boss)
    claims.not_found(claim_of(kept), replace(SEEN, tie=None), by=boss, at=later)
    [found] = claims.disagreements()
    assert (found.first.id, found.second.outcome) == (check.id, Outcome.NOT_FOUND)
    assert claims.figures(TODAY, at=later).disagreements == 1


def test_a_share_of_nothing_draws_nothing_and_a_lone_verifier_neither(boss: Account, session: Session) -> None:
    kept = join(boss)
    claims.confirm(claim_of(kept), SEEN, by=boss, at=NOW)
    assert claims.draw(1.0, at=NOW + dt.timedelta(hours=1)) == 0
    AccountFactory(role=Role.VERIFIER)
    assert claims.draw(0.0, at=NOW + dt.timedelta(hours=1)) == 0
    assert session.scalars(select(Audit)).one().due_on is None


def test_reminders_come_sixty_thirty_seven_and_no_days_before(boss: Account, vera: Account, session: Session) -> None:
    kept = join(boss)
    until = dt.date(2027, 3, 31)
    claims.confirm(claim_of(kept), replace(SEEN, valid_to=until), by=vera, at=NOW)
    for _ in range(2):
        for days in (61, 60, 45, 30, 8, 7, 1, 0, -1):
            day = until - dt.timedelta(days=days)
            for claim_id in reminders.due(day):
                reminders.remind(claim_id, day=day, at=dt.datetime.combine(day, dt.time(9), tzinfo=dt.UTC))
    sent = session.scalars(select(Letter.cause).where(Letter.kind == "claim-lapses-soon").order_by(Letter.id)).all()
    # None of them has gone in this test: an older one makes room for the next.
    assert [cause.rpartition(":")[2] for cause in sent][-1] == "0"
    assert len(set(sent)) == len(sent)


# ---------- what can never be ----------


def test_the_database_refuses_a_confirmation_without_a_tie(boss: Account, session: Session) -> None:
    kept = join(boss)
    with pytest.raises(DBAPIError), session.begin_nested():
        CheckFactory(practitioner_id=kept.practitioner_id, tie=None, outcome=Outcome.CONFIRMED)


def test_somebody_elses_claim_is_not_there(boss: Account) -> None:
    first, second = join(boss), join(boss, number="2")
    with pytest.raises(NotFound):
        claims.get_own(listings.get_kept(first.practitioner_id), claim_of(second).id)


def test_the_ledger_holds_every_decision(boss: Account, vera: Account, session: Session) -> None:
    kept = join(boss)
    check = claims.confirm(claim_of(kept), SEEN, by=vera, at=NOW)
    claims.undo(check, by=vera, at=NOW)
    found = [entry.kind for entry in ledger.list_entries()]
    assert [kind for kind in found if kind.startswith(("claim-", "check-"))] == [
        "claim-stated",
        "claim-confirmed",
        "check-undone",
    ]
