"""Invented practitioners: the same for the same seed, found like others, and unpleasant only about invented bodies."""

import datetime as dt
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from directory.config import ROOT
from directory.db import db, transaction
from directory.lib import tokens
from directory.lib.folding import plain
from directory.lib.geography import Point
from directory.models import (
    Account,
    Base,
    Body,
    Change,
    Check,
    Claim,
    ClaimSpan,
    Kept,
    Modality,
    OtherName,
    Outcome,
    Place,
    PostcodeArea,
    PracticePlace,
    Practitioner,
    Price,
    Recommendation,
    Reply,
    SearchText,
    SearchWord,
    Skeleton,
    Speaks,
    Status,
    Training,
    WorksWith,
)
from directory.models.claims import number_key
from directory.models.practitioners import price_band
from directory.models.standings import standing
from directory.services import demo, enquiries, freshness, indexing, recommendations
from directory.services.claims import reminders
from directory.services.demo import sources, tables
from directory.services.demo.people import PUBLIC_IDS, People
from tests import factories
from tests.conftest import sqlite_only

FOLDER = ROOT / "seeds" / "demo"
TODAY = dt.date(2026, 11, 20)
FEW = 150
ADVERSE = {Status.ENDED, Status.NOT_CONFIRMED, Status.RESTRICTED, Status.WITHDRAWN, Status.BODY_NOT_ASSESSED}


def load(listings: int = FEW, seed: int = 1) -> demo.Loaded:
    loaded = demo.load(FOLDER, listings=listings, seed=seed, today=TODAY)
    assert loaded is not None
    return loaded


def everything(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """All rows that a load makes, without the numbers of rows."""
    found = {}
    for name, columns in tables.COLUMNS.items():
        table = Base.metadata.tables[name]
        kept = [table.c[column] for column in columns if column not in {"id", "practitioner_id", "claim_id"}]
        found[name] = sorted((tuple(row) for row in session.execute(select(*kept))), key=repr)
    return found


def search_rows(session: Session) -> tuple[list[Any], list[Any]]:
    texts = session.execute(select(SearchText.__table__).order_by(SearchText.practitioner_id)).all()
    columns = [column for column in ClaimSpan.__table__.c if column.name != "id"]
    spans = session.execute(select(*columns).order_by(ClaimSpan.claim_id, ClaimSpan.from_on)).all()
    looks = session.execute(select(Skeleton.practitioner_id, Skeleton.kind, Skeleton.value)).all()
    return list(texts), [*spans, *sorted(looks)]


def people(seed: int) -> People:
    """As they are made, without their tables; after a load, so that the invented bodies are there."""
    return People(sources.read(FOLDER), seed, TODAY)


def made(of: People, listings: int) -> dict[str, list[tuple[Any, ...]]]:
    return of.block(0, listings, dict.fromkeys(tables.NUMBERED, 0))


def test_the_same_seed_gives_the_same_people(session: Session) -> None:
    load()
    first = everything(session)
    demo.remove()
    load()
    assert everything(session) == first


def test_another_seed_gives_other_people_beside_the_first(session: Session) -> None:
    load()
    load(seed=2)
    names = session.scalars(select(Practitioner.public_id)).all()
    assert len(names) == len(set(names)) == 2 * FEW


def test_the_first_of_many_are_the_few(session: Session) -> None:
    load(20)
    few = everything(session)["practitioner"]
    demo.remove()
    load(FEW)
    assert set(few) <= set(everything(session)["practitioner"])


def test_the_same_seed_again_changes_nothing(session: Session) -> None:
    load(20)
    before = everything(session)
    assert demo.load(FOLDER, listings=FEW, seed=1, today=TODAY) is None
    assert everything(session) == before


def test_it_needs_the_reference_data(session: Session) -> None:
    session.execute(delete(PostcodeArea))
    with pytest.raises(demo.NothingToStandOn, match="tsubo seed reference"):
        demo.load(FOLDER, listings=1, seed=1, today=TODAY)


def test_more_than_a_block_is_loaded_whole(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "BLOCK", 40)
    load(100)
    assert session.scalar(select(func.count(Practitioner.id))) == 100
    assert session.scalar(select(func.count(SearchText.practitioner_id))) == 100


def test_many_in_an_empty_directory_leave_keys_and_indexes_as_they_were(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(20)
    people, structure = everything(session), _structure(session)
    demo.remove()
    monkeypatch.setattr(demo, "MANY", 20)
    load(20)
    assert everything(session) == people
    assert _structure(session) == structure


def test_many_can_be_kept_in_an_empty_directory(own_site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "MANY", 20)
    with own_site.app_context():
        with transaction():
            load(20)
        assert db.session.scalar(select(func.count(Practitioner.id))) == 20
        assert db.session.scalar(select(func.count(Change.practitioner_id.distinct()))) == 20


def _structure(session: Session) -> list[Any]:
    if session.get_bind().dialect.name == "sqlite":
        return sorted(session.scalars(text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")))
    keys = "SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint"
    indexes = "SELECT pg_get_indexdef(indexrelid) FROM pg_index"
    return sorted(session.scalars(text(f"{keys} UNION ALL {indexes}")))


def test_search_reads_of_them_what_it_would_make_of_them(session: Session) -> None:
    load()
    before = search_rows(session)
    indexing.refresh(session.scalars(select(Practitioner.id)).all())
    session.flush()
    after = search_rows(session)
    assert after[0] == before[0]
    assert after[1] == before[1]
    known = set(session.scalars(select(SearchWord.word)))
    assert {word for row in before[0] for word in f"{row.names} {row.methods}".split()} <= known


def test_they_are_found_by_words(session: Session) -> None:
    factories.make_practitioner(name="Zebedee Quillfeather")
    load()
    if session.get_bind().dialect.name == "sqlite":
        found = "SELECT rowid FROM search_fts WHERE search_fts MATCH '{names methods} : shiatsu'"
        session.execute(text("INSERT INTO search_fts(search_fts) VALUES ('integrity-check')"))
    else:
        found = "SELECT practitioner_id FROM search_text WHERE methods_v @@ 'shiatsu'::tsquery"
    by_text = select(SearchText.practitioner_id).where(
        (" " + SearchText.names + " " + SearchText.methods + " ").contains(" shiatsu ")
    )
    assert sorted(session.scalars(text(found))) == sorted(session.scalars(by_text))


def test_a_listing_made_afterwards_is_found_and_has_a_number_of_its_own(session: Session) -> None:
    load()
    made = factories.make_practitioner(name="Zebedee Quillfeather")
    claim = factories.ClaimFactory(practitioner=made)
    factories.CheckFactory(practitioner=made)
    indexing.refresh([made.id])
    assert claim.id == session.scalar(select(func.max(Claim.id)))
    if session.get_bind().dialect.name == "sqlite":
        found = session.scalars(text("SELECT rowid FROM search_fts WHERE search_fts MATCH 'quillfeather'")).all()
        assert found == [made.id]


def test_a_failure_leaves_the_index_of_words_working(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(People, "block", lambda *_: {"practitioner": [(1,)]})
    with pytest.raises((sqlite3.Error, psycopg.Error)), session.begin_nested():
        load()
    monkeypatch.undo()
    load(20)
    assert session.scalar(select(func.count(Practitioner.id))) == 20


@sqlite_only
def test_every_status_is_there_and_some_state_nothing(session: Session) -> None:
    load(1)
    of = people(1)
    made(of, 1_200)
    assert set(of.statuses) == {*Status, None}
    assert min(of.statuses.values()) >= 5
    assert 0.1 < (of.statuses[None] / 1_200) < 0.2


def test_the_counts_are_those_of_the_tables(session: Session) -> None:
    loaded = load()
    today = select(ClaimSpan.status, func.count()).where(ClaimSpan.from_on <= TODAY, ClaimSpan.until_on > TODAY)
    counted = {row[0]: row[1] for row in session.execute(today.group_by(ClaimSpan.status))}
    without = session.scalar(select(func.count()).where(Practitioner.id.not_in(select(Claim.practitioner_id))))
    assert loaded.statuses == counted | {None: without}
    assert loaded.listings == FEW


def test_the_spans_are_what_claims_and_checks_amount_to_today(session: Session) -> None:
    load()
    bodies = {body.id: body for body in session.scalars(select(Body))}
    checks = defaultdict(list)
    for check in session.scalars(select(Check)):
        checks[check.practitioner_id].append(check)
    spans = {
        span.claim_id: span.status
        for span in session.scalars(select(ClaimSpan).where(ClaimSpan.from_on <= TODAY, ClaimSpan.until_on > TODAY))
    }
    for claim in session.scalars(select(Claim)):
        body = bodies.get(claim.body_id or "")
        assert standing(claim, body, checks[claim.practitioner_id], TODAY).status is spans[claim.id]


@sqlite_only
def test_of_real_bodies_nothing_unpleasant_is_said_on_any_day(session: Session) -> None:
    load(400)
    real = {body.id: body for body in session.scalars(select(Body).where(~Body.is_demo))}
    said = {(body, status) for body, status in session.execute(select(ClaimSpan.body_id, ClaimSpan.status))}
    assert {status for body, status in said if body in real} == set(Status) - ADVERSE
    assert {status for body, status in said if body and body.startswith("demo-")} >= ADVERSE
    assert all(real[body].is_assessed for body, _ in said if body in real)
    outcomes = set(session.scalars(select(Check.outcome).where(Check.body_id.in_(real))))
    assert outcomes <= {Outcome.CONFIRMED, Outcome.INCONCLUSIVE}


def test_invented_bodies_are_marked_and_have_no_sources(session: Session) -> None:
    load(1)
    bodies = session.scalars(select(Body).where(Body.id.startswith("demo-"))).all()
    assert 4 <= len(bodies) <= 6
    assert all(body.is_demo and body.sources == [] for body in bodies)
    assert all(str(body.website).startswith("https://example.org/") for body in bodies)
    assert sum(not body.is_assessed for body in bodies) == 1
    places = set(session.scalars(select(Place.name)))
    assert not places & {word for body in bodies for word in body.name.split() if word not in {"Circle", "Order"}}


@sqlite_only
def test_people_of_a_country_name_bodies_that_fit(session: Session) -> None:
    load(400)
    rows = session.execute(select(Practitioner.country, Claim.body_id).join(Claim.practitioner))
    claimed = {(country, body) for country, body in rows if body}
    assert ("IE", "ie-ssi") in claimed
    assert {body for country, body in claimed if country == "IE"} <= {
        *("ie-ssi", "uk-shiatsu-society", "uk-fht", "demo-corrigmoyle-circle")
    }
    assert ("GB", "ie-ssi") not in claimed


@sqlite_only
def test_they_are_where_postcode_areas_are(session: Session) -> None:
    load()
    areas = {(area.country, area.code): area for area in session.scalars(select(PostcodeArea))}
    for place in session.scalars(select(PracticePlace)):
        area = areas[place.country, place.postcode_area or ""]
        point = area.point.rounded()
        assert (place.latitude, place.longitude) == (point.latitude, point.longitude)
        assert (place.x, place.y, place.z) == Point(point.latitude, point.longitude).xyz
        assert place.town == area.town
        assert place.address is None
        assert place.region in {"England", "Scotland", "Wales", "Northern Ireland", None}


@sqlite_only
def test_there_are_as_many_in_a_town_as_its_people_would_have(session: Session) -> None:
    load(1)
    rows = made(people(3), 2_000)
    towns = Counter(row[2] for row in rows["practice_place"])
    countries = Counter(row[9] for row in rows["practitioner"])
    assert 0.15 < towns["London"] / 2_000 < 0.22
    assert countries["GB"] > countries["IE"] > 60
    assert towns["Birmingham"] > towns["Brighton"] > 0


@sqlite_only
def test_words_are_careful(session: Session) -> None:
    load(400)
    said: Iterable[str] = session.scalars(select(SearchText.body))
    shown = session.scalars(select(Practitioner.text)).all()
    assert not re.search(r"\b(treats?|cures?|heals?|verified|trusted|certified|approved)\b", " ".join((*said, *shown)))
    assert any("often work with" in words for words in shown)


def test_many_are_recommended_the_same_each_time_by_people_who_cannot_sign_in(session: Session) -> None:
    load()
    said = notes_of(session)
    assert FEW / 3 < len({about for about, *_ in said}) < min(FEW / 1.5, len(said))
    listing = session.scalars(select(Practitioner).where(Practitioner.public_id == said[0][0])).one()
    assert {one.text for one in recommendations.public_of(listing.id)} == {
        text for about, text, *_ in said if about == listing.public_id
    }
    assert 0 < (session.scalar(select(func.count()).select_from(Reply)) or 0) < len(said) / 2
    writers = session.scalars(select(Account).join(Recommendation, Recommendation.writer_id == Account.id)).all()
    assert all(not one.active and one.email.endswith("@demonstration.invalid") for one in writers)
    demo.remove()
    assert not notes_of(session)
    assert not session.scalar(select(func.count()).select_from(Account))
    load()
    assert notes_of(session) == said


@sqlite_only
def test_most_can_be_written_to_and_no_letter_asks_them_for_anything(session: Session) -> None:
    load()
    ids = session.scalars(select(Practitioner.id)).all()
    assert 0 < len(enquiries.why_not_all(ids, TODAY)) < FEW / 3
    keepers = session.scalars(select(Account).join(Kept, Kept.account_id == Account.id)).all()
    assert all(one.email.endswith("@demonstration.invalid") for one in keepers)
    assert not freshness.due(TODAY + dt.timedelta(days=400))
    assert not any(reminders.due(TODAY + dt.timedelta(days=days)) for days in range(0, 400, 20))


def notes_of(session: Session) -> list[tuple[Any, ...]]:
    query = select(Practitioner.public_id, Recommendation.text, Recommendation.name, Recommendation.month)
    joined = query.join(Recommendation, Recommendation.practitioner_id == Practitioner.id)
    return [tuple(row) for row in session.execute(joined.order_by(Practitioner.public_id, Recommendation.text))]


@sqlite_only
def test_no_moderator_would_look_twice_at_what_is_said_of_them(session: Session) -> None:
    assert session.scalar(select(func.count()).select_from(Body)), "bodies are known by name"
    words = sources.read_file(FOLDER, "notes")
    texts = [*words["replies"], *(one for of in words["of-others"].values() for one in of)]
    texts.append(" ".join((*words["openings"], *words["middles"], *words["ends"])))
    listing = Practitioner(name="Wren Hallowby")
    assert {hint.phrase for text in texts for hint in recommendations.hints(text, listing)} == set()


@sqlite_only
def test_nobody_can_be_written_to_or_rung_up(session: Session) -> None:
    load()
    for listing in session.scalars(select(Practitioner)):
        assert listing.contact_email == f"{listing.public_id}@example.org"
        assert listing.contact_telephone is None
        assert listing.website is None or listing.website.startswith("https://example.org/")
    urls = session.scalars(select(Check.notice_url).where(Check.notice_url.is_not(None)))
    assert all(str(url).startswith("https://example.org/notices/") for url in urls)


@sqlite_only
def test_keys_and_bands_are_those_that_the_models_give(session: Session) -> None:
    load()
    for listing in session.scalars(select(Practitioner)):
        assert listing.name_key == plain(listing.name)
        assert listing.slug == plain(listing.name).replace(" ", "-")
        assert listing.is_demo
        assert listing.visits
        assert listing.listed_on <= (listing.confirmed_on or TODAY) < TODAY or listing.confirmed_on is None
    for claim in session.scalars(select(Claim)):
        assert claim.number_key == number_key(claim.number)
        assert claim.stated_on < TODAY
    hours = select(Price.practitioner_id, Price.amount_minor, Price.currency).where(
        Price.minutes == 60, ~Price.is_reduced, Price.label.is_(None)
    )
    bands = {person: price_band(amount, currency) for person, amount, currency in session.execute(hours)}
    assert {
        person: band for person, band in session.execute(select(Practitioner.id, Practitioner.band)) if band
    } == bands


@sqlite_only
def test_the_irish_ask_for_euros(session: Session) -> None:
    load(400)
    rows = session.execute(select(Practitioner.country, Price.currency).join(Price.practitioner))
    found = {(country, currency) for country, currency in rows}
    assert found >= {("IE", "EUR"), ("GB", "GBP")}
    assert not found & {("IE", "GBP"), ("GB", "EUR")}


@sqlite_only
def test_they_differ_in_everything_that_can_be_searched(session: Session) -> None:
    load(400)
    methods = Counter(session.scalars(select(func.count(Training.modality_id)).group_by(Training.practitioner_id)))
    assert set(methods) == {1, 2, 3, 4, 5, 6}
    assert {"en", "bfi", "cy", "pl", "ja"} <= set(session.scalars(select(Speaks.language)))
    shown = set(session.scalars(select(OtherName.is_shown)))
    assert shown == {True, False}
    assert len(set(session.scalars(select(Training.modality_id)))) > 40
    assert len(set(session.scalars(select(WorksWith.concern_id)))) > 10
    for column in (Practitioner.gender, Practitioner.accepting, Practitioner.band, Practitioner.business):
        assert len(set(session.scalars(select(column)))) > 2
    per_person = Counter(session.scalars(select(func.count(Claim.id)).group_by(Claim.practitioner_id)))
    assert set(per_person) == {1, 2, 3}
    shiatsu = select(func.count(Training.practitioner_id.distinct())).join(Modality).where(Modality.is_shiatsu)
    assert 0.5 < (session.scalar(shiatsu) or 0) / 400 < 0.9


def test_no_two_of_a_million_have_the_same_public_id() -> None:
    step, start = 3 * 987_654_321_987_654_321 + 1, 12_345
    names = {tokens.numbered_public_id((start + step * number) % PUBLIC_IDS) for number in range(100_000)}
    assert len(names) == 100_000
    assert tokens.numbered_public_id(0) == "2222222222"
    assert tokens.numbered_public_id(PUBLIC_IDS - 1) == "zzzzzzzzzz"


def test_removing_leaves_other_listings_as_they_are(session: Session) -> None:
    kept = factories.make_practitioner(
        name="Zebedee Quillfeather", modalities=("shiatsu", "reiki"), concerns=("sleep",)
    )
    factories.ClaimFactory(practitioner=kept)
    factories.CheckFactory(practitioner=kept)
    indexing.refresh([kept.id])
    before, words = everything(session), set(session.scalars(select(SearchWord.word)))
    load()
    removed = demo.remove()
    session.expire_all()
    assert (removed.listings, removed.bodies, removed.kept_bodies) == (FEW, 5, ())
    assert removed.words > FEW
    assert everything(session) == before
    assert set(session.scalars(select(SearchWord.word))) == words
    assert not session.scalars(select(Body).where(Body.is_demo)).all()


def test_a_body_that_another_listing_names_is_left(session: Session) -> None:
    load(5)
    kept = factories.make_practitioner(name="Zebedee Quillfeather")
    factories.ClaimFactory(practitioner=kept, body_id="demo-tarnbeck-guild")
    assert demo.remove().kept_bodies == ("Tarnbeck Guild of Floor Practice",)
    assert session.get(Body, "demo-tarnbeck-guild") is not None


def test_removing_again_finds_nothing(session: Session) -> None:
    load(5)
    demo.remove()
    assert demo.remove() == demo.Removed(0, 0, 0, ())


def test_whether_there_are_listings_is_known(session: Session) -> None:
    assert not demo.has_listings()
    load(1)
    assert demo.has_listings()
