"""A practitioner's own listing: how it stands, its history, and what one button does to it."""

from collections.abc import Callable, Sequence

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.config import Settings
from directory.http import sign_ins
from directory.http.access import permitted
from directory.http.speaking import READER
from directory.lib import clock
from directory.lib.word_differences import compare
from directory.lib.words import N_
from directory.models import (
    PUBLIC_STATES,
    InvalidTransition,
    Kept,
    ListingState,
    ListingVersion,
    NotFound,
    Permission,
    ReportState,
    VersionState,
)
from directory.services import claims, listings, reports
from directory.web.forms.base import ButtonForm

bp = Blueprint("member_listings", __name__)

# Each step of the form, in their order.
TITLES = {
    "about": N_("About you"),
    "methods": N_("What you do"),
    "people": N_("Whom you often work with"),
    "places": N_("Where you work"),
    "prices": N_("Visits, prices and access"),
    "memberships": N_("Your memberships"),
    "words": N_("Your own words"),
}


def own() -> Kept:
    """Their listing. Raises NotFound."""
    kept = listings.of_account(sign_ins.member())
    if kept is None:
        raise NotFound("this account keeps no listing")
    return kept


@bp.get("/member/listing")
@permitted(Permission.KEEP_OWN_LISTING)
def show() -> ResponseReturnValue:
    """How the listing stands: what the public sees, what waits, and what can be done."""
    kept = listings.of_account(sign_ins.member())
    if kept is None:
        return render_template("member/listings/start.html")
    listing, version = kept.practitioner, listings.open_version(kept.practitioner_id)
    settings: Settings = current_app.extensions["settings"]
    last = next(iter(listings.versions(kept.practitioner_id)), None)
    refused = last if last is not None and last.state is VersionState.REFUSED else None
    waiting = version if version is not None and version.state is VersionState.WAITING else None
    return render_template(
        "member/listings/show.html",
        kept=kept,
        listing=listing,
        version=version,
        waiting=waiting,
        refused=refused,
        steps_left=[] if kept.is_approved else steps_left(kept),
        is_public=listing.state in PUBLIC_STATES,
        changes=_changes(kept) if waiting is not None and kept.is_approved else [],
        days=(clock.today(settings.zone) - listing.confirmed_on).days if listing.confirmed_on else None,
        titles=TITLES,
        statements=claims.of_listing(kept.practitioner_id, clock.today(settings.zone)) if kept.is_approved else [],
        reports=[one for one in reports.of_listing(kept) if one.state is ReportState.WITH_PRACTITIONER],
    )


def _changes(kept: Kept) -> list[listings.Difference]:
    """What waits, against what the public sees."""
    public = listings.published_answers(kept.practitioner)
    return listings.differences(public, listings.answers_now(kept), private=True, speaker=READER)


def steps_left(kept: Kept) -> list[str]:
    """The steps of a draft that were not done yet."""
    version = listings.open_version(kept.practitioner_id)
    done = version.steps_done if version else ()
    return [step for step in listings.STEPS if step not in done]


@bp.get("/member/listing/history")
@permitted(Permission.KEEP_OWN_LISTING)
def history() -> ResponseReturnValue:
    """Every version of the listing, with what changed."""
    kept = own()
    found = listings.versions(kept.practitioner_id)
    entries = [
        (
            version,
            listings.differences(
                _before(found[position + 1 :]), listings.answers_of(version), private=True, speaker=READER
            ),
        )
        for position, version in enumerate(found)
    ]
    return render_template("member/listings/history.html", kept=kept, entries=entries, compare=compare)


def _before(older: Sequence[ListingVersion]) -> listings.Answers:
    """What a version is compared with: what was public before it, else the version before it."""
    public = (version for version in older if version.state is VersionState.PUBLISHED)
    before = next(public, None) or next(iter(older), None)
    return listings.answers_of(before) if before else listings.even({}, {})


@bp.get("/member/listing/withdrawal")
@permitted(Permission.KEEP_OWN_LISTING)
def ask_withdrawal() -> ResponseReturnValue:
    """What taking the listing down means, before it is done."""
    kept = own()
    if kept.practitioner.state in {ListingState.SUSPENDED, ListingState.WITHDRAWN}:
        raise InvalidTransition("it is down already")
    return render_template("member/listings/withdrawal.html", kept=kept, form=ButtonForm())


def _press(verb: Callable[..., None], said: str) -> ResponseReturnValue:
    if not ButtonForm().validate_on_submit():
        abort(422)
    verb(own(), by=sign_ins.member(), at=clock.now())
    flash(said)
    return redirect(url_for(".show"), 303)


@bp.post("/member/listing/hiding")
@permitted(Permission.KEEP_OWN_LISTING)
def hide() -> ResponseReturnValue:
    """Take the listing off every surface at once."""
    return _press(listings.hide, gettext("Your listing is hidden. Nobody finds it or opens it any more."))


@bp.post("/member/listing/showing")
@permitted(Permission.KEEP_OWN_LISTING)
def show_again() -> ResponseReturnValue:
    """Bring a hidden listing back."""
    return _press(listings.show_again, gettext("Your listing is public again."))


@bp.post("/member/listing/confirmation")
@permitted(Permission.KEEP_OWN_LISTING)
def confirm() -> ResponseReturnValue:
    """Say that all of it is still right."""
    return _press(listings.confirm_still_right, gettext("Thank you. Your listing says that you confirmed it today."))


@bp.post("/member/listing/withdrawal")
@permitted(Permission.KEEP_OWN_LISTING)
def withdraw() -> ResponseReturnValue:
    """Take the listing down for good."""
    return _press(listings.withdraw, gettext("Your listing is withdrawn. Your answers are still here."))
