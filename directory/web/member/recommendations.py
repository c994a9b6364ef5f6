"""Notes about practitioners: writing one, checking it, and one's own notes."""

import datetime as dt
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.config import Settings
from directory.http import sign_ins
from directory.http.access import member
from directory.http.transaction import abandon
from directory.lib import clock
from directory.models import PUBLIC_STATES, Audience, Practitioner, Recommendation, Relation, ShownAs
from directory.services import limits, modalities, profiles, recommendations
from directory.services.profiles import TakenDown
from directory.services.recommendations import Conflict, Given, NotAllowed
from directory.services.recommendations.reasons import REASONS
from directory.web.forms.recommendations import NO, YES, NoteForm

bp = Blueprint("member_recommendations", __name__, url_prefix="/member/recommendations")


@bp.get("")
@member
def index() -> ResponseReturnValue:
    """One's own notes: whom they are for, who reads them, and what can be done."""
    notes, at = recommendations.of_writer(sign_ins.member()), clock.now()
    linked = recommendations.links.of_notes(notes)
    return render_template(
        "member/recommendations/index.html",
        notes=notes,
        links={key: [one for one in links if recommendations.links.works(one, at=at)] for key, links in linked.items()},
        opened={key: sum(one.opened for one in links) for key, links in linked.items()},
        reasons=REASONS,
        off={note.id for note in notes if recommendations.why_off(note.practitioner) is not None},
        public_states=PUBLIC_STATES,
        kinds=modalities.by_id(),
    )


@bp.get("/new")
@member
def ask() -> ResponseReturnValue:
    """The form for a note about one practitioner; whoever has written one goes on to change it."""
    listing = _listing(request.args.get("practitioner", ""))
    known = recommendations.find_own(sign_ins.member(), listing)
    if known is not None:
        return redirect(url_for(".ask_change", note_id=known.public_id), 303)
    typed = {"practitioner": listing.public_id, "name": _name_before(), "year": str(_today().year)}
    return _page(listing, _form(listing, formdata=None, data=typed))


@bp.get("/<string(maxlength=32):note_id>/change")
@member
def ask_change(note_id: str) -> ResponseReturnValue:
    """The same with what the note says now."""
    note = recommendations.get_own(sign_ins.member(), note_id)
    listing = _listing(note.practitioner.public_id)
    return _page(listing, _form(listing, note, formdata=None, data=_said(note)), known=note)


@bp.post("/draft")
@member
def ask_again() -> ResponseReturnValue:
    """The form again, from the page that shows what was typed. Nothing is kept."""
    listing = _listing(request.form.get("practitioner", ""))
    known = recommendations.find_own(sign_ins.member(), listing)
    return _page(listing, _form(listing, known), known=known)


@bp.post("/check")
@member
def check() -> ResponseReturnValue:
    """What was typed, as it will be read. Nothing is kept."""
    listing = _listing(request.form.get("practitioner", ""))
    known = recommendations.find_own(sign_ins.member(), listing)
    form = _form(listing, known)
    if not form.validate():
        return _page(listing, form, 422, known)
    given = _given(form)
    return _may(listing) or render_template(
        "member/recommendations/check.html",
        listing=listing,
        form=form,
        given=given,
        known=known,
        kind=modalities.by_id().get(given.modality_id or ""),
        hints=recommendations.hints(given.text, listing) if given.audience is Audience.PUBLIC else [],
        hidden=REASONS["hidden-before"]
        if given.audience is not Audience.PUBLIC and recommendations.is_hidden_from_friends(listing, sign_ins.member())
        else None,
        public_name=recommendations.shown_name(given.name, given.shown_as),
    )


@bp.post("")
@member
def write() -> ResponseReturnValue:
    """Keep it. A note for one friend gets its first private link at once."""
    listing = _listing(request.form.get("practitioner", ""))
    known = recommendations.find_own(sign_ins.member(), listing)
    form = _form(listing, known)
    if not form.validate():
        return _page(listing, form, 422, known)
    network, at = sign_ins.network_of(request), clock.now()
    limits.spend("note", account=sign_ins.member().id, network=network, at=at)
    listing = _listing(form.practitioner.data)
    try:
        note = recommendations.write(
            listing, _given(form), by=sign_ins.member(), network=network, at=at, revision=int(form.revision.data)
        )
    except NotAllowed as refused:
        return _refusal(listing, refused.reason)
    except Conflict as conflict:
        return _conflict(listing, form, conflict.now)
    if recommendations.links.is_open(note):
        if not recommendations.links.count_open(note, at=at):
            recommendations.links.make(note, "", at=at)
        flash(gettext("Your note is kept. It has a private link: whoever has it can read the note."))
        return redirect(url_for("member_recommendation_links.index", note_id=note.public_id), 303)
    flash(
        gettext("Your note is kept. We read it before everybody can, and write to you.")
        if note.audience is Audience.PUBLIC
        else gettext("Your note is kept.")
    )
    return redirect(url_for(".index"), 303)


@bp.get("/<string(maxlength=32):note_id>/removal")
@member
def ask_removal(note_id: str) -> ResponseReturnValue:
    """What goes with a note, before it goes."""
    note = recommendations.get_own(sign_ins.member(), note_id)
    return render_template("member/recommendations/removal.html", note=note)


@bp.post("/<string(maxlength=32):note_id>/removal")
@member
def remove(note_id: str) -> ResponseReturnValue:
    """Take a note away."""
    note = recommendations.get_own(sign_ins.member(), note_id)
    recommendations.remove(note, by=sign_ins.member(), at=clock.now())
    flash(gettext("Your note is gone, and so are its links."))
    return redirect(url_for(".index"), 303)


def _today() -> dt.date:
    settings: Settings = current_app.extensions["settings"]
    return clock.today(settings.zone)


def _listing(public_id: str) -> Practitioner:
    """The listing that a note is about, with what it offers; also one that is not shown now, if one has a note about
    it. Raises NotFound."""
    try:
        return profiles.get(public_id, _today()).practitioner
    except TakenDown:
        for note in recommendations.of_writer(sign_ins.member()):
            if note.practitioner.public_id == public_id:
                return note.practitioner
        raise


def _form(listing: Practitioner, known: Recommendation | None = None, **more: Any) -> NoteForm:
    form = NoteForm(**more)
    is_shown = listing.state in PUBLIC_STATES
    kinds = [(one.modality_id, one.modality.name) for one in listing.trainings] if is_shown else []
    if known is not None and known.modality_id and known.modality_id not in dict(kinds):
        kinds.append((known.modality_id, modalities.get(known.modality_id).name))
    form.offer(gettext, kinds, _today())
    return form


def _said(note: Recommendation) -> dict[str, Any]:
    """What a note says, as its form holds it."""
    return {
        "practitioner": note.practitioner.public_id,
        "revision": str(note.revision),
        "audience": note.audience.value,
        "relation": note.relation.value,
        "was_treated": YES if note.was_treated else NO,
        "month": str(note.month.month),
        "year": str(note.month.year),
        "modality": note.modality_id or "",
        "text": note.text,
        "rewarded": YES if note.reward else NO,
        "reward": note.reward or "",
        "name": note.name,
        "shown_as": note.shown_as.value,
    }


def _name_before() -> str:
    """The name under which somebody wrote last."""
    written = recommendations.of_writer(sign_ins.member())
    return written[0].name if written else ""


def _given(form: NoteForm) -> Given:
    """What a form says that was found right."""
    return Given(
        audience=Audience(form.audience.data),
        relation=Relation(form.relation.data),
        was_treated=form.was_treated.data == YES,
        month=dt.date(int(form.year.data), int(form.month.data), 1),
        modality_id=form.modality.data or None,
        reward=form.reward.data if form.rewarded.data == YES else None,
        text=form.text.data,
        name=form.name.data,
        shown_as=ShownAs(form.shown_as.data),
    )


def _may(listing: Practitioner) -> ResponseReturnValue | None:
    """The page that says why somebody may not write about this practitioner; None where they may."""
    reason = recommendations.why_not(listing, sign_ins.member())
    return _refusal(listing, reason) if reason is not None else None


def _refusal(listing: Practitioner, reason: str) -> ResponseReturnValue:
    abandon()
    words = recommendations.WHY_NOT[reason]
    return render_template("member/recommendations/refused.html", listing=listing, words=words), 403


def _page(
    listing: Practitioner, form: NoteForm, status: int = 200, known: Recommendation | None = None, **more: Any
) -> ResponseReturnValue:
    refusal = _may(listing)
    if refusal is not None:
        return refusal
    page = render_template("member/recommendations/form.html", listing=listing, form=form, known=known, **more)
    return page, status


def _conflict(listing: Practitioner, form: NoteForm, now: Recommendation | None) -> ResponseReturnValue:
    """The form with what was typed, and what was kept meanwhile; sent again, it takes the place of that."""
    abandon()
    listing = _listing(listing.public_id)
    now = recommendations.find_own(sign_ins.member(), listing)
    form.revision.data = str(now.revision if now is not None else 0)
    return _page(listing, form, 409, now, is_conflict=True)
