"""What a listing said before: every version that was public, and what changed. Nothing private is in it."""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from directory.http.access import anyone
from directory.http.revisits import lasting
from directory.http.speaking import READER
from directory.lib.word_differences import compare
from directory.services import listings, profiles

bp = Blueprint("public_histories", __name__)


@bp.get("/practitioners/<string(maxlength=32):public_id>/<string(maxlength=120):slug>/history")
@anyone
@lasting()
def show(public_id: str, slug: str) -> ResponseReturnValue:
    """Every version that was public."""
    try:
        listing = profiles.find_row(public_id)
    except profiles.TakenDown:
        abort(410)
    if slug != listing.slug:
        return redirect(url_for(".show", public_id=public_id, slug=listing.slug), 301)
    found = listings.published(listing.id)
    answers = [listings.answers_of(version) for version in found]
    befores = [*answers[1:], None][: len(answers)]
    entries = [
        (version, listings.differences(before, after, private=False, speaker=READER) if before else [])
        for version, before, after in zip(found, befores, answers, strict=True)
    ]
    return render_template(
        "public/practitioners/history.html",
        listing=listing,
        entries=[(version, changed) for version, changed in entries if changed or version is found[-1]],
        compare=compare,
    )
