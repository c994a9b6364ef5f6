"""Kinds of treatment: finding one, and listing them by family."""

from collections.abc import Mapping

from sqlalchemy import select

from directory.models import Modality, NotFound
from directory.services import copies

# The families in the order in which they are shown, from what this directory is about to its neighbours.
FAMILIES = (
    "east-asian-bodywork",
    "umbrella",
    "swedish-type",
    "deep-and-structural",
    "neuromuscular",
    "light-touch",
    "energy",
    "movement-education",
    "stress-reduction",
    "adjacent-regulated",
)


def get(modality_id: str) -> Modality:
    """One kind of treatment by its slug. Raises NotFound."""
    found = by_id().get(modality_id)
    if found is None:
        raise NotFound(f"no modality {modality_id}")
    return found


@copies.of_facts
def by_id() -> Mapping[str, Modality]:
    """Every kind of treatment by its slug, in the order of their names."""
    query = select(Modality).order_by(Modality.sort_key, Modality.id)
    return {modality.id: modality for modality in copies.rows(query)}


def list_all() -> list[Modality]:
    """Every kind of treatment, by name."""
    return list(by_id().values())


def by_family() -> dict[str, list[Modality]]:
    """Every kind of treatment, by family, in the order of FAMILIES; a family that is not known comes last."""
    found: dict[str, list[Modality]] = {family: [] for family in FAMILIES}
    for modality in list_all():
        found.setdefault(modality.family, []).append(modality)
    return {family: members for family, members in found.items() if members}


def children(modality_id: str) -> list[Modality]:
    """The forms of a kind of treatment, by name."""
    return [modality for modality in list_all() if modality.parent_id == modality_id]


def kin(modality: Modality) -> set[str]:
    """The slugs under which guidance may speak of a modality: its own, its parent's, and `shiatsu` or `massage`."""
    found = {modality.id}
    if modality.parent_id:
        found.add(modality.parent_id)
    if modality.is_shiatsu:
        found.add("shiatsu")
    if modality.details.get("counts_as_massage") == "yes":
        found.add("massage")
    return found
