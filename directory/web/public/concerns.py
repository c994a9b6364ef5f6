"""What people come with."""

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from directory.config import Settings
from directory.http.access import anyone
from directory.http.revisits import lasting
from directory.lib import clock
from directory.models import GuidanceKind
from directory.services import concerns, figures, guide, modalities

bp = Blueprint("public_concerns", __name__)


@bp.get("/concerns")
@anyone
@lasting()
def index() -> ResponseReturnValue:
    """Everything that people come with."""
    found = concerns.list_all()
    return render_template(
        "public/concerns/index.html",
        flags=guide.red_flags({concern.id for concern in found}),
        listed=[concern for concern in found if concern.lists_practitioners],
        doctor_first=[concern for concern in found if not concern.lists_practitioners],
        counts=_counts(),
        pairing=_pairing(),
        section="guide",
    )


@bp.get("/concerns/<concern_id>")
@anyone
@lasting()
def show(concern_id: str) -> ResponseReturnValue:
    """What is known about a concern: signs that need a doctor first, then who associates which methods with it."""
    concern = concerns.get(concern_id)
    tips = guide.applying_to(GuidanceKind.SELF_CARE, {concern.id})
    names = {modality.id: modality for modality in modalities.list_all()}
    lists = concern.lists_practitioners and _pairing()
    return render_template(
        "public/concerns/show.html",
        concern=concern,
        # A tip has the signs of everything that it is for, not only of this.
        flags=guide.red_flags({concern.id, *(other for tip in tips for other in tip.applies_to)}),
        facts=guide.applying_to(GuidanceKind.SESSION_FACT, {concern.id}, where="concern pages"),
        tips=tips,
        methods=[(names[method["modality"]], method) for method in concern.methods if method["modality"] in names],
        lists=lists,
        count=_counts().get(concern.id, 0) if lists else 0,
        section="guide",
    )


def _counts() -> dict[str, int]:
    """How many practitioners say they often work with each concern."""
    return figures.on(clock.today(_settings().zone)).by_concern if _pairing() else {}


def _pairing() -> bool:
    settings = _settings()
    return figures.pairs_concerns(settings.country, switched_on=settings.concern_pairing)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
