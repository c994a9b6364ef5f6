"""Understands a row: every field, what is wrong with it, and by what the row is known again."""

import datetime as dt
import re
from functools import cache
from typing import Any

from babel.numbers import get_territory_currencies

from directory.config import Settings
from directory.lib import contacts, durations, languages, personal_names, prices
from directory.lib.cells import Remark
from directory.lib.csv_files import CsvFile, Row
from directory.lib.fingerprints import fingerprint
from directory.lib.folding import plain
from directory.lib.geography import Point, chord_m, chord_squared
from directory.lib.words import N_
from directory.models import Access, Visit
from directory.services.listing_imports import choices, memberships
from directory.services.listing_imports.columns import ColumnMapping
from directory.services.listing_imports.facts import Identity, Listing, PlaceSaid, Reading, Severity
from directory.services.listing_imports.places import FAR_M, UNKNOWN_COUNTRY, Found, Gazetteer
from directory.services.listing_imports.row_cells import RowCells
from directory.services.listing_imports.vocabulary import Vocabulary

LINE = 120
NOTE = 300
TEXT = 5_000
MOST_NAMES = 5

NO_NAME = N_("There is no name.")
TOO_MANY_CELLS = N_(
    "The row has more cells than there are headings. A comma inside a value, as in an address, needs quotation marks."
)
NO_EMAIL = N_("There is no e-mail address: this person cannot be asked to confirm the listing.")
NO_MODALITY = N_("No kind of treatment was understood. The listing is found by name and place only.")
NOT_UNDERSTOOD = N_("This was not understood. It was left out.")
NOT_A_YEAR = N_("This year was not understood. It was left out.")
NOT_A_POINT = N_("These coordinates were not understood. They were left out.")
FAR_POINT = N_("These coordinates are far from the town or postcode. They were left out.")
SEVERAL_LENGTHS = N_("Several lengths; the first was taken.")
HTML = N_("The text was copied from a web page. Its tags were taken out.")
STRONG_WORDS = N_(
    "The text says “%(word)s”. Advertising rules may want evidence for that; look at it before it is public."
)
UNKNOWN_LANGUAGE = N_("This language is not known. It was left out.")

_STRONG = re.compile(
    r"\b(cures?|cured|heals?|healed|guarantee[ds]?|miracle|treats? (?:cancer|depression|asthma|arthritis|diabetes))\b",
    re.I,
)
_YEAR = re.compile(r"\b(19[5-9]\d|20\d\d)\b")
_LIST = re.compile(r"[,;/|\n•]+|\s+&\s+|\s+(?:and|und|et)\s+", re.IGNORECASE)


class RowReader:
    """Reads the rows of one file."""

    def __init__(
        self,
        file: CsvFile,
        mapping: ColumnMapping,
        settings: Settings,
        vocabulary: Vocabulary,
        today: dt.date,
        source: str,
    ) -> None:
        self._columns, self._names = mapping.columns, file.columns
        self._settings, self._vocabulary, self._today, self._source = settings, vocabulary, today, source
        self._places = Gazetteer(settings.country, settings.countries)

    def read(self, row: Row) -> Reading:
        """Never raises: what is wrong is in the problems of the reading."""
        cells = RowCells(row, self._columns, self._names)
        if any(cell.strip() for cell in row.cells[len(self._names) :]):
            cells.refuse("", " | ".join(row.cells[len(self._names) :]), TOO_MANY_CELLS)
            return Reading(row.line, None, None, cells.problems)
        name = self._name(cells)
        email = self._taken(cells, "email", contacts.email(said)) if (said := cells.text("email")) else None
        found, country = self._found(cells)
        identity = self._identity(cells, name, email, found)
        if name is None:
            return Reading(row.line, None, identity, cells.problems)
        listing = self._listing(cells, name, email, found, country)
        return Reading(row.line, None if cells.is_refused else listing, identity, cells.problems)

    def _listing(
        self, cells: RowCells, name: personal_names.Name, email: str | None, found: Found, country: str
    ) -> Listing:
        text = self._text(cells)
        visits, place = self._visits_and_place(cells, found)
        modalities = self._taken(cells, "modalities", self._vocabulary.modalities(cells.text("modalities")))
        if not modalities:
            cells.warn("modalities", cells.text("modalities"), "", NO_MODALITY)
        if email is None and not cells.text("email"):
            cells.warn("email", "", "", NO_EMAIL)
        access, access_note = self._access(cells)
        telephone, website = cells.text("telephone"), cells.text("website")
        return Listing(
            name=name.name,
            other_names=self._other_names(cells, name),
            business=personal_names.recased(cells.line_of("business", LINE)) or None,
            text=text,
            country=country,
            email=email,
            telephone=self._taken(cells, "telephone", contacts.telephone(telephone, country)) if telephone else None,
            website=self._taken(cells, "website", contacts.website(website)) if website else None,
            gender=self._choice(cells, "gender", choices.gender),
            pressure=self._choice(cells, "pressure", choices.pressure),
            accepting=self._choice(cells, "accepting", choices.accepting),
            visits=visits,
            travels_km=choices.travels_km(cells.text("visits")) if Visit.YOURS in visits else None,
            access=access,
            access_note=access_note,
            availability_note=cells.line_of("availability", NOTE) or None,
            states_insurance=bool(said) and choices.yes(said) is not False
            if (said := cells.line_of("insurance", NOTE))
            else False,
            prices=self._prices(cells, country),
            modalities=modalities,
            school=cells.line_of("school", LINE) or None,
            since_year=self._since(cells),
            concerns=self._taken(cells, "concerns", self._vocabulary.concerns(cells.text("concerns"))),
            languages=self._languages(cells),
            claims=memberships.read(cells, name.letters, country, self._vocabulary),
            place=place,
        )

    def _taken(self, cells: RowCells, field: str, result: tuple[Any, tuple[Remark, ...]]) -> Any:
        value, remarks = result
        if remarks:
            cells.take(field, remarks)
        return value

    def _name(self, cells: RowCells) -> personal_names.Name | None:
        field = "name"
        said = cells.line_of("name", 4 * LINE)
        if not said:
            field = "family_name"
            given, family = cells.line_of("given_name", 2 * LINE), cells.line_of("family_name", 2 * LINE)
            said = f"{given} {family}".strip()
        if not said:
            cells.refuse("name" if cells.has("name") else field, "", NO_NAME)
            return None
        name, remarks = personal_names.parse(said, self._vocabulary.letters)
        cells.take(field, remarks, Severity.REFUSED if name is None else Severity.WARNING)
        return name

    def _other_names(self, cells: RowCells, name: personal_names.Name) -> tuple[str, ...]:
        said = re.split(r"[,;/|\n]+", cells.text("other_names", NOTE))
        names = [*name.others, *(personal_names.recased(other.strip()) for other in said)]
        return tuple(dict.fromkeys(other for other in names if other and other != name.name and len(other) <= LINE))[
            :MOST_NAMES
        ]

    def _found(self, cells: RowCells) -> tuple[Found, str]:
        """Where the row is, and its country."""
        said = cells.line_of("country", LINE)
        country = languages.country(said) if said else None
        if said and country is None:
            cells.warn("country", said, self._settings.country, UNKNOWN_COUNTRY, country=self._settings.country)
        town = cells.text("town", LINE) or cells.text("locality", LINE)
        found = self._places.find(town, cells.line_of("postcode", LINE), country)
        for field, noticed in found.remarks:
            cells.take(field, (noticed,))
        return found, found.country

    def _visits_and_place(self, cells: RowCells, found: Found) -> tuple[tuple[Visit, ...], PlaceSaid | None]:
        said = cells.text("visits")
        visits = set(choices.visits(said))
        if said and not visits:
            cells.warn("visits", said, "", NOT_UNDERSTOOD)
        for field, visit in (("home_visits", Visit.YOURS), ("online", Visit.ONLINE)):
            answer = cells.line_of(field, NOTE)
            if answer and (choices.yes(answer) or (choices.yes(answer) is None and choices.visits(answer))):
                visits.add(visit)
        place = self._place(cells, found)
        is_online_only = visits == {Visit.ONLINE} and not cells.text("town") and not cells.text("postcode")
        if found.refusal is not None and not is_online_only:
            field, message = found.refusal
            cells.refuse(field, cells.text("town") or cells.text("postcode"), message.text, **message.values)
        if not visits and place is not None:
            visits.add(Visit.THEIRS)
        return tuple(visit for visit in Visit if visit in visits), place

    def _place(self, cells: RowCells, found: Found) -> PlaceSaid | None:
        if found.point is None:
            return None
        point = self._own_point(cells, found.point).rounded()
        locality = personal_names.recased(cells.line_of("locality", LINE)) or found.locality
        return PlaceSaid(
            locality=locality if locality and plain(locality) != plain(found.town) else None,
            town=found.town,
            postcode_area=found.area,
            region=found.region,
            country=found.country,
            address=cells.text("address", NOTE) or None,
            latitude=point.latitude,
            longitude=point.longitude,
        )

    def _own_point(self, cells: RowCells, known: Point) -> Point:
        """The coordinates of the row, where they are believable."""
        said = (cells.line_of("latitude", LINE), cells.line_of("longitude", LINE))
        if not any(said):
            return known
        try:
            latitude, longitude = (float(degrees.rstrip("°").replace(",", ".")) for degrees in said)
        except ValueError:
            latitude = longitude = float("inf")
        if not (abs(latitude) <= 90 and abs(longitude) <= 180):
            cells.warn("latitude", ", ".join(said), "", NOT_A_POINT)
            return known
        own = Point(latitude, longitude)
        if chord_squared(own, known) > chord_m(FAR_M) ** 2:
            cells.warn("latitude", ", ".join(said), "", FAR_POINT)
            return known
        return own

    def _identity(
        self, cells: RowCells, name: personal_names.Name | None, email: str | None, found: Found
    ) -> Identity | None:
        reference = cells.line_of("reference", LINE)
        name_key = plain(name.name) if name else None
        where = plain(found.area or found.town) if name else None
        if reference:
            key = ("reference", plain(reference) or reference)
        elif email:
            key = ("email", email)
        elif name_key:
            key = ("name", f"{name_key}\x1f{where}")
        else:
            return None
        number = fingerprint(*key) % 2**64
        return Identity(
            key=f"{self._source}:{number:016x}",
            email_and_name=fingerprint(email, name_key) if email and name_key else None,
            name_and_place=fingerprint(name_key, where) if name_key else None,
        )

    def _text(self, cells: RowCells) -> str:
        text = cells.text("text", TEXT)
        if not text:
            return ""
        if contacts.has_tags(text):
            shorter = contacts.without_tags(text)
            cells.warn("text", text, shorter[:NOTE], HTML)
            text = shorter
        shorter, had_contacts = contacts.without_contacts(text)
        if had_contacts:
            cells.warn("text", text, shorter[:NOTE], contacts.CONTACTS_TAKEN_OUT)
        strong = _STRONG.search(shorter)
        if strong:
            cells.warn("text", strong[0], strong[0], STRONG_WORDS, word=strong[0])
        return shorter

    def _choice(self, cells: RowCells, field: str, read: Any) -> Any:
        said = cells.line_of(field, NOTE)
        if not said or choices.is_not_said(said):
            return None
        value = read(said)
        if value is None:
            cells.warn(field, said, "", NOT_UNDERSTOOD)
        return value

    def _access(self, cells: RowCells) -> tuple[tuple[Access, ...], str | None]:
        """Kinds of access; words that say more than these are kept as a note."""
        said = cells.text("access", NOTE)
        kinds = set(choices.access(said)) if said else set()
        if choices.yes(cells.line_of("step_free", NOTE)):
            kinds.add(Access.STEP_FREE)
        says_more = bool(said) and len(plain(said).split()) > 3 * len(kinds)
        return tuple(kind for kind in Access if kind in kinds), said if says_more else None

    def _prices(self, cells: RowCells, country: str) -> tuple[prices.Price, ...]:
        minutes = durations.parse(said) if (said := cells.line_of("minutes", NOTE)) else []
        if said and len(minutes) != 1:
            cells.warn(
                "minutes", said, str(minutes[0]) if minutes else "", SEVERAL_LENGTHS if minutes else NOT_UNDERSTOOD
            )
        text = cells.text("prices", 2 * NOTE)
        if not text:
            return ()
        home = self._settings.country
        currency = self._settings.currency if country == home else _currency_of(country) or self._settings.currency
        found: tuple[prices.Price, ...] = self._taken(
            cells, "prices", prices.parse(text, currency, minutes[0] if minutes else None)
        )
        return found

    def _since(self, cells: RowCells) -> int | None:
        said = cells.line_of("since", NOTE)
        years = [int(year) for year in _YEAR.findall(said) if int(year) <= self._today.year]
        if said and not years:
            cells.warn("since", said, "", NOT_A_YEAR)
        return min(years, default=None)

    def _languages(self, cells: RowCells) -> tuple[str, ...]:
        said = cells.text("languages", NOTE)
        codes: dict[str, None] = {}
        for piece in _LIST.split(said) if said else ():
            if not languages.LEVEL.sub("", piece).strip(" ."):
                continue
            code = languages.language(piece)
            if code:
                codes[code] = None
            else:
                cells.warn("languages", piece.strip(), "", UNKNOWN_LANGUAGE)
        return tuple(sorted(codes))


@cache
def _currency_of(country: str) -> str | None:
    return next(iter(get_territory_currencies(country)), None)
