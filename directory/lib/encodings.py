"""Finds out how a text file is encoded."""

import codecs
import io
import re
from collections.abc import Iterator
from pathlib import Path

from charset_normalizer import from_bytes

from directory.lib.words import N_, Message

SAMPLE = 65_536

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# Known by their first bytes, whatever they are called.
NOT_TEXT = (
    (b"PK\x03\x04", N_("This is a spreadsheet or a ZIP file. Open it in your spreadsheet program and save it as CSV.")),
    (b"\xd0\xcf\x11\xe0", N_("This is an Excel file. Open it in your spreadsheet program and save it as CSV.")),
    (b"%PDF", N_("This is a PDF file. The directory reads spreadsheets that were saved as CSV.")),
    (b"\x1f\x8b", N_("This is a compressed file. Unpack it first.")),
)
_HTML = re.compile(rb"\s*<(?:!doctype|html|table|\?xml)", re.IGNORECASE)

# What stands beside letters in a text from Western Europe.
_WESTERN = frozenset("£€¥¢§©®™°±²³¹½¼¾·•…–—‘’‚“”„†‡‰‹›«»¿¡´¨¸¯×÷ªº\u00a0\u00ad")
_CONTROLS = frozenset(range(32)) - {9, 10, 12, 13}


class UnreadableFile(Exception):
    """The file cannot be read. `message` says in one sentence why, and what to do."""

    def __init__(self, text: str, **values: object) -> None:
        self.message = Message(text, values)
        super().__init__(text % values)


def find(path: Path, given: str | None = None) -> tuple[str, Message | None]:
    """The name of the encoding of `path`, and a remark where it is only likely. `given` is what somebody insists on.

    By the mark at the start, then strict UTF-8, then by what the letters look like. Raises UnreadableFile and OSError.
    """
    with path.open("rb") as file:
        head = file.read(SAMPLE)
    _refuse_what_is_not_text(head)
    if given is not None:
        return _known(given), None
    for mark, name in BOMS:
        if head.startswith(mark):
            return name, None
    wide = _utf_16_without_mark(head)
    if wide:
        return wide, None
    if _is_utf_8(path):
        return "utf-8", None
    return _legacy(path)


def _known(given: str) -> str:
    try:
        io.TextIOWrapper(io.BytesIO(), encoding=given).close()
        name = codecs.lookup(given).name
    except (LookupError, ValueError):
        raise UnreadableFile(N_("There is no encoding called “%(name)s”."), name=given) from None
    return "utf-8-sig" if name == "utf-8" else name


def _refuse_what_is_not_text(head: bytes) -> None:
    for magic, sentence in NOT_TEXT:
        if head.startswith(magic):
            raise UnreadableFile(sentence)
    if _HTML.match(head):
        raise UnreadableFile(N_("This is a web page or XML, not CSV. Open it in your spreadsheet program and save it."))


def _utf_16_without_mark(head: bytes) -> str | None:
    """Every other byte of mostly Latin text in UTF-16 is zero."""
    even, odd = head[0:2000:2], head[1:2000:2]
    if not odd or (len(head) % 2 and len(head) < SAMPLE):
        return None
    if odd.count(0) > len(odd) * 0.7 and not even.count(0):
        return "utf-16-le"
    if even.count(0) > len(even) * 0.7 and not odd.count(0):
        return "utf-16-be"
    return None


def _is_utf_8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _legacy(path: Path) -> tuple[str, Message]:
    """Windows-1252 where it reads like Western Europe, else what a guess by frequencies says."""
    sample = b"".join(_lines_beyond_ascii(path))[:SAMPLE]
    if sum(byte in _CONTROLS for byte in sample) * 20 > len(sample):
        raise UnreadableFile(N_("This is not a text file."))
    name = "cp1252" if _looks_western(sample) else _by_frequency(sample)
    text = sample.decode(name, errors="replace")
    example = next((word for word in text.split() if not word.isascii()), "")
    return name, Message(
        N_("The file is not UTF-8. It was read as %(encoding)s; look whether this word is right: %(example)s"),
        {"encoding": name, "example": example[:40]},
    )


def _lines_beyond_ascii(path: Path) -> Iterator[bytes]:
    size = 0
    with path.open("rb") as file:
        for line in iter(lambda: file.readline(SAMPLE), b""):
            if not line.isascii():
                yield line
                size += len(line)
                if size > SAMPLE:
                    return


def _looks_western(sample: bytes) -> bool:
    try:
        text = sample.decode("cp1252")
    except UnicodeDecodeError:
        return False
    beyond = [character for character in text if character > "\x7f"]
    letters = sum(character.isalpha() for character in text)
    strange = sum(character.isalpha() for character in beyond)
    return strange * 3 <= letters and all(c.isalpha() or c in _WESTERN for c in beyond)


def _by_frequency(sample: bytes) -> str:
    best = from_bytes(sample).best()
    if best is None:
        raise UnreadableFile(N_("The encoding of the file cannot be told. Save it again as “CSV UTF-8”."))
    return best.encoding
