"""What one screen shows of a claim: rows of the register beside it, and what the public would read."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import request
from flask_babel import gettext

from directory.http.words import day as said_day
from directory.lib import clock
from directory.lib.words import N_, Message
from directory.models import Claim, Method, Outcome, Shown, Standing, Tie
from directory.models.claims import Seen
from directory.models.standings import public_from, standing
from directory.services import claim_cases, claims, modalities
from directory.services.claim_cases import Candidate, Case
from directory.services.profiles import SeenCheck
from directory.web.admin.claim_decisions import Decision
from directory.web.admin.claim_queue import today
from directory.web.admin.claims_beside import Line, Side, compared
from directory.web.forms.claims import FindingForm

# So many rows stand beside a claim.
SHOWN_ROWS = 3
LETTERS = "ABC"
LONGEST_KEY = 20

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
class Row:
    """A row of a register, as a column of the table."""

    letter: str
    candidate: Candidate
    listed: str
    is_chosen: bool

    @property
    def key(self) -> int:
        return self.candidate.line.key

    @property
    def ties(self) -> Sequence[Tie]:
        return self.candidate.ties

    @property
    def same_contacts(self) -> Sequence[Tie]:
        """What it shows that the listing names, too, and that ties nothing yet."""
        return [one for one in self.candidate.same_contacts if one not in self.ties]

    @property
    def reasons(self) -> Sequence[Message]:
        return self.candidate.reasons

    @property
    def against(self) -> Sequence[Message]:
        return self.candidate.against


@dataclass(frozen=True)
class Preview:
    """What the public would read after a decision: from `from_on` on, where that is not today."""

    decision: Decision
    standing: Standing | None
    from_on: dt.date | None
    note: str | None


def case_of(claim_id: int) -> Case:
    return claim_cases.case_of(claim_id, today())


def chosen(case: Case, key: str = "") -> Candidate | None:
    """The row that the address or a form names; without one the only one that is a match."""
    key = key or request.args.get("row", "")
    if key:
        return next((one for one in case.candidates if str(one.line.key) == key[:LONGEST_KEY]), None)
    return case.match


def rows(case: Case, picked: Candidate | None) -> list[Row]:
    """The rows that stand beside the claim; one that was chosen is always among them."""
    shown = list(case.candidates[:SHOWN_ROWS])
    if picked is not None and picked not in shown:
        shown[-1] = picked
    return [Row(letter, one, _listed(one), one is picked) for letter, one in zip(LETTERS, shown, strict=False)]


def _listed(one: Candidate) -> str:
    if one.line.listed_until is not None:
        return str(gettext("was listed until %(day)s", day=said_day(one.line.listed_until)))
    return str(gettext("listed since %(day)s at least", day=said_day(one.line.listed_from)))


def table(case: Case, shown: Sequence[Row]) -> list[Line]:
    """The claim beside these rows."""
    return compared(_said(case), [_shown(row.candidate) for row in shown])


def _said(case: Case) -> Side:
    claim, listing = case.claim, case.listing
    return Side(
        number=claim.number or "",
        names="\n".join([listing.name, *(one.name for one in listing.other_names)]),
        grade=claim.grade or "",
        disciplines=_names_of(claim.disciplines),
        towns="\n".join(dict.fromkeys(place.town for place in listing.places)),
        areas="\n".join(dict.fromkeys(place.postcode_area for place in listing.places if place.postcode_area)),
        valid=said_day(claim.claimed_until) if claim.claimed_until else "",
        says="",
    )


def _shown(one: Candidate) -> Side:
    line = one.line
    return Side(
        number=line.number or "",
        names=line.name,
        grade=line.grade or "",
        disciplines=", ".join(filter(None, (_names_of(line.disciplines), line.other_disciplines))),
        towns=line.town or "",
        areas=line.outward or "",
        valid=said_day(line.valid_to) if line.valid_to else "",
        says="" if line.shown is Shown.LISTED and not line.standing else _says(line.shown, line.standing),
    )


def _says(shown: Shown, standing: str | None) -> str:
    return f"{gettext(shown.label)}: {standing}" if standing else str(gettext(shown.label))


def _names_of(disciplines: Sequence[str]) -> str:
    known = modalities.by_id()
    return ", ".join(known[one].name for one in disciplines if one in known)


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
