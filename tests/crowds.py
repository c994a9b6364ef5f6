"""Many who do something at the same moment, at two sites on one database: see the fixture `two_sites`."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask

from directory.db import kept
from directory.models import InvalidTransition, NotFound

Sites = tuple[Flask, Flask]
TWENTY = 20


def at_once(send: Callable[[int], int], times: int = TWENTY) -> Counter[int]:
    """How often each status was answered."""
    ready = Barrier(times)

    def one(number: int) -> int:
        ready.wait()
        return send(number)

    with ThreadPoolExecutor(times) as pool:
        return Counter(pool.map(one, range(times)))


def together(sites: Sites, works: Sequence[Callable[[], object]]) -> list[str]:
    """Call verbs, each in a transaction of its own; for each `done`, or the name of its refusal."""
    ready = Barrier(len(works))

    def do(number: int) -> str:
        with sites[number % len(sites)].app_context():
            ready.wait()
            try:
                kept(works[number])
            except (InvalidTransition, NotFound) as refused:
                return type(refused).__name__
            return "done"

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(do, range(len(works))))
