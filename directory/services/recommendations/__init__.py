"""Recommendations: notes written, decided about, answered and shown. Call it through this module."""

from directory.services.recommendations import links
from directory.services.recommendations.allowed import why_not, why_off
from directory.services.recommendations.refusals import WHY_NOT, Conflict, NotAllowed
from directory.services.recommendations.writing import Given, find_own, get_own, of_writer, remove, write

__all__ = [
    "WHY_NOT",
    "Conflict",
    "Given",
    "NotAllowed",
    "find_own",
    "get_own",
    "links",
    "of_writer",
    "remove",
    "why_not",
    "why_off",
    "write",
]
