"""Notes for everybody and replies to them at the desk: the queue, one at a time, and the decision."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.http import sanity
from directory.http.access import permitted
from directory.lib import clock, code_points
from directory.lib.words import N_
from directory.models import InvalidTransition, NotFound, Permission, Recommendation, RecommendationState, Reply
from directory.services import complaints, moderation, recommendations
from directory.services.recommendations import Case, Reason, Waiting, What
from directory.web.admin import desk
from directory.web.forms.recommendation_decisions import NoteDecisionForm

bp = Blueprint("admin_recommendations", __name__, url_prefix="/admin/recommendations")


class Decision(StrEnum):
    PUBLISH = "publish"
    REFUSE = "refuse"
    HIDE = "hide"
    RESTORE = "restore"

    @property
    def label(self) -> str:
        return {
            Decision.PUBLISH: N_("Show it as it is"),
            Decision.REFUSE: N_("Do not show it"),
            Decision.HIDE: N_("Hide it: nobody reads it until it is shown again"),
            Decision.RESTORE: N_("Show it again"),
        }[self]

    @property
    def key(self) -> str:
        """The key that chooses it."""
        return {Decision.PUBLISH: "P", Decision.REFUSE: "R", Decision.HIDE: "H", Decision.RESTORE: "S"}[self]

    @property
    def done(self) -> str:
        """What to say once it is done, with the name of the listing."""
        return {
            Decision.PUBLISH: N_("%(name)s: everybody can read it now."),
            Decision.REFUSE: N_("%(name)s: not shown, and its author was told why."),
            Decision.HIDE: N_("%(name)s: hidden, and both sides were told why."),
            Decision.RESTORE: N_("%(name)s: shown again, and both sides were told why."),
        }[self]


# The reasons for each decision that needs one.
FITTING: Mapping[str, Mapping[str, Reason]] = {
    Decision.REFUSE: recommendations.AGAINST,
    Decision.HIDE: recommendations.AGAINST,
    Decision.RESTORE: recommendations.FOR,
}
OF_REPLIES = (Decision.PUBLISH, Decision.REFUSE)
STATES = {
    RecommendationState.HELD: N_("Waiting"),
    RecommendationState.SHOWN: N_("Shown"),
    RecommendationState.REFUSED: N_("Not shown"),
    RecommendationState.HIDDEN: N_("Hidden"),
}


@bp.get("")
@permitted(Permission.DECIDE_RECOMMENDATIONS)
def index() -> ResponseReturnValue:
    """What waits, oldest first; or notes in another state, the newest first."""
    state = desk.chosen(RecommendationState, "state") or RecommendationState.HELD
    everything = recommendations.waiting()
    most = recommendations.PAGE
    is_queue = state is RecommendationState.HELD
    found = [] if is_queue else recommendations.list_notes(state, before=sanity.number("before"), most=most + 1)
    return render_template(
        "admin/recommendations/index.html",
        waiting=everything[:most],
        total=len(everything),
        notes=found[:most],
        older=url_for(".index", state=state.value, before=found[most - 1].id) if len(found) > most else None,
        state=state,
        states=STATES,
        address=_address,
        waited=desk.waited,
        reasons=recommendations.REASONS,
    )


@bp.get("/<int:recommendation_id>")
@permitted(Permission.DECIDE_RECOMMENDATIONS)
def show(recommendation_id: int) -> ResponseReturnValue:
    """One note, with what is needed to decide."""
    case = recommendations.case_of(recommendation_id)
    return _page(case, _opened(case.note.revision))


@bp.get("/<int:recommendation_id>/reply")
@permitted(Permission.DECIDE_RECOMMENDATIONS)
def show_reply(recommendation_id: int) -> ResponseReturnValue:
    """The reply to one note, below it."""
    case = recommendations.case_of(recommendation_id)
    return _reply_page(case, _opened(_reply_of(case).revision))


@bp.post("/<int:recommendation_id>/decision")
@permitted(Permission.DECIDE_RECOMMENDATIONS)
def decide(recommendation_id: int) -> ResponseReturnValue:
    """Decide about a note, and go on to the next one."""
    case = recommendations.case_of(recommendation_id)
    form = NoteDecisionForm()
    _offer(form, list(Decision), recommendations.REASONS)
    if not form.validate():
        return _page(case, form), 422
    return _decided(case, What.NOTE, form, lambda: _apply(case, form))


@bp.post("/<int:recommendation_id>/reply/decision")
@permitted(Permission.DECIDE_RECOMMENDATIONS)
def decide_reply(recommendation_id: int) -> ResponseReturnValue:
    """Decide about the reply to a note, and go on to the next one."""
    case = recommendations.case_of(recommendation_id)
    _reply_of(case)
    form = NoteDecisionForm()
    _offer(form, OF_REPLIES, recommendations.AGAINST)
    if not form.validate():
        return _reply_page(case, form), 422
    return _decided(case, What.REPLY, form, lambda: _apply_to_reply(case, form))


def offered(case: Case) -> list[Decision]:
    """What can be decided about a note now. One that an objection hides is decided with the objection."""
    if complaints.is_held(case.note):
        return []
    return {
        RecommendationState.HELD: [Decision.REFUSE] if case.why_not else [Decision.PUBLISH, Decision.REFUSE],
        RecommendationState.SHOWN: [Decision.HIDE],
        RecommendationState.HIDDEN: [Decision.RESTORE],
        RecommendationState.REFUSED: [],
    }[case.note.state]


def _offered_of_reply(note: Recommendation, answer: Reply) -> Sequence[Decision]:
    """The same about a reply, while its note is shown. One that is shown, too, can be taken down."""
    if note.state is not RecommendationState.SHOWN or answer.state is RecommendationState.REFUSED:
        return ()
    return OF_REPLIES if answer.state is RecommendationState.HELD else OF_REPLIES[1:]


def _opened(revision: int) -> NoteDecisionForm:
    """A form that nobody has filled in, with the reason that the address names, if any."""
    named = request.args.get("reason", "")
    return NoteDecisionForm(formdata=None, revision=revision, reason=named if named in recommendations.REASONS else "")


def _offer(form: NoteDecisionForm, decisions: Sequence[Decision], reasons: Mapping[str, Reason]) -> None:
    form.offer(
        {one.value: gettext(one.label) for one in decisions},
        {key: gettext(one.label) for key, one in reasons.items()},
        FITTING,
    )


def _apply(case: Case, form: NoteDecisionForm) -> None:
    """Do what was decided. Raises InvalidTransition when somebody was first, or it is one's own."""
    note, by, at = case.note, desk.administrator(), clock.now()
    decision, reason, revision = Decision(form.decision.data), form.reason.data, form.revision.data
    if decision not in offered(case):
        raise InvalidTransition("the note is another now")
    if decision is Decision.PUBLISH:
        recommendations.publish(note, by=by, at=at, revision=revision)
    elif decision is Decision.REFUSE:
        recommendations.refuse(note, reason, by=by, at=at, revision=revision)
    elif decision is Decision.HIDE:
        recommendations.hide(note, reason, by=by, at=at, tell=True, revision=revision)
    else:
        recommendations.restore(note, reason, by=by, at=at, tell=True, revision=revision)


def _apply_to_reply(case: Case, form: NoteDecisionForm) -> None:
    by, at, revision = desk.administrator(), clock.now(), form.revision.data
    if Decision(form.decision.data) is Decision.PUBLISH:
        recommendations.publish_reply(case.note, by=by, at=at, revision=revision)
    else:
        recommendations.refuse_reply(case.note, form.reason.data, by=by, at=at, revision=revision)


def _decided(case: Case, what: What, form: NoteDecisionForm, apply: Callable[[], None]) -> ResponseReturnValue:
    before, name = _beside(what, case.note.id), case.listing.name
    try:
        apply()
    except InvalidTransition:
        return _too_late(case.note.id, what)
    flash(gettext(Decision(form.decision.data).done, name=name))
    return redirect(_address(before.next) if before.next else url_for(".index"), 303)


def _page(case: Case, form: NoteDecisionForm) -> str:
    decisions = offered(case)
    _offer(form, decisions, FITTING[decisions[-1]] if decisions else {})
    return render_template(
        "admin/recommendations/show.html",
        preview=recommendations.as_public(case.note),
        why_not=recommendations.WHY_NOT_SHOWN[case.why_not] if case.why_not else None,
        pieces=recommendations.in_pieces(case.note.text, case.hints),
        unseen=code_points.unseen(case.note.text),
        hints=case.hints,
        action=url_for(".decide", recommendation_id=case.note.id),
        **_shared(case, What.NOTE, form, decisions),
    )


def _reply_page(case: Case, form: NoteDecisionForm) -> str:
    answer = _reply_of(case)
    decisions = _offered_of_reply(case.note, answer)
    _offer(form, decisions, recommendations.AGAINST)
    return render_template(
        "admin/recommendations/reply.html",
        preview=recommendations.as_public(case.note, answer.text),
        pieces=recommendations.in_pieces(answer.text, case.of_reply),
        unseen=code_points.unseen(answer.text),
        hints=case.of_reply,
        action=url_for(".decide_reply", recommendation_id=case.note.id),
        **_shared(case, What.REPLY, form, decisions),
    )


def _shared(case: Case, what: What, form: NoteDecisionForm, decisions: Sequence[Decision]) -> dict[str, object]:
    return {
        "case": case,
        "form": form,
        "what": what,
        "decisions": decisions,
        "with_reason": FITTING,
        "is_own": recommendations.is_own(case.note, desk.administrator()),
        "is_objected_to": what is What.NOTE and complaints.is_held(case.note),
        "beside": _beside(what, case.note.id),
        "address": _address,
        "states": STATES,
        "reasons": recommendations.REASONS,
        "waited": desk.waited,
    }


def _too_late(recommendation_id: int, what: What) -> ResponseReturnValue:
    """Somebody was first, or may not: who decided what, and when."""
    case = recommendations.case_of(recommendation_id)
    page = render_template(
        "admin/recommendations/too_late.html",
        now=case.note if what is What.NOTE else case.reply,
        is_own=recommendations.is_own(case.note, desk.administrator()),
        states=STATES,
        reasons=recommendations.REASONS,
        names=moderation.names_of(case.account_ids),
        why_not=recommendations.WHY_NOT_SHOWN[case.why_not] if case.why_not and what is What.NOTE else None,
        back=url_for(
            ".show" if what is What.NOTE or case.reply is None else ".show_reply", recommendation_id=case.note.id
        ),
    )
    return page, 409


def _reply_of(case: Case) -> Reply:
    if case.reply is None:
        raise NotFound(f"there is no reply to note {case.note.id}")
    return case.reply


def _beside(what: What, recommendation_id: int) -> desk.Beside[Waiting]:
    """The queue around one text."""
    wanted = (what, recommendation_id)
    return desk.around(recommendations.waiting(), lambda one: (one.what, one.recommendation_id) == wanted)


def _address(one: Waiting) -> str:
    """The page of a text that waits."""
    return url_for(".show" if one.what is What.NOTE else ".show_reply", recommendation_id=one.recommendation_id)
