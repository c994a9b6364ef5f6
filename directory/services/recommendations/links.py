"""Private links: addresses at which a note for one friend can be read without an account, for a year."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import joinedload

from directory.db import db, locked, mode, wait_for_others
from directory.lib import tokens
from directory.lib.fingerprints import fingerprint
from directory.models import (
    PUBLIC_STATES,
    Audience,
    InvalidTransition,
    NotFound,
    Recommendation,
    RecommendationLink,
    RecommendationState,
)
from directory.models.recommendations import LETTER
from directory.services import mail_stops, outbox
from directory.services.recommendations.allowed import why_off
from directory.services.recommendations.deciding import lock

LASTS = dt.timedelta(days=365)
# More open ones at once than anybody has friends to tell of one practitioner.
MOST = 30


def make(note: Recommendation, for_whom: str, *, at: dt.datetime) -> RecommendationLink:
    """A new link to a note; `for_whom` is the writer's own word for the friend, or blank.

    Raises NotFound where the note was removed, and InvalidTransition where it cannot be read by links, or has as many
    as it may.
    """
    now = lock(note.id)
    if not is_open(now) or count_open(now, at=at) >= MOST:
        raise InvalidTransition("no link can be made to this note")
    link = RecommendationLink(
        recommendation_id=now.id,
        recommendation=now,
        public_id=tokens.public_id(),
        token=tokens.secret(),
        for_whom=for_whom,
        made_at=at,
        expires_at=at + LASTS,
        opened=0,
    )
    db.session.add(link)
    db.session.flush()
    return link


def is_open(note: Recommendation) -> bool:
    """Whether a note can be read by private links: it is for one friend, and shown, and so is its practitioner."""
    is_for_links = note.audience is Audience.FRIEND and note.state is RecommendationState.SHOWN
    return is_for_links and note.practitioner.state in PUBLIC_STATES and why_off(note.practitioner) is None


def works(link: RecommendationLink, *, at: dt.datetime) -> bool:
    """Whether a link was neither ended nor is too old."""
    return link.ended_at is None and link.expires_at > at


def count_open(note: Recommendation, *, at: dt.datetime) -> int:
    """How many links to a note work."""
    query = select(func.count()).where(RecommendationLink.recommendation_id == note.id)
    work = query.where(RecommendationLink.ended_at.is_(None), RecommendationLink.expires_at > at)
    return db.session.scalar(work) or 0


def of_notes(notes: Sequence[Recommendation]) -> dict[int, list[RecommendationLink]]:
    """The links to notes, by the number of the note, the oldest first."""
    found: dict[int, list[RecommendationLink]] = {note.id: [] for note in notes}
    query = select(RecommendationLink).where(RecommendationLink.recommendation_id.in_(list(found)))
    for link in db.session.scalars(query.order_by(RecommendationLink.id)):
        found[link.recommendation_id].append(link)
    return found


def get_of(note: Recommendation, public_id: str) -> RecommendationLink:
    """A link to a note. Raises NotFound."""
    return _one(select(RecommendationLink).filter_by(public_id=public_id, recommendation_id=note.id))


_NOTE = joinedload(RecommendationLink.recommendation, innerjoin=True)
_WITH_NOTE = [_NOTE.joinedload(one, innerjoin=True) for one in (Recommendation.practitioner, Recommendation.writer)]


def _lock(link: RecommendationLink) -> RecommendationLink:
    """A link with its note as it is now, and for nobody else to change before this transaction ends. Raises
    NotFound."""
    query = select(RecommendationLink).where(RecommendationLink.id == link.id)
    return _one(locked(query.options(*_WITH_NOTE), of=RecommendationLink))


def _one(query: Select[RecommendationLink]) -> RecommendationLink:
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("no such link to this note")
    return found


def end(link: RecommendationLink, *, at: dt.datetime) -> None:
    """Let a link work no more; mail with it that has not gone yet does not go. To end it twice changes nothing.

    Raises NotFound where it is gone.
    """
    found = _lock(link)
    found.ended_at = found.ended_at or at
    outbox.take_back(_cause(found))


def end_all(note: Recommendation, *, at: dt.datetime) -> None:
    """The same for every link to a note that has not been ended."""
    for link in of_notes([note])[note.id]:
        if link.ended_at is None:
            end(link, at=at)


def send(link: RecommendationLink, to: str, *, sender: str, at: dt.datetime) -> None:
    """Have us send a link to an address: the letter carries it and the `sender`'s name, and nothing else.

    Nothing goes to somebody who wants no such mail; whoever asked does not learn that. A link is sent once, so that its
    openings are of one person: raises InvalidTransition for another time, and for a link by which nothing can be read.
    """
    note = lock(link.recommendation_id)
    link = _lock(link)
    if link.mailed_at is not None or not works(link, at=at) or not is_open(note):
        raise InvalidTransition("this link was sent, or nothing can be read by it")
    link.mailed_at = at
    mail_stops.queue(
        LETTER,
        to,
        # Not with the account of the sender, whose letters are theirs to take away: that one went would be told so.
        cause=_cause(link),
        at=at,
        sender=sender,
        path=f"/notes/{link.token}",
    )


def look(token: str, *, at: dt.datetime) -> RecommendationLink:
    """The link of that token, with its note and the practitioner, if the note can be read by it.

    Raises NotFound, whatever the reason: there is none, it was ended, it is too old, the note or the listing is not
    shown, the account of the writer is switched off.
    """
    query = select(RecommendationLink).where(RecommendationLink.token == token)
    link = db.session.scalars(query.options(*_WITH_NOTE)).one_or_none()
    if link is None or not works(link, at=at) or not is_open(link.recommendation):
        raise NotFound("no such note")
    if not link.recommendation.writer.active:
        raise NotFound("its writer's account is switched off")
    return link


def opened(number: int) -> None:
    """Count that somebody read a note by a link, in a short transaction of its own."""
    with mode("writing"), db.sessionmaker() as own:
        wait_for_others(own)
        one_more = {"opened": RecommendationLink.opened + 1}
        own.execute(update(RecommendationLink).where(RecommendationLink.id == number).values(one_more))
        own.commit()


def _cause(link: RecommendationLink) -> str:
    """The number of the writer's account, whose name it tells (services/erasures), and what is never given out
    again."""
    return f"{LETTER}:{link.recommendation.writer_id}:{fingerprint(link.token):x}"
