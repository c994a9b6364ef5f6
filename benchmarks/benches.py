"""What every part of a run needs to know, and how much of everything is asked."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import questions
from benchmarks.questions import Question, Stock
from benchmarks.sites import Site
from directory import config
from directory.lib import clock

SIZES = (10_000, 100_000, 1_000_000)
SMALL_SIZES = (10_000,)
Findings = dict[str, Any]


@dataclass(frozen=True)
class Amounts:
    """How much is asked, and for how many seconds at most."""

    questions: int  # of the engines
    oracle_seconds: float
    pages: int  # of each kind
    datasette_seconds: float  # for each kind
    changes: int
    bulk_changes: int
    starts: int


FULL = Amounts(330, 240, 120, 120, 25, 10_000, 5)
SMALL = Amounts(110, 8, 24, 5, 6, 500, 2)


@dataclass(frozen=True)
class Bench:
    """A part of a run, in a process of its own that has the variables of its site."""

    site: Site
    cache: Path
    amounts: Amounts

    @property
    def stock_site(self) -> Site:
        """The site in a file of the same size, from which questions are drawn."""
        return Site(self.site.listings, self.cache / str(self.site.listings))

    def stock(self) -> Stock:
        """What the listings can be asked for today."""
        return questions.read_stock(self.stock_site.database, clock.today(config.load().zone))

    def draw(self, stock: Stock, number: int) -> tuple[list[Question], list[Question]]:
        """Questions, and others to warm up with."""
        asked = questions.draw(stock, number)
        others = questions.draw(
            stock, 3 * len(questions.KINDS), questions.SEED + 1, frozenset(question.key for question in asked)
        )
        return asked, others


Run = Callable[[Bench], Findings]


def say(text: str) -> None:
    """A line of progress."""
    print(f"    {text}", flush=True)
