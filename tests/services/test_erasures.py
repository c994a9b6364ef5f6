"""Who leaves is gone: from every table, file and list, also when an older backup comes back, and the truth stays."""

import datetime as dt
import json
import shutil
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.cli.listings import erase_command
from directory.db import db, set_mode, transaction
from directory.lib.csv_files import open_csv
from directory.lib.skeletons import skeleton
from directory.models import (
    Account,
    Base,
    Commitment,
    ErasedRow,
    Erasure,
    Event,
    ImportedRow,
    InvalidTransition,
    Letter,
    LetterState,
    LinkKind,
    ListingState,
    ListingVersion,
    OneTimeLink,
    Outcome,
    Photo,
    Practitioner,
    Report,
    ReportKind,
    ReportState,
    Role,
    SearchWord,
)
from directory.services import (
    commitments,
    erasures,
    events,
    listing_imports,
    listings,
    lookalikes,
    outbox,
    search,
    sign_ins,
    traces,
)
from directory.services.search import Criteria
from tests import sites
from tests.conftest import make_settings
from tests.factories import CheckFactory, make_practitioner
from tests.factories.accounts import AccountFactory
from tests.factories.listings import make_kept
from tests.factories.questions import make_answer, make_question
from tests.spreadsheets import save, text_of

AT = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC)
NAME, FORMER, SECRET_NAME = "Ysolquin Vanterpool", "Ysolquin Oxenbould", "Zebedee Marchbanks"
EMAIL, PRIVATE_EMAIL, TELEPHONE = "ysolquin.vanterpool@example.net", "q.private@example.net", "01632 960 777"
STREET, WORDS, NUMBER = "7 Gossamer Wynd", "I press where the heron stood", "ZX-48151"
CANARIES = (
    *("vanterpool", "ysolquin", "oxenbould", "zebedee", "marchbanks", "q.private"),
    *("960 777", "gossamer", "where the heron", "zx-48151", "zx48151", "canary-photograph", "canary-report"),
)


def join_up(session: Session, email: str = EMAIL) -> Account:
    """Somebody who has done everything that leaves a trace."""
    administrator = AccountFactory(role=Role.ADMINISTRATOR)
    account: Account = AccountFactory(email=email)
    kept = make_kept(
        account,
        ListingState.CHANGES_WAITING,
        by=administrator,
        private={
            "search_only_names": [SECRET_NAME],
            "contact_email": PRIVATE_EMAIL,
            "contact_telephone": TELEPHONE,
            "places": [{"address": STREET, "latitude": 50.8195, "longitude": -0.126}],
            "claim_numbers": [NUMBER],
        },
        name=NAME,
        other_names=[FORMER],
        text=WORDS,
    )
    number, public_id = kept.practitioner_id, kept.practitioner.public_id
    session.add(
        Photo(digest="d" * 64, practitioner_id=number, content=b"canary-photograph", width=1, height=1, made_at=AT)
    )
    session.add(
        Report(
            practitioner_id=number,
            kind=ReportKind.WRONG,
            text=f"canary-report about {NAME}",
            state=ReportState.WITH_PRACTITIONER,
            made_at=AT,
        )
    )
    sign_ins.begin(account, method="link", had_second_factor=False, network="n", device=f"of {NAME}", at=AT)
    session.add(OneTimeLink(token_hash="t", kind=LinkKind.SIGN_UP, email=email.upper(), created_at=AT, expires_at=AT))
    outbox.queue("a-kind", email, cause=f"waits:{email}", at=AT, account_id=account.id, name=NAME)
    sent = outbox.queue("a-kind", email, cause=f"sent:{email}", at=AT, account_id=account.id)
    assert sent is not None
    sent.state, sent.problem = LetterState.SENT, f"250 {email} accepted"
    outbox.queue("to-others", administrator.email, cause="about-them", at=AT, listing=public_id, name=NAME)
    events.record("email-changed", at=AT, by=account, account_id=account.id, network="203.0.113.0/24", before=email)
    make_answer(make_question(account, text=f"Who knows {SECRET_NAME}?", asker_name=NAME), text=f"{FORMER} is good")
    other = make_kept(AccountFactory(), ListingState.SUBMITTED, name="Morwenna Penhaligon")
    [version] = listings.versions(other.practitioner_id)[:1]
    version.flags = [
        {
            "kind": "same-skeleton",
            "value": "M",
            "other": {"practitioner_id": number, "public_id": public_id, "name": NAME},
        }
    ]
    CheckFactory(
        practitioner_id=number,
        number_key="zx48151",
        outcome=Outcome.ENDED,
        seen_name=NAME,
        ended_on=dt.date(2026, 1, 31),
        valid_to=None,
    )
    session.flush()
    return account


def site(folder: Path, url: str) -> AbstractContextManager[Flask]:
    return sites.entered(make_settings(folder, url))


def said_anywhere(session: Session) -> str:
    """Every row of every table, as text."""
    rows = [str(tuple(row)) for table in Base.metadata.sorted_tables for row in session.execute(select(table))]
    return "\n".join(rows).lower()


def test_nothing_of_who_left_stands_in_any_table(session: Session) -> None:
    account = join_up(session)
    before = said_anywhere(session)
    assert all(canary in before for canary in CANARIES if canary != "canary-photograph")
    erasures.erase_account(account, at=AT)
    session.flush()
    session.expire_all()
    after = said_anywhere(session)
    assert [canary for canary in CANARIES if canary in after] == []


def test_nothing_of_who_left_stands_in_any_file(
    own_database: str, backend: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with site(tmp_path, own_database) as made:
        with transaction():
            number = join_up(db.session).id
        everybody = Criteria(day=AT.date(), words="vanterpool")
        set_mode("reading")
        assert search.find(everybody).total == 1
        db.session.rollback()
        assert made.test_client().get("/practitioners?q=vanterpool").status_code == 200
        with transaction():
            account = db.session.get(Account, number)
            assert account is not None
            erasures.erase_account(account, at=AT)
        assert traces.is_due()
        assert traces.clean(tmp_path, at=AT)
        assert not traces.is_due()
        set_mode("reading")
        assert search.find(everybody).total == 0
        db.session.rollback()
        held = b"\n".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
        if backend == "postgresql":
            held += said_anywhere(db.session).encode()
        db.session.rollback()
    held = held.lower() + capsys.readouterr().err.lower().encode()
    assert b"morwenna" in held
    assert [canary for canary in CANARIES if canary.encode() in held] == []


def test_what_the_database_leaves_in_its_files_is_there_until_it_is_cleaned(
    seeded_sqlite: Path, tmp_path: Path
) -> None:
    file = tmp_path / "directory.sqlite3"
    shutil.copy(seeded_sqlite, file)
    with site(tmp_path, f"sqlite:///{file}"):
        with transaction():
            account = join_up(db.session)
        with transaction():
            erasures.erase_account(account, at=AT)
        assert b"vanterpool" in b"".join(path.read_bytes() for path in tmp_path.glob("directory.sqlite3*"))
        with db.engine.connect() as reader:
            set_mode("reading")
            reader.execute(select(func.count()).select_from(Account))
            assert not traces.clean(tmp_path, at=AT), "somebody still reads what was there before"
            assert traces.is_due()
            db.session.rollback()
        set_mode("writing")
        assert traces.clean(tmp_path, at=AT)
        assert b"vanterpool" not in b"".join(path.read_bytes() for path in tmp_path.glob("directory.sqlite3*"))


def test_letters_that_wait_are_not_sent_and_sent_ones_lose_their_address(session: Session) -> None:
    account = join_up(session)
    number = account.id
    erasures.erase_account(account, at=AT)
    letters = session.scalars(select(Letter).where(Letter.account_id == number)).all()
    assert {(letter.state, letter.to, letter.problem) for letter in letters} == {(LetterState.SENT, "", None)}
    assert all(letter.cause.startswith("erased:") for letter in letters)
    assert session.scalar(select(Letter).where(Letter.cause == "about-them")) is None


def test_words_that_find_others_stay_known(session: Session) -> None:
    account = join_up(session)
    make_practitioner(name="Ysolquin Someone")
    erasures.erase_account(account, at=AT)
    known = set(session.scalars(select(SearchWord.word)))
    assert "ysolquin" in known
    assert "shiatsu" in known
    assert not known & {"vanterpool", "oxenbould", "zebedee", "marchbanks"}


def test_others_who_look_like_them_lose_only_the_name_in_the_flag(session: Session) -> None:
    erasures.erase_account(join_up(session), at=AT)
    session.expire_all()
    flags = session.scalars(select(ListingVersion.flags)).all()
    assert [{"kind": "same-skeleton", "value": "M", "other": None}] in flags


def test_that_they_left_is_written_down_without_saying_who(session: Session) -> None:
    account = join_up(session)
    number = account.id
    erasures.erase_account(account, at=AT)
    marks = erasures.list_marks()
    assert [(mark.kind, len(mark.mark)) for mark in marks] == [("account", 64), ("listing", 64)]
    kinds = {event.kind: event for event in events.list_events(account_id=number)}
    assert {"account-erased", "listing-erased", "listing-approved", "email-changed"} <= set(kinds)
    assert all(event.network is None and event.practitioner_id is None for event in kinds.values())


def test_what_a_check_found_is_known_again_when_the_same_person_comes_back(session: Session) -> None:
    erasures.erase_account(join_up(session), at=AT)
    [found] = commitments.matches("uk-shiatsu-society", "zx48151", skeleton("YSOLQUIN  Vanterpool"))
    assert (found.outcome, found.body_id) == ("ended", "uk-shiatsu-society")
    assert commitments.matches("uk-shiatsu-society", "zx48151", skeleton("Wren Hallowby")) == []
    assert commitments.matches("uk-shiatsu-society", "other", skeleton(NAME)) == []
    assert commitments.matches("uk-cnhc", "zx48151", skeleton(NAME)) == []
    shown = {"name": NAME, "claims": [{"body_id": "uk-shiatsu-society"}, {"body_id": "uk-cnhc"}]}
    [flag] = lookalikes.flags(0, shown, {"claim_numbers": ["ZX 48151", "ZX 48151"]})
    assert (flag["kind"], flag["outcome"], flag["checked_on"]) == ("came-back", "ended", found.checked_on.isoformat())
    assert lookalikes.flags(0, {**shown, "name": "Wren Hallowby"}, {"claim_numbers": ["ZX 48151", None]}) == []


def test_a_notice_is_known_again_by_name_and_body_whatever_the_number(session: Session) -> None:
    listing = make_practitioner(name=NAME)
    CheckFactory(
        practitioner_id=listing.id, outcome=Outcome.RESTRICTED, notice_url="https://example.org/notice", valid_to=None
    )
    # What was found before the notice does not answer it.
    CheckFactory(practitioner_id=listing.id, checked_on=dt.date(2025, 11, 9))
    erasures.erase_listing(listing.id, at=AT)
    [found] = commitments.matches("uk-shiatsu-society", "99999", skeleton(NAME))
    assert found.outcome == "restricted"
    assert session.scalar(select(func.count()).select_from(Commitment)) == 2


def import_rows(app: Flask, path: Path) -> listing_imports.Summary:
    file = open_csv(path)
    return listing_imports.apply(
        file,
        listing_imports.columns.guess(file),
        source="list",
        settings=app.extensions["settings"],
        today=AT.date(),
        at=AT,
        report=lambda problem: None,
    )


def test_the_next_import_does_not_list_again_who_left(app: Flask, session: Session, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    rows = [
        {"Full Name": name, "E-mail": email, "Therapies": "Shiatsu", "Town": "Brighton", "Post Code": "BN1"}
        for name, email in ((NAME, EMAIL), ("Morwenna Penhaligon", "morwenna@example.org"))
    ]
    save(path, text_of(list(rows[0]), rows))
    import_rows(app, path)
    imported = session.scalars(select(Practitioner).join(ImportedRow).order_by(Practitioner.id)).all()
    gone = imported[0]
    erasures.erase_listing(gone.id, at=AT)
    session.expire_all()
    summary = import_rows(app, path)
    assert (summary.refused, summary.new, summary.unchanged) == (1, 0, 1)
    assert NAME not in session.scalars(select(Practitioner.name)).all()
    # Neither with another reference than then.
    save(path, text_of(["Ref", *rows[0]], [{"Ref": f"new {row['E-mail']}", **row} for row in rows]))
    assert import_rows(app, path).refused == 1
    assert session.scalar(select(func.count()).select_from(ErasedRow)) == 2


def test_the_only_administrator_cannot_leave(session: Session) -> None:
    account = AccountFactory(role=Role.ADMINISTRATOR)
    with pytest.raises(InvalidTransition):
        erasures.erase_account(account, at=AT)
    AccountFactory(role=Role.ADMINISTRATOR)
    erasures.erase_account(account, at=AT)


def test_the_file_beside_the_database_knows_every_erasure_once(session: Session, tmp_path: Path) -> None:
    erasures.erase_account(join_up(session), at=AT)
    session.flush()
    assert erasures.write_file(tmp_path) == 2
    assert erasures.write_file(tmp_path) == 0
    path = tmp_path / erasures.FILE
    with path.open("a") as file:
        file.write('{"kind": "acc')
    assert erasures.read_file(tmp_path) == list(erasures.list_marks())
    assert path.stat().st_mode & 0o077 == 0
    assert all(
        set(json.loads(line)) == {"kind", "subject", "mark", "erased_at"}
        for line in path.read_text().split("\n")[:-1]
        if line
    )


def test_erasures_are_applied_again_to_whoever_is_the_same_and_to_nobody_else(session: Session) -> None:
    account = join_up(session)
    listing = make_practitioner(name="Morwenna Other")
    when = account.created_at
    marks = [
        erasures.Mark("account", account.id, erasures.mark_of_account(account.id, when), AT),
        erasures.Mark("listing", listing.id, erasures.mark_of_listing("another"), AT),
        erasures.Mark("account", 999_999, "0" * 64, AT),
    ]
    number = account.id
    assert erasures.apply(marks, at=AT) == 1
    assert session.scalar(select(Account.id).where(Account.id == number)) is None
    assert session.scalar(select(Practitioner.id).where(Practitioner.id == listing.id)) is not None
    assert session.scalar(select(func.count()).select_from(Erasure)) == 4
    assert erasures.apply(marks, at=AT) == 0


def test_events_of_a_listing_that_went_are_not_those_of_the_next_one(session: Session) -> None:
    listing = make_practitioner(name=NAME)
    number = listing.id
    events.record("listing-suspended", at=AT, practitioner_id=number, reason=f"{NAME} moved")
    erasures.erase_listing(number, at=AT)
    assert session.scalars(select(Event).where(Event.practitioner_id == number)).all() == []
    assert NAME not in str(session.scalars(select(Event.details)).all())


def test_an_operator_erases_a_listing_whose_person_asks_by_letter(own_database: str, tmp_path: Path) -> None:
    with site(tmp_path, own_database) as made:
        with transaction():
            public_id = make_practitioner(name=NAME).public_id
        run = made.test_cli_runner().invoke
        assert "is erased" in run(erase_command, [public_id, "--yes"], catch_exceptions=False).output
        assert db.session.scalars(select(Practitioner.id)).all() == []
        assert not traces.is_due()
        db.session.rollback()
    assert len(erasures.read_file(tmp_path)) == 1
