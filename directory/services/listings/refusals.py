"""What can go wrong when a listing is kept or decided."""

from collections.abc import Sequence
from dataclasses import dataclass

from directory.lib.words import N_
from directory.models import InvalidTransition, Kept
from directory.services.listings.answers import Answers


class Conflict(InvalidTransition):
    """The listing changed since the asker looked: `theirs` is what is stored now."""

    def __init__(self, kept: Kept, theirs: Answers) -> None:
        super().__init__("the listing changed meanwhile")
        self.kept, self.theirs = kept, theirs


class AlreadyStarted(InvalidTransition):
    """Another request of the same account made its listing at this very moment."""


@dataclass(frozen=True)
class Missing:
    """Something that a listing needs before anybody looks at it, and the step that asks for it."""

    step: str
    text: str


class NotReady(InvalidTransition):
    """Something is missing."""

    def __init__(self, missing: Sequence[Missing]) -> None:
        super().__init__("the listing is not complete")
        self.missing = missing


def missing(answers: Answers) -> list[Missing]:
    """What these answers lack."""
    shown = answers.shown
    found = []
    if not shown["name"]:
        found.append(Missing("about", N_("Give your name")))
    if not shown["modalities"] and not shown["further_methods"]:
        found.append(Missing("methods", N_("Say what you do: choose at least one method, or write it")))
    if not shown["places"] and "online" not in shown["visits"]:
        found.append(Missing("places", N_("Say where you work, or that you work online")))
    return found
