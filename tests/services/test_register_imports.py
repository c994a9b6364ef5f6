"""What lists of bodies do to claims, what is kept of a file, and what happens when several people decide at once."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.db import db
from directory.models import (
    Account,
    Check,
    Claim,
    ClaimSpan,
    Event,
    ImportState,
    InvalidTransition,
    Kept,
    LedgerEntry,
    Letter,
    ListingState,
    Method,
    Outcome,
    RegisterFile,
    Role,
    Status,
    Tie,
)
from directory.models.claims import number_key
from directory.models.standings import standing
from directory.services import claims, indexing, ledger, proposals, register_imports, registers
from directory.services.claims import Filters, Finding, Why
from directory.services.register_imports.cleaning import join as join_column
from directory.services.register_imports.numbers import number_keys
from tests.factories import AccountFactory, ClaimFactory, make_practitioner
from tests.factories.listings import AT as JOINED
from tests.factories.listings import make_kept
from tests.factories.lists import BODY, bring, content, row, rows, take_in

NOW = JOINED + dt.timedelta(days=1)
DAY = dt.timedelta(days=1)
TODAY = NOW.date()
OTHERS = rows(60)


@pytest.fixture
def boss(session: Session) -> Account:
    made: Account = AccountFactory(role=Role.ADMINISTRATOR)
    return made


@pytest.fixture
def vera(session: Session) -> Account:
    made: Account = AccountFactory(role=Role.VERIFIER)
    return made


@pytest.fixture
def wren(boss: Account) -> Claim:
    """A claim of somebody whose account has the address wren@example.org."""
    return join(boss, email="wren@example.org")


def join(boss: Account, *, email: str, number: str | None = "12345", by: Account | None = None, **shown: Any) -> Claim:
    account = by or AccountFactory(email=email)
    private = {"claim_numbers": [number], "search_only_names": []}
    kept: Kept = make_kept(account, ListingState.PUBLISHED, by=boss, private=private, **shown)
    return claims.get(db.session.scalars(select(Claim.id).where(Claim.practitioner_id == kept.practitioner_id)).one())


def many_claims(count: int = 20) -> None:
    """So many other claims that one more or less is no reason for a second person."""
    people = [make_practitioner(name=f"Robin Fell {n}", is_indexed=False) for n in range(count)]
    for n, person in enumerate(people):
        ClaimFactory(practitioner=person, number=f"9{n:04}")
    indexing.refresh([person.id for person in people])


def status(claim: Claim, day: dt.date = TODAY) -> Status:
    return standing(claim, claim.body, claims.checks_about(claim), day).status


def confirm(claim: Claim, by: Account, on: dt.date = TODAY) -> Check:
    finding = Finding(method=Method.PUBLIC_REGISTER, checked_on=on, tie=Tie.EMAIL, name="Wren Hallowby")
    return claims.confirm(claim, finding, by=by, at=NOW)


def apply(lines: Any, *, on: dt.date = TODAY, at: dt.datetime = NOW, by: Account | None = None) -> Any:
    return register_imports.apply(bring(lines, on=on, at=at, by=by), by=by, at=at)


def switch_on(boss: Account) -> None:
    take_in(OTHERS, on=TODAY - DAY, at=NOW)
    register_imports.confirm_automatically(registers.get(BODY), is_on=True, by=boss, at=NOW)


# ---------- what ends ----------


def test_a_row_that_is_gone_ends_a_confirmed_claim(wren: Claim, boss: Account, vera: Account, session: Session) -> None:
    many_claims()
    apply([*OTHERS, row()], on=TODAY - DAY)
    confirm(wren, vera)
    import_ = bring(OTHERS, on=TODAY + DAY, at=NOW + DAY)
    found = register_imports.difference(import_, by=boss, at=NOW + DAY)
    assert [(one.before, one.after) for one in found.claims_that_change] == [(Status.CHECKED, Status.ENDED)]
    assert status(wren) is Status.CHECKED
    register_imports.apply(import_, by=boss, at=NOW + DAY, seen=found.mark)
    check = session.scalars(select(Check).where(Check.outcome == Outcome.ENDED)).one()
    assert (check.ended_on, check.register_import_id, check.method) == (TODAY + DAY, import_.id, Method.REGISTER_FILE)
    assert status(wren, TODAY) is Status.CHECKED
    assert status(wren, TODAY + DAY) is Status.ENDED
    spans = session.scalars(select(ClaimSpan.status).where(ClaimSpan.claim_id == wren.id)).all()
    assert Status.ENDED in spans
    assert session.scalars(select(Letter).where(Letter.kind == "claim-ended")).one()


def test_an_undo_takes_the_checks_of_a_list_back(wren: Claim, boss: Account, vera: Account, session: Session) -> None:
    many_claims()
    apply([*OTHERS, row()], on=TODAY - DAY)
    confirm(wren, vera)
    import_ = apply(OTHERS, on=TODAY + DAY, at=NOW + DAY)
    register_imports.undo(import_, by=boss, at=NOW + 2 * DAY)
    assert status(wren, TODAY + 2 * DAY) is Status.CHECKED
    then = standing(wren, wren.body, claims.checks_about(wren), TODAY + DAY, known_at=NOW + DAY)
    assert then.status is Status.ENDED
    assert session.scalars(select(Letter.kind).where(Letter.kind.in_(["claim-ended", "claim-undone"]))).all() == []


def test_a_row_shown_as_ended_ends_it_on_the_day_that_it_says(wren: Claim, vera: Account) -> None:
    many_claims()
    apply([*OTHERS, row()], on=TODAY - DAY)
    confirm(wren, vera)
    apply([*OTHERS, row(status="Lapsed", valid="1 November 2026")], on=TODAY + DAY, at=NOW + DAY)
    found = standing(wren, wren.body, claims.checks_about(wren), TODAY + DAY)
    assert (found.status, found.check and found.check.ended_on) == (Status.ENDED, dt.date(2026, 11, 1))


def test_whoever_looked_after_the_list_was_made_knows_better(wren: Claim, vera: Account) -> None:
    apply([*OTHERS, row()], on=TODAY - 3 * DAY)
    confirm(wren, vera, on=TODAY)
    apply(OTHERS, on=TODAY - DAY)
    assert status(wren) is Status.CHECKED


def test_what_one_person_never_confirmed_is_not_ended(wren: Claim) -> None:
    apply([*OTHERS, row()], on=TODAY - DAY)
    apply(OTHERS)
    assert status(wren) is Status.SELF_REPORTED


def test_a_notice_on_a_list_restricts_nobody_by_itself(wren: Claim, vera: Account, session: Session) -> None:
    apply([*OTHERS, row()], on=TODAY - DAY)
    confirm(wren, vera)
    apply([*OTHERS, row(status="Suspended")], on=TODAY + DAY, at=NOW + DAY)
    assert status(wren, TODAY + DAY) is Status.CHECKED
    check = session.scalars(select(Check).where(Check.outcome == Outcome.INCONCLUSIVE)).one()
    assert "notice" in (check.note or "")
    assert registers.get_line(check.register_row_id or 0).standing == "Suspended"


def test_another_name_on_the_number_is_looked_at(wren: Claim, vera: Account, session: Session) -> None:
    apply([*OTHERS, row()], on=TODAY - DAY)
    confirm(wren, vera)
    apply([*OTHERS, row(name="Ann Marsh")], on=TODAY + DAY, at=NOW + DAY)
    assert status(wren, TODAY + DAY) is Status.CHECKED
    assert session.scalars(select(Check.note).where(Check.outcome == Outcome.INCONCLUSIVE)).one()


def test_what_a_list_left_to_people_waits_on_the_desk_until_one_has_looked(wren: Claim, vera: Account) -> None:
    waiting = Filters(why=Why.REGISTER)
    apply([*OTHERS, row()], on=TODAY - DAY)
    confirm(wren, vera)
    assert claims.queue(waiting, TODAY).total == 0
    apply([*OTHERS, row(status="Suspended")], on=TODAY + DAY, at=NOW + DAY)
    [one] = claims.queue(Filters(), TODAY + DAY).waiting
    assert (one.claim.id, one.why, one.since) == (wren.id, (Why.REGISTER,), TODAY + DAY)
    finding = Finding(method=Method.TELEPHONE, checked_on=TODAY + DAY, tie=Tie.BODY_ANSWER)
    claims.confirm(claims.get(wren.id), finding, by=vera, at=NOW + DAY)
    assert claims.queue(waiting, TODAY + DAY).total == 0


def test_who_is_listed_again_is_looked_at_again(wren: Claim, vera: Account) -> None:
    many_claims()
    apply([*OTHERS, row()], on=TODAY - DAY)
    confirm(wren, vera)
    apply(OTHERS, on=TODAY + DAY, at=NOW + DAY)
    apply([*OTHERS, row()], on=TODAY + 2 * DAY, at=NOW + 2 * DAY)
    assert status(wren, TODAY + 2 * DAY) is Status.ENDED
    [one] = claims.queue(Filters(why=Why.REGISTER), TODAY + 2 * DAY).waiting
    assert one.claim.id == wren.id


def test_an_older_list_changes_no_claim(wren: Claim, vera: Account, session: Session) -> None:
    apply([*OTHERS, row()], on=TODAY - DAY)
    confirm(wren, vera, on=TODAY - 40 * DAY)
    import_ = bring(OTHERS, on=TODAY - 30 * DAY, at=NOW, is_older=True)
    register_imports.apply(import_, by=None, at=NOW)
    assert session.scalar(select(func.count()).select_from(Check)) == 1


# ---------- what is confirmed without a person ----------

SHOWN = row(email="wren@example.org", valid="2027-03-31")


def test_a_list_confirms_nothing_unless_that_is_switched_on(wren: Claim) -> None:
    many_claims()
    apply([*OTHERS, SHOWN])
    assert status(wren) is Status.SELF_REPORTED


def test_switched_on_it_needs_number_name_and_a_tie(wren: Claim, boss: Account, session: Session) -> None:
    many_claims(30)
    impostor = join(boss, email="robin@example.org")
    switch_on(boss)
    apply([*OTHERS, SHOWN])
    assert status(wren) is Status.CHECKED
    assert status(impostor) is Status.SELF_REPORTED
    check = session.scalars(select(Check).where(Check.outcome == Outcome.CONFIRMED)).one()
    assert (check.tie, check.valid_to, check.by_id) == (Tie.EMAIL, dt.date(2027, 3, 31), None)
    assert registers.get_line(check.register_row_id or 0).number == "12345"


@pytest.mark.parametrize(
    "line",
    [
        row("12346", email="wren@example.org"),
        row(name="Ann Marsh", email="wren@example.org"),
        row(email="somebody@example.org"),
        row(email="wren@example.org", status="Retired"),
        row(email="wren@example.org", status="Suspended"),
        row(email="wren@example.org", status="Gibberish"),
        row(email="wren@example.org", valid="2026-10-01"),
        row(email="wren@example.org", therapies="A method nobody knows"),
    ],
)
def test_it_does_not_confirm_what_speaks_against_it(wren: Claim, boss: Account, line: list[str]) -> None:
    many_claims()
    switch_on(boss)
    apply([*OTHERS, line])
    assert status(wren) is Status.SELF_REPORTED


def test_a_pair_judged_to_be_two_people_is_not_confirmed(wren: Claim, boss: Account, vera: Account) -> None:
    many_claims()
    switch_on(boss)
    apply([*OTHERS, row()])
    key = registers.find(BODY, number_key="12345")[0].key
    registers.judge_other(wren.practitioner_id, BODY, key, by=vera, at=NOW)
    apply([*OTHERS, SHOWN], on=TODAY + DAY, at=NOW + DAY)
    assert status(wren, TODAY + DAY) is Status.SELF_REPORTED


def test_whoever_applies_a_list_confirms_no_claim_of_their_own(boss: Account) -> None:
    many_claims()
    own = AccountFactory(role=Role.VERIFIER, email="wren@example.org")
    claim = join(boss, email="", by=own)
    switch_on(boss)
    apply([*OTHERS, SHOWN], by=own)
    assert status(claim) is Status.SELF_REPORTED


def test_whoever_brings_or_proposes_a_list_confirms_no_claim_of_their_own(boss: Account, vera: Account) -> None:
    many_claims()
    own = AccountFactory(role=Role.VERIFIER, email="wren@example.org")
    claim = join(boss, email="", by=own)
    switch_on(boss)
    brought = bring([*OTHERS, SHOWN], on=TODAY, at=NOW, by=own)
    register_imports.apply(brought, by=vera, at=NOW)
    assert status(claim) is Status.SELF_REPORTED
    # Brought by another, it is proposed by the one whom it would confirm.
    import_ = bring([*OTHERS[:40], SHOWN], on=TODAY + DAY, at=NOW + DAY, by=vera)
    register_imports.propose(import_, by=own, at=NOW + DAY)
    register_imports.agree(import_, by=boss, at=NOW + DAY)
    assert status(claim, TODAY + DAY) is Status.SELF_REPORTED


def test_a_list_confirms_nobody_past_a_notice_at_another_listing(boss: Account, vera: Account) -> None:
    many_claims(30)
    first = join(boss, email="robin@example.org")
    notice = Finding(method=Method.PUBLIC_REGISTER, checked_on=TODAY, notice_url="https://example.org/notice")
    claims.agree(claims.restrict(first, notice, by=boss, at=NOW), by=vera, at=NOW)
    # The same person once more, by an initial: nothing is inherited, because it may be somebody else.
    again = join(boss, email="wren@example.org", name="W. Hallowby", other_names=[])
    assert status(again) is Status.SELF_REPORTED
    switch_on(boss)
    apply([*OTHERS, SHOWN])
    assert status(again) is Status.SELF_REPORTED


def test_to_look_for_namesakes_of_one_claim_leaves_the_next_to_be_compared(boss: Account, vera: Account) -> None:
    many_claims(30)
    first = join(boss, email="wren@example.org")
    second = join(boss, email="robin@example.org", number="777")
    finding = Finding(method=Method.PUBLIC_REGISTER, checked_on=TODAY - DAY, ended_on=TODAY - DAY)
    claims.ended(second, finding, by=vera, at=NOW - DAY)
    db.session.expunge_all()
    switch_on(boss)
    apply([*OTHERS, SHOWN])
    assert [status(claims.get(one.id)) for one in (first, second)] == [Status.CHECKED, Status.ENDED]


def test_addresses_that_only_fold_to_the_same_tie_nobody(boss: Account) -> None:
    many_claims()
    impostor = join(boss, email="wren@straße.example")
    switch_on(boss)
    apply([*OTHERS, row(email="wren@strasse.example")])
    assert status(impostor) is Status.SELF_REPORTED


def test_a_list_never_lifts_a_notice(wren: Claim, boss: Account, vera: Account) -> None:
    many_claims()
    switch_on(boss)
    notice = Finding(method=Method.PUBLIC_REGISTER, checked_on=TODAY, notice_url="https://example.org/notice")
    claims.agree(claims.restrict(wren, notice, by=boss, at=NOW), by=vera, at=NOW)
    apply([*OTHERS, SHOWN], on=TODAY + DAY, at=NOW + DAY)
    assert status(wren, TODAY + DAY) is Status.RESTRICTED


# ---------- deciding ----------


def test_more_than_one_in_twenty_needs_a_second_person(boss: Account, vera: Account, session: Session) -> None:
    take_in(OTHERS, on=TODAY - DAY, at=NOW)
    assert apply(OTHERS[:57]).state is ImportState.APPLIED  # three of sixty are exactly one in twenty
    import_ = bring(OTHERS[:53], on=TODAY + DAY, at=NOW + DAY, by=boss)
    with pytest.raises(register_imports.NeedsSecond):
        register_imports.apply(import_, by=boss, at=NOW + DAY)
    register_imports.propose(import_, by=boss, at=NOW + DAY)
    with pytest.raises(proposals.NeedsSecond):
        register_imports.agree(import_, by=boss, at=NOW + 3 * DAY)
    assert register_imports.agree(import_, by=vera, at=NOW + 3 * DAY).second_by_id == vera.id


def test_many_small_lists_of_one_person_are_a_large_one(boss: Account, vera: Account, session: Session) -> None:
    take_in(OTHERS, on=TODAY - DAY, at=NOW)
    apply(OTHERS[:57], by=vera)
    import_ = bring(OTHERS[:55], on=TODAY + DAY, at=NOW + DAY, by=vera)
    with pytest.raises(register_imports.NeedsSecond) as needed:
        register_imports.apply(import_, by=vera, at=NOW + DAY)
    assert [one.values for one in needed.value.difference.reasons] == [{"count": 5, "total": 57}]
    assert register_imports.apply(import_, by=boss, at=NOW + DAY).state is ImportState.APPLIED


def test_nobody_takes_back_what_a_list_found_about_their_own_listing(boss: Account, vera: Account) -> None:
    many_claims(30)
    own = AccountFactory(role=Role.VERIFIER, email="wren@example.org")
    claim = join(boss, email="", by=own)
    apply([*OTHERS, row()], on=TODAY - DAY)
    confirm(claim, vera)
    import_ = apply(OTHERS, on=TODAY + DAY, at=NOW + DAY)
    with pytest.raises(InvalidTransition):
        register_imports.undo(import_, by=own, at=NOW + DAY)
    assert status(claim, TODAY + DAY) is Status.ENDED
    register_imports.undo(import_, by=boss, at=NOW + DAY)


def test_many_statements_need_a_second_person_too(wren: Claim, boss: Account, vera: Account) -> None:
    apply([*OTHERS, row()], on=TODAY - DAY)
    confirm(wren, vera)
    import_ = bring(OTHERS, on=TODAY + DAY, at=NOW + DAY)
    found = register_imports.difference(import_, by=boss, at=NOW + DAY)
    assert found.needs_second
    with pytest.raises(register_imports.NeedsSecond):
        register_imports.apply(import_, by=boss, at=NOW + DAY)


def test_alone_on_a_site_a_proposal_ripens_after_a_day(boss: Account, session: Session) -> None:
    take_in(OTHERS, on=TODAY - DAY, at=NOW)
    import_ = bring(OTHERS[:5], by=boss, on=TODAY, at=NOW)
    proposal = register_imports.propose(import_, by=boss, at=NOW)
    assert proposal.ripe_at is not None
    with pytest.raises(proposals.NeedsSecond):
        register_imports.agree(import_, by=boss, at=NOW + dt.timedelta(hours=23))
    register_imports.agree(import_, by=boss, at=NOW + dt.timedelta(hours=24))
    assert (import_.applied_by_id, import_.second_by_id) == (boss.id, None)


def test_nobody_applies_what_they_have_not_seen(boss: Account) -> None:
    import_ = bring(OTHERS, on=TODAY, at=NOW)
    with pytest.raises(register_imports.Changed):
        register_imports.apply(import_, by=boss, at=NOW, seen="another mark")


def test_a_list_is_applied_once(boss: Account) -> None:
    import_ = apply(OTHERS)
    for verb in (register_imports.apply, register_imports.propose, register_imports.agree, register_imports.discard):
        with pytest.raises(InvalidTransition):
            verb(import_, by=boss, at=NOW)  # type: ignore[operator]


def test_every_decision_stands_in_the_events_and_the_ledger(boss: Account, session: Session) -> None:
    before = ledger.size()
    import_ = apply(OTHERS, by=boss)
    register_imports.undo(import_, by=boss, at=NOW)
    session.commit()
    kinds = session.scalars(select(Event.kind).order_by(Event.id)).all()
    assert kinds[-3:] == ["register-staged", "register-imported", "register-undone"]
    entries = session.scalars(select(LedgerEntry).where(LedgerEntry.seq > before).order_by(LedgerEntry.seq)).all()
    assert [entry.kind for entry in entries] == ["register-imported", "register-undone"]
    assert import_.digest in entries[0].body


def test_the_file_goes_when_it_is_decided(session: Session) -> None:
    import_ = bring(OTHERS, on=TODAY, at=NOW)
    assert session.scalar(select(func.count()).select_from(RegisterFile)) == 1
    register_imports.discard(import_, by=None, at=NOW)
    assert session.scalar(select(func.count()).select_from(RegisterFile)) == 0


def test_a_file_that_nobody_decides_about_goes_after_thirty_days(session: Session) -> None:
    import_ = bring([*OTHERS, row(valid="never")], on=TODAY, at=NOW)
    assert register_imports.forget_old(NOW, at=NOW + 30 * DAY) == 0
    assert register_imports.forget_old(NOW + DAY, at=NOW + 31 * DAY) == 1
    assert (import_.state, import_.report[0]["given"]) == (ImportState.DISCARDED, "")
    assert session.scalar(select(func.count()).select_from(RegisterFile)) == 0


# ---------- how lists are written ----------


@pytest.mark.parametrize(
    ("headings", "line", "seen"),
    [
        (
            ("Mitgliedsnummer", "Vorname", "Nachname", "Ort"),
            ("7", "Käthe", "Müller", "Köln"),
            ("7", "Käthe Müller", "Köln"),
        ),
        (("N° adhérent", "Nom", "Prénom", "Ville"), ("7", "Dupont", "Zoë", "Lyon"), ("7", "Zoë Dupont", "Lyon")),
        (("Numero tessera", "Nome", "Cognome", "Città"), ("7", "Ada", "Rossi", "Roma"), ("7", "Ada Rossi", "Roma")),
        (("Número de socio", "Nombre", "Apellidos", "Ciudad"), ("7", "Ana", "Gil", "Cádiz"), ("7", "Ana Gil", "Cádiz")),
        (("Lidnummer", "Naam", "Plaats"), ("7", "Jan Smit", "Delft"), ("7", "Jan Smit", "Delft")),
        (("会員番号", "氏名", "市区町村"), ("7", "山田 花子", "京都"), ("7", "山田 花子", "京都")),
    ],
)
@pytest.mark.parametrize(("encoding", "separator"), [("utf-8-sig", ","), ("utf-16", ";"), ("utf-8", "\t")])
def test_columns_are_found_in_the_languages_of_the_bodies(
    session: Session,
    headings: tuple[str, ...],
    line: tuple[str, ...],
    seen: tuple[str, ...],
    encoding: str,
    separator: str,
) -> None:
    text = "\r\n".join(separator.join(one) for one in (headings, line))
    apply(text.encode(encoding))
    found = registers.rows(BODY)[0]
    assert (found.number, found.name, found.town) == seen


def test_lines_of_one_person_are_one_row_with_all_disciplines(session: Session) -> None:
    apply([row(therapies="Reflexology"), row(therapies="Shiatsu"), row(therapies="Shiatsu")])
    found = registers.rows(BODY)
    assert [set(line.disciplines) for line in found] == [{"reflexology", "shiatsu"}]


def test_dates_are_read_as_the_whole_column_writes_them(session: Session) -> None:
    apply([row("1", "Ann Marsh", valid="03/04/2027"), row("2", "Tom Fell", valid="12/31/2027")])
    assert {line.valid_to for line in registers.rows(BODY)} == {dt.date(2027, 3, 4), dt.date(2027, 12, 31)}


def test_a_number_key_is_the_same_for_a_column_as_for_one(session: Session) -> None:
    values = ["", "ab-1", "MAC1234", "macdonald 7", "mc lean", "o 12", "ÄÖ 1", "x" * 50, "0012", "12", "a_b.c/d"]
    for given in (values, [one for one in values if one.isascii()], [""], ["m"]):
        assert number_keys(join_column(given), len(given)) == [number_key(one) for one in given]


def test_an_unusual_file_is_as_small_as_it_says(session: Session) -> None:
    with pytest.raises(register_imports.Refused, match="larger"):
        bring(b"x" * (register_imports.MOST_BYTES + 1), on=TODAY, at=NOW)
    with pytest.raises(register_imports.Refused, match="No row"):
        bring(content([]), on=TODAY, at=NOW)
    with pytest.raises(register_imports.Refused, match="not come"):
        bring(OTHERS, on=TODAY + 9 * DAY, at=NOW)
