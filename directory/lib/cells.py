"""What people leave in the cells of a spreadsheet, made clean.

A value that is read comes with remarks: what was given, what it was taken for, and why somebody should look at it.
"""

import re
import unicodedata
from typing import NamedTuple

from directory.lib.words import N_, Message


class Remark(NamedTuple):
    """Something noticed while a value was read."""

    given: str
    understood: str
    message: Message


def remark(given: str, understood: str, text: str, **values: object) -> Remark:
    """A remark in one line. `text` is marked with N_."""
    return Remark(given, understood, Message(text, values))


NOTHING = frozenset(
    {"-", "--", "–", "—", ".", "?", "n/a", "n.a.", "na", "none", "nil", "null", "tbc", "tba", "nan", "unknown", "k.a."}
)
_SHEET_ERRORS = re.compile(r"#(?:REF!|VALUE!|NAME\?|DIV/0!|N/A|NULL!|NUM!|ERROR!|#+)")
_TEXT_FORMULA = re.compile(r'="([^"]*)"')
# The last two are how commands are smuggled past a check that only knows the equals sign.
_FORMULA = re.compile(r"=|[+\-@]\S*?[A-Za-z][\w.]*\(|[+\-@].*\|.*!", re.DOTALL)
_TEXT_MARK = re.compile(r"'(?=[\d+=@-])")
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n ?")
_JOINERS = "\u200c\u200d"

LEFT_OUT_FORMULA = N_("This is a formula, not a value. It was left out.")
LEFT_OUT_ERROR = N_("The spreadsheet shows an error here. The value was left out.")
REMOVED_INVISIBLE = N_("Invisible characters were taken out.")
REMOVED_CONTROL = N_("Control characters were taken out.")


def clean(raw: str) -> tuple[str, tuple[Remark, ...]]:
    """The value of a cell, with its lines, without what cannot be seen; "" where it only says that there is none."""
    text = raw.strip()
    if not text:
        return "", ()
    remarks: tuple[Remark, ...] = ()
    if not raw.isascii() or not raw.isprintable():
        if raw.isprintable():
            text = unicodedata.normalize("NFC", text)
        else:
            text, remarks = _visible(raw)
    if text[:1] in _SUSPICIOUS:
        text, more = _disarmed(text)
        remarks += more
    if len(text) <= 7 and text.casefold() in NOTHING:
        return "", remarks
    return (_SPACES.sub(" ", text) if "  " in text else text), remarks


_SUSPICIOUS = frozenset("=+-@'#")


def _disarmed(text: str) -> tuple[str, tuple[Remark, ...]]:
    given = text
    text = _TEXT_MARK.sub("", text, count=1) if text[0] == "'" else text
    as_text = _TEXT_FORMULA.fullmatch(text)
    if as_text:
        return as_text[1].strip(), ()
    if _FORMULA.match(text):
        return "", (remark(given, "", LEFT_OUT_FORMULA),)
    if _SHEET_ERRORS.fullmatch(text):
        return "", () if text == "#N/A" else (remark(given, "", LEFT_OUT_ERROR),)
    return text, ()


def _visible(raw: str) -> tuple[str, tuple[Remark, ...]]:
    """The same without control and invisible characters, which are not lost in silence."""
    text = unicodedata.normalize("NFC", raw).replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    kept: list[str] = []
    controls = invisible = False
    for position, character in enumerate(text):
        category = unicodedata.category(character)
        if character == "\n" or category[0] not in "CZ":
            kept.append(character)
        elif category[0] == "Z" or character == "\t":
            kept.append(" ")
        elif category == "Cf":
            if character in _JOINERS and _is_needed(text, position):
                kept.append(character)
            else:
                # The soft hyphen and the mark at the start of a file come from word processors and mean nothing.
                invisible = invisible or character not in "\u00ad\ufeff"
        else:
            controls = True
    text = _LINES.sub("\n", _SPACES.sub(" ", "".join(kept))).strip()
    remarks: list[Remark] = []
    if controls:
        remarks.append(remark(visible(raw), text, REMOVED_CONTROL))
    if invisible:
        remarks.append(remark(visible(raw), text, REMOVED_INVISIBLE))
    return text, tuple(remarks)


def _is_needed(text: str, position: int) -> bool:
    """Whether a joiner stands between letters of a script that is written with it, such as Persian or Hindi."""
    around = text[max(position - 1, 0) : position] + text[position + 1 : position + 2]
    return len(around) == 2 and all(ord(letter) > 0x590 for letter in around)


def visible(raw: str, limit: int = 200) -> str:
    """`raw` for a report: characters that cannot be seen are written out, long values are cut."""
    shown = "".join(
        character if character.isprintable() or character == "\n" else f"\\u{ord(character):04x}"
        for character in raw[:limit]
    )
    return shown + "…" if len(raw) > limit else shown


def disarm(text: str) -> str:
    """`text` for a cell of a file that a spreadsheet will open: it is never taken for a formula."""
    return "'" + text if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def one_line(text: str) -> str:
    """The same on one line."""
    return " ".join(text.split())
