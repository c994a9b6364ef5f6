"""The public checker: a name or number, a body, a place and a day. The question is in the address, and kept nowhere."""

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from directory.config import Settings
from directory.http.access import anyone
from directory.http.headers import unlisted
from directory.http.sign_ins import network_of
from directory.lib import clock
from directory.services import bodies, checker, limits, objections
from directory.services.checker import Answer
from directory.web.forms.checker import CheckForm, ObjectionForm
from directory.web.public import days
from directory.web.public.days import Days

bp = Blueprint("public_checker", __name__)

LONGEST_ID = 32


@bp.get("/check")
@anyone
def show() -> ResponseReturnValue:
    """The form; with a question in the address, the answer."""
    settings = _settings()
    form = CheckForm(formdata=_typed())
    form.offer(_bodies())
    if not request.args:
        return _page(form, None, None)
    if not form.read(clock.today(settings.zone)):
        return _page(form, None, None), 422
    asked = days.of(form.on, form.known, clock.today(settings.zone), settings.zone)
    if request.args.to_dict(flat=False) != {name: [value] for name, value in _address(form, asked).items()}:
        return redirect(url_for(".show", **_address(form, asked)), 303)
    answer = checker.ask(
        form.name.data or None,
        form.number.data or None,
        form.body.data or None,
        form.place.data or None,
        asked.on,
        asked.known_at,
        who=_who(),
        today=asked.today,
        network=network_of(request),
        at=clock.now(),
    )
    # About people, and asked by people.
    return unlisted(_page(form, answer, asked))


@bp.get("/check/objection")
@anyone
def ask_objection() -> ResponseReturnValue:
    """The form for those on a register who want no answer given about them."""
    form = ObjectionForm()
    form.offer(_bodies())
    return render_template("public/checker/objection.html", form=form, section="check")


@bp.post("/check/objection")
@anyone
def make_objection() -> ResponseReturnValue:
    """Keep the objection."""
    form = ObjectionForm()
    form.offer(_bodies())
    if not form.validate():
        return render_template("public/checker/objection.html", form=form, section="check"), 422
    if not form.is_by_a_program:
        limits.spend("objection", network=network_of(request), at=clock.now())
        objections.make(form.body.data, form.number.data, form.name.data, at=clock.now())
    return redirect(url_for(".objected"), 303)


@bp.get("/check/objection/received")
@anyone
def objected() -> ResponseReturnValue:
    """What holds from now on."""
    return render_template("public/checker/objected.html", section="check")


def _typed() -> MultiDict[str, str]:
    """What was typed. A name without a letter is a number."""
    typed = days.typed(request.args)
    if typed.get("name") and not typed.get("number") and not any(map(str.isalpha, typed["name"])):
        typed["number"] = typed.pop("name")
    return MultiDict(typed)


def _address(form: CheckForm, asked: Days) -> dict[str, Any]:
    """What of the question belongs in the address that can be kept."""
    typed = {name: form[name].data or "" for name in ("name", "number", "body", "place")}
    return {name: value for name, value in (typed | {"who": _who() or ""} | asked.parameters).items() if value}


def _who() -> str | None:
    return request.args.get("who", "")[:LONGEST_ID] or None


def _page(form: CheckForm, answer: Answer | None, asked: Days | None) -> str:
    again: dict[str, Any] = _address(form, asked) if asked else {}
    return render_template(
        "public/checker/show.html",
        form=form,
        answer=answer,
        asked=asked,
        again=again,
        days=asked.parameters if asked else {},
        nobody=checker.NOBODY,
        section="check",
        noindex=bool(request.args),
    )


def _bodies() -> list[tuple[str, str]]:
    return [(body.id, body.name) for body in bodies.list_all() if body.lists_individuals]


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
