"""Sites with many listings, built once and kept: in SQLite, or in PostgreSQL."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from flask import Flask

from directory import config
from directory.app import create_app
from directory.cli import serve
from directory.services import search

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = Path(sys.executable).parent
DATABASE = "directory.sqlite3"
BUILD_SECONDS = 3_600


@dataclass(frozen=True)
class Site:
    """A site with so many listings. With an address it is in PostgreSQL, else in a file of its folder."""

    listings: int
    folder: Path
    address: str = ""

    @property
    def database(self) -> Path:
        return self.folder / DATABASE

    @property
    def environment(self) -> dict[str, str]:
        """All variables of a process of this site, and no setting of anybody else."""
        others = {name: value for name, value in os.environ.items() if not name.startswith(config.PREFIX)}
        return {
            **others,
            "DIRECTORY_ENVIRONMENT": "production",
            "DIRECTORY_SECRET_KEY": "only-for-measuring-" * 3,
            "DIRECTORY_TRUSTED_HOSTS": "localhost,127.0.0.1",
            "DIRECTORY_DATA_DIR": str(self.folder),
            "DIRECTORY_DATABASE_URL": self.address,
            # Counted as on a real site, but high enough.
            "DIRECTORY_RATE_LIMIT": "1000000 per minute",
            "DIRECTORY_LOG_LEVEL": "error",
            **serve.MEMORY,
        }


def in_sqlite(cache: Path, listings: int) -> Site:
    """The site in a file, built unless it is there."""
    site = Site(listings, cache / str(listings))
    _fill(site)
    return site


def empty(cache: Path) -> Site:
    """A site that knows its facts and nobody."""
    site = Site(0, cache / "0")
    _fill(site)
    return site


def in_postgresql(cache: Path, listings: int, server: str) -> Site:
    """The site in a database of the server, built unless it is there."""
    name = f"tsubo_{listings}"
    with psycopg.connect(server, autocommit=True) as connection:
        known = connection.execute("select 1 from pg_database where datname = %s", (name,)).fetchone()
        if known is None:
            connection.execute(f'create database "{name}"')
    site = Site(listings, cache / f"postgresql-{listings}", _address(server, name))
    _fill(site)
    return site


@contextmanager
def copied(site: Site, cache: Path) -> Iterator[Site]:
    """A copy of a site, of which everything may be changed. It is gone afterwards."""
    folder = cache / f"changed-{site.listings}"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        shutil.copytree(site.folder, folder, ignore=shutil.ignore_patterns(f"{DATABASE}*"))
        if site.address:
            with _copied_database(site.address) as address:
                yield Site(site.listings, folder, address)
            return
        with sqlite3.connect(site.database) as source, sqlite3.connect(folder / DATABASE) as target:
            source.backup(target)
        source.close()
        target.close()
        yield Site(site.listings, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _copied_database(address: str) -> Iterator[str]:
    name = address.partition("?")[0].rpartition("/")[2]
    server = _address(address, "postgres")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'drop database if exists "{name}_changed" with (force)')
        connection.execute(f'create database "{name}_changed" template "{name}"')
        try:
            yield _address(address, f"{name}_changed")
        finally:
            connection.execute(f'drop database "{name}_changed" with (force)')


def open_app() -> Flask:
    """The application of the site whose variables this process has."""
    return create_app(config.load())


def prepare() -> int:
    """Save a copy of the listings from which the processes of the site start; how many listings it holds."""
    settings = config.load()
    with create_app(settings, for_commands=True).app_context():
        return search.prepare(settings.data_dir / "search")


def tsubo(site: Site, *words: str) -> str:
    """What the program said."""
    done = subprocess.run(
        [PROGRAMS / "tsubo", *words], env=site.environment, cwd=ROOT, capture_output=True, timeout=BUILD_SECONDS
    )
    if done.returncode:
        raise SystemExit(f"tsubo {' '.join(words)}: {done.stderr.decode()}")
    return done.stdout.decode()


def _fill(site: Site) -> None:
    site.folder.mkdir(parents=True, exist_ok=True)
    tsubo(site, "db", "upgrade")
    held = _count(site)
    if held == site.listings and (site.folder / "built").exists():
        return
    if held not in {0, site.listings}:
        raise SystemExit(f"{site.folder} holds {held:,} listings instead of {site.listings:,}; remove it to build anew")
    print(f"  building {site.listings:,} listings in {'PostgreSQL' if site.address else 'SQLite'}", flush=True)
    tsubo(site, "seed", "reference")
    if held < site.listings:
        print("  " + tsubo(site, "demo", "load", "--listings", str(site.listings)).splitlines()[0], flush=True)
    if site.address:
        with psycopg.connect(site.address, autocommit=True) as connection:
            connection.execute("vacuum analyze")
    (site.folder / "built").touch()


def _count(site: Site) -> int:
    query = "select count(*) from practitioner"
    if site.address:
        with psycopg.connect(site.address) as connection:
            row = connection.execute(query).fetchone()
            return int(row[0]) if row else 0
    with sqlite3.connect(site.database) as database:
        return int(database.execute(query).fetchone()[0])


def _address(server: str, name: str) -> str:
    base, _, options = server.partition("?")
    return f"{base.rsplit('/', 1)[0]}/{name}" + (f"?{options}" if options else "")
