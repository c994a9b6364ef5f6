"""Plain SQL, right at any size, quick to about ten thousand listings. The oracle for whatever is quicker.

Whether a listing is inside a circle is integer arithmetic, names are compared by code point, and words are tokens that
were folded in Python: SQLite and PostgreSQL give the same sets, counts and order.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    cast,
    column,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
    true,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.orm import InstrumentedAttribute, aliased

from directory.db import db
from directory.lib.folding import plain
from directory.lib.geography import chord_m
from directory.models import (
    PUBLIC_STATES,
    Access,
    ClaimSpan,
    ClaimStatus,
    Concern,
    Modality,
    PracticePlace,
    Practitioner,
    Pressure,
    Speaks,
    Training,
    Visit,
    WorksWith,
)
from directory.models.practitioners import access_column
from directory.services.indexing import COUNTRIES_WITHOUT_PAIRING
from directory.services.search.criteria import NO_CLAIM, PAGE_SIZE, Criteria, Facet, Sort, Terms

Ids = Select[tuple[int]]
Condition = ColumnElement[bool]

SHUFFLE_PRIME = 2_147_483_647  # 2^31 - 1, a prime: multiplying by a number of the day permutes what lies below it
SHUFFLE_STEP = 48_271  # a primitive root of it, https://en.wikipedia.org/wiki/Lehmer_random_number_generator


@dataclass(frozen=True)
class Hit:
    """A listing found, with the square of its distance along a straight line in metres, if a place was asked for."""

    practitioner_id: int
    chord_squared: int | None


def count(criteria: Criteria) -> int:
    """How many listings the search finds."""
    return db.session.scalar(select(func.count()).select_from(_base(criteria))) or 0


def is_name(criteria: Criteria) -> bool:
    """Whether somebody's name has all the words."""
    named = select(Practitioner.id).where(
        Practitioner.state.in_(PUBLIC_STATES), Practitioner.id.in_(_with_words(criteria.terms, ("names",)))
    )
    return bool(criteria.terms) and db.session.scalar(select(named.exists())) is True


def page(criteria: Criteria) -> list[Hit]:
    """The listings of one page, in order."""
    near = _nearest(criteria)
    distance = near.c.chord if near is not None else literal(None)
    query = select(Practitioner.id, distance.label("chord")).where(*_conditions(criteria))
    if near is not None:
        query = query.join(near, near.c.practitioner_id == Practitioner.id, isouter=not criteria.in_circle)
    query = query.order_by(*_order(criteria, distance)).limit(PAGE_SIZE).offset((criteria.page - 1) * PAGE_SIZE)
    return [Hit(row[0], row[1]) for row in db.session.execute(query)]


def facet_counts(criteria: Criteria) -> dict[Facet, dict[str, int]]:
    """For each facet, how many listings each of its values would find: all other filters count, its own does not.

    Values that would find nobody may be left out.
    """
    counts: dict[Facet, dict[str, int]] = {}
    by_column = [Facet.VISIT, Facet.PRICE, Facet.ACCESS, Facet.PRESSURE, Facet.GENDER, Facet.ACCEPTING]
    shared = [facet for facet in by_column if facet not in criteria.filters]
    if shared:
        counts |= _count_columns(criteria, shared)
    for facet in by_column:
        if facet in criteria.filters:
            counts |= _count_columns(criteria.without(facet), [facet])
    counts[Facet.MODALITY] = _count_modalities(criteria.without(Facet.MODALITY))
    counts[Facet.LANGUAGE] = _grouped(criteria.without(Facet.LANGUAGE), Speaks.language, Speaks.practitioner_id)
    counts[Facet.STATUS] = _count_statuses(criteria)
    counts[Facet.BODY] = _count_bodies(criteria)
    if criteria.pairs_concerns:
        counts[Facet.CONCERN] = _count_concerns(criteria.without(Facet.CONCERN))
    return counts


# ---- what is asked for ----


def _base(criteria: Criteria) -> Subquery:
    return select(Practitioner.id).where(*_conditions(criteria)).subquery("base")


def _conditions(criteria: Criteria) -> list[Condition]:
    found: list[Condition] = [Practitioner.state.in_(PUBLIC_STATES)]
    if criteria.terms:
        columns = ("names", "methods", "body", *(("concerns",) if criteria.pairs_concerns else ()))
        found.append(Practitioner.id.in_(_with_words(criteria.terms, columns)))
    elif criteria.words:
        found.append(false())  # only signs were typed, and no listing has a word made of signs
    near = _nearest(criteria) if criteria.in_circle else None
    if near is not None:
        found.append(Practitioner.id.in_(select(near.c.practitioner_id)))
    for facet, values in criteria.filters.items():
        if facet not in {Facet.STATUS, Facet.BODY}:
            found.append(_condition(facet, values))
    claim = _claim_condition(criteria)
    return found if claim is None else [*found, claim]


def _condition(facet: Facet, values: tuple[str, ...]) -> Condition:
    match facet:
        case Facet.MODALITY:
            lines = _modality_lines()
            offered = (
                select(Training.practitioner_id)
                .join(lines, lines.c.modality_id == Training.modality_id)
                .where(lines.c.ancestor_id.in_(values))
            )
            return Practitioner.id.in_(offered)
        case Facet.CONCERN:
            paired = select(WorksWith.practitioner_id).where(WorksWith.concern_id.in_(values))
            return and_(Practitioner.id.in_(paired), _may_be_paired())
        case Facet.LANGUAGE:
            return Practitioner.id.in_(select(Speaks.practitioner_id).where(Speaks.language.in_(values)))
        case _:
            return or_(*(_column_condition(facet, value) for value in values))


def _column_condition(facet: Facet, value: str) -> Condition:
    match facet:
        case Facet.VISIT:
            return _is_true(f"visits_{value}")
        case Facet.ACCESS:
            return _is_true(access_column(Access(value)))
        case Facet.PRESSURE:
            degree = Pressure(value).degree
            return and_(Practitioner.pressure_from <= degree, Practitioner.pressure_to >= degree)
        case Facet.PRICE:
            return Practitioner.band == value
        case Facet.GENDER:
            return Practitioner.gender == value
        case Facet.ACCEPTING:
            return Practitioner.accepting == value
        case _:
            raise AssertionError(facet)


def _is_true(name: str) -> Condition:
    flag: InstrumentedAttribute[bool] = getattr(Practitioner, name)
    return flag.is_(True)


def _may_be_paired() -> Condition:
    return Practitioner.country.not_in(COUNTRIES_WITHOUT_PAIRING)


def _spans(day: dt.date) -> list[Condition]:
    return [ClaimSpan.from_on <= day, ClaimSpan.until_on > day]


def _claim_condition(criteria: Criteria) -> Condition | None:
    """Body with status means one and the same claim."""
    statuses = criteria.filters.get(Facet.STATUS, ())
    bodies = criteria.filters.get(Facet.BODY, ())
    if not statuses and not bodies:
        return None
    claimed = select(ClaimSpan.practitioner_id).where(*_spans(criteria.day))
    if bodies:
        claimed = claimed.where(ClaimSpan.body_id.in_(bodies))
    told = [status for status in statuses if status != NO_CLAIM]
    if told:
        claimed = claimed.where(ClaimSpan.status.in_(told))
    alternatives: list[Condition] = [Practitioner.id.in_(claimed)] if told or not statuses else []
    if NO_CLAIM in statuses and not bodies:
        alternatives.append(_has_no_claim(criteria.day))
    return or_(*alternatives) if alternatives else false()


def _has_no_claim(day: dt.date) -> Condition:
    return Practitioner.id.not_in(select(ClaimSpan.practitioner_id).where(*_spans(day)))


def _modality_lines() -> Subquery:
    """Each modality with itself, its parent and its parent's parent: who offers Zen shiatsu offers shiatsu."""
    child, parent = aliased(Modality), aliased(Modality)
    own = select(child.id.label("ancestor_id"), child.id.label("modality_id"))
    first = select(child.parent_id, child.id).where(child.parent_id.is_not(None))
    second = (
        select(parent.parent_id, child.id)
        .join(parent, child.parent_id == parent.id)
        .where(parent.parent_id.is_not(None))
    )
    return own.union_all(first, second).subquery("modality_line")


# ---- words ----


def _with_words(terms: Terms, columns: tuple[str, ...]) -> Select[Any]:
    """Listings with all the terms in any of the columns; the last word may be the beginning of a longer one."""
    if db.engine.dialect.name == "sqlite":
        fts = table("search_fts", column("rowid"))
        asked = f"{{{' '.join(columns)}}} : ({_fts_query(terms)})"
        return select(fts.c.rowid).where(literal_column("search_fts").op("MATCH")(asked))
    vectors = {
        ("names",): "names_v",
        ("names", "methods"): "methods_v",
        ("names", "methods", "body"): "plain_v",
        ("names", "methods", "body", "concerns"): "full_v",
    }
    text = table("search_text", column("practitioner_id"), column(vectors[columns], TSVECTOR))
    return select(text.c.practitioner_id).where(
        text.c[vectors[columns]].op("@@")(cast(literal(_ts_query(terms)), TSQUERY))
    )


def _is_beginning(terms: Terms, term: int, alternative: tuple[str, ...], token: int) -> bool:
    """Whether a token may be the beginning of a longer word: the last one typed, if it is two letters or more."""
    return term == len(terms) - 1 and token == len(alternative) - 1 and len(alternative[token]) >= 2


def _fts_query(terms: Terms) -> str:
    """Every token stands in quotes, so that nothing in it is an operator."""
    return _written(terms, lambda token, beginning: f'"{token}"' + ("*" if beginning else ""), " AND ", " OR ")


def _ts_query(terms: Terms) -> str:
    return _written(terms, lambda token, beginning: f"'{token}'" + (":*" if beginning else ""), " & ", " | ")


def _written(terms: Terms, word: Any, conjunction: str, disjunction: str) -> str:
    written = []
    for position, term in enumerate(terms):
        alternatives = [
            conjunction.join(
                word(token, _is_beginning(terms, position, alternative, number))
                for number, token in enumerate(alternative)
            )
            for alternative in term
        ]
        written.append("(" + disjunction.join(f"({alternative})" for alternative in alternatives) + ")")
    return conjunction.join(written)


def _tier(criteria: Criteria) -> ColumnElement[int]:
    """How well the words fit: 0 the name as typed, 1 all in names, 2 in names and methods, 3 elsewhere."""
    return case(
        (Practitioner.name_key == plain(criteria.words), 0),
        (Practitioner.id.in_(_with_words(criteria.terms, ("names",))), 1),
        (Practitioner.id.in_(_with_words(criteria.terms, ("names", "methods"))), 2),
        else_=3,
    )


# ---- place and order ----


def _nearest(criteria: Criteria) -> Subquery | None:
    """Each listing with its nearest place; only those inside the circle, where there is one."""
    if criteria.spot is None:
        return None
    place = PracticePlace
    x, y, z = criteria.spot.point.xyz
    across, up, out = (cast(axis, BigInteger) - value for axis, value in ((place.x, x), (place.y, y), (place.z, z)))
    chord = across * across + up * up + out * out
    query = select(place.practitioner_id, func.min(chord).label("chord")).where(place.x.is_not(None))
    if criteria.radius_m is not None:
        reach = chord_m(criteria.radius_m)
        for axis, value in ((place.x, x), (place.y, y), (place.z, z)):
            query = query.where(axis.between(value - reach, value + reach))
        query = query.where(chord <= reach * reach)
    return query.group_by(place.practitioner_id).subquery("nearest")


def _order(criteria: Criteria, distance: ColumnElement[Any]) -> list[Any]:
    keys: list[Any] = []
    if criteria.sort is Sort.RELEVANCE and criteria.terms:
        keys.append(_tier(criteria))
    if criteria.sort is Sort.NAME:
        return [Practitioner.name_key, Practitioner.id]
    if criteria.spot is not None and criteria.sort is not Sort.SHUFFLE:
        keys += [case((distance.is_(None), 1), else_=0), distance]
    return [*keys, _shuffled(criteria.day), Practitioner.id]


def _shuffled(day: dt.date) -> ColumnElement[int]:
    """The order of the day, the same for everybody."""
    factor = pow(SHUFFLE_STEP, day.toordinal(), SHUFFLE_PRIME)
    return (cast(Practitioner.shuffle, BigInteger) + 1) * factor % SHUFFLE_PRIME


# ---- counts ----


def _count_columns(criteria: Criteria, facets: Iterable[Facet]) -> dict[Facet, dict[str, int]]:
    wanted = [(facet, value) for facet in facets for value in COLUMN_VALUES[facet]]
    sums = [func.sum(case((_column_condition(facet, value), 1), else_=0)) for facet, value in wanted]
    row = db.session.execute(select(*sums).where(*_conditions(criteria))).one()
    counts: dict[Facet, dict[str, int]] = {facet: {} for facet, _ in wanted}
    for (facet, value), number in zip(wanted, row, strict=True):
        counts[facet][value] = int(number or 0)
    return counts


COLUMN_VALUES: dict[Facet, tuple[str, ...]] = {
    Facet.VISIT: tuple(Visit),
    Facet.PRICE: ("low", "middle", "high"),
    Facet.ACCESS: tuple(Access),
    Facet.PRESSURE: tuple(Pressure),
    Facet.GENDER: ("woman", "man", "non-binary"),
    Facet.ACCEPTING: ("yes", "waiting-list", "no"),
}


def _grouped(criteria: Criteria, value: Any, practitioner_id: Any, *conditions: Condition) -> dict[str, int]:
    base = _base(criteria)
    query = (
        select(value, func.count(practitioner_id.distinct()))
        .join(base, base.c.id == practitioner_id)
        .where(true(), *conditions)
        .group_by(value)
    )
    return {str(row[0]): int(row[1]) for row in db.session.execute(query) if row[0] is not None}


def _count_modalities(criteria: Criteria) -> dict[str, int]:
    base, lines = _base(criteria), _modality_lines()
    query = (
        select(lines.c.ancestor_id, func.count(Training.practitioner_id.distinct()))
        .join(Training, Training.modality_id == lines.c.modality_id)
        .join(base, base.c.id == Training.practitioner_id)
        .group_by(lines.c.ancestor_id)
    )
    return {str(row[0]): int(row[1]) for row in db.session.execute(query)}


def _count_concerns(criteria: Criteria) -> dict[str, int]:
    base = select(Practitioner.id).where(*_conditions(criteria), _may_be_paired()).subquery("base")
    query = (
        select(WorksWith.concern_id, func.count())
        .join(base, base.c.id == WorksWith.practitioner_id)
        .join(Concern, Concern.id == WorksWith.concern_id)
        .where(Concern.claim_status != ClaimStatus.MEDICAL)
        .group_by(WorksWith.concern_id)
    )
    return {str(row[0]): int(row[1]) for row in db.session.execute(query)}


def _count_statuses(criteria: Criteria) -> dict[str, int]:
    bodies = criteria.filters.get(Facet.BODY, ())
    open_to = criteria.without(Facet.STATUS).without(Facet.BODY)
    same_claim = [ClaimSpan.body_id.in_(bodies)] if bodies else []
    counts = _grouped(open_to, ClaimSpan.status, ClaimSpan.practitioner_id, *_spans(criteria.day), *same_claim)
    if not bodies:
        without = (
            select(func.count()).select_from(Practitioner).where(*_conditions(open_to), _has_no_claim(criteria.day))
        )
        counts[NO_CLAIM] = db.session.scalar(without) or 0
    return counts


def _count_bodies(criteria: Criteria) -> dict[str, int]:
    statuses = criteria.filters.get(Facet.STATUS, ())
    told = [status for status in statuses if status != NO_CLAIM]
    if statuses and not told:
        return {}
    open_to = criteria.without(Facet.STATUS).without(Facet.BODY)
    same_claim = [ClaimSpan.status.in_(told)] if told else []
    return _grouped(open_to, ClaimSpan.body_id, ClaimSpan.practitioner_id, *_spans(criteria.day), *same_claim)
