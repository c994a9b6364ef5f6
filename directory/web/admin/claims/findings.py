"""What a form says was seen of a claim, what it is filled in with, and what the public would read of it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from directory.lib import clock
from directory.lib.words import N_
from directory.models import Claim, Method, Outcome, Standing, Tie
from directory.models.claims import Seen
from directory.models.standings import public_from, standing
from directory.services import claims
from directory.services.claim_cases import Candidate, Case
from directory.services.profiles import SeenCheck
from directory.web.admin.claims.decisions import Decision
from directory.web.admin.claims.queue import today
from directory.web.admin.claims.rows import chosen
from directory.web.forms.claims import FindingForm

_OUTCOMES = {
    Decision.CONFIRM: Outcome.CONFIRMED,
    Decision.NOT_FOUND: Outcome.NOT_FOUND,
    Decision.ENDED: Outcome.ENDED,
    Decision.RESTRICT: Outcome.RESTRICTED,
    Decision.INCONCLUSIVE: Outcome.INCONCLUSIVE,
}
_NOTES = {
    Decision.NOT_FOUND: N_("The practitioner is told at once, and can answer before anybody else sees it."),
    Decision.RESTRICT: N_("Only when a second person has agreed. Until then nothing changes."),
    Decision.INCONCLUSIVE: N_("Nothing changes for the public; the statement stays in the queue."),
    Decision.ASK: N_("Nothing changes for the public; the statement waits until the practitioner answers."),
}


@dataclass(frozen=True)
class Preview:
    """What the public would read after a decision: from `from_on` on, where that is not today."""

    decision: Decision
    standing: Standing | None
    from_on: dt.date | None
    note: str | None


def seen_in(case: Case, picked: Candidate | None) -> dict[str, Any]:
    """What the form is filled in with: what a row shows, as of the latest list that shows it; else a look of today."""
    if picked is None:
        return {"checked_on": today(), "method": Method.PUBLIC_REGISTER.value}
    line = picked.line
    return {
        "row": str(line.key),
        "method": Method.REGISTER_FILE.value,
        "checked_on": case.lists.latest or today(),
        "tie": picked.ties[0].value if picked.ties else "",
        "name": line.name,
        "grade": line.grade or "",
        "disciplines": list(line.disciplines),
        "town": line.town or "",
        "valid_from": line.valid_from,
        "valid_to": line.valid_to,
        "ended_on": _ended(case, picked),
        "notice_url": line.notice_url or "",
    }


def _ended(case: Case, picked: Candidate) -> dt.date | None:
    """When the lists show that it ended, if they do."""
    line = picked.line
    if line.listed_until is not None:
        return line.listed_until
    latest = case.lists.latest
    return line.valid_to if line.valid_to and latest and line.valid_to < latest else None


def finding(case: Case, form: FindingForm) -> claims.Finding:
    """What the form says was seen; `register_row_id` where it is a row of a list that is held."""
    decision = Decision(form.decision.data)
    picked = chosen(case, form.row.data or "") if form.row.data else None
    is_found = decision in {Decision.CONFIRM, Decision.ENDED, Decision.RESTRICT}
    is_confirmed = decision is Decision.CONFIRM
    return claims.Finding(
        method=Method(form.method.data),
        checked_on=_looked_on(decision, form),
        tie=Tie(form.tie.data) if is_confirmed else None,
        name=(form.name.data or None) if is_found else None,
        grade=(form.grade.data or None) if is_found else None,
        disciplines=tuple(form.disciplines.data or ()) if is_confirmed else (),
        town=(form.town.data or None) if is_confirmed else None,
        valid_from=form.valid_from.data if is_confirmed else None,
        valid_to=form.valid_to.data if is_confirmed else None,
        ended_on=form.ended_on.data if decision is Decision.ENDED else None,
        notice_url=form.notice_url.data if decision is Decision.RESTRICT else None,
        evidence_url=form.evidence_url.data or None,
        note=form.note.data or None,
        due_on=form.due_on.data if decision in {Decision.CONFIRM, Decision.RESTRICT} else None,
        register_row_id=picked.line.id if picked and is_found else None,
    )


def _looked_on(decision: Decision, form: FindingForm) -> dt.date:
    """The day of the look. "Not found" counts from today: the practitioner has seven days before the public sees it."""
    return today() if decision is Decision.NOT_FOUND else form.checked_on.data or today()


def previews(case: Case, form: FindingForm) -> list[Preview]:
    """What the public would read after each decision, with what is filled in now."""
    return [_preview(case, form, one) for one in Decision]


def _preview(case: Case, form: FindingForm, decision: Decision) -> Preview:
    note = _NOTES.get(decision)
    if decision not in _OUTCOMES or decision is Decision.INCONCLUSIVE or case.claim.body_id is None:
        return Preview(decision, None, None, note)
    seen = _would_be(case.claim, form, decision)
    every: list[Seen] = [*case.checks, seen]
    day = today()
    from_on = public_from(seen, every) if decision is Decision.NOT_FOUND else day
    found = standing(case.claim, case.body, every, max(from_on, day))
    return Preview(decision, found, from_on if from_on > day else None, note)


def if_agreed(case: Case, proposed: claims.Finding) -> Standing:
    """What the public would read from today if a second person agreed to a notice."""
    seen = _seen(case.claim, Outcome.RESTRICTED, today(), notice_url=_address(proposed.notice_url))
    return standing(case.claim, case.body, [*case.checks, seen], today())


def _would_be(claim: Claim, form: FindingForm, decision: Decision) -> SeenCheck:
    outcome = _OUTCOMES[decision]
    is_confirmed = outcome is Outcome.CONFIRMED
    return _seen(
        claim,
        outcome,
        _looked_on(decision, form),
        seen_grade=form.grade.data or None,
        seen_disciplines=list(form.disciplines.data or ()) if is_confirmed else [],
        valid_to=form.valid_to.data if is_confirmed else None,
        ended_on=(form.ended_on.data or today()) if outcome is Outcome.ENDED else None,
        notice_url=_address(form.notice_url.data) if outcome is Outcome.RESTRICTED else None,
    )


def _seen(claim: Claim, outcome: Outcome, checked_on: dt.date, **seen: Any) -> SeenCheck:
    """A check that nobody has made yet."""
    nothing: dict[str, Any] = {
        "seen_grade": None,
        "seen_disciplines": [],
        "valid_to": None,
        "ended_on": None,
        "notice_url": None,
    }
    return SeenCheck(
        id=0,
        body_id=claim.body_id or "",
        number_key=claim.number_key,
        checked_on=checked_on,
        recorded_at=clock.now(),
        outcome=outcome,
        due_on=None,
        undoes_id=None,
        **{**nothing, **seen},
    )


def _address(text: str | None) -> str:
    """An address that a link may lead to; where there is none, the field for it."""
    try:
        return text if text and urlsplit(text).scheme in {"http", "https"} else "#notice_url"
    except ValueError:
        return "#notice_url"
