"""Objecting to a note that somebody can read, by whatever way they read it. No account is needed."""

import datetime as dt

from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload

from directory.db import db
from directory.lib import tokens
from directory.models import (
    PUBLIC_STATES,
    Account,
    Audience,
    Complaint,
    ComplaintState,
    ComplaintWords,
    InvalidTransition,
    NotFound,
    Recommendation,
    RecommendationLink,
    RecommendationState,
    Ruling,
    Side,
    StepKind,
)
from directory.services import circles, events, recommendations
from directory.services.complaints import cases, telling
from directory.services.recommendations import AGAINST, REASONS

# More that wait about one note than its writer could answer in time.
MOST_OPEN = 5


class TooManyOpen(InvalidTransition):
    """As many objections to a note wait to be decided as may."""


def readable(public_id: str, *, reader: Account | None) -> Recommendation:
    """A note that everybody can read, or one for the circle of `reader`, with its practitioner.

    Raises NotFound, whatever the reason: there is none, it is not shown, or it is not for this reader.
    """
    query = select(Recommendation).where(
        Recommendation.public_id == public_id, Recommendation.state == RecommendationState.SHOWN
    )
    note = db.session.scalars(query.options(joinedload(Recommendation.practitioner))).one_or_none()
    if note is None or not _is_for(note, reader):
        raise NotFound("no such note")
    return note


def readable_by(token: str, *, at: dt.datetime) -> Recommendation:
    """The note behind a private link. Raises NotFound."""
    return recommendations.links.look(token, at=at).recommendation


def _is_for(note: Recommendation, reader: Account | None) -> bool:
    listing = note.practitioner
    if listing.state not in PUBLIC_STATES or recommendations.why_off(listing) is not None:
        return False
    if note.audience is Audience.PUBLIC:
        return True
    if note.audience is not Audience.CIRCLE or reader is None:
        return False
    known = circles.recommended(reader.id, [listing.id]).get(listing.id, [])
    return note.id in {one.id for _name, one in known}


def make(
    note: Recommendation, ground: str, text: str, *, reply_to: str | None, at: dt.datetime, hides: bool = True
) -> Complaint:
    """Keep that somebody objects to a note, and ask its writer.

    `ground`: a key of the published reasons against a note; one for safety or private life hides it at once, unless it
    was decided before about the same words on that ground, or not `hides`: too many of these came from one side.
    `text`: plain, at most 1,000 characters. The same words again, while it is not decided, are one objection.

    Raises InvalidTransition when the note is not shown any more, and TooManyOpen.
    """
    if ground not in AGAINST:
        raise ValueError(f"{ground!r} is no ground for an objection")
    found = recommendations.lock(note.id)
    if found.state is not RecommendationState.SHOWN:
        raise InvalidTransition("this note is not shown")
    known = _same(found, ground, text)
    if known is not None:
        return known
    cases.be_alone_with(found)
    is_grave = REASONS[ground].hides_at_once and not _was_kept(found, ground)
    at_once = is_grave and hides
    if not is_grave and _count_open(found) >= MOST_OPEN:
        raise TooManyOpen("as many wait as anybody answers at once")
    case = Complaint(
        public_id=tokens.public_id(),
        token=tokens.secret(),
        recommendation_id=found.id,
        audience=found.audience,
        ground=ground,
        note_revision=found.revision,
        reply_to=reply_to,
        state=ComplaintState.OPEN,
        holds=False,
        made_at=at,
        due_at=None if at_once else at + cases.DECIDE_WITHIN,
        revision=0,
    )
    db.session.add(case)
    db.session.flush()
    cases.say(case, Side.OBJECTOR, text, at=at)
    cases.step(case, StepKind.MADE, at=at, reason=ground)
    # Who objected stands nowhere but in the case: the writer reads these events.
    events.record("complaint-made", at=at, account_id=found.writer_id, ground=ground)
    if at_once and cases.hide(case, found, "objected", by=None, at=at):
        cases.step(case, StepKind.HIDDEN_AT_ONCE, at=at, reason="objected")
        recommendations.tell_practitioner("recommendation-hidden", found, at=at, reason="objected")
    telling.made(case, found, at=at)
    telling.to_decide(case, found, is_grave=is_grave, at=at)
    return case


def is_made(public_id: str, token: str, ground: str, text: str) -> bool:
    """Whether these very words wait as an objection to the note of that name, or behind that link. The note may be
    hidden by now on account of them: whoever sends the form twice should not think that they were lost."""
    behind = exists().where(
        RecommendationLink.token == token, RecommendationLink.recommendation_id == Recommendation.id
    )
    query = select(Recommendation).where(behind if token else Recommendation.public_id == public_id)
    note = db.session.scalars(query).one_or_none()
    return note is not None and _same(note, ground, text) is not None


def _same(note: Recommendation, ground: str, text: str) -> Complaint | None:
    query = (
        select(Complaint)
        .join(ComplaintWords, ComplaintWords.complaint_id == Complaint.id)
        .where(
            Complaint.recommendation_id == note.id,
            Complaint.state == ComplaintState.OPEN,
            Complaint.ground == ground,
            ComplaintWords.side == Side.OBJECTOR,
            ComplaintWords.text == text,
        )
    )
    return db.session.scalars(query).first()


def _count_open(note: Recommendation) -> int:
    query = select(func.count()).select_from(Complaint)
    is_open = Complaint.recommendation_id == note.id, Complaint.state == ComplaintState.OPEN
    return db.session.scalar(query.where(*is_open)) or 0


def _was_kept(note: Recommendation, ground: str) -> bool:
    """Whether somebody has decided that these words stay, on this ground. No clock decides that."""
    kept = exists().where(
        Complaint.recommendation_id == note.id,
        Complaint.ground == ground,
        Complaint.note_revision == note.revision,
        Complaint.ruling == Ruling.KEEP,
    )
    return bool(db.session.scalar(select(kept)))
