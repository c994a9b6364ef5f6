"""Search in plain SQL: right at any size, quick to about ten thousand listings. What is quicker is compared with it.

Whether a listing is inside a circle is integer arithmetic, names are compared by code point, and words are tokens that
were folded in Python: SQLite and PostgreSQL give the same sets, counts and order.
"""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
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
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, TSVECTOR
from sqlalchemy.orm import InstrumentedAttribute

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
    WorksWith,
)
from directory.models.practitioners import access_column
from directory.services.indexing import COUNTRIES_WITHOUT_PAIRING
from directory.services.search.criteria import (
    FIXED_VALUES,
    NO_CLAIM,
    PAGE_SIZE,
    SHUFFLE_PRIME,
    Answer,
    Criteria,
    Facet,
    Hit,
    Sort,
    Terms,
    is_beginning,
    parse_words,
    shuffle_factor,
    told,
)

Condition = ColumnElement[bool]


def answer(criteria: Criteria) -> Answer:
    """All that a search finds: how many, the listings of one page in order, and the counts of every filter."""
    return Answer(count(criteria), tuple(page(criteria)), facet_counts(criteria))


def count(criteria: Criteria) -> int:
    """How many listings the search finds."""
    return db.session.scalar(select(func.count()).select_from(Practitioner).where(*_conditions(criteria))) or 0


def is_name(criteria: Criteria) -> bool:
    """Whether somebody's name has all the words."""
    named = select(Practitioner.id).where(
        Practitioner.state.in_(PUBLIC_STATES), Practitioner.id.in_(_with_words(criteria.terms, ("names",)))
    )
    return bool(criteria.terms) and db.session.scalar(select(named.exists())) is True


def named(words: str, limit: int) -> list[int]:
    """Listings with all the words in their names, the last one as a beginning; by name, at most `limit`."""
    terms = parse_words(words)
    if not terms:
        return []
    found = select(Practitioner.id).where(
        Practitioner.state.in_(PUBLIC_STATES), Practitioner.id.in_(_with_words(terms, ("names",)))
    )
    return list(db.session.scalars(found.order_by(Practitioner.name_key, Practitioner.id).limit(limit)))


def page(criteria: Criteria) -> list[Hit]:
    """The listings of one page, in order."""
    near = _nearest(criteria)
    distance = near.c.chord if near is not None else literal(None)
    query = select(Practitioner.id, distance.label("chord")).where(*_conditions(criteria))
    if near is not None:
        query = query.join(near, near.c.practitioner_id == Practitioner.id, isouter=not criteria.in_circle)
    query = query.order_by(*_order(criteria, distance)).limit(PAGE_SIZE).offset(criteria.offset)
    return [Hit(row[0], row[1]) for row in db.session.execute(query)]


def facet_counts(criteria: Criteria) -> dict[Facet, dict[str, int]]:
    """For each facet, how many listings each of its values would find: all other filters count, its own does not.

    Values that would find nobody may be left out.
    """
    found = _members(criteria)
    open_to = {facet: _members(criteria.without(facet)) for facet in criteria.filters}
    claims = {Facet.STATUS, Facet.BODY} & set(criteria.filters)
    claimants = _members(criteria.without(Facet.STATUS).without(Facet.BODY)) if claims else found
    counts: dict[Facet, dict[str, int]] = {
        Facet.MODALITY: _count_modalities(open_to.get(Facet.MODALITY, found)),
        Facet.LANGUAGE: _grouped(open_to.get(Facet.LANGUAGE, found), Speaks.language, Speaks.practitioner_id, _ROWS),
        Facet.STATUS: _count_statuses(claimants, criteria),
        Facet.BODY: _count_bodies(claimants, criteria),
    }
    shared = [facet for facet in FIXED_VALUES if facet not in open_to]
    counts |= _count_columns(found, shared)
    for facet in FIXED_VALUES:
        if facet in open_to:
            counts |= _count_columns(open_to[facet], [facet])
    if criteria.pairs_concerns:
        counts[Facet.CONCERN] = _count_concerns(open_to.get(Facet.CONCERN, found))
    return counts


# ---- what is asked for ----


@dataclass(frozen=True)
class _Members:
    """Everybody whom a search finds, so that what costs most is done once and not for every facet.

    `ids` are rows of one column, given to the database as one value: of those found, or, where nothing was asked for,
    of the few that are not public.
    """

    total: int
    ids: Select[tuple[int]]
    are_left_out: bool

    def have(self, practitioner_id: Any) -> Condition:
        """Whether a row belongs to one of them."""
        kept: Condition = practitioner_id.not_in(self.ids) if self.are_left_out else practitioner_id.in_(self.ids)
        return kept


def _members(criteria: Criteria) -> _Members:
    if criteria.words or criteria.in_circle or criteria.filters or criteria.among is not None:
        found = [row[0] for row in db.session.execute(select(Practitioner.id).where(*_conditions(criteria)))]
        return _Members(len(found), _as_rows(found), are_left_out=False)
    hidden = select(Practitioner.id).where(Practitioner.state.not_in(PUBLIC_STATES))
    return _Members(count(criteria), _as_rows([row[0] for row in db.session.execute(hidden)]), are_left_out=True)


def _as_rows(ids: list[int]) -> Select[tuple[int]]:
    if db.engine.dialect.name == "sqlite":
        return select(func.json_each(json.dumps(ids)).table_valued("value").c.value)
    return select(func.unnest(cast(ids, ARRAY(Integer))))


def _conditions(criteria: Criteria) -> list[Condition]:
    found: list[Condition] = [Practitioner.state.in_(PUBLIC_STATES)]
    if criteria.terms:
        columns = ("names", "methods", "body", *(("concerns",) if criteria.pairs_concerns else ()))
        found.append(Practitioner.id.in_(_with_words(criteria.terms, columns)))
    elif criteria.words:
        found.append(false())  # only signs were typed, and no listing has a word made of signs
    if criteria.among is not None:
        found.append(Practitioner.id.in_(_as_rows(sorted(criteria.among))))
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
            families = _families()
            offered = {modality for value in values for modality in families[value]}
            return Practitioner.id.in_(select(Training.practitioner_id).where(Training.modality_id.in_(offered)))
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
    named = told(statuses)
    if named:
        claimed = claimed.where(ClaimSpan.status.in_(named))
    alternatives: list[Condition] = [Practitioner.id.in_(claimed)] if named or not statuses else []
    if NO_CLAIM in statuses and not bodies:
        alternatives.append(_has_no_claim(criteria.day))
    return or_(*alternatives) if alternatives else false()


def _has_no_claim(day: dt.date) -> Condition:
    return Practitioner.id.not_in(select(ClaimSpan.practitioner_id).where(*_spans(day)))


def _families() -> dict[str, set[str]]:
    """Each modality with its own forms, and theirs: who offers Zen shiatsu offers shiatsu."""
    parents = {row[0]: row[1] for row in db.session.execute(select(Modality.id, Modality.parent_id))}
    families: dict[str, set[str]] = {modality: {modality} for modality in parents}
    for modality in parents:
        ancestor = parents[modality]
        while ancestor is not None:
            families[ancestor].add(modality)
            ancestor = parents[ancestor]
    return families


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
                word(token, is_beginning(terms, position, alternative, number))
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
    return (cast(Practitioner.shuffle, BigInteger) + 1) * shuffle_factor(day) % SHUFFLE_PRIME


# ---- counts ----


def _count_columns(members: _Members, facets: Iterable[Facet]) -> dict[Facet, dict[str, int]]:
    wanted = [(facet, value) for facet in facets for value in FIXED_VALUES[facet]]
    if not wanted:
        return {}
    sums = [func.sum(case((_column_condition(facet, value), 1), else_=0)) for facet, value in wanted]
    row = db.session.execute(select(*sums).where(members.have(Practitioner.id))).one()
    counts: dict[Facet, dict[str, int]] = {facet: {} for facet, _ in wanted}
    for (facet, value), number in zip(wanted, row, strict=True):
        counts[facet][value] = int(number or 0)
    return counts


def _grouped(
    members: _Members, value: Any, practitioner_id: Any, number: Any, *conditions: Condition
) -> dict[str, int]:
    query = select(value, number).where(members.have(practitioner_id), *conditions).group_by(value)
    return {str(row[0]): int(row[1]) for row in db.session.execute(query) if row[0] is not None}


# Somebody may claim two things with one status; nobody has a method or a language twice.
_ROWS = func.count()
_CLAIMANTS = func.count(ClaimSpan.practitioner_id.distinct())


def _count_modalities(members: _Members) -> dict[str, int]:
    counts = _grouped(members, Training.modality_id, Training.practitioner_id, _ROWS)
    for modality, family in _families().items():
        if len(family) > 1:
            offered = select(func.count(Training.practitioner_id.distinct())).where(
                Training.modality_id.in_(family), members.have(Training.practitioner_id)
            )
            counts[modality] = db.session.scalar(offered) or 0
    return counts


def _count_concerns(members: _Members) -> dict[str, int]:
    query = (
        select(WorksWith.concern_id, func.count())
        .join(Practitioner, Practitioner.id == WorksWith.practitioner_id)
        .join(Concern, Concern.id == WorksWith.concern_id)
        .where(members.have(WorksWith.practitioner_id), _may_be_paired())
        .where(Concern.claim_status != ClaimStatus.MEDICAL)
        .group_by(WorksWith.concern_id)
    )
    return {str(row[0]): int(row[1]) for row in db.session.execute(query)}


def _count_statuses(members: _Members, criteria: Criteria) -> dict[str, int]:
    bodies = criteria.filters.get(Facet.BODY, ())
    spans = _spans(criteria.day)
    same_claim = [ClaimSpan.body_id.in_(bodies)] if bodies else []
    counts = _grouped(members, ClaimSpan.status, ClaimSpan.practitioner_id, _CLAIMANTS, *spans, *same_claim)
    if not bodies:
        claiming = select(_CLAIMANTS).where(members.have(ClaimSpan.practitioner_id), *spans)
        counts[NO_CLAIM] = members.total - (db.session.scalar(claiming) or 0)
    return counts


def _count_bodies(members: _Members, criteria: Criteria) -> dict[str, int]:
    statuses = criteria.filters.get(Facet.STATUS, ())
    named = told(statuses)
    if statuses and not named:
        return {}
    same_claim = [ClaimSpan.status.in_(named)] if named else []
    return _grouped(
        members, ClaimSpan.body_id, ClaimSpan.practitioner_id, _CLAIMANTS, *_spans(criteria.day), *same_claim
    )
