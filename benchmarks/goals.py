"""The goals, and how near the measurements come: one line for each figure that concerns search."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks import times

Findings = dict[str, dict[int, dict[str, Any]]]  # by part, by number of listings
SMALL, MIDDLE, LARGE = 10_000, 100_000, 1_000_000


@dataclass(frozen=True)
class Line:
    """A figure with its goal. `at_least`: the more the better."""

    measure: str
    listings: int
    goal: float | None
    measured: float | None
    unit: str = "x"
    at_least: bool = False

    @property
    def verdict(self) -> str:
        """Met, or short by how much."""
        if self.measured is None:
            return "not measured"
        if self.goal is None:
            return "no goal"
        met = self.measured >= self.goal if self.at_least else self.measured <= self.goal
        if met:
            return "met"
        times_short = self.goal / self.measured if self.at_least else self.measured / self.goal
        return f"**short by {times_short:.3g} times**"


def lines(found: Findings) -> list[Line]:
    """All that have to do with what was measured."""
    if {"matching", "register", "register in PostgreSQL"} & set(found):
        return [*_matching(found), *_registers(found)]
    return [
        *_engines(found),
        *_postgresql(found),
        *_pages(found),
        *_datasette(found),
        *_growth(found),
        *_others(found),
    ]


def _of(found: Findings, part: str, size: int, *path: str) -> Any:
    """What a part found at a size, or None."""
    value: Any = found.get(part, {}).get(size)
    for name in ("findings", *path):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _engines(found: Findings) -> Iterator[Line]:
    for size, goal in ((SMALL, 1.3), (MIDDLE, 0.8), (LARGE, 0.4)):
        wholes = _of(found, "engine", size, "wholes") or {}
        ratio = times.ratio(wholes.get("engine"), wholes.get("tantivy"))
        yield Line("engine against tantivy, whole results, p95", size, goal, ratio)
    for size, goal in ((SMALL, 0.15), (MIDDLE, 0.05), (LARGE, 0.02)):
        ours = _of(found, "engine", size, "engine beside plain SQL")
        ratio = times.ratio(ours, _of(found, "engine", size, "wholes", "plain SQL"))
        yield Line("engine against plain SQL, same questions, p95", size, goal, ratio)
    for size in (SMALL, MIDDLE, LARGE):
        worst = _of(found, "engine", size, "worst")
        if worst:
            yield Line("worst legal question, largest of all", size, 500, worst["max"], " ms")


def _postgresql(found: Findings) -> Iterator[Line]:
    for kind, goal in (("filters", 0.01), ("circle and method", 0.1), ("rare word", 1.2)):
        both = _of(found, "postgresql", LARGE, "kinds", kind) or {}
        ratio = times.ratio(both.get("engine"), both.get("one statement"), "p50")
        yield Line(f"engine on PostgreSQL against one statement, {kind}, p50", LARGE, goal, ratio)


def _pages(found: Findings) -> Iterator[Line]:
    for size in sorted(found.get("page", {})):
        kinds = (_of(found, "page", size, "kinds") or {}).values()
        for name, words in (("new", "shown first"), ("again", "shown again")):
            for circle, goal in ((False, 5.0), (True, 6.5)):
                measured = [kind[name] for kind in kinds if kind["circle"] is circle]
                where = "a circle" if circle else "no circle"
                worst = max(measured, default=None)
                yield Line(f"page against hello, {where}, cards {words}, dearest kind", size, goal, worst)
        unchanged = [kind["not modified"] for kind in kinds if "not modified" in kind]
        yield Line("304 against hello, dearest kind", size, 1.15, max(unchanged, default=None))


def _datasette(found: Findings) -> Iterator[Line]:
    for kind, goals in (("filters", (40, 300, 800)), ("word and status", (5, 50, 500))):
        for size, goal in zip((SMALL, MIDDLE, LARGE), goals, strict=True):
            ratio = _of(found, "datasette", size, "kinds", kind, "ratio p50")
            yield Line(f"Datasette against the page, {kind}, p50", size, goal, ratio, at_least=True)


def growth(found: Findings, who: str, name: str) -> float | None:
    """How many times longer it takes with a hundred times the listings."""
    small = _of(found, "engine", SMALL, "wholes", who)
    return times.ratio(_of(found, "engine", LARGE, "wholes", who), small, name)


def _growth(found: Findings) -> Iterator[Line]:
    for name, goal in (("p50", 15.0), ("p95", 10.0)):
        yield Line(f"growth of the engine from 10,000, {name}", LARGE, goal, growth(found, "engine", name))


def _others(found: Findings) -> Iterator[Line]:
    for size in sorted(found.get("changes", {})):
        until = _of(found, "changes", size, "until it is found", "max")
        yield Line("a change found by another process, longest", size, 1000, until, " ms")
    small, large = (_of(found, "changes", size, "the change") for size in (SMALL, LARGE))
    yield Line("cost of a change, against 10,000 listings, p50", LARGE, 1.5, times.ratio(large, small, "p50"))
    for size in (SMALL, MIDDLE, LARGE):
        if size in found.get("memory", {}):
            goal = 0.4 if size == LARGE else None
            yield Line(
                "private memory of a worker, most of all stages", size, goal, kilobytes(found, size), " kB a listing"
            )
    for size in sorted(found.get("start", {})):
        started = _of(found, "start", size, "with the saved copy", "max")
        yield Line("from the start of a server to its first answer, longest", size, 5000, started, " ms")


def kilobytes(found: Findings, size: int) -> float | None:
    """Private memory of a worker for each listing, beyond what a site without listings needs, at its largest."""
    stages = _of(found, "memory", size, "stages")
    if not stages:
        return None
    bare = stages["without listings"]["private"]
    return float(max(stage["private"] - bare for name, stage in stages.items() if name != "without listings") / size)


def _matching(found: Findings) -> Iterator[Line]:
    for size in sorted(found.get("matching", {})):
        speed = _of(found, "matching", size, "speed") or {}
        goals = (20_000, 8_000) if size == LARGE else (None, None)
        for title, goal in zip(("by number", "by name"), goals, strict=True):
            rate = (speed.get(title) or {}).get("a second")
            yield Line(f"people looked for in a register, {title}", size, goal, rate, " a second", at_least=True)
        pairs = _of(found, "matching", size, "all pairs", "a second")
        rate = (speed.get("by name") or {}).get("a second")
        ratio = rate / pairs if rate and pairs else None
        yield Line("matching against all pairs", size, 200 if size == LARGE else None, ratio, at_least=True)
        for title, key, goal in (("precision", "precision", 0.999), ("recall", "recall", 0.95)):
            if _of(found, "matching", size, "invented"):
                figure = _of(found, "matching", size, "invented", "ours", key)
                yield Line(f"{title} of match, 20,000 invented people", size, goal, figure, "", at_least=True)
        if _of(found, "matching", size, "FEBRL"):
            figure = _of(found, "matching", size, "FEBRL", "ours", "precision")
            yield Line("precision of match, FEBRL 4", size, 0.999, figure, "", at_least=True)


def _registers(found: Findings) -> Iterator[Line]:
    for part, where in (("register", "in a file"), ("register in PostgreSQL", "in PostgreSQL")):
        for size in sorted(found.get(part, {})):
            one = _of(found, part, size)
            rows = f"a list of {one['rows']:,} rows"
            for name, said in one.items():
                if not isinstance(said, dict):
                    continue
                if name.endswith("kept"):
                    rate = one["rows"] / said["seconds"]
                    yield Line(f"{rows}, {name}, {where}", size, 100_000, rate, " rows a second", at_least=True)
                elif name.endswith("compared"):
                    yield Line(f"{rows}, {name}, {where}", size, 10, said["seconds"], " s")
