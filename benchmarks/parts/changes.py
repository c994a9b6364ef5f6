"""From the end of the transaction that changes a listing to its being found in another process."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from benchmarks import changers, servers, sites, times
from benchmarks.benches import Bench, Findings, say
from benchmarks.sites import ROOT, Site

SEED = 3


def run(bench: Bench) -> Findings:
    """Rename a listing and hide it, again and again, while another process looks for it."""
    source = random.Random(SEED)
    changing: list[float] = []
    finding: list[float] = []
    looking: list[float] = []
    with sites.open_app().app_context():
        say(f"{sites.prepare():,} listings in the saved copy")
        with _watcher(bench.site) as watcher:
            for listing in changers.some_ids(source, bench.amounts.changes):
                word = changers.new_word(source)
                rename = partial(changers.rename, [listing], word)
                for total, change in ((1, rename), (0, partial(changers.hide, [listing]))):
                    watcher.watch(word, total)
                    seconds, _ = times.taken(change)
                    done = time.monotonic()
                    found = watcher.told()
                    changing.append(seconds)
                    finding.append(max(found["found"] - done, 0.0))
                    looking.append(found["slowest"])
    # The first ones load what they need.
    return {
        "the change": times.summary(changing[2:]),
        "until it is found": times.summary(finding[2:]),
        "the slowest look": times.summary(looking[2:]),
    }


class _Watcher:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def watch(self, words: str, total: int) -> None:
        """Let it look; return when it has looked once."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"words": words, "total": total}) + "\n")
        self._process.stdin.flush()
        self.told()

    def told(self) -> dict[str, Any]:
        """What it says next."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the process that looks has ended")
        message: dict[str, Any] = json.loads(line)
        return message


@contextmanager
def _watcher(site: Site) -> Iterator[_Watcher]:
    command = [sys.executable, "-m", "benchmarks.watchers"]
    process = subprocess.Popen(
        command, env=site.environment, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield _Watcher(process)
    finally:
        servers.end(process)
