"""What everybody reads of recommendations: those that were written for everybody, and that a moderator let through.

They count for nothing: no number, no rank, no status is made of them.
"""

import datetime as dt
import re
from dataclasses import dataclass

from sqlalchemy import and_, select

from directory.db import db
from directory.lib.personal_names import LEARNED_TITLES, TITLES
from directory.models import (
    Audience,
    Modality,
    Practitioner,
    Recommendation,
    RecommendationState,
    Relation,
    Reply,
    ShownAs,
)
from directory.services import modalities
from directory.services.recommendations.allowed import why_off


@dataclass(frozen=True)
class PublicNote:
    """A note as everybody reads it. `name` is all that is told of its writer's; `reward` is None where there was none;
    `reply` is the practitioner's, None where none is shown."""

    public_id: str
    name: str
    relation: Relation
    was_treated: bool
    month: dt.date
    modality: Modality | None
    reward: str | None
    text: str
    reply: str | None


def public_of(practitioner_id: int) -> list[PublicNote]:
    """The notes that everybody reads about a listing, of the latest month first; none where they are switched off."""
    found = _read(practitioner_id)
    if not found:
        return []
    listing = db.session.get(Practitioner, practitioner_id)
    return found if listing is not None and why_off(listing) is None else []


def _read(practitioner_id: int) -> list[PublicNote]:
    query = (
        select(Recommendation, Reply.text)
        .outerjoin(Reply, and_(Reply.recommendation_id == Recommendation.id, Reply.state == RecommendationState.SHOWN))
        .where(
            Recommendation.practitioner_id == practitioner_id,
            Recommendation.audience == Audience.PUBLIC,
            Recommendation.state == RecommendationState.SHOWN,
        )
        .order_by(Recommendation.month.desc(), Recommendation.id.desc())
    )
    return [as_public(note, answer) for note, answer in db.session.execute(query)]


def as_public(note: Recommendation, answer: str | None = None) -> PublicNote:
    """A note as everybody would read it, whatever its state; `answer` is the reply to it."""
    return PublicNote(
        note.public_id,
        shown_name(note.name, note.shown_as),
        note.relation,
        note.was_treated,
        note.month,
        modalities.by_id().get(note.modality_id) if note.modality_id else None,
        note.reward,
        note.text,
        answer,
    )


_LETTER = re.compile(r"[^\W\d_]")


def shown_name(name: str, shown_as: ShownAs) -> str:
    """All that everybody reads of a writer's name: `Anne-Marie O'Neill` is Anne-Marie, or A. O.

    A title is no first name. Whoever gives no more than a letter or an initial is shown with that.
    """
    words = [word for word in name.split() if _LETTER.search(word)]
    while len(words) > 1 and words[0].strip(".").casefold() in TITLES | LEARNED_TITLES:
        words.pop(0)
    if shown_as is ShownAs.FIRST_NAME:
        return words[0].strip(",;:") if words else ""
    first = (_LETTER.search(word) for word in words)
    return " ".join(f"{letter[0].upper()}." for letter in first if letter)
