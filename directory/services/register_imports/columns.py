"""Which column of a list says what: as kept for the body, said by a person, or guessed by the headings."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from directory.lib.csv_files import CsvFile
from directory.lib.encodings import UnreadableFile
from directory.lib.folding import plain
from directory.lib.words import N_
from directory.services.register_imports.fields import BY_NAME, FIELDS

LIKELY = 88
SHORTEST_TO_GUESS = 5
_BRACKETS = re.compile(r"\([^)]*\)")


@dataclass(frozen=True)
class Columns:
    """For each field the headings of its columns.

    `is_sure` where a person said so, or the headings are the very words that the directory knows.
    """

    fields: Mapping[str, tuple[str, ...]]
    is_sure: bool

    def positions(self, file: CsvFile) -> dict[str, tuple[int, ...]]:
        """Where they stand in a file that has them."""
        at = {heading: position for position, heading in enumerate(file.columns)}
        return {field: tuple(at[heading] for heading in headings) for field, headings in self.fields.items()}

    def ignored(self, file: CsvFile) -> list[str]:
        """The headings that nothing reads: what stands below them is not kept."""
        used = {heading for headings in self.fields.values() for heading in headings}
        return [heading for heading in file.columns if heading not in used]


def choose(
    file: CsvFile, kept: Mapping[str, Sequence[str]] | None, said: Mapping[str, Sequence[str]] | None
) -> Columns:
    """What a person said goes first; then what is kept of the body, if the file has all these; then a guess.

    A person may say some of it: then the rest is guessed. Raises UnreadableFile where the file lacks a heading that
    was said, or says neither number nor name.
    """
    if kept and not said and all(heading in file.columns for headings in kept.values() for heading in headings):
        return _complete(Columns({field: tuple(headings) for field, headings in kept.items()}, is_sure=True))
    given = {field: _known(file, field, headings) for field, headings in (said or {}).items()}
    taken = {heading for headings in given.values() for heading in headings}
    fields, is_sure = _guess([heading for heading in file.columns if heading not in taken], frozenset(given))
    fields |= {field: headings for field, headings in given.items() if headings}
    return _complete(Columns(fields, is_sure=is_sure))


def of_form(said: Mapping[str, str | Sequence[str]], file: CsvFile) -> Columns:
    """Exactly what a person chose on a page. Raises UnreadableFile."""
    fields = {
        field: _known(file, field, [headings] if isinstance(headings, str) else headings)
        for field, headings in said.items()
        if headings
    }
    return _complete(Columns(fields, is_sure=True))


def _known(file: CsvFile, field: str, headings: Sequence[str]) -> tuple[str, ...]:
    if field not in BY_NAME:
        raise UnreadableFile(
            N_("There is no “%(field)s”; a column can say %(fields)s."), field=field, fields=", ".join(BY_NAME)
        )
    found = tuple(heading for heading in headings if heading)
    for heading in found:
        if heading not in file.columns:
            raise UnreadableFile(
                N_("The file has no column “%(column)s”. It has: %(columns)s."),
                column=heading,
                columns=", ".join(file.columns),
            )
    return found


def _complete(columns: Columns) -> Columns:
    """Raises UnreadableFile where nothing says who somebody is, or one column would say two things."""
    fields = columns.fields
    if not ({"name", "family_name"} & fields.keys()):
        raise UnreadableFile(
            N_("No column says the name. Write “Name” over the one that does, in the file, and bring it again.")
        )
    used = [heading for headings in fields.values() for heading in headings]
    for heading in used:
        if used.count(heading) > 1:
            raise UnreadableFile(N_("The column “%(column)s” cannot say two things."), column=heading)
    return columns


def _guess(headings: Sequence[str], without: frozenset[str]) -> tuple[dict[str, tuple[str, ...]], bool]:
    """Fields by headings, and whether every one of them is by the very words."""
    known = {
        heading: field.name for field in reversed(FIELDS) if field.name not in without for heading in field.headings
    }
    found: dict[str, list[str]] = {}
    left: list[str] = []
    for heading in headings:
        field = known.get(plain(heading)) or known.get(plain(_BRACKETS.sub(" ", heading)))
        if field is None or (field in found and not BY_NAME[field].is_many):
            left.append(heading)
        else:
            found.setdefault(field, []).append(heading)
    is_sure = True
    for heading in left:
        folded = plain(heading)
        near = process.extractOne(folded, known.keys(), scorer=fuzz.ratio, score_cutoff=LIKELY)
        if near and len(folded) >= SHORTEST_TO_GUESS and known[near[0]] not in found:
            found[known[near[0]]] = [heading]
            is_sure = False
    _settle_names(found)
    return {field: tuple(headings) for field, headings in found.items()}, is_sure


def _settle_names(found: dict[str, list[str]]) -> None:
    """“Name” beside a given name is the family name; “Nome” or “Nom” alone is the whole name."""
    if "name" in found and "given_name" in found and "family_name" not in found:
        found["family_name"] = found.pop("name")
    elif "name" in found:
        found.pop("given_name", None)
        found.pop("family_name", None)
    elif "family_name" not in found and "given_name" in found:
        found["name"] = found.pop("given_name")
    elif "family_name" in found and "given_name" not in found:
        found["name"] = found.pop("family_name")
