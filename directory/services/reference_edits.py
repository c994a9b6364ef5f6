"""Administrators look after the facts of reference: they edit a record, or say that they looked and it is right.

Both set the day of its review, so that low confidence hides it no more and loading the files anew leaves it alone.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from directory.db import db, locked
from directory.lib.folding import plain
from directory.lib.words import N_
from directory.models import (
    Account,
    Body,
    Claim,
    ClaimStatus,
    Concern,
    Confidence,
    Guidance,
    InvalidTransition,
    Modality,
    NotFound,
    ReferenceEdit,
    Regulation,
    Training,
    WorksWith,
)
from directory.models.regulation import RegulationClass
from directory.services import events, indexing, ledger


class Kind(StrEnum):
    """How a field of a record is written."""

    LINE = "line"
    TEXT = "text"
    LINES = "lines"
    CHOICE = "choice"
    ADDRESS = "address"


@dataclass(frozen=True)
class Field:
    """One field that can be edited: its column, its label, and how it is written."""

    name: str
    label: str
    kind: Kind = Kind.LINE
    is_needed: bool = False
    choices: tuple[str, ...] = ()


def _choice(name: str, label: str, states: type[StrEnum]) -> Field:
    return Field(name, label, Kind.CHOICE, is_needed=True, choices=tuple(states))


SOURCES = (
    Field("sources", N_("Sources, one a line: addresses, or where else it says so"), Kind.LINES),
    _choice("confidence", N_("How sure we are"), Confidence),
)


@dataclass(frozen=True)
class Collection:
    """One kind of records: its name in addresses, its name in the log, its words, and what of it can be edited."""

    key: str
    kind: str
    label: str
    model: Any
    title: str
    fields: tuple[Field, ...]
    # What changes how listings that name the record are found.
    searched: frozenset[str] = frozenset()


COLLECTIONS = {
    one.key: one
    for one in (
        Collection(
            "modalities", "modality", N_("Kinds of treatment"), Modality, "name",
            (
                Field("name", N_("Name"), is_needed=True),
                Field("native_name", N_("Name in its own language")),
                Field("synonyms", N_("Other names, one a line"), Kind.LINES),
                Field("description", N_("Description"), Kind.TEXT, is_needed=True),
                Field("clothing", N_("Clothing")),
                Field("surface", N_("Table, chair or futon")),
                Field("wording", N_("Careful wording"), Kind.TEXT),
                *SOURCES,
            ),
            frozenset({"name", "native_name", "synonyms"}),
        ),
        Collection(
            "concerns", "concern", N_("Concerns"), Concern, "name",
            (
                Field("name", N_("Name"), is_needed=True),
                Field("synonyms", N_("What people type, one a line"), Kind.LINES),
                _choice("claim_status", N_("How advertising rules see it"), ClaimStatus),
                Field("careful_wording", N_("Careful wording, one a line"), Kind.LINES),
                Field("avoid_wording", N_("Wording to avoid, one a line"), Kind.LINES),
                Field("evidence_note", N_("What is known"), Kind.TEXT, is_needed=True),
                *SOURCES,
            ),
            frozenset({"name", "synonyms", "claim_status"}),
        ),
        Collection(
            "bodies", "body", N_("Professional bodies"), Body, "name",
            (
                Field("name", N_("Name"), is_needed=True),
                Field("abbreviation", N_("Letters of the body"), is_needed=True),
                Field("aliases", N_("Other names, one a line"), Kind.LINES),
                Field("former_names", N_("Former names, one a line"), Kind.LINES),
                Field("website", N_("Website"), Kind.ADDRESS),
                Field("register_url", N_("Where its register is")),
                Field("founded", N_("Founded")),
                Field("complaints", N_("Complaints"), Kind.TEXT),
                Field("notes", N_("Notes"), Kind.TEXT),
                *SOURCES,
            ),
            # A body that was looked at is one that claims can be checked against.
            frozenset({"abbreviation", "confidence", "reviewed_on"}),
        ),
        Collection(
            "regulation", "regulation", N_("The law"), Regulation, "label",
            (
                Field("label", N_("In a few words"), is_needed=True),
                Field("summary", N_("Summary"), Kind.TEXT, is_needed=True),
                _choice("regulation_class", N_("Kind of rule"), RegulationClass),
                *SOURCES,
            ),
        ),
        Collection(
            "guidance", "guidance", N_("Guidance"), Guidance, "title",
            (
                Field("title", N_("Title"), is_needed=True),
                Field("text", N_("Text"), Kind.TEXT, is_needed=True),
                Field("action", N_("What to do"), Kind.TEXT),
                Field("countries", N_("Countries, one a line; * for all"), Kind.LINES),
                *SOURCES,
            ),
        ),
    )
}  # fmt: skip


class Changed(InvalidTransition):
    """Somebody changed the record since the form was opened; nothing was overwritten."""


@dataclass(frozen=True)
class Counts:
    """How much of a collection waits for somebody to look at it."""

    collection: Collection
    total: int
    unreviewed: int
    low: int


@dataclass(frozen=True)
class Past:
    """An edit, who made it (None once their account has gone), and what it changed: label, before, after."""

    edit: ReferenceEdit
    editor: str | None
    changes: Sequence[tuple[str, str, str]]


def collection_of(key: str) -> Collection:
    """A collection by its name in addresses. Raises NotFound."""
    if key not in COLLECTIONS:
        raise NotFound(f"no collection {key}")
    return COLLECTIONS[key]


def overview() -> list[Counts]:
    """Every collection, with how much of it waits."""
    found = []
    for one in COLLECTIONS.values():
        records = _records(one)
        unreviewed = [record for record in records if record.reviewed_on is None]
        low = sum(record.confidence is Confidence.LOW for record in unreviewed)
        found.append(Counts(one, len(records), len(unreviewed), low))
    return found


def list_records(collection: Collection, words: str = "", waits: str = "") -> list[Any]:
    """Records that hold all of `words`, those never reviewed first, then the oldest review.

    `waits` is `unreviewed`, or `low` for low confidence; anything else is every record.
    """
    asked = plain(words).split()
    found = [
        record
        for record in _records(collection)
        if (waits != "unreviewed" or record.reviewed_on is None)
        and (waits != "low" or record.confidence is Confidence.LOW)
        and (not asked or _holds(record, collection, asked))
    ]
    return sorted(
        found,
        key=lambda record: (record.reviewed_on or dt.date.min, title_of(collection, record).casefold(), record.id),
    )


def _records(collection: Collection) -> Sequence[Any]:
    model = collection.model
    return db.session.scalars(select(model).where(~model.is_demo)).all()


def _holds(record: Any, collection: Collection, asked: Sequence[str]) -> bool:
    values = values_of(collection, record).values()
    text = plain(" ".join([record.id, *(" ".join(one) if isinstance(one, list) else str(one or "") for one in values)]))
    return all(word in text for word in asked)


def get(collection: Collection, record_id: str) -> Any:
    """One record. Raises NotFound."""
    record = db.session.get(collection.model, record_id)
    if record is None or record.is_demo:
        raise NotFound(f"no record {record_id}")
    return record


def title_of(collection: Collection, record: Any) -> str:
    """What a record is called."""
    return str(getattr(record, collection.title))


def values_of(collection: Collection, record: Any) -> dict[str, Any]:
    """What can be edited of a record, as plain values: text, lists of text, or None."""
    return {one.name: _plain(getattr(record, one.name)) for one in collection.fields}


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, StrEnum) else list(value) if isinstance(value, list) else value


def others_of(collection: Collection, record: Any) -> dict[str, Any]:
    """Everything else that a record holds, which its file alone can change."""
    hidden = {"digest", "is_demo", "sort_key", "reviewed_on", "compiled_on", *(one.name for one in collection.fields)}
    columns = collection.model.__table__.columns.keys()
    return {name: _plain(getattr(record, name)) for name in columns if name not in hidden}


def version_of(collection: Collection, record: Any) -> str:
    """A mark that differs once anything of the record does; a form carries the one that its writer saw."""
    seen = [values_of(collection, record), str(record.reviewed_on), record.digest]
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:20]


def edit(
    collection: Collection,
    record_id: str,
    values: Mapping[str, Any],
    *,
    seen: str,
    note: str | None,
    by: Account,
    at: dt.datetime,
    today: dt.date,
) -> None:
    """Change a record to `values` (all that can be edited), reviewed `today`. Raises NotFound or Changed."""
    record = _locked(collection, record_id, seen)
    before = values_of(collection, record)
    known = {one.name for one in collection.fields}
    after = {**before, **{name: value for name, value in values.items() if name in known}}
    changed = {name for name in known if before[name] != after[name]}
    for name in changed:
        setattr(record, name, _of_column(collection, name, after[name]))
    if collection.title in changed and hasattr(record, "sort_key"):
        record.sort_key = plain(after[collection.title])
    _reviewed(collection, record, before, after, changed, note=note, by=by, at=at, today=today)


def review(collection: Collection, record_id: str, *, seen: str, by: Account, at: dt.datetime, today: dt.date) -> None:
    """Say that somebody looked today and there is nothing to change. Raises NotFound or Changed."""
    record = _locked(collection, record_id, seen)
    _reviewed(collection, record, {}, {}, set(), note=None, by=by, at=at, today=today)


def _locked(collection: Collection, record_id: str, seen: str) -> Any:
    get(collection, record_id)
    record = db.session.scalars(locked(select(collection.model).where(collection.model.id == record_id))).one()
    if version_of(collection, record) != seen:
        raise Changed(record_id)
    return record


def _of_column(collection: Collection, name: str, value: Any) -> Any:
    python = getattr(collection.model.__table__.columns[name].type, "enum_class", None)
    return python(value) if python else value


def _reviewed(
    collection: Collection,
    record: Any,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    changed: set[str],
    *,
    note: str | None,
    by: Account,
    at: dt.datetime,
    today: dt.date,
) -> None:
    if record.reviewed_on is None:
        changed = changed | {"reviewed_on"}
    record.reviewed_on = today
    fields = sorted(name for name in changed if name in before)
    db.session.add(
        ReferenceEdit(
            collection=collection.kind,
            record_id=record.id,
            before={name: before[name] for name in fields},
            after={name: after[name] for name in fields},
            note=note or None,
            edited_by=by.id,
            edited_at=at,
        )
    )
    kind = "reference-edited" if fields else "reference-reviewed"
    events.record(kind, at=at, by=by, collection=collection.kind, record=record.id, fields=", ".join(fields))
    ledger.append(kind, at=at, by=by, collection=collection.kind, entry=record.id, fields=fields)
    db.session.flush()
    if changed & collection.searched:
        indexing.refresh(naming(collection, record.id))


def naming(collection: Collection, record_id: str) -> list[int]:
    """The listings that name a record, whose words or statuses depend on it."""
    queries = {
        "modality": select(Training.practitioner_id).where(Training.modality_id == record_id),
        "concern": select(WorksWith.practitioner_id).where(WorksWith.concern_id == record_id),
        "body": select(Claim.practitioner_id).where(Claim.body_id == record_id).distinct(),
    }
    query = queries.get(collection.kind)
    return [] if query is None else list(db.session.scalars(query))


def history(collection: Collection, record_id: str) -> list[Past]:
    """Every edit and review of a record, newest first."""
    query = (
        select(ReferenceEdit, Account.email)
        .join(Account, Account.id == ReferenceEdit.edited_by, isouter=True)
        .where(ReferenceEdit.collection == collection.kind, ReferenceEdit.record_id == record_id)
        .order_by(ReferenceEdit.id.desc())
    )
    return [
        Past(one, email, differences(collection, one.before, one.after)) for one, email in db.session.execute(query)
    ]


def differences(
    collection: Collection, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[tuple[str, str, str]]:
    """What differs: the label of each field, and its text before and after."""
    return [
        (one.label, as_text(before.get(one.name)), as_text(after.get(one.name)))
        for one in collection.fields
        if one.name in before and one.name in after and before[one.name] != after[one.name]
    ]


def as_text(value: Any) -> str:
    """A value as it is written in a form: lists as lines."""
    if value is None:
        return ""
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)
