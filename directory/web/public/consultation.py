"""The summary to bring along to a first session: red flags first, and nothing of it stored.

Each step is a form that is posted, since what people answer has no place in an address. Every step asks the red flags
again of what came with it: there is no way to a later page around them.
"""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.config import Settings
from directory.http.access import anyone
from directory.http.transaction import abandon
from directory.http.words import country_name, day
from directory.lib import clock
from directory.lib.words import N_
from directory.services import consultation, guide
from directory.services.consultation import Advice, Area, Mark, Question
from directory.web.forms.consultation import AnswersForm, Offer, SignsForm, carried, signs_form, words_of
from directory.web.public import body_map

bp = Blueprint("public_consultation", __name__, url_prefix="/consultation")

# As an enquiry names those whom it goes to.
TO, MOST, LONGEST_ID = "to", 5, 32

# The lines of a summary: the field, and what it is called there.
LINES = (
    ("where", N_("Where")),
    ("whole", N_("In no one place")),
    ("feelings", N_("How it feels")),
    ("lasting", N_("Since when")),
    ("began", N_("How it began")),
    ("eases", N_("What eases it")),
    ("worsens", N_("What makes it worse")),
    ("tried", N_("Tried so far")),
    ("warnings", N_("To be careful of")),
    ("pregnancy", N_("Pregnant")),
    ("conditions", N_("Illnesses and injuries")),
    ("medicines", N_("Medicines")),
    ("pressure", N_("Pressure")),
    ("avoid", N_("Not to be touched")),
    ("hopes", N_("Hopes")),
)
CHOSEN = frozenset({"where", "whole", "feelings", "lasting", "warnings", "pregnancy", "pressure"})
SIDES = {"left": N_("%(area)s, left"), "right": N_("%(area)s, right")}
ON_SIDES = {
    ("left",): N_("%(area)s (left)"),
    ("right",): N_("%(area)s (right)"),
    ("left", "right"): N_("%(area)s (both sides)"),
}
NO_SIGN = N_("Asked on %(day)s about signs that need a doctor first: no to each.")
SOME_SIGNS = N_("Asked on %(day)s about signs that need a doctor first: yes to %(signs)s.")


@dataclass(frozen=True)
class _Journey:
    """What came with a step, and what was made of it."""

    questions: list[Question]
    signs: SignsForm
    answers: AnswersForm
    country: str
    # For whom the summary is meant, by public id, if somebody came from there.
    to: list[str]

    @property
    def yes(self) -> set[str]:
        return self.signs.answered_yes

    @property
    def warnings(self) -> list[str]:
        return self.answers.warnings.data or []

    @property
    def carried(self) -> list[tuple[str, str]]:
        return [*carried(self.signs, self.answers), *((TO, one) for one in self.to)]

    @property
    def of_signs(self) -> list[tuple[str, str]]:
        """The same without the second page, which is open to be changed."""
        return [*carried(self.signs), *((TO, one) for one in self.to)]


@bp.get("")
@anyone
def ask() -> ResponseReturnValue:
    """The first page: the red flags."""
    return _private(_signs_page(_journey()))


@bp.post("/signs")
@anyone
def answer_signs() -> ResponseReturnValue:
    """To the second page, or to whoever can help."""
    journey = _journey()
    return _held_up(journey) or _private(_answers_page(journey))


@bp.post("/answers")
@anyone
def change() -> ResponseReturnValue:
    """Back to the second page, with what was answered."""
    journey = _journey()
    return _held_up(journey) or _private(_answers_page(journey))


@bp.post("/summary")
@anyone
def summarise() -> ResponseReturnValue:
    """The page to print or keep."""
    journey = _journey()
    return _held_up(journey, whole=True) or _private(
        render_template(
            "public/consultation/summary.html",
            lines=_lines(journey),
            figure=_marked(journey),
            asked=_asked(journey),
            text=_text(journey),
            to=journey.to,
            advice=_advice(journey),
            **_known(journey),
        )
    )


@bp.post("/file")
@anyone
def keep() -> ResponseReturnValue:
    """The same as a file of plain text, for one's own device."""
    journey = _journey()
    held_up = _held_up(journey, whole=True)
    if held_up is not None:
        return held_up
    response = _private(_text(journey))
    response.headers["Content-Type"] = "text/plain; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="summary-{_today().isoformat()}.txt"'
    return response


@bp.post("/suggestions")
@anyone
def suggest() -> ResponseReturnValue:
    """What sources connect with the places marked."""
    journey = _journey()
    answers = journey.answers
    return _held_up(journey, whole=True) or _private(
        render_template(
            "public/consultation/suggestions.html",
            suits=consultation.suits(answers.where.data or [], answers.whole.data or [], answers.feelings.data or []),
            advice=_advice(journey),
            elsewhere=guide.find("sc-not-muscular"),
            whole_body=guide.find("sc-head-to-foot"),
            **_known(journey),
        )
    )


@bp.post("/self-help")
@anyone
def help_oneself() -> ResponseReturnValue:
    """What people try themselves, with its limits."""
    journey = _journey()
    answers = journey.answers
    return _held_up(journey, whole=True) or _private(
        render_template(
            "public/consultation/self_help.html",
            found=consultation.self_help(
                journey.yes,
                journey.warnings,
                answers.pregnancy.data,
                marked=answers.where.data or [],
                feelings=answers.feelings.data or [],
            ),
            flags=[question.flag for question in journey.questions],
            **_known(journey),
        )
    )


def _journey() -> _Journey:
    """Read what was sent. Nothing is kept, so the database is only read, whatever the method."""
    abandon()
    questions = consultation.list_questions()
    signs = signs_form([(question.flag.id, question.flag.title) for question in questions])
    answers = AnswersForm()
    offer = _offer()
    signs.offer(offer)
    answers.offer(offer)
    to = list(
        dict.fromkeys(
            one for one in request.values.getlist(TO) if one.isascii() and one.isalnum() and len(one) <= LONGEST_ID
        )
    )
    return _Journey(questions, signs, answers, str(signs.country.data), to[:MOST])


def _offer() -> Offer:
    own = _settings().country
    known = sorted(consultation.COUNTRIES, key=lambda code: (code != own, country_name(code)))
    return Offer(
        countries=[
            *((code, country_name(code)) for code in known),
            (consultation.ELSEWHERE, gettext("Another country")),
        ],
        country=own if own in consultation.COUNTRIES else consultation.ELSEWHERE,
        marks=[(key, _mark_words(mark)) for key, mark in consultation.MARKS.items()],
        whole=[(key, gettext(label)) for key, (label, _) in consultation.WHOLE.items()],
        feelings=[(key, gettext(label)) for key, (label, _) in consultation.FEELINGS.items()],
        warnings=[(piece.id, piece.title) for piece in consultation.list_warnings()],
    )


def _mark_words(mark: Mark) -> str:
    area = str(gettext(mark.area.label))
    return str(gettext(SIDES[mark.side], area=area) if mark.side else area)


def _held_up(journey: _Journey, *, whole: bool = False) -> Response | None:
    """The page instead of the one that was asked for: the end of the journey, or a form with mistakes. None to go on.

    A red flag that is answered with yes goes before everything else. `whole`: the second page must be right, too.
    """
    stop = consultation.stop_for(journey.yes, journey.warnings, journey.country)
    if stop is not None:
        return _private(render_template("public/consultation/stop.html", stop=stop, **_known(journey)))
    if not journey.signs.validate():
        return _private(_signs_page(journey), 422)
    if whole and not journey.answers.validate():
        return _private(_answers_page(journey), 422)
    return None


def _signs_page(journey: _Journey) -> str:
    fields = dict(journey.signs.signs)
    return render_template(
        "public/consultation/signs.html",
        asked=[(question, fields[question.flag.id]) for question in journey.questions],
        noindex=False,
        **_known(journey),
    )


def _answers_page(journey: _Journey) -> str:
    options = dict(zip(consultation.MARKS, journey.answers.where, strict=True))
    rows = [
        (area, [(mark, options[mark.key], body_map.shapes(area.key, mark.side)) for mark in area.marks])
        for area in consultation.AREAS
    ]
    return render_template(
        "public/consultation/answers.html",
        rows=rows,
        outline=body_map.OUTLINE,
        size=body_map.SIZE,
        of_signs=journey.of_signs,
        warnings=consultation.list_warnings(),
        **_known(journey),
    )


def _known(journey: _Journey) -> dict[str, Any]:
    """What every page of the journey needs."""
    return {
        "signs": journey.signs,
        "form": journey.answers,
        "carried": journey.carried,
        "country": journey.country,
        "section": "guide",
    }


def _advice(journey: _Journey) -> Advice:
    answers = journey.answers
    return consultation.advice_for(
        journey.yes,
        journey.warnings,
        answers.pregnancy.data,
        marked=answers.where.data or [],
        whole=answers.whole.data or [],
        feelings=answers.feelings.data or [],
        lasting=answers.lasting.data,
    )


def _lines(journey: _Journey) -> list[tuple[str, str]]:
    """What was answered, by its name in the summary; what was left out is not there."""
    found = []
    for name, label in LINES:
        field = journey.answers[name]
        words = "; ".join(_chosen(field)) if name in CHOSEN else str(field.data or "")
        if words:
            found.append((gettext(label), words))
    return found


def _chosen(field: Any) -> list[str]:
    """What was chosen, in words: of a place with two sides once, with its sides."""
    if field.name != "where":
        return words_of(field)
    sides: dict[Area, tuple[str, ...]] = {}
    for mark in consultation.marks_of(field.data or []):
        sides[mark.area] = (*sides.get(mark.area, ()), *([mark.side] if mark.side else []))
    return [
        gettext(ON_SIDES[found], area=gettext(area.label)) if found else gettext(area.label)
        for area, found in sides.items()
    ]


def _asked(journey: _Journey) -> str:
    """That the red flags were asked, and what was answered: on a summary, nothing that ends the journey."""
    titles = ", ".join(question.flag.title for question in journey.questions if question.flag.id in journey.yes)
    if titles:
        return str(gettext(SOME_SIGNS, day=day(_today()), signs=titles))
    return str(gettext(NO_SIGN, day=day(_today())))


def _text(journey: _Journey) -> str:
    """The summary as plain text, at most some 5,000 characters."""
    lines = [gettext("Summary before a session"), "", _asked(journey), ""]
    return "\n".join([*lines, *(f"{label}: {words}" for label, words in _lines(journey)), ""])


def _marked(journey: _Journey) -> dict[str, Any]:
    """The drawing with the places that were marked."""
    chosen = set(journey.answers.where.data or [])
    areas = [
        (mark.key in chosen, shape)
        for mark in consultation.MARKS.values()
        for shape in body_map.shapes(mark.area.key, mark.side)
    ]
    return {"size": body_map.SIZE, "outline": body_map.OUTLINE, "areas": areas, "is_marked": bool(chosen)}


def _private(page: str, status: int = 200) -> Response:
    """An answer that no cache keeps. It speaks of somebody's health."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _today() -> Any:
    return clock.today(_settings().zone)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
