"""A practitioner's own enquiries: how many come, a pause, and blocking. Their words are in the mail."""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.config import Settings
from directory.http import sign_ins
from directory.http.access import permitted
from directory.lib import clock
from directory.models import Kept, NotFound, Permission, WhyPaused
from directory.services import enquiries, listings
from directory.web.forms.enquiries import PauseForm

bp = Blueprint("member_enquiries", __name__, url_prefix="/member/enquiries")


def _own() -> Kept:
    kept = listings.of_account(sign_ins.member())
    if kept is None:
        raise NotFound("this account keeps no listing")
    return kept


@bp.get("")
@permitted(Permission.KEEP_OWN_LISTING)
def index() -> ResponseReturnValue:
    """Counts, the pause, and who is blocked."""
    return _page(_form())


@bp.post("/pause")
@permitted(Permission.KEEP_OWN_LISTING)
def pause() -> ResponseReturnValue:
    """Take no enquiries now."""
    kept, form = _own(), _form()
    if not form.validate():
        return _page(form), 422
    enquiries.pause(kept, WhyPaused(form.why.data), form.until.data, by=sign_ins.member(), at=clock.now())
    flash(gettext("You take no enquiries now. Your listing says so."))
    return redirect(url_for(".index"), 303)


@bp.post("/resumption")
@permitted(Permission.KEEP_OWN_LISTING)
def resume() -> ResponseReturnValue:
    """Take them again."""
    enquiries.resume(_own(), by=sign_ins.member(), at=clock.now())
    flash(gettext("You take enquiries again."))
    return redirect(url_for(".index"), 303)


@bp.get("/<int:delivery_id>")
@permitted(Permission.KEEP_OWN_LISTING)
def show(delivery_id: int) -> ResponseReturnValue:
    """One that came: when, and a button to block whoever sent it."""
    delivery = enquiries.get_delivery(_own(), delivery_id)
    return render_template(
        "member/enquiries/show.html",
        delivery=delivery,
        is_blocked=enquiries.is_blocked(delivery),
    )


@bp.post("/<int:delivery_id>/block")
@permitted(Permission.KEEP_OWN_LISTING)
def block(delivery_id: int) -> ResponseReturnValue:
    """Take no more from whoever sent it."""
    enquiries.block(_own(), delivery_id, by=sign_ins.member(), at=clock.now())
    flash(gettext("Whoever sent it cannot send you anything here any more. They are not told."))
    return redirect(url_for(".index"), 303)


@bp.post("/blocks/<int:block_id>/removal")
@permitted(Permission.KEEP_OWN_LISTING)
def unblock(block_id: int) -> ResponseReturnValue:
    """Take enquiries from them again."""
    enquiries.unblock(_own(), block_id, by=sign_ins.member(), at=clock.now())
    flash(gettext("They can send you enquiries again."))
    return redirect(url_for(".index"), 303)


def _form() -> PauseForm:
    settings: Settings = current_app.extensions["settings"]
    form = PauseForm()
    form.offer({why.value: str(gettext(why.label)) for why in WhyPaused}, clock.today(settings.zone))
    return form


def _page(form: PauseForm) -> str:
    kept = listings.of_account(sign_ins.member())
    settings: Settings = current_app.extensions["settings"]
    today = clock.today(settings.zone)
    return render_template(
        "member/enquiries/index.html",
        kept=kept,
        counts=enquiries.counts(kept, at=clock.now()) if kept else None,
        pause=enquiries.pause_of(kept, today) if kept else None,
        why_not=enquiries.why_not(kept.practitioner_id, today) if kept else None,
        blocks=enquiries.blocks(kept) if kept else (),
        form=form,
    )
