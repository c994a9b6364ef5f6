"""Look-alikes: names and numbers that can be taken for those of somebody whom we checked, or that hide something.

Nothing is refused for it. Flags stand beside the listing in the queue, with the other person.

Somebody counts as checked once a check has confirmed a claim of theirs, also after it has lapsed: their name is worth
copying then, too. Two honest people of one name are shown side by side when the other was checked; that is the price,
and the reason why accents are not counted (lib/skeletons).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, exists, insert, select
from sqlalchemy.orm import selectinload

from directory.db import db
from directory.lib import skeletons
from directory.models import Check, OtherName, Outcome, Practitioner, Skeleton
from directory.models.claims import number_key
from directory.services import commitments

NAME, NUMBER, BODY = "name", "number", "body"
MIXED_SCRIPT, INVISIBLE, FOREIGN_DIGITS, SAME_SKELETON = "mixed-script", "invisible", "foreign-digits", "same-skeleton"
CAME_BACK = "came-back"

# Of one name or number: who copies a name copies one, and a queue is read by people.
MOST = 5
# A skeleton that is longer than any name says nothing more.
LONGEST = 200

Row = dict[str, Any]
Flag = dict[str, Any]


# ---------- whose names and numbers are kept ----------


def refresh(practitioner_ids: Sequence[int]) -> None:
    """Make anew what is kept of these listings; indexing and imports call it for what they change."""
    db.session.execute(
        delete(Skeleton).where(Skeleton.practitioner_id.in_(practitioner_ids)),
        execution_options={"synchronize_session": False},
    )
    confirmed = exists().where(Check.practitioner_id == Practitioner.id, Check.outcome == Outcome.CONFIRMED)
    checked = select(Practitioner.id).where(Practitioner.id.in_(practitioner_ids), confirmed)
    ids = db.session.scalars(checked).all()
    if not ids:
        return
    names = select(Practitioner.id, Practitioner.name).where(Practitioner.id.in_(ids))
    others = select(OtherName.practitioner_id, OtherName.name).where(OtherName.practitioner_id.in_(ids))
    numbers = select(Check.practitioner_id, Check.body_id, Check.number_key).where(
        Check.practitioner_id.in_(ids), Check.outcome == Outcome.CONFIRMED
    )
    rows = [row for query in (names, others) for id_, name in db.session.execute(query) for row in of_name(id_, name)]
    rows += [row for found in db.session.execute(numbers) for row in of_number(*found)]
    unique = {tuple(row.values()): row for row in rows}
    if unique:
        db.session.execute(insert(Skeleton), list(unique.values()))


def of_name(practitioner_id: int, name: str) -> list[Row]:
    """The rows by which look-alikes of a name are found."""
    return [_row(practitioner_id, NAME, found) for found in skeletons.skeletons(name)]


def of_number(practitioner_id: int, body_id: str | None, number: str | None) -> list[Row]:
    """The same of a number. Numbers are those of one body: another body may give the same to somebody else."""
    return [_row(practitioner_id, NUMBER, value) for value in _number_values(body_id, number)]


def _row(practitioner_id: int, kind: str, value: str) -> Row:
    return {"practitioner_id": practitioner_id, "kind": kind, "value": value[:LONGEST]}


def _number_values(body_id: str | None, number: str | None) -> list[str]:
    """What a number looks like, as it is written and by the worth of its digits."""
    if not body_id or not number:
        return []
    usual = "".join(str(int(one)) if one.isdecimal() else one for one in number)
    looks = (skeletons.skeleton(reading) for reading in (number, usual, number_key(usual)))
    return [f"{body_id} {look}" for look in dict.fromkeys(looks) if look]


# ---------- what a listing is flagged for ----------


def flags(practitioner_id: int, shown: Mapping[str, Any], private: Mapping[str, Any]) -> list[Flag]:
    """What a moderator should look at in these answers, as plain values for ListingVersion.flags.

    Each has `kind` (mixed-script, invisible, foreign-digits, same-skeleton or came-back), `field` (name, business,
    other-name, search-only-name, body or number), `value`, `code_points` (as U+200B, of what is meant), and `other`:
    the checked person with the same skeleton (practitioner_id, public_id, name, town), else None. Who seems to have
    left and come back has `outcome` and `checked_on`, too: what a check had found.
    """
    given = [(NAME, field, name, skeletons.skeletons(name)) for field, name in _names(shown, private)]
    given += [(NUMBER, NUMBER, text, _number_values(body, text)) for body, text in _numbers(shown, private)]
    same = _people(practitioner_id, {(kind, value[:LONGEST]) for kind, _, _, values in given for value in values})
    found: list[Flag] = []
    for kind, field, text, values in given:
        found += _oddities(field, text)
        if field == BODY:
            continue
        others = {one["practitioner_id"]: one for value in values for one in same.get((kind, value[:LONGEST]), ())}
        odd = [one for one in text if not one.isascii()]
        found += [_flag(SAME_SKELETON, field, text, odd, others[id_]) for id_ in sorted(others)[:MOST]]
    return [*found, *_came_back(shown, private)]


def _came_back(shown: Mapping[str, Any], private: Mapping[str, Any]) -> list[Flag]:
    """What speaks against a membership that somebody of this name stated before they left."""
    claims, numbers = shown.get("claims") or (), private.get("claim_numbers") or ()
    look = skeletons.skeleton(shown.get("name") or "")
    found: dict[tuple[str, ...], Flag] = {}
    for claim, number in zip(claims, numbers, strict=False):
        body_id = claim.get("body_id")
        for one in commitments.matches(body_id, number_key(number), look) if body_id else ():
            said = {"outcome": one.outcome, "checked_on": one.checked_on.isoformat()}
            found.setdefault((body_id, *said.values()), {**_flag(CAME_BACK, NUMBER, number or body_id, ()), **said})
    return list(found.values())


def _names(shown: Mapping[str, Any], private: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    given: list[tuple[str, Any]] = [("name", shown.get("name")), ("business", shown.get("business"))]
    given += [("other-name", name) for name in shown.get("other_names") or ()]
    given += [("search-only-name", name) for name in private.get("search_only_names") or ()]
    given += [(BODY, claim.get("body_name")) for claim in shown.get("claims") or ()]
    return ((field, name) for field, name in given if name)


def _numbers(shown: Mapping[str, Any], private: Mapping[str, Any]) -> Iterator[tuple[str | None, str]]:
    claims, numbers = shown.get("claims") or (), private.get("claim_numbers") or ()
    return ((claim.get("body_id"), number) for claim, number in zip(claims, numbers, strict=False) if number)


def _oddities(field: str, text: str) -> list[Flag]:
    found = []
    mixed = skeletons.mixed_words(text)
    if mixed:
        odd = [one for word in mixed for one in word if not one.isascii()]
        found.append(_flag(MIXED_SCRIPT, field, text, odd))
    hidden = skeletons.hidden(text)
    if hidden:
        found.append(_flag(INVISIBLE, field, text, hidden))
    digits = [one for one in text if skeletons.is_number_of_another_script(one)] if field == NUMBER else []
    if digits:
        found.append(_flag(FOREIGN_DIGITS, field, text, digits))
    return found


def _people(practitioner_id: int, looks: Collection[tuple[str, str]]) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """The checked people, but the one whose listing it is, who have one of these kinds and skeletons."""
    if not looks:
        return {}
    query = select(Skeleton.kind, Skeleton.value, Skeleton.practitioner_id).where(
        Skeleton.value.in_({value for _, value in looks}), Skeleton.practitioner_id != practitioner_id
    )
    rows = [row for row in db.session.execute(query.order_by(Skeleton.practitioner_id)) if (row[0], row[1]) in looks]
    people = select(Practitioner).options(selectinload(Practitioner.places))
    others = {
        other.id: _other(other)
        for other in db.session.scalars(people.where(Practitioner.id.in_({row[2] for row in rows})))
    }
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for kind, value, id_ in rows:
        found.setdefault((kind, value), []).append(others[id_])
    return found


def _other(other: Practitioner) -> dict[str, Any]:
    return {
        "practitioner_id": other.id,
        "public_id": other.public_id,
        "name": other.name,
        "town": other.places[0].town if other.places else None,
    }


def _flag(kind: str, field: str, value: str, odd: Iterable[str], other: dict[str, Any] | None = None) -> Flag:
    code_points = list(dict.fromkeys(f"U+{ord(one):04X}" for one in odd))
    return {"kind": kind, "field": field, "value": value, "code_points": code_points, "other": other}
