"""What every reference record shares: sources, confidence, and the date of the last review."""

import datetime as dt
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import states


class Confidence(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Sourced:
    """A record with its sources. `digest` tells whether the seed has changed since it was loaded."""

    sources: Mapped[list[str]] = mapped_column(default=list)
    confidence: Mapped[Confidence] = mapped_column(states(Confidence))
    compiled_on: Mapped[dt.date]
    reviewed_on: Mapped[dt.date | None]
    digest: Mapped[str]
    is_demo: Mapped[bool] = mapped_column(default=False)

    @property
    def is_shown(self) -> bool:
        """Whether its statements are shown: low confidence hides them until an administrator has reviewed them."""
        return self.confidence is not Confidence.LOW or self.reviewed_on is not None

    @property
    def as_of(self) -> dt.date:
        """The day of the last review, or of the compilation."""
        return self.reviewed_on or self.compiled_on

    @property
    def links(self) -> list[str]:
        """Its sources that are addresses."""
        return [source for source in self.sources if source.startswith(("https://", "http://"))]
