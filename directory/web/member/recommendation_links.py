"""Private links to one's own note: making, copying, showing, printing, sending and ending them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.http import addresses, sign_ins
from directory.http.access import member
from directory.lib import clock
from directory.lib.mailboxes import mailbox
from directory.models import Recommendation, RecommendationLink
from directory.services import accounts, limits, recommendations
from directory.web.forms.recommendations import LinkForm, SendForm

bp = Blueprint(
    "member_recommendation_links", __name__, url_prefix="/member/recommendations/<string(maxlength=32):note_id>/links"
)


@bp.get("")
@member
def index(note_id: str) -> ResponseReturnValue:
    """The links to one's note, and how often each was opened."""
    return _page(_own(note_id), LinkForm())


def _page(note: Recommendation, form: LinkForm) -> str:
    at = clock.now()
    found = recommendations.links.of_notes([note])[note.id]
    working = [one for one in found if recommendations.links.works(one, at=at)]
    return render_template(
        "member/recommendations/links.html",
        note=note,
        form=form,
        is_open=recommendations.links.is_open(note),
        working=working,
        over=[one for one in found if one not in working],
        most=recommendations.links.MOST,
        address=_address,
    )


@bp.post("")
@member
def make(note_id: str) -> ResponseReturnValue:
    """One more link."""
    note, form = _own(note_id), LinkForm()
    if not form.validate():
        return _page(note, form), 422
    link = recommendations.links.make(note, form.for_whom.data, at=clock.now())
    flash(gettext("There is one more link."))
    return redirect(url_for(".show", note_id=note_id, link_id=link.public_id), 303)


@bp.get("/<string(maxlength=32):link_id>")
@member
def show(note_id: str, link_id: str) -> ResponseReturnValue:
    """One link: to copy, to show as a code, to print, to send, to end."""
    note = _own(note_id)
    return _link_page(note, recommendations.links.get_of(note, link_id), SendForm())


def _link_page(note: Recommendation, link: RecommendationLink, form: SendForm) -> str:
    at = clock.now()
    return render_template(
        "member/recommendations/link.html",
        note=note,
        link=link,
        form=form,
        works=recommendations.links.works(link, at=at) and recommendations.links.is_open(note),
        address=_address(link),
        qr=addresses.code(_address(link)),
    )


@bp.post("/<string(maxlength=32):link_id>/mail")
@member
def send(note_id: str, link_id: str) -> ResponseReturnValue:
    """Have us send the link to one address."""
    note, form = _own(note_id), SendForm()
    link = recommendations.links.get_of(note, link_id)
    if not form.validate():
        return _link_page(note, link, form), 422
    to, at = accounts.normalised(form.to.data), clock.now()
    limits.spend("note-mail", account=sign_ins.member().id, network=sign_ins.network_of(request), at=at)
    # Many senders together may not fill somebody's mailbox either.
    limits.spend("mail-to", account=mailbox(to), at=at)
    note = _own(note_id)
    link = recommendations.links.get_of(note, link_id)
    recommendations.links.send(link, to, sender=note.name, at=at)
    flash(gettext("It is on its way, unless whoever reads that address has asked us to send no such mail."))
    return redirect(url_for(".show", note_id=note_id, link_id=link_id), 303)


@bp.post("/<string(maxlength=32):link_id>/ending")
@member
def end(note_id: str, link_id: str) -> ResponseReturnValue:
    """Let a link work no more."""
    link = recommendations.links.get_of(_own(note_id), link_id)
    recommendations.links.end(link, at=clock.now())
    flash(gettext("The link works no more."))
    return redirect(url_for(".index", note_id=note_id), 303)


def _own(note_id: str) -> Recommendation:
    return recommendations.get_own(sign_ins.member(), note_id)


def _address(link: RecommendationLink) -> str:
    return addresses.absolute(url_for("public_notes.show", token=link.token))
