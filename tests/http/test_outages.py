"""When the database cannot answer: an honest 503, reads go on where they can, and no restart is needed afterwards."""

import contextlib
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy.engine import make_url

from directory.db import SQLITE_PRAGMAS
from tests import postgres
from tests.conftest import sqlite_only
from tests.http.conftest import MakeSite
from tests.pages import Page, check

HTML = {"Accept": "text/html"}
DATA_PAGE = "/modalities"


postgresql_only = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)


def statuses(site: Flask) -> dict[str, int]:
    """How the site answers just now."""
    client = site.test_client()
    read = client.get(DATA_PAGE, headers=HTML)
    if read.status_code >= 500:
        check(Page(read), DATA_PAGE)
    return {
        "read": read.status_code,
        "write": client.post("/trial/write/kept", headers=HTML).status_code,
        "healthz": client.get("/healthz").status_code,
        "readyz": client.get("/readyz").status_code,
    }


WELL = {"read": 200, "write": 200, "healthz": 200, "readyz": 200}
OUT = {"read": 503, "write": 503, "healthz": 200, "readyz": 503}


def file_of(url: str) -> Path:
    return Path(make_url(url).database or "")


@sqlite_only
@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"not a database" * 1000)])
def test_a_file_that_is_gone_or_damaged_is_an_outage_until_it_is_put_back(
    site: Flask, own_database: str, damage: Callable[[Path], object]
) -> None:
    file = file_of(own_database)
    whole = file.with_name("whole.sqlite3")
    shutil.copy(file, whole)
    for beside in (file, file.with_name(file.name + "-wal"), file.with_name(file.name + "-shm")):
        if beside.exists():
            beside.unlink()
    if damage is not Path.unlink:
        damage(file)
    assert statuses(site) == OUT
    assert damage is not Path.unlink or not file.exists(), "an empty database was made in its place"
    shutil.copy(whole, file)
    assert statuses(site) == WELL


@sqlite_only
def test_a_file_that_can_only_be_read_is_read(make_site: MakeSite, own_database: str) -> None:
    site = make_site(database_url=f"sqlite:///file:{file_of(own_database)}?mode=ro&uri=true")
    site.config["WTF_CSRF_ENABLED"] = False
    assert statuses(site) == {**WELL, "write": 503}


@sqlite_only
def test_while_somebody_else_writes_reading_goes_on(
    make_site: MakeSite, own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("directory.db.SQLITE_BUSY_SECONDS", 0.1)
    site = make_site()
    site.config["WTF_CSRF_ENABLED"] = False
    other = sqlite3.connect(file_of(own_database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert statuses(site) == {**WELL, "write": 503}
    other.execute("ROLLBACK")
    other.close()
    assert statuses(site) == WELL


@sqlite_only
def test_a_full_disk_refuses_the_write_and_keeps_the_rest(
    make_site: MakeSite, own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with contextlib.closing(sqlite3.connect(file_of(own_database))) as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
    monkeypatch.setattr("directory.db.SQLITE_PRAGMAS", (*SQLITE_PRAGMAS, f"max_page_count={pages}"))
    site = make_site()
    site.config["WTF_CSRF_ENABLED"] = False
    assert site.test_client().post("/trial/fill", headers=HTML).status_code == 503
    assert statuses(site)["read"] == 200


@postgresql_only
def test_a_server_that_does_not_let_us_in_is_an_outage_until_it_does(
    site: Flask, own_database: str, postgres_server: postgres.Server
) -> None:
    assert statuses(site)["read"] == 200
    name = make_url(own_database).database
    with psycopg.connect(postgres_server.address, autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')  # type: ignore[arg-type]
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        assert statuses(site) == OUT
        connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')  # type: ignore[arg-type]
    after = statuses(site)
    assert after["read"] == after["readyz"] == 200


def test_tables_of_another_version_are_not_ready(site: Flask) -> None:
    assert statuses(site) == WELL
    site.test_client().post("/trial/other-version")
    assert site.test_client().get("/readyz").status_code == 503
    assert site.test_client().get("/readyz").content_type == "application/problem+json"
