"""tantivy doing the whole job of a search: the total, the hits in order, and every filter's counts.

Words, circle, filters, counts and order are the directory's own; see peers/documents.py for what is stored. What has no
equal here is refused: several values of status or body (their counts would need sets of listings for each claim), and
the order by fit around a place.
"""

import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Occur, Order, Query, Searcher

from benchmarks.peers import documents
from directory.lib.folding import plain
from directory.lib.geography import chord_m
from directory.services.search.criteria import NO_CLAIM, PAGE_SIZE, Answer, Criteria, Facet, Hit, Sort

MANY = 65_000
FEW = 400  # so many hits are sorted by distance here; more are asked for ring by ring
BASIC = "basic"
CLAIMS = (Facet.STATUS, Facet.BODY)
Address = tantivy.DocAddress


class Copy:
    """An index that answers searches."""

    def __init__(self, folder: Path) -> None:
        index = documents.open_index(folder)
        self._schema = index.schema
        self._searcher: Searcher = index.searcher()
        self._cells: list[tuple[int, int, int]] = [
            tuple(cell) for cell in json.loads((folder / "cells.json").read_text())
        ]
        self.parts = self._searcher.num_segments

    def answer(self, criteria: Criteria) -> tuple[Answer, list[Address]]:
        """What a search finds, and where the documents of the page are."""
        asked = _Asked(self._schema, self._cells, criteria)
        counts, total = self._counts(asked)
        hits, addresses = self._page(asked, total)
        return Answer(total, tuple(hits), counts), addresses

    def rows(self, addresses: list[Address]) -> list[dict[str, Any]]:
        """The stored fields of documents."""
        return [json.loads(bytes(self._searcher.doc(address)["row"][0])) for address in addresses]

    # ---- counts ----

    def _counts(self, asked: "_Asked") -> tuple[dict[Facet, dict[str, int]], int]:
        filters = asked.criteria.filters
        claimed = bool(filters.keys() & set(CLAIMS))
        wanted: dict[str, Any] = {"value": _terms("value"), "all": {"value_count": {"field": "id"}}}
        if asked.in_cells is not None:
            wanted["cell"] = _terms("cell")
        found = self._searcher.aggregate(asked.query(), wanted)
        asked.hits_by_cell = _read(found.get("cell"))
        left_out = {*filters, *(CLAIMS if claimed else ())}
        counts: dict[Facet, dict[str, int]] = {facet: {} for facet in Facet if facet not in left_out}
        for value, number in _read(found["value"]).items():
            facet, _, name = value.partition(":")
            if facet not in left_out:
                counts[Facet(facet)][name] = number
        for facet in filters:
            if facet not in CLAIMS:
                one = self._searcher.aggregate(asked.query(facet), {facet: _terms(facet)})
                counts[facet] = _read(one[facet])
        if claimed:
            counts |= self._count_claims(asked)
        return counts, int(found["all"]["value"])

    def _count_claims(self, asked: "_Asked") -> dict[Facet, dict[str, int]]:
        """Status and body mean one and the same claim."""
        counts: dict[Facet, dict[str, int]] = {}
        for facet, other in (CLAIMS, CLAIMS[::-1]):
            given = asked.criteria.filters.get(other)
            if given is None:
                counts[facet] = _read(self._searcher.aggregate(asked.query(facet), {"n": _terms(facet)})["n"])
            elif given == (NO_CLAIM,):
                counts[facet] = {}
            else:
                claims = self._searcher.aggregate(asked.query(facet), {"n": _terms("claim")})["n"]
                own, others = (0, 1) if facet is Facet.STATUS else (1, 0)
                pairs = [(claim.split("|"), number) for claim, number in _read(claims).items()]
                counts[facet] = {pair[own]: number for pair, number in pairs if pair[others] == given[0]}
        return counts

    # ---- hits ----

    def _page(self, asked: "_Asked", total: int) -> tuple[list[Hit], list[Address]]:
        criteria = asked.criteria
        if criteria.sort is Sort.NAME:
            return self._hits(self._search(asked.query(), PAGE_SIZE, criteria.offset, order_by_field="name_rank"))
        if criteria.sort is Sort.DISTANCE:
            return self._nearest(asked)
        if criteria.sort is Sort.SHUFFLE:
            return self._hits(self._search(asked.query(), PAGE_SIZE, criteria.offset))
        if criteria.in_circle:
            raise ValueError("tantivy is not asked for the best fit around a place")
        found: list[Address] = []
        wanted = criteria.offset + PAGE_SIZE
        for tier in asked.tiers():
            found += self._search(tier, wanted - len(found))
            if len(found) == min(wanted, total):
                break
        return self._hits(found[criteria.offset :])

    def _search(self, query: Query, limit: int, offset: int = 0, order_by_field: str | None = None) -> list[Address]:
        if order_by_field is None:
            query = Query.const_score_query(query, 1.0)
        found = self._searcher.search(
            query, limit=limit, count=False, offset=offset, order_by_field=order_by_field, order=Order.Asc
        )
        return [address for _, address in found.hits]

    def _hits(self, addresses: list[Address]) -> tuple[list[Hit], list[Address]]:
        numbers = self._searcher.fast_field_values("id", addresses)
        return [Hit(int(number or 0)) for number in numbers], addresses

    def _nearest(self, asked: "_Asked") -> tuple[list[Hit], list[Address]]:
        """The cells of the circle from the middle outwards, until there are enough."""
        wanted = asked.criteria.offset + PAGE_SIZE
        chords = asked.in_cells or {}
        # Who works inside may work outside, too.
        occupied = sorted((chords[cell], cell) for cell in map(int, asked.hits_by_cell) if cell in chords)
        rings: list[tuple[int, list[int], int]] = []
        reached = 0
        for chord, members in groupby(occupied, key=lambda pair: pair[0]):
            cells = [cell for _, cell in members]
            rings.append((chord, cells, sum(asked.hits_by_cell[f"{cell}"] for cell in cells)))
            reached += rings[-1][2]
            # Who works at two places is counted twice.
            if reached >= 2 * wanted:
                break
        if reached <= FEW:
            found = self._sorted_here(asked, chords, [cell for _, cells, _ in rings for cell in cells], reached)
        else:
            found = self._ring_by_ring(asked, rings, wanted)
        page = found[asked.criteria.offset : wanted]
        return [Hit(number, chord) for number, chord, _ in page], [address for _, _, address in page]

    def _sorted_here(
        self, asked: "_Asked", chords: dict[int, int], cells: list[int], most: int
    ) -> list[tuple[int, int, Address]]:
        if not cells:
            return []
        addresses = self._search(asked.query(cells=cells), most)
        numbers = self._searcher.fast_field_values("id", addresses)
        far = max(chords.values()) + 1
        nearest = [far] * len(addresses)
        for place in range(documents.PLACES):
            for row, cell in enumerate(self._searcher.fast_field_values(f"place_{place}", addresses)):
                if cell is not None:
                    nearest[row] = min(nearest[row], chords.get(int(cell), far))
        found = [(int(n or 0), chord, address) for n, chord, address in zip(numbers, nearest, addresses, strict=True)]
        return sorted(found, key=lambda hit: hit[1])  # equal ones stay in the order of the day

    def _ring_by_ring(
        self, asked: "_Asked", rings: list[tuple[int, list[int], int]], wanted: int
    ) -> list[tuple[int, int, Address]]:
        found: dict[int, tuple[int, int, Address]] = {}
        for chord, cells, number in rings:
            # Those found before may come again, with their other place.
            addresses = self._search(asked.query(cells=cells), min(wanted, number))
            for identity, address in zip(self._hits(addresses)[0], addresses, strict=True):
                found.setdefault(identity.practitioner_id, (identity.practitioner_id, chord, address))
            if len(found) >= wanted:
                break
        return list(found.values())


class _Asked:
    """A search, as parts of queries."""

    def __init__(self, schema: tantivy.Schema, cells: list[tuple[int, int, int]], criteria: Criteria) -> None:
        self._schema = schema
        self.criteria = criteria
        self.in_cells = _circle(cells, criteria) if criteria.in_circle else None
        self.hits_by_cell: dict[str, int] = {}
        self._common: list[Query] = []
        if criteria.terms:
            self._common.append(self._words("full"))
        if self.in_cells is not None:
            self._common.append(Query.term_set_query(schema, "cell", list(self.in_cells)))
        self._clauses = {facet: self._filter(facet, values) for facet, values in criteria.filters.items()}

    def query(self, without: Facet | None = None, cells: list[int] | None = None) -> Query:
        """All that is asked, but for one filter; or only in some cells."""
        left_out = {without}
        parts = list(self._common)
        filters = self.criteria.filters
        if Facet.STATUS in filters and Facet.BODY in filters and not left_out & set(CLAIMS):
            pairs = f"{filters[Facet.STATUS][0]}|{filters[Facet.BODY][0]}"
            parts.append(Query.term_query(self._schema, "claim", pairs, index_option=BASIC))
            left_out |= set(CLAIMS)
        parts += [clause for facet, clause in self._clauses.items() if facet not in left_out]
        if cells is not None:
            parts.append(Query.term_set_query(self._schema, "cell", cells))
        if not parts:
            return Query.all_query()
        return parts[0] if len(parts) == 1 else Query.boolean_query([(Occur.Must, part) for part in parts])

    def tiers(self) -> Iterator[Query]:
        """The same in parts, the best fit first. Made only when they are needed."""
        query = self.query()
        better = [Query.term_query(self._schema, "name_key", plain(self.criteria.words), index_option=BASIC)]
        yield Query.boolean_query([(Occur.Must, query), (Occur.Must, better[0])])
        for field in ("names", "methods"):
            fit = self._words(field)
            parts = [(Occur.Must, query), (Occur.Must, fit)]
            yield Query.boolean_query(parts + [(Occur.MustNot, one) for one in better])
            better.append(fit)
        yield Query.boolean_query([(Occur.Must, query), *((Occur.MustNot, one) for one in better)])

    def _filter(self, facet: Facet, values: tuple[str, ...]) -> Query:
        if facet in CLAIMS and len(values) > 1:
            raise ValueError(f"tantivy is not asked for several values of {facet}")
        if len(values) == 1:
            return Query.term_query(self._schema, str(facet), values[0], index_option=BASIC)
        return Query.term_set_query(self._schema, str(facet), list(values))

    def _words(self, field: str) -> Query:
        terms = self.criteria.terms
        asked = [
            _any([self._alternative(field, alternative, last=term is terms[-1]) for alternative in term])
            for term in terms
        ]
        return _all(asked)

    def _alternative(self, field: str, alternative: tuple[str, ...], *, last: bool) -> Query:
        queries = [Query.term_query(self._schema, field, token, index_option=BASIC) for token in alternative]
        if last and len(alternative[-1]) >= 2:
            queries[-1] = Query.fuzzy_term_query(self._schema, field, alternative[-1], distance=0, prefix=True)
        return _all(queries)


def _any(queries: list[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Should, query) for query in queries])


def _all(queries: list[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Must, query) for query in queries])


def _circle(cells: list[tuple[int, int, int]], criteria: Criteria) -> dict[int, int]:
    """The cells inside the circle, each with its squared distance from the middle."""
    assert criteria.spot is not None
    assert criteria.radius_m is not None
    x, y, z = criteria.spot.point.xyz
    reach = chord_m(criteria.radius_m) ** 2
    chords = ((cell[0] - x) ** 2 + (cell[1] - y) ** 2 + (cell[2] - z) ** 2 for cell in cells)
    return {number: chord for number, chord in enumerate(chords) if chord <= reach}


def _terms(field: str) -> dict[str, Any]:
    return {"terms": {"field": str(field), "size": MANY, "segment_size": MANY}}


def _read(buckets: dict[str, Any] | None) -> dict[str, int]:
    return {str(bucket["key"]): int(bucket["doc_count"]) for bucket in (buckets or {}).get("buckets", ())}
