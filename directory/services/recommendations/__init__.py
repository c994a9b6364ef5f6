"""Recommendations: notes written, decided about, answered and shown. Call it through this module."""

from directory.services.recommendations import links
from directory.services.recommendations.allowed import why_not, why_off
from directory.services.recommendations.deciding import (
    OwnNote,
    hide,
    is_own,
    keep_hidden,
    lock,
    publish,
    refuse,
    restore,
    tell_practitioner,
)
from directory.services.recommendations.phrases import NoteHint, Piece, hints, in_pieces
from directory.services.recommendations.public import PublicNote, as_public, public_of, shown_name
from directory.services.recommendations.queue import PAGE, Case, Waiting, What, case_of, how_many, list_notes, waiting
from directory.services.recommendations.reasons import AGAINST, FOR, REASONS, Reason
from directory.services.recommendations.refusals import WHY_NOT, WHY_NOT_SHOWN, Conflict, NotAllowed
from directory.services.recommendations.replies import (
    Answerable,
    ReplyChanged,
    get_answerable,
    of_listing,
    publish_reply,
    refuse_reply,
    reply,
    take_back,
)
from directory.services.recommendations.writing import (
    Given,
    find_own,
    get_own,
    is_hidden_from_friends,
    of_writer,
    remove,
    write,
)

__all__ = [
    "AGAINST",
    "FOR",
    "PAGE",
    "REASONS",
    "WHY_NOT",
    "WHY_NOT_SHOWN",
    "Answerable",
    "Case",
    "Conflict",
    "Given",
    "NotAllowed",
    "NoteHint",
    "OwnNote",
    "Piece",
    "PublicNote",
    "Reason",
    "ReplyChanged",
    "Waiting",
    "What",
    "as_public",
    "case_of",
    "find_own",
    "get_answerable",
    "get_own",
    "hide",
    "hints",
    "how_many",
    "in_pieces",
    "is_hidden_from_friends",
    "is_own",
    "keep_hidden",
    "links",
    "list_notes",
    "lock",
    "of_listing",
    "of_writer",
    "public_of",
    "publish",
    "publish_reply",
    "refuse",
    "refuse_reply",
    "remove",
    "reply",
    "restore",
    "shown_name",
    "take_back",
    "tell_practitioner",
    "waiting",
    "why_not",
    "why_off",
    "write",
]
