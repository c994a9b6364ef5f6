"""The summary to bring along to a first session: red flags first, and nothing of it stored.

Each step is a form that is posted, since what people answer has no place in an address. Every step asks the red flags
again of what came with it: there is no way to a later page around them.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.config import Settings
from directory.http.access import anyone
from directory.http.transaction import abandon
from directory.http.words import country_name
from directory.lib import clock
from directory.services import consultation, enquiries, guide
from directory.services.consultation import Answered, Question
from directory.web.forms.consultation import AnswersForm, Offer, SignsForm, carried, signs_form
from directory.web.forms.enquiries import TO
from directory.web.public import body_map
from directory.web.public.summaries import Summary, mark_words, summary_of

bp = Blueprint("public_consultation", __name__, url_prefix="/consultation")

# More than the public id of any practitioner has.
LONGEST_ID = 32


@dataclass(frozen=True)
class _Journey:
    """What came with a step, and what is made of it."""

    questions: list[Question]
    signs: SignsForm
    answers: AnswersForm
    # For whom the summary is meant, by public id, if somebody came from there.
    to: list[str]

    @property
    def yes(self) -> set[str]:
        return self.signs.answered_yes

    @property
    def country(self) -> str:
        return str(self.signs.country.data)

    @property
    def carried(self) -> list[tuple[str, str]]:
        return [*self.of_signs, *carried(self.answers)]

    @property
    def of_signs(self) -> list[tuple[str, str]]:
        """The same without the second page, which is open to be changed."""
        return [*carried(self.signs), *((TO, one) for one in self.to)]

    @property
    def summary(self) -> Summary:
        return summary_of(self.questions, self.yes, self.answers, _today())

    @property
    def said(self) -> Answered:
        answers = self.answers
        return Answered(
            flags=self.yes,
            warnings=answers.warnings.data or [],
            pregnancy=answers.pregnancy.data,
            marked=answers.where.data or [],
            whole=answers.whole.data or [],
            feelings=answers.feelings.data or [],
            lasting=answers.lasting.data,
        )


def _behind_the_signs(*, whole: bool) -> Callable[[Callable[[_Journey], Response]], Callable[[], Response]]:
    """A step for somebody who answered no to the red flags; else they get the end of the journey, or a form with its
    mistakes. `whole`: the second page must be right, too."""

    def declare(step: Callable[[_Journey], Response]) -> Callable[[], Response]:
        @wraps(step)
        def view() -> Response:
            journey = _journey()
            # A yes goes before everything else, also before mistakes.
            stop = consultation.stop_for(journey.yes, journey.said.warnings, journey.country)
            if stop is not None:
                return _page(journey, "public/consultation/stop.html", stop=stop)
            if not journey.signs.validate():
                return _signs_page(journey, 422)
            if whole and not journey.answers.validate():
                return _answers_page(journey, 422)
            return step(journey)

        return view

    return declare


@bp.get("")
@anyone
def ask() -> ResponseReturnValue:
    """The first page: the red flags."""
    return _signs_page(_journey())


@bp.get("/signs")
@bp.get("/summary")
@bp.get("/file")
@bp.get("/suggestions")
@bp.get("/self-help")
@anyone
def begin_anew() -> ResponseReturnValue:
    """Somebody opened the address of a later step, to which nothing came along: to the first."""
    return redirect(url_for(".ask"), 303)


@bp.post("/signs")
@anyone
@_behind_the_signs(whole=False)
def answer_signs(journey: _Journey) -> Response:
    """To the second page, or back to it with what was answered there."""
    return _answers_page(journey)


@bp.post("/summary")
@anyone
@_behind_the_signs(whole=True)
def summarise(journey: _Journey) -> Response:
    """The page to print or keep."""
    return _page(
        journey,
        "public/consultation/summary.html",
        summary=journey.summary,
        to=journey.to,
        advice=consultation.advice_for(journey.said),
    )


@bp.post("/file")
@anyone
@_behind_the_signs(whole=True)
def keep(journey: _Journey) -> Response:
    """The same as a file of plain text, for one's own device."""
    response = make_response(journey.summary.text)
    response.headers["Content-Type"] = "text/plain; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="summary-{_today().isoformat()}.txt"'
    return response


@bp.post("/suggestions")
@anyone
@_behind_the_signs(whole=True)
def suggest(journey: _Journey) -> Response:
    """What sources connect with the places marked."""
    return _page(
        journey,
        "public/consultation/suggestions.html",
        suits=consultation.suits(journey.said),
        advice=consultation.advice_for(journey.said),
        elsewhere=guide.find("sc-not-muscular"),
        whole_body=guide.find("sc-head-to-foot"),
    )


@bp.post("/self-help")
@anyone
@_behind_the_signs(whole=True)
def help_oneself(journey: _Journey) -> Response:
    """What people try themselves, with its limits."""
    return _page(
        journey,
        "public/consultation/self_help.html",
        found=consultation.self_help(journey.said),
        flags=[question.flag for question in journey.questions],
    )


def _journey() -> _Journey:
    """Read what was sent. Nothing is kept, so the database is only read, whatever the method."""
    abandon()
    questions = consultation.list_questions()
    signs = signs_form([(question.flag.id, question.flag.title) for question in questions])
    answers, offer = AnswersForm(), _offer()
    signs.offer(offer)
    answers.offer(offer)
    named = (one for one in request.values.getlist(TO) if one.isascii() and one.isalnum() and len(one) <= LONGEST_ID)
    return _Journey(questions, signs, answers, list(dict.fromkeys(named))[: enquiries.MOST])


def _offer() -> Offer:
    own = _settings().country
    known = sorted(consultation.COUNTRIES, key=lambda code: (code != own, country_name(code)))
    return Offer(
        countries=[
            *((code, country_name(code)) for code in known),
            (consultation.ELSEWHERE, gettext("Another country")),
        ],
        country=own if own in consultation.COUNTRIES else consultation.ELSEWHERE,
        marks=[(key, mark_words(mark)) for key, mark in consultation.MARKS.items()],
        whole=[(key, gettext(label)) for key, (label, _) in consultation.WHOLE.items()],
        feelings=[(key, gettext(label)) for key, (label, _) in consultation.FEELINGS.items()],
        warnings=[(piece.id, piece.title) for piece in consultation.list_warnings()],
    )


def _signs_page(journey: _Journey, status: int = 200) -> Response:
    fields = dict(journey.signs.signs)
    asked = [(question, fields[question.flag.id]) for question in journey.questions]
    return _page(journey, "public/consultation/signs.html", status, asked=asked)


def _answers_page(journey: _Journey, status: int = 200) -> Response:
    options = dict(zip(consultation.MARKS, journey.answers.where, strict=True))
    rows = [
        (area, [(mark, options[mark.key], body_map.shapes(area.key, mark.side)) for mark in area.marks])
        for area in consultation.AREAS
    ]
    return _page(
        journey,
        "public/consultation/answers.html",
        status,
        rows=rows,
        outline=body_map.OUTLINE,
        size=body_map.SIZE,
        of_signs=journey.of_signs,
    )


def _page(journey: _Journey, template: str, status: int = 200, **more: Any) -> Response:
    page = render_template(
        template,
        signs=journey.signs,
        form=journey.answers,
        carried=journey.carried,
        country=journey.country,
        section="guide",
        **more,
    )
    return make_response(page, status)


def _today() -> dt.date:
    return clock.today(_settings().zone)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
