"""What the lines that were found amount to: the verdict, and each line with its reasons. Pure."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence

from rapidfuzz.distance import OSA

from directory.lib.folding import plain
from directory.models import Shown
from directory.services.matching.asking import Asked, Look, Tier, folded_town, was_listed_before
from directory.services.matching.names import Level
from directory.services.matching.persons import Answer, Candidate, RegisterRowLike, Verdict
from directory.services.matching.reasons import WEIGHTS, Kind, Reason

MOST_SHOWN = 10


def nearest(looks: Sequence[Look]) -> list[Look]:
    """One look for each line of the register: the one that says most."""
    found: dict[int, Look] = {}
    for look in looks:
        other = found.get(look.row.key)
        if other is None or _worth(look) > _worth(other):
            found[look.row.key] = look
    return list(found.values())


def _worth(look: Look) -> tuple[bool, Tier, dt.date]:
    # Somebody else who has the number now does not hide who had it before.
    is_theirs = look.is_listed and look.likeness.level >= Level.SIMILAR
    return is_theirs or (look.is_listed and look.via is not None), look.tier, look.row.listed_from or dt.date.min


def answer(asked: Asked, looks: Sequence[Look]) -> Answer:
    looks = [look for look in nearest(looks) if look.is_listed or was_listed_before(look.row, asked.on)]
    top = max((look.tier for look in looks if look.tier > Tier.NUMBER_ONLY), default=Tier.NOTHING)
    first = [look for look in looks if look.tier is top and top is not Tier.NOTHING]
    verdict = _verdict(top, first, looks)
    shown = first if verdict is not Verdict.NOT_FOUND else []
    alone = sum(look.likeness.level is Level.EQUAL and look.is_listed for look in looks)
    candidates = [
        _candidate(asked, look, verdict if look in shown else _lesser(look), alone)
        for look in _by_promise(asked, looks)
    ]
    candidates.sort(key=lambda one: (one.verdict is not verdict, -one.score, one.row.key))
    return Answer(verdict, tuple(candidates[:MOST_SHOWN]))


def _verdict(top: Tier, first: Sequence[Look], looks: Sequence[Look]) -> Verdict:
    listed = [look for look in first if look.is_listed]
    if not listed and first and top > Tier.SIMILAR:
        others = [look for look in looks if look.is_listed and look.tier >= Tier.COMPATIBLE]
        if len(first) == 1 and (top is Tier.MATCH or not others):
            return Verdict.WAS_LISTED
        return Verdict.AMBIGUOUS
    if not listed:
        return Verdict.NOT_FOUND
    if len(listed) > 1:
        return Verdict.AMBIGUOUS
    return Verdict.MATCH if top is Tier.MATCH else Verdict.POSSIBLE


def _lesser(look: Look) -> Verdict:
    """What a line that was not the nearest is called: worth a look, or not even that."""
    return Verdict.POSSIBLE if look.is_listed and look.tier > Tier.NUMBER_ONLY else Verdict.NOT_FOUND


def _by_promise(asked: Asked, looks: Sequence[Look]) -> Sequence[Look]:
    """The first of many, before each is looked at in full."""
    if len(looks) <= MOST_SHOWN:
        return looks
    ranked = sorted(
        looks, key=lambda look: (-look.tier, not look.is_listed, not _is_near(asked, look.row), look.row.key)
    )
    return ranked[:MOST_SHOWN]


def _is_near(asked: Asked, row: RegisterRowLike) -> bool:
    return bool(row.town) and folded_town(row.town or "") in asked.towns


def _candidate(asked: Asked, look: Look, verdict: Verdict, of_this_name: int) -> Candidate:
    reasons = [Reason(Kind.NUMBER)] if look.has_number else []
    reasons += [_REASONS[kind] for kind in look.likeness.kinds]
    if look.via is not None and look.likeness.level > Level.NONE:
        reasons.append(look.via)
    against = [_REASONS[kind] for kind in (*look.likeness.against, *asked.odd)]
    for judge in _JUDGES:
        for reason in judge(asked, look):
            (against if reason.kind in _AGAINST else reasons).append(reason)
    if look.likeness.level is Level.EQUAL and not look.has_number:
        if of_this_name > 1:
            against.append(_REASONS[Kind.SEVERAL])
        elif look.is_listed:
            reasons.append(_REASONS[Kind.ALONE])
    score = sum(WEIGHTS[reason.kind] for reason in (*reasons, *against))
    return Candidate(look.row, max(0, min(100, score)), verdict, tuple(reasons), tuple(against), look.is_listed)


def _of_its_number(asked: Asked, look: Look) -> Iterator[Reason]:
    if not asked.number_key or not look.row.number_key or look.has_number:
        return
    is_near = OSA.distance(asked.number_key, look.row.number_key, score_cutoff=1) <= 1
    yield Reason(Kind.NUMBER_NEAR if is_near else Kind.NUMBER_DIFFERS, {"number": look.row.number})


def _of_its_place(asked: Asked, look: Look) -> Iterator[Reason]:
    row = look.row
    has_town = bool(row.town) and bool(asked.towns)
    has_outward = bool(row.outward) and bool(asked.outwards)
    same_town = has_town and folded_town(row.town or "") in asked.towns
    same_outward = has_outward and (row.outward or "").upper() in asked.outwards
    if same_town:
        yield _REASONS[Kind.TOWN]
    if same_outward:
        yield _REASONS[Kind.OUTWARD]
    if has_town and not same_town and not same_outward:
        yield Reason(Kind.TOWN_DIFFERS, {"town": row.town})


def _of_its_grade(asked: Asked, look: Look) -> Iterator[Reason]:
    if asked.person.grade and look.row.grade:
        same = plain(asked.person.grade) == plain(look.row.grade)
        yield _REASONS[Kind.GRADE] if same else Reason(Kind.GRADE_DIFFERS, {"grade": look.row.grade})


def _of_its_disciplines(asked: Asked, look: Look) -> Iterator[Reason]:
    if asked.person.disciplines and look.row.disciplines:
        covered = set(asked.person.disciplines) <= set(look.row.disciplines)
        yield _REASONS[Kind.DISCIPLINES if covered else Kind.DISCIPLINES_MISSING]


def _of_its_time(_asked: Asked, look: Look) -> Iterator[Reason]:
    if look.row.listed_until is not None and not look.is_listed:
        yield Reason(Kind.NOT_LISTED, {"day": look.row.listed_until})
    if look.row.shown is Shown.ENDED:
        yield _REASONS[Kind.ENDED]
    if look.row.shown is Shown.NOTICE:
        yield _REASONS[Kind.NOTICE]


_JUDGES: tuple[Callable[[Asked, Look], Iterator[Reason]], ...] = (
    _of_its_number,
    _of_its_place,
    _of_its_grade,
    _of_its_disciplines,
    _of_its_time,
)
_REASONS = {kind: Reason(kind) for kind in Kind}
_AGAINST = frozenset(list(Kind)[list(Kind).index(Kind.NUMBER_DIFFERS) :])
