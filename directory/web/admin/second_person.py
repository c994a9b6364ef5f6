"""What waits for a second person, and what second looks found."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.http.access import permitted
from directory.http.words import day as said_day
from directory.lib import clock
from directory.lib.words import N_
from directory.models import InvalidTransition, NotFound, Permission, Proposal, ProposalKind, RegisterImport, Standing
from directory.services import bodies, claims, moderation, proposals, register_imports
from directory.services.claim_cases import Case
from directory.services.claims import Filters, Finding, Why
from directory.web.admin import desk
from directory.web.admin.claims import findings, queue, rows
from directory.web.admin.claims.decisions import OUTCOMES

bp = Blueprint("admin_second_person", __name__)


@dataclass(frozen=True)
class Waiting:
    """Something that one person proposed, as another one sees it. A list, `import_`, has a page of its own."""

    proposal: Proposal
    case: Case | None
    finding: Finding | None
    would_read: Standing | None
    is_mine: bool
    is_own: bool
    may_agree: bool
    import_: RegisterImport | None = None

    @property
    def said(self) -> list[tuple[str, str]]:
        """What was seen, line by line."""
        one = self.finding
        if one is None:
            return []
        lines = [
            (N_("How they looked"), gettext(one.method.label)),
            (N_("When"), said_day(one.checked_on)),
            (N_("Name that is shown there"), one.name),
            (N_("Grade or letters"), one.grade),
            (N_("Note"), one.note),
        ]
        return [(label, said) for label, said in lines if said]


@bp.get("/admin/proposals")
@permitted(Permission.DECIDE_CLAIMS)
def index() -> ResponseReturnValue:
    """Everything that waits, oldest first."""
    lines = [_waiting(one) for one in proposals.list_open()]
    return render_template(
        "admin/second_person/index.html",
        lines=lines,
        bodies=bodies.by_id(),
        names=moderation.names_of({one.proposal.by_id for one in lines}),
    )


@bp.post("/admin/proposals/<int:proposal_id>/agreement")
@permitted(Permission.DECIDE_CLAIMS)
def agree(proposal_id: int) -> ResponseReturnValue:
    """Agree that a notice is shown."""
    proposal = _restriction(proposal_id)
    try:
        claims.agree(proposal, by=desk.administrator(), at=clock.now())
    except InvalidTransition as error:
        return _too_late(proposal_id, error)
    flash(gettext("You agreed: the notice is shown from now on."))
    return redirect(url_for(".index"), 303)


@bp.post("/admin/proposals/<int:proposal_id>/refusal")
@permitted(Permission.DECIDE_CLAIMS)
def refuse(proposal_id: int) -> ResponseReturnValue:
    """Show nothing. Whoever proposed it may take it back so."""
    proposal = _restriction(proposal_id)
    try:
        claims.disagree(proposal, by=desk.administrator(), at=clock.now())
    except InvalidTransition as error:
        return _too_late(proposal_id, error)
    flash(gettext("Nothing is shown. The statement is in the queue again."))
    return redirect(url_for(".index"), 303)


@bp.get("/admin/second-looks")
@permitted(Permission.DECIDE_CLAIMS)
def disagreements() -> ResponseReturnValue:
    """Second looks in figures, and where two did not see the same."""
    found = claims.disagreements()
    people = {check.by_id for one in found for check in (one.first, one.second)}
    return render_template(
        "admin/second_person/disagreements.html",
        disagreements=found,
        waiting=claims.how_many(Filters(why=Why.SECOND_LOOK), queue.today()),
        figures=claims.figures(queue.today(), at=clock.now()),
        names=moderation.names_of(one for one in people if one is not None),
        outcomes=OUTCOMES,
        bodies=bodies.by_id(),
    )


def _restriction(proposal_id: int) -> Proposal:
    """A proposal to show a notice. Raises NotFound; registers are decided on pages of their own."""
    proposal = proposals.get(proposal_id)
    if proposal.kind is not ProposalKind.RESTRICTION:
        raise NotFound(f"proposal {proposal_id} is not about a claim")
    return proposal


def _waiting(proposal: Proposal) -> Waiting:
    account, at = desk.administrator(), clock.now()
    may_agree = proposals.may_agree(proposal, account, at)
    is_mine = proposal.by_id == account.id
    if proposal.kind is not ProposalKind.RESTRICTION:
        import_ = register_imports.get(proposal.about_id)
        return Waiting(proposal, None, None, None, is_mine, is_own=False, may_agree=False, import_=import_)
    case = rows.case_of(proposal.about_id)
    finding = Finding.of_details(proposal.details)
    is_own = case.is_own(account)
    return Waiting(
        proposal,
        case,
        finding,
        findings.if_agreed(case, finding),
        is_mine,
        is_own=is_own,
        may_agree=may_agree and not is_own,
    )


def _too_late(proposal_id: int, error: InvalidTransition) -> ResponseReturnValue:
    proposal = proposals.get(proposal_id)
    reasons: dict[str, Any] = {
        "names": moderation.names_of([proposal.decided_by_id] if proposal.decided_by_id else []),
        "reason": gettext(error.reason) if isinstance(error, claims.Refused) else None,
    }
    return render_template("admin/second_person/too_late.html", proposal=proposal, **reasons), 409
