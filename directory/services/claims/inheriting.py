"""Checks belong to a person, a body and a number: what speaks against a membership follows the person.

A claim that is typed anew, a second listing and a new account inherit it. The person is the same where body and number
are equal and a name looks the same (lib/skeletons). Where only name and body are equal, it may be somebody else:
nothing is inherited, and the verifier is told.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import or_, select, union
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.attributes import set_committed_value

from directory.db import db
from directory.lib.skeletons import skeletons
from directory.models import Body, Check, Claim, Commitment, Method, Outcome, Practitioner
from directory.models.standings import against
from directory.services import commitments, indexing, ledger
from directory.services.claims.lookups import subject

BATCH = 500
CAUGHT_UP_AFTER = dt.timedelta(days=2)

# What is said again by whoever inherits a check.
_COPIED = (
    "body_id", "checked_on", "method", "outcome", "by_id", "second_by_id", "seen_name", "seen_grade",
    "seen_disciplines", "seen_town", "valid_from", "valid_to", "ended_on", "notice_url", "due_on", "evidence_url",
    "note", "register_row_id", "register_import_id",
)  # fmt: skip


def inherit(practitioner: Practitioner, *, at: dt.datetime) -> list[Check]:
    """Let a listing inherit what speaks against its claims: from other listings of the same person, whatever their
    state, and from what was committed to when they left. Call it whenever claims are stated, before `indexing.refresh`.
    """
    return inherit_many([practitioner.id], at=at)


def inherit_many(practitioner_ids: Sequence[int], *, at: dt.datetime) -> list[Check]:
    """The same of many listings; the checks that were added."""
    db.session.flush()
    # Columns only: an import states many claims, and there is hardly ever anything to inherit.
    stated = db.session.execute(
        select(Claim.id, Claim.practitioner_id, Claim.body_id, Claim.number_key).where(
            Claim.practitioner_id.in_(practitioner_ids), Claim.body_id.is_not(None), Claim.number_key != ""
        )
    ).all()
    suspects = _suspects({one.number_key for one in stated})
    left = _bodies_left({one.body_id for one in stated if one.body_id})
    ids = [
        one.id
        for one in stated
        if suspects.get((one.body_id, one.number_key), set()) - {one.practitioner_id} or one.body_id in left
    ]
    if not ids:
        return []
    wanted = db.session.scalars(select(Claim).where(Claim.id.in_(ids)).order_by(Claim.id)).all()
    people = _people({claim.practitioner_id for claim in wanted})
    others = _people({id_ for claim in wanted for id_ in suspects.get((claim.body_id, claim.number_key), ())})
    added: list[Check] = []
    for claim in wanted:
        listing = people[claim.practitioner_id]
        sources = [others[id_] for id_ in sorted(suspects.get((claim.body_id, claim.number_key), ()))]
        added += _from_listings(claim, listing, sources, at=at)
        if claim.body_id in left:
            added += _from_commitments(claim, listing, at=at)
    _written(added, at=at)
    return added


def catch_up(*, at: dt.datetime) -> int:
    """Inherit what two people who decided at the same moment did not see of each other; how many checks were added.

    Looks at what was stated or corrected lately. Done twice it adds nothing more.
    """
    since = at - CAUGHT_UP_AFTER
    ids = db.session.scalars(
        select(Claim.practitioner_id)
        .where(or_(Claim.recorded_at > since, Claim.answered_at > since))
        .distinct()
        .order_by(Claim.practitioner_id)
    ).all()
    added = [check for start in range(0, len(ids), BATCH) for check in inherit_many(ids[start : start + BATCH], at=at)]
    indexing.refresh(sorted({check.practitioner_id for check in added}))
    return len(added)


def reach(notice: Check, *, at: dt.datetime) -> list[Check]:
    """Let a notice reach every other listing of the same person, whatever its state; the checks that were added."""
    source = _people({notice.practitioner_id})[notice.practitioner_id]
    under = {number for one, numbers in _against(source) if one.id == notice.id for number in numbers} - {""}
    claims = db.session.scalars(
        select(Claim)
        .where(
            Claim.body_id == notice.body_id,
            Claim.number_key.in_(under),
            Claim.practitioner_id != notice.practitioner_id,
        )
        .order_by(Claim.id)
    ).all()
    people = _people({claim.practitioner_id for claim in claims})
    added = [
        check for claim in claims for check in _from_listings(claim, people[claim.practitioner_id], [source], at=at)
    ]
    _written(added, at=at)
    indexing.refresh(sorted({check.practitioner_id for check in added}))
    return added


def of_namesakes(claim: Claim) -> list[Commitment]:
    """What was committed to about somebody of the same name at the same body who left, for the verifier: the number may
    be another, so it may be somebody else.
    """
    if claim.body_id is None:
        return []
    listing = _people({claim.practitioner_id})[claim.practitioner_id]
    found = {
        one.id: one for look in _looks(listing) for one in commitments.matches(claim.body_id, claim.number_key, look)
    }
    return [found[id_] for id_ in sorted(found, reverse=True)]


def namesakes(claim: Claim) -> list[tuple[Practitioner, Check]]:
    """Other listings of the same name at the same body, with what speaks against them: for the verifier to compare."""
    if claim.body_id is None:
        return []
    listing = _people({claim.practitioner_id})[claim.practitioner_id]
    ids = db.session.scalars(
        select(Practitioner.id)
        .join(Check, Check.practitioner_id == Practitioner.id)
        .where(Practitioner.name_key == listing.name_key, Check.body_id == claim.body_id, Practitioner.id != listing.id)
    ).all()
    return [
        (other, check)
        for other in _people(set(ids)).values()
        for check, _ in _against(other)
        if check.body_id == claim.body_id
    ]


def shares_a_notice(claim: Claim) -> bool:
    """Whether a notice stands at another listing of this number, whatever its name, or of this name at this body: then
    a person looks, and no list confirms.
    """
    same = _suspects({claim.number_key}).get((claim.body_id, claim.number_key), set()) - {claim.practitioner_id}
    found = [check for other in _people(same).values() for check, under in _against(other) if claim.number_key in under]
    found += [check for _, check in namesakes(claim)]
    return any(check.body_id == claim.body_id and check.outcome is Outcome.RESTRICTED for check in found)


def _suspects(numbers: set[str]) -> dict[tuple[str | None, str], set[int]]:
    """Listings that have one of these numbers, by body and number, where something was ever found against them."""
    if not numbers:
        return {}
    adverse = select(Check.practitioner_id).where(Check.outcome.in_(commitments.KEPT))
    same = union(
        *(
            select(table.practitioner_id, table.body_id, table.number_key).where(
                table.number_key.in_(numbers), table.practitioner_id.in_(adverse)
            )
            for table in (Claim, Check)
        )
    )
    found: dict[tuple[str | None, str], set[int]] = {}
    for practitioner_id, body_id, number in db.session.execute(same):
        found.setdefault((body_id, number), set()).add(practitioner_id)
    return found


def _bodies_left(body_ids: set[str]) -> set[str]:
    """Those of these bodies of which somebody left with something against them."""
    query = select(Commitment.body_id).where(Commitment.body_id.in_(body_ids)).distinct()
    return {body_id for body_id in db.session.scalars(query) if body_id} if body_ids else set()


def _people(ids: set[int]) -> dict[int, Practitioner]:
    query = (
        select(Practitioner)
        .where(Practitioner.id.in_(ids))
        .options(
            selectinload(Practitioner.other_names),
            # With the body: whoever holds one of these claims asks it for that.
            selectinload(Practitioner.claims).joinedload(Claim.body),
            selectinload(Practitioner.checks),
        )
        .execution_options(populate_existing=True)
    )
    found = {one.id: one for one in db.session.scalars(query)} if ids else {}
    for one in found.values():
        for claim in one.claims:
            # It was read anew, without what whoever holds it may have read with it.
            set_committed_value(claim, "practitioner", one)
    return found


def _looks(listing: Practitioner) -> set[str]:
    """What the names of a listing look like."""
    names = (listing.name, *(other.name for other in listing.other_names))
    return {look for name in names for look in skeletons(name)}


def _against(listing: Practitioner) -> list[tuple[Check, frozenset[str]]]:
    numbers: dict[str, set[str]] = {}
    for claim in listing.claims:
        if claim.body_id is not None:
            numbers.setdefault(claim.body_id, set()).add(claim.number_key)
    return against(listing.checks, numbers)


def _from_listings(
    claim: Claim, listing: Practitioner, sources: Iterable[Practitioner], *, at: dt.datetime
) -> list[Check]:
    known = {root for check in listing.checks for root in (check.id, check.inherited_from_id)}
    added = []
    for source in sources:
        if source.id == listing.id or not _looks(source) & _looks(listing):
            continue
        for check, under in _against(source):
            root = check.inherited_from_id or check.id
            if check.body_id != claim.body_id or claim.number_key not in under or root in known:
                continue
            known.add(root)
            copied: dict[str, Any] = {name: getattr(check, name) for name in _COPIED}
            added.append(_add(claim, listing, at=at, inherited_from_id=root, **copied))
    return added


def _from_commitments(claim: Claim, listing: Practitioner, *, at: dt.datetime) -> list[Check]:
    assert claim.body_id is not None  # noqa: S101  only such claims are asked about
    known = {(one.body_id, one.outcome, one.checked_on) for one in listing.checks}
    added = []
    for one in commitments.recall(claim.body_id, claim.number_key, _looks(listing)):
        if (claim.body_id, one.outcome, one.checked_on) in known:
            continue
        address = one.notice_url or _address_of_body(claim.body_id) if one.outcome is Outcome.RESTRICTED else None
        ended_on = (one.ended_on or one.checked_on) if one.outcome is Outcome.ENDED else None
        added.append(
            _add(
                claim,
                listing,
                at=at,
                body_id=claim.body_id,
                checked_on=one.checked_on,
                method=Method.PUBLIC_REGISTER,
                outcome=one.outcome,
                notice_url=address,
                ended_on=ended_on,
            )
        )
    return added


def _address_of_body(body_id: str) -> str:
    """Where to read a notice whose own address was not kept: the body's register, or its pages."""
    body = db.session.get(Body, body_id)
    return (body.register_url or body.website or "") if body else ""


def _add(claim: Claim, listing: Practitioner, *, at: dt.datetime, **values: Any) -> Check:
    check = Check(practitioner_id=listing.id, number_key=claim.number_key, recorded_at=at, **values)
    # Through the listing, so that whoever holds it sees it.
    listing.checks.append(check)
    return check


def _written(added: Sequence[Check], *, at: dt.datetime) -> None:
    if not added:
        return
    db.session.flush()
    people = {
        one.id: one
        for one in db.session.scalars(
            select(Practitioner).where(Practitioner.id.in_({check.practitioner_id for check in added}))
        )
    }
    for check in added:
        ledger.append(
            "check-inherited",
            at=at,
            by=None,
            subject=subject(people[check.practitioner_id]),
            body=check.body_id,
            outcome=check.outcome.value,
            checked_on=check.checked_on.isoformat(),
        )
