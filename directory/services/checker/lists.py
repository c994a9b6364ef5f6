"""What lists of bodies say of a name with a number. Lines are confirmed to whoever names both; none is ever shown."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select

from directory.db import db
from directory.lib.folding import plain
from directory.models import PUBLIC_STATES, Body, Claim, OtherName, Practitioner
from directory.models import Shown as Row
from directory.models.claims import number_key
from directory.services import bodies, matching, objections, registers
from directory.services.checker.answers import Listed, Question, Shown
from directory.services.matching import Candidate, Verdict
from directory.services.registers import Line, Lists

# So many words more than a line shows a name may have: middle names, and another family name.
MOST_MORE_WORDS = 3
# Letters; fewer are in many words.
SHORTEST_PART = 3
_NO_LISTS = Lists(())
_SHOWN = {Row.LISTED: Shown.LISTED, Row.ENDED: Shown.ENDED, Row.NOTICE: Shown.REMARK, Row.UNCLEAR: Shown.REMARK}


def find(question: Question) -> tuple[Listed, ...]:
    """What the lists of the body say; where none was named, what every body says that has such a line.

    Without a name only the shape of the number is told.
    """
    if not number_key(question.number):
        return ()
    said: list[Listed] = []
    if question.body is not None and question.body.lists_individuals:
        if not has_shape(question.body, question.number or ""):
            said = [_bare(question, question.body, Shown.SHAPE)]
        elif question.name:
            said = [_of_body(question, question.body)]
    elif question.body is None and question.name:
        known = bodies.by_id()
        every = [_of_body(question, known[one.body_id]) for one in registers.list_registers()]
        said = [one for one in every if one.shown.is_found or one.shown is Shown.SILENT]
        said = said or [one for one in every if one.shown is Shown.ABSENT]
    return tuple(one for one in said if one.shown in _EVEN_OF_LISTED or not _is_stated(question, one.body))


# Of a number that a listing states, its status speaks: that somebody was not found is told to them before the public.
_EVEN_OF_LISTED = frozenset({Shown.LISTED, Shown.SILENT})


def _is_stated(question: Question, body: Body) -> bool:
    """Whether a listing that is shown states this number with this body, and may be of whom was asked about.

    Whoever states somebody else's number under another name does not make lists silent about them.
    """
    query = (
        select(Practitioner.name, OtherName.name)
        .select_from(Practitioner)
        .join(Claim, Practitioner.id == Claim.practitioner_id)
        .outerjoin(OtherName, OtherName.practitioner_id == Practitioner.id)
        .where(
            Claim.body_id == body.id,
            Claim.number_key == number_key(question.number),
            Practitioner.state.in_(PUBLIC_STATES),
        )
    )
    words = {word for names in db.session.execute(query) for name in names if name for word in plain(name).split()}
    asked = set(plain(question.name or "").split())
    return bool(words) and (not asked or any(_is_in(one, other) for one in asked for other in words))


def _is_in(one: str, other: str) -> bool:
    """Whether two words are one, or the longer holds the other: O Brien is folded to a single word."""
    shorter, longer = sorted((one, other), key=len)
    return one == other or (len(shorter) >= SHORTEST_PART and shorter in longer)


def has_shape(body: Body, number: str) -> bool:
    """Whether a number may be one of the body's. Only where a source tells the shape it can be wrong."""
    shape = body.details.get("number_format") or {}
    pattern = shape.get("pattern") if shape.get("sourced") else None
    return not pattern or re.fullmatch(pattern, "".join(number.upper().split())) is not None


def _of_body(question: Question, body: Body) -> Listed:
    name, number = question.name or "", question.number or ""
    # Before anything is looked up: whether there is a line makes no difference to the answer.
    if objections.is_made(body.id, number, [name]):
        return _bare(question, body, Shown.SILENT)
    held = registers.lists(body.id, known_at=question.known_at)
    if held.first is None:
        return _bare(question, body, Shown.NO_LIST)
    candidate = _candidate(question, body)
    if candidate is None:
        return _bare(question, body, Shown.ABSENT, held)
    if objections.is_made(body.id, number, [candidate.row.name]):
        return _bare(question, body, Shown.SILENT)
    return _line(question, body, candidate, held)


def _candidate(question: Question, body: Body) -> Candidate | None:
    """The one line with this very number and a name that fits, as the matcher finds it; else None."""
    key, name = number_key(question.number), question.name or ""
    # The lines of the number alone: somebody else of this name does not make it less theirs.
    lines = registers.find(body.id, number_key=key, known_at=question.known_at)
    answer = matching.Index(lines).ask(matching.Person(name, number=question.number), on=question.on)
    found = answer.candidate if answer.verdict in {Verdict.MATCH, Verdict.WAS_LISTED} else None
    if found is None or found.row.number_key != key:
        return None
    # A double name fits one of its halves. A dozen names in one question are guesses, and no name.
    return found if len(plain(name).split()) <= len(plain(found.row.name).split()) + MOST_MORE_WORDS else None


def _line(question: Question, body: Body, candidate: Candidate, held: Lists) -> Listed:
    """What the versions of a line say of the day."""
    versions = registers.versions(body.id, candidate.row.key, known_at=question.known_at)
    # What the line showed of somebody else afterwards is no answer about whoever was asked about.
    last = min(question.on, candidate.row.listed_from or question.on)
    past = [one for one in versions if one.listed_from <= last]
    if not past:
        return _bare(question, body, Shown.ABSENT, held)
    latest = past[-1]
    until = latest.listed_until if latest.listed_until and latest.listed_until <= question.on else None
    return replace(
        _bare(question, body, _SHOWN[latest.shown] if until is None else Shown.UNTIL, held),
        grade=latest.grade if until is None else None,
        valid_to=latest.valid_to if until is None else None,
        list_on=max(one for one in held.dates if one <= question.on),
        since=_since(past),
        until=until,
        # What has values says what the line has and the question does not.
        agrees=tuple(one.message for one in candidate.reasons if not one.values),
    )


def _since(versions: Sequence[Line]) -> dt.date:
    """The first list from which on the line stood on every one."""
    first = versions[-1]
    for before in reversed(versions[:-1]):
        if before.listed_until != first.listed_from:
            break
        first = before
    return first.listed_from


def _bare(question: Question, body: Body, shown: Shown, held: Lists = _NO_LISTS) -> Listed:
    """An answer that says of the line only that there is one, or none."""
    is_past = question.on < question.today
    return Listed(shown, body, question.on, is_past=is_past, first_on=held.first, last_on=held.latest)
