"""The listings as documents of tantivy, with the status of each claim as it is on one day.

They are written in the order of the day, so that tantivy, which gives documents of equal score in the order in which
they were written, has that order for nothing. A real site would have to write all of them anew every midnight.
"""

import datetime as dt
import json
import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import tantivy

from directory.models import PUBLIC_STATES, Access, Pressure, Visit
from directory.models.practitioners import access_column
from directory.services.indexing import COUNTRIES_WITHOUT_PAIRING
from directory.services.search.criteria import NO_CLAIM, SHUFFLE_PRIME, Facet, shuffle_factor

BATCH = 5_000
MEMORY = 1_000_000_000  # as much as one part of the index may need, so that there is one part
PLACES = 2  # of which each has a column, for the order by distance
WORDS = ("names", "methods", "full")
COLUMNS = (
    *("id", "public_id", "slug", "name", "name_key", "business", "country", "text", "gender", "accepting", "band"),
    *("pressure_from", "pressure_to"),
    *(f"visits_{visit}" for visit in Visit),
    *(access_column(access) for access in Access),
)
Rows = dict[int, list[Any]]
Listing = dict[str, Any]
Values = dict[str, list[str]]
Place = tuple[int, int, int]


def schema() -> tantivy.Schema:
    """The fields. Words and values are asked for, so their places in a text are not kept."""
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", fast=True)
    builder.add_integer_field("name_rank", fast=True)
    builder.add_integer_field("cell", indexed=True, fast=True)
    for number in range(PLACES):
        builder.add_integer_field(f"place_{number}", fast=True)
    for name in WORDS:
        builder.add_text_field(name, tokenizer_name="words", index_option="basic")
    builder.add_text_field("name_key", tokenizer_name="raw", index_option="basic")
    for name in (*Facet, "claim"):
        builder.add_text_field(str(name), tokenizer_name="raw", index_option="basic", fast=True)
    # All values of all filters once more in one column: counted together they take half the time.
    builder.add_text_field("value", tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_bytes_field("row", stored=True)
    return builder.build()


def open_index(folder: Path) -> tantivy.Index:
    """The index in a folder."""
    index = tantivy.Index(schema(), path=str(folder))
    words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer("words", words)
    return index


def build(database: Path, folder: Path, day: dt.date) -> None:
    """Write the listings of a SQLite database to an index in `folder`, unless it is there already."""
    done = folder / "built"
    if done.exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    writer = open_index(folder).writer(MEMORY, 1)
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        points = cells(connection)
        (folder / "cells.json").write_text(json.dumps(list(points)))
        for listing, values in read(connection, day):
            writer.add_document(_document(listing, values, points))
    writer.commit()
    writer.wait_merging_threads()
    done.touch()


def cells(connection: sqlite3.Connection) -> dict[Place, int]:
    """Every point at which somebody works, numbered. There are few: points are rounded to a kilometre."""
    query = "select distinct x, y, z from practice_place where x is not null order by x, y, z"
    return {(row[0], row[1], row[2]): number for number, row in enumerate(connection.execute(query))}


def read(connection: sqlite3.Connection, day: dt.date) -> Iterator[tuple[Listing, Values]]:
    """Each public listing in the order of the day, with its words and the values of all filters."""
    public = ", ".join(f"'{state}'" for state in PUBLIC_STATES)
    shuffled = f"(shuffle + 1) * {shuffle_factor(day)} % {SHUFFLE_PRIME}"
    order = f"select id from practitioner where state in ({public}) order by {shuffled}, id"
    ids = [row[0] for row in connection.execute(order)]
    by_name = f"select id from practitioner where state in ({public}) order by name_key, id"
    ranks = {row[0]: rank for rank, row in enumerate(connection.execute(by_name))}
    families = _families(connection)
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        related = _related(connection, batch, day)
        listings = {row[0]: dict(zip(COLUMNS, row, strict=True)) for row in _rows(connection, _LISTING, batch)}
        for number in batch:
            found = {name: rows[number] for name, rows in related.items()}
            listing = {**listings[number], "rank": ranks[number], "places": found["places"]}
            yield listing, {**_facets(listing, found, families), **_words(listing, found["words"][0])}


def _document(listing: Listing, values: Values, points: dict[Place, int]) -> tantivy.Document:
    document = tantivy.Document()
    document.add_integer("id", listing["id"])
    document.add_integer("name_rank", listing["rank"])
    places = sorted({points[place] for place in listing["places"]})
    assert len(places) <= PLACES
    for number, place in enumerate(places):
        document.add_integer("cell", place)
        document.add_integer(f"place_{number}", place)
    for name, texts in values.items():
        for text in texts:
            document.add_text(name, text)
            if name in _FACETS:
                document.add_text("value", f"{name}:{text}")
    shown = {name: listing[name] for name in ("public_id", "slug", "name", "business", "country", "text")}
    document.add_bytes("row", json.dumps(shown).encode())
    return document


_FACETS = frozenset(str(facet) for facet in Facet)
_LISTING = f"select {', '.join(COLUMNS)} from practitioner where id in (select value from json_each(?))"


def _rows(connection: sqlite3.Connection, query: str, ids: Sequence[int], *more: str) -> list[tuple[Any, ...]]:
    return connection.execute(query, (json.dumps(ids), *more)).fetchall()


def _related(connection: sqlite3.Connection, ids: Sequence[int], day: dt.date) -> dict[str, Rows]:
    """What belongs to each of the listings, by its name and theirs."""
    related: dict[str, Rows] = {}
    for name, columns, table in (
        ("words", "names, methods, body, concerns", "search_text"),
        ("modalities", "modality_id", "training"),
        ("concerns", "concern_id", "works_with"),
        ("languages", "language", "speaks"),
        ("places", "x, y, z", "practice_place"),
    ):
        wanted = (
            f"select practitioner_id, {columns} from {table} where practitioner_id in (select value from json_each(?))"
        )
        given = " and x is not null" if name == "places" else ""
        related[name] = _grouped(_rows(connection, wanted + given, ids))
    spans = (
        "select distinct practitioner_id, status, body_id from claim_span"
        " where practitioner_id in (select value from json_each(?)) and from_on <= ? and until_on > ?"
    )
    related["claims"] = _grouped(_rows(connection, spans, ids, day.isoformat(), day.isoformat()))
    return related


def _grouped(rows: list[tuple[Any, ...]]) -> Rows:
    found: Rows = defaultdict(list)
    for number, *values in rows:
        found[number].append(values[0] if len(values) == 1 else tuple(values))
    return found


def _families(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """Each method with all that it is a form of."""
    parents = dict(connection.execute("select id, parent_id from modality"))
    families = {}
    for method in parents:
        line, ancestor = [], method
        while ancestor is not None:
            line.append(ancestor)
            ancestor = parents[ancestor]
        families[method] = line
    return families


def _words(listing: Listing, texts: tuple[str, str, str, str]) -> Values:
    names, methods, body, concerns = texts
    return {
        "names": [names],
        "methods": [f"{names} {methods}"],
        "full": [f"{names} {methods} {body} {concerns}"],
        "name_key": [listing["name_key"]],
    }


def _facets(listing: Listing, found: dict[str, list[Any]], families: dict[str, list[str]]) -> Values:
    claims = found["claims"]
    paired = listing["country"] not in COUNTRIES_WITHOUT_PAIRING
    degrees = range(listing["pressure_from"] or 1, (listing["pressure_to"] or 0) + 1)
    single = {Facet.GENDER: "gender", Facet.ACCEPTING: "accepting", Facet.PRICE: "band"}
    return {
        **{facet: [listing[column]] if listing[column] else [] for facet, column in single.items()},
        Facet.STATUS: sorted({status for status, _ in claims}) or [NO_CLAIM],
        Facet.BODY: sorted({body for _, body in claims if body}),
        "claim": sorted({f"{status}|{body}" for status, body in claims if body}),
        Facet.MODALITY: sorted({one for method in found["modalities"] for one in families[method]}),
        Facet.CONCERN: found["concerns"] if paired else [],
        Facet.LANGUAGE: found["languages"],
        Facet.VISIT: [str(visit) for visit in Visit if listing[f"visits_{visit}"]],
        Facet.ACCESS: [str(access) for access in Access if listing[access_column(access)]],
        Facet.PRESSURE: [str(pressure) for pressure in Pressure if pressure.degree in degrees],
    }
