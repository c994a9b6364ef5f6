"""Names of people as they are written in many languages: given names, and family names with their particles.

For the names of each language, the pairs that `people` makes are as honest as names can be.
"""

from collections.abc import Iterator
from pathlib import Path

FAMILY_FIRST = frozenset({"Chinese", "Japanese", "Korean", "Hungarian", "Vietnamese", "Khmer"})

# One language a line: its given names | its family names; "_" stands for a space within a name.
_LANGUAGES = Path(__file__).with_suffix(".txt").read_text("utf-8")


def languages() -> dict[str, tuple[list[str], list[str]]]:
    """The given and the family names of each language."""
    found = {}
    for line in _LANGUAGES.splitlines():
        name, *columns = line.split(" | ")
        given, families = ([one.replace("_", " ") for one in names.split()] for names in columns)
        found[name] = given, families
    return found


def people() -> Iterator[list[str]]:
    """Everybody, language by language, so that those who stand next to each other share neither name."""
    for language, (given, families) in languages().items():
        between = "" if language in {"Chinese", "Japanese", "Korean"} else " "
        pairs = [
            (given[place], families[(place + shift) % len(families)])
            for shift in range(len(families))
            for place in range(len(given))
        ]
        yield [between.join(pair[::-1] if language in FAMILY_FIRST else pair) for pair in pairs]
