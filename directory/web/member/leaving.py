"""Taking everything away, and leaving.

Both ask for a proof of who one is within the last ten minutes (http/access.recently_proved), and for no letter: a
letter that does not arrive would keep somebody here who wants to go.
"""

import io
import json
import zipfile

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.config import Settings
from directory.http import sign_ins, transaction
from directory.http.access import anyone, member, recently_proved, without_agreement
from directory.lib import clock
from directory.services import erasures, events, exports, listings
from directory.web.forms.leaving import EraseListingForm, ExportForm, LeaveForm

bp = Blueprint("member_leaving", __name__)


@bp.get("/member/account/export")
@member
@recently_proved
@without_agreement
def show_export() -> ResponseReturnValue:
    """What there is to take away."""
    return render_template("member/leaving/export.html", form=ExportForm(), sections=exports.SECTIONS)


@bp.post("/member/account/export")
@member
@recently_proved
@without_agreement
def export() -> ResponseReturnValue:
    """Everything that is kept about the account, in one file. The answer is the file itself."""
    account, at = sign_ins.member(), clock.now()
    settings: Settings = current_app.extensions["settings"]
    found = exports.everything(account) | {"made_at": at.isoformat(), "site": settings.site_name}
    photographs = exports.photographs(account)
    # Nobody waits for the packing.
    transaction.pause()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("everything.json", json.dumps(found, ensure_ascii=False, indent=1))
        archive.writestr("everything.html", render_template("member/leaving/everything.html", found=found, made_at=at))
        for name, content in photographs.items():
            archive.writestr(name, content)
    events.record("account-exported", at=at, by=account, account_id=account.id, network=sign_ins.network_of(request))
    name = f"{settings.site_name.lower().replace(' ', '-')}-{at:%Y-%m-%d}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(packed.getvalue(), mimetype="application/zip", headers=headers)


@bp.get("/member/account/leaving")
@member
@recently_proved
@without_agreement
def show() -> ResponseReturnValue:
    """What leaving takes away, and what stays."""
    return _page(LeaveForm(formdata=None), 200)


def _page(form: LeaveForm, status: int) -> ResponseReturnValue:
    account = sign_ins.member()
    page = render_template(
        "member/leaving/show.html",
        form=form,
        listing_form=EraseListingForm(formdata=None),
        kept=listings.of_account(account),
        may_leave=erasures.may_leave(account),
    )
    return page, status


@bp.post("/member/account/leaving/listing")
@member
@recently_proved
@without_agreement
def erase_listing() -> ResponseReturnValue:
    """The listing goes at once; the account stays."""
    kept = listings.of_account(sign_ins.member())
    if EraseListingForm().validate() and kept is not None:
        erasures.erase_listing(kept.practitioner_id, at=clock.now(), by=sign_ins.member())
        flash(gettext("Your listing is erased. Your account is still there."))
    return redirect(url_for("member_leaving.show"), 303)


@bp.post("/member/account/leaving")
@member
@recently_proved
@without_agreement
def leave() -> ResponseReturnValue:
    """Everything goes."""
    form, account = LeaveForm(), sign_ins.member()
    if not form.validate() or not erasures.may_leave(account):
        return _page(form, 422)
    sign_ins.end()
    erasures.erase_account(account, at=clock.now())
    return redirect(url_for("member_leaving.left"), 303)


@bp.get("/member/left")
@anyone
def left() -> ResponseReturnValue:
    """Nothing more to see."""
    return render_template("member/leaving/left.html")
