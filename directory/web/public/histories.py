"""What a listing said before: every version that was public, what changed, and what was recorded of its statements.

Nothing private is in it. With `on` and `known` in the address it stands as it stood then.
"""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from directory.http.access import anyone
from directory.http.revisits import lasting
from directory.http.speaking import READER
from directory.lib.word_differences import compare
from directory.models import ListingVersion
from directory.services import listings, profiles
from directory.web.forms.checker import DaysForm
from directory.web.public import days
from directory.web.public.days import Days

bp = Blueprint("public_histories", __name__)


@bp.get("/practitioners/<string(maxlength=32):public_id>/<string(maxlength=120):slug>/history")
@anyone
@lasting()
def show(public_id: str, slug: str) -> ResponseReturnValue:
    """Every version that was public by the day, and what was recorded of each statement."""
    asked = days.asked()
    try:
        profile = profiles.get(public_id, asked.on, asked.known_at)
    except profiles.TakenDown:
        abort(410)
    listing = profile.practitioner
    if slug != listing.slug:
        return redirect(_address(public_id, listing.slug, asked), 301)
    form = DaysForm(formdata=MultiDict(days.typed(request.args)))
    is_asked = any(name in request.args for fields in days.FIELDS.values() for name in fields)
    if is_asked and form.read(asked.today):
        return redirect(_address(public_id, slug, days.of(form.on, form.known, asked.today, asked.zone)), 303)
    found = [version for version in listings.published(listing.id) if _was_shown(version, asked)]
    answers = [listings.answers_of(version) for version in found]
    befores = [*answers[1:], None][: len(answers)]
    entries = [
        (version, listings.differences(before, after, private=False, speaker=READER) if before else [])
        for version, before, after in zip(found, befores, answers, strict=True)
    ]
    page = render_template(
        "public/practitioners/history.html",
        listing=listing,
        profile=profile,
        asked=asked,
        form=form,
        entries=[(version, changed) for version, changed in entries if changed or version is found[-1]],
        compare=compare,
    )
    return page, 422 if is_asked else 200


def _was_shown(version: ListingVersion, asked: Days) -> bool:
    shown = (version.decided_at or version.made_at).astimezone(asked.zone).date()
    return shown <= asked.on and (asked.known is None or shown <= asked.known)


def _address(public_id: str, slug: str, asked: Days) -> str:
    parameters: dict[str, Any] = asked.parameters
    return url_for(".show", public_id=public_id, slug=slug, **parameters)
