"""Letters about complaints: to whoever objected, to the writer, and to whoever can decide.

None holds a word of the note, of the objection or of the answer: these stand on pages that can be emptied.
"""

import datetime as dt
from typing import Any

from directory.models import Complaint, ComplaintState, Recommendation, RecommendationState, Ruling, Side
from directory.services import mail_stops, outbox
from directory.services.complaints.cases import answer_until, appeal_until, deciders
from directory.services.recommendations import REASONS


def of_objector(case: Complaint) -> str | None:
    """Where whoever objected follows the case; None once that is forgotten."""
    return f"/complaints/cases/{case.token}" if case.token else None


def of_writer(case: Complaint) -> str:
    """Where the writer reads of it, answers and appeals."""
    return f"/member/complaints/{case.public_id}"


def made(case: Complaint, note: Recommendation, *, at: dt.datetime) -> None:
    """Somebody objected: the writer is asked, and the objector gets the link by which they follow it."""
    said = {"name": note.practitioner.name, "is_hidden": case.holds, "due_at": _written(case.due_at)}
    _to_objector("complaint-received", case, at=at, **said)
    _to_writer(
        "complaint-made",
        case,
        note,
        at=at,
        why=REASONS[case.ground].label,
        answer_by=_written(answer_until(case)),
        **said,
    )


def to_decide(case: Complaint, note: Recommendation, *, is_grave: bool, at: dt.datetime) -> None:
    """It is to be decided in 48 hours, or soon where it is about safety or private life. One letter an hour to each of
    those who can tells of all of either kind."""
    _to_desk("grave" if is_grave else "objection", case, note, f"{at:%Y-%m-%dT%H}", at=at)


def appealed(case: Complaint, note: Recommendation, *, at: dt.datetime) -> None:
    """One side appealed: the other is told, and whoever can decide about it is asked."""
    said = {"name": note.practitioner.name, "due_at": _written(case.due_at)}
    if case.appealed_by is Side.WRITER:
        _to_objector("complaint-appealed", case, at=at, **said)
    else:
        _to_writer("complaint-appealed", case, note, at=at, **said)
    _to_desk("appeal", case, note, case.public_id, at=at)


def appeal_waits(case: Complaint, note: Recommendation, *, at: dt.datetime) -> None:
    """Nobody has decided about an appeal for a week."""
    _to_desk("appeal-waits", case, note, case.public_id, at=at)


def hidden_late(case: Complaint, note: Recommendation, *, at: dt.datetime) -> None:
    """We did not decide in time."""
    _to_both("complaint-late", case, note, at=at, answer_by=_written(answer_until(case)))


def brought_back(case: Complaint, note: Recommendation, *, at: dt.datetime) -> None:
    """The writer answered, and the note is read again."""
    _to_both("complaint-answered", case, note, at=at, due_at=_written(case.due_at))


def decided(case: Complaint, note: Recommendation, *, at: dt.datetime) -> None:
    """It was decided, the first time or for good. Each side reads the reason in words for them."""
    until = appeal_until(case)
    reason = REASONS[case.reason or ""]
    said = {
        "is_kept": case.ruling is Ruling.KEEP,
        "is_shown": note.state is RecommendationState.SHOWN,
        "is_final": case.state is ComplaintState.FINAL,
        "appeal_by": _written(until),
    }
    _to_objector("complaint-decided", case, at=at, name=note.practitioner.name, why=reason.to_others, **said)
    _to_writer("complaint-decided", case, note, at=at, why=reason.to_author, **said)


def gone(case: Complaint, *, at: dt.datetime) -> None:
    """The note was removed."""
    _to_objector("complaint-gone", case, at=at)


def _to_desk(why: str, case: Complaint, note: Recommendation, once: str, *, at: dt.datetime) -> None:
    """To whoever can decide about it. `once` names what the letter is about: nobody gets two about the same."""
    for one in deciders(case, note):
        cause = f"complaint-waits:{why}:{once}:{one.id}"
        outbox.queue(
            "complaint-waits", one.email, cause=cause, at=at, account_id=one.id, why=why, path="/admin/complaints"
        )


def _to_both(kind: str, case: Complaint, note: Recommendation, *, at: dt.datetime, **said: Any) -> None:
    _to_objector(kind, case, at=at, name=note.practitioner.name, **said)
    _to_writer(kind, case, note, at=at, **said)


def _to_writer(kind: str, case: Complaint, note: Recommendation, *, at: dt.datetime, **said: Any) -> None:
    outbox.queue(
        kind,
        note.writer.email,
        cause=f"{kind}:{case.public_id}:writer:{at.isoformat()}",
        at=at,
        account_id=note.writer_id,
        **{"name": note.practitioner.name, **said},
        is_writer=True,
        path=of_writer(case),
    )


def _to_objector(kind: str, case: Complaint, *, at: dt.datetime, **said: Any) -> None:
    """Nobody has confirmed that address: whoever has it can stop such mail."""
    if not case.reply_to:
        return
    mail_stops.queue(
        kind,
        case.reply_to,
        cause=f"{kind}:{case.public_id}:objector:{at.isoformat()}",
        at=at,
        **said,
        is_writer=False,
        path=of_objector(case),
    )


def _written(at: dt.datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
