"""The public checker: whether somebody is what they say, today or on a past day, as known now or then.

A name finds only who is listed here. Lines of registers about anybody else are answered for a name together with its
number, never listed, and never about somebody who objected. What is similar is asked back and answers nothing.
"""

import datetime as dt

from directory.services import bodies, limits
from directory.services.checker import lists, people
from directory.services.checker.answers import NOBODY, Agrees, Answer, Kind, Listed, Near, Person, Question, Shown

__all__ = ["NOBODY", "Agrees", "Answer", "Kind", "Listed", "Near", "Person", "Question", "Shown", "ask"]

# An answer costs one point of the limit, a question that finds nobody this many more.
MISS = 10


def ask(
    name: str | None = None,
    number: str | None = None,
    body_id: str | None = None,
    place: str | None = None,
    on: dt.date | None = None,
    known_at: dt.datetime | None = None,
    *,
    who: str | None = None,
    today: dt.date,
    network: str | None,
    at: dt.datetime,
) -> Answer:
    """Answer about somebody by name or number, or about the listing `who` (its public id, or NOBODY).

    `on` is not later than `today`; `known_at` carries the zone of the site. Who asks from `network` has a limit, in
    which misses count more than hits; None, for an operator at the machine, has none. Raises TooMany, and NotFound for
    a body that is not known. Nothing of the question is kept.
    """
    body = bodies.get(body_id) if body_id else None
    question = Question(on or today, today, name, number, body, place, known_at, who)
    if network is not None:
        limits.spend("check", network=network, at=at)
    answer = _answer(question)
    if network is not None and not answer.is_found:
        limits.add("check", MISS, network=network, at=at)
    return answer


def _answer(question: Question) -> Answer:
    if question.who is not None and question.who != NOBODY:
        found = people.find_one(question, question.who)
    else:
        found = people.find(question)
    is_nobody = question.who == NOBODY
    return Answer(
        question,
        people=() if is_nobody else found.people,
        near=() if is_nobody else found.near,
        more=found.more,
        lists=lists.find(question) if question.number else (),
        needs_name=bool(question.number) and not question.name,
    )
