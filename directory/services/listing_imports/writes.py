"""Writes listings by the thousand: what is new, and what has changed, with all that search reads of them."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Table, delete, func, select, text, update

from directory.db import db
from directory.lib import tokens
from directory.lib.folding import plain
from directory.lib.geography import Point
from directory.models import (
    Access,
    Claim,
    ClaimSpan,
    ImportedRow,
    ListingState,
    Origin,
    OtherName,
    PracticePlace,
    Practitioner,
    Price,
    SearchText,
    Speaks,
    Training,
    Visit,
    WorksWith,
)
from directory.models.practitioners import access_column, price_band
from directory.services import indexing, lookalikes
from directory.services.claims import inheriting
from directory.services.listing_imports.claims import ClaimWriter, insert_rows
from directory.services.listing_imports.facts import ClaimSaid, Listing
from directory.services.listing_imports.vocabulary import Vocabulary

BATCH = 1_000
SHUFFLES = 2**31 - 1

# In the order in which they are written. What a listing has of these is written anew when it changes.
_PARTS = (OtherName, PracticePlace, Price, Training, WorksWith, Speaks)


# Pages that SQLite keeps in memory meanwhile, in KiB. With its usual 2 MB it reads and writes the same pages of an
# index again and again.
SQLITE_CACHE_KIB = 65_536


@contextmanager
def much_memory() -> Iterator[None]:
    """Let SQLite keep more pages in memory while much is written."""
    if db.engine.dialect.name != "sqlite":
        yield
        return
    before = db.session.scalar(text("PRAGMA cache_size"))
    db.session.execute(text(f"PRAGMA cache_size=-{SQLITE_CACHE_KIB}"))
    try:
        yield
    finally:
        db.session.execute(text(f"PRAGMA cache_size={before}"))


@dataclass(frozen=True)
class Change:
    """A row to be written. `practitioner_id` is None where the listing is new; `old_key` where the key stays."""

    key: str
    digest: str
    listing: Listing
    practitioner_id: int | None = None
    old_key: str | None = None


class Writer:
    """Collects changes and writes them in batches, in the transaction of the caller. End with `flush`."""

    def __init__(self, vocabulary: Vocabulary, at: dt.datetime, on: dt.date) -> None:
        self._vocabulary, self._at, self._on = vocabulary, at, on
        self._pending: list[Change] = []
        self._words: set[str] = set()
        self._ids: dict[str, int] = {}
        self._claims = ClaimWriter(vocabulary.bodies, at, on, self.take_ids)
        # Words are folded once for each kind of treatment, not once for each listing.
        self._method_tokens = {id_: indexing.join(*terms).split() for id_, terms in vocabulary.modality_terms.items()}
        self._concern_tokens = {id_: indexing.join(*terms).split() for id_, terms in vocabulary.concern_terms.items()}
        self._methods = lru_cache(maxsize=50_000)(self._methods_of)
        self._concerns = lru_cache(maxsize=50_000)(self._concerns_of)

    def add(self, change: Change) -> None:
        """Write it soon."""
        self._pending.append(change)
        if len(self._pending) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        changes, self._pending = self._pending, []
        if not changes:
            return
        new = [change for change in changes if change.practitioner_id is None]
        old = [change for change in changes if change.practitioner_id is not None]
        numbers = iter(self.take_ids(Practitioner, len(new)))
        pairs = [(change.practitioner_id or next(numbers), change) for change in changes]
        seen = self._clear([id_ for id_, change in pairs if change.practitioner_id is not None])
        insert_rows(Practitioner, [self._new(id_, change) for id_, change in pairs if change.practitioner_id is None])
        if old:
            db.session.execute(
                update(Practitioner),
                [{"id": id_, **self._values(c.listing)} for id_, c in pairs if c.practitioner_id is not None],
            )
        for table, rows in zip(_PARTS, _part_rows(pairs, seen), strict=True):
            insert_rows(table, rows)
        left = self._claims.write([(id_, change.listing, change.practitioner_id is None) for id_, change in pairs])
        self._write_texts(pairs, left)
        if old:  # What is new has not been checked by anybody.
            lookalikes.refresh([change.practitioner_id for change in old if change.practitioner_id is not None])
        self._write_keys(pairs)
        inherited = inheriting.inherit_many([id_ for id_, _ in pairs], at=self._at)
        indexing.refresh(sorted({check.practitioner_id for check in inherited}))

    def take_ids(self, model: Any, count: int) -> Sequence[int]:
        """Row numbers that nobody else will take."""
        table: Table = model.__table__
        if not count:
            return ()
        if db.engine.dialect.name == "postgresql":
            next_id = func.nextval(func.pg_get_serial_sequence(table.name, "id"))
            return db.session.scalars(select(next_id).select_from(func.generate_series(1, count))).all()
        # A writing transaction of SQLite is alone, so that nobody else can be counting.
        if table.name not in self._ids:
            self._ids[table.name] = db.session.scalar(select(func.coalesce(func.max(table.c.id), 0))) or 0
        first = self._ids[table.name] + 1
        self._ids[table.name] += count
        return range(first, first + count)

    def _clear(self, ids: Sequence[int]) -> dict[tuple[int, str], dt.date]:
        """Take away the parts of listings that change; return the certificates of training that somebody has seen."""
        if not ids:
            return {}
        seen = {
            (id_, modality): day
            for id_, modality, day in db.session.execute(
                select(Training.practitioner_id, Training.modality_id, Training.seen_on).where(
                    Training.practitioner_id.in_(ids), Training.seen_on.is_not(None)
                )
            )
            if day is not None
        }
        for table in (*_PARTS, SearchText, ClaimSpan):
            db.session.execute(
                delete(table).where(table.practitioner_id.in_(ids)), execution_options={"synchronize_session": False}
            )
        return seen

    def _new(self, id_: int, change: Change) -> dict[str, Any]:
        public_id = tokens.public_id()
        return {
            "id": id_,
            "public_id": public_id,
            "state": ListingState.PUBLISHED,
            "origin": Origin.IMPORT,
            "shuffle": int.from_bytes(hashlib.sha256(public_id.encode()).digest()[:8], "big") % SHUFFLES,
            "listed_on": self._on,
            "confirmed_on": None,
            **self._values(change.listing),
        }

    def _values(self, listing: Listing) -> dict[str, Any]:
        """The columns that a row decides. State, origin and the person's own confirmation are not among them."""
        low, high = listing.pressure or (None, None)
        name_key = plain(listing.name)
        return {
            "slug": name_key.replace(" ", "-"),
            "name": listing.name,
            "name_key": name_key,
            "business": listing.business,
            "text": listing.text,
            "country": listing.country,
            "website": listing.website,
            "contact_email": listing.email,
            "contact_telephone": listing.telephone,
            "gender": listing.gender,
            "pressure_from": low,
            "pressure_to": high,
            "accepting": listing.accepting,
            **{f"visits_{visit.value}": visit in listing.visits for visit in Visit},
            "travels_km": listing.travels_km,
            **{access_column(access): access in listing.access for access in Access},
            "access_note": listing.access_note,
            "availability_note": listing.availability_note,
            "states_insurance": listing.states_insurance,
            "band": price_band(*hour_price(listing)),
            "updated_at": self._at,
        }

    def _write_texts(self, pairs: Sequence[tuple[int, Change]], left: Mapping[int, Sequence[Claim]]) -> None:
        """The same words as services/indexing.text_of makes of a listing. `left` are claims no longer stated."""
        rows: list[dict[str, Any]] = [
            {
                "practitioner_id": id_,
                "names": indexing.join(change.listing.name, *change.listing.other_names, change.listing.business),
                "methods": self._methods(change.listing.modalities),
                "body": indexing.join(
                    change.listing.text,
                    *self._claim_texts(change.listing, left.get(id_, ())),
                    *_place_texts(change.listing),
                ),
                "concerns": self._concerns(change.listing.concerns, change.listing.country),
            }
            for id_, change in pairs
        ]
        insert_rows(SearchText, rows)
        words = {word for row in rows for column in ("names", "methods") for word in row[column].split()} - self._words
        indexing.add_words(words)
        self._words |= words

    def _methods_of(self, modalities: tuple[str, ...]) -> str:
        return " ".join(dict.fromkeys(token for id_ in modalities for token in self._method_tokens[id_]))

    def _concerns_of(self, concerns: tuple[str, ...], country: str) -> str:
        if country in indexing.COUNTRIES_WITHOUT_PAIRING:
            return ""
        return " ".join(dict.fromkeys(token for id_ in sorted(concerns) for token in self._concern_tokens[id_]))

    def _claim_texts(self, listing: Listing, left: Sequence[Claim]) -> Iterable[str | None]:
        stated: tuple[ClaimSaid | Claim, ...] = (*listing.claims, *left)
        for claim in stated:
            body = self._vocabulary.bodies.get(claim.body_id or "")
            yield from (claim.grade, claim.number, body.abbreviation if body else claim.body_name)

    def _write_keys(self, pairs: Sequence[tuple[int, Change]]) -> None:
        old = [change.old_key or change.key for _, change in pairs if change.practitioner_id is not None]
        if old:
            db.session.execute(delete(ImportedRow).where(ImportedRow.key.in_(old)))
        insert_rows(
            ImportedRow,
            [
                {"key": change.key, "digest": change.digest, "practitioner_id": id_, "imported_at": self._at}
                for id_, change in pairs
            ],
        )


def hour_price(listing: Listing) -> tuple[int | None, str]:
    """What an hour costs, from the full price whose length is nearest to an hour, and its currency."""
    full = [price for price in listing.prices if not price.is_reduced] or list(listing.prices)
    if not full:
        return None, ""
    price = min(full, key=lambda price: (abs(price.minutes - 60), price.amount_minor))
    return round(price.amount_minor * 60 / price.minutes), price.currency


def _part_rows(
    pairs: Sequence[tuple[int, Change]], seen: dict[tuple[int, str], dt.date]
) -> tuple[list[dict[str, Any]], ...]:
    """The rows of the parts of listings, in the order of _PARTS."""
    names: list[dict[str, Any]] = []
    places: list[dict[str, Any]] = []
    prices: list[dict[str, Any]] = []
    trainings: list[dict[str, Any]] = []
    concerns: list[dict[str, Any]] = []
    speaks: list[dict[str, Any]] = []
    for id_, change in pairs:
        listing = change.listing
        names += [{"practitioner_id": id_, "name": name, "is_shown": True} for name in listing.other_names]
        places += _place_rows(id_, listing)
        prices += [{"practitioner_id": id_, **price._asdict()} for price in listing.prices]
        trainings += [
            {
                "practitioner_id": id_,
                "modality_id": modality,
                "position": position,
                # A row has one school and one year; they are said of what stands first.
                "school": listing.school if position == 0 else None,
                "since_year": listing.since_year if position == 0 else None,
                "seen_on": seen.get((id_, modality)),
            }
            for position, modality in enumerate(listing.modalities)
        ]
        concerns += [{"practitioner_id": id_, "concern_id": concern} for concern in listing.concerns]
        speaks += [{"practitioner_id": id_, "language": language} for language in listing.languages]
    return names, places, prices, trainings, concerns, speaks


def _place_rows(id_: int, listing: Listing) -> list[dict[str, Any]]:
    if listing.place is None:
        return []
    place = listing.place
    x, y, z = Point(place.latitude or 0.0, place.longitude or 0.0).xyz
    return [{"practitioner_id": id_, **place._asdict(), "address_is_public": False, "x": x, "y": y, "z": z}]


def _place_texts(listing: Listing) -> tuple[str | None, ...]:
    """As indexing.place_texts."""
    place = listing.place
    return () if place is None else (place.locality, place.town, place.postcode_area)
