"""What a list means for claims: whose membership it ends, whom it confirms, and what a verifier should look at.

A row that is gone, or shown as ended, ends a claim that was confirmed. A row with a notice changes nothing by itself: a
notice is a person's to propose and another's to agree to. Only where an administrator switched it on does a list
confirm claims, and then it needs the number, a name that fits, and what ties the listing to whom the row shows.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from directory.db import db
from directory.lib import clock
from directory.models import (
    Account,
    Check,
    Claim,
    Kept,
    Method,
    Outcome,
    Practitioner,
    ProposalKind,
    Register,
    RegisterImport,
    RegisterRow,
    Shown,
    Standing,
    Status,
)
from directory.models.standings import speaks_of, standing
from directory.services import claims, matching, proposals, registers
from directory.services.claims import Finding
from directory.services.matching import Index, Verdict
from directory.services.register_imports.lines import Lines
from directory.services.registers import Line
from directory.services.registers.bulk import MANY, SAID, Said
from directory.services.registers.steps import Comparison

# For verifiers only, so that they are not translated: they are kept as they are.
NOTICE = "The list of {day} shows this row with a notice. Read what the body publishes before you decide."
AGAIN = "The list of {day} shows this number and name again."
OTHER_NAME = "The list of {day} shows this number beside another name."

_CONFIRMED = frozenset({Status.CHECKED, Status.CHECK_DUE})


@dataclass(frozen=True)
class Effect:
    """What a list does to one claim: the check that it makes, and the status before and after."""

    claim: Claim
    outcome: Outcome
    finding: Finding
    key: int
    before: Status
    after: Status

    @property
    def changes(self) -> bool:
        """Whether the status is another one then."""
        return self.before is not self.after


class Effects:
    """The effects of one list, worked out from its rows and what is held. Changes nothing."""

    def __init__(
        self,
        import_: RegisterImport,
        register: Register,
        lines: Lines,
        comparison: Comparison,
        said: Callable[[int], Said],
        *,
        by: Account | None,
        at: dt.datetime,
    ) -> None:
        self._import, self._register, self._lines, self._comparison = import_, register, lines, comparison
        self._said, self._at, self._today = said, at, clock.day_of(at)
        self._own = _listings_of(import_, by)
        self._claims = _claims(import_.body_id)
        self.claims = len(self._claims)

    def found(self) -> list[Effect]:
        """Every effect, by claim. A list that is older than others held says only what was, and has none."""
        if self._import.is_older:
            return []
        rests_on = _rows_by_listing(self._import.body_id)
        return [
            effect
            for claim in _loaded(self._touched(rests_on))
            for effect in self._of(claim, rests_on.get(claim.practitioner_id, {}))
        ]

    def _touched(self, rests_on: Mapping[int, Mapping[int, int]]) -> list[int]:
        """Claims of which the list may say something: most have no row in it, and most rows are as they were."""
        return [
            claim_id
            for claim_id, practitioner_id, number in self._claims
            if (number and self._says_something(self._lines.key_of_number(number)))
            or any(map(self._says_something, rests_on.get(practitioner_id, {}).values()))
        ]

    def _says_something(self, key: int) -> bool:
        if key not in self._lines.digests:
            return key in self._comparison.gone
        return (
            self._is_news(key) or self._register.confirms_automatically or self._lines.shown(key)[0] is not Shown.LISTED
        )

    def _is_news(self, key: int) -> bool:
        return key in self._comparison.new or key in self._comparison.changed

    def _of(self, claim: Claim, rests_on: Mapping[int, int]) -> Iterator[Effect]:
        checks = claim.practitioner.checks
        now = standing(claim, claim.body, checks, self._today)
        latest = now.check if isinstance(now.check, Check) else None
        if latest is not None and latest.checked_on > self._import.listed_on:
            return  # Somebody has looked after the list was made.
        key = rests_on.get(latest.register_row_id or 0) if latest is not None else None
        if key is None or key not in (self._lines.digests.keys() | self._comparison.gone):
            key = self._key_of_number(claim)
        decided = self._decided(claim, now, key) if key is not None else None
        if decided is not None and key is not None:
            outcome, finding = decided
            check = claims.check_of(claim, outcome, finding, at=self._at)
            after = standing(claim, claim.body, [*checks, check], self._today).status
            yield Effect(claim, outcome, finding, key, now.status, after)

    def _key_of_number(self, claim: Claim) -> int | None:
        """A blank number is nobody's."""
        if not claim.number_key:
            return None
        return self._lines.key_of_number(claim.number_key)

    def _decided(self, claim: Claim, now: Standing, key: int) -> tuple[Outcome, Finding] | None:
        on = self._import.listed_on
        if key not in self._lines.digests:
            is_over = now.status in _CONFIRMED and key in self._comparison.gone
            return (Outcome.ENDED, self._finding(ended_on=on)) if is_over else None
        line = self._line(key)
        if line.shown is Shown.ENDED:
            over = min(filter(None, (self._lines.ended_on(key), line.valid_to, on)))
            is_over = now.status in _CONFIRMED
            return (Outcome.ENDED, self._finding(line, ended_on=over)) if is_over else None
        is_news = self._is_news(key)
        if line.shown is Shown.NOTICE:
            needs_look = is_news and now.status is not Status.RESTRICTED
            return (Outcome.INCONCLUSIVE, self._finding(line, note=NOTICE)) if needs_look else None
        may_confirm = self._may_confirm(claim, now, line)
        # Most rows are as they were: then nothing more is asked of the database.
        if not is_news and not may_confirm:
            return None
        if not self._is_match(claim, line):
            is_other = is_news and now.status in _CONFIRMED
            return (Outcome.INCONCLUSIVE, self._finding(line, note=OTHER_NAME)) if is_other else None
        confirmed = self._confirmed(claim, line) if may_confirm else None
        is_again = key in self._comparison.new and now.status in {Status.ENDED, Status.NOT_CONFIRMED}
        if confirmed is None and is_again:
            return Outcome.INCONCLUSIVE, self._finding(line, note=AGAIN)
        return confirmed

    def _may_confirm(self, claim: Claim, now: Standing, line: Line) -> bool:
        """Only where it was switched on, and never past a notice, or for a listing of one's own."""
        return (
            self._register.confirms_automatically
            and line.shown is Shown.LISTED
            and now.status not in {Status.RESTRICTED, Status.WITHDRAWN, Status.BODY_NOT_ASSESSED}
            and claim.practitioner_id not in self._own
            and (line.valid_to is None or line.valid_to >= self._import.listed_on)
            and (line.other_disciplines is None or bool(line.disciplines))
        )

    def _confirmed(self, claim: Claim, line: Line) -> tuple[Outcome, Finding] | None:
        """Never past a proposal of a notice, or what was found about somebody of this name who left."""
        if proposals.find_open(ProposalKind.RESTRICTION, claim.id) is not None or claims.of_namesakes(claim):
            return None
        ties = claims.ties_of(claim, line)
        finding = self._finding(line)
        check = claims.check_of(claim, Outcome.INCONCLUSIVE, finding, at=self._at)
        if not ties or not speaks_of(check, claim.disciplines) or claims.shares_a_notice(claim):
            return None
        return Outcome.CONFIRMED, self._finding(line, tie=ties[0])

    def _is_match(self, claim: Claim, line: Line) -> bool:
        """By the very code that the queue and the checker ask; a pair once judged to be two people is none."""
        others = registers.judged_other(claim.practitioner_id, self._import.body_id)
        answer = Index([line]).ask(matching.person_of(claim), self._import.listed_on, not_keys=others)
        return answer.verdict is Verdict.MATCH

    def _line(self, key: int) -> Line:
        said = dict(zip(SAID, self._said(key), strict=True))
        for name in ("body_id", "digest"):
            del said[name]
        return Line(id=0, listed_from=self._import.listed_on, listed_until=None, **said)

    def _finding(self, line: Line | None = None, *, note: str | None = None, **values: object) -> Finding:
        shown = {}
        if line is not None:
            shown = {
                "name": line.name,
                "grade": line.grade,
                "disciplines": tuple(line.disciplines),
                "town": line.town,
                "valid_from": line.valid_from,
                "valid_to": line.valid_to,
            }
        return Finding(
            method=Method.REGISTER_FILE,
            checked_on=self._import.listed_on,
            evidence_url=self._import.source_url,
            note=note.format(day=self._import.listed_on.isoformat()) if note else None,
            register_import_id=self._import.id,
            **shown,  # type: ignore[arg-type]
            **values,  # type: ignore[arg-type]
        )


def _claims(body_id: str) -> Sequence[tuple[int, int, str]]:
    """The claims of a body that are not taken back: their numbers, whose they are, and the number that they state."""
    query = select(Claim.id, Claim.practitioner_id, Claim.number_key)
    query = query.where(Claim.body_id == body_id, Claim.withdrawn_on.is_(None)).order_by(Claim.id)
    return [(claim_id, practitioner_id, number) for claim_id, practitioner_id, number in db.session.execute(query)]


def _rows_by_listing(body_id: str) -> dict[int, dict[int, int]]:
    """The rows on which checks of this body rest, by listing: the key of each, by the number of the version."""
    query = select(Check.practitioner_id, RegisterRow.id, RegisterRow.key).join(
        RegisterRow, RegisterRow.id == Check.register_row_id
    )
    found: dict[int, dict[int, int]] = {}
    for practitioner_id, row_id, key in db.session.execute(query.where(Check.body_id == body_id)):
        found.setdefault(practitioner_id, {})[row_id] = key
    return found


def _loaded(ids: Sequence[int]) -> list[Claim]:
    """These claims, with all that their status rests on."""
    query = (
        select(Claim)
        .options(
            joinedload(Claim.body),
            joinedload(Claim.practitioner).selectinload(Practitioner.checks),
        )
        .order_by(Claim.id)
    )
    return [
        claim
        for start in range(0, len(ids), MANY)
        for claim in db.session.scalars(query.where(Claim.id.in_(ids[start : start + MANY]))).unique()
    ]


def _listings_of(import_: RegisterImport, by: Account | None) -> frozenset[int]:
    """The listings of everybody who has a hand in a list: whoever brought it, proposed it, and decides about it."""
    hands = {import_.staged_by_id, by.id if by else None}
    hands.add(proposed.by_id if (proposed := proposals.find_open(ProposalKind.REGISTER_IMPORT, import_.id)) else None)
    query = select(Kept.practitioner_id).where(Kept.account_id.in_([one for one in hands if one is not None]))
    return frozenset(db.session.scalars(query))
