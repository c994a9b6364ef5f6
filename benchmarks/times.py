"""Times of many answers, in short: always milliseconds, always the same percentiles."""

import os
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

Result = TypeVar("Result")
Summary = dict[str, float]
QUIET_LOAD = 2.5


def taken(ask: Callable[[], Result]) -> tuple[float, Result]:
    """Seconds until the result, and the result."""
    started = time.perf_counter()
    result = ask()
    return time.perf_counter() - started, result


def summary(seconds: Sequence[float]) -> Summary:
    """How many, and the median, the 95th percentile and the largest in milliseconds."""
    if not seconds:
        return {"n": 0}
    return {
        "n": len(seconds),
        "p50": statistics.median(seconds) * 1000,
        "p95": percentile(seconds, 95) * 1000,
        "max": max(seconds) * 1000,
    }


def percentile(values: Sequence[float], number: int) -> float:
    """Between the two nearest values, as most programs do it."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * number / 100
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def ratio(ours: dict[str, Any] | None, theirs: dict[str, Any] | None, name: str = "p95") -> float | None:
    """How many times longer ours takes."""
    if not ours or not theirs or name not in ours or not theirs.get(name):
        return None
    return float(ours[name]) / float(theirs[name])


def load() -> float:
    """How many programs wanted a core during the last minute."""
    return os.getloadavg()[0]


def wait_until_quiet(seconds: float) -> float:
    """Wait at most `seconds` until other programs let go of the machine; the load then."""
    until = time.monotonic() + seconds
    while load() > QUIET_LOAD and time.monotonic() < until:
        time.sleep(2)
    return load()


def kilobytes(process_id: int) -> dict[str, int]:
    """What a process holds in memory, alone and together with others."""
    found = {}
    for line in Path(f"/proc/{process_id}/smaps_rollup").read_text().splitlines()[1:]:
        name, _, rest = line.partition(":")
        found[name] = int(rest.split()[0])
    return {
        "private": found["Private_Clean"] + found["Private_Dirty"],
        "shared": found["Shared_Clean"] + found["Shared_Dirty"],
        "proportional": found["Pss"],
        "anonymous": found["Anonymous"],
    }
