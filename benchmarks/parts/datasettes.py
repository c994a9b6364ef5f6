"""The search page against Datasette with the same facets on the same rows."""

import re
import time
from urllib.parse import urlencode

from benchmarks import checks, clients, servers, sites, times
from benchmarks.benches import Bench, Findings, say
from benchmarks.parts import pages
from benchmarks.peers import flats
from benchmarks.questions import Question
from directory.services.search.criteria import Facet

KINDS = ("filters", "word and status", "rare word")
LEAST = 3
MOST = 40


def run(bench: Bench) -> Findings:
    """Ask both each question, each on a connection of its own, as long as the time lasts."""
    stock = bench.stock()
    say("the flat table")
    flat = flats.build(bench.site.database, bench.cache / "flat" / f"{bench.site.listings}-{stock.day}", stock.day)
    sites.prepare()
    asked, others = bench.draw(stock, 11 * MOST)
    findings: Findings = {}
    theirs = servers.free_port()
    with (
        servers.serving(bench.site) as (ours, _),
        servers.running(servers.datasette(flat, theirs), theirs, bench.site.environment, silent=True),
    ):
        clients.ask_all(ours, [pages.request(question) for question in others])
        for kind in KINDS:
            questions = [question for question in asked if question.kind == kind and _can_be_asked(question)]
            warm = next(question for question in others if question.kind == kind and _can_be_asked(question))
            _ask(ours, theirs, warm)
            findings[kind] = _measure(ours, theirs, questions, bench.amounts.datasette_seconds)
            say(f"{kind}: {findings[kind]['ratio p50']:.0f}x, {findings[kind]['page']['n']} questions")
    return {"kinds": findings}


def _can_be_asked(question: Question) -> bool:
    """Datasette has no "any of these", does not know that status and body are of one claim, and has no other order."""
    filters = question.criteria.filters
    single = all(len(values) == 1 for values in filters.values())
    return single and not {Facet.STATUS, Facet.BODY} <= set(filters)


def _measure(ours: int, theirs: int, questions: list[Question], seconds: float) -> Findings:
    page: list[float] = []
    other: list[float] = []
    until = time.monotonic() + seconds
    for question in questions[:MOST]:
        first, second = _ask(ours, theirs, question)
        page.append(first)
        other.append(second)
        if len(page) >= LEAST and time.monotonic() > until:
            break
    found = {"page": times.summary(page), "Datasette": times.summary(other)}
    ratios = {f"ratio {name}": times.ratio(found["Datasette"], found["page"], name) for name in ("p50", "p95")}
    return {**found, **ratios}


def _ask(ours: int, theirs: int, question: Question) -> tuple[float, float]:
    path, _ = pages.request(question)
    page = clients.ask(ours, path)
    other = clients.ask(theirs, f"/flat/listing?{urlencode(flats.address(question))}")
    totals = _total(r"<h1>\s*([\d,]+) practitioner", page.body), _total(r"([\d,]+) rows?\b", other.body)
    if totals[0] != totals[1]:
        raise checks.Disagreement(f"{path}: {totals[0]} on our page, {totals[1]} on Datasette's")
    return page.seconds, other.seconds


def _total(pattern: str, page: bytes) -> int:
    """The number of listings that a page tells."""
    found = re.search(pattern, page.decode())
    return int(found[1].replace(",", "")) if found else 0
