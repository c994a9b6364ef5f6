"""What a worker holds in memory: when it has started, when it was asked, and when much has changed."""

import random
import subprocess

from benchmarks import changers, clients, servers, sites, times
from benchmarks.benches import Bench, Findings, say
from benchmarks.clients import Request
from benchmarks.parts import pages

AT_ONCE = 500  # changes in one transaction
SEED = 5
FIRST: list[Request] = [("/practitioners", {})]


def run(bench: Bench) -> Findings:
    """Look at the one worker of a server; and at one of a site without listings, which is what the program needs."""
    asked, others = bench.draw(bench.stock(), 2 * bench.amounts.pages)
    questions = [pages.request(question) for question in asked]
    source = random.Random(SEED)
    findings: Findings = {}
    with sites.open_app().app_context():
        say(f"{sites.prepare():,} listings in the saved copy")
        empty = sites.empty(bench.cache)
        with servers.serving(empty) as (port, process):
            clients.ask_all(port, FIRST * 40)
            findings["without listings"] = _look(process)
        with servers.serving(bench.site) as (port, process):
            clients.ask_all(port, FIRST * 4)
            findings["started"] = _look(process)
            clients.ask_all(port, questions)
            findings["asked"] = _look(process)
            for round_ in ("changed", "changed again"):
                say(round_)
                ids = changers.some_ids(source, bench.amounts.bulk_changes)
                for start in range(0, len(ids), AT_ONCE):
                    changers.rename(ids[start : start + AT_ONCE], changers.new_word(source))
                    clients.ask_all(port, questions[:10])
                findings[round_] = _look(process)
            clients.ask_all(port, [pages.request(question) for question in others])
            findings["asked others"] = _look(process)
    return {"stages": findings, "changes": bench.amounts.bulk_changes}


def _look(process: subprocess.Popen[bytes]) -> dict[str, int]:
    workers = servers.children(process.pid)
    if len(workers) != 1:
        raise RuntimeError(f"{len(workers)} workers instead of one")
    return times.kilobytes(workers[0])
