"""What all forms share: protection, a summary of what is wrong, and nothing that a form does not own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, FieldList, FormField, StringField
from wtforms.validators import Length


@dataclass(frozen=True)
class Problem:
    """Something to put right: the id of its field, and what to do."""

    field_id: str
    message: str


class Form(FlaskForm):
    """A form of the site. Its fields are all that it can change."""

    @property
    def problems(self) -> Sequence[Problem]:
        """Everything to put right, in the order of the fields, each once."""
        found = [Problem("main", str(message)) for message in self.form_errors]
        for field in self:
            found += _problems_of(field)
        return list(dict.fromkeys(found))


class ButtonForm(Form):
    """A button that does one thing."""


class Trapped(Form):
    """A form for anybody, with a field that people do not see: programs that fill in whatever there is fill it in."""

    homepage = StringField(_("Leave this empty"), validators=[Length(max=1_000)])

    @property
    def is_by_a_program(self) -> bool:
        return bool(self.homepage.data)


def _problems_of(field: Field) -> Iterator[Problem]:
    if isinstance(field, FieldList):
        for entry in field.entries:
            yield from _problems_of(entry)
    elif isinstance(field, FormField):
        for inner in field.form:
            yield from _problems_of(inner)
    if isinstance(field, FormField):
        return
    own = [error for error in field.errors if isinstance(error, str) or hasattr(error, "_func")]
    yield from (Problem(first_id(field), str(error)) for error in own)


def first_id(field: Field) -> str:
    """The id to which a link in the summary leads: of a group of choices the first one."""
    kind = type(field.widget).__name__
    has_choices = hasattr(field, "iter_choices") and kind in {"ListWidget", "TableWidget"}
    return f"{field.id}-0" if has_choices else str(field.id)
