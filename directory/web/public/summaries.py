"""The summary itself: what was answered, in words, as text and as a drawing."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from directory.http.words import day
from directory.lib.words import N_
from directory.services import consultation
from directory.services.consultation import Area, Mark, Question
from directory.web.forms.consultation import AnswersForm, words_of
from directory.web.public import body_map

# The field, and what it is called in a summary.
LINES = (
    ("where", N_("Where")),
    ("whole", N_("In no one place")),
    ("feelings", N_("How it feels")),
    ("lasting", N_("Since when")),
    ("began", N_("How it began")),
    ("eases", N_("What eases it")),
    ("worsens", N_("What makes it worse")),
    ("tried", N_("Tried so far")),
    ("warnings", N_("To be careful of")),
    ("pregnancy", N_("Pregnant")),
    ("conditions", N_("Illnesses and injuries")),
    ("medicines", N_("Medicines")),
    ("pressure", N_("Pressure")),
    ("avoid", N_("Not to be touched")),
    ("hopes", N_("Hopes")),
)
SIDES = {"left": N_("%(area)s, left"), "right": N_("%(area)s, right")}
ON_SIDES = {
    ("left",): N_("%(area)s (left)"),
    ("right",): N_("%(area)s (right)"),
    ("left", "right"): N_("%(area)s (both sides)"),
}
NO_SIGN = N_("Asked on %(day)s about signs that need a doctor first: no to each.")
SOME_SIGNS = N_("Asked on %(day)s about signs that need a doctor first: yes to %(signs)s.")


@dataclass(frozen=True)
class Summary:
    """What a summary shows: the answer about signs, lines of a name and words, and the places that were marked."""

    asked: str
    lines: Sequence[tuple[str, str]]
    marked: Collection[str]

    @property
    def text(self) -> str:
        """It as plain text, at most some 5,000 characters."""
        lines = [gettext("Summary before a session"), "", self.asked, ""]
        return "\n".join([*lines, *(f"{label}: {words}" for label, words in self.lines), ""])

    @property
    def figure(self) -> dict[str, Any]:
        """The drawing with the places that were marked."""
        areas = [
            (mark.key in self.marked, shape)
            for mark in consultation.MARKS.values()
            for shape in body_map.shapes(mark.area.key, mark.side)
        ]
        return {"size": body_map.SIZE, "outline": body_map.OUTLINE, "areas": areas}


def summary_of(questions: Sequence[Question], yes: Collection[str], answers: AnswersForm, on: dt.date) -> Summary:
    """What was answered on a day. What was left out is not there."""
    lines = [(gettext(label), _words(answers[name])) for name, label in LINES]
    return Summary(
        _asked([question.flag.title for question in questions if question.flag.id in yes], on),
        [(label, words) for label, words in lines if words],
        answers.where.data or [],
    )


def mark_words(mark: Mark) -> str:
    """A place as it is ticked: Knee, left."""
    area = str(gettext(mark.area.label))
    return str(gettext(SIDES[mark.side], area=area) if mark.side else area)


def _asked(signs: Sequence[str], on: dt.date) -> str:
    """That the red flags were asked, and what was answered: on a summary, nothing that ends the journey."""
    if signs:
        return str(gettext(SOME_SIGNS, day=day(on), signs=", ".join(signs)))
    return str(gettext(NO_SIGN, day=day(on)))


def _words(field: Any) -> str:
    if field.name == "where":
        return "; ".join(_places(field.data or []))
    return "; ".join(words_of(field)) if hasattr(field, "choices") else str(field.data or "")


def _places(marked: Collection[str]) -> list[str]:
    """What was marked: of a place with two sides once, with its sides."""
    sides: dict[Area, tuple[str, ...]] = {}
    for mark in consultation.marks_of(marked):
        sides[mark.area] = (*sides.get(mark.area, ()), *([mark.side] if mark.side else []))
    return [
        gettext(ON_SIDES[found], area=gettext(area.label)) if found else gettext(area.label)
        for area, found in sides.items()
    ]
