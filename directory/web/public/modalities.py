"""Kinds of treatment."""

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from directory.config import Settings
from directory.http.access import anyone
from directory.http.revisits import lasting
from directory.lib import clock
from directory.lib.words import N_
from directory.models import GuidanceKind, HolisticRole, Modality
from directory.services import figures, guide, modalities

bp = Blueprint("public_modalities", __name__)

FAMILIES = {
    "east-asian-bodywork": N_("Bodywork from East Asia"),
    "umbrella": N_("Words for many methods"),
    "swedish-type": N_("Massage of the Swedish kind"),
    "deep-and-structural": N_("Deep and structural massage"),
    "neuromuscular": N_("Work on muscles and their points"),
    "light-touch": N_("Light touch"),
    "energy": N_("Energy work"),
    "movement-education": N_("Learning to move"),
    "stress-reduction": N_("Ways of easing stress"),
    "adjacent-regulated": N_("Neighbouring professions"),
}
ROLES = {
    HolisticRole.BASE: N_("It counts as a base."),
    HolisticRole.OTHER_DEEP: N_("It counts as another deep method."),
    HolisticRole.STRESS: N_("It counts as a way of easing stress."),
    HolisticRole.NONE: N_("It has no part in it."),
}
# The language of a name in its own script.
NATIVE_LANGUAGES = {
    "shiatsu": "ja",
    "anma": "ja",
    "reiki": "ja",
    "tui-na": "zh",
    "gua-sha": "zh",
    "qigong": "zh",
    "thai-massage": "th",
    "connective-tissue-massage": "de",
}
PROFESSIONS = frozenset({"acupuncture", "osteopathy", "chiropractic", "physiotherapy"})


@bp.get("/modalities")
@anyone
@lasting()
def index() -> ResponseReturnValue:
    """Every kind of treatment, by family."""
    return render_template(
        "public/modalities/index.html",
        families=modalities.by_family(),
        names=FAMILIES,
        counts=figures.on(clock.today(_settings().zone)).by_modality,
        section="guide",
    )


@bp.get("/modalities/<modality_id>")
@anyone
@lasting()
def show(modality_id: str) -> ResponseReturnValue:
    """What a kind of treatment is, and what is known of it."""
    modality = modalities.get(modality_id)
    kin = modalities.kin(modality)
    tips = guide.applying_to(GuidanceKind.SELF_CARE, kin)
    profession = _profession(modality)
    return render_template(
        "public/modalities/show.html",
        modality=modality,
        family=FAMILIES.get(modality.family, modality.family),
        role=ROLES[modality.holistic_role],
        native_language=NATIVE_LANGUAGES.get(modality.id),
        parent=modalities.get(modality.parent_id) if modality.parent_id else None,
        children=modalities.children(modality.id),
        flags=guide.red_flags({concern_id for tip in tips for concern_id in tip.applies_to}),
        facts=guide.applying_to(GuidanceKind.SESSION_FACT, kin, where="what to expect"),
        warnings=guide.applying_to(GuidanceKind.CONTRAINDICATION, kin),
        tips=tips,
        has_law=profession is not None,
        law=guide.regulation_for(_settings().country, profession=profession) if profession else None,
        count=figures.on(clock.today(_settings().zone)).by_modality.get(modality.id, 0),
        section="guide",
    )


def _profession(modality: Modality) -> str | None:
    """The profession under whose name the law speaks of a kind of treatment, if it does."""
    if modality.id in PROFESSIONS:
        return modality.id
    if modality.is_shiatsu:
        return "shiatsu"
    return "massage" if modality.details.get("counts_as_massage") == "yes" else None


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
