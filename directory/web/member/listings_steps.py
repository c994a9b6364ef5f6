"""The form of a listing, step by step: each is kept when it is sent, and can be left and taken up again."""

import hashlib
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.config import Settings
from directory.http import sign_ins, transaction
from directory.http.access import permitted
from directory.http.speaking import READER
from directory.http.uploads import takes_files
from directory.http.words import language_name, money
from directory.lib import clock
from directory.lib.word_differences import compare
from directory.lib.words import N_
from directory.models import Kept, Permission
from directory.services import bodies, concerns, listings, modalities, photos, wording
from directory.services.indexing import COUNTRIES_WITHOUT_PAIRING
from directory.services.listings import Answers, whereabouts
from directory.services.photos import UnreadablePhoto
from directory.services.wording import Hint
from directory.web.forms.listings import FORMS, Offer, PlacesForm, StepForm, WordsForm
from directory.web.forms.listings_rows import PlaceRow
from directory.web.forms.listings_sending import SendForm
from directory.web.member.listings import TITLES, own, steps_left

bp = Blueprint("member_listing_steps", __name__)

# The free texts of each step.
TEXTS: Mapping[str, tuple[str, ...]] = {
    "about": ("business",),
    "methods": ("further_methods",),
    "prices": ("access_note", "availability_note"),
    "words": ("text",),
}
STEPS = tuple(listings.STEPS)
EMPTY = listings.even({}, {})


@bp.get("/member/listing/<string(maxlength=20):step>")
@permitted(Permission.KEEP_OWN_LISTING)
def edit(step: str) -> ResponseReturnValue:
    """One step, with what was answered."""
    kept = _kept(step)
    answers = listings.answers_now(kept) if kept else EMPTY
    offer = _offer(answers)
    form = FORMS[step](data={**_given(step, answers, kept, offer), "revision": kept.revision if kept else 0})
    form.offer(offer)
    form.make_room()
    form.offer(offer)
    return _page(step, form, kept, answers)


@bp.post("/member/listing/<string(maxlength=20):step>")
@permitted(Permission.KEEP_OWN_LISTING)
@takes_files(photos.MOST_REQUEST_BYTES)
def save(step: str) -> ResponseReturnValue:
    """Keep what was answered, and go on."""
    kept = _kept(step)
    answers = listings.answers_now(kept) if kept else EMPTY
    offer = _offer(answers)
    form = FORMS[step]()
    form.offer(offer)
    wanted = request.form.get("add", "")
    if wanted:
        return _one_more_row(step, form, kept, answers, offer, wanted)
    said = _said(step, form, kept, answers, offer) if form.validate_on_submit() else None
    if said is None:
        _keep_choices(form)
        form.make_room()
        form.offer(offer)
        return _page(step, form, kept, answers), 422
    if kept is None:
        return _started(said, form)
    try:
        saved = listings.save(kept, step, *said, revision=form.revision.data or 0, by=sign_ins.member(), at=clock.now())
    except listings.Conflict as conflict:
        return _conflict(step, conflict, said), 409
    return _next(step, form, saved)


def _kept(step: str) -> Kept | None:
    """The listing, for a step that there is; the first step may begin one."""
    if step not in FORMS:
        abort(404)
    kept = listings.of_account(sign_ins.member())
    if kept is None and step != STEPS[0]:
        abort(redirect(url_for("member_listings.show"), 303))
    return kept


def _offer(answers: Answers) -> Offer:
    settings: Settings = current_app.extensions["settings"]
    country = answers.shown["country"] or settings.country
    pairs = settings.concern_pairing and country not in COUNTRIES_WITHOUT_PAIRING
    own = {one["id"] for one in answers.shown["modalities"]}
    own |= {one for claim in answers.shown["claims"] for one in claim["disciplines"]}
    return Offer(
        modalities=[(one.id, one.name) for one in modalities.list_all()],
        own_modalities=[(one.id, one.name) for one in modalities.list_all() if one.id in own],
        concerns=[(one.id, one.name) for one in concerns.list_all() if one.lists_practitioners] if pairs else [],
        bodies=[(one.id, one.name) for one in bodies.list_all() if one.lists_individuals],
        country=country,
        currency=settings.currency,
        distance_unit=settings.distance_unit,
        language_name=language_name,
        money=money,
    )


def _given(step: str, answers: Answers, kept: Kept | None, offer: Offer) -> dict[str, Any]:
    shown, private = answers.shown, answers.private
    if step == "places":
        return {"places": [*_place_rows(answers)], "online_only": shown["visits"] == ["online"] and not shown["places"]}
    given = FORMS[step].given(shown, private, offer)
    if kept is None:
        given["contact_email"] = sign_ins.member().email
    if step == "memberships" and kept is not None and not shown["claims"] and step in _done(kept):
        given["member"] = "no"
    return given


def _place_rows(answers: Answers) -> list[dict[str, Any]]:
    return [
        {
            "where": whereabouts.typed(place),
            "locality": place["locality"] or "",
            "address": private["address"] or "",
            "is_public": bool(place["address"]),
        }
        for place, private in zip(answers.shown["places"], answers.private["places"], strict=True)
    ]


def _said(
    step: str, form: StepForm, kept: Kept | None, answers: Answers, offer: Offer
) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """What a valid form says; None where something is found to be wrong only now."""
    if isinstance(form, PlacesForm):
        return _places_said(form, answers)
    shown, private = form.said()
    if step == "people" and not offer.concerns:
        shown["concerns"] = answers.shown["concerns"]
    if kept is None:
        shown["country"] = offer.country
    if isinstance(form, WordsForm) and kept is not None:
        return (shown, private) if _take_photo(form, kept, shown) else None
    return shown, private


def _take_photo(form: WordsForm, kept: Kept, shown: dict[str, Any]) -> bool:
    content = form.photo.data.read() if form.photo.data else b""
    if content:
        transaction.pause()
        try:
            picture = photos.read(content)
        except UnreadablePhoto as error:
            form.photo.errors = [gettext(str(error))]
            return False
        shown["photo"] = photos.keep(kept.practitioner_id, picture, at=clock.now())
    elif form.remove_photo.data:
        shown["photo"] = None
    return True


def _places_said(form: PlacesForm, answers: Answers) -> tuple[dict[str, Any], dict[str, Any]] | None:
    settings: Settings = current_app.extensions["settings"]
    pairs = zip(answers.shown["places"], answers.private["places"], strict=True)
    known = {whereabouts.typed(place): (place, private) for place, private in pairs}
    places, hidden, is_clear = [], [], True
    for row in form.places.counting:
        if row.where.data in known:
            place, point = known[row.where.data]
        else:
            found = _found(row)
            if found.choices and found.point is None:
                row.chosen.errors = [gettext("There are several places of that name: choose yours")]
                is_clear = False
            place, point = found.shown, found.private
            _say_unknown(found)
        address = row.address.data or None
        places.append(
            {
                **place,
                "country": place["country"] or settings.country,
                "locality": row.locality.data or None,
                "address": address if row.is_public.data else None,
            }
        )
        hidden.append({**point, "address": address})
    if not is_clear:
        return None
    country = places[0]["country"] if places else answers.shown["country"] or settings.country
    return {"places": places, "country": country}, {"places": hidden}


def _found(row: PlaceRow) -> whereabouts.Found:
    """What a row may mean; where that is several places, it lets choose."""
    settings: Settings = current_app.extensions["settings"]
    found = whereabouts.find(row.where.data, row.chosen.data or "", settings.countries)
    if found.choices:
        row.chosen.choices = [("", gettext("Choose one")), *found.choices]
    return found


def _keep_choices(form: StepForm) -> None:
    """See that a form that is shown again holds what was chosen, and says what a browser cannot send twice."""
    if isinstance(form, PlacesForm):
        for row in form.places.counting:
            if row.where.data and row.chosen.data:
                _found(row)
    if isinstance(form, WordsForm) and form.photo.data and not form.photo.errors:
        form.photo.errors = [gettext("Choose the photo again: it is not kept while something else is wrong")]


def _say_unknown(found: whereabouts.Found) -> None:
    if found.point is not None or found.choices:
        return
    said = gettext(
        "We do not know where %(town)s is, so a search by distance will not find it. A postcode helps.", town=found.town
    )
    flash(f"{said} {gettext('Did you mean %(town)s?', town=found.guess)}" if found.guess else said)


def _started(said: tuple[dict[str, Any], dict[str, Any]], form: StepForm) -> ResponseReturnValue:
    try:
        listings.start(sign_ins.member(), *said, at=clock.now())
    except listings.AlreadyStarted:
        # The same form was sent twice at this very moment, and the other one was kept.
        return redirect(_address_after(STEPS[0]), 303)
    return redirect(_address_after(STEPS[0]), 303)


def _address_after(step: str) -> str:
    if request.form.get("then") == "later":
        return url_for("member_listings.show")
    following = STEPS[STEPS.index(step) + 1 :]
    if request.args.get("back") == "check" or not following:
        return url_for(".check")
    return url_for(".edit", step=following[0])


def _next(step: str, form: StepForm, saved: listings.Saved) -> ResponseReturnValue:
    """Where to go on: to the hints, if there are new ones; else to what was asked for."""
    seen = _hints(step, listings.answers_now(saved.kept))[1] if step in TEXTS else ""
    if seen and seen != form.hints.data and request.form.get("then") != "later":
        flash(gettext("Saved. Some words may be worth another look: see below. Then go on."))
        return redirect(url_for(".edit", step=step, back=request.args.get("back")), 303)
    if not saved.kept.is_approved:
        return redirect(_address_after(step), 303)
    if saved.waiting is not None:
        flash(gettext("Saved. What is new waits until we have looked at it; what was public before stays public."))
    if saved.is_public:
        flash(gettext("Saved, and public at once."))
    return redirect(url_for("member_listings.show"), 303)


def _hints(step: str, answers: Answers) -> tuple[dict[str, list[Hint]], str]:
    """Hints on the wording of each free text of a step, and what names all of them: a hash."""
    if step not in TEXTS:
        return {}, ""
    found: dict[str, list[Hint]] = {}
    for hint in wording.hints(answers.shown):
        if hint.field in TEXTS[step]:
            found.setdefault(hint.field, []).append(hint)
    named = "\n".join(f"{hint.field} {hint.phrase}" for hints in found.values() for hint in hints)
    return found, hashlib.sha256(named.encode()).hexdigest()[:16] if named else ""


def _one_more_row(
    step: str, form: StepForm, kept: Kept | None, answers: Answers, offer: Offer, wanted: str
) -> ResponseReturnValue:
    rows = form.rows.get(wanted)
    if rows is None:
        abort(404)
    _keep_choices(form)
    rows.add()
    form.offer(offer)
    return _page(step, form, kept, answers)


def _page(step: str, form: StepForm, kept: Kept | None, answers: Answers) -> str:
    position = STEPS.index(step)
    hints, seen = _hints(step, answers) if kept else ({}, "")
    form.hints.data = seen
    return render_template(
        f"member/listings/{step}.html",
        step=step,
        position=position + 1,
        before=STEPS[position - 1] if position else None,
        steps=STEPS,
        titles=TITLES,
        done=_done(kept) if kept else (),
        form=form,
        kept=kept,
        answers=answers,
        hints=hints,
        unknown_places=[
            place["town"]
            for place, private in zip(answers.shown["places"], answers.private["places"], strict=True)
            if private["latitude"] is None
        ],
        bodies=bodies.by_id(),
    )


def _done(kept: Kept) -> tuple[str, ...]:
    if kept.is_approved:
        return STEPS
    left = steps_left(kept)
    return tuple(step for step in STEPS if step not in left)


def _conflict(step: str, conflict: listings.Conflict, said: tuple[Mapping[str, Any], Mapping[str, Any]]) -> str:
    """What is stored now beside what was sent. Nothing is kept before somebody has chosen."""
    theirs = conflict.theirs
    mine = theirs.with_step(step, *said)
    kept_back = {"csrf_token", "revision", "then", "add", "hints"}
    return render_template(
        "member/listings/conflict.html",
        step=step,
        titles=TITLES,
        differences=listings.differences(theirs, mine, private=True, speaker=READER),
        compare=compare,
        fields=[
            (name, value) for name in request.form for value in request.form.getlist(name) if name not in kept_back
        ],
        had_file=any(file.filename for file in request.files.values()),
        kept=conflict.kept,
        form=FORMS[step](formdata=None),
    )


@bp.get("/member/listing/check")
@permitted(Permission.KEEP_OWN_LISTING)
def check() -> ResponseReturnValue:
    """All answers, to look at before they are sent."""
    kept = own()
    return _check_page(kept, SendForm(data={"revision": kept.revision}))


@bp.post("/member/listing/check")
@permitted(Permission.KEEP_OWN_LISTING)
def send() -> ResponseReturnValue:
    """Send the answers to the administrators."""
    kept, form = own(), SendForm()
    if not form.validate_on_submit() or _missing(kept):
        return _check_page(kept, form), 422
    try:
        listings.submit(kept, revision=form.revision.data, by=sign_ins.member(), at=clock.now())
    except listings.Conflict:
        flash(gettext("An answer changed while this page was open. Look at all of them again."))
        return _check_page(kept, SendForm(formdata=None, data={"revision": kept.revision})), 409
    flash(gettext("Your answers are sent. We write to you when we have looked at them."))
    return redirect(url_for("member_listings.show"), 303)


def _missing(kept: Kept) -> list[listings.Missing]:
    """What is missing: answers that a listing needs, and steps that were not done."""
    found = listings.missing(listings.answers_now(kept))
    named = {one.step for one in found}
    left = [] if kept.is_approved else steps_left(kept)
    return [*found, *(listings.Missing(step, N_("This step is not done yet")) for step in left if step not in named)]


def _check_page(kept: Kept, form: SendForm) -> str:
    answers = listings.answers_now(kept)
    version = listings.open_version(kept.practitioner_id)
    by_step: dict[str, list[listings.Line]] = {step: [] for step in STEPS}
    for one in listings.described(answers, private=True, speaker=READER):
        by_step[one.step].append(one)
    return render_template(
        "member/listings/check.html",
        kept=kept,
        version=version,
        can_send=version is not None and version.state != "waiting",
        lines=by_step,
        photo=answers.shown["photo"],
        titles=TITLES,
        missing=_missing(kept),
        form=form,
        back=None if kept.is_approved else "check",
    )
