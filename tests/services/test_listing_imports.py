"""Whether a spreadsheet becomes listings: each kind of mess, once, again, changed, gone, and broken off."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import settings as bounded
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from directory.config import Settings
from directory.db import db
from directory.lib.csv_files import Row, open_csv
from directory.models import (
    Accepting,
    Access,
    Claim,
    ClaimSpan,
    DirectoryError,
    Gender,
    ImportedRow,
    ListingState,
    Modality,
    Origin,
    OtherName,
    PracticePlace,
    Practitioner,
    Price,
    PriceBand,
    SearchText,
    Speaks,
    Status,
    Training,
    Visit,
    WorksWith,
)
from directory.models.claims import number_key
from directory.services import indexing, ledger, listing_imports
from directory.services.listing_imports import Problem, RowsRefused, Severity, Summary, runs, writes
from directory.services.listing_imports.rows import RowReader
from directory.services.listing_imports.vocabulary import Vocabulary
from tests.factories import CheckFactory, make_practitioner
from tests.spreadsheets import COLUMNS, MESSES, person, row_of, save, text_of

TODAY = dt.date(2026, 11, 20)
NOW = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)

Rows = Sequence[Mapping[str, str]]


class Importer:
    """Imports rows from a file, and remembers what was reported."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self._settings: Settings = app.extensions["settings"]
        self._path = folder / "people.csv"
        self.problems: list[Problem] = []

    def __call__(self, rows: Rows, *, dry: bool = False, source: str = "people", **options: Any) -> Summary:
        columns = list(dict.fromkeys(column for row in rows for column in row)) or ["Full Name"]
        file = open_csv(save(self._path, text_of(columns, rows)))
        self.problems = []
        common = {"source": source, "settings": self._settings, "today": TODAY, "report": self.problems.append}
        mapping = listing_imports.columns.guess(file)
        if dry:
            return listing_imports.check(file, mapping, **common)  # type: ignore[arg-type]
        return listing_imports.apply(file, mapping, at=options.pop("at", NOW), **common, **options)  # type: ignore[arg-type]

    def said(self, line: int) -> list[str]:
        return [problem.message.text % problem.message.values for problem in self.problems if problem.line == line]


@pytest.fixture
def app(request: pytest.FixtureRequest, backend: str) -> Flask:
    """The site, with few places where nothing else is asked for."""
    site: Flask = request.getfixturevalue(getattr(request, "param", "app_with_few_places"))
    return site


@pytest.fixture
def take_in(app: Flask, session: Session, tmp_path: Path) -> Importer:
    return Importer(app, tmp_path)


def row(**cells: str) -> dict[str, str]:
    """A row without mess."""
    names = {"name": "Full Name", "modalities": "Therapies", "postcode": "Post Code", "email": "E-mail"}
    given = {"name": "Wren Hallowby", "modalities": "Shiatsu", "town": "Brighton", "postcode": "BN1"} | cells
    return {names.get(field, field): value for field, value in given.items()}


def counts(summary: Summary) -> tuple[int, int, int, int]:
    return summary.new, summary.changed, summary.unchanged, summary.refused


def found(session: Session, name: str) -> Practitioner:
    session.expire_all()
    return session.scalars(select(Practitioner).where(Practitioner.name == name)).one()


def everything(session: Session) -> dict[str, list[Any]]:
    """All that is known of listings, in words, to compare."""
    tables = (
        Practitioner,
        OtherName,
        PracticePlace,
        Price,
        Training,
        WorksWith,
        Speaks,
        Claim,
        ClaimSpan,
        SearchText,
        ImportedRow,
    )
    return {table.__tablename__: sorted(map(repr, session.execute(select(table.__table__)))) for table in tables}


def test_every_kind_of_mess_is_said_and_only_what_cannot_be_understood_is_refused(
    session: Session, take_in: Importer
) -> None:
    rows = [row_of(mess, number) for number, mess in enumerate(MESSES)]
    summary = take_in([dict.fromkeys(COLUMNS, "") | row for row in rows])
    assert len(MESSES) >= 30
    for line, mess in enumerate(MESSES, start=2):
        # A value with a line break moves what follows, and stands last.
        said = take_in.said(line)
        refusals = [p for p in take_in.problems if p.line == line and p.severity is Severity.REFUSED]
        assert bool(refusals) == mess.is_refused, (mess.name, said)
        if mess.problem is None:
            assert said == [], (mess.name, said)
        else:
            assert any(mess.problem in sentence for sentence in said), (mess.name, said)
    refused = sum(mess.is_refused for mess in MESSES)
    assert counts(summary) == (len(MESSES) - refused, 0, 0, refused)


def test_a_row_becomes_a_listing_with_all_its_parts(session: Session, take_in: Importer) -> None:
    take_in(
        [
            row(
                name="Mrs Wren (Jo) Hallowby MRSS",
                modalities="zen shiatsu; Reiki",
                postcode="bn1 4gh",
                email="Wren@Example.org",
                business="QUIET HANDS",
                district="Kemptown",
                address="1 Mill Lane",
                prices="60 min £50; concession £40 60 min",
                languages="French, BSL, , (fluent)",
                gender="F",
                pressure="light-medium",
                access="wheelchair, futon; ring the upper bell please",
                accepting="waiting list",
                setting="clinic and home visits within 10 miles",
                days="Mon-Wed",
                insurance="Balens",
                telephone="01273 555123",
                website="example.org",
                about="Calm.",
                number="SS 12/3",
                expires="31/03/2027",
                grade="",
                school="Bristol School",
                since="since 2009",
                specialises_in="bad back",
                reference="7",
                lat="50,83",
                long="-0.14",
                formerly="",
                **{"Also known as": "Wren Marsh"},
            )
        ]
    )
    listing = found(session, "Wren Hallowby")
    assert (listing.origin, listing.state, listing.confirmed_on) == (Origin.IMPORT, ListingState.PUBLISHED, None)
    assert (listing.slug, listing.business, listing.country, listing.text) == (
        "wren-hallowby",
        "Quiet Hands",
        "GB",
        "Calm.",
    )
    assert (listing.contact_email, listing.contact_telephone) == ("wren@example.org", "01273 555123")
    assert (listing.website, listing.gender, listing.accepting) == (
        "https://example.org",
        Gender.WOMAN,
        Accepting.WAITING_LIST,
    )
    assert (listing.pressure_from, listing.pressure_to, listing.band) == (1, 2, PriceBand.MIDDLE)
    assert (listing.visits, listing.travels_km) == ([Visit.THEIRS, Visit.YOURS], 16)
    assert (listing.access, listing.access_note) == (
        [Access.STEP_FREE, Access.FUTON],
        "wheelchair, futon; ring the upper bell please",
    )
    assert (listing.availability_note, listing.states_insurance, listing.listed_on) == ("Mon-Wed", True, TODAY)
    assert set(session.scalars(select(OtherName.name))) == {"Jo Hallowby", "Wren Marsh"}
    place = session.scalars(select(PracticePlace)).one()
    assert (place.locality, place.town, place.postcode_area, place.region) == ("Kemptown", "Brighton", "BN1", "England")
    assert (place.address, place.address_is_public, place.point) == (
        "1 Mill Lane",
        False,
        place.point and place.point.rounded(),
    )
    prices = session.execute(select(Price.minutes, Price.amount_minor, Price.currency, Price.is_reduced)).all()
    assert prices == [(60, 5000, "GBP", False), (60, 4000, "GBP", True)]
    trainings = session.execute(
        select(Training.modality_id, Training.school, Training.since_year).order_by(Training.position)
    )
    assert trainings.all() == [("zen-shiatsu", "Bristol School", 2009), ("reiki", None, None)]
    assert list(session.scalars(select(WorksWith.concern_id))) == ["lower-back-pain"]
    assert set(session.scalars(select(Speaks.language))) == {"fr", "bfi"}
    claim = session.scalars(select(Claim)).one()
    assert (claim.body_id, claim.grade, claim.number, claim.number_key) == (
        "uk-shiatsu-society",
        "MRSS",
        "SS 12/3",
        "ss123",
    )
    assert (claim.claimed_until, claim.stated_on, claim.taken_on) == (dt.date(2027, 3, 31), TODAY, None)


def test_what_search_reads_is_what_indexing_would_make(session: Session, take_in: Importer) -> None:
    rows = [row_of(mess, number) for number, mess in enumerate(MESSES)]
    rows.append(
        row(
            name="Uwe Brandt",
            town="Berlin",
            postcode="",
            country="Germany",
            reference="de",
            **{"Often works with": "stress"},
        )
    )
    take_in([dict.fromkeys(COLUMNS, "") | cells for cells in rows])

    def read() -> tuple[dict[int, Any], list[Any]]:
        texts = {
            text.practitioner_id: [set(part.split()) for part in (text.names, text.methods, text.body, text.concerns)]
            for text in session.scalars(select(SearchText).execution_options(populate_existing=True))
        }
        columns = (ClaimSpan.claim_id, ClaimSpan.body_id, ClaimSpan.status, ClaimSpan.from_on, ClaimSpan.until_on)
        return texts, sorted(map(tuple, session.execute(select(*columns))))

    imported = read()
    indexing.refresh(list(session.scalars(select(Practitioner.id))))
    assert read() == imported
    assert len(imported[0]) > 40


def test_the_same_file_twice_changes_nothing(session: Session, take_in: Importer) -> None:
    rows = [dict.fromkeys(COLUMNS, "") | row_of(mess, number) for number, mess in enumerate(MESSES)]
    first = take_in(rows)
    before = everything(session)
    again = take_in(rows, at=NOW + dt.timedelta(days=1))
    assert counts(again) == (0, 0, first.new, first.refused)
    assert everything(session) == before


def test_what_an_operator_takes_in_is_one_line_of_the_ledger(session: Session, take_in: Importer) -> None:
    rows = [dict.fromkeys(COLUMNS, "") | row_of(mess, number) for number, mess in enumerate(MESSES)]
    before = ledger.size()
    first = take_in(rows)
    found = ledger.list_entries(before + 1)
    assert [one.kind for one in found] == ["listings-imported"]
    assert found[0].facts == {"new": first.new, "changed": 0}
    take_in(rows, at=NOW + dt.timedelta(days=1))
    assert ledger.size() == before + 1


def test_looking_first_writes_nothing_and_says_the_same(session: Session, take_in: Importer) -> None:
    rows = [dict.fromkeys(COLUMNS, "") | row_of(mess, number) for number, mess in enumerate(MESSES)]
    before = everything(session)
    looked = take_in(rows, dry=True)
    said = list(take_in.problems)
    assert everything(session) == before
    assert counts(take_in(rows)) == counts(looked)
    assert take_in.problems == said


def test_a_changed_row_changes_its_listing_and_nothing_else(session: Session, take_in: Importer) -> None:
    take_in([row(reference="1", prices="£50 per hour", languages="French"), row(reference="2", name="Ash Quill")])
    before = found(session, "Wren Hallowby")
    kept = (before.id, before.public_id, before.shuffle, before.listed_on)
    ash = found(session, "Ash Quill").updated_at
    later = NOW + dt.timedelta(days=3)
    summary = take_in(
        [row(reference="1", name="Wren Marsh", modalities="Reiki", prices=""), row(reference="2", name="Ash Quill")],
        at=later,
    )
    assert counts(summary) == (0, 1, 1, 0)
    after = found(session, "Wren Marsh")
    assert (after.id, after.public_id, after.shuffle, after.listed_on) == kept
    assert (after.slug, after.updated_at, after.band) == ("wren-marsh", later, None)
    assert found(session, "Ash Quill").updated_at == ash
    trainings = session.scalars(select(Training.modality_id).where(Training.practitioner_id == after.id))
    assert list(trainings) == ["reiki"]
    assert session.scalar(select(func.count()).select_from(Speaks)) == 0
    words = session.scalars(select(SearchText.names).where(SearchText.practitioner_id == after.id)).one()
    assert words == "wren marsh"


def test_a_row_that_is_gone_is_reported_and_its_listing_stays(session: Session, take_in: Importer) -> None:
    take_in([row(reference="1"), row(reference="2", name="Ash Quill")])
    summary = take_in([row(reference="2", name="Ash Quill")])
    assert (summary.gone, counts(summary)) == (1, (0, 0, 1, 0))
    assert [(p.line, p.given, p.severity) for p in take_in.problems if p.message.text == runs.GONE] == [
        (None, "Wren Hallowby", Severity.NOTE)
    ]
    assert found(session, "Wren Hallowby").state is ListingState.PUBLISHED


def test_two_lists_are_kept_apart(session: Session, take_in: Importer) -> None:
    take_in([row(reference="1")], source="north")
    summary = take_in([row(reference="1", name="Ash Quill")], source="south")
    assert (counts(summary), summary.gone) == ((1, 0, 0, 0), 0)


def test_a_refused_row_of_somebody_known_is_not_called_gone(take_in: Importer) -> None:
    take_in([row(reference="1")])
    summary = take_in([row(reference="1", name="")])
    assert (summary.refused, summary.gone) == (1, 0)


def test_rows_without_a_key_are_known_by_name_and_place(session: Session, take_in: Importer) -> None:
    rows = [row(), row(town="Leeds", postcode="LS1")]
    assert counts(take_in(rows)) == (2, 0, 0, 0)
    assert counts(take_in(rows)) == (0, 0, 2, 0)


def test_a_row_that_comes_twice_is_read_once_and_one_that_differs_is_refused(take_in: Importer) -> None:
    summary = take_in(
        [
            row(reference="1"),
            row(reference="1"),
            row(reference="1", modalities="Reiki"),
            row(reference="", email="a@example.org", name="Ash Quill"),
            row(reference="", email="a@example.org", name="Ida Quill"),
        ]
    )
    assert (counts(summary), summary.repeated) == ((2, 0, 0, 2), 1)
    assert take_in.said(3)[-1] == "The same as line 2. It was read once."
    assert "The same person as line 2" in take_in.said(4)[-1]
    assert "The same e-mail address as line 5, for another name" in take_in.said(6)[-1]


def test_references_and_addresses_that_are_added_later_do_not_double_anybody(
    session: Session, take_in: Importer
) -> None:
    take_in([row(), row(name="Ash Quill", email="ash@example.org")])
    with_email = [row(email="wren@example.org"), row(name="Ash Quill", email="ash@example.org")]
    summary = take_in(with_email)
    assert (counts(summary), summary.gone) == ((0, 1, 1, 0), 0)
    assert runs.KEY_MOVED in [problem.message.text for problem in take_in.problems]
    with_reference = [{**cells, "reference": str(number)} for number, cells in enumerate(with_email)]
    summary = take_in(with_reference)
    assert (counts(summary), summary.gone) == ((0, 2, 0, 0), 0)
    assert counts(take_in(with_reference)) == (0, 0, 2, 0)
    assert session.scalar(select(func.count()).select_from(Practitioner)) == 2


def test_a_namesake_at_the_same_place_is_not_taken_for_somebody_known(take_in: Importer) -> None:
    take_in([row()])
    summary = take_in([row(), row(email="other@example.org")])
    assert counts(summary) == (1, 0, 1, 0)


def test_somebody_who_is_there_already_is_not_listed_twice(take_in: Importer) -> None:
    make_practitioner(name="Wren Hallowby", contact_email="wren@example.org")
    summary = take_in([row(email="wren@example.org"), row(name="Ash Quill", email="wren@example.org")])
    assert counts(summary) == (0, 0, 0, 2)
    assert "already there" in take_in.said(2)[-1]


def test_a_listing_that_its_practitioner_looks_after_is_left_alone(session: Session, take_in: Importer) -> None:
    take_in([row(reference="1"), row(reference="2", name="Ash Quill"), row(reference="3", name="Ida Marsh")])
    for name, values in (
        ("Wren Hallowby", {"confirmed_on": TODAY}),
        ("Ash Quill", {"state": ListingState.WITHDRAWN}),
        ("Ida Marsh", {"state": ListingState.HIDDEN}),
    ):
        session.execute(update(Practitioner).where(Practitioner.name == name).values(values))
    rows = [
        row(reference=str(n), name=name, modalities="Reiki")
        for n, name in enumerate(("Wren Hallowby", "Ash Quill", "Ida Marsh"), 1)
    ]
    summary = take_in(rows)
    assert (counts(summary), summary.kept) == ((0, 1, 0, 0), 2)
    assert [take_in.said(2)[-1], take_in.said(3)[-1]] == [runs.OWN_HANDS, runs.LEFT_ALONE]
    assert found(session, "Ida Marsh").state is ListingState.HIDDEN
    assert (take_in([row(reference="1")]).unchanged, take_in.said(2)) == (1, take_in.said(2))


def test_a_membership_keeps_its_day_and_its_checks_when_the_row_changes(session: Session, take_in: Importer) -> None:
    body = {"Member of": "Shiatsu Society", "Membership no": "12 345"}
    take_in([row(reference="1", **body), row(reference="2", name="Ash Quill", **body)])
    wren = found(session, "Wren Hallowby")
    CheckFactory(practitioner_id=wren.id, number_key=number_key("12345"), checked_on=TODAY)
    session.scalars(select(Training).where(Training.practitioner_id == wren.id)).one().seen_on = TODAY
    claims = {claim.practitioner_id: claim.id for claim in session.scalars(select(Claim))}
    indexing.refresh(list(claims))
    later = {"Member of": "Shiatsu Society; MFHT", "Membership no": "12345"}
    take_in(
        [row(reference="1", **later), row(reference="2", name="Ash Quill", **{"Member of": "", "Membership no": ""})]
    )
    session.expire_all()
    mine = {claim.body_id: claim for claim in session.scalars(select(Claim))}
    assert (mine["uk-shiatsu-society"].id, mine["uk-shiatsu-society"].number) == (claims[wren.id], "12345")
    assert set(mine) == {"uk-shiatsu-society", "uk-fht"}
    spans = session.execute(
        select(ClaimSpan.body_id, ClaimSpan.status).where(ClaimSpan.from_on <= TODAY, ClaimSpan.until_on > TODAY)
    )
    assert set(spans.all()) == {("uk-shiatsu-society", Status.CHECKED), ("uk-fht", Status.SELF_REPORTED)}
    assert session.scalars(select(Training).where(Training.practitioner_id == wren.id)).one().seen_on == TODAY


def test_a_membership_that_somebody_has_looked_at_is_taken_back_not_lost(session: Session, take_in: Importer) -> None:
    body = {"Member of": "Shiatsu Society", "Membership no": "12345"}
    take_in([row(reference="1", **body)])
    wren = found(session, "Wren Hallowby")
    CheckFactory(practitioner_id=wren.id, checked_on=TODAY)
    take_in([row(reference="1", **{"Member of": "CNHC", "Membership no": ""})])
    session.expire_all()
    claims = {claim.body_id: claim.withdrawn_on for claim in session.scalars(select(Claim))}
    assert claims == {"uk-shiatsu-society": TODAY, "uk-cnhc": None}
    words = session.scalars(select(SearchText.body)).one().split()
    indexing.refresh([wren.id])
    assert set(session.scalars(select(SearchText.body)).one().split()) == set(words)
    take_in([row(reference="1", **body)])
    session.expire_all()
    assert [
        claim.withdrawn_on for claim in session.scalars(select(Claim).where(Claim.body_id == "uk-shiatsu-society"))
    ] == [None]


def test_all_or_nothing_raises_when_a_row_is_refused(take_in: Importer) -> None:
    with pytest.raises(RowsRefused, match="1 rows were refused") as caught:
        take_in([row(), row(name="")], all_or_nothing=True)
    assert caught.value.summary.new == 1
    assert counts(take_in([row()], all_or_nothing=True))[3] == 0


def test_an_import_that_breaks_off_keeps_nothing(
    session: Session, take_in: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writes, "BATCH", 3)
    rows = [row(reference=str(n), name=f"Wren {'ABCDEFGHIJ'[n]}nna") for n in range(10)]
    before = everything(session)
    keys = writes.Writer._write_keys
    calls = []

    def break_off(self: writes.Writer, pairs: Any) -> None:
        calls.append(len(pairs))
        if len(calls) == 3:
            raise KeyboardInterrupt
        keys(self, pairs)

    monkeypatch.setattr(writes.Writer, "_write_keys", break_off)
    point = session.begin_nested()
    with pytest.raises(KeyboardInterrupt):
        take_in(rows)
    point.rollback()
    assert calls == [3, 3, 3]
    assert everything(session) == before


def test_two_imports_at_once_end_with_a_sentence(
    app: Flask, take_in: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    reason = "UNIQUE constraint failed: imported_row.key"

    def collide(self: writes.Writer) -> None:
        raise IntegrityError("insert", {}, Exception(reason))

    monkeypatch.setattr(writes.Writer, "flush", collide)
    with pytest.raises(DirectoryError, match="another import was going on"):
        take_in([row()])
    reason = "NOT NULL constraint failed: price.currency"
    with pytest.raises(IntegrityError):
        take_in([row()])


# A writing transaction of SQLite is alone anyhow.
@pytest.mark.parametrize("backend", ["postgresql"], indirect=True, scope="session")
def test_an_import_does_not_begin_while_another_is_going_on(session: Session, take_in: Importer) -> None:
    url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as stranger:
        stranger.execute(f"SELECT pg_advisory_xact_lock({runs.IMPORT_LOCK})")
        with pytest.raises(DirectoryError, match="another import is going on"):
            take_in([row()])
    assert counts(take_in([row()])) == (1, 0, 0, 0)


def test_headings_in_the_middle_and_rows_that_are_too_long_are_said(take_in: Importer) -> None:
    headings = {column: column for column in row()}
    summary = take_in([row(), headings, row(name="Ash Quill")])
    assert (summary.rows, counts(summary)) == (2, (2, 0, 0, 0))
    assert take_in.said(3) == [runs.HEADINGS_AGAIN]


def test_a_comma_too_many_is_refused_rather_than_read_in_the_wrong_column(take_in: Importer, tmp_path: Path) -> None:
    path = save(
        tmp_path / "other.csv", "Full Name,Town,Therapies\nWren Hallowby,1 Mill Lane, Hove,Shiatsu\nAsh Quill,Hove\n"
    )
    file = open_csv(path)
    said: list[Problem] = []
    summary = listing_imports.check(
        file,
        listing_imports.columns.guess(file),
        source="x",
        settings=take_in._settings,
        today=TODAY,
        report=said.append,
    )
    assert counts(summary) == (1, 0, 0, 1)
    assert "more cells than there are headings" in said[0].message.text


class Case(NamedTuple):
    """Cells, and what should come of them."""

    cells: Mapping[str, str]
    expected: Any
    note: str | None = None


def import_all(
    session: Session, take_in: Importer, cases: Sequence[Case]
) -> list[tuple[Case, Practitioner | None, list[str]]]:
    """Import a row for each case; give each with its listing, if there is one, and what was said."""
    rows = []
    for number, case in enumerate(cases):
        name = " ".join(person(number))
        cells = row(**({"name": name, "reference": f"R{number}", "email": f"p{number}@example.org"} | dict(case.cells)))
        rows.append({key: value.replace("{name}", name) for key, value in cells.items()})
    columns = dict.fromkeys(column for cells in rows for column in cells)
    take_in([dict.fromkeys(columns, "") | cells for cells in rows])
    session.expire_all()
    wanted = (
        selectinload(Practitioner.places),
        selectinload(Practitioner.claims),
        selectinload(Practitioner.trainings),
    )
    listings = {listing.contact_email: listing for listing in session.scalars(select(Practitioner).options(*wanted))}
    return [(case, listings.get(f"p{n}@example.org"), take_in.said(n + 2)) for n, case in enumerate(cases)]


PLACES = (
    Case({"town": "Newport", "postcode": ""}, None, "Several towns have this name: Newport, NP"),
    Case({"town": "Newport, NP20", "postcode": ""}, (None, "Newport", "NP20", "Wales")),
    Case({"town": "Newport, Wales", "postcode": ""}, (None, "Newport", None, "Wales")),
    Case({"town": "Newport, near Telford", "postcode": ""}, (None, "Newport", None, "England")),
    Case({"town": "Newport", "postcode": "", "country": "Ireland"}, None, "Several towns"),
    Case({"town": "Brighton & Hove", "postcode": ""}, ("Brighton & Hove", "Brighton", None, "England")),
    Case({"town": "nr. LEWES (East Sussex)", "postcode": ""}, (None, "Lewes", None, "England")),
    Case({"town": "NORTH LONDON", "postcode": ""}, ("North London", "London", None, "England")),
    Case({"town": "Brihgton", "postcode": ""}, None, "Did you mean Brighton"),
    Case({"town": "Xyzzyville", "postcode": ""}, None, "This town is not known. Give"),
    Case({"town": "Zz", "postcode": ""}, None, "This town is not known. Give"),
    Case({"town": "", "postcode": "BN1"}, (None, "Brighton", "BN1", "England")),
    Case({"town": "Curragh", "postcode": "W12", "country": "Ireland"}, (None, "Curragh", "W12", "Leinster")),
    Case(
        {"town": "", "postcode": "W12", "locality": "Shepherds Bush Green"},
        ("Shepherds Bush Green", "Shepherds Bush Green", "W12", "England"),
    ),
    Case({"town": "Dublin", "postcode": "D02 X285", "country": "UK"}, (None, "Dublin", "D02", "Leinster"), "disagree"),
    Case({"town": "Kleindorf on Sea", "postcode": "BN1"}, (None, "Kleindorf on Sea", "BN1", "England")),
    Case({"town": "Glasgow", "postcode": "BN1"}, (None, "Brighton", "BN1", "England"), "far apart"),
    Case({"town": "Munich", "postcode": "80331", "country": "Deutschland"}, (None, "Munich", None, None)),
    Case({"town": "", "locality": "Hove", "postcode": ""}, (None, "Hove", None, "England")),
    Case({"town": "Hove", "locality": "Hove", "postcode": "BN3"}, (None, "Hove", "BN3", "England")),
)


@pytest.mark.parametrize("app", ["app"], indirect=True, ids=["all places"])
def test_a_place_is_found_as_people_write_it(session: Session, take_in: Importer) -> None:
    for case, listing, said in import_all(session, take_in, PLACES):
        places = [(p.locality, p.town, p.postcode_area, p.region) for p in listing.places] if listing else []
        if case.cells.get("locality") == "Shepherds Bush Green":
            places = [(place[1], *place[1:]) for place in places]
        assert places == ([case.expected] if case.expected else []), (case, said)
        assert any(case.note in sentence for sentence in said) if case.note else said == [], (case, said)


POINTS = (
    Case({"lat": "50.90", "long": "-0.14"}, expected=True),
    Case({"lat": "50,90°", "long": "-0,14"}, expected=True),
    Case({"lat": "", "long": ""}, expected=False),
    Case({"lat": "57", "long": "-2"}, expected=False, note="far from"),
    Case({"lat": "x", "long": "1"}, expected=False, note="not understood"),
    Case({"lat": "950", "long": "1"}, expected=False, note="not understood"),
    Case({"lat": "inf", "long": "inf"}, expected=False, note="not understood"),
    Case({"lat": "50.9", "long": ""}, expected=False, note="not understood"),
)


def test_coordinates_are_believed_when_they_are_near(session: Session, take_in: Importer) -> None:
    for case, listing, said in import_all(session, take_in, POINTS):
        assert listing is not None
        latitude = listing.places[0].latitude
        assert latitude is not None
        assert (abs(latitude - 50.90) < 0.01) == case.expected, case
        assert any(case.note in sentence for sentence in said) if case.note else said == [], (case, said)


SSUK = "uk-shiatsu-society"
MEMBERSHIPS = (
    Case({"body": "Shiatsu Society (MRSS)"}, [(SSUK, None, "MRSS", None)]),
    Case({"body": "member of the shiatsu society", "number": "12"}, [(SSUK, None, None, "12")]),
    Case(
        {"body": "FHT & CNHC", "number": "5"},
        [("uk-cnhc", None, None, None), ("uk-fht", None, None, "5")],
        "taken to belong to the first",
    ),
    Case({"body": "Complementary and Natural Healthcare Council"}, [("uk-cnhc", None, None, None)]),
    Case({"body": "CNHC, MFHT"}, [("uk-cnhc", None, None, None), ("uk-fht", None, "MFHT", None)]),
    Case({"body": "Shiatsu Soceity UK"}, [(None, "Shiatsu Soceity UK", None, None)], "Did you mean"),
    Case({"body": "Wizards"}, [(None, "Wizards", None, None)], "does not know this body"),
    Case({"body": "yes"}, []),
    Case({"body": "CNHC; ; FHT"}, [("uk-cnhc", None, None, None), ("uk-fht", None, None, None)]),
    Case({"body": "", "grade": "MRSS(T)"}, [(SSUK, None, "MRSS(T)", None)], "from these letters"),
    Case({"body": "SSUK", "grade": "MRSS"}, [(SSUK, None, "MRSS", None)]),
    Case({"body": "", "grade": "Fellow"}, [], "no body"),
    Case({"body": "CNHC", "grade": "Full", "number": "1.2E+5"}, [("uk-cnhc", None, "Full", None)], "digits are lost"),
    Case({"body": "GSD", "country": "Germany", "town": "Berlin", "postcode": ""}, [("de-gsd", None, None, None)]),
    Case({"body": "", "name": "{name} MRSS"}, [(SSUK, None, "MRSS", None)], "from these letters"),
    Case({"body": "MRSS", "name": "{name} MRSS"}, [(SSUK, None, "MRSS", None)]),
    Case({"body": "", "name": "{name} LMT"}, []),
)


def test_a_membership_is_understood_as_people_write_it(session: Session, take_in: Importer) -> None:
    for case, listing, said in import_all(session, take_in, MEMBERSHIPS):
        assert listing is not None, (case, said)
        claims = [(claim.body_id, claim.body_name, claim.grade, claim.number) for claim in listing.claims]
        assert sorted(claims, key=str) == case.expected, (case, said)
        assert any(case.note in sentence for sentence in said) if case.note else said == [], (case, said)


CHOICES = (
    Case({"home visits": "yes"}, ("visits", [Visit.YOURS])),
    Case({"home visits": "no"}, ("visits", [Visit.THEIRS])),
    Case({"home visits": "mobile, all of Sussex"}, ("visits", [Visit.YOURS])),
    Case({"home visits": "ask"}, ("visits", [Visit.THEIRS])),
    Case({"visits": "clinic, no home visits"}, ("visits", [Visit.THEIRS])),
    Case({"visits": "the moon"}, ("visits", [Visit.THEIRS]), "not understood"),
    Case({"visits": "home visits within 0 miles"}, ("travels_km", None)),
    Case({"visits": "mobile, 15 km"}, ("travels_km", 15)),
    Case({"step free": "✓"}, ("access", [Access.STEP_FREE])),
    Case({"step free": "?", "access": "no step-free access"}, ("access", [])),
    Case({"access": "no step-free access"}, ("access_note", "no step-free access")),
    Case({"access": "chair, scent-free"}, ("access", [Access.SCENT_FREE, Access.CHAIR])),
    Case({"access": "chair, scent-free"}, ("access_note", None)),
    Case({"insurance": "no"}, ("states_insurance", False)),
    Case({"insurance": "Fully insured"}, ("states_insurance", True)),
    Case({"gender": "prefer not to say"}, ("gender", None)),
    Case({"gender": "trans woman"}, ("gender", Gender.WOMAN)),
    Case({"gender": "1970"}, ("gender", None), "not understood"),
    Case({"pressure": "very firm"}, ("pressure_to", 4)),
    Case({"pressure": "varies"}, ("pressure_from", 1)),
    Case({"pressure": "blue"}, ("pressure_from", None), "not understood"),
    Case({"accepting": "fully booked"}, ("accepting", Accepting.NO)),
    Case({"accepting": "perhaps"}, ("accepting", None), "not understood"),
    Case({"since": "a while"}, ("visits_online", False), "year was not understood"),
    Case({"prices": "£30", "minutes": "30/60"}, ("band", PriceBand.MIDDLE), "Several lengths"),
    Case({"prices": "£30 per hour", "minutes": "long"}, ("band", PriceBand.LOW), "not understood"),
    Case({"prices": "concession 60 min £40"}, ("band", PriceBand.LOW)),
    Case({"prices": "60 min 55", "country": "Ireland", "town": "Cork", "postcode": ""}, ("band", PriceBand.MIDDLE)),
    Case({"prices": "60 min 55", "country": "Nepal", "town": "Kathmandu", "postcode": ""}, ("band", None)),
    Case({"country": "Narnia"}, ("country", "GB"), "country is not known"),
    Case({"text": "<b>Calm</b>"}, ("text", "Calm"), "web page"),
    Case({"text": "Ring 01273 555 123"}, ("text", "Ring …"), "stood in the text"),
    Case({"text": "heals all"}, ("text", "heals all"), "Advertising rules"),
)


def test_a_choice_is_understood_as_people_write_it(session: Session, take_in: Importer) -> None:
    for case, listing, said in import_all(session, take_in, CHOICES):
        assert listing is not None, (case, said)
        field, expected = case.expected
        assert getattr(listing, field) == expected, (case, said)
        assert any(case.note in sentence for sentence in said) if case.note else said == [], (case, said)


TREATMENTS = (
    Case({"modalities": "Mindfulness and meditation"}, ["mindfulness"]),
    Case({"modalities": "lomi-lomi, TUINA"}, ["lomi-lomi", "tui-na"]),
    Case({"modalities": "Massage and Shiatsu"}, ["massage", "shiatsu"]),
    Case({"modalities": "• Shiatsu\n• Reiki\n- Anma"}, ["shiatsu", "reiki", "anma"]),
    Case({"modalities": "Shiatsu practitioner"}, ["shiatsu"], "taken for “Shiatsu”"),
    Case({"modalities": "acupressure massage"}, ["acupressure"], "can mean"),
    Case({"modalities": "Shiatsu, xq"}, ["shiatsu"], "does not know this. It"),
    Case({"modalities": "Shiatsu, Crystal bowls"}, ["shiatsu"], "does not know this. It"),
    Case({"modalities": "Shiatsu, (gentle)"}, ["shiatsu"], "does not know this. It"),
    Case({"modalities": "Acupresure"}, [], "Did you mean “Acupressure”"),
    Case({"modalities": ""}, [], "No kind of treatment"),
)


def test_a_treatment_is_understood_as_people_write_it(session: Session, take_in: Importer) -> None:
    # Values with line breaks move the lines of the rows after them.
    cases = sorted(TREATMENTS, key=lambda case: "\n" in case.cells["modalities"])
    for case, listing, said in import_all(session, take_in, cases):
        assert listing is not None, (case, said)
        assert [training.modality_id for training in listing.trainings] == case.expected, (case, said)
        assert any(case.note in sentence for sentence in said) if case.note else said == [], (case, said)


def test_a_listing_has_at_most_twenty_kinds_of_treatment(session: Session, take_in: Importer) -> None:
    every = session.scalars(select(Modality.name).order_by(Modality.id).limit(25))
    take_in([row(modalities="; ".join(every))])
    assert session.scalar(select(func.count()).select_from(Training)) == 20
    assert any("More than 20" in sentence for sentence in take_in.said(2))


def test_what_is_wrong_with_a_cell_is_said_once(take_in: Importer) -> None:
    take_in([row(email="=1+1", town="Ho\u200bve")])
    said = take_in.said(2)
    assert len(said) == len(set(said))


def test_a_cell_that_is_far_too_long_is_refused(take_in: Importer) -> None:
    summary = take_in([row(notes="x" * 20_000, about="y" * 10_001), row(name="Ash Quill", notes="x" * 20_000)])
    assert counts(summary) == (1, 0, 0, 1)


@bounded(max_examples=60)
@given(st.dictionaries(st.sampled_from(range(len(COLUMNS))), st.text(max_size=12), max_size=10))
def test_whatever_stands_in_the_cells_a_row_is_understood_or_refused_with_a_reason(
    reader: RowReader, cells: dict[int, str]
) -> None:
    reading = reader.read(Row(2, [cells.get(position, "") for position in range(len(COLUMNS))]))
    refusals = [problem for problem in reading.problems if problem.severity is Severity.REFUSED]
    assert bool(refusals) == (reading.listing is None)
    if reading.listing is not None:
        assert reading.identity is not None
        assert reading.listing.digest() == reading.listing.digest()


@pytest.fixture
def reader(app: Flask, session: Session, tmp_path: Path) -> RowReader:
    file = open_csv(save(tmp_path / "any.csv", text_of(COLUMNS, [])))
    site: Settings = app.extensions["settings"]
    vocabulary = Vocabulary(site.country, site.countries)
    return RowReader(file, listing_imports.columns.guess(file), site, vocabulary, TODAY, "any")
