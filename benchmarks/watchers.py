"""python -m benchmarks.watchers: a process of a site that looks until a search finds as many as it is told.

It reads a line for each search, {"words": ..., "total": ...}, and writes two: when it has looked once, and when it has
found as many, with the moment and with how long its slowest look took. Moments are those of time.monotonic, which is
the same clock in every process.
"""

import json
import sys
import time

from benchmarks import sites
from directory import config
from directory.db import db, set_mode
from directory.lib import clock
from directory.services.search import engine
from directory.services.search.criteria import Criteria, Sort

PATIENCE = 30  # seconds


def watch(words: str, total: int) -> None:
    """Look, say so, and look until there are as many."""
    criteria = Criteria(day=clock.today(config.load().zone), words=words, sort=Sort.RELEVANCE)
    slowest, looks = 0.0, 0
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        began = time.monotonic()
        set_mode("reading")
        found = engine.answer(criteria).total
        db.session.rollback()
        now = time.monotonic()
        slowest = max(slowest, now - began)
        looks += 1
        if found == total and looks > 1:
            say({"found": now, "slowest": slowest, "looks": looks})
            return
        if looks == 1:
            say({"looking": now})
    raise SystemExit(f"{words}: not {total} within {PATIENCE} seconds")


def say(message: dict[str, float]) -> None:
    print(json.dumps(message), flush=True)


if __name__ == "__main__":
    with sites.open_app().app_context():
        for line in sys.stdin:
            watch(**json.loads(line))
