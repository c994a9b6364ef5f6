"""What a list would change: rows, claims, and why one person alone may not apply it."""

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select, tuple_

from directory.db import db, pause
from directory.lib.folding import plain
from directory.lib.words import N_, Message
from directory.models import Account, Body, ImportState, InvalidTransition, Register, RegisterImport, RegisterRow
from directory.services import bodies, modalities, places, registers
from directory.services.register_imports import staging
from directory.services.register_imports.disciplines import Disciplines
from directory.services.register_imports.effects import Effect, Effects
from directory.services.register_imports.lines import Lines
from directory.services.register_imports.problems import Alarm
from directory.services.register_imports.reading import Reading
from directory.services.registers import Line
from directory.services.registers.bulk import Said
from directory.services.registers.steps import Comparison, compare

# One person may end or change so large a part of the rows, or of the claims, and no more.
MOST_ALONE = 0.05
LATELY = dt.timedelta(days=7)
EXAMPLES = 10
# What an example of a row tells.
EXEMPLARY = ("number", "name", "grade", "town", "standing", "valid_to")
# So many rows are looked at more closely.
SAMPLE = 200
# So large a part of them may be in the register of another body, or have the name of a place.
MOST_ELSEWHERE = 0.5
FEWEST_TO_TELL = 5
MOST_OF_OTHER_SHAPE = 0.5
MOST_TOWNS_FOR_NAMES = 0.2
MOST_OTHER_NAMES = 0.01

MANY_ROWS = N_("%(count)s of %(total)s rows would end or change: more than 5 %%.")
MANY_LATELY = N_(
    "%(count)s of %(total)s rows would end or change, with what you alone applied within a week: more than 5 %%."
)
MANY_CLAIMS = N_("%(count)s of %(total)s statements would change their status: more than 5 %%.")


@dataclass(frozen=True)
class Example:
    """One row of a kind: as it is held, and as the list shows it. `line` is that of the file."""

    kind: str
    before: Line | None
    after: Mapping[str, str] | None
    line: int | None

    @property
    def differing(self) -> list[str]:
        """The fields that a page marks."""
        if self.before is None or self.after is None:
            return []
        return [name for name in EXEMPLARY if self.held(name) != self.after[name]]

    def held(self, name: str) -> str:
        """What is held in one of the fields EXEMPLARY; a day as ISO 8601."""
        said = getattr(self.before, name, None)
        return said.isoformat() if isinstance(said, dt.date) else said or ""


@dataclass(frozen=True)
class Difference:
    """What applying a list would do. `mark` stands for all of it: who applies says by it what they have seen."""

    import_: RegisterImport
    comparison: Comparison
    rows: int
    unreadable: int
    examples: Sequence[Example]
    effects: Sequence[Effect]
    claims: int
    alarms: Sequence[Alarm]
    reasons: Sequence[Message]
    is_held: bool
    mark: str

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change: these rows are held, under this date."""
        return self.comparison.is_empty and self.is_held

    @property
    def needs_second(self) -> bool:
        """Whether one person alone may not apply it."""
        return bool(self.reasons or self.alarms)

    @property
    def claims_that_change(self) -> list[Effect]:
        return [effect for effect in self.effects if effect.changes]

    @property
    def counts(self) -> dict[str, int]:
        """For pages, events and the ledger."""
        found = self.comparison
        return {
            "new": len(found.new),
            "changed": len(found.changed),
            "gone": len(found.gone),
            "same": self.rows - len(found.new) - len(found.changed),
            "unreadable": self.unreadable,
        }


@dataclass
class Plan:
    """All that is needed to apply a list: read and folded before anything is locked, compared after."""

    import_: RegisterImport
    body: Body
    register: Register
    reading: Reading
    lines: Lines
    said: Callable[[int], Said]
    alarms: list[Alarm] = field(default_factory=list)


def prepare(import_: RegisterImport) -> Plan:
    """Read the file of a list that waits. Ends the transaction that is open; may take a second for each 100,000 rows.

    Raises InvalidTransition where it is decided, and staging.Refused.
    """
    if import_.state not in {ImportState.STAGED, ImportState.WAITING}:
        raise InvalidTransition("this list is decided")
    body, register = bodies.get(import_.body_id), registers.get(import_.body_id)
    content = staging.content_of(import_)
    disciplines = Disciplines(modalities.by_id())
    pause()
    found = staging.read_again(import_, content, body)
    lines = Lines(found, register, import_.listed_on)
    return Plan(import_, body, register, found, lines, lines.said(disciplines))


def compared(plan: Plan, *, by: Account | None, at: dt.datetime) -> Difference:
    """What applying it would do now. Reads only."""
    import_, lines = plan.import_, plan.lines
    comparison = compare(import_.body_id, import_.listed_on, lines.digests, lines.unread)
    effects = Effects(import_, plan.register, lines, comparison, plan.said, by=by, at=at)
    found = effects.found()
    examples = _examples(plan, comparison)
    alarms = sorted({*plan.reading.alarms, *_alarms(plan, comparison)})
    return Difference(
        import_,
        comparison,
        len(lines),
        plan.reading.unreadable,
        examples,
        found,
        effects.claims,
        alarms,
        _reasons(comparison, found, effects.claims, _changed_alone(import_.body_id, by, at)),
        import_.listed_on in registers.lists(import_.body_id).dates,
        _mark(comparison, lines, found, alarms),
    )


def difference(import_: RegisterImport, *, by: Account | None, at: dt.datetime) -> Difference:
    """What applying a list that waits would do. Ends the transaction that is open. Raises staging.Refused."""
    return compared(prepare(import_), by=by, at=at)


def _reasons(comparison: Comparison, effects: Iterable[Effect], claims: int, before: int) -> list[Message]:
    """Why one person is not enough; `before`: how many rows the same person ended or changed alone lately."""
    rows, over = len(comparison.before), len(comparison.gone) + len(comparison.changed)
    found = []
    if over > MOST_ALONE * rows:
        found.append(Message(MANY_ROWS, {"count": over, "total": rows}))
    elif over and over + before > MOST_ALONE * rows:
        found.append(Message(MANY_LATELY, {"count": over + before, "total": rows}))
    changing = sum(effect.changes for effect in effects)
    if changing > MOST_ALONE * claims:
        found.append(Message(MANY_CLAIMS, {"count": changing, "total": claims}))
    return found


def _changed_alone(body_id: str, by: Account | None, at: dt.datetime) -> int:
    """How many rows somebody ended or changed by lists that they applied alone lately: many small ones are a large one.
    An operator at the machine is not counted.
    """
    if by is None:
        return 0
    query = select(RegisterImport.counts).where(
        RegisterImport.body_id == body_id,
        RegisterImport.state == ImportState.APPLIED,
        RegisterImport.applied_by_id == by.id,
        RegisterImport.second_by_id.is_(None),
        RegisterImport.applied_at > at - LATELY,
    )
    return sum(int(counts.get("gone", 0)) + int(counts.get("changed", 0)) for counts in db.session.scalars(query))


def _examples(plan: Plan, comparison: Comparison) -> list[Example]:
    """The first rows of each kind, by their order in the file or their number."""
    lines = plan.lines
    found = []
    for kind, keys in (("new", comparison.new), ("changed", comparison.changed)):
        for key in sorted(keys, key=lines.line)[:EXAMPLES]:
            before = _held(plan, key) if kind == "changed" else None
            after = {name: lines.value(key, name) for name in EXEMPLARY}
            found.append(Example(kind, before, after, lines.line(key)))
    gone = [line for line in (_held(plan, key) for key in sorted(comparison.gone)[:EXAMPLES]) if line is not None]
    found += [Example("gone", line, None, None) for line in sorted(gone, key=lambda one: one.number_key)]
    return found


def _held(plan: Plan, key: int) -> Line | None:
    return registers.listed(plan.import_.body_id, key, plan.import_.listed_on)


def _alarms(plan: Plan, comparison: Comparison) -> list[Alarm]:
    """What only shows beside what is held, of this body and of others."""
    found = []
    if _is_elsewhere(plan):
        found.append(Alarm.OTHER_BODY)
    if _is_of_other_shape(plan):
        found.append(Alarm.OTHER_SHAPE)
    if _has_towns_for_names(plan):
        found.append(Alarm.TOWNS_FOR_NAMES)
    if _has_other_names(plan, comparison):
        found.append(Alarm.OTHER_NAMES)
    return found


def _sample(plan: Plan) -> list[int]:
    """The keys of some rows, from all of the list."""
    step = max(len(plan.lines) // SAMPLE, 1)
    return list(plan.lines.digests)[::step][:SAMPLE]


def _has_towns_for_names(plan: Plan) -> bool:
    """Whether names are those of places more often than chance has it, and more often than the towns are."""
    rows = [(plain(plan.lines.value(key, "name")), plain(plan.lines.value(key, "town"))) for key in _sample(plan)]
    if len(rows) < FEWEST_TO_TELL:
        return False
    known = places.names_among(text for row in rows for text in row)
    names, towns = (sum(row[column] in known for row in rows) for column in (0, 1))
    return names > max(MOST_TOWNS_FOR_NAMES * len(rows), towns)


def _is_elsewhere(plan: Plan) -> bool:
    """Whether the people of the list stand on the register of another body, with these very numbers."""
    said = [plan.said(key) for key in _sample(plan)]
    pairs = [(number_key, name_key) for _, _, _, number_key, _, name_key, *_ in said if number_key]
    if len(pairs) < FEWEST_TO_TELL:
        return False
    query = (
        select(RegisterRow.body_id, func.count(RegisterRow.key.distinct()))
        .where(
            tuple_(RegisterRow.number_key, RegisterRow.name_key).in_(pairs),
            RegisterRow.body_id != plan.import_.body_id,
            RegisterRow.until_step.is_(None),
        )
        .group_by(RegisterRow.body_id)
    )
    return any(count > MOST_ELSEWHERE * len(pairs) for _, count in db.session.execute(query))


def _is_of_other_shape(plan: Plan) -> bool:
    """Whether most numbers are not shaped as the body is known to write them, where that has a source."""
    shape = plan.body.details.get("number_format") or {}
    pattern = shape.get("pattern") if shape.get("sourced") else None
    numbers = [plan.lines.value(key, "number") for key in _sample(plan)]
    given = [number for number in numbers if number]
    if not pattern or len(given) < FEWEST_TO_TELL:
        return False
    odd = sum(re.fullmatch(pattern, number) is None for number in given)
    return odd > MOST_OF_OTHER_SHAPE * len(given)


def _has_other_names(plan: Plan, comparison: Comparison) -> bool:
    """Whether more than a few numbers stand beside another name than before."""
    changed = list(comparison.changed)
    if not changed:
        return False
    most = max(MOST_OTHER_NAMES * len(comparison.before), 1)
    count = 0
    for start in range(0, len(changed), 500):
        query = select(RegisterRow.key, RegisterRow.name_key).where(
            RegisterRow.key.in_(changed[start : start + 500]),
            RegisterRow.until_step.is_(None),
            RegisterRow.listed_until.is_(None),
        )
        for key, name_key in db.session.execute(query):
            if name_key != plan.said(key)[5]:
                count += 1
        if count > most:
            return True
    return False


def _mark(comparison: Comparison, lines: Lines, effects: Iterable[Effect], alarms: Sequence[Alarm]) -> str:
    """A hash of all that would happen."""
    said = hashlib.sha256()
    for name, keys in (("new", comparison.new), ("changed", comparison.changed), ("gone", comparison.gone)):
        said.update(name.encode())
        for key in sorted(keys):
            said.update(b"%d %b;" % (key, lines.digests.get(key, b"")))
    for effect in effects:
        said.update(f"{effect.claim.id} {effect.outcome} {effect.before} {effect.after};".encode())
    said.update(" ".join(alarms).encode())
    return said.hexdigest()[:32]
