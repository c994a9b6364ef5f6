"""Answers a search from a replica. The same sets, counts and order as in plain SQL."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from directory.lib.folding import plain
from directory.services.search.criteria import (
    NO_CLAIM,
    PAGE_SIZE,
    Answer,
    Criteria,
    Facet,
    Hit,
    Sort,
    parse_words,
    told,
)
from directory.services.search.replica.listings import Replica, name_hash
from directory.services.search.replica.orders import lowest
from directory.services.search.replica.places import FAR
from directory.services.search.replica.standings import Day
from directory.services.search.replica.tables import bitmap, numbers
from directory.services.search.replica.words import FULL, METHODS, NAMES, PLAIN

FEW = 20_000  # listings of which each is looked at, rather than everybody in a circle

# Row numbers of listings in the order of their folded names, from the database: a replica keeps only how names begin.
InNameOrder = Callable[[Sequence[int]], list[int]]


def count(replica: Replica, criteria: Criteria) -> int:
    """How many listings the search finds."""
    anywhere = _Question(replica, replace(criteria, spot=None, radius_m=None)).found()
    if criteria.spot is None or criteria.radius_m is None:
        return len(anywhere)
    point = criteria.spot.point
    if len(anywhere) <= FEW:
        return replica.places.count_within(numbers(anywhere), point, criteria.radius_m)
    inside, _ = replica.places.within(point, criteria.radius_m)
    return anywhere.intersection_cardinality(bitmap(inside))


def is_name(replica: Replica, criteria: Criteria) -> bool:
    """Whether somebody's name has all the words."""
    return not replica.public.isdisjoint(replica.words.matching(criteria.terms, NAMES))


def named(replica: Replica, words: str, limit: int, in_name_order: InNameOrder) -> list[int]:
    """Row numbers of at most `limit` listings with all the words in their names, by name."""
    found = replica.public & replica.words.matching(parse_words(words), NAMES)
    slots = _by_name(replica, found, 0, limit, in_name_order) if found else []
    return replica.ids(slots)


def answer(replica: Replica, criteria: Criteria, in_name_order: InNameOrder) -> Answer:
    """All that a search finds."""
    question = _Question(replica, criteria)
    found = question.found()
    return Answer(len(found), _page(question, found, in_name_order) if found else (), _counts(question, found))


class _Question:
    """A search, and the sets that it comes to. `chords` holds squares of distances, by slot, for those that are
    in `located`."""

    def __init__(self, replica: Replica, criteria: Criteria) -> None:
        self.replica = replica
        self.criteria = criteria
        self.located = BitMap()
        self.chords: NDArray[np.int64] | None = None
        self.base = self._base()
        self.filters = {facet: self._filter(facet) for facet in criteria.filters if facet not in _CLAIMS}
        self._claims = self._claim_filter()

    @property
    def day(self) -> Day:
        return self.replica.standings.on(self.criteria.day)

    def found(self) -> BitMap:
        return self.without(None)

    def without(self, left_out: Facet | None) -> BitMap:
        """What the search finds without one filter. Status and body are one: both are left out."""
        found = self.base
        for facet, members in self.filters.items():
            if facet is not left_out:
                found = found & members
        if self._claims is not None and left_out not in _CLAIMS:
            found = found & self._claims
        return found

    def _base(self) -> BitMap:
        criteria, replica = self.criteria, self.replica
        found = replica.public
        if criteria.terms:
            found = found & replica.words.matching(criteria.terms, FULL if criteria.pairs_concerns else PLAIN)
        elif criteria.words:
            return BitMap()
        if criteria.among is not None:
            found = found & replica.slots_of(criteria.among)
        if criteria.spot is not None:
            slots, chords = replica.places.within(criteria.spot.point, criteria.radius_m)
            if criteria.in_circle:
                self.located = bitmap(slots)
                found = found & self.located
            else:
                self.located = replica.located
            self.chords = np.empty(len(replica.table), np.int64)
            self.chords[slots] = FAR
            np.minimum.at(self.chords, slots, chords)
        return found

    def _filter(self, facet: Facet) -> BitMap:
        values = self.replica.facets[facet]
        return BitMap.union(BitMap(), *(values[one] for one in self.criteria.filters[facet] if one in values))

    def _claim_filter(self) -> BitMap | None:
        """Body with status means one and the same claim."""
        statuses = self.criteria.filters.get(Facet.STATUS, ())
        bodies = self.criteria.filters.get(Facet.BODY, ())
        if not statuses and not bodies:
            return None
        named = told(statuses)
        found = self.day.claiming(named, bodies) if named or not statuses else BitMap()
        if NO_CLAIM in statuses and not bodies:
            found = found | (self.replica.public - self.day.anybody)
        return found


_CLAIMS = frozenset({Facet.STATUS, Facet.BODY})


# ---- counts ----


def _counts(question: _Question, found: BitMap) -> dict[Facet, dict[str, int]]:
    replica, criteria = question.replica, question.criteria
    counts: dict[Facet, dict[str, int]] = {}
    for facet in Facet:
        if facet in _CLAIMS or (facet is Facet.CONCERN and not criteria.pairs_concerns):
            continue
        members = question.without(facet) if facet in criteria.filters else found
        size = members.intersection_cardinality
        counts[facet] = {value: size(slots) for value, slots in replica.facets[facet].items()}
    if Facet.CONCERN in counts:
        for medical in replica.facts.medical:
            counts[Facet.CONCERN].pop(medical, None)
    claiming = question.without(Facet.STATUS) if _CLAIMS & set(criteria.filters) else found
    counts[Facet.STATUS] = _count_statuses(question, claiming)
    counts[Facet.BODY] = _count_bodies(question, claiming)
    return counts


def _count_statuses(question: _Question, claiming: BitMap) -> dict[str, int]:
    bodies = question.criteria.filters.get(Facet.BODY, ())
    day = question.day
    counts = {status: claiming.intersection_cardinality(slots) for status, slots in day.by_status(bodies).items()}
    if not bodies:
        counts[NO_CLAIM] = len(claiming) - claiming.intersection_cardinality(day.anybody)
    return counts


def _count_bodies(question: _Question, claiming: BitMap) -> dict[str, int]:
    statuses = question.criteria.filters.get(Facet.STATUS, ())
    named = told(statuses)
    if statuses and not named:
        return {}
    return {body: claiming.intersection_cardinality(slots) for body, slots in question.day.by_body(named).items()}


# ---- order ----


def _page(question: _Question, found: BitMap, in_name_order: InNameOrder) -> tuple[Hit, ...]:
    replica, chords, located = question.replica, question.chords, question.located
    skipped, wanted = question.criteria.offset, PAGE_SIZE
    slots: list[int] = []
    for group in _groups(question, found):
        if skipped >= len(group):
            skipped -= len(group)
            continue
        slots += _sorted(question, group, skipped, wanted - len(slots), in_name_order)
        skipped = 0
        if len(slots) == wanted:
            break
    return tuple(
        Hit(id_, int(chords[slot]) if chords is not None and slot in located else None, replica.edition(slot))
        for id_, slot in zip(replica.ids(slots), slots, strict=True)
    )


def _groups(question: _Question, found: BitMap) -> Iterator[BitMap]:
    """What is found, by tier, and where it goes by distance, first those that have a place."""
    criteria, replica = question.criteria, question.replica
    for tier in _tiers(question, found):
        if criteria.spot is None or criteria.in_circle or criteria.sort in {Sort.SHUFFLE, Sort.NAME}:
            yield tier
        else:
            yield tier & replica.located
            yield tier - replica.located


def _tiers(question: _Question, found: BitMap) -> Iterator[BitMap]:
    """The name as typed; all words in names; all in names and methods; elsewhere."""
    criteria, replica = question.criteria, question.replica
    if criteria.sort is not Sort.RELEVANCE or not criteria.terms:
        yield found
        return
    exact = bitmap(np.flatnonzero(replica.table["hash"] == np.uint64(name_hash(plain(criteria.words))))) & found
    yield exact
    rest = found - exact
    for texts in (NAMES, METHODS):
        fitting = replica.words.matching(criteria.terms, texts) & rest
        yield fitting
        rest = rest - fitting
    yield rest


def _sorted(question: _Question, group: BitMap, skipped: int, wanted: int, in_name_order: InNameOrder) -> list[int]:
    """So many slots of `group` in order, after the first `skipped`."""
    criteria, replica = question.criteria, question.replica
    if criteria.sort is Sort.NAME:
        return _by_name(replica, group, skipped, wanted, in_name_order)
    of_day = replica.orders.of_day(criteria.day)
    chords = question.chords
    if chords is not None and criteria.sort is not Sort.SHUFFLE and group.min() in question.located:
        low = lowest(numbers(group), chords, skipped + wanted)
        # In a town very many are equally far away: of those, the first of the day will do.
        farthest = chords[low] == chords[low].max()
        nearer, tied = low[~farthest], low[farthest]
        low = np.concatenate([nearer, lowest(tied, of_day.keys, skipped + wanted - len(nearer))])
        order = np.lexsort((of_day.keys[low], chords[low]))
    else:
        low = of_day.first(group, skipped + wanted)
        order = np.argsort(of_day.keys[low])
    found: list[int] = low[order][skipped : skipped + wanted].tolist()
    return found


def _by_name(replica: Replica, group: BitMap, skipped: int, wanted: int, in_name_order: InNameOrder) -> list[int]:
    by_start = replica.orders.of_names()
    low = by_start.first(group, skipped + wanted)
    starts = by_start.keys[low]
    order = np.argsort(starts, kind="stable")
    low, starts = low[order], starts[order]
    # Of names before the page it is enough to know how many there are.
    before = int(np.searchsorted(starts, starts[skipped]))
    last = min(skipped + wanted, len(low)) - 1
    after = int(np.searchsorted(starts, starts[last], side="right"))
    slots = low[before:after]
    by_id = dict(zip(replica.table["id"][slots].tolist(), slots.tolist(), strict=True))
    return [by_id[id_] for id_ in in_name_order(list(by_id))][skipped - before : skipped - before + wanted]
