"""A list of a body that somebody brings, and which column of it says what."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, SelectField, ValidationError
from wtforms.validators import InputRequired

from directory.web.forms.base import Form
from directory.web.forms.claims import TOO_LATE, Address, Day
from directory.web.forms.listings_rows import Boxes, Line

LONGEST_PERMISSION = 300


class Column(Protocol):
    """What a column can say: see services/register_imports."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def is_many(self) -> bool: ...


class ListForm(Form):
    """A list as a file, with what somebody says of it."""

    file = FileField(_("The list, as a CSV file"), validators=[FileRequired(_("Choose the file"))])
    listed_on = Day(_("Date of the list"))
    source_url = Address(_("Address where the body publishes it"))
    permission = Line(
        _("Under which permission we use it"),
        LONGEST_PERMISSION,
        validators=[InputRequired(_("Say under which permission we use the list"))],
    )
    is_older = BooleanField(_("It is older than the latest list that we hold, and I mean to add it"))

    today: dt.date = dt.date.max

    def validate_listed_on(self, field: Any) -> None:
        if field.data is None and not field.errors:
            raise ValidationError(_("Say on which day the body made the list"))
        if field.data and field.data > self.today:
            raise ValidationError(TOO_LATE)


class SeenForm(Form):
    """One button for what was seen: `seen` is the mark of what a list would do."""

    seen = HiddenField()


class ColumnsForm(Form):
    """Which column says what: a field for each thing that the directory reads. See columns_form."""

    fields: Sequence[Column] = ()

    def chosen(self) -> dict[str, list[str]]:
        """The headings by field; none where no column says it."""
        found = {}
        for one in self.fields:
            data = self["say_" + one.name].data
            found[one.name] = list(data) if one.is_many else [data] if data else []
        return {name: headings for name, headings in found.items() if headings}


def columns_form(fields: Sequence[Column], headings: Iterable[str], translated: Any) -> type[ColumnsForm]:
    """A form with these fields, each of which takes one of the headings, or several."""
    known = [(heading, heading) for heading in headings]
    made: dict[str, Any] = {"fields": fields}
    for one in fields:
        label = translated(one.label)
        made["say_" + one.name] = (
            Boxes(label, choices=known)
            if one.is_many
            else SelectField(label, choices=[("", translated(_("No column"))), *known])
        )
    return type("ChosenColumnsForm", (ColumnsForm,), made)
