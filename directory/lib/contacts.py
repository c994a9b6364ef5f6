"""Reads e-mail addresses, telephone numbers and web addresses as people write them, and finds them in a text."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from directory.lib.cells import Remark, one_line, remark
from directory.lib.words import N_

LONGEST_EMAIL = 254
LONGEST_WEBSITE = 300

_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]*\.)+[A-Za-z]{2,24}")
_AROUND_EMAIL = re.compile(r"mailto:|\bor\b|\band\b|\be-?mail\b|[\s,;/&|:'.]+", re.IGNORECASE)
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,24}|xn--[a-z0-9-]{2,59})")
_TELEPHONE = re.compile(r"\+?[\d\s().\-/]{7,30}(?:\s*(?:ext|x)\.?\s*\d{1,6})?", re.IGNORECASE)
_TELEPHONE_IN_TEXT = re.compile(r"(?<![\w£€$])(?:\+\d|\(?0\d)[\d\s().-]{7,16}\d(?!\w)")
_WEBSITE_IN_TEXT = re.compile(
    r"(?<![\w@.])(?:https?://\S+|www\.\S+|(?:[\w-]+\.)+(?:co\.uk|org\.uk|com|org|net|info|biz|eu|uk|ie|de|fr)\b(?:/\S*)?)",
    re.IGNORECASE,
)
_HANDLE_IN_TEXT = re.compile(r"(?<![\w@.])@\w[\w.]{2,29}")
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)

NOT_AN_EMAIL = N_("This e-mail address was not understood. It was left out.")
SEVERAL_EMAILS = N_("Several e-mail addresses; the first was taken.")
NOT_A_TELEPHONE = N_("This telephone number was not understood. It was left out.")
SEVERAL_TELEPHONES = N_("Several telephone numbers; the first was taken.")
LOST_ZERO = N_("The 0 at the start was lost in a spreadsheet. It was put back.")
LOST_DIGITS = N_("The spreadsheet has rounded this number; its digits are lost. It was left out.")
NOT_A_WEBSITE = N_("This web address was not understood. It was left out.")
CONTACTS_TAKEN_OUT = N_(
    "A telephone number or e-mail address stood in the text, which everybody can read. It was taken out."
)


def email(text: str) -> tuple[str | None, tuple[Remark, ...]]:
    """The first address in `text`, in small letters, without `mailto:` or a name around it."""
    found = [address.strip(".'") for address in _EMAIL.findall(text)]
    found = list(dict.fromkeys(address.casefold() for address in found if len(address) <= LONGEST_EMAIL))
    rest = _AROUND_EMAIL.sub("", _EMAIL.sub("", text))
    if not found or ".." in found[0] or (rest and "<" not in text):
        return None, (remark(text, "", NOT_AN_EMAIL),)
    return found[0], (remark(text, found[0], SEVERAL_EMAILS),) if len(found) > 1 else ()


def telephone(text: str, country: str) -> tuple[str | None, tuple[Remark, ...]]:
    """The number as it was written, on one line. `country` tells whether a 0 at the start was lost."""
    if _SCIENTIFIC.fullmatch(text.strip()):
        return None, (remark(text, "", LOST_DIGITS),)
    pieces = [piece.strip() for piece in re.split(r"[;\n,]|\bor\b|\s/\s", text) if piece.strip()]
    number = one_line(re.sub(r"^[A-Za-z .:]+", "", pieces[0])) if pieces else ""
    digits = [character for character in number if character.isdigit()]
    if not _TELEPHONE.fullmatch(number) or not 7 <= len(digits) <= 18 or not number.isascii():
        return None, (remark(text, "", NOT_A_TELEPHONE),)
    if country == "GB" and len(digits) == 10 and digits[0] in "127" and number[0] != "+":
        return "0" + number, (remark(text, "0" + number, LOST_ZERO),)
    return number, (remark(text, number, SEVERAL_TELEPHONES),) if len(pieces) > 1 else ()


def website(text: str) -> tuple[str | None, tuple[Remark, ...]]:
    """An address that begins with http:// or https://. Anything that a browser might run is refused."""
    address = one_line(text).split(" ")[0].strip("<>,;")
    if address.startswith("//"):
        address = "https:" + address
    if not _SCHEME.match(address):
        address = "https://" + address
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None, (remark(text, "", NOT_A_WEBSITE),)
    good = parts.scheme in {"http", "https"} and "@" not in parts.netloc and port in {None, 80, 443}
    try:
        ascii_host = host.encode("idna").decode("ascii")
    except UnicodeError:
        ascii_host = ""
    if not good or not _HOST.fullmatch(ascii_host) or len(address) > LONGEST_WEBSITE or "\\" in address:
        return None, (remark(text, "", NOT_A_WEBSITE),)
    return parts.geturl(), ()


def without_contacts(text: str) -> tuple[str, bool]:
    """`text` without e-mail addresses and telephone numbers, and whether there were any."""
    if "@" not in text and not any(map(str.isdigit, text)):
        return text, False
    shorter = _TELEPHONE_IN_TEXT.sub("…", _EMAIL.sub("…", text))
    return shorter, shorter != text


def places(text: str) -> Iterator[tuple[int, int]]:
    """Where e-mail addresses, telephone numbers, web addresses and names on other sites stand in a text."""
    for pattern in (_EMAIL, _TELEPHONE_IN_TEXT, _WEBSITE_IN_TEXT, _HANDLE_IN_TEXT):
        for found in pattern.finditer(text):
            yield found.span()


def has_tags(text: str) -> bool:
    """Whether `text` was copied from the source of a web page."""
    return bool(_TAG.search(text))


def without_tags(text: str) -> str:
    """The words of a piece of a web page; a break or a paragraph begins a line."""
    return _TAG.sub("", re.sub(r"<(?:br|/p|/div|/li)\b[^<>]*>", "\n", text, flags=re.IGNORECASE)).strip()
