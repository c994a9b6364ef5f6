"""The registers of bodies on the desk: which lists are held, bringing one, and deciding about it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from directory.http.access import permitted
from directory.http.transaction import abandon
from directory.http.uploads import takes_files
from directory.http.words import plain_message
from directory.lib import clock
from directory.lib.words import N_
from directory.models import ImportState, InvalidTransition, Permission, ProposalKind, RegisterImport
from directory.services import bodies, moderation, proposals, register_imports, registers
from directory.services.register_imports import Brought, Difference, Problem, Refused
from directory.web.admin import desk
from directory.web.forms.registers import ColumnsForm, ListForm, SeenForm, columns_form

bp = Blueprint("admin_registers", __name__)

# The fields beside the file are short.
MOST_REQUEST_BYTES = register_imports.MOST_BYTES + 100_000
# So many claims whose status would change stand on the page.
TOLD = 100

HELD = N_("This very file is held already, as the list of that day. Nothing was changed.")
READ = N_("The list was read. Nothing is changed yet.")
APPLIED = N_("The list is applied. It can be undone for 30 days.")
NOTHING = N_("Everything in it is held already. Nothing was changed.")
PROPOSED = N_("You proposed to apply this list. A second person must agree.")
REFUSED = N_("Not agreed: nothing is changed.")
DISCARDED = N_("The list is discarded. Nothing of it was kept but its hash.")
UNDONE = N_("The list is undone: what is held is as before.")
COLUMNS = N_("The columns are kept. This is what the list says now.")
ON = N_("From the next list on, claims are confirmed where number, name and a tie agree.")
OFF = N_("Lists of this body confirm nothing by themselves any more.")
TOO_LATE = N_("This is not as you saw it any more. Look again before you decide.")
SECOND = N_("By now one person alone may not apply this.")


@bp.get("/admin/registers")
@permitted(Permission.DECIDE_CLAIMS)
def index() -> ResponseReturnValue:
    """Which lists are held, and how old they are."""
    held = register_imports.overview()
    known = {one.body.id for one in held}
    return render_template(
        "admin/registers/index.html",
        held=held,
        others=[body for body in bodies.list_all() if body.lists_individuals and body.id not in known],
        waiting=[
            (one, register_imports.get(one.about_id)) for one in proposals.list_open(ProposalKind.REGISTER_IMPORT)
        ],
        bodies=bodies.by_id(),
        today=clock.today(desk.settings().zone),
    )


@bp.get("/admin/registers/<string(maxlength=60):body_id>")
@permitted(Permission.DECIDE_CLAIMS)
def show(body_id: str) -> ResponseReturnValue:
    """The lists of one body, and the form that takes the next."""
    register = registers.find_register(body_id)
    form = ListForm(
        formdata=None,
        source_url=register.source_url if register else None,
        permission=register.permission if register else None,
    )
    return _page(body_id, form)


@bp.post("/admin/registers/<string(maxlength=60):body_id>/imports")
@permitted(Permission.DECIDE_CLAIMS)
@takes_files(MOST_REQUEST_BYTES)
def bring(body_id: str) -> ResponseReturnValue:
    """Read a list, and change nothing."""
    bodies.get(body_id)
    form = ListForm()
    form.today = clock.today(desk.settings().zone)
    if not form.validate():
        return _page(body_id, form), 422
    brought = Brought(
        content=form.file.data.read(),
        name=form.file.data.filename or "",
        source_url=form.source_url.data or None,
        listed_on=form.listed_on.data,
        permission=form.permission.data,
        is_older=form.is_older.data,
    )
    try:
        import_ = register_imports.stage(body_id, brought, by=desk.administrator(), at=clock.now())
    except Refused as error:
        form.file.errors = [plain_message(error.message)]
        found = error.reading.problems if error.reading else []
        return _page(body_id, form, found), 422
    flash(gettext(READ if import_.state is ImportState.STAGED else HELD))
    return redirect(url_for(".show_import", import_id=import_.id), 303)


@bp.post("/admin/registers/<string(maxlength=60):body_id>/automatic-confirmation")
@permitted(Permission.EDIT_REFERENCE)
def switch_on(body_id: str) -> ResponseReturnValue:
    """Let the lists of a body confirm claims by themselves."""
    return _switch(body_id, is_on=True)


@bp.post("/admin/registers/<string(maxlength=60):body_id>/confirmation-by-hand")
@permitted(Permission.EDIT_REFERENCE)
def switch_off(body_id: str) -> ResponseReturnValue:
    """Let them confirm nothing any more."""
    return _switch(body_id, is_on=False)


@bp.get("/admin/registers/imports/<int:import_id>")
@permitted(Permission.DECIDE_CLAIMS)
def show_import(import_id: int) -> ResponseReturnValue:
    """What a list would change, or what became of it."""
    return _import_page(register_imports.get(import_id))


@bp.post("/admin/registers/imports/<int:import_id>/columns")
@permitted(Permission.DECIDE_CLAIMS)
def choose_columns(import_id: int) -> ResponseReturnValue:
    """Say which column says what."""
    import_ = register_imports.get(import_id)
    if import_.state is not ImportState.STAGED:
        return _import_page(import_, gettext(TOO_LATE)), 409
    try:
        form = _columns_form(import_, is_sent=True)
        if not form.validate():
            return _import_page(import_, columns=form), 422
        said = form.chosen()
        register_imports.choose_columns(import_, said, by=desk.administrator(), at=clock.now())
    except Refused as error:
        return _import_page(import_, plain_message(error.message)), 422
    except InvalidTransition:
        return _import_page(import_, gettext(TOO_LATE)), 409
    flash(gettext(COLUMNS))
    return redirect(url_for(".show_import", import_id=import_id), 303)


@bp.post("/admin/registers/imports/<int:import_id>/application")
@permitted(Permission.DECIDE_CLAIMS)
def apply(import_id: int) -> ResponseReturnValue:
    """Apply a list."""
    seen = SeenForm().seen.data or ""

    def do(import_: RegisterImport) -> str:
        done = register_imports.apply(import_, by=desk.administrator(), at=clock.now(), seen=seen)
        return APPLIED if done.state is ImportState.APPLIED else NOTHING

    return _decide(import_id, do)


@bp.post("/admin/registers/imports/<int:import_id>/proposal")
@permitted(Permission.DECIDE_CLAIMS)
def propose(import_id: int) -> ResponseReturnValue:
    """Ask a second person to agree."""
    seen = SeenForm().seen.data or ""

    def do(import_: RegisterImport) -> str:
        register_imports.propose(import_, by=desk.administrator(), at=clock.now(), seen=seen)
        return PROPOSED

    return _decide(import_id, do)


@bp.post("/admin/registers/imports/<int:import_id>/agreement")
@permitted(Permission.DECIDE_CLAIMS)
def agree(import_id: int) -> ResponseReturnValue:
    """Agree, as the second person: the list is applied."""
    seen = SeenForm().seen.data or ""

    def do(import_: RegisterImport) -> str:
        register_imports.agree(import_, by=desk.administrator(), at=clock.now(), seen=seen)
        return APPLIED

    return _decide(import_id, do)


@bp.post("/admin/registers/imports/<int:import_id>/refusal")
@permitted(Permission.DECIDE_CLAIMS)
def refuse(import_id: int) -> ResponseReturnValue:
    """Do not agree."""

    def do(import_: RegisterImport) -> str:
        register_imports.refuse(import_, by=desk.administrator(), at=clock.now())
        return REFUSED

    return _decide(import_id, do)


@bp.post("/admin/registers/imports/<int:import_id>/disposal")
@permitted(Permission.DECIDE_CLAIMS)
def discard(import_id: int) -> ResponseReturnValue:
    """Take nothing of a list."""

    def do(import_: RegisterImport) -> str:
        register_imports.discard(import_, by=desk.administrator(), at=clock.now())
        return DISCARDED

    return _decide(import_id, do)


@bp.post("/admin/registers/imports/<int:import_id>/reversal")
@permitted(Permission.DECIDE_CLAIMS)
def undo(import_id: int) -> ResponseReturnValue:
    """Put back what was held before a list."""

    def do(import_: RegisterImport) -> str:
        register_imports.undo(import_, by=desk.administrator(), at=clock.now())
        return UNDONE

    return _decide(import_id, do)


def _decide(import_id: int, do: Callable[[RegisterImport], str]) -> ResponseReturnValue:
    import_ = register_imports.get(import_id)
    try:
        done = do(import_)
    except register_imports.NeedsSecond:
        return _conflict(import_id, gettext(SECOND))
    except InvalidTransition:
        return _conflict(import_id, gettext(TOO_LATE))
    except Refused as error:
        return _conflict(import_id, plain_message(error.message))
    flash(gettext(done))
    return redirect(url_for(".show_import", import_id=import_id), 303)


def _conflict(import_id: int, mistake: str) -> ResponseReturnValue:
    """What was seen is not so any more: the page as it is now, and nothing of the attempt."""
    abandon()
    return _import_page(register_imports.get(import_id), mistake), 409


def _switch(body_id: str, *, is_on: bool) -> ResponseReturnValue:
    register = registers.get(body_id)
    register_imports.confirm_automatically(register, is_on=is_on, by=desk.administrator(), at=clock.now())
    flash(gettext(ON if is_on else OFF))
    return redirect(url_for(".show", body_id=body_id), 303)


def _page(body_id: str, form: ListForm, found: list[Problem] | None = None) -> str:
    body = bodies.get(body_id)
    register = registers.find_register(body_id)
    brought = register_imports.imports(body_id)
    return render_template(
        "admin/registers/show.html",
        body=body,
        register=register,
        lists=registers.lists(body_id),
        imports=brought,
        names=moderation.names_of({one.staged_by_id for one in brought if one.staged_by_id}),
        fields={field.name: field.label for field in register_imports.FIELDS},
        form=form,
        found=found or [],
        may_switch=desk.administrator().may(Permission.EDIT_REFERENCE),
    )


def _columns_form(import_: RegisterImport, *, is_sent: bool = False) -> ColumnsForm:
    """Which column says what, as it is now or as it was sent. Raises Refused when the file is not kept any more."""
    headings = [heading for heading, _ in register_imports.sample(import_)]
    form_class = columns_form(register_imports.FIELDS, headings, gettext)
    if is_sent:
        return form_class()
    chosen: dict[str, Any] = {}
    for field in register_imports.FIELDS:
        now = import_.columns.get(field.name, [])
        chosen["say_" + field.name] = now if field.is_many else next(iter(now), "")
    return form_class(formdata=None, data=chosen)


def _import_page(import_: RegisterImport, mistake: str | None = None, columns: ColumnsForm | None = None) -> str:
    account, at = desk.administrator(), clock.now()
    found: Difference | None = None
    sample: list[tuple[str, list[str]]] = []
    if import_.state in {ImportState.STAGED, ImportState.WAITING}:
        try:
            found = register_imports.difference(import_, by=account, at=at)
            if import_.state is ImportState.STAGED:
                sample = register_imports.sample(import_)
                columns = columns or _columns_form(import_)
        except Refused as error:
            mistake = mistake or plain_message(error.message)
    proposal = proposals.find_open(ProposalKind.REGISTER_IMPORT, import_.id)
    latest = register_imports.undoable(import_.body_id, at=at)
    people = {import_.staged_by_id, import_.applied_by_id, import_.second_by_id, import_.undone_by_id}
    people |= {proposal.by_id} if proposal else set()
    return render_template(
        "admin/registers/import.html",
        import_=import_,
        body=bodies.get(import_.body_id),
        found=found,
        changes=found.claims_that_change[:TOLD] if found else [],
        problems=[Problem.of_json(one) for one in import_.report],
        fields={field.name: field.label for field in register_imports.FIELDS},
        sample=sample,
        columns=columns,
        mark=found.mark if found else "",
        proposal=proposal,
        is_mine=proposal is not None and proposal.by_id == account.id,
        may_agree=proposal is not None and proposals.may_agree(proposal, account, at),
        may_undo=latest is not None and latest.id == import_.id,
        names=moderation.names_of({one for one in people if one}),
        mistake=mistake,
    )
