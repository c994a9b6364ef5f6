"""Kinds of treatment."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base, SortKey, states
from directory.models.sourced import Sourced


class HolisticRole(StrEnum):
    """The part that a modality plays in the rule of what is called holistic."""

    BASE = "base"
    OTHER_DEEP = "other_deep"
    STRESS = "stress"
    NONE = "none"


class Modality(Sourced, Base):
    """A kind of treatment, such as shiatsu. `id` is the slug in addresses."""

    __tablename__ = "modality"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    native_name: Mapped[str | None]
    synonyms: Mapped[list[str]]
    family: Mapped[str]
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("modality.id"))
    tier: Mapped[str]
    description: Mapped[str]
    clothing: Mapped[str | None]
    surface: Mapped[str | None]
    wording: Mapped[str | None]
    is_shiatsu: Mapped[bool]
    holistic_role: Mapped[HolisticRole] = mapped_column(states(HolisticRole))
    details: Mapped[dict[str, Any]]
    sort_key: Mapped[SortKey]

    @property
    def terms(self) -> list[str]:
        """Every name under which it is looked for."""
        return [
            self.name,
            *([self.native_name] if self.native_name else []),
            *self.synonyms,
        ]


@dataclass(frozen=True)
class Kinds:
    """Some modalities inside of a sentence, by their ids: whoever shows it writes their names."""

    ids: tuple[str, ...]
