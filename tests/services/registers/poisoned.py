"""Files that no body sends by intention: each with the name of what is wrong with it.

All are lists of the forty people who are held, spoilt in one way, so that taking one in would be easy to overlook.
"""

import zipfile
from collections.abc import Callable
from io import BytesIO

from tests.factories.lists import HEADINGS, content, row, rows

PEOPLE = 40

Lines = list[list[str]]


def people() -> Lines:
    """Who is held."""
    return rows(PEOPLE)


def _with(change: Callable[[Lines], object]) -> bytes:
    lines = people()
    change(lines)
    return content(lines)


def _set(column: str, value: str, *, every: int = 1) -> Callable[[Lines], None]:
    place = [heading.split()[-1].casefold() for heading in HEADINGS].index(column)

    def change(lines: Lines) -> None:
        for line in lines[::every]:
            line[place] = value

    return change


def _swap(one: int, other: int) -> Callable[[Lines], None]:
    def change(lines: Lines) -> None:
        for line in lines:
            line[one], line[other] = line[other], line[one]

    return change


def _zip() -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("list.csv", content(people()))
    return made.getvalue()


def _one_in_latin(lines: Lines) -> bytes:
    """One line in another encoding than the rest, which has letters that need one."""
    lines[0][1], lines[1][1] = "Zoë Person", "Élise Person"
    first, second, *rest = content(lines).splitlines(keepends=True)
    return b"".join([first, second, rest[0].decode().encode("cp1252"), *rest[1:]])


FILES: dict[str, bytes] = {
    "formula as a name": _with(lambda lines: lines.append(row("1", '=HYPERLINK("http://example.org","Ann")'))),
    "formula as a number": _with(lambda lines: lines.append(row("=1+1", "Ann Marsh"))),
    "formula as a grade": _with(lambda lines: lines.append(row("1", "Ann Marsh", grade="=cmd|' /C calc'!A0"))),
    "formula with a plus": _with(lambda lines: lines.append(row("1", "Ann Marsh", town="+SUM(A1:A9)"))),
    "formula with an at": _with(lambda lines: lines.append(row("1", "Ann Marsh", town="@SUM(A1)"))),
    "numbers and names swapped": _with(_swap(0, 1)),
    "names and towns swapped": _with(_swap(1, 4)),
    "numbers and grades swapped": _with(_swap(0, 2)),
    "grades and towns swapped": _with(_swap(2, 4)),
    "huge name": _with(lambda lines: lines.append(row("1", "Ann " * 500))),
    "huge cell": _with(lambda lines: lines.append(row("1", "Ann Marsh", town="x" * 200_000))),
    "huge number": _with(lambda lines: lines.append(row("9" * 500, "Ann Marsh"))),
    "NUL": content(people()).replace(b"Brighton", b"Brigh\0ton", 1),
    "NUL everywhere": content(people()).replace(b"Brighton", b"Brigh\0ton"),
    "control characters": content(people()).replace(b"Brighton", b"Brigh\x07ton", 1),
    "escape sequences": content(people()).replace(b"Brighton", b"\x1b[31mBrighton", 1),
    "separator of units": content(people()).replace(b"Brighton", b"Brigh\x1fton", 1),
    "encodings mixed": _one_in_latin(people()),
    "read twice as another encoding": content([*people(), row("1", "Zoë Marsh".encode().decode("cp1252"))]),
    "replacement characters": content([*people(), row("1", "Zo\ufffd Marsh")]),
    "a number with two names": _with(lambda lines: lines.append(row(lines[0][0], "Ann Marsh"))),
    "every number twice": content([*people(), *(row(line[0], f"Ann {line[1]}") for line in people())]),
    "a number written otherwise with another name": _with(
        lambda lines: lines.append(row(f" {lines[0][0][:2]} {lines[0][0][2:]}", "Ann Marsh"))
    ),
    "half of the people gone": content(people()[: PEOPLE // 2]),
    "one person left": content(people()[:1]),
    "nobody left": content([]),
    "empty": b"",
    "everybody ended": _with(_set("status", "Lapsed")),
    "everybody suspended": _with(_set("status", "Suspended")),
    "everybody valid for ever": _with(_set("to", "31/12/2099")),
    "days that are none": _with(_set("to", "32/13/2027", every=4)),
    "other names beside the numbers": _with(
        lambda lines: [line.__setitem__(1, other[1]) for line, other in zip(lines, reversed(people()), strict=True)]
    ),
    "rows cut short": b"\r\n".join(
        line if position % 5 else b",".join(line.split(b",")[:4])
        for position, line in enumerate(content(people()).splitlines())
    ),
    "rows too long": content([*people(), [*row("1", "Ann Marsh"), "and", "more"]]),
    "a quotation mark that is never closed": content(people()) + b'1,"Ann Marsh,MRSS\n' * 3,
    "spreadsheet": _zip(),
    "web page": b"<!doctype html><table><tr><td>Number</td></tr></table>",
    "rounded numbers": _with(_set("number", "2.00E+04")),
}
