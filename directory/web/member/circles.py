"""Somebody's circle: who is in it, whom they invited, what they answered, and leaving."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from directory.http import addresses, sign_ins
from directory.http.access import member
from directory.lib import clock
from directory.lib.mailboxes import mailbox
from directory.services import accounts, circles, limits
from directory.web.forms.circles import ButtonForm, InvitationForm, YesForm

bp = Blueprint("member_circles", __name__, url_prefix="/member/circle")

CANNOT_SEND = lazy_gettext("No mail can go to that address. Look for a mistake in it, or leave it empty")
ENOUGH = lazy_gettext("You have asked as many people as you can at once. Take back an invitation first, or wait")


@bp.get("")
@member
def show() -> ResponseReturnValue:
    """Everybody in it, and what waits for either side."""
    at = clock.now()
    invitations = circles.own_invitations(sign_ins.member(), at=at)
    return render_template(
        "member/circles/show.html",
        people=circles.people(sign_ins.member()),
        answered=[one for one in invitations if one.answered_by_id is not None],
        waiting=[one for one in invitations if one.answered_by_id is None],
        answers=circles.own_answers(sign_ins.member(), at=at),
        button=ButtonForm(formdata=None),
    )


# ---- inviting


@bp.get("/invitations/new")
@member
def ask() -> ResponseReturnValue:
    """The form."""
    return _invitation_page(InvitationForm(formdata=None, name=circles.usual_name(sign_ins.member())), 200)


def _invitation_page(form: InvitationForm, status: int) -> ResponseReturnValue:
    return render_template("member/circles/new.html", form=form), status


@bp.post("/invitations")
@member
def invite() -> ResponseReturnValue:
    """Make the link, and send it where that was asked for."""
    form = InvitationForm()
    if not form.validate():
        return _invitation_page(form, 422)
    at, email = clock.now(), None
    if form.email.data:
        try:
            email = accounts.normalised(form.email.data)
        except accounts.UnusableAddress:
            form.email.errors = [CANNOT_SEND]
            return _invitation_page(form, 422)
    limits.spend("circle-invitation", account=sign_ins.member().id, network=sign_ins.network_of(request), at=at)
    if email is not None:
        # Many senders together may not fill somebody's mailbox either.
        limits.spend("mail-to", account=mailbox(email), at=at)
    try:
        invitation = circles.invite(form.name.data, form.for_whom.data, by=sign_ins.member(), at=at, email=email)
    except circles.TooManyOpen:
        form.form_errors.append(ENOUGH)
        return _invitation_page(form, 422)
    if email is not None:
        # The same words whether its owner wants such mail or not.
        flash(gettext("The link is on its way to %(email)s, unless they told us to send nothing.", email=email))
    return redirect(url_for(".show_invitation", invitation_name=invitation.public_id), 303)


@bp.get("/invitations/<string(maxlength=32):invitation_name>")
@member
def show_invitation(invitation_name: str) -> ResponseReturnValue:
    """The link, to give to somebody; or who says that it was them."""
    invitation = circles.get_own(sign_ins.member(), invitation_name, at=clock.now())
    link = addresses.absolute(url_for("public_invitations.show", token=invitation.token))
    return render_template(
        "member/circles/invitation.html",
        invitation=invitation,
        link=link,
        qr=addresses.code(link),
        button=ButtonForm(formdata=None, seen=circles.answer_mark(invitation)),
    )


def _decide(verb: Callable[..., None], public_id: str, said: str) -> ResponseReturnValue:
    form = ButtonForm()
    if not form.validate():
        abort(422)
    verb(public_id, form.seen.data or "", by=sign_ins.member(), at=clock.now())
    flash(said)
    return redirect(url_for(".show"), 303)


@bp.post("/invitations/<string(maxlength=32):invitation_name>/confirmation")
@member
def confirm(invitation_name: str) -> ResponseReturnValue:
    """It was them."""
    return _decide(circles.confirm, invitation_name, gettext("You know each other here now."))


@bp.post("/invitations/<string(maxlength=32):invitation_name>/refusal")
@member
def refuse(invitation_name: str) -> ResponseReturnValue:
    """It was somebody else."""
    return _decide(circles.refuse, invitation_name, gettext("They are not in your circle. The link works no more."))


@bp.post("/invitations/<string(maxlength=32):invitation_name>/withdrawal")
@member
def take_back(invitation_name: str) -> ResponseReturnValue:
    """The link is to work no more."""
    return _decide(circles.take_back, invitation_name, gettext("The invitation is taken back. The link works no more."))


# ---- answering


@bp.get("/answers/<string(maxlength=64):token>")
@member
def ask_answer(token: str) -> ResponseReturnValue:
    """Say yes, and as whom."""
    try:
        invitation = circles.look_as(sign_ins.member(), token, at=clock.now())
    except circles.OwnInvitation:
        return render_template("member/circles/own_invitation.html")
    if invitation.answered_by_id is not None:
        return redirect(url_for(".show"), 303)
    form = YesForm(formdata=None, name=circles.usual_name(sign_ins.member()))
    return render_template("member/circles/answer.html", form=form, invitation=invitation)


@bp.post("/answers/<string(maxlength=64):token>")
@member
def answer(token: str) -> ResponseReturnValue:
    """The invited one says yes."""
    invitation = circles.look_as(sign_ins.member(), token, at=clock.now())
    form = YesForm()
    if not form.validate():
        return render_template("member/circles/answer.html", form=form, invitation=invitation), 422
    inviter, network = invitation.inviter_name, sign_ins.network_of(request)
    limits.spend("circle-invitation", account=sign_ins.member().id, network=network, at=clock.now())
    if circles.answer(token, form.name.data, by=sign_ins.member(), at=clock.now()):
        flash(gettext("You know each other here now."))
    else:
        flash(gettext("%(name)s is asked whether it was you. Then you know each other here.", name=inviter))
    return redirect(url_for(".show"), 303)


@bp.post("/answers/<string(maxlength=64):token>/withdrawal")
@member
def take_answer_back(token: str) -> ResponseReturnValue:
    """No, after all."""
    if not ButtonForm().validate_on_submit():
        abort(422)
    circles.take_answer_back(token, by=sign_ins.member())
    flash(gettext("Your answer is taken back."))
    return redirect(url_for(".show"), 303)


# ---- leaving


@bp.get("/people/<string(maxlength=32):known_name>/departure")
@member
def ask_departure(known_name: str) -> ResponseReturnValue:
    """What it means, before it is done."""
    known = circles.get_known(sign_ins.member(), known_name)
    return render_template("member/circles/departure.html", known=known, form=ButtonForm(formdata=None))


@bp.post("/people/<string(maxlength=32):known_name>/departure")
@member
def leave(known_name: str) -> ResponseReturnValue:
    """Know somebody here no more."""
    if not ButtonForm().validate_on_submit():
        abort(422)
    circles.leave(sign_ins.member(), known_name)
    flash(gettext("You see no notes of each other any more. Nobody was told."))
    return redirect(url_for(".show"), 303)
