"""Reads from the database what a replica holds of listings. Only those that the public may see are read."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, String, func, select, type_coerce

from directory.models import (
    PUBLIC_STATES,
    Access,
    ClaimSpan,
    ClaimStatus,
    Concern,
    Modality,
    PracticePlace,
    Practitioner,
    SearchText,
    Speaks,
    Training,
    Visit,
    WorksWith,
)
from directory.models.practitioners import access_column
from directory.services.indexing import COUNTRIES_WITHOUT_PAIRING

BATCH = 20_000


@dataclass(frozen=True)
class Facts:
    """What the directory knows that listings name: each modality with those of which it is a form, from itself up;
    and the concerns by which nobody is listed."""

    lineage: dict[str, tuple[str, ...]]
    medical: frozenset[str]


@dataclass(frozen=True)
class Rows:
    """Listings as rows of the tables that search reads. The first column of each is the row number of the listing."""

    # number, name_key, shuffle, is_paired, pressure from and to, price, gender, accepting, FLAGS
    listings: Sequence[Any]
    places: Sequence[Any]  # number, x, y, z
    modalities: Sequence[Any]
    concerns: Sequence[Any]
    languages: Sequence[Any]
    spans: Sequence[Any]  # number, status, body, from, until; days as datetime.date
    texts: Sequence[Any]  # number, and the words of each column


def _raw(column: Any) -> ColumnElement[str]:
    """As it is stored: not turned into a state, which would take longer than reading it."""
    return type_coerce(column, String)


FLAGS = tuple([("visit", visit.value, f"visits_{visit.value}") for visit in Visit]) + tuple(
    ("access", access.value, access_column(access)) for access in Access
)
_LISTINGS = select(
    Practitioner.id,
    Practitioner.name_key,
    Practitioner.shuffle,
    Practitioner.country.not_in(COUNTRIES_WITHOUT_PAIRING),
    Practitioner.pressure_from,
    Practitioner.pressure_to,
    _raw(Practitioner.band),
    _raw(Practitioner.gender),
    _raw(Practitioner.accepting),
    *(getattr(Practitioner, column) for _, _, column in FLAGS),
).order_by(Practitioner.id)
_PARTS: tuple[tuple[Any, Any], ...] = (
    (
        select(PracticePlace.practitioner_id, PracticePlace.x, PracticePlace.y, PracticePlace.z).where(
            PracticePlace.x.is_not(None)
        ),
        PracticePlace.practitioner_id,
    ),
    (select(Training.practitioner_id, Training.modality_id), Training.practitioner_id),
    (select(WorksWith.practitioner_id, WorksWith.concern_id), WorksWith.practitioner_id),
    (select(Speaks.practitioner_id, Speaks.language), Speaks.practitioner_id),
    (
        select(
            ClaimSpan.practitioner_id, _raw(ClaimSpan.status), ClaimSpan.body_id, ClaimSpan.from_on, ClaimSpan.until_on
        ),
        ClaimSpan.practitioner_id,
    ),
    (
        select(
            SearchText.practitioner_id, SearchText.names, SearchText.methods, SearchText.body, SearchText.concerns
        ).order_by(SearchText.practitioner_id),
        SearchText.practitioner_id,
    ),
)


def count(connection: Connection) -> int:
    """How many listings there are, whether or not the public may see them."""
    return connection.scalar(select(func.count()).select_from(Practitioner)) or 0


def any_missing(connection: Connection, ids: Sequence[int]) -> bool:
    """Whether any of the listings `ids` is not in the database any more."""
    for start in range(0, len(ids), BATCH // 40):
        some = ids[start : start + BATCH // 40]
        there = connection.scalar(select(func.count()).select_from(Practitioner).where(Practitioner.id.in_(some)))
        if there != len(some):
            return True
    return False


def read_points(connection: Connection) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Numbers of all listings that the public may see; and all places: number of the listing, x, y, z."""
    listings = connection.scalars(select(Practitioner.id).where(Practitioner.state.in_(PUBLIC_STATES))).all()
    places = connection.execute(_PARTS[0][0]).all()
    return np.array(listings, np.int64), np.array(places, np.int64).reshape(-1, 4)


def read(connection: Connection, ids: Sequence[int]) -> Iterator[Rows]:
    """Those of the listings `ids` that the public may see, in batches."""
    for start in range(0, len(ids), BATCH // 40):
        some = ids[start : start + BATCH // 40]
        yield _read(connection, lambda column, some=some: column.in_(some))


def read_all(connection: Connection) -> Iterator[Rows]:
    """All listings that the public may see, in batches, by row number."""
    last = connection.scalar(select(func.max(Practitioner.id))) or 0
    for start in range(0, last, BATCH):
        yield _read(connection, lambda column, start=start: column.between(start + 1, start + BATCH))


def _read(connection: Connection, are_meant: Any) -> Rows:
    listings = connection.execute(
        _LISTINGS.where(Practitioner.state.in_(PUBLIC_STATES), are_meant(Practitioner.id))
    ).all()
    public = {row[0] for row in listings}
    parts = [
        [row for row in connection.execute(query.where(are_meant(column))).all() if row[0] in public]
        for query, column in _PARTS
    ]
    return Rows(listings, *parts)


def read_facts(connection: Connection) -> Facts:
    """What the directory knows that listings name."""
    parents = {row[0]: row[1] for row in connection.execute(select(Modality.id, Modality.parent_id))}
    lineage = {}
    for modality in parents:
        line, ancestor = [modality], parents[modality]
        while ancestor is not None:
            line.append(ancestor)
            ancestor = parents[ancestor]
        lineage[modality] = tuple(line)
    medical = connection.scalars(select(Concern.id).where(Concern.claim_status == ClaimStatus.MEDICAL))
    return Facts(lineage, frozenset(medical))


class Ordinals(dict[dt.date, int]):
    """Days as numbers, each worked out once."""

    def __missing__(self, day: dt.date) -> int:
        number = self[day] = day.toordinal()
        return number
