"""Spreadsheets as people keep them: every kind of mess, each with what should come of it."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

COLUMNS = (
    "Ref",
    "Full Name",
    "Therapies",
    "Often works with",
    "Town",
    "Post Code",
    "Country",
    "Price",
    "Session length",
    "E-mail",
    "Mobile",
    "Web site",
    "Member of",
    "Membership no",
    "Expiry date",
    "Languages",
    "Home visits",
    "Setting",
    "Gender",
    "Pressure",
    "Access",
    "Taking new clients?",
    "About me",
    "Internal notes",
)


class Mess(NamedTuple):
    """A kind of mess: the cells that carry it, the words of the report that name it, and whether the row comes in."""

    name: str
    cells: Mapping[str, str]
    problem: str | None = None
    is_refused: bool = False


GOOD = {"Therapies": "Shiatsu", "Town": "Brighton", "Post Code": "BN1 4GH", "Price": "£50 per hour"}

MESSES = (
    Mess("nothing wrong", {}),
    Mess("a postcode without its space, in small letters", {"Post Code": "bn14gh"}),
    Mess("a letter for a digit in the postcode", {"Post Code": "BNI 4GH"}, "look alike"),
    Mess("half a postcode", {"Post Code": "bn1"}),
    Mess("a postcode in the town", {"Town": "Hove, BN3 2AB", "Post Code": ""}),
    Mess("an Eircode", {"Town": "Dublin", "Post Code": "d02x285", "Country": "Éire"}),
    Mess("a town and a postcode far apart", {"Town": "Glasgow"}, "far apart"),
    Mess("a postcode that is not", {"Post Code": "ask me"}, "postcode is not known"),
    Mess("a town of which there are several", {"Town": "Newport", "Post Code": ""}, "Several towns", is_refused=True),
    Mess("such a town with its country", {"Town": "Newport, Wales", "Post Code": ""}),
    Mess("a town with a slip", {"Town": "Brihgton", "Post Code": ""}, "Did you mean Brighton", is_refused=True),
    Mess("no place at all", {"Town": "", "Post Code": ""}, "neither a town nor a postcode", is_refused=True),
    Mess("no place, but online", {"Town": "", "Post Code": "", "Setting": "Zoom only"}),
    Mess("synonyms of treatments", {"Therapies": "指圧; sport massage & Rolfing • Chi Kung"}),
    Mess("treatments with a slip", {"Therapies": "Shiatsu, Acupresure"}, "Did you mean “Acupressure”"),
    Mess("treatments that nobody knows", {"Therapies": "Crystal bowls"}, "No kind of treatment"),
    Mess("words around a treatment", {"Therapies": "qualified reflexology practitioner"}, "taken for “Reflexology”"),
    Mess("a concern for a doctor", {"Often works with": "bad back, cancer"}, "doctor"),
    Mess("a bare price", {"Price": "45"}, "60 minutes was taken"),
    Mess("a price for a length", {"Price": "60 mins £50; 90min=£70"}),
    Mess("a price by the hour", {"Price": "£60/hr"}),
    Mess("a range of prices", {"Price": "45-60", "Session length": "1h30"}, "read as “from”"),
    Mess("a sliding scale", {"Price": "sliding scale £30-£60", "Session length": "60"}, "read as “from”"),
    Mess("euros", {"Price": "€70 per hour"}),
    Mess("a price in words", {"Price": "please ask"}, "No price was found"),
    Mess("a negative price", {"Price": "-45"}, "price was not understood"),
    Mess("a title and letters", {"Full Name": "Mrs {name} MRSS"}, "read from these letters"),
    Mess("a name in capitals", {"Full Name": "{NAME}"}, "capitals"),
    Mess("a name back to front", {"Full Name": "{family}, {given}"}, "turned round"),
    Mess("two people", {"Full Name": "{name} & Ash Quill"}, "two people", is_refused=True),
    Mess("an alphabet that looks alike", {"Full Name": "Wr\u0435n Quill"}, "two alphabets", is_refused=True),
    Mess("an invisible character in the name", {"Full Name": "{given}\u200b {family}"}, "Invisible characters"),
    Mess("a control character", {"About me": "Calm\u0007 sessions"}, "Control characters"),
    Mess("no name", {"Full Name": "  "}, "no name", is_refused=True),
    Mess("a formula", {"Web site": '=HYPERLINK("http://example.org","x")'}, "formula"),
    Mess("a formula as a name", {"Full Name": "=1+1"}, "formula", is_refused=True),
    Mess("an error of the spreadsheet", {"Mobile": "#REF!"}, "shows an error"),
    Mess("a number that the spreadsheet has rounded", {"Mobile": "4.47701E+11"}, "digits are lost"),
    Mess("a telephone number without its 0", {"Mobile": "7700900123"}, "0 at the start"),
    Mess("a website without its scheme", {"Web site": "www.example.org/wren"}),
    Mess("a script for a website", {"Web site": "javascript:alert(1)"}, "web address was not understood"),
    Mess("a broken e-mail address", {"E-mail": "wren at example"}, "e-mail address was not understood"),
    Mess("no e-mail address", {"E-mail": ""}, "cannot be asked"),
    Mess("letters instead of a body", {"Member of": "MFHT", "Membership no": "FHT 00123"}),
    Mess("a body nobody knows", {"Member of": "Guild of Wizards"}, "does not know this body"),
    Mess("a date in words", {"Member of": "Shiatsu Society", "Expiry date": "31 March 2027"}),
    Mess("a month for a date", {"Member of": "CNHC", "Expiry date": "Mar-27"}, "last day of the month"),
    Mess("a date with the month first", {"Member of": "CNHC", "Expiry date": "03/31/2027"}, "month first"),
    Mess("a day as the spreadsheet counts", {"Member of": "CNHC", "Expiry date": "46477"}, "counts days"),
    Mess("a date that is none", {"Member of": "CNHC", "Expiry date": "soon"}, "date was not understood"),
    Mess("a number without a body", {"Membership no": "123"}, "but no body"),
    Mess("languages with levels", {"Languages": "fluent French; Deutsch (C1) and BSL"}),
    Mess("a language nobody speaks", {"Languages": "English, Klingonese"}, "language is not known"),
    Mess("a country nobody knows", {"Country": "Narnia"}, "country is not known"),
    Mess("a gender by a letter", {"Gender": "F"}),
    Mess(
        "pressure from and to",
        {"Pressure": "light to firm", "Access": "Wheelchair access, chair", "Taking new clients?": "Waiting list"},
    ),
    Mess("a gender that is a date", {"Gender": "1970"}, "was not understood"),
    Mess("a text from a web page", {"About me": "<p>Calm &amp; slow</p><p>On a futon</p>"}, "copied from a web page"),
    Mess("a telephone number in the text", {"About me": "Ring 01273 555 123 after six"}, "stood in the text"),
    Mess("a promise", {"About me": "It cures everything"}, "Advertising rules"),
    Mess("a text that goes on and on", {"About me": "long " * 1200}, "longer than", is_refused=True),
    Mess("a value with a line break and quotation marks", {"About me": 'She says: "slowly",\nand means it; really'}),
)

GIVEN = ("Wren", "Rowan", "Ida", "Tomasz", "Aoife", "Zoë", "Yuki", "Omar", "Siân", "Mina")
FAMILY = ("Hallowby", "Fennmoor", "Quillsby", "Thornwick", "Marshley", "Oakhampt", "Bryndale", "Stonecot", "Wickfell")


def person(number: int) -> tuple[str, str]:
    """A name that no other number gives."""
    syllables = ("al", "be", "co", "di", "en", "fo", "ga", "hu", "ir", "jo")
    ending = "".join(syllables[int(digit)] for digit in f"{number:03d}")
    return GIVEN[number % len(GIVEN)], FAMILY[number % len(FAMILY)] + ending


def row_of(mess: Mess, number: int) -> dict[str, str]:
    """A row with that mess, for a person of its own."""
    given, family = person(number)
    names = {"given": given, "family": family, "name": f"{given} {family}", "NAME": f"{given} {family}".upper()}
    row = {"Ref": f"P{number:04d}", "Full Name": "{name}", "E-mail": f"p{number}@example.org", **GOOD, **mess.cells}
    row["Full Name"] = row["Full Name"].format(**names)
    return row


def messy_rows(count: int) -> list[tuple[Mess, dict[str, str]]]:
    """Rows that go through all kinds of mess, again and again."""
    return [(MESSES[number % len(MESSES)], row_of(MESSES[number % len(MESSES)], number)) for number in range(count)]


def text_of(columns: Sequence[str], rows: Sequence[Mapping[str, str]], separator: str = ",") -> str:
    """A CSV file as a spreadsheet program writes it."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, columns, delimiter=separator, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def save(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """Write it without changing the ends of lines."""
    path.write_bytes(text.encode(encoding))
    return path
