"""What verifiers decide. Nobody decides a claim of their own listing; of two people at once one wins, and the other is
told.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select, update

from directory.db import db, locked
from directory.lib import clock
from directory.models import (
    Account,
    Check,
    Claim,
    Evidence,
    NotFound,
    Outcome,
    Practitioner,
    Proposal,
    ProposalKind,
    Training,
)
from directory.models.standings import live, public_from
from directory.services import events, indexing, ledger, outbox, proposals
from directory.services.claims import audits, inheriting, lookups
from directory.services.claims.findings import (
    NOT_SEEN,
    NOT_YOURS,
    OWN,
    PROPOSED,
    TOO_LATE,
    UNDO_WITHIN,
    UNDONE,
    Finding,
    Refused,
    due_on,
    refuse_unsound,
)

KINDS = {
    Outcome.CONFIRMED: "claim-confirmed",
    Outcome.NOT_FOUND: "claim-not-found",
    Outcome.ENDED: "claim-ended",
    Outcome.RESTRICTED: "claim-restricted",
    Outcome.INCONCLUSIVE: "claim-inconclusive",
}


def confirm(claim: Claim, finding: Finding, *, by: Account, at: dt.datetime, revision: int | None = None) -> Check:
    """The register shows them, and something ties the listing to whom it shows.

    `revision`: that of the claim when the verifier saw it. Raises Conflict when it was decided meanwhile; Refused for
    one's own listing, without a tie, where what was seen does not cover what is claimed, or while a notice is proposed.
    """
    return _decide(claim, Outcome.CONFIRMED, finding, by=by, at=at, revision=revision)


def not_found(claim: Claim, finding: Finding, *, by: Account, at: dt.datetime, revision: int | None = None) -> Check:
    """Nobody like this is on the register. A first time the practitioner is told seven days before the public."""
    return _decide(claim, Outcome.NOT_FOUND, finding, by=by, at=at, revision=revision)


def ended(claim: Claim, finding: Finding, *, by: Account, at: dt.datetime, revision: int | None = None) -> Check:
    """The register shows that the membership has ended, on `finding.ended_on`."""
    return _decide(claim, Outcome.ENDED, finding, by=by, at=at, revision=revision)


def inconclusive(claim: Claim, finding: Finding, *, by: Account, at: dt.datetime, revision: int | None = None) -> Check:
    """It could not be told. Changes nothing, but that somebody has begun to look."""
    return _decide(claim, Outcome.INCONCLUSIVE, finding, by=by, at=at, revision=revision)


def restrict(claim: Claim, finding: Finding, *, by: Account, at: dt.datetime, revision: int | None = None) -> Proposal:
    """Propose to show that the body publishes a notice, at `finding.notice_url`. A second person must agree."""
    claim = lookups.for_decision(claim, by=by, revision=revision)
    refuse_unsound(claim, Outcome.RESTRICTED, finding, at=at)
    proposal = proposals.propose(
        ProposalKind.RESTRICTION,
        claim.id,
        by=by,
        at=at,
        practitioner_id=claim.practitioner_id,
        subject=lookups.subject(claim.practitioner),
        details=finding.as_details(),
        body=claim.body_id,
    )
    # From here on the claim is not forgotten when it is no longer stated.
    claim.taken_on = claim.taken_on or clock.day_of(at)
    claim.revision += 1
    _refresh([claim.practitioner_id])
    return proposal


def agree(proposal: Proposal, *, by: Account, at: dt.datetime) -> Check:
    """Agree that the notice is about this person: from now on it is shown.

    It counts from today, when the second person looked, and never from before what was found until now: a list
    may bear the date of a place where it is tomorrow already. Raises proposals.NeedsSecond, Refused, InvalidTransition.
    """
    claim = lookups.lock(proposal.about_id)
    lookups.refuse_own(claim, by)
    proposal = proposals.agree(proposal, by=by, at=at)
    finding = Finding.of_details({**proposal.details, "due_on": None})
    refuse_unsound(claim, Outcome.RESTRICTED, finding, at=at)
    day = max([clock.day_of(at), *(check.checked_on for check in lookups.checks_about(claim))])
    finding = replace(finding, checked_on=day)
    second = by.id if by.id != proposal.by_id else None
    check = _record(claim, Outcome.RESTRICTED, finding, by=by, by_id=proposal.by_id, second_by_id=second, at=at)
    inheriting.reach(check, at=at)
    return check


def disagree(proposal: Proposal, *, by: Account, at: dt.datetime) -> Proposal:
    """Do not show the notice. Whoever proposed it may take it back so."""
    claim = lookups.lock(proposal.about_id)
    lookups.refuse_own(claim, by)
    claim.revision += 1
    return proposals.refuse(proposal, by=by, at=at, subject=lookups.subject(claim.practitioner))


def _decide(
    claim: Claim, outcome: Outcome, finding: Finding, *, by: Account, at: dt.datetime, revision: int | None
) -> Check:
    claim = lookups.for_decision(claim, by=by, revision=revision)
    refuse_unsound(claim, outcome, finding, at=at)
    if outcome is Outcome.CONFIRMED and proposals.find_open(ProposalKind.RESTRICTION, claim.id) is not None:
        raise Refused(PROPOSED)
    return _record(claim, outcome, finding, by=by, by_id=by.id, at=at)


def _record(
    claim: Claim,
    outcome: Outcome,
    finding: Finding,
    *,
    by: Account,
    by_id: int,
    at: dt.datetime,
    second_by_id: int | None = None,
) -> Check:
    check = check_of(claim, outcome, finding, at=at)
    check.by_id, check.second_by_id = by_id, second_by_id
    db.session.add(check)
    db.session.flush()
    if outcome is Outcome.INCONCLUSIVE:
        claim.taken_on = claim.taken_on or clock.day_of(at)
    else:
        claim.taken_by_id = None
    claim.asked_at = claim.answered_at = None
    claim.revision += 1
    unseen = Evidence.claim_id == claim.id, Evidence.check_id.is_(None)
    db.session.execute(update(Evidence).where(*unseen).values(check_id=check.id))
    audits.close(claim, check, at=at)
    lookups.note(
        KINDS[outcome],
        claim,
        by=by,
        at=at,
        check=check.id,
        checked_on=check.checked_on.isoformat(),
        method=check.method.value,
        tie=check.tie.value if check.tie else None,
    )
    _write(check, claim, at=at)
    _refresh([claim.practitioner_id])
    return check


def check_of(claim: Claim, outcome: Outcome, finding: Finding, *, at: dt.datetime) -> Check:
    """The row that says what was found about a claim, not added yet."""
    assert claim.body_id is not None  # noqa: S101  refused before
    is_notice, is_end = outcome is Outcome.RESTRICTED, outcome is Outcome.ENDED
    return Check(
        practitioner_id=claim.practitioner_id,
        body_id=claim.body_id,
        number_key=claim.number_key,
        checked_on=finding.checked_on,
        recorded_at=at,
        method=finding.method,
        outcome=outcome,
        tie=finding.tie if outcome is Outcome.CONFIRMED else None,
        seen_name=finding.name,
        seen_grade=finding.grade,
        seen_disciplines=list(finding.disciplines),
        seen_town=finding.town,
        valid_from=finding.valid_from,
        valid_to=finding.valid_to if outcome is Outcome.CONFIRMED else None,
        ended_on=finding.ended_on if is_end else None,
        notice_url=finding.notice_url if is_notice else None,
        due_on=due_on(outcome, finding, claim.body),
        evidence_url=finding.evidence_url,
        note=finding.note,
        register_row_id=finding.register_row_id,
        register_import_id=finding.register_import_id,
    )


def _write(check: Check, claim: Claim, *, at: dt.datetime) -> None:
    """Tell the practitioner, once the verifier can no longer undo it."""
    if check.outcome is Outcome.INCONCLUSIVE:
        return
    is_told_first = check.outcome is Outcome.NOT_FOUND
    public_on = public_from(check, live(lookups.checks_about(claim))) if is_told_first else None
    lookups.tell_found(KINDS[check.outcome], check, claim, at=at, public_on=public_on)


def undo(check: Check, *, by: Account, at: dt.datetime) -> Check:
    """Take back one's own decision within ten minutes: from now on it does not count, though it is known to have been.

    Its letter is taken back, or followed by another. What others inherited from it goes with it. Raises Refused.
    """
    claims = _claims_of(check)
    if by.id not in (check.by_id, check.second_by_id):
        raise Refused(NOT_YOURS)
    # What a listing inherited is no decision about it: it goes with the one that it comes from.
    is_decision = check.undoes_id is None and check.inherited_from_id is None
    if not is_decision or at - check.recorded_at > UNDO_WITHIN:
        raise Refused(TOO_LATE)
    copies = db.session.scalars(select(Check).where(Check.inherited_from_id == check.id).order_by(Check.id)).all()
    undone = set(
        db.session.scalars(select(Check.undoes_id).where(Check.undoes_id.in_([check.id, *(one.id for one in copies)])))
    )
    if check.id in undone:
        raise Refused(UNDONE)
    undoing = check.undoing(by.id, at=at)
    db.session.add_all([undoing, *(one.undoing(by.id, at=at) for one in copies if one.id not in undone)])
    audits.reopen(check)
    db.session.execute(update(Evidence).where(Evidence.check_id == check.id).values(check_id=None))
    was_told = not outbox.take_back(lookups.cause_of(check))
    for claim in claims:
        claim.revision += 1
    if claims:
        first = claims[0]
        first.taken_by_id = by.id
        lookups.note("check-undone", first, by=by, at=at, check=check.id, outcome=check.outcome.value)
        if was_told and check.outcome is not Outcome.INCONCLUSIVE:
            lookups.tell_undone(check, first, at=at)
    _refresh(sorted({check.practitioner_id, *(one.practitioner_id for one in copies)}))
    return undoing


def _claims_of(check: Check) -> list[Claim]:
    """The claims that a check is of, locked, the one of its number first."""
    of_body = Claim.practitioner_id == check.practitioner_id, Claim.body_id == check.body_id
    query = locked(lookups.WHOLE.where(*of_body).order_by(Claim.id), of=Claim)
    found = [claim for claim in db.session.scalars(query) if lookups.is_about(check, claim)]
    return sorted(found, key=lambda claim: (claim.number_key != check.number_key, claim.withdrawn_on is not None))


def get_check(check_id: int) -> Check:
    """A check. Raises NotFound."""
    found = db.session.get(Check, check_id)
    if found is None:
        raise NotFound(f"no check {check_id}")
    return found


def get_for(check: Check) -> Claim | None:
    """The claim that a check is of, if it is still there."""
    return next(iter(_claims_of(check)), None)


def see_training(practitioner_id: int, modality_id: str, *, on: dt.date, by: Account, at: dt.datetime) -> None:
    """Record that a verifier saw a certificate of training in a modality, for the label “holistic”. Raises Refused."""
    query = select(Training).where(Training.practitioner_id == practitioner_id, Training.modality_id == modality_id)
    training = db.session.scalars(locked(query)).one_or_none()
    listing = db.session.get(Practitioner, practitioner_id)
    if training is None or listing is None:
        raise Refused(NOT_SEEN)
    kept = lookups.keeper(practitioner_id)
    if kept is not None and kept.account_id == by.id:
        raise Refused(OWN)
    training.seen_on = on
    known = {"modality": modality_id, "on": on.isoformat()}
    account_id = kept.account_id if kept else None
    events.record("training-seen", at=at, by=by, account_id=account_id, practitioner_id=practitioner_id, **known)
    ledger.append("training-seen", at=at, by=by, subject=lookups.subject(listing), **known)
    _refresh([practitioner_id])


def _refresh(practitioner_ids: Sequence[int]) -> None:
    db.session.flush()
    indexing.refresh(practitioner_ids)
