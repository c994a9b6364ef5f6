"""python -m benchmarks: compares the search with what one would use instead, side by side in one run.

Sites are built once and kept in the folder; so are the findings of each part, so that a run can go on where it was
ended: --only engine,page measures these anew and takes the others from before. The results are printed, and written
to documents in benchmarks/ unless the run is small.
"""

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from benchmarks import databases, machines, results, sites, times
from benchmarks.benches import SIZES, SMALL_SIZES
from benchmarks.parts.tables import PARTS, Part
from benchmarks.sites import ROOT, Site
from directory.lib import clock

QUIET_SECONDS = 60


def main() -> None:
    given = _arguments()
    signal.signal(signal.SIGTERM, _end)
    with _folder(given.folder) as cache:
        failed = _measure(given, cache)
        for document in sorted({PARTS[name].document for name in given.only}):
            text = results.write(_findings(cache, document, given.small), document, given.small)
            print(text)
            if not given.small:
                (given.results / document).write_text(text)
                print(f"Written to {given.results / document}")
    if failed:
        raise SystemExit(f"Not measured: {', '.join(failed)}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--folder", type=Path, help="where sites are built and kept (default: a temporary folder)")
    parser.add_argument("--small", action="store_true", help="10,000 listings and few questions: two minutes")
    parser.add_argument("--only", default=",".join(PARTS), help=f"parts, with commas: {', '.join(PARTS)}")
    parser.add_argument("--sizes", default="", help="numbers of listings, with commas")
    parser.add_argument("--results", type=Path, default=ROOT / "benchmarks", help="the folder for them")
    parser.add_argument("--build-only", action="store_true", help="build the sites and end")
    given = parser.parse_args()
    given.only = [name for name in given.only.split(",") if name]
    unknown = sorted(set(given.only) - set(PARTS))
    if unknown:
        parser.error(f"no such part: {', '.join(unknown)}")
    usual = SMALL_SIZES if given.small else SIZES
    given.sizes = [int(size.replace("_", "")) for size in given.sizes.split(",") if size] or list(usual)
    return given


def _measure(given: argparse.Namespace, cache: Path) -> list[str]:
    """Every part at every size; the names of those that failed."""
    failed = []
    with contextlib.ExitStack() as stack:
        server = ""
        if any(PARTS[name].in_postgresql for name in given.only):
            print("PostgreSQL starts", flush=True)
            server = stack.enter_context(databases.running(cache))
        for size in given.sizes:
            print(f"{size:,} listings", flush=True)
            for name in given.only:
                part = PARTS[name]
                site = _site(part, cache, size, server)
                if given.build_only:
                    continue
                with sites.copied(site, cache) if part.changes_rows else contextlib.nullcontext(site) as used:
                    if not _run(name, part, used, cache, small=given.small):
                        failed.append(f"{name} at {size:,}")
    return failed


def _site(part: Part, cache: Path, size: int, server: str) -> Site:
    """The site that a part is measured on, built if it is not there yet. Questions are drawn from the one in a file."""
    if not part.needs_site:
        return Site(size, cache)
    file = sites.in_sqlite(cache, size)
    return sites.in_postgresql(cache, size, server) if part.in_postgresql else file


def _run(name: str, part: Part, site: Site, cache: Path, *, small: bool) -> bool:
    """One part in a process of its own, and of its own group, so that all that it started ends with it."""
    busy = times.wait_until_quiet(0 if small else QUIET_SECONDS)
    print(f"  {part.title} (load {busy:.1f})", flush=True)
    result = cache / "results" / f"{'small-' if small else ''}{name}-{site.listings}.json"
    result.parent.mkdir(parents=True, exist_ok=True)
    result.unlink(missing_ok=True)
    command = [sys.executable, "-m", "benchmarks.parts", name, "--listings", str(site.listings), "--cache", str(cache)]
    command += ["--data", str(site.folder), "--result", str(result), *(["--small"] if small else [])]
    command += ["--address", site.address] if site.address else []
    began = time.monotonic()
    process = subprocess.Popen(command, env=site.environment, cwd=ROOT, start_new_session=True)
    try:
        ended = process.wait(part.seconds)
    except subprocess.TimeoutExpired:
        ended = None
        print(f"  given up after {part.seconds} seconds", flush=True)
    finally:
        _end_group(process)
    if ended != 0 or not result.exists():
        print(f"  {part.title}: not measured", flush=True)
        return False
    found = {"findings": json.loads(result.read_text()), "load": busy, "seconds": time.monotonic() - began}
    found |= {"at": clock.now().isoformat(timespec="minutes"), "machine": machines.describe()}
    result.write_text(json.dumps(found, indent=1))
    return True


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """End what the process left behind. Whoever it started is in its group."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
            time.sleep(1)
    process.wait()


def _findings(cache: Path, document: str, small: bool) -> results.Findings:
    """What was found of the parts in one document, now or before: by part, by size."""
    found: results.Findings = {}
    for name in (name for name, part in PARTS.items() if part.document == document):
        for path in sorted((cache / "results").glob(f"{'small-' if small else ''}{name}-*.json")):
            found.setdefault(name, {})[int(path.stem.rpartition("-")[2])] = json.loads(path.read_text())
    return found


@contextlib.contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    if given is not None:
        given.mkdir(parents=True, exist_ok=True)
        yield given.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="tsubo-benchmarks-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _end(_number: int, _frame: FrameType | None) -> None:
    """As if somebody had pressed Ctrl+C, so that everything that was started is ended."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
