"""Enquiries: from one form to at most five practitioners. No account is needed, and nobody here reads them.

Nothing that is typed stands in an address. It is kept sealed, and only once the form is complete.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.config import Settings
from directory.http.access import anyone
from directory.http.sign_ins import machine_of, network_of
from directory.http.transaction import abandon
from directory.http.words import span, where
from directory.lib import clock
from directory.lib.mailboxes import mailbox
from directory.lib.words import N_
from directory.models import InvalidTransition, NotFound, Practitioner, TooMany
from directory.services import enquiries, guide, limits, profiles, reports, search, wording
from directory.services.enquiries import FormState, Said, WhyNot
from directory.services.profiles import Card
from directory.services.search import Criteria
from directory.web.forms.enquiries import TO, EnquiryForm

bp = Blueprint("public_enquiries", __name__, url_prefix="/enquiries")

# So many may be shown to choose from; a shortlist has fewer.
MOST_SHOWN, MOST_FOUND = 12, 6
ONCE_MORE = {
    FormState.TOO_QUICK: N_("That was very quick. Look at it once more, and press the button again."),
    FormState.TOO_OLD: N_("This page was open for a long time. Nothing is lost: press the button once more."),
}
SENT_BEFORE = N_("This was sent already: look into your mailbox. To send another enquiry, press the button once more.")
NOBODY = N_("Nobody of this name was found. Try the last name alone, or look in the directory")
NOBODY_ELSE = N_("Nobody else of this name was found. Try the last name alone, or look in the directory")
OFTEN = N_(
    "Enquiries are limited, so that nobody floods practitioners. Try again in %(time)s; what you typed is still here."
)


@dataclass(frozen=True)
class _People:
    """Those who are named: cards in their order, and why some of them get no enquiries."""

    cards: Sequence[Card]
    why_not: dict[str, WhyNot]

    @property
    def choices(self) -> dict[str, str]:
        """Those who can be chosen, by public id, with where they work: several people may have one name."""
        return {
            card.public_id: ", ".join([card.name, *[where(place) for place in card.places[:1]]])
            for card in self.cards
            if card.public_id not in self.why_not
        }


@bp.get("/new")
@anyone
def ask() -> ResponseReturnValue:
    """The form, to those whom the address names: a profile, or a shortlist."""
    named = request.args.getlist(TO)[:MOST_SHOWN]
    people = _people(named)
    chosen = [one for one in people.choices if one in named][: enquiries.MOST]
    return _page(EnquiryForm(formdata=None, data={TO: chosen}), people)


@bp.get("")
@anyone
def begin_anew() -> ResponseReturnValue:
    """Somebody opened the address to which the form goes: the form."""
    return redirect(url_for(".ask"), 303)


@bp.post("")
@anyone
def send() -> ResponseReturnValue:
    """Keep it sealed, and ask whether the address is theirs. What only brings a summary gets the form."""
    form, people = _read()
    if "email" not in request.form or "look" in request.form:
        return _begin(form, people)
    came = enquiries.read_form(form.mark.data or "", at=clock.now())
    if not form.validate() or came.state is not FormState.GOOD:
        if not form.problems:
            form.form_errors.append(gettext(ONCE_MORE[came.state]))
        return _page(form, people), 422
    if form.is_by_a_program:
        return redirect(url_for(".sent"), 303)
    if enquiries.is_spent(came):
        form.form_errors.append(gettext(SENT_BEFORE))
        return _page(form, people), 422
    did_work = enquiries.did_work(form.mark.data, form.work.data or "")
    try:
        limits.spend(
            "enquiry",
            account=mailbox(form.email.data),
            network=network_of(request),
            machine=machine_of(request),
            at=clock.now(),
            tries=len(form.to.data),
        )
    except TooMany as many:
        form.form_errors.append(gettext(OFTEN, time=span(dt.timedelta(seconds=many.retry_after))))
        return make_response(_page(form, people), 429, {"Retry-After": str(many.retry_after)})
    if not enquiries.spend_form(came):
        # Pressed twice at once: the other one is kept.
        return redirect(url_for(".sent"), 303)
    enquiries.begin(_said(form), _listings(form.to.data), did_work=did_work, settings=_settings(), at=clock.now())
    return redirect(url_for(".sent"), 303)


def _begin(form: EnquiryForm, people: _People) -> ResponseReturnValue:
    """The form with what came so far, and with whom else they look for. Nothing of it is kept."""
    abandon()
    sought = form.look_for.data or ""
    if "look" in request.form and sought:
        more = _people(_named(), look_for=sought)
        if {card.id for card in more.cards} <= {card.id for card in people.cards}:
            form.look_for.errors = [gettext(NOBODY_ELSE if people.cards else NOBODY)]
            return _page(form, people), 422
        people = more
    return _page(form, people)


@bp.get("/sent")
@anyone
def sent() -> ResponseReturnValue:
    """What comes next: a letter with a link."""
    return render_template("public/enquiries/sent.html", hours=_hours())


@bp.get("/<string(maxlength=64):token>")
@anyone
def show(token: str) -> ResponseReturnValue:
    """The page behind the link of the letter: a button, and later what became of it."""
    try:
        enquiry = enquiries.of_token(token, at=clock.now())
    except NotFound:
        return render_template("public/enquiries/gone.html", hours=_hours()), 404
    return render_template(
        "public/enquiries/show.html",
        enquiry=enquiry,
        token=token,
        held_until=enquiry.confirmed_at + enquiries.HOLD if enquiry.confirmed_at else None,
        hold=enquiries.HOLD,
        is_held=enquiries.waits(enquiry, at=clock.now()),
    )


@bp.post("/<string(maxlength=64):token>")
@anyone
def confirm(token: str) -> ResponseReturnValue:
    """The address is theirs: pass it on."""
    try:
        enquiries.confirm(token, settings=_settings(), today=_today(), at=clock.now())
    except NotFound:
        return render_template("public/enquiries/gone.html", hours=_hours()), 404
    return redirect(url_for(".show", token=token), 303)


@bp.post("/<string(maxlength=64):token>/removal")
@anyone
def take_back(token: str) -> ResponseReturnValue:
    """Erase it before it leaves."""
    try:
        enquiries.take_back(token, at=clock.now())
    except NotFound:
        return render_template("public/enquiries/gone.html", hours=_hours()), 404
    except InvalidTransition:
        return render_template("public/enquiries/left.html", token=token), 409
    return redirect(url_for(".show", token=token), 303)


def _read() -> tuple[EnquiryForm, _People]:
    """The form that came, with everybody who can be chosen in it."""
    form, people = EnquiryForm(), _people(_named())
    form.offer(people.choices, enquiries.MOST)
    form.seems_about_health = wording.tells_of_health(form.message.data or "")
    return form, people


def _named() -> list[str]:
    """Whoever was offered in the form that came, chosen or not."""
    named = [*request.form.getlist(TO), *request.form.getlist("offered")]
    return list(dict.fromkeys(one[:32] for one in named))[:MOST_SHOWN]


def _people(named: Sequence[str], *, look_for: str = "") -> _People:
    """Those of these names, and whoever a search for some words finds first: the last named make room for them."""
    today = _today()
    own, new = [one.id for one in profiles.find_public(named)], []
    if look_for:
        hits = search.find(Criteria(day=today, words=look_for)).hits[:MOST_FOUND]
        new = [hit.practitioner_id for hit in hits if hit.practitioner_id not in own]
    cards = profiles.cards([*own[: MOST_SHOWN - len(new)], *new], today)
    refused = enquiries.why_not_all([card.id for card in cards], today)
    return _People(cards, {card.public_id: refused[card.id] for card in cards if card.id in refused})


def _listings(chosen: Sequence[str]) -> Sequence[Practitioner]:
    return profiles.find_public(list(dict.fromkeys(chosen)))


def _said(form: EnquiryForm) -> Said:
    return Said(form.name.data, form.email.data, form.message.data, form.summary.data or None)


def _page(form: EnquiryForm, people: _People) -> str:
    form.offer(people.choices, enquiries.MOST)
    # Each page has a form of its own, also one that is shown again.
    form.mark.data, form.work.data = enquiries.new_form(at=clock.now()), ""
    settings = _settings()
    return render_template(
        "public/enquiries/new.html",
        form=form,
        cards=people.cards,
        consultation=url_for("public_consultation.ask", to=form.to.data or None),
        why_not=people.why_not,
        most=enquiries.MOST,
        bits=enquiries.BITS,
        hold=enquiries.HOLD,
        emergency=reports.emergency_numbers(settings.country),
        flags=guide.red_flags(guide.concerns_meant(form.message.data)) if form.seems_about_health else [],
        country=settings.country,
    )


def _hours() -> int:
    return int(enquiries.LASTS / dt.timedelta(hours=1))


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _today() -> dt.date:
    return clock.today(_settings().zone)
