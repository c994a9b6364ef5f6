"""Whether two answers to one question are the same. A comparison of unequal work ends the run."""

from collections.abc import Mapping

from directory.services.search.criteria import Answer


class Disagreement(Exception):
    """Two answers differ; the text says in what."""


def same(question: object, ours: Answer, theirs: Answer, who: str, *, order: bool = True) -> None:
    """Compare totals, every count that is not nought, and the hits in order. Raises Disagreement."""
    if ours.total != theirs.total:
        raise Disagreement(f"{question}: {ours.total:,} here, {theirs.total:,} by {who}")
    for facet in ours.counts.keys() | theirs.counts.keys():
        mine, their = _told(ours.counts.get(facet, {})), _told(theirs.counts.get(facet, {}))
        if mine != their:
            only = {value: (mine.get(value), their.get(value)) for value, _ in mine.items() ^ their.items()}
            raise Disagreement(f"{question}: counts of {facet} differ from {who}: {only}")
    if order and _order(ours) != _order(theirs):
        raise Disagreement(f"{question}: another order than by {who}: {_order(ours)} and {_order(theirs)}")


def _told(counts: Mapping[str, int]) -> dict[str, int]:
    return {str(value): number for value, number in counts.items() if number}


def _order(answer: Answer) -> list[int]:
    return [hit.practitioner_id for hit in answer.hits]
