"""One claim as a verifier sees it: everything that is needed to decide, on one screen."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import aliased, selectinload

from directory.db import db
from directory.lib.words import Message
from directory.models import (
    PERMISSIONS,
    Account,
    Audit,
    Body,
    Check,
    Claim,
    ClaimMessage,
    Evidence,
    Kept,
    NotFound,
    Outcome,
    Permission,
    PracticePlace,
    Practitioner,
    Proposal,
    ProposalKind,
    Standing,
    Status,
    Tie,
    Training,
)
from directory.models.standings import standing
from directory.services import claims, lookalikes, matching, proposals, registers
from directory.services.claims import UNDO_WITHIN

OTHERS = 5
MOST_UNDOABLE = 3
_SEALS = {
    Outcome.CONFIRMED: Status.CHECKED,
    Outcome.NOT_FOUND: Status.NOT_CONFIRMED,
    Outcome.ENDED: Status.ENDED,
    Outcome.RESTRICTED: Status.RESTRICTED,
    Outcome.INCONCLUSIVE: Status.BEING_CHECKED,
}


@dataclass(frozen=True)
class Look:
    """A check of this person and body, as the history of a claim shows it."""

    check: Check
    is_undone: bool

    @property
    def status(self) -> Status:
        """Whose seal stands beside it."""
        return _SEALS[self.check.outcome]


@dataclass(frozen=True)
class Candidate:
    """A row of a list that is held, which may be this person: what ties it to the listing, what it shows that the
    listing names, too, without anybody having confirmed it, what speaks for it and what against."""

    line: registers.Line
    ties: Sequence[Tie]
    same_contacts: Sequence[Tie]
    reasons: Sequence[Message]
    against: Sequence[Message]


@dataclass(frozen=True)
class Undoable:
    """A decision that can still be undone, for so long."""

    check: Check
    name: str
    body: str
    left: dt.timedelta


@dataclass(frozen=True)
class Other:
    """A claim of another listing to the same body with the same number."""

    claim_id: int
    name: str
    town: str | None


@dataclass(frozen=True)
class Case:
    """A claim with all that is known about it. `standing` is what the public reads on `day`.

    `looks` are all checks of this person and body, the newest first: also of other numbers, inherited and taken back.
    `verdict` and `candidates` are what matching says of the lists that are held; None where there are none.
    `flags` are what looks like somebody else's (services/lookalikes), and what was found about somebody who left;
    `namesakes` other listings of this name at this body, with what speaks against them.
    """

    claim: Claim
    listing: Practitioner
    body: Body | None
    account: Account | None
    standing: Standing
    looks: Sequence[Look]
    evidence: Sequence[Evidence]
    messages: Sequence[ClaimMessage]
    proposal: Proposal | None
    audit: Audit | None
    lists: registers.Lists
    verdict: matching.Verdict | None
    candidates: Sequence[Candidate]
    flags: Sequence[lookalikes.Flag]
    others: Sequence[Other]
    namesakes: Sequence[tuple[Practitioner, Check]]

    @property
    def body_name(self) -> str:
        return self.standing.body_name

    @property
    def match(self) -> Candidate | None:
        """The one row that is a match. Proposed, not decided."""
        return self.candidates[0] if self.verdict is matching.Verdict.MATCH and self.candidates else None

    @property
    def checks(self) -> Sequence[Check]:
        """Every check of the practitioner, as models/standings asks for them."""
        return self.listing.checks

    @property
    def trainings(self) -> Sequence[Training]:
        return self.listing.trainings

    @property
    def account_ids(self) -> set[int]:
        """Everybody whose doings are told here."""
        found = {one for look in self.looks for one in (look.check.by_id, look.check.second_by_id)}
        found |= {one.by_id for one in self.messages} | {self.claim.taken_by_id}
        return {one for one in found if one is not None}

    def is_own(self, account: Account) -> bool:
        """Whether it is a claim of the listing that this account keeps."""
        return self.account is not None and self.account.id == account.id

    def is_blind_for(self, account: Account) -> bool:
        """Whether this account is to look a second time without seeing what the first one saw."""
        return self.audit is not None and claims.is_for(self.audit, account)


def case_of(claim_id: int, day: dt.date) -> Case:
    """Everything about one claim. Raises NotFound."""
    # Comes first: it reads the listing and its claims anew, with other parts than are needed here.
    namesakes = claims.namesakes(claims.get(claim_id))
    claim = claims.get(claim_id)
    listing = _listing(claim.practitioner_id)
    checks = [check for check in listing.checks if check.body_id == claim.body_id]
    undone = {check.undoes_id for check in checks}
    return Case(
        claim,
        listing,
        claim.body,
        db.session.scalars(
            select(Account).join(Kept, Kept.account_id == Account.id).where(Kept.practitioner_id == listing.id)
        ).one_or_none(),
        standing(claim, claim.body, listing.checks, day),
        sorted(
            (Look(check, check.id in undone) for check in checks if check.undoes_id is None),
            key=lambda look: (look.check.checked_on, look.check.recorded_at, look.check.id),
            reverse=True,
        ),
        claims.evidence_of(claim),
        claims.messages(claim),
        proposals.find_open(ProposalKind.RESTRICTION, claim.id),
        claims.second_look_of(claim),
        registers.lists(claim.body_id or ""),
        *_matched(claim),
        _flags(claim, listing),
        _others(claim),
        namesakes,
    )


def check_of(check_id: int) -> tuple[Check, int]:
    """A check, and the claim that it is shown with. Raises NotFound."""
    check = claims.get_check(check_id)
    claim = claims.get_for(check)
    if claim is None:
        raise NotFound(f"check {check_id} is of no claim that is still there")
    return check, claim.id


def undoable(by: Account, at: dt.datetime) -> list[Undoable]:
    """What this account decided so lately that it can still be undone, the newest first."""
    undoing = aliased(Check)
    query = (
        select(Check, Practitioner.name, Body.name)
        .join(Practitioner, Practitioner.id == Check.practitioner_id)
        .join(Body, Body.id == Check.body_id)
        .where(
            or_(Check.by_id == by.id, Check.second_by_id == by.id),
            Check.recorded_at > at - UNDO_WITHIN,
            Check.undoes_id.is_(None),
            Check.inherited_from_id.is_(None),
            ~exists().where(undoing.undoes_id == Check.id),
        )
        .order_by(Check.id.desc())
        .limit(MOST_UNDOABLE)
    )
    return [
        Undoable(check, name, body, check.recorded_at + UNDO_WITHIN - at)
        for check, name, body in db.session.execute(query)
    ]


def bodies_claimed() -> list[Body]:
    """The bodies of which somebody states a membership, by name."""
    claimed = select(Claim.body_id).where(Claim.body_id.is_not(None))
    query = select(Body).where(Body.id.in_(claimed)).order_by(Body.sort_key)
    return [body for body in db.session.scalars(query) if body.is_assessed]


def verifiers() -> Sequence[Account]:
    """Everybody who may decide claims."""
    roles = [role for role, permissions in PERMISSIONS.items() if Permission.DECIDE_CLAIMS in permissions]
    return db.session.scalars(
        select(Account).where(Account.role.in_(roles), Account.active).order_by(Account.email)
    ).all()


def _listing(practitioner_id: int) -> Practitioner:
    query = select(Practitioner).where(Practitioner.id == practitioner_id)
    parts = (
        selectinload(Practitioner.other_names),
        selectinload(Practitioner.places),
        selectinload(Practitioner.checks),
        selectinload(Practitioner.trainings).selectinload(Training.modality),
    )
    # Whatever a verb has locked and read again meanwhile, its parts are read anew, too.
    return db.session.scalars(query.options(*parts).execution_options(populate_existing=True)).one()


def _matched(claim: Claim) -> tuple[matching.Verdict | None, list[Candidate]]:
    """What the lists that are held say: the verdict, and the rows that may be this person."""
    answer = matching.of_claim(claim)
    if answer is None:
        return None, []
    found = []
    for one in answer.candidates:
        line = cast("registers.Line", one.row)
        found.append(
            Candidate(
                line,
                claims.ties_of(claim, line),
                claims.same_contacts(claim, line),
                [reason.message for reason in one.reasons],
                [reason.message for reason in one.against],
            )
        )
    return answer.verdict, found


def _flags(claim: Claim, listing: Practitioner) -> list[lookalikes.Flag]:
    names = listing.other_names
    shown = {
        "name": listing.name,
        "other_names": [one.name for one in names if one.is_shown],
        "claims": [{"body_id": claim.body_id, "body_name": claim.body_name}],
    }
    private = {
        "search_only_names": [one.name for one in names if not one.is_shown],
        "claim_numbers": [claim.number],
    }
    return lookalikes.flags(listing.id, shown, private)


def _others(claim: Claim) -> list[Other]:
    if claim.body_id is None or not claim.number_key:
        return []
    rows = db.session.execute(
        select(Claim.id, Practitioner.id, Practitioner.name)
        .join(Practitioner, Practitioner.id == Claim.practitioner_id)
        .where(
            Claim.body_id == claim.body_id,
            Claim.number_key == claim.number_key,
            Claim.practitioner_id != claim.practitioner_id,
        )
        .order_by(Claim.id)
        .limit(OTHERS)
    ).all()
    towns = towns_of(row[1] for row in rows)
    return [Other(number, name, towns.get(practitioner_id)) for number, practitioner_id, name in rows]


def towns_of(practitioner_ids: Iterable[int]) -> dict[int, str]:
    """The first town of each of these listings."""
    query = select(PracticePlace.practitioner_id, PracticePlace.town).order_by(PracticePlace.id.desc())
    found = db.session.execute(query.where(PracticePlace.practitioner_id.in_(list(practitioner_ids))))
    return {number: town for number, town in found}  # noqa: C416  rows are no pairs to a type checker
