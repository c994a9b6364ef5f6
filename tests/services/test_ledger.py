"""The ledger: what is appended with a decision, what stands in it, and what becomes of it."""

import ast
import datetime as dt
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from joserfc.jwk import OKPKey
from sqlalchemy import delete, exc, func, select, text, update
from sqlalchemy.orm import Session

from directory.config import ROOT, Settings
from directory.db import db, set_mode, transaction
from directory.http.ledger_words import FACTS, KINDS
from directory.models import LedgerEntry, LedgerHead, LedgerKey, LedgerOpening, Letter, Practitioner
from directory.services import erasures, exports, ledger
from directory.services.ledger import entries, heads, keys, verifying
from tests import drills, factories
from tests.conftest import make_settings
from tests.test_database import site_at

NOW = dt.datetime(2026, 11, 21, 9, 30, tzinfo=dt.UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a key of their own."""
    return make_settings(tmp_path / "own", "", ledger_mail=("a@example.org", "b@example.org"))


# Appending


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
    openings = session.scalars(select(LedgerOpening).where(LedgerOpening.seq == entry.seq)).all()
    assert sorted(one.plain for one in openings) == [f"account:{account.id}", "practitioner:abc23def"]
    said = json.loads(entry.body)
    assert {said["by"], said["subject"]} == {entries.commitment(one.salt, one.plain) for one in openings}


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


@pytest.mark.parametrize(
    "fact", ["Ann Example", "Ann", "ann@example.org", "a note", b"x", 1.5, "x" * 81, ["fine", "Ann"], {"Ann": 1}]
)
def test_what_might_be_personal_is_refused(session: Session, fact: object) -> None:
    with pytest.raises(ledger.Unfit):
        ledger.append("claim-confirmed", at=NOW, by=None, seen=fact)


def test_a_kind_is_a_noun_with_what_was_done_to_it(session: Session) -> None:
    with pytest.raises(ledger.Unfit):
        ledger.append("Ann Example", at=NOW, by=None)


@pytest.mark.parametrize("how", ["change", "remove", "replace", "truncate", "leave-a-gap"])
def test_an_entry_is_neither_changed_nor_removed(session: Session, backend: str, how: str) -> None:
    entry = ledger.append("claim-stated", at=NOW, by=None)
    session.commit()
    on_sqlite = backend == "sqlite"
    statement = {
        "change": update(LedgerEntry).where(LedgerEntry.seq == entry.seq).values(kind="claim-refused"),
        "remove": delete(LedgerEntry).where(LedgerEntry.seq == entry.seq),
        "replace": text(
            "INSERT OR REPLACE INTO ledger_entry SELECT seq, at, kind, 'x', previous, hash FROM ledger_entry"
            if on_sqlite
            else "UPDATE ledger_entry SET body = 'x'"
        ),
        "truncate": text("DELETE FROM ledger_entry" if on_sqlite else "TRUNCATE ledger_entry"),
        "leave-a-gap": text(
            "INSERT INTO ledger_entry SELECT seq + 9, at, kind, body, 'x', 'x' FROM ledger_entry LIMIT 1"
            if on_sqlite
            else "DELETE FROM ledger_head"
        ),
    }[how]
    with pytest.raises(exc.DBAPIError, match="only ever added to"):
        session.execute(statement)


# What stands in it


APPENDING = {"ledger.append", "entries.append", "lookups.note"}


def calls() -> list[ast.Call]:
    """Every place in the program that appends."""
    found = []
    for path in sorted((ROOT / "directory").rglob("*.py")):
        text = path.read_text()
        if "ledger" in text or "lookups.note" in text:
            for node in ast.walk(ast.parse(text)):
                found += [node] if isinstance(node, ast.Call) and ast.unparse(node.func) in APPENDING else []
    return found


def test_every_fact_that_is_appended_has_a_name_on_pages() -> None:
    given = {word.arg for call in calls() for word in call.keywords if word.arg is not None}
    assert given - {"at", "by", "subject"} <= FACTS.keys(), "add it to http/ledger_words, if it is about nobody"


def test_every_kind_that_is_appended_has_words() -> None:
    kinds = {call.args[0].value for call in calls() if isinstance(call.args[0], ast.Constant)}
    assert len(kinds) > 5
    assert kinds <= KINDS.keys()


# Whoever appends at once


def appended_at_once(work: Callable[..., list[str]], url: str, folder: Path, how_many: int) -> None:
    begun = [drills.Drill(work, url, folder) for _ in range(how_many)]
    for drill in begun:
        drill.begin()
    kept = [hash_ for drill in begun for hash_ in drill.end()]
    with site_at(url, folder):
        set_mode("reading")
        assert verifying.check_database().size == len(kept)
        assert {one.hash for one in ledger.list_entries(most=len(kept))} == set(kept)


def test_eight_processes_that_append_at_once_make_no_fork(own_database: str, tmp_path: Path) -> None:
    appended_at_once(drills.append_entries, own_database, tmp_path, 8)


@pytest.mark.soak
def test_eight_processes_that_append_much_make_no_fork(own_database: str, tmp_path: Path) -> None:
    appended_at_once(drills.append_many, own_database, tmp_path, 8)


# Heads


def test_a_head_is_signed_when_there_is_something_new(session: Session, settings: Settings) -> None:
    ledger.append("claim-stated", at=NOW, by=None)
    first = heads.sign(settings, at=NOW)
    assert first is not None
    assert heads.sign(settings, at=NOW) is None
    ledger.append("claim-confirmed", at=NOW, by=None)
    second = heads.sign(settings, at=NOW)
    assert second is not None
    assert (second.size, second.root) == (first.size + 1, ledger.root(first.size + 1))
    assert heads.latest() == second
    assert heads.get(first.size) == first
    assert heads.read(second.token, keys.list_public()) == second
    assert verifying.check_database(first).size == second.size
    assert keys.path_of(settings).stat().st_mode & 0o077 == 0
    assert "d" not in json.loads(keys.list_public()[-1])


def test_another_key_is_published_beside_the_old_one(session: Session, settings: Settings, tmp_path: Path) -> None:
    ledger.append("claim-stated", at=NOW, by=None)
    first = heads.sign(settings, at=NOW)
    ledger.append("claim-stated", at=NOW, by=None)
    second = heads.sign(make_settings(tmp_path / "other", ""), at=NOW)
    assert first is not None
    assert second is not None
    assert first.key != second.key
    assert {first.key, second.key} <= {json.loads(one)["kid"] for one in keys.list_public()}
    assert [one.kind for one in ledger.list_latest(1)] == ["ledger-key-added"]
    assert verifying.check_database(first).size == second.size


def test_no_head_is_signed_of_what_an_earlier_one_does_not_cover(session: Session, settings: Settings) -> None:
    ledger.append("claim-stated", at=NOW, by=None)
    head = heads.sign(settings, at=NOW)
    assert head is not None
    session.add(LedgerHead(size=head.size + 1, root="0" * 64, at=NOW, token=head.token))
    session.flush()
    ledger.append("claim-stated", at=NOW, by=None)
    other = LedgerHead(size=head.size + 2, root="0" * 64, at=NOW, token=forged(head.size, "0" * 64))
    session.add(other)
    session.flush()
    ledger.append("claim-stated", at=NOW, by=None)
    with pytest.raises(heads.Broken):
        heads.sign(settings, at=NOW)


def forged(size: int, root: str) -> str:
    """A head of somebody else's key."""
    said = {"at": entries.written(NOW), "root": root, "site": "x", "size": size}
    return keys.sign(json.dumps(said), OKPKey.generate_key("Ed25519"))


def test_the_newest_head_is_mailed_once_a_day(session: Session, settings: Settings) -> None:
    assert heads.mail(settings, today=NOW.date(), at=NOW) in {0, 2}
    ledger.append("claim-stated", at=NOW, by=None)
    head = heads.sign(settings, at=NOW)
    tomorrow = NOW.date() + dt.timedelta(days=1)
    assert heads.mail(settings, today=tomorrow, at=NOW) == 2
    assert heads.mail(settings, today=tomorrow, at=NOW) == 0
    letters = session.scalars(select(Letter).where(Letter.kind == "ledger-head")).all()
    assert {one.to for one in letters} == {"a@example.org", "b@example.org"}
    assert head is not None
    assert heads.found_in(f"> said:\n{letters[0].values['token']}\n") == head.token


# Erasing


def test_whoever_goes_leaves_a_ledger_that_is_whole(session: Session, settings: Settings) -> None:
    listing: Practitioner = factories.make_practitioner(name="Wren Hallowby")
    account = factories.AccountFactory(email="wren@example.org")
    public_id = listing.public_id
    for kind in ("claim-stated", "claim-confirmed"):
        ledger.append(kind, at=NOW, by=account, subject=f"practitioner:{public_id}")
    head = heads.sign(settings, at=NOW)
    session.commit()
    assert opened(session, public_id, account.id) == 4
    assert len(section(account, "ledger_opening")) == 2
    # One that is appended in the transaction of the erasure is forgotten, too.
    ledger.append("listing-hidden", at=NOW, by=account, subject=f"practitioner:{public_id}")
    erasures.erase_listing(listing.id, at=NOW)
    erasures.erase_account(account, at=NOW)
    session.commit()
    assert opened(session, public_id, account.id) == 0
    assert verifying.check_database(head).size == ledger.size()
    assert [one.kind for one in ledger.list_latest(2)] == ["account-erased", "listing-erased"]


def opened(session: Session, public_id: str, account_id: int) -> int:
    plain = [f"practitioner:{public_id}", f"account:{account_id}"]
    return session.scalar(select(func.count()).where(LedgerOpening.plain.in_(plain))) or 0


def section(account: factories.AccountFactory, name: str) -> list[dict[str, object]]:
    return next(one["rows"] for one in exports.everything(account)["sections"] if one["name"] == name)


# Tampering


def chain_of(kinds: list[str]) -> list[str]:
    """Entries of these kinds, in a chain of their own."""
    found, previous = [], entries.BEGINNING
    for number, kind in enumerate(kinds, 1):
        body = entries.body_of(number, NOW, kind, {"number": number}, previous, None, "c" * 64)
        previous = entries.hash_of(body)
        found.append(body)
    return found


def rechained(bodies: list[str]) -> list[str]:
    """The same with numbers and hashes worked out anew, by somebody who knows how."""
    found, previous = [], entries.BEGINNING
    for number, body in enumerate(bodies, 1):
        said = json.loads(body) | {"seq": number, "previous": previous}
        found.append(json.dumps(said, sort_keys=True, separators=(",", ":")))
        previous = entries.hash_of(found[-1])
    return found


def tampered(bodies: list[str], covered: int, chance: random.Random) -> tuple[str, list[str]]:
    """One of many ways to change something that a head covers."""
    how = chance.choice(["edit", "delete", "insert", "swap", "cut", "rewrite", "replace all", "space", "kind"])
    at, other = chance.sample(range(covered), 2)
    made = list(bodies)
    if how == "edit":
        where = chance.randrange(len(made[at]))
        letter = chance.choice([one for one in "0123456789abcxyz" if one != made[at][where]])
        made[at] = made[at][:where] + letter + made[at][where + 1 :]
    elif how == "delete":
        del made[at]
    elif how == "insert":
        made.insert(at, made[other])
    elif how == "swap":
        made[at], made[other] = made[other], made[at]
    elif how == "cut":
        made = made[:at]
    elif how == "space":
        made[at] = made[at].replace(",", ", ", 1)
    elif how == "replace all":
        made = chain_of(["claim-forged"] * len(made))
    else:
        made[at] = made[at].replace("claim-stated", "claim-forged")
        if how == "rewrite" and chance.random() < 0.5:
            del made[other]
    if how == "rewrite" or (how in {"delete", "insert", "swap", "kind"} and chance.random() < 0.5):
        made = rechained(made)
    return how, made


def undetected(how_many: int) -> list[str]:
    """Of so many random tamperings, those that an older head does not show."""
    chance = random.Random(9)
    missed = []
    for _ in range(how_many):
        whole = chain_of(["claim-stated"] * chance.randint(3, 30))
        covered = chance.randint(2, len(whole))
        chain = verifying.Chain()
        for body in whole[:covered]:
            chain.add(body)
        head = heads.Head(covered, chain.tree.root(covered).hex(), NOW, "", "")
        assert verifying.check_export(whole, head).size == len(whole)
        how, made = tampered(whole, covered, chance)
        try:
            verifying.check_export(made, head)
        except verifying.NotWhole:
            continue
        missed.append(how)
    return missed


def test_two_hundred_tamperings_are_detected_with_an_older_head() -> None:
    assert undetected(200) == []


@pytest.mark.soak
def test_ten_thousand_tamperings_are_detected_with_an_older_head() -> None:
    assert undetected(10_000) == []
    print("10,000 of 10,000 random tamperings were detected")


TAMPERINGS = {
    "an entry changed": "UPDATE ledger_entry SET body = replace(body, 'claim-stated', 'claim-forged') WHERE seq = 2",
    "a column changed": "UPDATE ledger_entry SET kind = 'claim-forged' WHERE seq = 2",
    "a moment changed": "UPDATE ledger_entry SET at = '2020-01-01 00:00:00+00:00' WHERE seq = 2",
    "an entry removed": "DELETE FROM ledger_entry WHERE seq = 2",
    "the end cut off": "DELETE FROM ledger_entry WHERE seq >= 3",
    "all removed": "DELETE FROM ledger_entry",
    "a head changed": "UPDATE ledger_head SET root = '0'",
    "a head forged": "UPDATE ledger_head SET token = 'TOKEN'",
    "an opening changed": "UPDATE ledger_opening SET plain = 'practitioner:other'",
    "an opening moved": "UPDATE ledger_opening SET seq = seq + 99",
}


def test_whoever_goes_round_the_triggers_is_found_out(own_database: str, backend: str, tmp_path: Path) -> None:
    with site_at(own_database, tmp_path) as site:
        settings: Settings = site.extensions["settings"]
        with transaction():
            for _ in range(3):
                ledger.append("claim-stated", at=NOW, by=None, subject="practitioner:abc")
            head = heads.sign(settings, at=NOW)
        assert head is not None
        assert verifying.check_database().heads == 1
        _without_triggers(backend)
        for how, statement in TAMPERINGS.items():
            set_mode("writing")
            db.session.execute(text(statement.replace("TOKEN", forged(head.size, head.root))))
            with pytest.raises(verifying.NotWhole):
                verifying.check_database(), pytest.fail(how)
            db.session.rollback()
        assert verifying.check_database(head).size == 4


def _without_triggers(backend: str) -> None:
    """What somebody does who owns the database."""
    with transaction():
        if backend == "sqlite":
            names = db.session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
            statements = [f"DROP TRIGGER {name}" for name in names if name.startswith("ledger")]
        else:
            tables = (LedgerEntry, LedgerHead, LedgerKey)
            statements = [f"ALTER TABLE {one.__tablename__} DISABLE TRIGGER ALL" for one in tables]
        for statement in statements:
            db.session.execute(text(statement))


def test_a_key_that_cannot_be_kept_is_said_in_one_line(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "folder"
    path.mkdir()
    with pytest.raises(Exception, match="cannot be kept or read"):
        keys.signing_key(make_settings(tmp_path, "", ledger_key_file=path))
