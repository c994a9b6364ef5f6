"""The screen of one claim, and the page that says who was first."""

from collections.abc import Sequence
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.lib import clock
from directory.lib.words import N_
from directory.models import Body, Tie
from directory.services import claim_cases, claims, modalities, moderation
from directory.services.claim_cases import Case
from directory.services.matching import Verdict
from directory.web.admin import desk
from directory.web.admin.claims import findings, queue, rows
from directory.web.admin.claims.decisions import OUTCOMES, Decision
from directory.web.admin.claims.queue import address_of, beside, kept, waited
from directory.web.forms.base import Problem
from directory.web.forms.claims import AssignmentForm, FindingForm, TrainingForm

# What matching says of the lists that are held, and what that leaves open.
VERDICTS = {
    Verdict.MATCH: (
        N_("The number and the name agree, and nothing contradicts them."),
        N_("Such a person is on the register. Whether this listing is theirs, you decide: look at what ties the two."),
    ),
    Verdict.POSSIBLE: (
        N_("This may be the same person, but it is no match."),
        N_("So nothing is proposed: compare them, and decide."),
    ),
    Verdict.AMBIGUOUS: (
        N_("Several rows may be this person."),
        N_("So none is chosen. Tell them apart by what is marked, or ask."),
    ),
    Verdict.WAS_LISTED: (
        N_("A row that may be this person is no longer on the latest list."),
        N_("Look at the register itself, too: a list can be late."),
    ),
    Verdict.NOT_FOUND: (
        N_("No row of the lists that we hold may be this person."),
        N_("Look at the register itself before you decide: a list can be older than a membership."),
    ),
    Verdict.BAD_ROW: (
        N_("What is stated cannot be looked up."),
        N_("Ask the practitioner for the number and the name that the register shows."),
    ),
}
# What a row shows that the listing names, too.
CONTACTS = {
    Tie.TELEPHONE: N_("It shows the telephone number of the listing: ring it to ask whether the listing is theirs."),
    Tie.EMAIL: N_("It shows the e-mail address of the listing, which the account has not confirmed."),
    Tie.WEBSITE: N_("It shows the website of the listing, of which nothing is confirmed."),
}
NO_LIST = (N_("We hold no list of this body."), N_("Look at its register, or ask the body."))


def offer(form: FindingForm, case: Case) -> None:
    """Give the form of a decision its choices."""
    names = {one.id: one.name for one in modalities.list_all()}
    wanted = [*case.claim.disciplines, *(one.modality_id for one in case.trainings)]
    form.offer(
        {one.value: gettext(one.label) for one in Decision},
        [(one, names[one]) for one in dict.fromkeys(wanted) if one in names],
        queue.today(),
    )


def offer_training(form: TrainingForm, case: Case) -> None:
    """Give the form the trainings of the listing."""
    form.offer([(one.modality_id, one.modality.name) for one in case.trainings], queue.today())


def page(
    case: Case,
    form: FindingForm | None = None,
    more: Sequence[Problem] = (),
    training: TrainingForm | None = None,
) -> str:
    """The screen of a claim. Forms that were sent keep what was typed; the others are filled in anew."""
    account = desk.administrator()
    if form is None:
        form = FindingForm(formdata=None, revision=case.claim.revision)
        offer(form, case)
        form.put(findings.seen_in(case, rows.chosen(case)))
    if training is None:
        training = TrainingForm(formdata=None, seen_on=queue.today())
        offer_training(training, case)
    picked = rows.chosen(case, form.row.data or "-")
    shown = rows.rows(case, picked)
    decisions = _offered(case)
    return render_template(
        "admin/claims/show.html",
        case=case,
        form=form,
        problems=[*more, *form.problems, *training.problems],
        decisions=decisions,
        can_decide=bool(decisions) and not case.is_own(account),
        is_own=case.is_own(account),
        is_blind=case.is_blind_for(account),
        shown_rows=shown,
        compared=rows.table(case, shown),
        previews=findings.previews(case, form),
        verdict=[gettext(one) for one in _verdict(case)],
        beside=beside(case.claim.id),
        address=address_of,
        contacts=CONTACTS,
        names=moderation.names_of(case.account_ids),
        assignment=_assignment(case),
        training=training,
        me=account,
        **_register(case.body),
        **shared(),
    )


def shared() -> dict[str, Any]:
    """What all pages of claims are given."""
    account = desk.administrator()
    return {
        "kept": kept(),
        "outcomes": OUTCOMES,
        "waited": waited,
        "undoable": claim_cases.undoable(account, clock.now()),
    }


def too_late(claim_id: int, error: Exception) -> ResponseReturnValue:
    """Somebody was first, or may not: what was decided, and by whom."""
    case = rows.case_of(claim_id)
    latest = error.check if isinstance(error, claims.Conflict) else None
    found = render_template(
        "admin/claims/too_late.html",
        case=case,
        is_own=case.is_own(desk.administrator()),
        is_blind=case.is_blind_for(desk.administrator()),
        latest=latest,
        why=gettext(error.reason) if isinstance(error, claims.Refused) else None,
        names=moderation.names_of(case.account_ids),
        outcomes=OUTCOMES,
    )
    return found, 409


def _offered(case: Case) -> list[Decision]:
    """What can be decided about a claim now. A notice is about the person: it can be shown of what was taken back."""
    if case.body is None or not case.body.is_assessed:
        return []
    if case.claim.withdrawn_on is not None:
        return [Decision.ENDED, Decision.RESTRICT, Decision.INCONCLUSIVE]
    return list(Decision)


def _verdict(case: Case) -> tuple[str, str]:
    return VERDICTS[case.verdict] if case.verdict else NO_LIST


def _assignment(case: Case) -> AssignmentForm:
    form = AssignmentForm(formdata=None)
    own = case.account.id if case.account else None
    without = {own, case.claim.taken_by_id, desk.administrator().id}
    form.offer({one.id: one.email for one in claim_cases.verifiers() if one.id not in without})
    return form


def _register(body: Body | None) -> dict[str, str | None]:
    """Where the register of a body is, and what its numbers look like where a source says so."""
    address, _, note = ((body.register_url if body else None) or "").partition(" ")
    is_address = address.startswith(("https://", "http://"))
    shape = (body.details.get("number_format") or {}) if body else {}
    return {
        "register_address": address if is_address else None,
        "register_note": note if is_address else None,
        "number_shape": shape.get("description") if shape.get("sourced") else None,
    }
