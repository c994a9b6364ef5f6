"""Which column of a spreadsheet says what: guessed by its heading, confirmed by the operator in a mapping file."""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from directory.lib.csv_files import CsvFile, UnreadableFile
from directory.lib.folding import plain
from directory.lib.words import N_
from directory.services.listing_imports.fields import BY_NAME, FIELDS

LIKELY = 88
_NUMBERED = re.compile(r"\s\d{1,2}$")


@dataclass(frozen=True)
class ColumnMapping:
    """For each field the positions of its columns; the columns that nothing reads; what else the mapping file says."""

    columns: Mapping[str, tuple[int, ...]]
    ignored: tuple[str, ...]
    source: str | None = None
    encoding: str | None = None
    separator: str | None = None


def guess(file: CsvFile) -> ColumnMapping:
    """Which column says what, by the headings alone."""
    known = {heading: field.name for field in reversed(FIELDS) for heading in field.headings}
    found: dict[str, list[int]] = {}
    left: list[int] = []
    for position, column in enumerate(file.columns):
        field = _exact(column, known)
        if field is None or (field in found and not BY_NAME[field].is_many):
            left.append(position)
        else:
            found.setdefault(field, []).append(position)
    for position in list(left):
        folded = plain(file.columns[position])
        near = (
            process.extractOne(folded, known.keys(), scorer=fuzz.ratio, score_cutoff=LIKELY)
            if len(folded) > 4
            else None
        )
        if near and known[near[0]] not in found:
            found[known[near[0]]] = [position]
            left.remove(position)
    columns = {field.name: tuple(found[field.name]) for field in FIELDS if field.name in found}
    if "name" not in columns and "family_name" in columns and "given_name" not in columns:
        columns["name"] = columns.pop("family_name")  # "Nom", or "Last" alone
    return ColumnMapping(columns, tuple(file.columns[position] for position in left))


def _exact(column: str, known: Mapping[str, str]) -> str | None:
    folded = plain(re.sub(r"\([^)]*\)", " ", column)) or plain(column)
    for candidate in (
        folded,
        plain(column),
        _NUMBERED.sub("", folded),
        folded.removeprefix("your ").removesuffix(" s"),
    ):
        if candidate in known:
            return known[candidate]
    return None


def text_of(mapping: ColumnMapping, file: CsvFile, source: str) -> str:
    """The mapping file, with a line that explains each field."""
    lines = [
        f"# How the columns of {_quoted(file.path.name)} are read. Look at every line, correct it, and run the",
        "# command again. On the left is what the directory knows; on the right the heading of your column,",
        '# or several: modalities = ["Therapy 1", "Therapy 2"]. Put a # before a line to leave a column out.',
        "",
        "[columns]",
    ]
    for field in FIELDS:
        names = [file.columns[position] for position in mapping.columns.get(field.name, ())]
        said = _quoted(names[0]) if len(names) == 1 else "[" + ", ".join(map(_quoted, names)) + "]"
        lines += [f"# {field.explanation}", f"{field.name} = {said}" if names else f'# {field.name} = ""']
    lines += [
        "",
        "# Columns of your file that nothing reads.",
        "[ignored]",
        "columns = [" + ", ".join(map(_quoted, mapping.ignored)) + "]",
        "",
        "[file]",
        "# Rows are known again by this name and their own key. Keep it when the file gets a new name.",
        f"source = {_quoted(source)}",
        "# Found out anew each time. Take the # away to insist.",
        f"# encoding = {_quoted(file.encoding)}",
        f"# separator = {_quoted(file.separator)}",
        "",
    ]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    """A basic string of TOML, which escapes as JSON does, and DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def read_settings(path: Path) -> dict[str, Any]:
    """The mapping file as it is. Raises UnreadableFile with the line."""
    try:
        said = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise UnreadableFile(N_("The mapping file cannot be opened: %(why)s."), why=error.strerror or "") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnreadableFile(N_("The mapping file is not understood: %(why)s."), why=str(error)) from None
    for part in ("columns", "ignored", "file"):
        if not isinstance(said.get(part, {}), dict):
            raise UnreadableFile(N_("The mapping file is not understood: %(why)s."), why=f"[{part}]")
    for name in ("source", "encoding", "separator"):
        if not isinstance(said.get("file", {}).get(name, ""), str):
            raise UnreadableFile(N_("The mapping file is not understood: %(why)s."), why=name)
    return said


def read(said: Mapping[str, Any], file: CsvFile) -> ColumnMapping:
    """The mapping that the operator has confirmed, for this file. Raises UnreadableFile."""
    positions = {column: position for position, column in enumerate(file.columns)}
    columns: dict[str, tuple[int, ...]] = {}
    for field, value in said.get("columns", {}).items():
        if field not in BY_NAME:
            near = process.extractOne(field, BY_NAME.keys(), scorer=fuzz.ratio)
            raise UnreadableFile(
                N_("The mapping file names “%(field)s”, which the directory does not know. Did you mean “%(near)s”?"),
                field=field,
                near=near[0],
            )
        names = _names(field, value)
        for name in names:
            if name not in positions:
                raise UnreadableFile(
                    N_("The mapping file names the column “%(column)s”, which the file lacks. It has: %(columns)s."),
                    column=name,
                    columns=", ".join(file.columns),
                )
        if names:
            columns[field] = tuple(positions[name] for name in names)
    used = {position for found in columns.values() for position in found}
    more = said.get("file", {})
    return ColumnMapping(
        columns,
        tuple(column for column, position in positions.items() if position not in used),
        *(more.get(name) or None for name in ("source", "encoding", "separator")),
    )


def _names(field: str, value: object) -> Sequence[str]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise UnreadableFile(N_("In the mapping file, “%(field)s” needs the heading of a column."), field=field)
    return [name for name in names if name]
