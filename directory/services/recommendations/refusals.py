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

# The same to whoever decides about a note that was written before it was so.
WHY_NOT_SHOWN: Mapping[str, str] = MappingProxyType(
    {
        OWN_LISTING: N_("Its writer keeps the listing."),
        SAME_ADDRESS: N_("Its writer’s e-mail address is the practitioner’s."),
        ONE_EACH: N_("There is another note from the same mailbox, by another account."),
        SWITCHED_OFF: N_("Notes are switched off for this listing."),
        NOT_PUBLIC: N_("The listing is not shown now. The note can be once it is."),
        NOT_CONFIRMED: N_("Its writer’s e-mail address is not confirmed."),
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
