"""The statements of a record of reference, as somebody edits them."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from flask_babel import lazy_gettext as _
from wtforms import Field, HiddenField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from directory.web.forms.base import Form

LONGEST_LINE, LONGEST_TEXT, MOST_LINES, LONGEST_NOTE = 300, 5_000, 80, 500
TOO_LONG = _("Say it in %(max)d characters at most")
NEEDED = _("Write something here: it cannot be empty")
CHOOSE = _("Choose one")
_ADDRESS = re.compile(r"https?://[^\s/?#]+\S*", re.IGNORECASE)
_ELSEWHERE = re.compile(r"[a-z]{3,20}:\S.*")


class Editable(Protocol):
    """A field that can be edited: see services/reference_edits."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def is_needed(self) -> bool: ...
    @property
    def choices(self) -> tuple[str, ...]: ...
    @property
    def kind(self) -> str: ...


class StatementsForm(Form):
    """What every such form has. `seen` is the mark of the record as it was when the form was opened."""

    seen = HiddenField()
    note = StringField(_("Why, in a few words, if you like"), validators=[Length(max=LONGEST_NOTE, message=TOO_LONG)])
    columns: Sequence[Editable] = ()

    @property
    def statements(self) -> list[Field]:
        """The fields of the record, in its own order."""
        return [self[column.name] for column in self.columns]

    def said(self) -> dict[str, Any]:
        """The values to keep: text, lists of text, None for what was left empty."""
        return {column.name: _value(column, self[column.name].data or "") for column in self.columns}


class ReviewForm(Form):
    """One button: somebody looked, and there is nothing to change."""

    seen = HiddenField()


def form_for(columns: Sequence[Editable], translated: Any) -> type[StatementsForm]:
    """A form with these fields; `translated` turns a label into words of the reader's language."""
    fields = {column.name: _field(column, translated(column.label)) for column in columns}
    return type("RecordForm", (StatementsForm,), {**fields, "columns": tuple(columns)})


def _field(column: Editable, label: str) -> Field:
    needed = [DataRequired(CHOOSE if column.kind == "choice" else NEEDED)] if column.is_needed else []
    if column.kind == "choice":
        return RadioField(
            label, choices=[(one, one.replace("_", " ")) for one in map(str, column.choices)], validators=needed
        )
    if column.kind == "lines":
        check = _is_source if column.name == "sources" else _is_line
        return TextAreaField(label, validators=[*needed, check])
    if column.kind == "text":
        return TextAreaField(label, validators=[*needed, Length(max=LONGEST_TEXT, message=TOO_LONG)])
    checks = [_is_address] if column.kind == "address" else []
    return StringField(label, validators=[*needed, Length(max=LONGEST_LINE, message=TOO_LONG), *checks])


def _value(column: Editable, typed: str) -> Any:
    if column.kind == "lines":
        return list(dict.fromkeys(lines(typed)))
    typed = "\n".join(line.rstrip() for line in typed.strip().splitlines())
    return typed if typed or column.is_needed else None


def lines(typed: str) -> list[str]:
    """The lines of what was typed, without blank ones and spaces around them."""
    return [line.strip() for line in typed.splitlines() if line.strip()]


def _is_line(_form: Form, field: Field) -> None:
    _check_lines(lines(field.data or ""))


def _is_source(_form: Form, field: Field) -> None:
    typed = lines(field.data or "")
    _check_lines(typed)
    for number, line in enumerate(typed, start=1):
        if not (
            _ADDRESS.fullmatch(line) or (_ELSEWHERE.fullmatch(line) and not line.startswith(("javascript:", "data:")))
        ):
            raise ValidationError(
                _("Line %(number)d is no address: begin it with https://, or with where it is from, as article:")
                % {"number": number}
            )


def _check_lines(typed: Iterable[str]) -> None:
    every = list(typed)
    if len(every) > MOST_LINES:
        raise ValidationError(_("Write %(max)d lines at most") % {"max": MOST_LINES})
    if any(len(line) > LONGEST_LINE for line in every):
        raise ValidationError(_("Write %(max)d characters a line at most") % {"max": LONGEST_LINE})


def _is_address(_form: Form, field: Field) -> None:
    if field.data and not _ADDRESS.fullmatch(field.data.strip()):
        raise ValidationError(_("Write a whole address that begins with https://"))
