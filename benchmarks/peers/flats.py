"""The same listings as one flat table, as somebody would publish them with Datasette."""

import datetime as dt
import json
import sqlite3
from pathlib import Path

from benchmarks.peers import documents
from benchmarks.questions import Question
from directory.services.search.criteria import Facet

METADATA = {"databases": {"flat": {"tables": {"listing": {"fts_table": "listing_fts", "fts_pk": "id"}}}}}
PLAIN = {Facet.GENDER, Facet.ACCEPTING, Facet.PRICE}
BATCH = 10_000


def build(database: Path, folder: Path, day: dt.date) -> Path:
    """Write the listings of a SQLite database, as they are on a day, to a flat one, unless it is there."""
    target = folder / "flat.db"
    if target.exists():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    columns = ", ".join(f"{facet} text" for facet in Facet)
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as site, sqlite3.connect(partial) as flat:
        flat.execute(f"create table listing(id integer primary key, name text, {columns})")
        flat.execute('create virtual table listing_fts using fts5(words, content="", detail=none)')
        rows, words = [], []
        for listing, values in documents.read(site, day):
            lists = [values[facet] for facet in Facet]
            told = [
                (given[0] if given else None) if facet in PLAIN else json.dumps(given)
                for facet, given in zip(Facet, lists, strict=True)
            ]
            rows.append((listing["id"], listing["name"], *told))
            words.append((listing["id"], values["full"][0]))
            if len(rows) == BATCH:
                _insert(flat, rows, words)
        _insert(flat, rows, words)
        for facet in PLAIN:
            flat.execute(f"create index ix_{facet} on listing({facet})")
        flat.execute("analyze")
    flat.close()
    target.with_name("metadata.json").write_text(json.dumps(METADATA))
    partial.rename(target)
    return target


def address(question: Question) -> list[tuple[str, str]]:
    """The parameters with which Datasette is asked the same, with all the filters counted and 20 rows."""
    asked: list[tuple[str, str]] = []
    for facet, values in question.criteria.filters.items():
        asked += [(facet if facet in PLAIN else f"{facet}__arraycontains", value) for value in values]
    if question.criteria.words:
        asked += [("_search", f"{question.criteria.words}*"), ("_searchmode", "raw")]
    counted = [("_facet" if facet in PLAIN else "_facet_array", str(facet)) for facet in Facet]
    return [*asked, *counted, ("_size", "20")]


def _insert(flat: sqlite3.Connection, rows: list[tuple[object, ...]], words: list[tuple[int, str]]) -> None:
    places = ", ".join("?" * (len(Facet) + 2))
    flat.executemany(f"insert into listing values ({places})", rows)
    flat.executemany("insert into listing_fts(rowid, words) values (?, ?)", words)
    rows.clear()
    words.clear()
