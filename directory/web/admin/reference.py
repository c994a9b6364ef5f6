"""The facts of reference: what waits for a review, one record with its history, and editing it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.http.access import permitted
from directory.lib import clock
from directory.lib.words import N_
from directory.models import Permission
from directory.services import reference_edits
from directory.services.reference_edits import Changed, Collection
from directory.web.admin import desk
from directory.web.forms.reference import ReviewForm, StatementsForm, form_for

bp = Blueprint("admin_reference", __name__)

WAITS = {
    "": N_("All of them"),
    "unreviewed": N_("Not reviewed yet"),
    "low": N_("Low confidence"),
}
EDITED = N_("Changed, and reviewed today. The public reads it from now on.")
REVIEWED = N_("Reviewed today: nothing to change.")
TOO_LATE = N_("Somebody changed this since you opened it. Look at it again first.")


@bp.get("/admin/reference")
@permitted(Permission.EDIT_REFERENCE)
def start() -> ResponseReturnValue:
    """Every collection, and how much of it waits."""
    return render_template("admin/reference/start.html", overview=reference_edits.overview())


@bp.get("/admin/reference/<string(maxlength=20):collection>")
@permitted(Permission.EDIT_REFERENCE)
def index(collection: str) -> ResponseReturnValue:
    """The records of a collection, oldest review first."""
    known = reference_edits.collection_of(collection)
    words, asked = desk.typed("q"), request.args.get("waits", "")
    waits = asked if asked in WAITS else ""
    return render_template(
        "admin/reference/index.html",
        collection=known,
        collections=reference_edits.COLLECTIONS.values(),
        records=[
            (one, reference_edits.title_of(known, one)) for one in reference_edits.list_records(known, words, waits)
        ],
        words=words,
        waits=waits,
        choices=WAITS,
    )


@bp.get("/admin/reference/<string(maxlength=20):collection>/<record_id>")
@permitted(Permission.EDIT_REFERENCE)
def show(collection: str, record_id: str) -> ResponseReturnValue:
    """One record: every field, its sources, and who edited what."""
    return _page(reference_edits.collection_of(collection), record_id)


@bp.get("/admin/reference/<string(maxlength=20):collection>/<record_id>/statements")
@permitted(Permission.EDIT_REFERENCE)
def ask(collection: str, record_id: str) -> ResponseReturnValue:
    """The form to edit it."""
    known = reference_edits.collection_of(collection)
    record = reference_edits.get(known, record_id)
    values = reference_edits.values_of(known, record)
    given = {name: reference_edits.as_text(value) for name, value in values.items()}
    form = _form(known, formdata=None, seen=reference_edits.version_of(known, record), **given)
    return _form_page(known, record, form)


@bp.post("/admin/reference/<string(maxlength=20):collection>/<record_id>/statements")
@permitted(Permission.EDIT_REFERENCE)
def edit(collection: str, record_id: str) -> ResponseReturnValue:
    """Change what it says."""
    known = reference_edits.collection_of(collection)
    record = reference_edits.get(known, record_id)
    form = _form(known)
    if not form.validate():
        return _form_page(known, record, form), 422
    now = clock.now()
    try:
        reference_edits.edit(
            known,
            record_id,
            form.said(),
            seen=form.seen.data or "",
            note=(form.note.data or "").strip(),
            by=desk.administrator(),
            at=now,
            today=clock.today(desk.settings().zone),
        )
    except Changed:
        return _conflict(known, record_id, form), 409
    flash(gettext(EDITED))
    return redirect(url_for(".show", collection=collection, record_id=record_id), 303)


@bp.post("/admin/reference/<string(maxlength=20):collection>/<record_id>/review")
@permitted(Permission.EDIT_REFERENCE)
def review(collection: str, record_id: str) -> ResponseReturnValue:
    """Say that there is nothing to change."""
    known = reference_edits.collection_of(collection)
    form = ReviewForm()
    today = clock.today(desk.settings().zone)
    seen = (form.seen.data or "") if form.validate() else ""
    try:
        reference_edits.review(known, record_id, seen=seen, by=desk.administrator(), at=clock.now(), today=today)
    except Changed:
        return _page(known, record_id, problem=gettext(TOO_LATE)), 409
    flash(gettext(REVIEWED))
    return redirect(url_for(".show", collection=collection, record_id=record_id), 303)


def _form(collection: Collection, **given: Any) -> StatementsForm:
    return form_for(collection.fields, gettext)(**given)


def _page(collection: Collection, record_id: str, *, problem: str | None = None) -> str:
    record = reference_edits.get(collection, record_id)
    values = reference_edits.values_of(collection, record)
    return render_template(
        "admin/reference/show.html",
        collection=collection,
        record=record,
        title=reference_edits.title_of(collection, record),
        statements=[(one.label, values[one.name]) for one in collection.fields if one.name != "sources"],
        others=reference_edits.others_of(collection, record),
        history=reference_edits.history(collection, record_id),
        form=ReviewForm(formdata=None, seen=reference_edits.version_of(collection, record)),
        problem=problem,
    )


def _form_page(collection: Collection, record: Any, form: StatementsForm, theirs: Any = None) -> str:
    return render_template(
        "admin/reference/edit.html",
        collection=collection,
        record=record,
        title=reference_edits.title_of(collection, record),
        form=form,
        theirs=theirs,
    )


def _conflict(collection: Collection, record_id: str, form: StatementsForm) -> str:
    """The form as it was typed, beside what the record says now; sending it again is then a choice."""
    record = reference_edits.get(collection, record_id)
    theirs = reference_edits.differences(collection, reference_edits.values_of(collection, record), form.said())
    form.seen.data = reference_edits.version_of(collection, record)
    return _form_page(collection, record, form, theirs)
