"""Where notes are switched off: for the site, in a country, for one listing."""

import re

from babel import Locale
from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from directory.http.access import permitted
from directory.lib import clock, tokens
from directory.lib.words import N_
from directory.models import Permission, Practitioner
from directory.services import erasures, moderation
from directory.services import recommendation_switches as switches
from directory.services.recommendation_switches import Scope
from directory.web.admin import desk
from directory.web.forms.base import Form
from directory.web.forms.complaints import SwitchForm

bp = Blueprint("admin_recommendation_switches", __name__, url_prefix="/admin/recommendation-switches")

SCOPES = {
    Scope.SITE: N_("All notes on this site"),
    Scope.COUNTRY: N_("Notes about practitioners in one country"),
    Scope.LISTING: N_("Notes about one practitioner"),
}
_PUBLIC_ID = re.compile(rf"(?:^|/)([{tokens.ALPHABET}]{{{tokens.PUBLIC_ID_LENGTH}}})(?:/|$)")


@bp.get("")
@permitted(Permission.DECIDE_RECOMMENDATIONS)
def index() -> ResponseReturnValue:
    """What is off, and a form to switch more off."""
    return _page(_form(formdata=None))


@bp.post("")
@permitted(Permission.DECIDE_RECOMMENDATIONS)
def switch_off() -> ResponseReturnValue:
    """Show and take no notes of a kind any more."""
    form = _form()
    if not form.validate():
        return _page(form), 422
    by, at, why = desk.administrator(), clock.now(), form.why.data
    scope = Scope(form.scope.data)
    if scope is Scope.LISTING:
        listing = _listing(form.listing.data)
        if listing is None:
            form.listing.errors = [gettext("There is no such listing")]
            return _page(form), 422
        switches.off_for(listing, why, by=by, at=at)
    elif scope is Scope.COUNTRY:
        switches.off_in(form.country.data, why, by=by, at=at)
    else:
        switches.off_for_site(why, by=by, at=at)
    flash(gettext("Switched off. What was written is kept, and nobody but its writer sees it."))
    return redirect(url_for(".index"), 303)


@bp.post("/<int:switch_id>/removal")
@permitted(Permission.DECIDE_RECOMMENDATIONS)
def switch_on(switch_id: int) -> ResponseReturnValue:
    """Show and take them again."""
    if Form().validate():
        switches.on(switch_id, by=desk.administrator(), at=clock.now())
        flash(gettext("Switched on again."))
    return redirect(url_for(".index"), 303)


def _listing(typed: str) -> Practitioner | None:
    found = _PUBLIC_ID.search(typed.strip())
    return erasures.find_listing(found[1]) if found else None


def _form(**more: object) -> SwitchForm:
    form = SwitchForm(**more)
    locale: Locale = get_locale()
    names = {code: name for code, name in locale.territories.items() if re.fullmatch("[A-Z]{2}", code)}
    form.offer(
        {one.value: gettext(words) for one, words in SCOPES.items()},
        dict(sorted(names.items(), key=lambda pair: pair[1])),
    )
    return form


def _page(form: SwitchForm) -> str:
    found = switches.list_all()
    return render_template(
        "admin/recommendation_switches/index.html",
        found=found,
        form=form,
        names=moderation.names_of({one.made_by_id for one in found if one.made_by_id is not None}),
    )
