"""What people say about one's listing for everybody to read, and one's reply."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.http import sign_ins
from directory.http.access import permitted
from directory.lib import clock
from directory.models import InvalidTransition, NotFound, Permission
from directory.models.recommendations import MOST_WORDS
from directory.services import limits, recommendations
from directory.services.recommendations import Answerable
from directory.web.forms.replies import ReplyForm

bp = Blueprint("member_replies", __name__, url_prefix="/member/replies")


@bp.get("")
@permitted(Permission.KEEP_OWN_LISTING)
def index() -> ResponseReturnValue:
    """The notes that stand on the page of one's listing, and what became of one's replies."""
    found = recommendations.of_listing(sign_ins.member())
    listing = found[0].note.practitioner if found else None
    is_off = listing is not None and recommendations.why_off(listing) is not None
    return render_template(
        "member/replies/index.html",
        found=[] if is_off else [(one, _public(one)) for one in found],
        listing=listing,
        is_off=is_off,
        reasons=recommendations.REASONS,
    )


@bp.get("/<string(maxlength=32):answerable_id>")
@permitted(Permission.KEEP_OWN_LISTING)
def ask(answerable_id: str) -> ResponseReturnValue:
    """A form for the reply to one note, with what was written before."""
    one = _shown(answerable_id)
    if not one.can_write:
        raise InvalidTransition("this note is answered")
    return _page(one, ReplyForm(formdata=None, text=one.reply.text if one.reply else ""))


@bp.post("/<string(maxlength=32):answerable_id>")
@permitted(Permission.KEEP_OWN_LISTING)
def write(answerable_id: str) -> ResponseReturnValue:
    """Send a reply to be read."""
    one, form = _shown(answerable_id), ReplyForm()
    if not form.validate():
        return _page(one, form), 422
    at = clock.now()
    limits.spend("reply", account=sign_ins.member().id, at=at)
    one = recommendations.get_answerable(sign_ins.member(), answerable_id)
    recommendations.reply(one.note, form.text.data, by=sign_ins.member(), at=at)
    flash(gettext("Your reply is kept. We read it before everybody can, and write to you."))
    return redirect(url_for(".index"), 303)


@bp.post("/<string(maxlength=32):answerable_id>/withdrawal")
@permitted(Permission.KEEP_OWN_LISTING)
def take_back(answerable_id: str) -> ResponseReturnValue:
    """Take a reply away."""
    one = recommendations.get_answerable(sign_ins.member(), answerable_id)
    recommendations.take_back(one.note, by=sign_ins.member(), at=clock.now())
    flash(gettext("Your reply is gone."))
    return redirect(url_for(".index"), 303)


def _shown(answerable_id: str) -> Answerable:
    """A note that can be read now. Raises NotFound, also where notes are switched off."""
    one = recommendations.get_answerable(sign_ins.member(), answerable_id)
    if recommendations.why_off(one.note.practitioner) is not None:
        raise NotFound("notes are switched off")
    return one


def _public(one: Answerable) -> recommendations.PublicNote:
    """A note as everybody reads it, without the reply, which stands beside it with its state."""
    return recommendations.as_public(one.note)


def _page(one: Answerable, form: ReplyForm) -> str:
    return render_template(
        "member/replies/show.html",
        one=one,
        note=_public(one),
        form=form,
        listing=one.note.practitioner,
        reasons=recommendations.REASONS,
        most=MOST_WORDS,
    )
