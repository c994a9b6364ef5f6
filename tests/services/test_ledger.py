"""The ledger: what is appended with a decision, what stands in it, and what becomes of it."""

import datetime as dt
import json

import pytest
from sqlalchemy import delete, exc, select, text, update
from sqlalchemy.orm import Session

from directory.models import LedgerEntry, LedgerOpening
from directory.services import ledger
from tests import factories

NOW = dt.datetime(2026, 11, 21, 9, 30, tzinfo=dt.UTC)


def test_an_entry_follows_the_one_before(session: Session) -> None:
    before = ledger.size()
    first = ledger.append("claim-stated", at=NOW, by=None, subject="practitioner:abc", body="shiatsu-society")
    second = ledger.append("claim-confirmed", at=NOW, by=factories.AccountFactory(), valid_to=dt.date(2027, 3, 31))
    session.commit()
    assert (first.seq, second.seq) == (before + 1, before + 2)
    assert second.previous == first.hash
    said = json.loads(second.body)
    assert said["facts"] == {"valid_to": "2027-03-31"}
    assert said["seq"] == second.seq
    assert said["previous"] == first.hash


def test_who_and_whom_are_commitments_that_are_opened_elsewhere(session: Session) -> None:
    account = factories.AccountFactory()
    entry = ledger.append("claim-stated", at=NOW, by=account, subject="practitioner:abc23def")
    session.commit()
    assert "abc23def" not in entry.body
    plain = session.scalars(select(LedgerOpening.plain).where(LedgerOpening.seq == entry.seq)).all()
    assert sorted(plain) == [f"account:{account.id}", "practitioner:abc23def"]


def test_what_is_undone_leaves_no_entry(session: Session) -> None:
    before = ledger.size()
    ledger.append("claim-stated", at=NOW, by=None)
    session.rollback()
    nested = session.begin_nested()
    ledger.append("claim-confirmed", at=NOW, by=None)
    nested.rollback()
    with session.begin_nested():
        ledger.append("claim-withdrawn", at=NOW, by=None)
    session.commit()
    assert [entry.kind for entry in ledger.list_entries(before + 1)] == ["claim-withdrawn"]


@pytest.mark.parametrize("fact", ["Ann Example", "ann@example.org", "a note", b"x", 1.5, "x" * 81])
def test_what_might_be_personal_is_refused(session: Session, fact: object) -> None:
    with pytest.raises(ledger.Unfit):
        ledger.append("claim-confirmed", at=NOW, by=None, seen=fact)


@pytest.mark.parametrize("how", ["change", "remove", "replace", "truncate"])
def test_an_entry_is_neither_changed_nor_removed(session: Session, backend: str, how: str) -> None:
    entry = ledger.append("claim-stated", at=NOW, by=None)
    session.commit()
    statement = {
        "change": update(LedgerEntry).where(LedgerEntry.seq == entry.seq).values(kind="claim-refused"),
        "remove": delete(LedgerEntry).where(LedgerEntry.seq == entry.seq),
        "replace": text(
            "INSERT OR REPLACE INTO ledger_entry SELECT seq, at, kind, 'x', previous, hash FROM ledger_entry"
            if backend == "sqlite"
            else "UPDATE ledger_entry SET body = 'x'"
        ),
        "truncate": text("DELETE FROM ledger_entry" if backend == "sqlite" else "TRUNCATE ledger_entry"),
    }[how]
    with pytest.raises(exc.DBAPIError, match="only ever added to"):
        session.execute(statement)
