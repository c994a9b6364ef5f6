"""All parts, in the order in which they run, with the time that each may take."""

from dataclasses import dataclass

from benchmarks.benches import Run
from benchmarks.parts import (
    changes,
    datasettes,
    engines,
    matching,
    memory,
    pages,
    postgresql,
    registers,
    starts,
    workers,
)

# The lists of bodies have a document of their own, so that either can be measured without the other.
LISTS = "RESULTS_OF_LISTS.md"


@dataclass(frozen=True)
class Part:
    """What is measured, and after how many seconds it is given up."""

    title: str
    run: Run
    seconds: int
    in_postgresql: bool = False
    changes_rows: bool = False
    needs_site: bool = True
    document: str = "RESULTS.md"


PARTS = {
    "engine": Part("the engine against tantivy and plain SQL", engines.run, 1_800),
    "postgresql": Part("the engine on PostgreSQL against one statement", postgresql.run, 1_800, in_postgresql=True),
    "page": Part("the page against one that says hello", pages.run, 600),
    "datasette": Part("the page against Datasette", datasettes.run, 1_800),
    "workers": Part("one worker and two", workers.run, 300),
    "start": Part("from the start of a worker to its first answer", starts.run, 600),
    "changes": Part("from a change to its being found elsewhere", changes.run, 600, changes_rows=True),
    "matching": Part(
        "names against a register, beside all pairs and Splink", matching.run, 1_800, needs_site=False, document=LISTS
    ),
    "register": Part("a list of a body, in a file", registers.run, 900, changes_rows=True, document=LISTS),
    "register in PostgreSQL": Part(
        "a list of a body, in PostgreSQL", registers.run, 900, in_postgresql=True, changes_rows=True, document=LISTS
    ),
    "memory": Part("memory of a worker", memory.run, 900, changes_rows=True),
}
