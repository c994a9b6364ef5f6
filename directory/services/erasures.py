"""Erases accounts and listings: rows, words, letters, marks. What the files of the database still hold of them is
overwritten by services/traces.

Every erasure is written down, in a table and in a file beside the database, without saying whose it was: a restore of
an older backup applies them again.
"""

import datetime as dt
import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import ColumnElement, Text, cast, delete, exists, func, literal, or_, select, update

from directory.db import db, locked
from directory.lib import clock, tokens
from directory.lib.fingerprints import fingerprint, salted
from directory.models import (
    Account,
    Check,
    Claim,
    Complaint,
    ErasedRow,
    Erasure,
    Event,
    ImportedRow,
    InvalidTransition,
    Kept,
    Letter,
    LetterState,
    ListingVersion,
    NotFound,
    OneTimeLink,
    OtherName,
    Practitioner,
    Proposal,
    ProposalKind,
    Report,
    Role,
    SearchText,
    SearchWord,
)
from directory.models.circles import LETTERS as CIRCLE_LETTERS
from directory.models.recommendations import LETTER as NOTE_LETTER
from directory.services import commitments, enquiries, events, indexing, ledger

FILE = "erasures"
ACCOUNT, LISTING = "account", "listing"
LAST_ADMINISTRATOR = "the only administrator cannot leave; make somebody else one first"
# What a letter that was sent or will not be sent is called when nobody may know any more what it was about.
ERASED_CAUSE = "erased:"


class Mark(NamedTuple):
    """That something was erased, as it stands in the file."""

    kind: str
    subject: int
    mark: str
    erased_at: dt.datetime


def mark_of_account(account_id: int, created_at: dt.datetime) -> str:
    """The mark of an account. What else is random about an account changes with its password."""
    return hashlib.sha256(f"account {account_id} {created_at.astimezone(dt.UTC).isoformat()}".encode()).hexdigest()


def mark_of_listing(public_id: str) -> str:
    """The mark of a listing."""
    return hashlib.sha256(f"listing {public_id}".encode()).hexdigest()


def may_leave(account: Account) -> bool:
    """Whether somebody is left to run the site when this account goes."""
    other = exists().where(Account.role == Role.ADMINISTRATOR, Account.id != account.id, Account.active)
    return account.role is not Role.ADMINISTRATOR or bool(db.session.scalar(select(other)))


def erase_account(account: Account, *, at: dt.datetime) -> None:
    """Erase an account with its listing, and all that belongs to either. Its number is never given to anybody else.

    Raises InvalidTransition for the only administrator.
    """
    if account.role is Role.ADMINISTRATOR:
        # So that the last two do not leave at once.
        db.session.execute(select(Account.id).where(Account.role == Role.ADMINISTRATOR).with_for_update())
    if not may_leave(account):
        raise InvalidTransition(LAST_ADMINISTRATOR)
    db.session.flush()
    for practitioner_id in db.session.scalars(select(Kept.practitioner_id).where(Kept.account_id == account.id)).all():
        erase_listing(practitioner_id, at=at)
    id_, email, mark = account.id, account.email, mark_of_account(account.id, account.created_at)
    _forget_letters(
        Letter.account_id == id_,
        func.lower(Letter.to) == email.lower(),
        # These tell their name to others.
        *(Letter.cause.startswith(f"{kind}:{id_}:") for kind in (*CIRCLE_LETTERS, NOTE_LETTER)),
    )
    db.session.execute(delete(OneTimeLink).where(func.lower(OneTimeLink.email) == email.lower()))
    _forget_objections(email)
    db.session.execute(update(Event).where(Event.account_id == id_).values(details={}, network=None))
    db.session.execute(update(Event).where(Event.actor_id == id_).values(network=None))
    # Sign-ins, links, agreements and passkeys go with it.
    db.session.expunge(account)
    db.session.execute(delete(Account).where(Account.id == id_), execution_options={"synchronize_session": False})
    _write(ACCOUNT, id_, mark, at)
    events.record("account-erased", at=at, account_id=id_)
    ledger.forget(f"account:{id_}")
    ledger.append("account-erased", at=at, by=None)


def _forget_objections(email: str) -> None:
    """What they have against the notes of others is decided all the same; they hear of it no more."""
    by_them = func.lower(Complaint.reply_to) == email.lower()
    db.session.execute(update(Complaint).where(by_them).values(reply_to=None, token=None))


def erase_listing(practitioner_id: int, *, at: dt.datetime, by: Account | None = None) -> None:
    """Erase a listing, whoever keeps it, with every version, photograph, claim, check and report of it.

    What checks found against the person stays as salted commitments. Raises NotFound.
    """
    db.session.flush()
    query = select(Practitioner).where(Practitioner.id == practitioner_id)
    listing = db.session.scalars(locked(query)).one_or_none()
    if listing is None:
        raise NotFound(f"no listing {practitioner_id}")
    checks = db.session.scalars(select(Check).where(Check.practitioner_id == listing.id)).all()
    names = _names_of(listing, checks)
    commitments.keep(names, checks, _numbers_of(listing), at=at)
    commitments.keep_proposed(names, _bodies_proposed(listing), clock.day_of(at), at=at)
    _mark_rows(listing, at)
    words = _words_of(listing)
    _forget_others(listing)
    enquiries.forget_letters_of(listing.id, at=at)
    kept = db.session.scalar(select(Kept.account_id).where(Kept.practitioner_id == listing.id))
    db.session.execute(
        update(Event).where(Event.practitioner_id == listing.id).values(details={}, network=None, practitioner_id=None)
    )
    events.record("listing-erased", at=at, by=by, account_id=kept)
    # Nobody could tell from the entry whose it was, so it does not say it at all.
    ledger.forget(f"practitioner:{listing.public_id}")
    ledger.append("listing-erased", at=at, by=by)
    _write(LISTING, listing.id, mark_of_listing(listing.public_id), at)
    db.session.flush()
    # What hangs on the listing goes with it. Its words first: their trigger takes them out of the full-text index.
    for table, column in ((SearchText, SearchText.practitioner_id), (Practitioner, Practitioner.id)):
        db.session.execute(
            delete(table).where(column == practitioner_id), execution_options={"synchronize_session": False}
        )
    _forget_words(words)


def find_listing(public_id: str) -> Practitioner | None:
    """Any listing by its public id, whatever its state."""
    return db.session.scalars(select(Practitioner).where(Practitioner.public_id == public_id)).one_or_none()


def _mark_rows(listing: Practitioner, at: dt.datetime) -> None:
    """Keep what says that the next import must not list the person again."""
    keys = list(db.session.scalars(select(ImportedRow.key).where(ImportedRow.practitioner_id == listing.id)))
    if listing.contact_email:
        keys.append(_key_of_person(fingerprint(listing.contact_email.casefold(), listing.name_key)))
    salt = _salt() or tokens.salt()
    known = set(db.session.scalars(select(ErasedRow.digest)))
    for digest in {salted(salt, key) for key in keys} - known:
        db.session.add(ErasedRow(digest=digest, salt=salt, made_at=at))


def _key_of_person(email_and_name: int) -> str:
    return f"person:{email_and_name % 2**64:016x}"


def _salt() -> str | None:
    return db.session.scalar(select(ErasedRow.salt).limit(1))


class LeftRows:
    """The rows of imports whose people have left: asked once, before an import."""

    def __init__(self) -> None:
        self._salt = _salt()
        self._digests = set(db.session.scalars(select(ErasedRow.digest)))

    def has(self, key: str, email_and_name: int | None) -> bool:
        """Whether whoever this key, or this e-mail address and name, belongs to has asked to be erased."""
        if self._salt is None:
            return False
        keys = [key] if email_and_name is None else [key, _key_of_person(email_and_name)]
        return any(salted(self._salt, one) in self._digests for one in keys)


def _names_of(listing: Practitioner, checks: Iterable[Check]) -> set[str]:
    """Every name of the person: a notice is not shed by changing it before leaving."""
    names: list[str | None] = [listing.name, *(check.seen_name for check in checks)]
    names += db.session.scalars(select(OtherName.name).where(OtherName.practitioner_id == listing.id))
    for version in db.session.scalars(select(ListingVersion).where(ListingVersion.practitioner_id == listing.id)):
        names += [version.shown.get("name"), *version.shown.get("other_names", [])]
        names += version.private.get("search_only_names", [])
    return {name for name in names if name}


def _numbers_of(listing: Practitioner) -> dict[str, set[str]]:
    """The keys of the numbers that they claim, by body."""
    found: dict[str, set[str]] = {}
    query = select(Claim.body_id, Claim.number_key).where(Claim.practitioner_id == listing.id)
    for body_id, number in db.session.execute(query):
        if body_id is not None:
            found.setdefault(body_id, set()).add(number)
    return found


def _bodies_proposed(listing: Practitioner) -> set[str]:
    """The bodies of which a notice about them is proposed: who leaves meanwhile does not shed it."""
    query = (
        select(Claim.body_id)
        .join(Proposal, Proposal.about_id == Claim.id)
        .where(
            Claim.practitioner_id == listing.id,
            Proposal.kind == ProposalKind.RESTRICTION,
            Proposal.outcome.is_(None),
        )
    )
    return {body_id for body_id in db.session.scalars(query) if body_id}


def _words_of(listing: Practitioner) -> set[str]:
    """Every word by which somebody was ever found by name here."""
    names: list[str | None] = [listing.name, listing.business]
    names += db.session.scalars(select(OtherName.name).where(OtherName.practitioner_id == listing.id))
    for version in db.session.scalars(select(ListingVersion).where(ListingVersion.practitioner_id == listing.id)):
        names += [version.shown.get("name"), version.shown.get("business"), *version.shown.get("other_names", [])]
        names += version.private.get("search_only_names", [])
    return set(indexing.join(*names).split())


def _forget_words(words: Iterable[str]) -> None:
    """Take out of the words that are known those by which nobody is found any more."""
    for word in words:
        names, methods = (literal(" ") + column + " " for column in (SearchText.names, SearchText.methods))
        used = exists().where(
            or_(names.contains(f" {word} ", autoescape=True), methods.contains(f" {word} ", autoescape=True))
        )
        if not db.session.scalar(select(used)):
            db.session.execute(delete(SearchWord).where(SearchWord.word == word))


def _forget_letters(*of_whom: ColumnElement[bool]) -> None:
    """Letters that wait are not sent; of those that were, the address goes, and what they were about."""
    waiting = Letter.state.in_([LetterState.WAITING, LetterState.SENDING])
    db.session.execute(delete(Letter).where(or_(*of_whom), waiting))
    db.session.execute(
        update(Letter)
        .where(or_(*of_whom))
        .values(to="", values={}, problem=None, cause=literal(ERASED_CAUSE) + cast(Letter.id, Text))
    )


def _forget_others(listing: Practitioner) -> None:
    """Take a listing out of what stands with others: letters about it, its claims and its reports, and flags that say
    somebody looks like it.
    """
    public_id, paths = listing.public_id, []
    for table, path in ((Claim, "/member/claims/"), (Report, "/admin/reports/")):
        ids = db.session.scalars(select(table.id).where(table.practitioner_id == listing.id))
        paths += [f"{path}{id_}" for id_ in ids]
    leads_there = Letter.values["path"].as_string().in_(paths)
    db.session.execute(
        delete(Letter).where(
            Letter.state.in_([LetterState.WAITING, LetterState.SENDING]),
            or_(cast(Letter.values, Text).contains(public_id, autoescape=True), leads_there),
        )
    )
    alike = select(ListingVersion).where(cast(ListingVersion.flags, Text).contains(public_id, autoescape=True))
    for version in db.session.scalars(alike):
        version.flags = [
            {**flag, "other": None} if (flag.get("other") or {}).get("public_id") == public_id else flag
            for flag in version.flags
        ]


def _write(kind: str, subject: int, mark: str, at: dt.datetime) -> None:
    if db.session.get(Erasure, (kind, subject, mark)) is None:
        db.session.add(Erasure(kind=kind, subject=subject, mark=mark, erased_at=at))


def list_marks() -> Sequence[Mark]:
    """Every erasure that is written down in the database, the oldest first."""
    rows = db.session.scalars(select(Erasure).order_by(Erasure.erased_at, Erasure.kind, Erasure.subject))
    return [Mark(row.kind, row.subject, row.mark, row.erased_at) for row in rows]


def apply(marks: Iterable[Mark], *, at: dt.datetime) -> int:
    """Write these erasures down and carry out those whose account or listing is there; how many that were."""
    done = 0
    for one in sorted(set(marks), key=lambda mark: mark.kind != ACCOUNT):
        if one.kind == ACCOUNT:
            account = db.session.get(Account, one.subject)
            if account is not None and mark_of_account(account.id, account.created_at) == one.mark:
                # Whoever was the only administrator then asked for it when there was another.
                account.role = Role.MEMBER
                erase_account(account, at=at)
                done += 1
        else:
            public_id = db.session.scalar(select(Practitioner.public_id).where(Practitioner.id == one.subject))
            if public_id is not None and mark_of_listing(public_id) == one.mark:
                erase_listing(one.subject, at=at)
                done += 1
        db.session.flush()
        _write(one.kind, one.subject, one.mark, one.erased_at)
    db.session.flush()
    return done


def read_file(folder: Path) -> list[Mark]:
    """The erasures that are written down beside the database. A line that was not written to its end is left out."""
    path = folder / FILE
    found = []
    for line in path.read_text().splitlines() if path.exists() else []:
        try:
            said = json.loads(line)
            erased_at = dt.datetime.fromisoformat(said["erased_at"])
            found.append(Mark(said["kind"], int(said["subject"]), said["mark"], erased_at))
        except (ValueError, KeyError, TypeError):
            continue
    return found


def write_file(folder: Path) -> int:
    """Add to the file beside the database every erasure that it does not know yet; how many."""
    return add_to_file(folder, list_marks())


def add_to_file(folder: Path, marks: Iterable[Mark]) -> int:
    """Add these erasures to the file, each once; how many were new."""
    known = {mark[:3] for mark in read_file(folder)}
    new = {mark[:3]: mark for mark in marks if mark[:3] not in known}
    if new:
        # Private from the beginning. A line that a process left unfinished is ended first.
        descriptor = os.open(folder / FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "a") as file:
            lines = [json.dumps({**mark._asdict(), "erased_at": mark.erased_at.isoformat()}) for mark in new.values()]
            file.write("\n" + "\n".join(lines) + "\n")
            file.flush()
            os.fsync(file.fileno())
    return len(new)


def apply_file(folder: Path, *, at: dt.datetime) -> int:
    """Carry out what the file knows and the database does not: somebody put an older copy in place by hand."""
    known = {mark[:3] for mark in list_marks()}
    return apply([mark for mark in read_file(folder) if mark[:3] not in known], at=at)
