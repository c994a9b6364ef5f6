"""The log of all decisions, as everybody reads it."""

import datetime as dt
import hashlib
import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from directory.config import Settings
from directory.jobs import clock as regular
from directory.lib.merkle import proves_consistency, proves_inclusion
from directory.models import ListingState
from directory.services import ledger
from directory.services.ledger import verifying
from directory.services.ledger.heads import Head
from tests import factories
from tests.conftest import make_settings
from tests.factories.listings import make_kept
from tests.members import Member
from tests.pages import Visitor

NOW = dt.datetime(2026, 11, 21, 9, 30, tzinfo=dt.UTC)


@pytest.fixture
def head(session: Session, tmp_path: Path) -> Head:
    """A ledger of some entries, of which a head was signed, and more that came after it."""
    for kind in ("claim-stated", "claim-confirmed", "listing-approved"):
        ledger.append(kind, at=NOW, by=None, subject="practitioner:abc23", body="uk-shiatsu-society")
    signed = ledger.heads.sign(make_settings(tmp_path / "own", ""), at=NOW)
    for _ in range(3):
        ledger.append("role-changed", at=NOW, by=None, before="member", after="verifier")
    session.commit()
    assert signed is not None
    return signed


def test_the_page_says_what_the_ledger_is_and_how_far_it_has_come(visitor: Visitor, head: Head) -> None:
    page = visitor.get("/ledger")
    said = page.text()
    assert "It names nobody." in said
    assert head.root in said
    assert "Role changed" in said
    assert "Membership stated" in said
    assert "uk-shiatsu-society" in said
    assert "abc23" not in said


def test_a_ledger_of_which_no_head_was_signed_has_a_page(visitor: Visitor) -> None:
    assert "How to verify it" in visitor.get("/ledger").text()


def test_the_foot_of_every_page_says_the_newest_head(visitor: Visitor, head: Head, session: Session) -> None:
    assert head.fingerprint in visitor.get("/modalities").text(".//footer")
    assert head.fingerprint in visitor.get("/no-such-page", status=404).text(".//footer")


def test_an_entry_can_be_hashed_and_proved_by_anybody(app: Flask, head: Head) -> None:
    client = app.test_client()
    size = head.size
    found = client.get(f"/ledger/entries?from={size - 1}&to={size}").json["entries"]
    assert [one["seq"] for one in found] == [size - 1, size]
    leaf = hashlib.sha256(b"\0" + found[0]["body"].encode()).digest()
    assert leaf.hex() == found[0]["hash"]
    proof = client.get(f"/ledger/proofs/inclusion?seq={size - 1}&size={size}").json
    path = [bytes.fromhex(one) for one in proof["path"]]
    assert proof["root"] == head.root
    assert proves_inclusion(leaf, size - 2, size, path, bytes.fromhex(head.root))


def test_that_it_only_grew_can_be_proved_by_anybody(app: Flask, head: Head) -> None:
    said = app.test_client().get(f"/ledger/proofs/consistency?first={head.size}").json
    assert said["second"] == head.size + 3
    path = [bytes.fromhex(one) for one in said["path"]]
    roots = bytes.fromhex(head.root), bytes.fromhex(said["second_root"])
    assert proves_consistency(head.size, said["second"], *roots, path)


def test_heads_and_keys_are_published(app: Flask, head: Head) -> None:
    client = app.test_client()
    newest = client.get("/ledger/heads/latest").json
    assert newest == client.get(f"/ledger/heads/{head.size}").json
    assert newest["head"] == head.token
    assert newest["root"] == head.root
    public = client.get("/ledger/keys").json["keys"]
    assert all("d" not in key for key in public)
    assert ledger.heads.read(newest["head"], [json.dumps(key) for key in public]) == head


def test_what_is_downloaded_is_verified_with_a_head_from_a_file_or_a_letter(app: Flask, head: Head) -> None:
    answer = app.test_client().get("/ledger/export")
    assert answer.headers["Content-Type"] == "application/x-ndjson"
    public, bodies = ledger.exports.read(answer.text.splitlines(keepends=True))
    known = ledger.heads.read(ledger.heads.found_in(f'{{"head":"{head.token}"}}'), public)
    assert verifying.check_export(bodies, known).size == head.size + 3


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/ledger/entries?from=0", 400),
        ("/ledger/entries?from=x", 400),
        ("/ledger/entries?from=²", 400),
        ("/ledger/entries?from=99999999999999", 400),
        ("/ledger/entries?from=2147483647", 200),
        ("/ledger/entries?from=9&to=3", 200),
        ("/ledger/heads/999999", 404),
        ("/ledger/proofs/inclusion", 400),
        ("/ledger/proofs/inclusion?seq=5&size=3", 404),
        ("/ledger/proofs/inclusion?seq=1&size=999999", 404),
        ("/ledger/proofs/consistency?first=5&second=3", 404),
        ("/ledger/proofs/consistency?first=1&second=999999", 404),
    ],
)
def test_what_there_is_not_is_refused_in_plain_words(app: Flask, head: Head, address: str, status: int) -> None:
    assert app.test_client().get(address).status_code == status


def test_at_most_a_thousand_entries_come_at_once(app: Flask, session: Session) -> None:
    for _ in range(ledger.MOST + 2):
        ledger.append("claim-stated", at=NOW, by=None)
    session.commit()
    assert len(app.test_client().get("/ledger/entries?from=1&to=999999").json["entries"]) == ledger.MOST


def test_a_decision_at_the_desk_becomes_a_line(administrator: Member, visitor: Visitor) -> None:
    kept = make_kept(factories.AccountFactory(), ListingState.SUBMITTED)
    address = f"/admin/listings/{kept.practitioner_id}"
    administrator.post(f"{address}/decision", {"decision": "approve"}, on=address)
    newest = ledger.list_latest(1)[0]
    assert newest.kind == "listing-approved"
    assert "Listing published" in visitor.get("/ledger").text()


def test_the_clock_signs_and_mails_what_is_new(app: Flask, session: Session) -> None:
    settings: Settings = app.extensions["settings"]
    ledger.append("claim-stated", at=NOW, by=None)
    session.commit()
    regular.sign_ledger()
    newest = ledger.heads.latest()
    assert newest is not None
    assert newest.size == ledger.size()
    regular.sign_ledger()
    assert ledger.heads.latest() == newest
    assert ledger.keys.path_of(settings).exists()


@pytest.mark.parametrize(
    "query",
    ["entries?from=00000000001999999999999999999999", "proofs/inclusion?seq=1&size=1" + "0" * 4000],
)
def test_a_number_that_no_database_holds_is_refused(visitor: Visitor, head: Head, query: str) -> None:
    visitor.get(f"/ledger/{query}", status=400)
