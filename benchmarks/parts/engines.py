"""The engine against tantivy doing the same, and against plain SQL."""

import gc
import time
from collections import defaultdict
from functools import partial
from typing import Any

from sqlalchemy import select

from benchmarks import checks, questions, sites, times
from benchmarks.benches import Bench, Findings, say
from benchmarks.peers import documents, tantivies
from benchmarks.questions import Question
from directory.db import db, set_mode
from directory.models import Practitioner
from directory.services.search import engine, plain_sql
from directory.services.search.criteria import Answer

SHOWN = ("public_id", "slug", "name", "business", "country", "text")
_ROW = [Practitioner.id, *(getattr(Practitioner, name) for name in SHOWN)]
Times = dict[str, list[float]]


def run(bench: Bench) -> Findings:
    """Ask every question of all, one after the other, each once."""
    stock = bench.stock()
    index = bench.cache / "tantivy" / f"{bench.site.listings}-{stock.day}"
    say("tantivy's index")
    documents.build(bench.site.database, index, stock.day)
    copy = tantivies.Copy(index)
    if copy.parts != 1:
        raise checks.Disagreement(f"tantivy made {copy.parts} parts, so that its order is not that of the day")
    asked, others = bench.draw(stock, bench.amounts.questions)
    app = sites.open_app()
    with app.app_context():
        say(f"{sites.prepare():,} listings in the engine's copy")
        comparison = _Comparison(copy)
        for number, question in enumerate(others):
            comparison.ask(question, with_oracle=number < 3)
        comparison.forget()
        gc.collect()
        gc.freeze()
        say(f"{len(asked)} questions")
        comparison.ask_all(asked, bench.amounts.oracle_seconds)
        say("the worst legal questions")
        worst = [times.taken(partial(_answer, question))[0] for question in questions.worst(stock)]
    return {**comparison.findings(), "worst": times.summary(worst)}


class _Comparison:
    def __init__(self, copy: tantivies.Copy) -> None:
        self._copy = copy
        self.forget()

    def forget(self) -> None:
        """Begin anew."""
        self._answers: Times = defaultdict(list)
        self._wholes: Times = defaultdict(list)
        self._kinds: dict[str, Times] = defaultdict(lambda: defaultdict(list))
        self._beside_oracle: list[float] = []
        self._oracle_spent = 0.0

    def ask_all(self, asked: list[Question], oracle_seconds: float) -> None:
        """Plain SQL is asked as often as its time allows, spread over all questions."""
        told = time.monotonic()
        for number, question in enumerate(asked):
            self.ask(question, with_oracle=self._oracle_spent <= oracle_seconds * (number + 1) / len(asked))
            if time.monotonic() - told > 20:
                told = time.monotonic()
                say(f"{number + 1} of {len(asked)}")

    def ask(self, question: Question, *, with_oracle: bool) -> None:
        """Ask all of them, each time another first, and compare their answers."""
        turn = len(self._answers["engine"]) % 2
        ours, theirs = None, None
        for who in ("engine", "tantivy")[:: 1 if turn else -1]:
            if who == "engine":
                ours = self._ask_engine(question)
            else:
                theirs = self._ask_tantivy(question)
        assert ours is not None
        assert theirs is not None
        checks.same(question.parameters, ours, theirs, "tantivy")
        if with_oracle:
            checks.same(question.parameters, ours, self._ask_oracle(question), "plain SQL")
            self._beside_oracle.append(self._wholes["engine"][-1])

    def _ask_engine(self, question: Question) -> Answer:
        seconds, answer = times.taken(lambda: _answer(question))
        more, _ = times.taken(lambda: _rows(answer))
        db.session.rollback()
        self._keep("engine", question.kind, seconds, more)
        return answer

    def _ask_tantivy(self, question: Question) -> Answer:
        seconds, (answer, addresses) = times.taken(lambda: self._copy.answer(question.criteria))
        more, _ = times.taken(lambda: self._copy.rows(addresses))
        self._keep("tantivy", question.kind, seconds, more)
        return answer

    def _ask_oracle(self, question: Question) -> Answer:
        set_mode("reading")
        seconds, answer = times.taken(lambda: plain_sql.answer(question.criteria))
        more, _ = times.taken(lambda: _rows(answer))
        db.session.rollback()
        self._keep("plain SQL", question.kind, seconds, more)
        self._oracle_spent += seconds
        return answer

    def _keep(self, who: str, kind: str, seconds: float, more: float) -> None:
        self._answers[who].append(seconds)
        self._wholes[who].append(seconds + more)
        self._kinds[kind][who].append(seconds + more)

    def findings(self) -> Findings:
        """The times of all, in short."""
        return {
            "answers": _short(self._answers),
            "wholes": _short(self._wholes),
            "engine beside plain SQL": times.summary(self._beside_oracle),
            "kinds": {kind: _short(found) for kind, found in sorted(self._kinds.items())},
        }


def _answer(question: Question) -> Answer:
    """In a transaction of its own, as a page does it."""
    db.session.rollback()
    set_mode("reading")
    return engine.answer(question.criteria)


def _short(found: Times) -> dict[str, Any]:
    return {who: times.summary(seconds) for who, seconds in found.items()}


def _rows(answer: Answer) -> list[Any]:
    """What a page shows of each hit, in order."""
    ids = [hit.practitioner_id for hit in answer.hits]
    rows = {row[0]: row for row in db.session.execute(select(*_ROW).where(Practitioner.id.in_(ids)))}
    return [rows[one] for one in ids]
