"""The engine on PostgreSQL against the best single statement."""

import time
from collections import defaultdict

from benchmarks import checks, sites, times
from benchmarks.benches import Bench, Findings, say
from benchmarks.peers.statements import Statements
from benchmarks.questions import Question
from directory.db import db, set_mode
from directory.services.search import engine
from directory.services.search.criteria import Answer


def run(bench: Bench) -> Findings:
    """Ask every question of both, one after the other, each once."""
    stock = bench.stock()
    asked, others = bench.draw(stock, bench.amounts.questions // 2)
    statements = Statements(bench.site.address)
    say("the narrow table")
    statements.make_ready(stock.day)
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    app = sites.open_app()
    with app.app_context():
        say(f"{sites.prepare():,} listings in the engine's copy")
        for question in others:
            _ask(question, statements)
        say(f"{len(asked)} questions")
        until = time.monotonic() + bench.amounts.oracle_seconds
        for question in asked:
            for who, seconds in _ask(question, statements).items():
                found[question.kind][who].append(seconds)
                found["all"][who].append(seconds)
            if time.monotonic() > until:
                say(f"{len(found['all']['engine'])} were asked when the time was over")
                break
    statements.close()
    return {
        "kinds": {
            kind: {who: times.summary(seconds) for who, seconds in both.items()} for kind, both in sorted(found.items())
        }
    }


def _ask(question: Question, statements: Statements) -> dict[str, float]:
    theirs, other = times.taken(lambda: statements.answer(question.criteria))
    ours, answer = times.taken(lambda: _answer(question))
    db.session.rollback()
    checks.same(question.parameters, answer, other, "one statement")
    return {"engine": ours, "one statement": theirs}


def _answer(question: Question) -> Answer:
    set_mode("reading")
    return engine.answer(question.criteria)
