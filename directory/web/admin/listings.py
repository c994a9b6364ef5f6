"""One listing on the desk: what is different, what is known, and the decision."""

from difflib import get_close_matches
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.http import sanity
from directory.http.access import permitted
from directory.http.event_words import EVENTS
from directory.http.speaking import READER
from directory.lib import clock, code_points, word_differences
from directory.lib.words import N_
from directory.models import InvalidTransition, ListingState, ListingVersion, Permission
from directory.services import listings, moderation, photos, wording
from directory.services.moderation import Case
from directory.web.admin import desk, queue
from directory.web.admin.decisions import READY, WITH_REASON, Decision, offered, ready_text
from directory.web.forms.moderation import DecisionForm

bp = Blueprint("admin_listings", __name__)

# What each state of a listing is called.
STATES = {
    ListingState.DRAFT: N_("Draft"),
    ListingState.SUBMITTED: N_("Sent, not public yet"),
    ListingState.PUBLISHED: N_("Published"),
    ListingState.CHANGES_WAITING: N_("Published, changes wait"),
    ListingState.HIDDEN: N_("Hidden by the practitioner, or for silence"),
    ListingState.SUSPENDED: N_("Suspended"),
    ListingState.WITHDRAWN: N_("Taken down for good"),
}
# Decisions about a version, not about the whole listing.
_OF_VERSIONS = frozenset({Decision.APPROVE, Decision.ASK, Decision.REFUSE})
# Versions whose differences are told on the page.
TOLD = 8


@bp.get("/admin/listings")
@permitted(Permission.DECIDE_LISTINGS)
def index() -> ResponseReturnValue:
    """Every listing, in any state, newest first."""
    words, state = desk.typed("q"), desk.chosen(ListingState, "state")
    found = moderation.find_listings(words, state, before=sanity.number("before"), most=moderation.PAGE + 1)
    shown, older = desk.one_page(found, q=words, state=state)
    return render_template(
        "admin/listings/index.html",
        listings=shown,
        headings=moderation.headings([one.id for one in shown]),
        keepers=moderation.keepers(one.id for one in shown),
        words=words,
        state=state,
        states=STATES,
        older=older,
    )


@bp.get("/admin/listings/<int:practitioner_id>")
@permitted(Permission.DECIDE_LISTINGS)
def show(practitioner_id: int) -> ResponseReturnValue:
    """One listing, with what is needed to decide."""
    case = moderation.case_of(practitioner_id)
    form = DecisionForm(formdata=None, **_marks(case))
    ready = ready_text(request.args.get("text", ""))
    if ready is not None:
        form.reason.data = gettext(ready.text)
    return _page(case, form)


@bp.get("/admin/listings/<int:practitioner_id>/photo/<string(maxlength=64):digest>")
@permitted(Permission.DECIDE_LISTINGS)
def photo(practitioner_id: int, digest: str) -> ResponseReturnValue:
    """A photograph that a listing shows, or would show."""
    return Response(photos.get_own(practitioner_id, digest).content, mimetype="image/jpeg")


@bp.post("/admin/listings/<int:practitioner_id>/decision")
@permitted(Permission.DECIDE_LISTINGS)
def decide(practitioner_id: int) -> ResponseReturnValue:
    """Decide, and go on to the next one."""
    case = moderation.case_of(practitioner_id)
    form = DecisionForm()
    form.offer({one.value: gettext(one.label) for one in Decision}, frozenset(WITH_REASON))
    before = _beside(practitioner_id)
    if not form.validate():
        return _page(case, form), 422
    decision = Decision(form.decision.data)
    try:
        _apply(decision, case, form)
    except InvalidTransition:
        return _too_late(case, form.version.data)
    heading = moderation.headings([practitioner_id])[practitioner_id]
    flash(gettext(decision.done, name=heading.name))
    following = _address(before.next) if before.next else url_for("admin_queue.index", why=queue.only())
    return redirect(following, 303)


def _apply(decision: Decision, case: Case, form: DecisionForm) -> None:
    """Do what was decided. Raises InvalidTransition when somebody was first, or it is one's own listing."""
    is_same = decision not in _OF_VERSIONS or form.version.data == str(_marks(case)["version"])
    if decision not in offered(case) or not is_same:
        raise InvalidTransition("the listing is another now")
    by, at, said = desk.administrator(), clock.now(), (form.reason.data or "").strip()
    version = case.waits.id if case.waits else 0
    revision = form.revision.data or 0
    if decision is Decision.APPROVE:
        listings.approve(version, revision=revision, by=by, at=at)
    elif decision is Decision.ASK:
        listings.ask_for_changes(version, revision=revision, reason=said, by=by, at=at)
    elif decision is Decision.REFUSE:
        listings.refuse(version, revision=revision, reason=said, by=by, at=at)
    elif decision is Decision.SUSPEND:
        listings.suspend(case.listing.id, reason=said, by=by, at=at)
    else:
        listings.lift(case.listing.id, reason=said, by=by, at=at)


def _marks(case: Case) -> dict[str, object]:
    """What a form carries to say which state of the listing was decided."""
    return {"version": case.waits.id if case.waits else "", "revision": case.kept.revision if case.kept else 0}


def _page(case: Case, form: DecisionForm) -> str:
    beside = _beside(case.listing.id)
    headings = moderation.headings([case.listing.id, *(one.practitioner_id for one in beside.lines)])
    newest = case.newest
    answers = listings.answers_of(newest) if newest else listings.published_answers(case.listing)
    is_changed = case.waits is not None and case.kept is not None and case.kept.is_approved
    return render_template(
        "admin/listings/show.html",
        case=case,
        heading=headings[case.listing.id],
        form=form,
        decisions=[] if _is_own(case) else offered(case),
        is_own=_is_own(case),
        ready=READY,
        with_reason=WITH_REASON,
        beside=beside,
        only=queue.only(),
        address=_address,
        beside_headings=headings,
        lines=listings.described(answers, private=True, speaker=READER),
        differences=_differences(listings.published_answers(case.listing), answers) if is_changed else [],
        history=_history(case),
        names=moderation.names_of(case.account_ids),
        flags=_flags(case),
        hints=wording.hints(answers.shown) if case.waits else [],
        is_changed=is_changed,
        kinds=EVENTS,
        photo=answers.shown["photo"],
        waited=desk.waited,
        states=STATES,
    )


def _too_late(case: Case, version_id: str | None) -> ResponseReturnValue:
    """Somebody was first, or may not: who decided what, and when."""
    version = next((one for one in case.versions if str(one.id) == version_id), None)
    page = render_template(
        "admin/listings/too_late.html",
        case=case,
        heading=moderation.headings([case.listing.id])[case.listing.id],
        version=version,
        is_own=_is_own(case),
        names=moderation.names_of(case.account_ids),
        states=STATES,
    )
    return page, 409


def _is_own(case: Case) -> bool:
    return case.account is not None and case.account.id == desk.administrator().id


def _beside(practitioner_id: int) -> desk.Beside[moderation.Waiting]:
    """The queue around one case."""
    return desk.around(queue.waiting(), lambda one: one.practitioner_id == practitioner_id)


def _address(one: moderation.Waiting) -> str:
    """The page of a case that waits."""
    return url_for(".show", practitioner_id=one.practitioner_id, why=queue.only())


def _differences(before: listings.Answers, after: listings.Answers) -> list[dict[str, Any]]:
    """What differs, with the words that do marked on both sides."""
    return [
        {"label": one.label, "is_private": one.is_private, "pieces": word_differences.compare(one.before, one.after)}
        for one in listings.differences(before, after, private=True, speaker=READER)
    ]


def _history(case: Case) -> list[tuple[ListingVersion, list[dict[str, Any]]]]:
    """The versions, newest first, each with what it changed."""
    pairs = zip(case.versions[:TOLD], [*case.versions[1 : TOLD + 1], None][:TOLD], strict=False)
    return [
        (one, _differences(listings.answers_of(other), listings.answers_of(one)) if other else [])
        for one, other in pairs
    ]


def _flags(case: Case) -> list[dict[str, Any]]:
    """What looks like somebody else's, beside what it looks like, letter by letter."""
    flags: list[dict[str, Any]] = [*case.waits.flags] if case.waits else []
    numbers = moderation.numbers_of([flag["other"]["practitioner_id"] for flag in flags if flag.get("other")])
    told = []
    for flag in flags:
        other, theirs = flag.get("other"), None
        if other is not None and flag["field"] == "number":
            known = numbers.get(other["practitioner_id"], [])
            theirs = next(iter(get_close_matches(flag["value"], known, 1, 0.0)), None)
        elif other is not None:
            theirs = other["name"]
        told.append(
            {
                **flag,
                "theirs": theirs,
                "letters": code_points.side_by_side(theirs, flag["value"]) if theirs else [],
                "unusual": code_points.unusual(flag["value"]),
            }
        )
    return told
