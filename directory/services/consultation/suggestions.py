"""What sources connect with a place, what to be careful of, and what people try themselves: behind the red flags."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from directory.models import Concern, Guidance, GuidanceKind, Modality
from directory.services import concerns, guide, modalities
from directory.services.consultation.places import FEELINGS, LEGWARDS, WHOLE, marks_of
from directory.services.consultation.signs import list_questions, list_warnings

# Longer than this is long: what it is belongs to a doctor first.
LONG = "longer"
PREGNANT = frozenset({"yes", "perhaps"})
# What somebody with one of these answers does not press themselves before a doctor has been asked.
# What is to be kept off might be the very place that was marked.
NOT_ALONE = frozenset({"ask_doctor", "postpone", "adapt", "avoid_area", "stop"})
KNOT, PARTNER, NEVER_WALK = "sc-knot", "sc-partner", "sc-never-walk"
BACK = frozenset({"lower-back", "upper-back"})


@dataclass(frozen=True)
class Answered:
    """What somebody answered: the ids of flags and warnings that they have, and the keys of what they chose."""

    flags: Collection[str] = ()
    warnings: Collection[str] = ()
    pregnancy: str | None = None
    marked: Collection[str] = ()
    whole: Collection[str] = ()
    feelings: Collection[str] = ()
    lasting: str | None = None


@dataclass(frozen=True)
class Suit:
    """What is known of one thing that people come with, and who associates which methods with it."""

    concern: Concern
    methods: Sequence[tuple[Modality, dict[str, Any]]]


@dataclass(frozen=True)
class Advice:
    """What to do before a session: of the flags that only advise, and of what was ticked."""

    flags: Sequence[Guidance] = ()
    warnings: Sequence[Guidance] = ()
    # Concerns for which a doctor comes first, and no method is named.
    doctor_first: Sequence[Concern] = ()


@dataclass(frozen=True)
class SelfHelp:
    """What people try themselves. Without tips, `withheld` says because of what."""

    tips: Sequence[Guidance] = ()
    withheld: Sequence[Guidance] = ()


def suits(said: Answered) -> list[Suit]:
    """What sources connect with the places marked. Concerns that need a doctor name no method here."""
    known = modalities.by_id()
    return [
        Suit(concern, [(known[one["modality"]], one) for one in concern.methods if one["modality"] in known])
        for concern in _concerns(said)
        if concern.lists_practitioners and concern.is_shown
    ]


def advice_for(said: Answered) -> Advice:
    """What to be careful of with these answers."""
    found = _concerns(said)
    if said.lasting == LONG:
        found += [one for one in [concerns.by_id().get("long-lasting-pain")] if one is not None]
    return Advice(
        [question.flag for question in list_questions() if question.flag.id in said.flags and not question.stops],
        _warnings(said),
        [concern for concern in found if not concern.lists_practitioners],
    )


def self_help(said: Answered) -> SelfHelp:
    """What the articles say that people try themselves, for what was marked: none of it where a doctor comes first.

    The steps of a partner come only for a spasm, after one's own. Their limit is what one feels: so there are none for
    what is numb.
    """
    flags = [question.flag for question in list_questions() if question.flag.id in said.flags]
    withheld = [*flags, *(piece for piece in _warnings(said) if piece.action in NOT_ALONE)]
    if withheld:
        return SelfHelp(withheld=withheld)
    areas = {mark.area for mark in marks_of(said.marked)}
    presses = any(area.in_reach for area in areas) and "numb" not in said.feelings
    wanted = [KNOT] if presses else []
    if BACK & {area.key for area in areas} or "spasm" in said.feelings:
        wanted.append(NEVER_WALK)
    if presses and "spasm" in said.feelings:
        wanted.append(PARTNER)
    found = [piece for piece in map(guide.find, wanted) if piece is not None]
    return SelfHelp([piece for piece in found if piece.kind is GuidanceKind.SELF_CARE and piece.is_shown])


def _warnings(said: Answered) -> list[Guidance]:
    found = [piece for piece in list_warnings() if piece.id in said.warnings]
    of_pregnancy = guide.find("ci-pregnancy") if said.pregnancy in PREGNANT else None
    return found if of_pregnancy is None else [of_pregnancy, *found]


def _concerns(said: Answered) -> list[Concern]:
    """What people call what was marked, in the order of the body."""
    areas = list(dict.fromkeys(mark.area for mark in marks_of(said.marked)))
    wanted = [key for area in areas for key in area.concerns]
    wanted += [key for feeling, (_, keys) in FEELINGS.items() if feeling in said.feelings for key in keys]
    if "shooting" in said.feelings and LEGWARDS & {area.key for area in areas}:
        wanted.append("sciatica")
    wanted += [key for name, (_, key) in WHOLE.items() if name in said.whole]
    known = concerns.by_id()
    return [known[key] for key in dict.fromkeys(wanted) if key in known]
