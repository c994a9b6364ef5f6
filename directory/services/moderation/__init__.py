"""The desk of the administrators: what waits, what is known about it, and where to find anybody. It only reads."""

from directory.services.moderation.cases import Case, case_of, names_of
from directory.services.moderation.queue import Reason, Waiting, headings, median_wait, waiting
from directory.services.moderation.searches import find_accounts, find_listings, keepers

__all__ = [
    "Case",
    "Reason",
    "Waiting",
    "case_of",
    "find_accounts",
    "find_listings",
    "headings",
    "keepers",
    "median_wait",
    "names_of",
    "waiting",
]
