"""Forms that were sent when the session had ended meanwhile: what was typed is kept in the page, and sent on.

Nothing is stored. The page holds the fields; whoever signs in again, here or in another tab, sends them once more.
"""

import json
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from directory.http import sign_ins
from directory.http.access import AGREE, INTERRUPTED, PROVE, Access, access_of, anyone
from directory.web.forms.accounts import KeptForm
from directory.web.member import signing_in

bp = Blueprint("member_resuming", __name__, url_prefix="/member")

MOST_FIELDS, MOST_CHARACTERS = 600, 200_000
# What is not written into a page again.
SECRET = ("password", "csrf_token", "code", "credential")
# What the page of a form says: its heading, why, and where to go first.
NOTHING_FIRST = (_("Send what you typed"), _("You are signed in. One more press, and it is sent."), None)
FIRST = {
    PROVE: (
        _("Prove once more who you are: what you typed is kept"),
        _("What you sent is sensitive, and it is more than ten minutes since you signed in."),
        _("Prove it in another tab"),
    ),
    AGREE: (
        _("Read what is new first: what you typed is kept"),
        _("The terms or the rules for listings have changed since you agreed to them."),
        _("Read them in another tab"),
    ),
}


@dataclass(frozen=True)
class Kept:
    """A form on its way: where it was going, its fields in order, and whether files were left behind."""

    target: str
    fields: tuple[tuple[str, str], ...]
    had_files: bool = False

    def text(self) -> str:
        return json.dumps({"target": self.target, "fields": self.fields, "had_files": self.had_files})


def init_app(app: Flask) -> None:
    """Answer forms of whoever is not signed in any more, and those of a session that another took the place of."""
    app.extensions[INTERRUPTED] = interrupted
    refuse: Any = app.error_handler_spec[None][400][CSRFError]

    @app.errorhandler(CSRFError)
    def _csrf(error: CSRFError) -> ResponseReturnValue:
        endpoint = request.endpoint
        is_ours = endpoint is not None and access_of(endpoint) in {Access.MEMBER, Access.PERMITTED}
        if is_ours and _is_from_here() and sign_ins.current() is not None:
            try:
                return send_again(of_request(), 400)
            except RequestEntityTooLarge as too_large:
                # Nothing catches what is raised while another error is answered.
                return app.handle_http_exception(too_large)
        answer: ResponseReturnValue = refuse(error)
        return answer


def _is_from_here() -> bool:
    """Whether a page of this site sent the form, as far as the browser says: others may not fill in a form here."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    here = request.host_url.rstrip("/")
    return origin == here or origin.startswith(here + "/")


def of_request() -> Kept:
    """The fields of this request, without passwords, codes and files."""
    fields = [
        (name, value)
        for name, values in request.form.lists()
        if not any(word in name.lower() for word in SECRET)
        for value in values
    ]
    if len(fields) > MOST_FIELDS or sum(len(name) + len(value) for name, value in fields) > MOST_CHARACTERS:
        abort(413)
    target = request.full_path if request.query_string else request.path
    return Kept(target, tuple(fields), any(file.filename for file in request.files.values()))


def read(text: str) -> Kept | None:
    """What a page of ours held, if it is whole and leads to a form of this site."""
    try:
        said = json.loads(text)
        fields = tuple((str(name), str(value)) for name, value in said["fields"])
        target, had_files = str(said["target"]), bool(said["had_files"])
        # What stands there as \ud800 is no text, and no page can hold it.
        "".join((target, *(part for pair in fields for part in pair))).encode()
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if len(fields) > MOST_FIELDS or not _is_form(target):
        return None
    return Kept(target, fields, had_files)


def _is_form(target: str) -> bool:
    """Whether something is the path of a form for whoever is signed in."""
    if not target.startswith("/") or target.startswith(("//", "/\\")):
        return False
    try:
        endpoint, _arguments = current_app.url_map.bind("").match(target.partition("?")[0], "POST")
    except HTTPException:
        return False
    return access_of(endpoint) in {Access.MEMBER, Access.PERMITTED}


def interrupted(endpoint: str) -> ResponseReturnValue:
    """The page for a form of whoever is not signed in, has not proved lately who they are, or has yet to agree."""
    if not _is_from_here():
        abort(403)
    kept = of_request()
    if endpoint in {PROVE, AGREE}:
        return send_again(kept, 401 if endpoint == PROVE else 403, first=endpoint)
    return _page(KeptForm(formdata=None, kept=kept.text()), kept, 401)


def _page(form: KeptForm, kept: Kept, status: int) -> ResponseReturnValue:
    return render_template("member/resuming/sign_in.html", form=form, kept=kept), status


def send_again(kept: Kept, status: int, first: str | None = None) -> ResponseReturnValue:
    """A page with nothing but a button that sends the form once more. `first`: the page to open before that."""
    words = FIRST.get(first or "", NOTHING_FIRST)
    return render_template("member/resuming/send.html", kept=kept, first=first, words=words), status


@bp.post("/sign-in-again")
@anyone
def sign_in_again() -> ResponseReturnValue:
    """Sign in with a password, and send on what was typed."""
    form = KeptForm()
    kept = read(form.kept.data or "")
    if kept is None:
        abort(400)
    if not form.validate():
        return _page(form, kept, 422)
    account = signing_in.by_password(form.email.data, form.password.data)
    if account is None:
        form.form_errors.append(signing_in.WRONG)
        return _page(form, kept, 422)
    with_code = account.has_second_factor
    if with_code and not _takes(account, form.code.data):
        form.code.errors = [_("Type the code that your app shows now, or sign in in another tab.")]
        return _page(form, kept, 422)
    signing_in.start(account, "password+app" if with_code else "password", second_factor=with_code)
    return send_again(kept, 200)


def _takes(account: Any, code: str | None) -> bool:
    return bool(code) and signing_in.take_code(account, str(code)) is not None
