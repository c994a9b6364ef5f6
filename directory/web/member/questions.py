"""Asking friends whom they know: the question, its link, and what they answered."""

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from directory.config import Settings
from directory.http import addresses, sign_ins
from directory.http.access import member
from directory.lib import clock
from directory.models import PUBLIC_STATES, Practitioner, Question
from directory.services import circles, limits, profiles, questions, recommendations
from directory.services.profiles import Card
from directory.web.forms.base import ButtonForm
from directory.web.forms.questions import QuestionForm

bp = Blueprint("member_questions", __name__, url_prefix="/member/questions")

ENOUGH = lazy_gettext("You have asked as much as you can at once. End a question first, or wait until one runs out")


@bp.get("")
@member
def index() -> ResponseReturnValue:
    """What somebody asked, and how many answered."""
    at, asked = clock.now(), questions.of_asker(sign_ins.member())
    return render_template(
        "member/questions/index.html",
        going_on=[one for one in asked if one.is_open(at)],
        over=[one for one in asked if not one.is_open(at)],
        kept_days=questions.KEPT_DAYS,
    )


@bp.get("/new")
@member
def ask() -> ResponseReturnValue:
    """The form."""
    known = {"name": circles.usual_name(sign_ins.member()), "wants_mail": True}
    return _form_page(QuestionForm(formdata=None, data=known), 200)


def _form_page(form: QuestionForm, status: int) -> ResponseReturnValue:
    lasts = questions.LASTS.days
    return render_template("member/questions/new.html", form=form, lasts=lasts, kept_days=questions.KEPT_DAYS), status


@bp.post("")
@member
def make() -> ResponseReturnValue:
    """Make it, with its link."""
    form = QuestionForm()
    if not form.validate():
        return _form_page(form, 422)
    at = clock.now()
    limits.spend("question", account=sign_ins.member().id, network=sign_ins.network_of(request), at=at)
    try:
        asked = questions.ask(
            form.name.data, form.text.data, wants_mail=form.wants_mail.data, by=sign_ins.member(), at=at
        )
    except questions.TooManyOpen:
        form.form_errors.append(ENOUGH)
        return _form_page(form, 422)
    flash(gettext("Your question has a link. Pass it on to your friends: we write to nobody."))
    return redirect(url_for(".show", question_id=asked.public_id), 303)


@bp.get("/<string(maxlength=32):question_id>")
@member
def show(question_id: str) -> ResponseReturnValue:
    """The link, and the answers."""
    asked = questions.get_own(sign_ins.member(), question_id)
    named = [one.practitioner for one in asked.answers if one.practitioner is not None]
    address = addresses.absolute(url_for("public_questions.show", token=asked.token))
    return render_template(
        "member/questions/show.html",
        asked=asked,
        is_open=asked.is_open(clock.now()),
        cards=_cards(named),
        off={one.id for one in named if recommendations.why_off(one) is not None},
        kept_until=min(one for one in (asked.ended_at, asked.expires_at) if one) + questions.KEPT,
        address=address,
        qr=addresses.code(address),
        to_pass_on=addresses.absolute(url_for("public_for_practitioners.show")),
        button=ButtonForm(formdata=None),
    )


def _cards(named: list[Practitioner]) -> dict[int, Card]:
    """The practitioners who are shown to the public today, by row number."""
    settings: Settings = current_app.extensions["settings"]
    shown = {one.id for one in named if one.state in PUBLIC_STATES}
    return {card.id: card for card in profiles.cards(sorted(shown), clock.today(settings.zone))}


@bp.post("/<string(maxlength=32):question_id>/ending")
@member
def end(question_id: str) -> ResponseReturnValue:
    """Let the link work no more."""
    questions.end(_pressed(question_id), at=clock.now())
    flash(gettext("The question is ended. Its link works no more."))
    return redirect(url_for(".show", question_id=question_id), 303)


@bp.post("/<string(maxlength=32):question_id>/letters")
@member
def begin_letters(question_id: str) -> ResponseReturnValue:
    """Write to the asker about answers from now on."""
    questions.set_letters(_pressed(question_id), wanted=True)
    flash(gettext("We write to you when there are answers."))
    return redirect(url_for(".show", question_id=question_id), 303)


@bp.post("/<string(maxlength=32):question_id>/letters/ending")
@member
def end_letters(question_id: str) -> ResponseReturnValue:
    """Write no more."""
    questions.set_letters(_pressed(question_id), wanted=False)
    flash(gettext("We send you no more letters about this question."))
    return redirect(url_for(".show", question_id=question_id), 303)


@bp.post("/<string(maxlength=32):question_id>/answers/<string(maxlength=32):answer_id>/removal")
@member
def remove_answer(question_id: str, answer_id: str) -> ResponseReturnValue:
    """Take one answer away."""
    questions.remove_answer(_pressed(question_id), answer_id)
    flash(gettext("The answer is gone."))
    return redirect(url_for(".show", question_id=question_id), 303)


@bp.get("/<string(maxlength=32):question_id>/removal")
@member
def ask_removal(question_id: str) -> ResponseReturnValue:
    """What goes with a question, before it goes."""
    asked = questions.get_own(sign_ins.member(), question_id)
    return render_template("member/questions/removal.html", asked=asked, button=ButtonForm(formdata=None))


@bp.post("/<string(maxlength=32):question_id>/removal")
@member
def remove(question_id: str) -> ResponseReturnValue:
    """Take it away, with the answers."""
    questions.remove(_pressed(question_id))
    flash(gettext("The question is gone, with its answers."))
    return redirect(url_for(".index"), 303)


def _pressed(question_id: str) -> Question:
    """One's own question, where a button of our own was pressed."""
    asked = questions.get_own(sign_ins.member(), question_id)
    if not ButtonForm().validate():
        abort(422)
    return asked
