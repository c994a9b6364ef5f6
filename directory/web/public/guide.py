"""The guide: what a status means, and what to know before a session."""

from typing import Any

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from directory.config import Settings
from directory.http.access import anyone
from directory.http.revisits import lasting
from directory.lib import clock
from directory.lib.words import N_
from directory.models import Concern, GuidanceKind, Status
from directory.services import concerns, figures, guide, modalities, statuses

bp = Blueprint("public_guide", __name__)

BACK = "lower-back-pain"
# Which facts about a session stand where; the others belong to pages of their own.
SESSION = ("sc-length", "sc-head-to-foot", "sc-discomfort", "sc-age")
TIPS = ("sc-knot", "sc-partner", "sc-never-walk")

# What each status rests on, and what it leaves open.
MEANINGS: dict[Status, tuple[str, str]] = {
    Status.CHECKED: (
        N_("The latest look found the membership there, and today is inside its dates. The one filled seal."),
        N_("A register can be wrong or late. It may have changed since the day in the seal."),
    ),
    Status.CHECK_DUE: (
        N_("Confirmed once; the day to look again has passed. The lower half is an empty place again."),
        N_("Whether the membership goes on. Most do: it is we who have not looked again."),
    ),
    Status.SELF_REPORTED: (
        N_("A statement, and no look at any register yet. The place where a seal would go."),
        N_("Everything. Ask the practitioner, or look at the body’s register yourself."),
    ),
    Status.BEING_CHECKED: (
        N_("One of us has taken it up. The date is when we began, so it is written in ink and not pressed."),
        N_("Everything, until we have looked."),
    ),
    Status.NOT_CONFIRMED: (
        N_("We looked, so the line is whole; we found nothing, so there is only a dash in it."),
        N_(
            "Why. Names change, numbers are mistyped, registers leave people out. The practitioner is told seven days "
            "before a first “not found” is shown here."
        ),
    ),
    Status.ENDED: (
        N_("The register itself showed an end. Grey by engraved lines, so that it is grey in black and white, too."),
        N_("The reason. People retire, move, forget a fee. An end says nothing about how somebody works."),
    ),
    Status.RESTRICTED: (
        N_("A sheet and not a seal, because the words are the body’s own. It always leads to them."),
        N_("What the notice says. Two of us must agree before it is shown, and we look at it again within 30 days."),
    ),
    Status.WITHDRAWN: (
        N_("The practitioner no longer says so. The empty place, struck through."),
        N_("Why, and whether the membership was ever there."),
    ),
    Status.BODY_NOT_ASSESSED: (
        N_("We do not know enough of that body to check a statement against it. The empty place, with a question."),
        N_("Whether the body exists, keeps a register, or asks anything of its members."),
    ),
}


@bp.get("/guide")
@anyone
@lasting()
def index() -> ResponseReturnValue:
    """All pages of the guide."""
    return render_template(
        "public/guide/index.html", flags=guide.red_flags({BACK}), concerns=concerns.list_all(), section="guide"
    )


@bp.get("/statuses", endpoint="statuses")
@anyone
@lasting()
def statuses_page() -> ResponseReturnValue:
    """All nine statuses, worked out by the program itself."""
    day = clock.today(_settings().zone)
    return render_template(
        "public/guide/statuses.html",
        nine=[(standing, *MEANINGS[standing.status]) for standing in statuses.examples(day)],
        rule=guide.find("sc-holistic-rule"),
        scope=guide.find("vp-scope"),
        section="statuses",
    )


@bp.get("/before-you-go")
@anyone
@lasting()
def before_you_go() -> ResponseReturnValue:
    """Signs that need a doctor first; then a session, what to tell, self-help, and the lower back."""
    return render_template("public/guide/before_you_go.html", section="guide", **_before_you_go())


def _before_you_go() -> dict[str, Any]:
    settings = _settings()
    back = _back()
    names = {modality.id: modality for modality in modalities.list_all()}
    return {
        "flags": guide.public_red_flags(),
        "facts": _shown(SESSION),
        "warnings": guide.list_kind(GuidanceKind.CONTRAINDICATION),
        "tips": _shown(TIPS),
        "from_a_book": guide.find("sc-book"),
        "back": back,
        "back_methods": [(names.get(method["modality"]), method) for method in back.methods] if back else [],
        "elsewhere": guide.find("sc-not-muscular"),
        "recommend": guide.find("sc-recommend"),
        "consultation": guide.find("sc-consultation"),
        "pairing": figures.pairs_concerns(settings.country, switched_on=settings.concern_pairing),
    }


def _back() -> Concern | None:
    return next((concern for concern in concerns.list_all() if concern.id == BACK), None)


def _shown(ids: tuple[str, ...]) -> list[Any]:
    return [piece for piece in map(guide.find, ids) if piece is not None and piece.is_shown]


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
