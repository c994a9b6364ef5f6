"""What friends read behind the link of a question: they name a practitioner, or somebody who is not listed.

No account is needed, and nothing but what they look for stands in an address.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial

from flask import Blueprint, Response, current_app, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from directory.config import Settings
from directory.http import sign_ins
from directory.http.access import anyone
from directory.http.headers import unlisted
from directory.http.words import where
from directory.lib import clock
from directory.lib.words import N_
from directory.models import NotFound, Practitioner, Question, TooMany
from directory.services import limits, profiles, questions, search, suggestions
from directory.services.profiles import Card
from directory.services.questions import Answer
from directory.services.search import Criteria
from directory.services.suggestions import MAX_TEXT
from directory.web.forms.base import ButtonForm
from directory.web.forms.questions import UNLISTED, AnswerForm
from directory.web.public.practitioners import search_site

bp = Blueprint("public_questions", __name__, url_prefix="/questions/<string(maxlength=64):token>")

# So many are shown of those who were found; more than that are told by more of the name.
MOST_FOUND, MOST_OFFERED = 10, 12
OFTEN = N_("Answers are limited, so that programs cannot flood anybody. Try again later; what you typed is still here.")
WHY_NOT = {
    questions.TooManyAnswers: N_("This question has as many answers as it can have. Tell your friend in another way."),
    questions.NotNamed: N_("Their listing is not shown any more. Choose somebody else, or write the name."),
}
LISTED = N_("Somebody of that name is listed. Choose them, or press the button once more if you mean somebody else.")

NOBODY = N_("Nobody else of this name was found. Try the last name alone, or write their name above")


@bp.errorhandler(NotFound)
def _over(_error: NotFound) -> Response:
    """The same page for a question that is over as for one that never was."""
    return unlisted(render_template("public/questions/over.html"), 404)


@bp.get("")
@anyone
def show(token: str) -> Response:
    """The question, and the search."""
    asked = questions.look(token, at=clock.now())
    words, near = request.args.get("q", ""), request.args.get("near", "")
    found = search.understand({"q": [words], "near": [near]}, _today(), search_site(_settings()))
    criteria = found.criteria
    looks = bool(criteria.words or found.near)
    answer = search.find(criteria) if looks and not found.is_unclear else None
    hits = answer.hits[:MOST_FOUND] if answer else []
    cards = profiles.cards([hit.practitioner_id for hit in hits], _today())
    return unlisted(
        render_template(
            "public/questions/show.html",
            asked=asked,
            words=criteria.words,
            near=found.near,
            choices=found.choices,
            notices=found.notices,
            looked=answer is not None,
            cards=cards,
            nameable=_nameable(cards),
            more=answer.total - len(cards) if answer else 0,
            address=partial(_address, token),
            is_own=_is_own(asked),
        )
    )


def _address(token: str, parameters: Sequence[tuple[str, str]]) -> str:
    """The address of another search, as far as the two boxes can hold it."""
    boxes = dict(parameters)
    return url_for(".show", token=token, q=boxes.get("q"), near=boxes.get("near"))


@bp.get("/suggestions")
@anyone
def suggest(token: str) -> ResponseReturnValue:
    """Practitioners whose names begin as what was typed, as JSON: they lead to the answer, or fill the box."""
    questions.look(token, at=clock.now())
    fills = request.args.get("field") == "look-for"
    found = suggestions.for_people(request.args.get("text", "")[:MAX_TEXT])
    people = [
        {
            "kind": one.kind.value,
            "label": one.label,
            "note": where(one.place) if one.place else gettext("practitioner"),
            **(
                {"text": one.label}
                if fills
                else {"address": url_for(".ask", token=token, who=one.id), "leads": gettext("answers with this name")}
            ),
        }
        for one in found
    ]
    count = ngettext("%(num)s suggestion", "%(num)s suggestions", len(found)) if found else ""
    answer = jsonify(suggestions=people, count=count)
    answer.cache_control.no_store = True
    return answer


@bp.get("/answers/new")
@anyone
def ask(token: str) -> Response:
    """The form for an answer, about somebody who was found or not."""
    asked = questions.look(token, at=clock.now())
    people = _people([request.args.get("who", "")[:32]])
    chosen = next(iter(people), UNLISTED)
    # Who was looked for and not found need not be typed again.
    typed = "" if people else request.args.get("name", "")[:80]
    return _page(asked, AnswerForm(formdata=None, data={"who": chosen, "unlisted": typed}), people)


@bp.post("/answers")
@anyone
def answer(token: str) -> Response:
    """Keep it, for the asker alone. What only looks for a name gets the form again, with all that was typed."""
    asked = questions.look(token, at=clock.now())
    form, offered = AnswerForm(), [one[:32] for one in request.form.getlist("offered")][:MOST_OFFERED]
    people = _people(offered)
    form.offer(people, "")
    if "look" in request.form:
        return _look(asked, form, people, offered)
    listed = _people(offered, named=form.unlisted.data) if form.validate() and form.is_unlisted else people
    if listed.keys() - people.keys():
        form.who.errors = [gettext(LISTED)]
    if form.problems:
        return _page(asked, form, listed, 422)
    if not form.is_by_a_program:
        try:
            _keep(asked, form)
        except TooMany as many:
            form.form_errors.append(gettext(OFTEN))
            response = _page(asked, form, people, 429)
            response.headers["Retry-After"] = str(many.retry_after)
            return response
        except (questions.TooManyAnswers, questions.NotNamed) as refusal:
            form.form_errors.append(gettext(WHY_NOT[type(refusal)]))
            return _page(asked, form, people, 409)
    return make_response(redirect(url_for(".sent", token=token), 303))


def _look(asked: Question, form: AnswerForm, people: Mapping[str, str], offered: Sequence[str]) -> Response:
    """The form with whom else they look for, if there is such a name."""
    sought = form.look_for.data or ""
    # Whoever is chosen stays, however many were found before.
    first = sorted(offered, key=lambda one: one != form.who.data)
    more = _people(first, look_for=sought) if sought else people
    if sought and not more.keys() - people.keys():
        form.look_for.errors = [gettext(NOBODY)]
        return _page(asked, form, people, 422)
    return _page(asked, form, more)


def _keep(asked: Question, form: AnswerForm) -> None:
    """Count it, and keep it. Raises TooMany, and as services.questions.answer does."""
    token, network, at = asked.token, sign_ins.network_of(request), clock.now()
    limits.spend("question-answer", account=asked.public_id, network=network, at=at)
    if form.is_unlisted:
        said = Answer(form.name.data, form.text.data, unlisted=form.unlisted.data)
    else:
        listings: Sequence[Practitioner] = profiles.find_public([form.who.data])
        if not listings:
            raise questions.NotNamed("gone meanwhile")
        said = Answer(form.name.data, form.text.data, practitioner=listings[0])
    questions.answer(token, said, at=at)


@bp.get("/answers/sent")
@anyone
def sent(token: str) -> Response:
    """Who reads it now."""
    asked = questions.look(token, at=clock.now())
    return unlisted(render_template("public/questions/sent.html", asked=asked))


@bp.get("/report")
@anyone
def ask_report(token: str) -> Response:
    """What a report does, and the button."""
    return _report_page(questions.look(token, at=clock.now()))


@bp.post("/report")
@anyone
def report(token: str) -> ResponseReturnValue:
    """Have an administrator read the question."""
    asked, at = questions.look(token, at=clock.now()), clock.now()
    if not ButtonForm().validate():
        return _report_page(asked, 422)
    limits.spend("report", network=sign_ins.network_of(request), at=at)
    questions.report(token, at=at)
    return redirect(url_for(".ask_report", token=token), 303)


def _report_page(asked: Question, status: int = 200) -> Response:
    button = ButtonForm(formdata=None)
    return unlisted(render_template("public/questions/report.html", asked=asked, button=button), status)


def _people(offered: Sequence[str], *, look_for: str = "", named: str = "") -> dict[str, str]:
    """Those who may be chosen, by public id, with where they work: several people may have one name. Besides those who
    were `offered`, whoever a search for some words finds first, or has a name of these words. The last who were
    offered make room for them."""
    own, found = [one.id for one in profiles.find_public(list(dict.fromkeys(offered)))], []
    if look_for:
        hits = search.find(Criteria(day=_today(), words=look_for)).hits[:MOST_FOUND]
        found += [hit.practitioner_id for hit in hits]
    if named:
        found += search.named(named, MOST_FOUND)
    new = [one for one in found if one not in own]
    cards = profiles.cards([*own[: MOST_OFFERED - len(new)], *new], _today())
    nameable = _nameable(cards)
    return {one.public_id: ", ".join([one.name, *map(where, one.places[:1])]) for one in cards if one.id in nameable}


def _nameable(cards: Sequence[Card]) -> frozenset[int]:
    """Those of them whom a friend may name."""
    listings = profiles.find_public([card.public_id for card in cards])
    return frozenset(one.id for one in listings if questions.may_name(one))


def _page(asked: Question, form: AnswerForm, people: Mapping[str, str], status: int = 200) -> Response:
    form.offer(people, gettext("Somebody who is not listed here"))
    page = render_template("public/questions/answer.html", asked=asked, form=form, people=people)
    return unlisted(page, status)


def _is_own(asked: Question) -> bool:
    reader = sign_ins.current()
    return reader is not None and reader.id == asked.asker_id


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _today() -> dt.date:
    return clock.today(_settings().zone)
