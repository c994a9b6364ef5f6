"""The components in use, for developers."""

from dataclasses import dataclass

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from directory.config import Settings
from directory.http.access import developer
from directory.lib import clock
from directory.lib.words import N_
from directory.services import guide, search, statuses

bp = Blueprint("public_styleguide", __name__)


@dataclass(frozen=True)
class Value:
    """One value of an example of a filter."""

    value: str
    label: str
    count: int
    is_chosen: bool = False


@dataclass(frozen=True)
class Group:
    """An example of a filter."""

    facet: str
    legend: str
    first: tuple[Value, ...]
    rest: tuple[Value, ...] = ()


EXAMPLE = Group(
    "modality",
    N_("Method"),
    (
        Value("shiatsu", "Shiatsu", 43, is_chosen=True),
        Value("thai-massage", "Thai massage", 8),
        Value("reiki", "Reiki", 0),
    ),
    (Value("bowen", "Bowen technique", 2),),
)


@bp.get("/styleguide")
@developer
def show() -> ResponseReturnValue:
    """Every component, with invented content."""
    settings: Settings = current_app.extensions["settings"]
    return render_template(
        "public/styleguide/show.html",
        standings=statuses.examples(clock.today(settings.zone)),
        distances=search.distances(settings.distance_unit),
        flags=guide.red_flags({"lower-back-pain"}),
        law=guide.regulation_for(settings.country),
        group=EXAMPLE,
    )
