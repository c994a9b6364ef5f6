"""Loads the facts that every site needs, and says what changed.

A record that an administrator has reviewed here is left as it is, and so is one that a listing names.
"""

import csv
import datetime as dt
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from directory.db import db
from directory.lib import clock
from directory.lib.folding import plain
from directory.models import (
    Body,
    Concern,
    Guidance,
    Modality,
    Place,
    PlaceName,
    PostcodeArea,
    Regulation,
    SeedFile,
)

Row = dict[str, Any]

# Raise it when the same file is to be read in another way.
READING = 2


@dataclass(frozen=True)
class Change:
    """What loading one kind of record did."""

    kind: str
    total: int
    new: int
    changed: int
    gone: int


def load(folder: Path) -> list[Change]:
    """Load every file of `folder`; the same files again change nothing."""
    changes = [_load_records(folder, name, model, read) for name, model, read in _RECORDS]
    return [*changes, *_load_places(folder)]


def _load_records(folder: Path, name: str, model: Any, read: Callable[[Row, int], Row]) -> Change:
    content = json.loads((folder / f"{name}.json").read_text("utf-8"))
    compiled_on = dt.date.fromisoformat(content["meta"]["as_of"])
    known = {record.id: record for record in db.session.scalars(select(model).where(~model.is_demo))}
    new = changed = 0
    seen = set()
    for position, source in enumerate(_parents_first(content["records"])):
        values = read(source, position) | {key: source[key] for key in ("id", "sources", "confidence")}
        # Of what is kept, so that a new record changes none of those that follow it.
        digest = hashlib.sha256(json.dumps([READING, values], sort_keys=True).encode()).hexdigest()
        seen.add(source["id"])
        record = known.get(source["id"])
        if record is not None and (record.digest == digest or record.reviewed_on is not None):
            continue
        values |= {"compiled_on": compiled_on, "digest": digest}
        if record is None:
            db.session.add(model(**values))
            new += 1
        else:
            for field, value in values.items():
                setattr(record, field, value)
            changed += 1
    dropped = [record for key, record in known.items() if key not in seen and record.reviewed_on is None]
    # Children first: a parent goes only when nothing is left below it.
    dropped.sort(key=lambda record: getattr(record, "parent_id", None) is None)
    gone = sum(_drop(record) for record in dropped)
    db.session.flush()
    return Change(name, len(seen), new, changed, gone)


def _drop(record: Any) -> bool:
    """Take a record away, unless a listing names it; whether that was done."""
    try:
        with db.session.begin_nested():
            db.session.delete(record)
    except IntegrityError:
        return False
    return True


def _parents_first(records: Sequence[Row]) -> list[Row]:
    return sorted(records, key=lambda record: record.get("parent") is not None)


_NOTE = re.compile(r"\s*\([^)]*\)")


def _names(terms: Iterable[str]) -> list[str]:
    """Search terms without the notes that the data puts in brackets."""
    return list(dict.fromkeys(_NOTE.sub("", term).strip() for term in terms))


def _modality(source: Row, _position: int) -> Row:
    taken = {
        "name",
        "native_name",
        "synonyms",
        "family",
        "parent",
        "tier",
        "description",
        "sources",
        "confidence",
    }
    return {
        "name": source["name"],
        "native_name": source["native_name"],
        "synonyms": _names(source["synonyms"]),
        "family": source["family"],
        "parent_id": source["parent"],
        "tier": source["tier"],
        "description": source["description"],
        "clothing": source["clothing"],
        "surface": source["surface"],
        "wording": source["uk_wording"],
        "is_shiatsu": source["shiatsu_lineage"],
        "holistic_role": source["holistic_rule"]["role"],
        "details": {key: value for key, value in source.items() if key not in taken},
        "sort_key": plain(source["name"]),
    }


def _concern(source: Row, _position: int) -> Row:
    return {
        "name": source["label"],
        "synonyms": _names(source["search_terms"]),
        "body_area": source["body_area"],
        "claim_status": source["uk_claim_status"],
        "careful_wording": source["careful_wording"],
        "avoid_wording": source["avoid_wording"],
        "evidence_note": source["evidence_note"],
        "urgent_signs": source["urgent_signs"],
        "methods": source["modalities"],
        "details": {
            "jurisdiction_flags": source["jurisdiction_flags"],
            "note": source["note"],
        },
        "sort_key": plain(source["label"]),
    }


# English names with one of these nouns are spoken with an article: "the Shiatsu Society".
_SPOKEN_WITH_ARTICLE = re.compile(
    r"\b(Society|Federation|Council|Association|Institute|Register|Union|Board|Authority|College|Organi[sz]ation"
    r"|Agency|Network|Ministry|Academy|Colleges|Boards)\b"
)
_ENGLISH_SPEAKING = frozenset({"GB", "IE", "US", "CA", "AU", "NZ", "EU"})


def _body(source: Row, _position: int) -> Row:
    taken = {
        "name",
        "abbr",
        "aliases",
        "former_names",
        "country",
        "kind",
        "sources",
        "confidence",
        "verifies",
    }
    article = source["country"] in _ENGLISH_SPEAKING and bool(_SPOKEN_WITH_ARTICLE.search(source["name"]))
    details = {key: value for key, value in source.items() if key not in taken}
    return {
        "name": source["name"],
        "abbreviation": source["abbr"],
        "aliases": source["aliases"],
        "former_names": source["former_names"],
        "country": source["country"],
        "kind": source["kind"],
        "lists_individuals": source["lists_individuals"],
        "website": source["website"],
        "register_url": source["register_url"],
        "psa_status": source["psa_status"],
        "status": source["status"],
        "founded": source["founded"],
        "complaints": source["complaints"],
        "notes": source["notes"],
        "letters": source["post_nominals"],
        "verifies": source["verifies"],
        "renewal_months": (source["renewal"] or {}).get("months"),
        "details": details | {"article": article},
        "sort_key": plain(source["name"]),
    }


def _regulation(source: Row, _position: int) -> Row:
    return {
        "country": source["country"],
        "subdivision": source["subdivision"],
        "profession": source["profession"],
        "regulation_class": source["status_class"],
        "label": source["display_label"],
        "summary": source["summary"],
        "title_protected": source["title_protected"],
        "body_ids": source["authority_bodies"],
        "details": {key: source[key] for key in ("status_detail", "word_restrictions", "act_reserved", "note")},
    }


def _guidance(source: Row, position: int) -> Row:
    return {
        "kind": source["type"],
        "title": source["title"],
        "text": source["text"],
        "action": source["action"],
        "severity": source["severity"],
        "countries": source["countries"],
        "applies_to": source["applies_to"],
        "where_to_show": source["where_to_show"],
        "details": source["data"] or {},
        "position": position,
    }


_RECORDS: tuple[tuple[str, Any, Callable[[Row, int], Row]], ...] = (
    ("modalities", Modality, _modality),
    ("concerns", Concern, _concern),
    ("bodies", Body, _body),
    ("regulation", Regulation, _regulation),
    ("guidance", Guidance, _guidance),
)

BATCH = 5_000


def _load_places(folder: Path) -> list[Change]:
    """Towns, with every name under which they are found, and postcode areas, each with its nearest town."""
    files = [folder / "places.csv", folder / "postcode_areas.csv"]
    digest = hashlib.sha256(b"".join([str(READING).encode(), *(file.read_bytes() for file in files)])).hexdigest()
    known = db.session.get(SeedFile, "places")
    places = list(_read_csv(files[0]))
    areas = list(_read_csv(files[1]))
    if known is not None and known.digest == digest:
        return [
            Change("places", len(places), 0, 0, 0),
            Change("postcode areas", len(areas), 0, 0, 0),
        ]
    for table in (PlaceName, Place, PostcodeArea):
        db.session.execute(delete(table))
    _insert(Place, _place_rows(places))
    _insert(PlaceName, _place_name_rows(places))
    _insert(PostcodeArea, _area_rows(areas, places))
    db.session.merge(SeedFile(name="places", digest=digest, loaded_at=clock.now()))
    db.session.flush()
    fresh = known is None
    return [
        Change(
            "places",
            len(places),
            len(places) if fresh else 0,
            0 if fresh else len(places),
            0,
        ),
        Change(
            "postcode areas",
            len(areas),
            len(areas) if fresh else 0,
            0 if fresh else len(areas),
            0,
        ),
    ]


def _read_csv(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _insert(table: Any, rows: Iterable[Mapping[str, Any]]) -> None:
    pending: list[Mapping[str, Any]] = []
    for row in rows:
        pending.append(row)
        if len(pending) == BATCH:
            db.session.execute(insert(table.__table__), pending)
            pending = []
    if pending:
        db.session.execute(insert(table.__table__), pending)


def _place_rows(places: Sequence[Mapping[str, str]]) -> Iterator[Row]:
    for number, place in enumerate(places, start=1):
        yield {
            "id": number,
            "country": place["country"],
            "name": place["name"],
            "region": place["region"],
            "latitude": float(place["latitude"]),
            "longitude": float(place["longitude"]),
            "population": int(place["population"]),
        }


def _place_name_rows(places: Sequence[Mapping[str, str]]) -> Iterator[Row]:
    for number, place in enumerate(places, start=1):
        main = plain(place["name"])
        names = {main: True}
        for other in place["also_known_as"].split("|"):
            names.setdefault(plain(other), False)
        for folded, is_main in names.items():
            if folded:
                yield {"folded": folded, "place_id": number, "is_main": is_main}


SMALLEST_TOWN = 1_000
# The postal districts of London: what lies outside them belongs to another town, however large London is.
_LONDON = re.compile("(?:E|EC|N|NW|SE|SW|W|WC)[0-9]")


class _Towns:
    """Towns of a piece of the map: where each is, and how much further it may lie for being large."""

    def __init__(self, places: Sequence[Mapping[str, str]]) -> None:
        self._places = places
        self._north = np.array([float(place["latitude"]) for place in places])
        self._east = np.array([float(place["longitude"]) for place in places])
        self._reach = np.array([(int(place["population"]) / 10_000) ** 0.8 for place in places])
        self._is_london = np.array([place["name"] == "London" for place in places], dtype=bool)

    def best(self, latitude: float, longitude: float, *, london: bool | None) -> Mapping[str, str] | None:
        """The town that pulls most: London alone, any but London, or any if that leaves none or `london` is None.

        A length of 1 is a degree of latitude at a population of 10,000.
        """
        if not self._places:
            return None
        north, east = self._north - latitude, (self._east - longitude) * 0.6
        pull = (north * north + east * east) / self._reach
        if london is not None and (self._is_london == london).any():
            pull[self._is_london != london] = np.inf
        return self._places[int(pull.argmin())]


def _area_rows(areas: Sequence[Mapping[str, str]], places: Sequence[Mapping[str, str]]) -> Iterator[Row]:
    """Each postcode area with the town that it most likely belongs to: near, and large for how near it is."""
    countries = {area["country"] for area in areas}
    cells: dict[_Cell, list[Mapping[str, str]]] = defaultdict(list)
    for place in places:
        if place["country"] in countries and int(place["population"]) >= SMALLEST_TOWN:
            cells[_cell(place)].append(place)
    around: dict[_Cell, _Towns] = {}
    for area in areas:
        here = _cell(area)
        if here not in around:
            steps = product((-1, 0, 1), repeat=2)
            around[here] = _Towns([town for x, y in steps for town in cells.get((here[0] + x, here[1] + y), ())])
        latitude, longitude = float(area["latitude"]), float(area["longitude"])
        london = bool(_LONDON.match(area["code"])) if area["country"] == "GB" else None
        best = around[here].best(latitude, longitude, london=london)
        yield {
            "country": area["country"],
            "code": area["code"],
            "latitude": latitude,
            "longitude": longitude,
            "town": best["name"] if best else None,
            "region": best["region"] if best else None,
        }


_Cell = tuple[int, int]


def _cell(point: Mapping[str, str]) -> _Cell:
    return round(float(point["latitude"])), round(float(point["longitude"]))
