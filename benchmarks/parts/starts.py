"""From the start of a server to its first answer of a search."""

import time
from pathlib import Path

from benchmarks import servers, sites, times
from benchmarks.benches import Bench, Findings, say
from directory import config

SECONDS = 120
PATH = "/practitioners?q=%22shiatsu%22&gender=woman"


def run(bench: Bench) -> Findings:
    """With the saved copy of the listings several times, without it once."""
    saved = config.load().data_dir / "search"
    with sites.open_app().app_context():
        say(f"{sites.prepare():,} listings in the saved copy")
    with_copy = [_start(bench) for _ in range(bench.amounts.starts)]
    found: Findings = {"with the saved copy": times.summary(with_copy)}
    aside = saved.with_name("search-aside")
    saved.rename(aside)
    try:
        found["without it"] = _start(bench) * 1000
    finally:
        _put_back(aside, saved)
    files = [file.stat().st_size for file in saved.iterdir()]
    return {**found, "bytes of the saved copy": sum(files)}


def _start(bench: Bench) -> float:
    port = servers.free_port()
    began = time.monotonic()
    process = servers.start(servers.gunicorn(servers.SITE, port), bench.site.environment)
    try:
        return servers.first_answer(port, PATH, process, SECONDS) - began
    finally:
        servers.end(process)


def _put_back(aside: Path, saved: Path) -> None:
    if saved.exists():
        for file in saved.iterdir():
            file.unlink()
        saved.rmdir()
    aside.rename(saved)
