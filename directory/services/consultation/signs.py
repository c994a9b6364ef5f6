"""Red flags as questions, and what to do and whom to call when one of them is answered with yes.

The signs come from the records of guidance, so that an administrator who edits one changes what is asked.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from directory.lib.fingerprints import fingerprint
from directory.lib.words import N_
from directory.models import EUROPEAN_UNION, Guidance, GuidanceKind
from directory.services import guide, reports

# Somewhere that is not in the list: no number is promised for it.
ELSEWHERE = "ZZ"
# 112 is the number for emergencies in these, too.
LIKE_THE_UNION = frozenset({"CH", "IS", "LI", "NO"})
COUNTRIES = (
    EUROPEAN_UNION | LIKE_THE_UNION | {"GB", "IM", "JE", "GG", "US", "CA", "AU", "NZ", "JP"}
)  # those of which the number is known


@dataclass(frozen=True)
class Line:
    """A telephone number beside that for emergencies: whose it is, and where they say so."""

    number: str
    name: str
    source: str
    note: str | None = None


# Advice that cannot wait and is no emergency. Where none is known, a doctor on duty is.
ADVICE: Mapping[str, Line] = {
    "GB": Line("111", "NHS 111", "https://111.nhs.uk/", N_("In Northern Ireland, ring the out-of-hours doctor.")),
    "AU": Line("1800 022 222", "healthdirect", "https://www.healthdirect.gov.au/"),
    "NZ": Line("0800 611 116", "Healthline", "https://info.health.nz/"),
    "CA": Line("811", "Health 811", "https://www.canada.ca/en/health-canada.html", N_("In most provinces.")),
    "DE": Line("116117", "Ärztlicher Bereitschaftsdienst", "https://www.116117.de/"),
    "AT": Line("1450", "Gesundheitsberatung", "https://www.1450.at/"),
}
# Somebody who listens, day and night.
LISTENING: Mapping[str, Line] = {
    **dict.fromkeys(("GB", "IE", "IM", "JE", "GG"), Line("116 123", "Samaritans", "https://www.samaritans.org/")),
    "US": Line("988", "988 Suicide & Crisis Lifeline", "https://988lifeline.org/"),
    "CA": Line("988", "9-8-8 Suicide Crisis Helpline", "https://988.ca/"),
    "AU": Line("13 11 14", "Lifeline", "https://www.lifeline.org.au/"),
    "NZ": Line("1737", "1737, need to talk?", "https://1737.org.nz/"),
    "DE": Line("0800 111 0 111", "TelefonSeelsorge", "https://www.telefonseelsorge.de/"),
    "AT": Line("142", "TelefonSeelsorge", "https://www.telefonseelsorge.at/"),
    "CH": Line("143", "Die Dargebotene Hand", "https://www.143.ch/"),
    "FR": Line("3114", "Numéro national de prévention du suicide", "https://3114.fr/"),
}


@dataclass(frozen=True)
class Question:
    """One red flag as it is asked: what it is about, and its signs. Without signs, the text of the record is asked."""

    flag: Guidance
    about: str | None = None
    signs: tuple[str, ...] = ()

    @property
    def stops(self) -> bool:
        """Whether yes ends the journey. Only what a record calls routine advises and goes on."""
        return self.flag.severity != ROUTINE


ROUTINE = "routine_urgent"


@dataclass(frozen=True)
class _Wording:
    """Plain questions for a record, as long as its text is the one that they were written for."""

    text: int  # a fingerprint of it
    about: str
    signs: tuple[str, ...] = ()


WORDINGS: Mapping[str, _Wording] = {
    "rf-back-999": _Wording(
        1664210076119318363,
        N_("With pain in your back, hip or leg, is there any of these?"),
        (
            N_("pain, tingling, weakness or numbness in both legs"),
            N_("numbness or tingling round the genitals or buttocks"),
            N_("trouble starting to pee, or loss of control of bladder or bowels"),
            N_("new erection problems"),
            N_("chest pain"),
            N_("it began after a serious accident"),
        ),
    ),
    "rf-sciatica": _Wording(
        3465421010807760337,
        N_("With pain that shoots down a leg, is there any of these?"),
        (
            N_("weakness in both legs"),
            N_("numbness of the genitals or the inner thighs"),
            N_("trouble peeing, or holding your bowels"),
        ),
    ),
    "rf-head": _Wording(
        5107374457857636461,
        N_("Have you a headache like one of these?"),
        (
            N_("sudden and severe"),
            N_("with fever and a stiff neck, or with a rash"),
            N_("with loss of vision, weakness or confusion"),
            N_("after a head injury"),
        ),
    ),
    "rf-pregnancy": _Wording(
        -5130981613206277944,
        N_("If you are pregnant, is there any of these?"),
        (
            N_("bleeding"),
            N_("severe or constant pain"),
            N_("swelling, with headache or changes in your sight"),
            N_("the baby moves less"),
        ),
    ),
    "rf-mood": _Wording(9105321363106705860, N_("Might you harm yourself, or do you not feel safe?")),
    "rf-back-111": _Wording(
        -1858986536462588978,
        N_("With pain in your back, is there any of these?"),
        (
            N_("a high temperature"),
            N_("weight loss that nothing explains"),
            N_("a lump, a swelling or a change of shape"),
            N_("it does not improve with rest, or is worse at night"),
            N_("sneezing, coughing or pooing makes it worse"),
            N_("the pain is between the shoulder blades"),
        ),
    ),
    "rf-hip": _Wording(
        -3288943409909813047,
        N_("With pain in your hip, is there any of these?"),
        (
            N_("you cannot move it, or put weight on it"),
            N_("the joint is hot, red and swollen, with fever"),
            N_("it followed an injury"),
            N_("it wakes you at night"),
            N_("you feel unwell, or have had cancer"),
        ),
    ),
    "rf-neck": _Wording(
        34635553809295079,
        N_("With pain in your neck, is there any of these?"),
        (
            N_("it is stiff, with fever or a severe headache"),
            N_("it came after an accident"),
            N_("an arm stays numb or weak"),
        ),
    ),
}


def list_questions() -> list[Question]:
    """Every red flag for the public as a question, the most urgent first."""
    return [_question(flag) for flag in guide.public_red_flags()]


def _question(flag: Guidance) -> Question:
    wording = WORDINGS.get(flag.id)
    if wording is None or wording.text != fingerprint(flag.text):
        return Question(flag)
    return Question(flag, wording.about, wording.signs)


def list_warnings() -> Sequence[Guidance]:
    """What a practitioner has to be told, and what may need a doctor's word first."""
    return [piece for piece in guide.list_kind(GuidanceKind.CONTRAINDICATION) if piece.id not in OF_THE_WORK]


# Of how somebody works, not of who comes.
OF_THE_WORK = frozenset({"ci-neck", "ci-feet", "ci-pregnancy"})


@dataclass(frozen=True)
class Stop:
    """The end of the journey: why, the most urgent first, and whom to call."""

    flags: Sequence[Guidance]
    country: str
    number: str | None
    advice: Line | None
    listening: Line | None

    @property
    def is_emergency(self) -> bool:
        return any(flag.severity == "emergency" for flag in self.flags)

    @property
    def actions(self) -> list[str]:
        """What to do, each once, in the order of the flags."""
        return list(dict.fromkeys(_action(flag) for flag in self.flags))


ACTIONS = ("call_999", "contact_maternity", "crisis_help", "urgent_gp_or_111")


def _action(flag: Guidance) -> str:
    if flag.action in ACTIONS:
        return flag.action
    return "call_999" if flag.severity == "emergency" else "urgent_gp_or_111"


def stop_for(flag_ids: Collection[str], warning_ids: Collection[str], country: str) -> Stop | None:
    """Where the journey ends for somebody who answered these with yes, if it does."""
    found = [question.flag for question in list_questions() if question.flag.id in flag_ids and question.stops]
    found += [piece for piece in list_warnings() if piece.id in warning_ids and piece.action == "stop"]
    if not found:
        return None
    number = emergency_number(found[0], country)
    return Stop(found, country, number, ADVICE.get(country), LISTENING.get(country))


def emergency_number(flag: Guidance, country: str) -> str | None:
    """What to ring in an emergency in a country, as the record has it; None for a country that is not known."""
    if country not in COUNTRIES:
        return None
    return flag.emergency_number(country) or reports.emergency_numbers(country)[0]
