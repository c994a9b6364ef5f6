"""Histories of claims: when it was stated, who looked when and saw what, and the status of every day since.

A load makes some hundreds of histories with the same function that works out every status, and deals them out. So the
days of two people may be the same; their bodies, grades and numbers are not.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from directory.models import Body, Check, Claim, Confidence, Method, Outcome, Status, Tie
from directory.models.standings import periods
from directory.services import lookalikes
from directory.services.demo.names import pick
from directory.services.demo.sources import Deck, KnownBody, Sources, Tokens
from directory.services.demo.sources import Method as Kind
from directory.services.demo.tables import Block

# Histories made of each kind.
VARIETY = 120
UNASSESSED = "unassessed"
# The share of claims to no real body that name one which the directory does not know.
NAMED_BODY = 0.25

Looked = tuple[str, str, str, str, str | None, bool, str | None, str | None, str | None, str | None, str | None]


class History(NamedTuple):
    """A claim without its body and number. Days and moments are written as both databases take them."""

    claimed_until: str | None
    stated_on: str
    taken_on: str | None
    withdrawn_on: str | None
    recorded_at: str
    looks: tuple[Looked, ...]
    spans: tuple[tuple[str, str, str], ...]
    status: Status


@dataclass
class Look:
    """Somebody looked, so many days ago. A confirmed membership is good for `good` days."""

    ago: int
    outcome: Outcome
    good: int = 0


@dataclass
class Shape:
    """A history in days before today."""

    stated: int
    taken: int | None = None
    withdrawn: int | None = None
    looks: list[Look] = field(default_factory=list)


def moment(day: dt.date | str, source: Random) -> str:
    """Some time in the working hours of `day`, as UTC. Both databases take it so: their connections speak UTC."""
    return f"{day} {8 + int(source.random() * 9):02}:{int(source.random() * 60):02}:00.000000"


class Histories(dict[tuple[str, int], History]):
    """Histories by kind and number, each made when it is first dealt."""

    def __init__(self, seed: str, today: dt.date) -> None:
        super().__init__()
        self._seed = seed
        self._today = today

    def __missing__(self, key: tuple[str, int]) -> History:
        kind, number = key
        # A source of its own, so that it does not matter which is dealt first.
        source = Random(f"{self._seed}/{kind}/{number}")  # noqa: S311  it must give the same history again
        history = self[key] = _history(kind, self._today, source)
        return history


def _stated(source: Random) -> Shape:
    return Shape(stated=source.randint(1, 900))


def _being_checked(source: Random) -> Shape:
    taken = source.randint(1, 45)
    shape = Shape(stated=taken + source.randint(0, 30), taken=taken)
    if source.random() < 0.25:
        shape.looks.append(Look(source.randint(1, taken), Outcome.INCONCLUSIVE))
    return shape


def _looked_at(source: Random, last: Look, *, years: int) -> Shape:
    """Looked at every year, and `last`."""
    ago = last.ago
    looks = [last]
    for _ in range(years):
        ago += source.randint(330, 375)
        looks.insert(0, Look(ago, Outcome.CONFIRMED, good=source.randint(350, 380)))
    taken = ago + source.randint(0, 20)
    return Shape(stated=taken + source.randint(1, 30), taken=taken, looks=looks)


def _checked(source: Random) -> Shape:
    ago = source.randint(1, 320)
    last = Look(ago, Outcome.CONFIRMED, good=source.randint(max(ago + 1, 200), 380))
    shape = _looked_at(source, last, years=source.choice((0, 0, 0, 0, 1, 1, 2, 4)))
    if ago > 1 and source.random() < 0.06:
        shape.looks.append(Look(source.randint(1, ago - 1), Outcome.INCONCLUSIVE))
    return shape


def _check_due(source: Random) -> Shape:
    ago = source.randint(100, 700)
    last = Look(ago, Outcome.CONFIRMED, good=source.randint(90, min(ago, 380)) - 1)
    return _looked_at(source, last, years=source.choice((0, 0, 1, 2)))


def _ended(source: Random) -> Shape:
    return _looked_at(source, Look(source.randint(1, 400), Outcome.ENDED), years=source.choice((0, 1, 1, 2, 3)))


def _not_confirmed(source: Random) -> Shape:
    return _looked_at(source, Look(source.randint(8, 400), Outcome.NOT_FOUND), years=source.choice((0, 0, 0, 1)))


def _in_grace(source: Random) -> Shape:
    return _looked_at(source, Look(source.randint(1, 6), Outcome.NOT_FOUND), years=0)


def _restricted(source: Random) -> Shape:
    return _looked_at(source, Look(source.randint(1, 200), Outcome.RESTRICTED), years=source.choice((0, 1, 2)))


def _recovered(source: Random) -> Shape:
    ago = source.randint(1, 300)
    missed = Look(ago + source.randint(20, 90), Outcome.NOT_FOUND)
    shape = _looked_at(source, missed, years=source.choice((0, 1)))
    shape.looks.append(Look(ago, Outcome.CONFIRMED, good=365))
    return shape


def _withdrawn(source: Random) -> Shape:
    withdrawn = source.randint(1, 300)
    return Shape(stated=withdrawn + source.randint(10, 800), withdrawn=withdrawn)


_SHAPES: dict[str, Callable[[Random], Shape]] = {
    "self-reported": _stated,
    "being-checked": _being_checked,
    "checked": _checked,
    "check-due": _check_due,
    "ended": _ended,
    "not-confirmed": _not_confirmed,
    "in-grace": _in_grace,
    "restricted": _restricted,
    "recovered": _recovered,
    "withdrawn": _withdrawn,
    UNASSESSED: _stated,
}

_METHODS = Deck(
    (
        (Method.PUBLIC_REGISTER, 70),
        (Method.REGISTER_FILE, 12),
        (Method.BODY_LETTER, 8),
        (Method.DOCUMENT, 6),
        (Method.TELEPHONE, 4),
    )
)
_ANY = "any"


def _history(kind: str, today: dt.date, source: Random) -> History:
    def day(ago: int | None) -> dt.date | None:
        return None if ago is None else today - dt.timedelta(days=ago)

    shape = _SHAPES[kind](source)
    stated_on = today - dt.timedelta(days=shape.stated)
    claim = Claim(
        body_id=_ANY,
        number_key="",
        stated_on=stated_on,
        taken_on=day(shape.taken),
        withdrawn_on=day(shape.withdrawn),
    )
    checks = [_check(look, today, source) for look in shape.looks]
    body = None if kind == UNASSESSED else Body(lists_individuals=True, confidence=Confidence.HIGH)
    found = periods(claim, body, checks)
    return History(
        claimed_until=_text(day(source.randint(-365, 60))) if source.random() < 0.35 else None,
        stated_on=str(stated_on),
        taken_on=_text(claim.taken_on),
        withdrawn_on=_text(claim.withdrawn_on),
        recorded_at=moment(stated_on, source),
        looks=tuple(_looked(check) for check in checks),
        spans=tuple((period.status.value, str(period.from_on), str(period.until_on)) for period in found),
        status=next(period.status for period in found if period.from_on <= today < period.until_on),
    )


def _check(look: Look, today: dt.date, source: Random) -> Check:
    day = today - dt.timedelta(days=look.ago)
    check = Check(
        body_id=_ANY,
        number_key="",
        checked_on=day,
        recorded_at=dt.datetime.fromisoformat(moment(day, source)).replace(tzinfo=dt.UTC),
        method=_METHODS.draw(source.random()),
        outcome=look.outcome,
    )
    match look.outcome:
        case Outcome.CONFIRMED:
            good_until = day + dt.timedelta(days=look.good)
            check.due_on = good_until
            check.tie = tuple(Tie)[look.good % len(Tie)]
            if source.random() < 0.8:
                check.valid_from = min(day, good_until - dt.timedelta(days=365))
                check.valid_to = good_until
        case Outcome.ENDED:
            check.ended_on = day - dt.timedelta(days=source.randint(1, 120))
        case Outcome.RESTRICTED:
            check.notice_url = f"https://example.org/notices/{source.randint(1000, 9999)}"
            check.due_on = day + dt.timedelta(days=30)
        case _:
            pass
    return check


def _looked(check: Check) -> Looked:
    return (
        str(check.checked_on),
        f"{check.recorded_at:%Y-%m-%d %H:%M:%S.%f}",
        check.method.value,
        check.outcome.value,
        check.tie.value if check.tie else None,
        check.outcome in {Outcome.CONFIRMED, Outcome.ENDED, Outcome.RESTRICTED},
        _text(check.valid_from),
        _text(check.valid_to),
        _text(check.ended_on),
        check.notice_url,
        _text(check.due_on),
    )


def _text(day: dt.date | None) -> str | None:
    return None if day is None else str(day)


class Claims:
    """Gives people claims, and counts the statuses of today."""

    def __init__(self, sources: Sources, seed: str, today: dt.date) -> None:
        self.statuses: Counter[Status | None] = Counter()
        self.was_checked = False
        self._sources = sources
        self._histories = Histories(seed, today)

    def add(
        self, person: int, name: str, country: str, methods: Sequence[Kind], chance: Random, block: Block
    ) -> Tokens:
        """Claims with their checks and spans. Returns the tokens by which they are found.

        The numbers that a check confirmed go to where look-alikes are found; `was_checked` says whether there was one.
        """
        self.was_checked = False
        wanted = int(self._sources.shares["claims_count"].draw(chance.random()))
        claimed: set[str] = set()
        found: Tokens = {}
        for number in range(wanted):
            group = _group(self._sources, country, methods[number % len(methods)], methods)
            body, body_name = self._body(group, country, chance)
            key = body.id if body else body_name
            if key in claimed:
                continue
            claimed.add(key)
            found |= self._add_one(person, name, body, body_name, chance, block)
        if not claimed:
            self.statuses[None] += 1
        return found

    def _body(self, group: str, country: str, chance: Random) -> tuple[KnownBody | None, str]:
        """A body that the directory knows, or the name of one that it does not."""
        sources, luck = self._sources, chance.random
        body = sources.claimed[group].draw(luck())
        if body:
            return sources.bodies[body], ""
        if luck() < NAMED_BODY:
            return None, pick(sources.named_bodies, chance)
        return sources.bodies[sources.demo_bodies["IE" if country == "IE" else "GB"].draw(luck())], ""

    def _kind(self, body: KnownBody | None, chance: float) -> str:
        if body is None or not body.is_assessed:
            return UNASSESSED
        return self._sources.histories["demo" if body.is_demo else "assessed"].draw(chance)

    def _add_one(
        self, person: int, name: str, body: KnownBody | None, body_name: str, chance: Random, block: Block
    ) -> Tokens:
        luck, pieces = chance.random, self._sources.pieces
        history = self._histories[self._kind(body, luck()), int(luck() * VARIETY)]
        grade = body.grades.draw(luck()) if body else ""
        # With a letter, so that it is nobody's real number. The key is what number_key makes of it.
        digits = 1000 + int(luck() * 99_000)
        number, key = (f"D{digits}", f"d{digits}") if luck() < 0.88 else (None, "")
        body_id = body.id if body else None
        claim = block.add_numbered(
            *("claim", person, body_id, None if body else body_name, grade or None, number, key),
            *(history.claimed_until, history.stated_on, history.taken_on, history.withdrawn_on, history.recorded_at),
        )
        for checked_on, recorded_at, method, outcome, tie, has_seen, *rest in history.looks:
            seen = (name, grade or None) if has_seen else (None, None)
            block.add_numbered(
                "claim_check", person, body_id, key, checked_on, recorded_at, method, outcome, tie, *seen, *rest
            )
        if any(look[3] == Outcome.CONFIRMED for look in history.looks):
            self.was_checked = True
            for row in lookalikes.of_number(person, body_id, key):
                block.add_numbered("skeleton", *row.values())
        for span in history.spans:
            block.add_numbered("claim_span", claim, person, body_id, *span)
        self.statuses[history.status] += 1
        found = dict(pieces[grade].tokens) if grade else {}
        if key:
            found[key] = None
        return found | (body.tokens if body else pieces[body_name].tokens)


def _group(sources: Sources, country: str, method: Kind, methods: Sequence[Kind]) -> str:
    """Which bodies somebody with these methods is likely to name."""
    is_shiatsu = method.is_shiatsu or any(other.is_shiatsu for other in methods[:1])
    if country == "IE":
        return "shiatsu IE" if is_shiatsu else "other IE"
    return "shiatsu" if is_shiatsu else sources.claim_groups.get(method.id, "other")
