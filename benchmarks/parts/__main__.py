"""python -m benchmarks.parts: one part at one size, in a process that has the variables of its site."""

import argparse
import json
from pathlib import Path

from benchmarks.benches import FULL, SMALL, Bench
from benchmarks.checks import Disagreement
from benchmarks.parts.tables import PARTS
from benchmarks.sites import Site

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=PARTS)
    parser.add_argument("--listings", type=int, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--address", default="")
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--result", type=Path, required=True)
    given = parser.parse_args()
    bench = Bench(Site(given.listings, given.data, given.address), given.cache, SMALL if given.small else FULL)
    try:
        findings = PARTS[given.name].run(bench)
    except Disagreement as error:
        raise SystemExit(f"{given.name}: the answers differ, so nothing is compared. {error}") from None
    given.result.write_text(json.dumps(findings, indent=1))
