"""One statement of PostgreSQL that does the whole job of a search.

The listings stand in a narrow table of their own, ready for one day: every value of every filter is one bit of a few
numbers, and stands in a list, too. The statement reads them once, keeps who fails one filter at most, and counts and
orders what it kept. Words are found with the index of the site's own column, places by their few distinct points.
"""

import json
from dataclasses import dataclass
from typing import Any

import psycopg

from directory.lib.folding import plain
from directory.lib.geography import chord_m
from directory.models import PUBLIC_STATES, Access, Pressure, Visit
from directory.models.practitioners import access_column
from directory.services.indexing import COUNTRIES_WITHOUT_PAIRING
from directory.services.search.criteria import (
    NO_CLAIM,
    PAGE_SIZE,
    SHUFFLE_PRIME,
    Answer,
    Criteria,
    Facet,
    Hit,
    Sort,
    is_beginning,
    shuffle_factor,
)

BITS = 60
CLAIMS = (Facet.STATUS, Facet.BODY)


def make_ready(connection: psycopg.Connection[Any], day: str, factor: int) -> None:
    """Make the narrow table for a day, unless it is there."""
    row = connection.execute("select to_regclass('bench.made_for')").fetchone()
    if row and row[0] is not None:
        made = connection.execute("select day from bench.made_for").fetchone()
        if made and made[0] == day:
            return
    for statement in _preparation(day, factor):
        _run(connection, statement)
    connection.commit()
    connection.autocommit = True
    _run(connection, "vacuum analyze")
    connection.autocommit = False


def _run(connection: psycopg.Connection[Any], statement: str) -> psycopg.Cursor[Any]:
    return connection.execute(statement)


def _preparation(day: str, factor: int) -> list[str]:
    public = ", ".join(f"'{state}'" for state in PUBLIC_STATES)
    unpaired = ", ".join(f"'{country}'" for country in COUNTRIES_WITHOUT_PAIRING)
    flags = [f"('{Facet.VISIT}', '{visit}', p.visits_{visit})" for visit in Visit]
    flags += [f"('{Facet.ACCESS}', '{access}', p.{access_column(access)})" for access in Access]
    flags += [
        f"('{Facet.PRESSURE}', '{one}', {one.degree} between p.pressure_from and p.pressure_to)" for one in Pressure
    ]
    plain_columns = {Facet.GENDER: "gender", Facet.ACCEPTING: "accepting", Facet.PRICE: "band"}
    flags += [f"('{facet}', p.{column}, p.{column} is not null)" for facet, column in plain_columns.items()]
    now = f"from_on <= '{day}' and until_on > '{day}'"
    numbers = ", ".join(
        f"coalesce(bit_or(1::bigint << (code % {BITS})::int) filter (where code / {BITS} = {n}), 0) as m{n}"
        for n in range(4)
    )
    return [
        "drop schema if exists bench cascade",
        "create schema bench",
        f"""create unlogged table bench.value as
            with recursive line(id, ancestor) as (
                select id, id from modality
                union select line.id, m.parent_id from line join modality m on m.id = line.ancestor
                where m.parent_id is not null)
            select distinct t.practitioner_id, '{Facet.MODALITY}' as facet, line.ancestor as value
            from training t join line on line.id = t.modality_id
            union all select w.practitioner_id, '{Facet.CONCERN}', w.concern_id
            from works_with w join practitioner p on p.id = w.practitioner_id where p.country not in ({unpaired})
            union all select practitioner_id, '{Facet.LANGUAGE}', language from speaks
            union select practitioner_id, '{Facet.STATUS}', status from claim_span where {now}
            union select practitioner_id, '{Facet.BODY}', body_id from claim_span where {now} and body_id is not null
            union all select p.id, '{Facet.STATUS}', '{NO_CLAIM}' from practitioner p
            where not exists (select from claim_span c where c.practitioner_id = p.id and {now})
            union all select p.id, v.facet, v.value from practitioner p,
            lateral (values {", ".join(flags)}) v(facet, value, has) where v.has""",
        """create table bench.code as select facet, value, (row_number() over (order by facet, value) - 1)::int as code
            from (select distinct facet, value from bench.value) as v""",
        f"""create unlogged table bench.bits as
            select practitioner_id, {numbers}, array_agg(code::smallint) as codes
            from bench.value join bench.code using (facet, value) group by practitioner_id""",
        "drop table bench.value",
        f"""create unlogged table bench.claim as
            select s.practitioner_id, array_agg(distinct (a.code * 1000 + b.code)::int) as claims
            from claim_span s join bench.code a on a.facet = '{Facet.STATUS}' and a.value = s.status
            join bench.code b on b.facet = '{Facet.BODY}' and b.value = s.body_id where {now} group by 1""",
        f"""create table bench.listing as
            select p.id, (p.shuffle::bigint + 1) * {factor} % {SHUFFLE_PRIME} as shuffled,
            (row_number() over (order by p.name_key, p.id))::int as name_rank, p.name_key,
            m0, m1, m2, m3, codes, coalesce(claims, '{{}}') as claims
            from practitioner p join bench.bits b on b.practitioner_id = p.id
            left join bench.claim c on c.practitioner_id = p.id where p.state in ({public}) order by p.id""",
        "alter table bench.listing add primary key (id)",
        "create index on bench.listing (shuffled, id)",
        "drop table bench.bits, bench.claim",
        """create table bench.point as select row_number() over () as cell, x::bigint, y::bigint, z::bigint
            from (select distinct x, y, z from practice_place where x is not null) as p""",
        """create table bench.place as select cell, practitioner_id
            from practice_place p join bench.point q on (q.x, q.y, q.z) = (p.x, p.y, p.z)""",
        "create index on bench.place (cell, practitioner_id)",
        f"create table bench.made_for as select '{day}' as day",
    ]


@dataclass(frozen=True)
class Codes:
    """The number of each value of each filter."""

    by_value: dict[tuple[str, str], int]

    @property
    def names(self) -> dict[int, tuple[str, str]]:
        return {code: pair for pair, code in self.by_value.items()}


class Statements:
    """Answers searches with one statement each, on a connection of its own."""

    def __init__(self, address: str) -> None:
        self._connection = psycopg.connect(address, options="-c jit=off")
        self._connection.prepare_threshold = None

    def make_ready(self, criteria_day: Any) -> None:
        """Make the tables for a day, and know them."""
        make_ready(self._connection, criteria_day.isoformat(), shuffle_factor(criteria_day))
        rows = self._connection.execute("select facet, value, code from bench.code").fetchall()
        self._codes = Codes({(row[0], row[1]): row[2] for row in rows})
        self._names = self._codes.names

    def answer(self, criteria: Criteria) -> Answer:
        """What a search finds."""
        found = _run(self._connection, _statement(criteria, self._codes)).fetchall()
        self._connection.rollback()
        told = {row[0]: row[1] for row in found}
        counts: dict[Facet, dict[str, int]] = {facet: {} for facet in Facet}
        for code, number in json.loads(told["counts"] or "{}").items():
            facet, value = self._names[int(code)]
            counts[Facet(facet)][value] = number
        hits = [Hit(row["id"], row["chord"]) for row in json.loads(told["page"] or "[]")]
        return Answer(int(told["total"]), tuple(hits), counts)

    def close(self) -> None:
        self._connection.close()


def _statement(criteria: Criteria, codes: Codes) -> str:
    tests = _tests(criteria, codes)
    fails = " | ".join(f"((not {test})::int << {bit})" for bit, test in enumerate(tests.values())) or "0"
    base, joins = ["true"], ""
    chord, tier = "null::bigint as chord", "0 as tier"
    if criteria.terms:
        joins += " join search_text t on t.practitioner_id = id"
        base.append(f"t.full_v @@ {_ts_query(criteria)}")
        tier = _tier(criteria) if criteria.sort is Sort.RELEVANCE else tier
    if criteria.spot is not None and criteria.radius_m is not None:
        joins += f" join ({_circle(criteria)}) as near on near.practitioner_id = id"
        chord = "chord"
    # Else the planner, which cannot guess how many fail, reads everybody before it looks for the words.
    fence = "offset 0" if joins else ""
    allowed = ", ".join(str(number) for number in [0, *(1 << bit for bit in range(len(tests)))])
    return f"""
        with kept as materialized (
            select * from (
                select id, shuffled, name_rank, m0, m1, m2, m3, codes, claims, {chord}, {tier},
                    {fails} as fails
                from bench.listing {joins} where {" and ".join(base)} {fence}) as read
            where fails in ({allowed})),
        page as (select id, chord from kept where fails = 0 order by {_order(criteria)}
            limit {PAGE_SIZE} offset {criteria.offset})
        select 'total', count(*)::text from kept where fails = 0
        union all select 'page', (select json_agg(page)::text from page)
        union all select 'counts', ({_counts(criteria, codes, tests)})"""


def _tests(criteria: Criteria, codes: Codes) -> dict[str, str]:
    """A condition for each filter. Status and body together are one: they mean one and the same claim."""
    filters = criteria.filters
    tests = {}
    if all(facet in filters for facet in CLAIMS):
        status, body = (codes.by_value.get((facet, filters[facet][0]), 999_999) for facet in CLAIMS)
        tests["claim"] = f"coalesce({status * 1000 + body} = any(claims), false)"
    for facet, values in filters.items():
        if "claim" not in tests or facet not in CLAIMS:
            wanted = [codes.by_value[facet, value] for value in values if (facet, value) in codes.by_value]
            bits = " or ".join(f"m{code // BITS} & {1 << code % BITS} <> 0" for code in wanted)
            tests["claim" if facet in CLAIMS else str(facet)] = f"({bits or 'false'})"
    return tests


def _counts(criteria: Criteria, codes: Codes, tests: dict[str, str]) -> str:
    """Each filter's values among those who fail no other filter."""
    bit_of = {name: 1 << bit for bit, name in enumerate(tests)}
    mine: dict[str, str] = {}
    for facet in Facet:
        name = "claim" if facet in CLAIMS else str(facet)
        mine[facet] = f"fails in (0, {bit_of[name]})" if name in bit_of else "fails = 0"
    by_claim = [facet for facet in CLAIMS if CLAIMS[1 - CLAIMS.index(facet)] in criteria.filters]
    # Few are counted from their lists; of many the bits are counted.
    parts = [_from_lists(codes, mine, by_claim) if _few(criteria) else _from_bits(codes, mine, by_claim)]
    for facet in by_claim:
        other = CLAIMS[1 - CLAIMS.index(facet)]
        code = codes.by_value.get((other, criteria.filters[other][0]), 999_999)
        own, given = ("claim / 1000", "claim % 1000") if facet is Facet.STATUS else ("claim % 1000", "claim / 1000")
        parts.append(
            f"select {own} as code, count(*) as number from kept, unnest(claims) as claim"
            f" where {mine[facet]} and {given} = {code} group by 1"
        )
    return f"select json_object_agg(code, number)::text from ({' union all '.join(parts)}) as c"


def _few(criteria: Criteria) -> bool:
    return bool(criteria.terms) or criteria.in_circle


def _from_bits(codes: Codes, mine: dict[str, str], by_claim: list[Facet]) -> str:
    wanted = [(code, facet) for (facet, _), code in codes.by_value.items() if facet not in by_claim]
    columns = [f"count(*) filter (where m{c // BITS} & {1 << c % BITS} <> 0 and {mine[facet]})" for c, facet in wanted]
    numbers = ", ".join(str(code) for code, _ in wanted)
    return (
        f"select * from unnest(array[{numbers}], (select array[{', '.join(columns)}] from kept)) as u(code, number)"
        " where number > 0"
    )


def _from_lists(codes: Codes, mine: dict[str, str], by_claim: list[Facet]) -> str:
    groups: dict[str, list[int]] = {"fails = 0": []}
    for (facet, _), code in codes.by_value.items():
        if facet not in by_claim:
            groups.setdefault(mine[facet], []).append(code)
    others = sorted(set(codes.by_value.values()) - set(groups["fails = 0"]))
    parts = []
    for condition, numbers in groups.items():
        wanted, chosen = (f"= any({_array(numbers)})", numbers) if condition != "fails = 0" else _but(others)
        parts.append(
            f"select code, count(*) as number from kept, unnest(codes) as code where {condition} group by code"
            + (f" having code {wanted}" if chosen else "")
        )
    return " union all ".join(parts)


def _but(numbers: list[int]) -> tuple[str, list[int]]:
    """A short list of what is left out is planned sooner than a long one of what is not."""
    return f"<> all({_array(numbers)})", numbers


def _array(numbers: list[int]) -> str:
    return f"'{{{','.join(map(str, numbers))}}}'::smallint[]"


def _circle(criteria: Criteria) -> str:
    assert criteria.spot is not None
    assert criteria.radius_m is not None
    x, y, z = criteria.spot.point.xyz
    reach = chord_m(criteria.radius_m) ** 2
    chord = f"(x - {x}) * (x - {x}) + (y - {y}) * (y - {y}) + (z - {z}) * (z - {z})"
    return (
        f"select practitioner_id, min(c.chord) as chord from (select cell, {chord} as chord from bench.point) as c"
        f" join bench.place using (cell) where c.chord <= {reach} group by practitioner_id"
    )


def _order(criteria: Criteria) -> str:
    if criteria.sort is Sort.NAME:
        return "name_rank"
    if criteria.sort is Sort.DISTANCE:
        return "chord, shuffled, id"
    if criteria.sort is Sort.RELEVANCE:
        return "tier, shuffled, id"
    return "shuffled, id"


def _tier(criteria: Criteria) -> str:
    query = _ts_query(criteria)
    exact = f"name_key = {_quoted(plain(criteria.words))}"
    in_names, in_methods = f"t.names_v @@ {query}", f"t.methods_v @@ {query}"
    return f"case when {exact} then 0 when {in_names} then 1 when {in_methods} then 2 else 3 end as tier"


def _ts_query(criteria: Criteria) -> str:
    """Tokens are letters and digits, and stand in quotes all the same."""
    terms = criteria.terms
    written = []
    for position, term in enumerate(terms):
        alternatives = [
            " & ".join(
                f"'{token}'" + (":*" if is_beginning(terms, position, alternative, number) else "")
                for number, token in enumerate(alternative)
            )
            for alternative in term
        ]
        written.append("(" + " | ".join(f"({one})" for one in alternatives) + ")")
    return _quoted(" & ".join(written)) + "::tsquery"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
