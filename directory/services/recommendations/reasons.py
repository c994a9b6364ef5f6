"""The published reasons for which a recommendation, or a reply to one, is shown or not: one table for every decision.

Whoever decides gives a key of it; both sides, the letters and the page on how recommendations work read the same words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from directory.lib.words import N_


@dataclass(frozen=True)
class Reason:
    """Why it was decided so.

    `label` is a few words for lists; `to_author` is said to whoever wrote the text, with what they can do; `to_others`
    to the practitioner, to whoever objected and to everybody. "It" is the text: a note or a reply.
    """

    key: str
    label: str
    to_author: str
    to_others: str
    # It keeps a text from being shown; else it speaks for showing it.
    is_against: bool = True
    # An objection that gives it hides the note at once, before anybody has looked.
    hides_at_once: bool = False
    # Only the directory itself gives it, by a clock or a switch; nobody chooses it.
    is_automatic: bool = False


_ALL = (
    Reason(
        "outcome",
        N_("Says that the work ended or changed an illness or a complaint"),
        N_(
            "It says what the work did for an illness or a complaint. Advertising rules ask for proof of that. "
            "You can write how the session was instead: what they asked, how they worked, how you felt looked after."
        ),
        N_(
            "It says what the work did for an illness or a complaint. Advertising rules ask for proof of that, "
            "and a note has none."
        ),
    ),
    Reason(
        "illness",
        N_("Names an illness that somebody has"),
        N_("It names an illness. That is private, even if it is your own. You can say the same without its name."),
        N_("It names an illness that somebody has, and that is private."),
    ),
    Reason(
        "safety",
        N_("Could put somebody in danger"),
        N_(
            "It could put somebody in danger, for example by advice to leave out medical care, or by saying where "
            "somebody can be found. You can take that part out."
        ),
        N_("It could put somebody in danger, for example by advice to leave out medical care."),
        hides_at_once=True,
    ),
    Reason(
        "private-life",
        N_("Tells of somebody’s private life"),
        N_(
            "It tells of the private life of another person, or says enough to know who they are. "
            "You can write of yourself alone, and of the work."
        ),
        N_("It tells of the private life of a person, or says enough to know who they are."),
        hides_at_once=True,
    ),
    Reason(
        "contact-details",
        N_("Holds an address, a number or a link"),
        N_("It holds an address, a telephone number or a link. You can take it out: the listing has the ways in."),
        N_("It holds an address, a telephone number or a link."),
    ),
    Reason(
        "qualification",
        N_("Says that somebody is, or is not, qualified"),
        N_(
            "It says that somebody is, or is not, qualified, registered or insured. Here only a check says that, "
            "with its source and its day. You can write what you met with yourself."
        ),
        N_(
            "It says that somebody is, or is not, qualified, registered or insured. Here only a check says that, "
            "with its source and its day."
        ),
    ),
    Reason(
        "accusation",
        N_("Accuses somebody of a crime or of misconduct"),
        N_(
            "It accuses somebody of a crime or of misconduct. We cannot find out what happened, and a note is not the "
            "place for it. The police, and the body that they say they belong to, can look into it."
        ),
        N_("It accuses somebody of a crime or of misconduct. Others can look into that; this directory cannot."),
    ),
    Reason(
        "insult",
        N_("Insults, threatens or looks down on people"),
        N_("It insults or threatens somebody, or looks down on people for what they are. You can say it without that."),
        N_("It insults or threatens somebody, or looks down on people for what they are."),
    ),
    Reason(
        "others",
        N_("Compares with, or speaks of, another practitioner"),
        N_("It speaks of another practitioner, who is not asked here. You can write of this one alone."),
        N_("It speaks of another practitioner, who is not asked here."),
    ),
    Reason(
        "own-side",
        N_("Written by or for the practitioner"),
        N_("It was written by the practitioner, or for them. A note is by somebody else, of their own will."),
        N_("It was written by the practitioner, or for them."),
    ),
    Reason(
        "reward",
        N_("Does not tell of a reward"),
        N_("There was a reward or a discount for it that it does not tell of. You can add it: the form asks for it."),
        N_("There was a reward or a discount for it that it does not tell of."),
    ),
    Reason(
        "not-known",
        N_("Not from what the writer knows themselves"),
        N_("It is not from what you know yourself, or it is not about this person and their work."),
        N_("It is not from what its writer knows themselves, or it is not about this person and their work."),
    ),
    Reason(
        "untrue",
        N_("States a fact that is wrong"),
        N_("It states something as a fact that was shown to be wrong. You can change or take out that part."),
        N_("It states something as a fact that was shown to be wrong."),
    ),
    Reason(
        "law",
        N_("The law of the place does not allow it"),
        N_("The law where the practitioner works does not allow what it says to be used in public."),
        N_("The law where the practitioner works does not allow what it says to be used in public."),
    ),
    Reason(
        "not-answered",
        N_("The writer was asked, and did not answer"),
        N_("Somebody objected to it, and we asked you. There was no answer in five days."),
        N_("Somebody objected to it. Its writer was asked, and did not answer in five days."),
        is_automatic=True,
    ),
    Reason(
        "undecided",
        N_("We did not decide about an objection in 48 hours"),
        N_("Somebody objected to it, and we have not decided in 48 hours. It is hidden until we have."),
        N_("Somebody objected to it, and we have not decided in 48 hours. It is hidden until we have."),
        is_automatic=True,
    ),
    Reason(
        "objected",
        N_("An objection about safety or private life, not decided yet"),
        N_("Somebody objected to it for safety or private life. It is hidden until we have decided."),
        N_("Somebody objected to it for safety or private life. It is hidden until we have decided."),
        is_automatic=True,
    ),
    Reason(
        "hidden-before",
        N_("An earlier note by the same writer was hidden"),
        N_(
            "We hid an earlier note of yours about this practitioner. You can make this one a note for everybody: then "
            "one of us reads it first, and if it can be shown, you can choose again whom it is for."
        ),
        N_("An earlier note by the same writer about this practitioner was hidden, and nobody has read this one yet."),
        is_automatic=True,
    ),
    Reason(
        "within-rules",
        N_("It keeps to what is published here"),
        N_("It keeps to what we say about notes: nothing in it stands against showing it."),
        N_("It keeps to what we say about notes: nothing in it stands against showing it."),
        is_against=False,
    ),
    Reason(
        "own-view",
        N_("An honest view of what the writer met with"),
        N_("It is your own view of what you met with, and it is told as that. Others may see it otherwise."),
        N_("It is its writer’s own view of what they met with, and it is told as that. Others may see it otherwise."),
        is_against=False,
    ),
    Reason(
        "not-shown-wrong",
        N_("Nothing shows that it is wrong"),
        N_("Somebody says that it is wrong, and nothing that we were given shows that it is."),
        N_("Somebody says that it is wrong, and nothing that we were given shows that it is."),
        is_against=False,
    ),
    Reason(
        "answered",
        N_("The writer’s answer settled it"),
        N_("Your answer settled what was objected to."),
        N_("Its writer’s answer settled what was objected to."),
        is_against=False,
    ),
    Reason(
        "changed",
        N_("The writer took out what was objected to"),
        N_("You took out what was objected to."),
        N_("Its writer took out what was objected to."),
        is_against=False,
    ),
    Reason(
        "answer-waits",
        N_("The writer answered, and we have not decided yet"),
        N_("You answered what was objected to, so it is shown again until we have decided."),
        N_("Its writer answered what was objected to, so it is shown again until we have decided."),
        is_against=False,
        is_automatic=True,
    ),
)

REASONS: Mapping[str, Reason] = MappingProxyType({one.key: one for one in _ALL})
# What somebody who decides can choose: against showing it, and for it.
AGAINST: Mapping[str, Reason] = MappingProxyType(
    {one.key: one for one in _ALL if one.is_against and not one.is_automatic}
)
FOR: Mapping[str, Reason] = MappingProxyType(
    {one.key: one for one in _ALL if not one.is_against and not one.is_automatic}
)
