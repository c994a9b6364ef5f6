"""The desk of the administrators: what waits, what is known about it, where to find anybody, and who may do what."""

from directory.services.moderation.cases import Case, case_of, names_of, numbers_of
from directory.services.moderation.queue import Reason, Waiting, headings, median_wait, waiting
from directory.services.moderation.reports import find_reports, report_of
from directory.services.moderation.roles import Refused, change_role, invite, switch_off, switch_on
from directory.services.moderation.searches import PAGE, find_accounts, find_listings, keepers

__all__ = [
    "PAGE",
    "Case",
    "Reason",
    "Refused",
    "Waiting",
    "case_of",
    "change_role",
    "find_accounts",
    "find_listings",
    "find_reports",
    "headings",
    "invite",
    "keepers",
    "median_wait",
    "names_of",
    "numbers_of",
    "report_of",
    "switch_off",
    "switch_on",
    "waiting",
]
