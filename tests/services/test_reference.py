"""Loading the facts: once, again, changed, reviewed here, and named by somebody."""

import csv
import datetime as dt
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.config import ROOT
from directory.models import (
    Body,
    Concern,
    Confidence,
    Guidance,
    Modality,
    Place,
    PlaceName,
    PostcodeArea,
    Regulation,
)
from directory.services import indexing, reference
from directory.services.reference import Change
from tests.factories import ClaimFactory, make_practitioner

Edit = Callable[[list[dict[str, Any]]], object]


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """A copy of the facts, to be changed."""
    return Path(shutil.copytree(ROOT / "seeds" / "reference", tmp_path / "reference"))


def edit(seeds: Path, name: str, change: Edit) -> None:
    path = seeds / f"{name}.json"
    content = json.loads(path.read_text())
    change(content["records"])
    path.write_text(json.dumps(content))


def drop(seeds: Path, name: str, key: str) -> None:
    def without(records: list[dict[str, Any]]) -> None:
        records[:] = [record for record in records if key not in {record["id"], record.get("parent")}]

    edit(seeds, name, without)


def changes(seeds: Path) -> dict[str, Change]:
    """What loading did, of the kinds of which something changed."""
    return {one.kind: one for one in reference.load(seeds) if one.new or one.changed or one.gone}


def test_the_same_facts_again_change_nothing(session: Session, seeds: Path) -> None:
    assert changes(seeds) == {}


def test_every_record_of_the_files_is_there_with_its_sources(session: Session) -> None:
    for name, model in (
        ("modalities", Modality),
        ("concerns", Concern),
        ("bodies", Body),
        ("regulation", Regulation),
        ("guidance", Guidance),
    ):
        records = json.loads((ROOT / "seeds" / "reference" / f"{name}.json").read_text())["records"]
        stored = {one.id: one for one in session.scalars(select(model).where(~model.is_demo))}
        assert set(stored) == {record["id"] for record in records}
        for record in records:
            assert stored[record["id"]].sources == record["sources"]
            assert stored[record["id"]].confidence == record["confidence"]


def test_a_changed_record_is_changed_and_the_others_are_left(session: Session, seeds: Path) -> None:
    edit(seeds, "bodies", lambda records: records[5].update(name="Society of Another Name"))
    assert changes(seeds) == {"bodies": Change("bodies", 78, 0, 1, 0)}
    assert (
        session.scalars(select(Body).where(Body.name == "Society of Another Name")).one().sort_key
        == "society of another name"
    )
    assert changes(seeds) == {}


def test_a_new_record_is_added_and_a_dropped_one_goes(session: Session, seeds: Path) -> None:
    edit(seeds, "guidance", lambda records: records.append({**records[0], "id": "another"}))
    edit(seeds, "regulation", lambda records: records.pop())
    assert changes(seeds) == {
        "guidance": Change("guidance", 76, 1, 0, 0),
        "regulation": Change("regulation", 117, 0, 0, 1),
    }


def test_what_an_administrator_has_reviewed_is_left_as_it_is(session: Session, seeds: Path) -> None:
    body = session.get_one(Body, "uk-shiatsu-society")
    body.reviewed_on, body.notes = dt.date(2026, 11, 1), "Asked them."
    session.flush()
    edit(seeds, "bodies", lambda records: [r.update(notes="Other") for r in records if r["id"] == body.id])
    assert changes(seeds) == {}
    drop(seeds, "bodies", body.id)
    assert "bodies" not in changes(seeds)
    assert session.get_one(Body, "uk-shiatsu-society").notes == "Asked them."


def test_a_fact_that_a_listing_names_is_kept_though_it_was_dropped(session: Session, seeds: Path) -> None:
    made = make_practitioner(modalities=("shiatsu",))
    ClaimFactory(practitioner=made, body_id="uk-shiatsu-society")
    session.flush()
    drop(seeds, "modalities", "shiatsu")
    drop(seeds, "bodies", "uk-shiatsu-society")
    found = changes(seeds)
    assert found["modalities"].gone < 59
    session.expire_all()
    assert session.get(Modality, "shiatsu") is not None
    assert session.get(Body, "uk-shiatsu-society") is not None


def test_demonstration_bodies_are_not_touched(session: Session, seeds: Path) -> None:
    template = session.get_one(Body, "uk-shiatsu-society")
    values = {c.name: getattr(template, c.name) for c in Body.__table__.columns}
    session.add(Body(**{**values, "id": "invented", "is_demo": True}))
    session.flush()
    assert changes(seeds) == {}
    assert session.get(Body, "invented") is not None


def test_changed_places_are_loaded_whole(session: Session, seeds: Path) -> None:
    path = seeds / "places.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows.append({**rows[0], "name": "Nether Hallowby", "also_known_as": "Hallowby|ナ", "population": "40"})
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    found = changes(seeds)
    assert found["places"] == Change("places", len(rows), 0, len(rows), 0)
    assert session.scalar(select(func.count()).select_from(Place)) == len(rows)
    place = session.scalars(select(Place).where(Place.name == "Nether Hallowby")).one()
    names = session.scalars(select(PlaceName.folded).where(PlaceName.place_id == place.id)).all()
    assert set(names) == {"nether hallowby", "hallowby", "ナ"}
    assert changes(seeds) == {}


def test_a_postcode_area_knows_the_town_it_belongs_to(session: Session) -> None:
    towns = {area.code: area.town for area in session.scalars(select(PostcodeArea).where(PostcodeArea.country == "GB"))}
    assert {code: towns[code] for code in ("BN1", "LS6", "CF10")} == {
        "BN1": "Brighton",
        "LS6": "Leeds",
        "CF10": "Cardiff",
    }


@pytest.mark.parametrize(
    ("confidence", "reviewed_on", "is_shown"),
    [
        (Confidence.HIGH, None, True),
        (Confidence.MEDIUM, None, True),
        (Confidence.LOW, None, False),
        (Confidence.LOW, dt.date(2026, 11, 1), True),
    ],
)
def test_low_confidence_hides_a_statement_until_it_is_reviewed(
    confidence: Confidence, reviewed_on: dt.date | None, is_shown: bool
) -> None:
    body = Body(
        confidence=confidence,
        reviewed_on=reviewed_on,
        compiled_on=dt.date(2026, 1, 2),
        lists_individuals=True,
        sources=["https://example.org/a", "a letter", "http://example.org/b"],
    )
    assert body.is_shown is body.is_assessed is is_shown
    assert body.as_of == (reviewed_on or dt.date(2026, 1, 2))
    assert body.links == ["https://example.org/a", "http://example.org/b"]


def test_listings_are_made_ready_anew_when_the_facts_they_name_have_changed(session: Session, seeds: Path) -> None:
    made = make_practitioner(modalities=("shiatsu",))
    edit(
        seeds, "modalities", lambda records: [r["synonyms"].append("zorbing") for r in records if r["id"] == "shiatsu"]
    )
    assert changes(seeds)["modalities"].changed == 1
    assert indexing.refresh_all() == 1
    assert "zorbing" in indexing.text_of(made)["methods"].split()
