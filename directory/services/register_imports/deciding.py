"""What people decide about a list: to apply it, alone or with a second person, to discard it, and to undo it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import func, select

from directory.db import db
from directory.lib import clock
from directory.models import (
    Account,
    Check,
    Claim,
    ImportState,
    InvalidTransition,
    Kept,
    Outcome,
    Proposal,
    ProposalKind,
    Register,
    RegisterImport,
    RegisterRow,
    RegisterStep,
    Status,
)
from directory.models.standings import standing
from directory.services import claims, events, indexing, ledger, outbox, proposals, registers
from directory.services.claims import lookups
from directory.services.claims.findings import OWN
from directory.services.register_imports import staging
from directory.services.register_imports.differences import Difference, Plan, compared, prepare
from directory.services.register_imports.effects import Effect
from directory.services.registers import steps

UNDO_WITHIN = dt.timedelta(days=30)
_LETTERS = {Outcome.CONFIRMED: "claim-confirmed", Outcome.ENDED: "claim-ended"}
_KINDS = {**_LETTERS, Outcome.INCONCLUSIVE: "claim-inconclusive"}


class NeedsSecond(InvalidTransition):
    """One person alone may not apply this. `difference` says why."""

    def __init__(self, difference: Difference) -> None:
        super().__init__("a second person must agree to this")
        self.difference = difference


class Changed(InvalidTransition):
    """It would do something else now than whoever decided has seen."""


class ColumnsUnsure(InvalidTransition):
    """Nobody has said yet which column says what, and the headings alone do not."""


def apply(import_: RegisterImport, *, by: Account | None, at: dt.datetime, seen: str | None = None) -> RegisterImport:
    """Apply a list, in one transaction; ends the one that is open first. `by` None: an operator at the machine.

    `seen` is the mark of the difference that was shown. A list of which everything is held is discarded instead, and
    makes no step. Raises NeedsSecond, Changed, ColumnsUnsure, InvalidTransition, and staging.Refused.
    """
    plan = prepare(import_)
    import_, found = _locked(plan, ImportState.STAGED, by=by, at=at, seen=seen)
    if found.needs_second and not found.is_empty:
        raise NeedsSecond(found)
    return _do(plan, import_, found, by=by, second=None, at=at)


def propose(import_: RegisterImport, *, by: Account, at: dt.datetime, seen: str | None = None) -> Proposal:
    """Propose to apply a list that one person alone may not apply. Ends the transaction that is open.

    Raises Changed, ColumnsUnsure, InvalidTransition, and staging.Refused.
    """
    plan = prepare(import_)
    import_, found = _locked(plan, ImportState.STAGED, by=by, at=at, seen=seen)
    facts: dict[str, Any] = {"body": import_.body_id, "file": import_.digest, **found.counts}
    proposal = proposals.propose(
        ProposalKind.REGISTER_IMPORT, import_.id, by=by, at=at, details={"mark": found.mark, **found.counts}, **facts
    )
    import_.state, import_.proposal_id = ImportState.WAITING, proposal.id
    db.session.flush()
    return proposal


def agree(import_: RegisterImport, *, by: Account, at: dt.datetime, seen: str | None = None) -> RegisterImport:
    """Agree to a list that somebody proposed, which applies it. Ends the transaction that is open.

    Raises proposals.NeedsSecond, Changed, InvalidTransition, and staging.Refused.
    """
    plan = prepare(import_)
    import_, found = _locked(plan, ImportState.WAITING, by=by, at=at, seen=seen)
    proposal = proposals.agree(_proposal_of(import_), by=by, at=at)
    second = by.id if by.id != proposal.by_id else None
    return _do(plan, import_, found, by=by, second=second, at=at, by_id=proposal.by_id)


def refuse(import_: RegisterImport, *, by: Account, at: dt.datetime) -> None:
    """Do not agree: the list is as it was before it was proposed. Raises InvalidTransition."""
    import_ = staging.lock(import_.id)
    if import_.state is not ImportState.WAITING:
        raise InvalidTransition("this list does not wait for a second person")
    proposals.refuse(_proposal_of(import_), by=by, at=at)
    import_.state, import_.proposal_id = ImportState.STAGED, None
    db.session.flush()


def discard(import_: RegisterImport, *, by: Account | None, at: dt.datetime) -> None:
    """Take nothing of a list. Raises InvalidTransition where it is decided, or proposed."""
    import_ = staging.lock(import_.id)
    if import_.state is not ImportState.STAGED:
        raise InvalidTransition("this list is decided, or waits for a second person")
    _discard(import_)
    events.record("register-discarded", at=at, by=by, body=import_.body_id, import_id=import_.id)


def forget_old(before: dt.datetime, *, at: dt.datetime) -> int:
    """Discard lists that were brought before a moment and that nobody decided about; and of older ones forget what
    cells held that could not be read. How many were discarded.
    """
    left = db.session.scalars(
        select(RegisterImport).where(RegisterImport.state == ImportState.STAGED, RegisterImport.staged_at < before)
    ).all()
    for import_ in left:
        discard(import_, by=None, at=at)
    decided = RegisterImport.state.not_in([ImportState.STAGED, ImportState.WAITING])
    for import_ in db.session.scalars(select(RegisterImport).where(decided, RegisterImport.staged_at < before)):
        if any(problem["given"] for problem in import_.report):
            import_.report = [{**problem, "given": ""} for problem in import_.report]
    db.session.flush()
    return len(left)


def undoable(body_id: str, *, at: dt.datetime) -> RegisterImport | None:
    """The import that could be undone now: the latest that is held, for 30 days."""
    query = (
        select(RegisterImport)
        .join(RegisterStep, RegisterStep.import_id == RegisterImport.id)
        .where(RegisterImport.body_id == body_id, RegisterImport.state == ImportState.APPLIED)
        .order_by(RegisterStep.number.desc())
        .limit(1)
    )
    found = db.session.scalars(query).one_or_none()
    if found is None or found.applied_at is None or at > found.applied_at + UNDO_WITHIN:
        return None
    return found


def undo(import_: RegisterImport, *, by: Account | None, at: dt.datetime) -> RegisterStep:
    """Put back, as one step, what was held before a list, and take back the checks that it made.

    What was known meanwhile can still be asked for. Raises InvalidTransition: not the latest, older than 30 days, or
    one that decided about the listing of whoever asks.
    """
    steps.lock(import_.body_id, at=at)
    import_ = staging.lock(import_.id)
    latest = undoable(import_.body_id, at=at)
    if latest is None or latest.id != import_.id:
        raise InvalidTransition("only the latest list is undone, within 30 days")
    if by is not None and _is_about_own(import_, by):
        raise claims.Refused(OWN)
    step = steps.restore(import_, at=at)
    import_.state, import_.undone_at, import_.undone_by_id = ImportState.UNDONE, at, by.id if by else None
    taken_back = _take_back_checks(import_, by=by, at=at)
    facts: dict[str, Any] = {"body": import_.body_id, "file": import_.digest, "view": step.view_hash}
    facts["checks"] = taken_back
    events.record("register-undone", at=at, by=by, import_id=import_.id, **facts)
    ledger.append("register-undone", at=at, by=by, **facts)
    db.session.flush()
    return step


def confirm_automatically(register: Register, *, is_on: bool, by: Account, at: dt.datetime) -> None:
    """Let the lists of a body confirm claims by themselves, where number, name and a tie agree; or no longer."""
    if register.confirms_automatically is is_on:
        return
    register.confirms_automatically, register.changed_at = is_on, at
    kind = "register-confirming-switched-on" if is_on else "register-confirming-switched-off"
    events.record(kind, at=at, by=by, body=register.body_id)
    ledger.append(kind, at=at, by=by, body=register.body_id)
    db.session.flush()


def _locked(
    plan: Plan, state: ImportState, *, by: Account | None, at: dt.datetime, seen: str | None
) -> tuple[RegisterImport, Difference]:
    """The import and its difference, as they are once nobody else can change them."""
    plan.register = steps.lock(plan.import_.body_id, at=at)
    plan.import_ = import_ = staging.lock(plan.import_.id)
    if import_.state is not state:
        raise InvalidTransition("this list was decided meanwhile")
    if not import_.columns_are_sure:
        raise ColumnsUnsure("say which column says what first")
    latest = registers.lists(import_.body_id).latest
    if latest is not None and import_.listed_on < latest and not import_.is_older:
        raise InvalidTransition("a later list is held by now")
    found = compared(plan, by=by, at=at)
    if seen is not None and seen != found.mark:
        raise Changed("this list would do something else now")
    return import_, found


def _do(
    plan: Plan,
    import_: RegisterImport,
    found: Difference,
    *,
    by: Account | None,
    second: int | None,
    at: dt.datetime,
    by_id: int | None = None,
) -> RegisterImport:
    register = plan.register
    register.columns = import_.columns
    register.permission = import_.permission or register.permission
    register.source_url = import_.source_url or register.source_url
    if found.is_empty:
        _discard(import_)
        return import_
    step = steps.write(import_, found.comparison, plan.lines.digests, plan.said, at=at)
    import_.state, import_.applied_at = ImportState.APPLIED, at
    import_.applied_by_id, import_.second_by_id = by_id or (by.id if by else None), second
    made = _make_checks(import_, found.effects, by=by, at=at)
    import_.counts = {**import_.counts, **found.counts, "checks": made}
    staging.forget_file(import_)
    facts: dict[str, Any] = {"body": import_.body_id, "file": import_.digest, "view": step.view_hash, **found.counts}
    facts["checks"] = made
    facts["listed_on"] = import_.listed_on.isoformat()
    events.record("register-imported", at=at, by=by, import_id=import_.id, **facts)
    ledger.append("register-imported", at=at, by=by, second=second is not None, **facts)
    db.session.flush()
    return import_


def _discard(import_: RegisterImport) -> None:
    import_.state = ImportState.DISCARDED
    staging.forget_file(import_)
    db.session.flush()


def _proposal_of(import_: RegisterImport) -> Proposal:
    found = proposals.find_open(ProposalKind.REGISTER_IMPORT, import_.id)
    if found is None:
        raise InvalidTransition("this list does not wait for a second person")
    return found


def _make_checks(import_: RegisterImport, effects: Sequence[Effect], *, by: Account | None, at: dt.datetime) -> int:
    """Add the checks, and tell whoever's status is another one now. No account looked: the list did."""
    if not effects:
        return 0
    rows = _row_ids(import_.body_id, {effect.key for effect in effects})
    made: list[tuple[Effect, Check]] = []
    for effect in effects:
        claim = effect.claim
        finding = replace(effect.finding, register_row_id=rows.get(effect.key))
        check = claims.check_of(claim, effect.outcome, finding, at=at)
        db.session.add(check)
        claim.revision += 1
        if effect.outcome is not Outcome.INCONCLUSIVE:
            claim.taken_by_id = claim.asked_at = claim.answered_at = None
        made.append((effect, check))
    db.session.flush()
    for effect, check in made:
        known = {"check": check.id, "checked_on": check.checked_on.isoformat(), "method": check.method.value}
        tie = check.tie.value if check.tie else None
        lookups.note(_KINDS[effect.outcome], effect.claim, by=by, at=at, **known, tie=tie)
        if effect.changes:
            lookups.tell_found(_LETTERS[effect.outcome], check, effect.claim, at=at)
    indexing.refresh(sorted({effect.claim.practitioner_id for effect in effects}))
    return len(made)


def _row_ids(body_id: str, keys: Iterable[int]) -> dict[int, int]:
    """The numbers of the newest versions of rows, as they are held now."""
    query = (
        select(RegisterRow.key, func.max(RegisterRow.id))
        .where(RegisterRow.body_id == body_id, RegisterRow.key.in_(keys), RegisterRow.until_step.is_(None))
        .group_by(RegisterRow.key)
    )
    return {key: row_id for key, row_id in db.session.execute(query)}  # noqa: C416  rows are no pairs to a type checker


def _take_back_checks(import_: RegisterImport, *, by: Account | None, at: dt.datetime) -> int:
    """Undo the checks that a list made, and those that others have inherited from them."""
    own = select(Check).where(Check.register_import_id == import_.id, Check.undoes_id.is_(None))
    made = list(db.session.scalars(own.order_by(Check.id)))
    heirs = select(Check).where(Check.inherited_from_id.in_([check.id for check in made]), Check.undoes_id.is_(None))
    made += [check for check in db.session.scalars(heirs.order_by(Check.id)) if check not in made]
    ids = [check.id for check in made]
    undone = set(db.session.scalars(select(Check.undoes_id).where(Check.undoes_id.in_(ids))))
    left = [check for check in made if check.id not in undone]
    of = {check.id: claims.get_for(check) for check in left}
    before = {claim.id: _status(claim, at) for claim in of.values() if claim is not None}
    for check in left:
        db.session.add(check.undoing(by.id if by else None, at=at))
    db.session.flush()
    for check in left:
        claim = of[check.id]
        if claim is not None:
            claim.revision += 1
            lookups.note("check-undone", claim, by=by, at=at, check=check.id, outcome=check.outcome.value)
            is_other = _status(claim, at) is not before[claim.id]
            # The letter about the check is taken back while it waits; if it has gone, another follows it.
            if not outbox.take_back(lookups.cause_of(check)) and is_other and check.outcome in _LETTERS:
                lookups.tell_undone(check, claim, at=at)
    indexing.refresh(sorted({check.practitioner_id for check in left}))
    return len(left)


def _is_about_own(import_: RegisterImport, by: Account) -> bool:
    """Whether a list made a check of the listing that this account keeps: to take it back is to decide one's own."""
    query = (
        select(Check.id)
        .join(Kept, Kept.practitioner_id == Check.practitioner_id)
        .where(Check.register_import_id == import_.id, Kept.account_id == by.id)
    )
    return db.session.scalars(query.limit(1)).first() is not None


def _status(claim: Claim, at: dt.datetime) -> Status:
    return standing(claim, claim.body, lookups.checks_about(claim), clock.day_of(at)).status
