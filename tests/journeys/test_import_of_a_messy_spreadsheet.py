"""A new site begins with a spreadsheet: five hundred rows, sixty kinds of mess."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.cli.listings import listings
from directory.lib.folding import plain
from directory.models import Practitioner, SearchText
from tests.pages import Visitor
from tests.spreadsheets import COLUMNS, MESSES, messy_rows, save, text_of

COUNT = 500


def test_five_hundred_messy_rows_are_looked_at_imported_and_found(
    app: Flask, session: Session, visitor: Visitor, tmp_path: Path
) -> None:
    rows = messy_rows(COUNT)
    refused = sum(mess.is_refused for mess, _ in rows)
    path = save(tmp_path / "Our therapists.csv", text_of(COLUMNS, [row for _, row in rows], ";"), "utf-8-sig")
    run = app.test_cli_runner()

    looked = run.invoke(listings, args=["import", str(path)])
    assert looked.exit_code == 1, looked.output
    assert f"{COUNT - refused} new" in looked.output
    assert f"{refused} refused" in looked.output
    assert session.scalar(select(func.count()).select_from(Practitioner)) == 0

    with (tmp_path / "Our therapists.report.csv").open(encoding="utf-8-sig", newline="") as file:
        report = list(csv.DictReader(file))
    assert len({problem["line"] for problem in report if problem["severity"] == "refused"}) == refused
    said = Counter(problem["problem"] for problem in report)
    for mess in MESSES:
        assert mess.problem is None or any(mess.problem in sentence for sentence in said), mess.name
    assert len(said) >= 30

    taken = run.invoke(listings, args=["import", str(path), "--yes", "--people-agreed"])
    assert f"{COUNT - refused} new" in taken.output
    assert session.scalar(select(func.count()).select_from(Practitioner)) == COUNT - refused

    again = run.invoke(listings, args=["import", str(path), "--yes", "--people-agreed"])
    for line in ("0 new", "0 changed", f"{COUNT - refused} unchanged", f"{refused} refused"):
        assert line in again.output

    # A handful by name, one of each kind of mess that came in.
    names = {
        row["Full Name"] for mess, row in rows[: len(MESSES)] if not mess.cells.get("Full Name") and not mess.is_refused
    }
    assert len(names) > 30
    indexed = set(session.scalars(select(SearchText.names)))
    for name in sorted(names):
        assert set(plain(name).split()) in [set(words.split()) & set(plain(name).split()) for words in indexed], name
    for name in sorted(names)[:5]:
        page = visitor.get("/practitioners", query={"q": name})
        assert name in page.text(), name


def test_the_messes_are_many() -> None:
    assert len({mess.name for mess in MESSES}) == len(MESSES) >= 30


@pytest.mark.parametrize("near", ["Brighton", "BN1 4GH"])
def test_who_was_imported_is_found_near_a_town(
    app: Flask, session: Session, visitor: Visitor, tmp_path: Path, near: str
) -> None:
    path = save(tmp_path / "people.csv", "Name,Therapies,Postcode\nWren Hallowby,指圧,bn14gh\n")
    for words in ([], ["--yes", "--people-agreed"]):
        assert app.test_cli_runner().invoke(listings, args=["import", str(path), *words]).exit_code == 0
    page = visitor.get("/practitioners", query={"near": near, "within": "10", "modality": "shiatsu"})
    assert "Wren Hallowby" in page.text()
