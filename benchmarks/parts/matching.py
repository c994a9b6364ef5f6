"""A list of names beside a register: how fast, beside all pairs and Splink, and how often right."""

import gc
import os
import time
from collections import Counter
from collections.abc import Sequence

from benchmarks import times
from benchmarks.benches import Bench, Findings, say
from benchmarks.matching import accuracy, sets
from benchmarks.matching.rows import person, rows_of
from benchmarks.matching.sets import Asked, Line
from benchmarks.peers import all_pairs, splinks
from directory.lib import name_parts
from directory.lib.folding import plain
from directory.services.matching import Index

LIST = 10_000
ROUNDS = 3
PAIRED = 40  # names that are compared with all lines; the time of the others is reckoned from theirs
MIXED = "by number, a third of them strangers"


def run(bench: Bench) -> Findings:
    """A register of as many lines as the site has listings."""
    size = bench.site.listings
    small = bench.amounts.questions < LIST // 50
    lines = sets.register(size)
    rows = rows_of(lines)
    before = times.kilobytes(os.getpid())["private"]
    building, index = times.taken(lambda: Index(rows))
    findings: Findings = {
        "building": building,
        "index megabytes": (times.kilobytes(os.getpid())["private"] - before) / 1e3,
        "list": LIST,
    }
    say(f"index of {size:,} lines in {building:.1f} s")
    gc.freeze()  # as the command does
    names = sets.looked_through(lines, LIST, with_numbers=False)
    lists = {
        "by number": [
            one for one in sets.looked_through(lines, LIST * 10 // 7, with_numbers=True) if one.key is not None
        ],
        "by name": names,
        MIXED: sets.looked_through(lines, LIST, with_numbers=True),
    }
    findings["speed"] = {title: _speed(index, asked) for title, asked in lists.items()}
    mixed = lists[MIXED]
    findings["right"] = {"by name": _right(index, names), MIXED: _right(index, mixed)}
    findings["all pairs"] = _all_pairs(lines, names)
    findings["Splink"] = _splink(lines, mixed)
    if size <= accuracy.REGISTER:
        say("accuracy")
        findings["invented"] = accuracy.invented(100 if small else 1_000)
        findings["FEBRL"] = accuracy.febrl()
    return findings


def _speed(index: Index, asked: Sequence[Asked]) -> Findings:
    """The best of three rounds, each of which takes every name apart anew."""
    people = [person(one) for one in asked]
    seconds, processor, verdicts = [], [], Counter[str]()
    for _ in range(ROUNDS):
        name_parts.parse.cache_clear()
        used = time.process_time()
        taken, answers = times.taken(lambda: [index.ask(one) for one in people])
        seconds.append(taken)
        processor.append(time.process_time() - used)
        verdicts = Counter(answer.verdict.value for answer in answers)
    say(f"{len(people) / min(seconds):,.0f} a second")
    return {
        "asked": len(people),
        "a second": len(people) / min(seconds),
        "a second of a processor": len(people) / min(processor),
        "verdicts": dict(verdicts),
    }


def _right(index: Index, asked: Sequence[Asked]) -> Findings:
    """How often one line was proposed, and how often it was theirs."""
    proposed = right = 0
    for one in asked:
        found = index.ask(person(one)).candidate
        proposed += found is not None
        right += found is not None and found.row.key == one.key
    return _shares(asked, proposed, right)


def _all_pairs(lines: Sequence[Line], asked: Sequence[Asked]) -> Findings:
    some = asked[:PAIRED]
    folded = [plain(line.name) for line in lines]
    taken, found = times.taken(lambda: all_pairs.nearest([plain(one.name) for one in some], folded))
    right = sum(place is not None and place == one.key for one, place in zip(some, found, strict=True))
    proposed = sum(place is not None for place in found)
    return {"asked": len(some), "a second": len(some) / taken, **_shares(some, proposed, right)}


def _splink(lines: Sequence[Line], asked: Sequence[Asked]) -> Findings:
    written = [accuracy.written(f"l{line.key}", line.plain_name, line.number, line.town) for line in lines]
    linked = splinks.link(written, accuracy.all_written(asked))
    one_line = {key: found for key, found in linked.lines.items() if len(found) == 1}
    right = sum(one_line.get(f"p{place}") == [f"l{one.key}"] for place, one in enumerate(asked))
    say(f"Splink: {linked.learning:.1f} s to learn, {linked.linking:.1f} s to link")
    return {
        "asked": len(asked),
        "learning": linked.learning,
        "a second": len(asked) / linked.linking,
        **_shares(asked, len(one_line), right),
    }


def _shares(asked: Sequence[Asked], proposed: int, right: int) -> Findings:
    known = sum(one.key is not None for one in asked)
    return {"proposed": proposed, "precision": right / proposed if proposed else None, "recall": right / max(1, known)}
