"""Complaints about notes: made, answered, decided, appealed against, counted. Call it through this module."""

from directory.services.complaints.cases import (
    ANSWER_WITHIN,
    APPEAL_WITHIN,
    DECIDE_WITHIN,
    WAITING,
    OwnCase,
    answer_until,
    appeal_until,
    can_answer,
    can_appeal,
    is_held,
)
from directory.services.complaints.deciding import decide, due, tend
from directory.services.complaints.figures import Figures, OnGround, figures, how_many_wait
from directory.services.complaints.making import make, readable, readable_by
from directory.services.complaints.queue import (
    PAGE,
    Case,
    Line,
    case_of,
    hints_of,
    how_many,
    is_own,
    list_ended,
    waiting,
)
from directory.services.complaints.sides import answer, appeal, get_own, of_token, of_writer, steps_of, words_of

__all__ = [
    "ANSWER_WITHIN",
    "APPEAL_WITHIN",
    "DECIDE_WITHIN",
    "PAGE",
    "WAITING",
    "Case",
    "Figures",
    "Line",
    "OnGround",
    "OwnCase",
    "answer",
    "answer_until",
    "appeal",
    "appeal_until",
    "can_answer",
    "can_appeal",
    "case_of",
    "decide",
    "due",
    "figures",
    "get_own",
    "hints_of",
    "how_many",
    "how_many_wait",
    "is_held",
    "is_own",
    "list_ended",
    "make",
    "of_token",
    "of_writer",
    "readable",
    "readable_by",
    "steps_of",
    "tend",
    "waiting",
    "words_of",
]
