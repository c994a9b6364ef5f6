"""What somebody may be about to type, for the script of the search form. Without it the form works as well."""

from flask import Blueprint, current_app, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from directory.config import Settings
from directory.http.access import anyone
from directory.http.words import problem, where
from directory.services import figures, suggestions
from directory.services.suggestions import MAX_TEXT, Kind, Suggestion

bp = Blueprint("public_suggestions", __name__)

SECONDS = 300


@bp.get("/practitioners/suggest")
@anyone
def index() -> ResponseReturnValue:
    """Suggestions for one of the two boxes of the search form, as JSON."""
    field, text = request.args.get("field", ""), request.args.get("text", "")
    if field not in {"q", "near"}:
        return problem(400, gettext("We could not read that"), gettext("The field is q or near."))
    if len(text) > MAX_TEXT:
        told = gettext("The text has at most %(number)s letters.", number=MAX_TEXT)
        return problem(400, gettext("We could not read that"), told)
    found = _find(field, text)
    answer = jsonify(
        suggestions=[_as_json(one) for one in found],
        count=ngettext("%(num)s suggestion", "%(num)s suggestions", len(found)) if found else "",
    )
    if any(one.kind is Kind.PRACTITIONER for one in found):
        # Whoever hides their listing is gone from the next answer.
        answer.cache_control.no_store = True
    else:
        answer.cache_control.public = True
        answer.cache_control.max_age = SECONDS
    return answer


def _find(field: str, text: str) -> list[Suggestion]:
    settings: Settings = current_app.extensions["settings"]
    if field == "near":
        return suggestions.for_place(text, settings.countries)
    pairs = figures.pairs_concerns(settings.country, switched_on=settings.concern_pairing)
    return suggestions.for_words(text, pairs_concerns=pairs)


def _as_json(one: Suggestion) -> dict[str, str]:
    """Either a text for the box, or the address of a page and words that say that it leads there."""
    found = {"kind": one.kind.value, "label": one.label, "note": _note(one)}
    if one.text:
        return {**found, "text": one.text}
    return {**found, "address": _address(one), "leads": gettext("opens a page")}


def _address(one: Suggestion) -> str:
    if one.kind is Kind.PRACTITIONER:
        return url_for("public_practitioners.show", public_id=one.id, slug=one.slug)
    return url_for("public_concerns.show", concern_id=one.id)


def _note(one: Suggestion) -> str:
    match one.kind:
        case Kind.MODALITY if one.called:
            return str(gettext("method, also called “%(name)s”", name=one.called))
        case Kind.MODALITY:
            return str(gettext("method"))
        case Kind.CONCERN:
            return str(gettext("what people come with"))
        case Kind.DOCTOR:
            return str(gettext("see a doctor first"))
        case Kind.PRACTITIONER:
            place = where(one.place) if one.place else ""
            called = gettext("also “%(name)s”", name=one.called) if one.called else ""
            return ", ".join(part for part in (place, called) if part) or str(gettext("practitioner"))
        case _:
            return ""
