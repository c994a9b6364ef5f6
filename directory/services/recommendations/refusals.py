"""What can go wrong when a note is written or changed."""

from collections.abc import Mapping
from types import MappingProxyType

from directory.lib.words import N_
from directory.models import InvalidTransition, Recommendation

OWN_LISTING, SAME_ADDRESS, ONE_EACH = "own-listing", "same-address", "one-each"
SWITCHED_OFF, NOT_PUBLIC, NOT_CONFIRMED = "switched-off", "not-public", "not-confirmed"

# What whoever wanted to write is told.
WHY_NOT: Mapping[str, str] = MappingProxyType(
    {
        OWN_LISTING: N_("This is your own listing. A note is by somebody else."),
        SAME_ADDRESS: N_(
            "Your e-mail address is the one that this practitioner gave us. A note is by somebody else, of their "
            "own will."
        ),
        ONE_EACH: N_(
            "There is a note about this practitioner from your mailbox already, by another account. "
            "Each person writes one note about a practitioner, and can change it."
        ),
        SWITCHED_OFF: N_("No notes can be written about this practitioner here."),
        NOT_PUBLIC: N_("This listing is not shown now, so no note about it can be written or changed."),
        NOT_CONFIRMED: N_("Confirm your e-mail address first."),
    }
)


class NotAllowed(InvalidTransition):
    """This person may not write about this practitioner. `reason` is a key of WHY_NOT."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"not allowed: {reason}")
        self.reason = reason

    @property
    def words(self) -> str:
        return WHY_NOT[self.reason]


class Conflict(InvalidTransition):
    """The note changed since the asker looked. `now` is what is kept; None where it was removed."""

    def __init__(self, now: Recommendation | None) -> None:
        super().__init__("the note changed meanwhile")
        self.now = now
