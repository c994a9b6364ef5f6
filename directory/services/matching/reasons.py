"""What speaks for and against a line of a register being somebody: in kinds, and in words that pages show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from directory.lib.words import N_, Message


class Kind(StrEnum):
    """One point. The first half speaks for, the second against."""

    NUMBER = "number"
    NAME = "name"
    OTHER_NAME = "other-name"
    FORMER_NAME = "former-name"
    INITIALS = "initials"
    SWAPPED = "swapped"
    SHORT_FORM = "short-form"
    TRANSLITERATION = "transliteration"
    DOUBLE_NAME = "double-name"
    PARTICLES = "particles"
    SIMILAR = "similar-name"
    ALONE = "alone"
    TOWN = "town"
    OUTWARD = "outward"
    GRADE = "grade"
    DISCIPLINES = "disciplines"

    NUMBER_DIFFERS = "number-differs"
    NUMBER_NEAR = "number-near"
    FAMILY_DIFFERS = "family-name-differs"
    GIVEN_DIFFERS = "given-name-differs"
    MIDDLE_DIFFERS = "middle-name-differs"
    GENERATION_DIFFERS = "generation-differs"
    TITLE_DIFFERS = "title-differs"
    LOOKS_ALIKE = "looks-alike"
    MIXED_SCRIPTS = "mixed-scripts"
    INVISIBLE = "invisible-characters"
    FOREIGN_DIGITS = "foreign-digits"
    ODD_LETTERS = "odd-letters"
    TOWN_DIFFERS = "town-differs"
    GRADE_DIFFERS = "grade-differs"
    DISCIPLINES_MISSING = "disciplines-missing"
    SEVERAL = "several"
    NOT_LISTED = "not-listed"
    ENDED = "ended"
    NOTICE = "notice"

    @property
    def contradicts(self) -> bool:
        """Whether this alone forbids a match."""
        return self in _CONTRADICTIONS


_CONTRADICTIONS = frozenset(
    {
        Kind.FAMILY_DIFFERS, Kind.GIVEN_DIFFERS, Kind.MIDDLE_DIFFERS, Kind.GENERATION_DIFFERS, Kind.TITLE_DIFFERS,
        Kind.LOOKS_ALIKE, Kind.MIXED_SCRIPTS, Kind.INVISIBLE, Kind.FOREIGN_DIGITS, Kind.ODD_LETTERS,
    }
)  # fmt: skip

_WORDS = {
    Kind.NUMBER: N_("The number is the same."),
    Kind.NAME: N_("The name is the same."),
    Kind.OTHER_NAME: N_("It is another name of theirs: %(name)s."),
    Kind.FORMER_NAME: N_("It is a former name: %(name)s."),
    Kind.INITIALS: N_("One of the names has initials that fit the other."),
    Kind.SWAPPED: N_("Given and family name have changed places."),
    Kind.SHORT_FORM: N_("One given name is a short form of the other."),
    Kind.TRANSLITERATION: N_("The names are one name in two spellings or scripts."),
    Kind.DOUBLE_NAME: N_("One of the names is double, and has the other in it."),
    Kind.PARTICLES: N_("The names differ in a small word such as “van” or “de”."),
    Kind.SIMILAR: N_("The names are similar."),
    Kind.ALONE: N_("Nobody else on the register has this name."),
    Kind.TOWN: N_("The town is the same."),
    Kind.OUTWARD: N_("The first half of the postcode is the same."),
    Kind.GRADE: N_("The grade is the same."),
    Kind.DISCIPLINES: N_("The register shows the same kind of treatment."),
    Kind.NUMBER_DIFFERS: N_("The register shows another number: %(number)s."),
    Kind.NUMBER_NEAR: N_("The register shows a number that differs in one place: %(number)s."),
    Kind.FAMILY_DIFFERS: N_("The family name is another one."),
    Kind.GIVEN_DIFFERS: N_("The given name is another one."),
    Kind.MIDDLE_DIFFERS: N_("The middle name is another one."),
    Kind.GENERATION_DIFFERS: N_("One is called junior, senior or by a number, and the other is not called so."),
    Kind.TITLE_DIFFERS: N_("One is called Mr, the other Mrs, Ms or Miss."),
    Kind.LOOKS_ALIKE: N_("The name only looks like this one: it has other letters."),
    Kind.MIXED_SCRIPTS: N_("The name mixes letters of several alphabets."),
    Kind.INVISIBLE: N_("The name or number has characters that cannot be seen."),
    Kind.FOREIGN_DIGITS: N_("The number has digits of another script."),
    Kind.ODD_LETTERS: N_("The name or number has characters that names and numbers do not have."),
    Kind.TOWN_DIFFERS: N_("The register shows another town: %(town)s."),
    Kind.GRADE_DIFFERS: N_("The register shows another grade: %(grade)s."),
    Kind.DISCIPLINES_MISSING: N_("The register does not show the kind of treatment."),
    Kind.SEVERAL: N_("Others on the register have this name, too."),
    Kind.NOT_LISTED: N_("The register showed this line until %(day)s."),
    Kind.ENDED: N_("The register shows this membership as ended."),
    Kind.NOTICE: N_("The register shows a notice about this person."),
}

WEIGHTS = {
    Kind.NUMBER: 50, Kind.NAME: 30, Kind.OTHER_NAME: -2, Kind.FORMER_NAME: -2, Kind.INITIALS: -10, Kind.SWAPPED: -3,
    Kind.SHORT_FORM: -4, Kind.TRANSLITERATION: -3, Kind.DOUBLE_NAME: -4, Kind.PARTICLES: -1, Kind.SIMILAR: -8,
    Kind.ALONE: 4, Kind.TOWN: 8, Kind.OUTWARD: 4, Kind.GRADE: 2, Kind.DISCIPLINES: 2, Kind.NUMBER_DIFFERS: -15,
    Kind.NUMBER_NEAR: -5, Kind.FAMILY_DIFFERS: -25, Kind.GIVEN_DIFFERS: -15, Kind.MIDDLE_DIFFERS: -10,
    Kind.GENERATION_DIFFERS: -10, Kind.TITLE_DIFFERS: -10, Kind.LOOKS_ALIKE: -5, Kind.MIXED_SCRIPTS: -5,
    Kind.INVISIBLE: -5, Kind.FOREIGN_DIGITS: -5, Kind.ODD_LETTERS: -5, Kind.TOWN_DIFFERS: -4, Kind.GRADE_DIFFERS: -1,
    Kind.DISCIPLINES_MISSING: -1, Kind.SEVERAL: -4, Kind.NOT_LISTED: -10, Kind.ENDED: -10,
    Kind.NOTICE: 0,
}  # fmt: skip


@dataclass(frozen=True)
class Reason:
    """One point with what it is about."""

    kind: Kind
    values: Mapping[str, object] = field(default_factory=dict, hash=False)

    @property
    def message(self) -> Message:
        """The point as a sentence, to be translated and filled by whoever shows it."""
        return Message(_WORDS[self.kind], self.values)
