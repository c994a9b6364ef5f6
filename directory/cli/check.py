"""tsubo check: the answer of the public checker; tsubo objections: about whom it gives none."""

import datetime as dt
import json
import sys
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from directory.config import Settings
from directory.db import kept, mode
from directory.http.words import plain_message
from directory.lib import clock
from directory.services import bodies, checker, objections
from directory.services.checker import Answer, Near, Person
from directory.services.checker.answers import Listed

objections_group = AppGroup("objections", help="People on registers about whom the checker gives no answer.")
Json = dict[str, Any]


def _day(_context: click.Context, _option: click.Parameter, text: str | None) -> dt.date | None:
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter("type a day like 2024-06-14") from None


@click.command("check")
@click.option("--name", help="The name, as the person gives it.")
@click.option("--number", help="The membership number.")
@click.option("--body", help="The body by its name in addresses, such as uk-shiatsu-society. Default: any.")
@click.option("--place", help="A town or a postcode.")
@click.option("--on", callback=_day, help="The day that is asked about, like 2024-06-14. Default: today.")
@click.option("--known", callback=_day, help="As it was known at the end of this day. Default: now.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of sentences.")
@with_appcontext
def check(
    name: str | None,
    number: str | None,
    body: str | None,
    place: str | None,
    on: dt.date | None,
    known: dt.date | None,
    as_json: bool,
) -> None:
    """Say whether somebody is what they say: what the page /check answers.

    Give a name, a number, or both. Ends with 0 whatever the answer, and with 2 if nothing could be asked.
    """
    settings: Settings = current_app.extensions["settings"]
    today = clock.today(settings.zone)
    if not (name or "").strip() and not (number or "").strip():
        _stop("give --name, --number, or both")
    if (on and on > today) or (known and known > today):
        _stop("that day has not come yet")
    known_at = dt.datetime.combine(known, dt.time.max, tzinfo=settings.zone) if known and known != today else None
    with mode("reading"):
        answer = checker.ask(
            " ".join((name or "").split()) or None,
            (number or "").strip() or None,
            body,
            place,
            on,
            known_at,
            today=today,
            network=None,
            at=clock.now(),
        )
        sentences = [_plain(one) for one in answer.sentences]
        said = json.dumps(_json(answer, sentences), ensure_ascii=False, indent=2) if as_json else "\n".join(sentences)
    click.echo(said)


def _json(answer: Answer, sentences: list[str]) -> Json:
    question = answer.question
    return {
        "kind": answer.kind.value,
        "on": question.on.isoformat(),
        "known": question.known_at.date().isoformat() if question.known_at else None,
        "sentences": sentences,
        "people": [_person(one) for one in answer.people],
        "lists": [_listed(one) for one in answer.lists],
        "near": [_near(one) for one in answer.near],
        "more": answer.more,
    }


def _person(person: Person) -> Json:
    return {
        "listing": person.public_id,
        "name": person.name,
        "towns": [place.town for place in person.places],
        "agrees": [one.value for one in person.agrees],
        "statements": [
            {
                "body": one.claim.body_id,
                "body_name": one.body_name,
                "status": one.status.value,
                "sentence": _plain(one.sentence),
                "checked_on": _written(one.check.checked_on if one.check else None),
                "since": _written(one.since),
                "stated_on": _written(one.claim.stated_on),
            }
            for one in person.standings
        ],
    }


def _listed(one: Listed) -> Json:
    days = {name: _written(getattr(one, name)) for name in ("list_on", "since", "until", "first_on", "last_on")}
    return {"body": one.body.id, "shown": one.shown.value, "sentence": _plain(one.sentence), "grade": one.grade, **days}


def _near(near: Near) -> Json:
    return {
        "listing": near.person.public_id,
        "name": near.person.name,
        "towns": [place.town for place in near.person.places],
        "difference": _plain(near.difference),
    }


def _written(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _plain(sentence: Any) -> str:
    """A sentence for a terminal: a space that does not break means nothing there."""
    return plain_message(sentence).replace("\u00a0", " ")


@objections_group.command("remove")
@click.option("--body", required=True, help="The body by its name in addresses.")
@click.option("--number", required=True, help="The membership number, as it was given.")
@click.option("--name", required=True, help="The name, as it was given.")
def remove(body: str, number: str, name: str) -> None:
    """Let the checker answer again about somebody who objected and has asked you for it.

    Make sure that it is they who ask. Ends with 1 if there was no such objection.
    """
    found = bodies.get(body)
    if not kept(lambda: objections.take_back(found.id, number, name)):
        _stop("nobody objected with this body, number and name", code=1)
    click.echo("The checker answers again about this name with this number.")


def _stop(sentence: str, code: int = 2) -> None:
    click.echo(f"tsubo: {sentence}", err=True)
    sys.exit(code)
