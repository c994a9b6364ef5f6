"""Circles: people who agreed to know each other here see the notes that they write for one another.

Both say yes: whoever is invited answers, and the inviter then says who that was; unless the invitation went by mail to
the very address of the account that answers. Either leaves at any time, in silence. Nothing of this is an event or a
line of the ledger: two that came at the same moment would tell whoever reads them who is in whose circle.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask_security.utils import get_hmac
from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload

from directory.db import db, locked
from directory.lib import tokens
from directory.lib.fingerprints import fingerprint
from directory.models import (
    PUBLIC_STATES,
    Account,
    Acquaintance,
    Audience,
    CircleInvitation,
    InvalidTransition,
    NotFound,
    Practitioner,
    Recommendation,
    RecommendationState,
)
from directory.models.circles import LETTERS
from directory.services import mail_stops, outbox, recommendation_switches

LASTS = dt.timedelta(days=30)
# More at once than anybody has friends to ask in a month.
MOST_OPEN = 30
INVITATION, ANSWERED, JOINED = LETTERS

Recommended = dict[int, list[tuple[str, Recommendation]]]


class TooManyOpen(InvalidTransition):
    """Somebody has asked as many people as may be asked at once."""


class OwnInvitation(InvalidTransition):
    """Somebody opened the link that they made for somebody else."""


@dataclass(frozen=True)
class Known:
    """Somebody in a circle: the name that they gave, since when, and how addresses name that they are in it."""

    public_id: str
    name: str
    since: dt.datetime


class _Other(NamedTuple):
    account_id: int
    name: str


# ---- asking and answering


def usual_name(account: Account) -> str:
    """What somebody called themselves last, to a friend; blank for the first time."""
    invited = _invitations(CircleInvitation.inviter_id == account.id)
    for query in (invited, _invitations(CircleInvitation.answered_by_id == account.id)):
        found = db.session.scalars(query.order_by(CircleInvitation.id.desc()).limit(1)).one_or_none()
        if found is not None:
            return found.inviter_name if found.inviter_id == account.id else found.answered_name or ""
    last = select(Acquaintance).where(_is_of(account.id)).order_by(Acquaintance.made_at.desc()).limit(1)
    for known in db.session.scalars(last):
        return known.one_name if known.one_id == account.id else known.other_name
    wrote = select(Recommendation.name).where(Recommendation.writer_id == account.id)
    return db.session.scalar(wrote.order_by(Recommendation.changed_at.desc()).limit(1)) or ""


def invite(name: str, for_whom: str, *, by: Account, at: dt.datetime, email: str | None = None) -> CircleInvitation:
    """Make a link by which one person can join; with `email` (in its one spelling) a letter brings it there.

    `name` is the inviter's, as the other knows them; `for_whom` is their own word for the other. Nothing goes to
    somebody who wants no such mail; whoever asked does not learn that. Raises TooManyOpen.
    """
    if len(own_invitations(by, at=at)) >= MOST_OPEN:
        raise TooManyOpen("as many are open as may be")
    invitation = CircleInvitation(
        public_id=tokens.public_id(),
        token=tokens.secret(),
        inviter_id=by.id,
        inviter_name=name,
        for_whom=for_whom,
        mailed_to=_digest(email) if email else None,
        made_at=at,
        expires_at=at + LASTS,
    )
    db.session.add(invitation)
    db.session.flush()
    if email:
        mail_stops.queue(
            INVITATION,
            email,
            cause=_cause(invitation),
            at=at,
            sender=name,
            path=f"/circle-invitations/{invitation.token}",
        )
    return invitation


def look(token: str, *, at: dt.datetime) -> CircleInvitation:
    """An invitation that nobody has answered yet. Raises NotFound, whatever the reason."""
    is_open = CircleInvitation.answered_by_id.is_(None)
    return _one(_invitations(CircleInvitation.token == token, CircleInvitation.expires_at > at, is_open))


def look_as(account: Account, token: str, *, at: dt.datetime) -> CircleInvitation:
    """The same for whoever may answer it, or has. Raises NotFound, and OwnInvitation."""
    invitation = _one(_for(account, token, at))
    if invitation.inviter_id == account.id:
        raise OwnInvitation("their own")
    return invitation


def answer(token: str, name: str, *, by: Account, at: dt.datetime) -> bool:
    """Say yes to an invitation under this name; whether the two know each other now, else the inviter is asked.

    To say it twice changes nothing. Raises NotFound where somebody else was first, and OwnInvitation.
    """
    invitation = _one(locked(_for(by, token, at)))
    if invitation.inviter_id == by.id:
        raise OwnInvitation("their own")
    if _acquaintance(invitation.inviter_id, by.id) is not None:
        _end(invitation)
        return True
    if invitation.answered_by_id is not None:
        return False
    invitation.answered_by_id, invitation.answered_name, invitation.answered_at = by.id, name, at
    inviter = db.session.get_one(Account, invitation.inviter_id)
    if invitation.mailed_to is not None and by.confirmed_at is not None and invitation.mailed_to == _digest(by.email):
        _join(invitation, at=at)
        _tell(JOINED, inviter, name, of=by, at=at)
        return True
    invitation.expires_at = at + LASTS
    _tell(ANSWERED, inviter, name, of=by, at=at, path=f"/member/circle/invitations/{invitation.public_id}")
    return False


def take_answer_back(token: str, *, by: Account) -> None:
    """Say no after all, before the inviter has said who it was: the invitation is open again. Raises NotFound."""
    mine = _invitations(CircleInvitation.token == token, CircleInvitation.answered_by_id == by.id)
    invitation = _one(locked(mine))
    invitation.answered_by_id = invitation.answered_name = invitation.answered_at = None


def confirm(public_id: str, seen: str, *, by: Account, at: dt.datetime) -> None:
    """The inviter says that it was who they meant: from here on the two know each other.

    `seen` says which answer they were shown (see `answer_mark`). Raises NotFound, and InvalidTransition where
    nobody has answered, or somebody else than was seen.
    """
    invitation = _own_locked(by, public_id, at)
    answered_by = invitation.answered_by_id
    if answered_by is None or answer_mark(invitation) != seen:
        raise InvalidTransition("that answer is not there any more")
    if _acquaintance(by.id, answered_by) is not None:
        _end(invitation)
        return
    name = invitation.inviter_name
    _join(invitation, at=at)
    _tell(JOINED, db.session.get_one(Account, answered_by), name, of=by, at=at)


def refuse(public_id: str, seen: str, *, by: Account, at: dt.datetime) -> None:
    """The inviter says that it was somebody else. The link works no more; nobody is told. Raises as `confirm` does."""
    invitation = _own_locked(by, public_id, at)
    if invitation.answered_by_id is None or answer_mark(invitation) != seen:
        raise InvalidTransition("that answer is not there any more")
    _end(invitation)


def answer_mark(invitation: CircleInvitation) -> str:
    """Tells one answer from another that came after it; blank while there is none."""
    return invitation.answered_at.isoformat() if invitation.answered_at is not None else ""


def take_back(public_id: str, seen: str = "", *, by: Account, at: dt.datetime) -> None:
    """Let the link work no more; a letter with it that has not gone yet does not go. Raises NotFound, and
    InvalidTransition where somebody has answered meanwhile, whom the inviter has not seen."""
    invitation = _own_locked(by, public_id, at)
    if answer_mark(invitation) != seen:
        raise InvalidTransition("somebody has answered, or answered no more")
    _end(invitation)


def own_invitations(account: Account, *, at: dt.datetime) -> Sequence[CircleInvitation]:
    """The invitations that somebody made and that are open still, or answered and not confirmed; the newest first."""
    made = _invitations(CircleInvitation.inviter_id == account.id, CircleInvitation.expires_at > at)
    return db.session.scalars(made.order_by(CircleInvitation.id.desc())).all()


def get_own(account: Account, public_id: str, *, at: dt.datetime) -> CircleInvitation:
    """One of them. Raises NotFound, also for one of somebody else."""
    return _one(_own(account, public_id, at))


def own_answers(account: Account, *, at: dt.datetime) -> Sequence[CircleInvitation]:
    """The invitations to which somebody said yes, and whose inviters have yet to say who it was; the newest first."""
    mine = CircleInvitation.answered_by_id == account.id
    query = _invitations(mine, CircleInvitation.expires_at > at)
    return db.session.scalars(query.order_by(CircleInvitation.id.desc())).all()


# ---- who knows whom


def people(account: Account) -> list[Known]:
    """Everybody in somebody's circle, by name."""
    rows = db.session.scalars(select(Acquaintance).where(_is_of(account.id)))
    found = [Known(row.public_id, _other(row, account.id).name, row.made_at) for row in rows]
    return sorted(found, key=lambda one: (one.name.casefold(), one.public_id))


def get_known(account: Account, public_id: str) -> Known:
    """One of them. Raises NotFound."""
    for one in people(account):
        if one.public_id == public_id:
            return one
    raise NotFound(f"nobody is {public_id} to this account")


def leave(account: Account, public_id: str) -> None:
    """The two do not know each other here any more, from now on, for either. Nobody is told. Raises NotFound."""
    query = select(Acquaintance).where(Acquaintance.public_id == public_id, _is_of(account.id))
    row = db.session.scalars(locked(query)).one_or_none()
    if row is None:
        raise NotFound(f"nobody is {public_id} to this account")
    db.session.delete(row)
    db.session.flush()


def recommended(account_id: int, practitioner_ids: Collection[int] | None = None) -> Recommended:
    """What people in somebody's circle say of practitioners whom the public sees: their notes for their circle, and
    their public ones, with the name of each writer; the newest first. Of these practitioners, or of all.
    """
    names = _names(account_id)
    found: Recommended = defaultdict(list)
    if not names or (practitioner_ids is not None and not practitioner_ids):
        return {}
    query = select(Recommendation).where(*_shown(names))
    if practitioner_ids is not None:
        query = query.where(Recommendation.practitioner_id.in_(list(practitioner_ids)))
    # Of each practitioner no more than what switches ask for.
    country = joinedload(Recommendation.practitioner, innerjoin=True).load_only(Practitioner.country)
    query = query.options(country)
    for note in db.session.scalars(query.order_by(Recommendation.month.desc(), Recommendation.id.desc())):
        found[note.practitioner_id].append((names[note.writer_id], note))
    return {
        id_: notes for id_, notes in found.items() if recommendation_switches.find(notes[0][1].practitioner) is None
    }


# ---- what stands behind it


def _names(account_id: int) -> dict[int, str]:
    """The accounts in somebody's circle, with the names that they gave."""
    rows = db.session.scalars(select(Acquaintance).where(_is_of(account_id)))
    return dict(_other(row, account_id) for row in rows)


def _shown(writers: Collection[int]) -> list[ColumnElement[bool]]:
    """Notes by these people that their circles may see."""
    active = select(Account.id).where(Account.active)
    public = select(Practitioner.id).where(Practitioner.state.in_(PUBLIC_STATES))
    return [
        Recommendation.writer_id.in_(list(writers)),
        Recommendation.writer_id.in_(active),
        Recommendation.audience.in_([Audience.CIRCLE, Audience.PUBLIC]),
        Recommendation.state == RecommendationState.SHOWN,
        Recommendation.practitioner_id.in_(public),
    ]


def _is_of(account_id: int) -> ColumnElement[bool]:
    return or_(Acquaintance.one_id == account_id, Acquaintance.other_id == account_id)


def _other(row: Acquaintance, account_id: int) -> _Other:
    if row.one_id == account_id:
        return _Other(row.other_id, row.other_name)
    return _Other(row.one_id, row.one_name)


def _acquaintance(one: int, other: int) -> Acquaintance | None:
    return db.session.get(Acquaintance, (min(one, other), max(one, other)))


def _join(invitation: CircleInvitation, *, at: dt.datetime) -> None:
    """Both have said yes. Nothing of the invitation is needed any more."""
    both = sorted(
        [
            (invitation.inviter_id, invitation.inviter_name),
            (invitation.answered_by_id or 0, invitation.answered_name or ""),
        ]
    )
    (one_id, one_name), (other_id, other_name) = both
    db.session.add(
        Acquaintance(
            one_id=one_id,
            other_id=other_id,
            public_id=tokens.public_id(),
            one_name=one_name,
            other_name=other_name,
            made_at=at,
        )
    )
    _end(invitation)


def _end(invitation: CircleInvitation) -> None:
    outbox.take_back(_cause(invitation))
    db.session.delete(invitation)
    db.session.flush()


def _tell(kind: str, to: Account, name: str, *, of: Account, at: dt.datetime, **values: Any) -> None:
    """Write to somebody about a person of that name, whose account the cause names: see services/erasures."""
    cause = f"{kind}:{of.id}:{to.id}:{at.isoformat()}"
    outbox.queue(kind, to.email, cause=cause, at=at, account_id=to.id, name=name, **values)


def _cause(invitation: CircleInvitation) -> str:
    """Numbers of rows may be given out again; tokens are not."""
    return f"{INVITATION}:{invitation.inviter_id}:{fingerprint(invitation.token):x}"


def _digest(email: str) -> str:
    digest: bytes = get_hmac(f"circle-invitation\n{email.lower()}")
    return digest.decode()


# ---- queries


def _invitations(*conditions: ColumnElement[bool]) -> Select[CircleInvitation]:
    return select(CircleInvitation).where(*conditions)


def _for(account: Account, token: str, at: dt.datetime) -> Select[CircleInvitation]:
    """An invitation that is open, or that this account has answered."""
    free = or_(CircleInvitation.answered_by_id.is_(None), CircleInvitation.answered_by_id == account.id)
    return _invitations(and_(CircleInvitation.token == token, CircleInvitation.expires_at > at, free))


def _own(account: Account, public_id: str, at: dt.datetime) -> Select[CircleInvitation]:
    own = and_(CircleInvitation.inviter_id == account.id, CircleInvitation.public_id == public_id)
    return _invitations(own, CircleInvitation.expires_at > at)


def _own_locked(account: Account, public_id: str, at: dt.datetime) -> CircleInvitation:
    return _one(locked(_own(account, public_id, at)))


def _one(query: Select[CircleInvitation]) -> CircleInvitation:
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("no such invitation")
    return found
