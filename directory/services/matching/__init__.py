"""Matching: the lines of a register that may be the person who claims to be on it, with a reason for every point."""

from directory.services.matching.held import for_body, of_claim, person_of
from directory.services.matching.indexes import Index
from directory.services.matching.persons import Answer, Candidate, Person, RegisterRowLike, Verdict
from directory.services.matching.reasons import Kind, Reason

__all__ = [
    "Answer",
    "Candidate",
    "Index",
    "Kind",
    "Person",
    "Reason",
    "RegisterRowLike",
    "Verdict",
    "for_body",
    "of_claim",
    "person_of",
]
