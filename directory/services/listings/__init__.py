"""Listings as their practitioners keep them: a form in steps, versions, states, and what administrators decide."""

from directory.services.listings.answers import STEPS, Answers, even
from directory.services.listings.deciding import OwnListing, approve, ask_for_changes, lift, refuse, suspend
from directory.services.listings.described import Difference, Line, Speaker, described, differences
from directory.services.listings.keeping import (
    Saved,
    confirm_still_right,
    get_kept,
    hide,
    of_account,
    save,
    show_again,
    start,
    submit,
    withdraw,
)
from directory.services.listings.refusals import AlreadyStarted, Conflict, Missing, NotReady, missing
from directory.services.listings.versions import (
    answers_now,
    answers_of,
    open_version,
    published,
    published_answers,
    versions,
)

__all__ = [
    "STEPS",
    "AlreadyStarted",
    "Answers",
    "Conflict",
    "Difference",
    "Line",
    "Missing",
    "NotReady",
    "OwnListing",
    "Saved",
    "Speaker",
    "answers_now",
    "answers_of",
    "approve",
    "ask_for_changes",
    "confirm_still_right",
    "described",
    "differences",
    "even",
    "get_kept",
    "hide",
    "lift",
    "missing",
    "of_account",
    "open_version",
    "published",
    "published_answers",
    "refuse",
    "save",
    "show_again",
    "start",
    "submit",
    "suspend",
    "versions",
    "withdraw",
]
