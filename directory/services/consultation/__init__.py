"""The summary to bring along: signs that need a doctor first, places on the body, and what is connected with them.

Nothing here is stored: answers come in, and what they lead to goes out.
"""

from directory.services.consultation.places import AREAS, FEELINGS, MARKS, WHOLE, Area, Mark, marks_of
from directory.services.consultation.signs import (
    COUNTRIES,
    ELSEWHERE,
    Question,
    Stop,
    emergency_number,
    list_questions,
    list_warnings,
    stop_for,
)
from directory.services.consultation.suggestions import (
    Advice,
    Answered,
    SelfHelp,
    Suit,
    advice_for,
    self_help,
    suits,
)

__all__ = [
    "AREAS",
    "COUNTRIES",
    "ELSEWHERE",
    "FEELINGS",
    "MARKS",
    "WHOLE",
    "Advice",
    "Answered",
    "Area",
    "Mark",
    "Question",
    "SelfHelp",
    "Stop",
    "Suit",
    "advice_for",
    "emergency_number",
    "list_questions",
    "list_warnings",
    "marks_of",
    "self_help",
    "stop_for",
    "suits",
]
