"""Writes what was found: goals first, then every measurement, then what cannot be compared."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from benchmarks import goals
from benchmarks.goals import LARGE, MIDDLE, SMALL, Findings
from benchmarks.parts.tables import LISTS, PARTS

__all__ = ["Findings", "write"]

HEAD = """# What was measured of search and pages

Written by `make bench`; not by hand. Times are in milliseconds. Read the ratios: the machine is shared by all that is
measured on it, and everything in one table was asked in turn, in one run. Every question is another one and is asked
once, after others to warm up. Totals, every count of every filter and the order of the hits were equal for all who
answered, or the run would have ended; so would it with an answer other than 200.
"""

HEAD_OF_LISTS = """# What was measured of the lists of bodies

Written by `make bench`; not by hand. How fast names are found in a register and how rightly, beside what one would use
instead, on the same rows; and how long a list takes to be read, compared, applied and undone. All rows are invented.
"""

LISTS_NOT_COMPARABLE = """## What is not comparable

- All pairs and Splink say "similar" or "probably"; a match here also needs the number, and nothing that contradicts.
  All pairs are asked for few names, by one core; their time for a list is reckoned from these. Splink learns from the
  lists themselves, links them as a whole, and may use all cores; what it is given is folded as for us.
"""

NOT_COMPARABLE = """## What is not comparable

- **tantivy** is given the order of the day by writing its documents in that order, for one day; a site would write all
  of them anew at midnight, and statuses with them. It gets the tiers of fit by up to four searches, one after another,
  and distances by way of the few points at which anybody works; both give the very same order. It holds nothing in
  Python but those points. It scores nothing: a full BM25 order would cost it more, and would be another order.
- **Rows**: a whole result is the answer and the 20 rows of a page. The engine reads them from the database, tantivy
  from its documents. Where the answer is quick, reading the rows is much of the whole.
- **Plain SQL** is asked a part of the questions, as time allows; its ratio is over the questions that it was asked.
- **One statement** reads a narrow table that holds the status of each claim as of one day and would have to be kept in
  step. The server may use several cores for it (its usual settings) and knows the tables (`ANALYZE`). The time is that
  of the client: planning, sending and reading the numbers are in it, on both sides.
- **Datasette** counts inside all filters, its own included, has no circle and no order of the day, and its page is a
  table. Our page counts what each value would find, knows places and works out statuses for today. Questions with "any
  of these" values or with status and body together are left out. Both are asked on new connections, one at a time.
- **Hello** is a Flask page on the same server with the same options, without sessions, limits, headers or logs of its
  own. Times are those of a server that is kept busy over four connections by a small client on the other core; nothing
  is compressed. "Shown first" are pages of distinct questions: their cards were mostly not seen by that process;
  "again" is the same search under another address.
- **Two workers** share two cores with the client, which therefore is in each other's way.
- **Memory** is private memory beyond that of a worker of a site without listings. What is in the saved copy and was not
  changed belongs to all workers, and counts as private while there is one.
"""


def write(found: Findings, document: str, small: bool) -> str:
    """The whole document."""
    head, foot = (HEAD_OF_LISTS, LISTS_NOT_COMPARABLE) if document == LISTS else (HEAD, NOT_COMPARABLE)
    title = head.replace("# What was measured", "# What was measured, in small,") if small else head
    sections = [title, _machine(found), _goals(found)]
    sections += [section for section in (_SECTIONS[name](found) for name in _SECTIONS) if section]
    return "\n".join([*sections, foot])


def _machine(found: Findings) -> str:
    parts = [result for sizes in found.values() for result in sizes.values()]
    if not parts:
        return "Nothing was measured.\n"
    newest = max(parts, key=lambda part: str(part["at"]))
    machine = newest["machine"]
    moments = sorted(str(part["at"])[:16].replace("T", " ") for part in parts)
    rows = [
        ("measured", f"{moments[0]} to {moments[-1]} UTC"),
        ("machine", f"{machine['cores']} cores, {machine['processor']}, {machine['memory']}, {machine['system']}"),
        ("versions", machine["versions"]),
        ("load before each part", f"at most {max(part['load'] for part in parts):.1f}"),
    ]
    return _table(("", ""), rows)


def _goals(found: Findings) -> str:
    rows = []
    for line in goals.lines(found):
        if line.measured is None and line.listings not in _sizes(found):
            continue
        goal = "" if line.goal is None else f"{'at least' if line.at_least else 'at most'} {line.goal:g}{line.unit}"
        measured = "" if line.measured is None else f"{_number(line.measured)}{line.unit}"
        rows.append((line.measure, f"{line.listings:,}", goal, measured, line.verdict))
    return "## Goals\n\n" + _table(("measure", "listings", "goal", "measured", ""), rows)


def _sizes(found: Findings) -> set[int]:
    return {size for sizes in found.values() for size in sizes}


# ---- sections ----


def _engine(found: Findings) -> str:
    text, rows, kinds = [], [], []
    for size, findings in _each(found, "engine"):
        for who, whole in findings["wholes"].items():
            bare = findings["answers"][who]
            rows.append((f"{size:,}", who, whole["n"], *_three(whole), *_three(bare)))
        for kind, both in findings["kinds"].items():
            told = [both.get(who) for who in ("engine", "tantivy", "plain SQL")]
            kinds.append((f"{size:,}", kind, (told[0] or {}).get("n", ""), *(_pair(one) for one in told)))
        worst = findings.get("worst")
        if worst:
            text.append(
                f"Of {worst['n']} of the worst legal questions at {size:,} the longest took {worst['max']:.1f} ms."
            )
    head = ("listings", "who", "asked", "whole p50", "p95", "max", "answer p50", "p95", "max")
    by_kind = ("listings", "question", "asked", "engine p50 / p95", "tantivy", "plain SQL")
    return _section("engine", found, _table(head, rows), "\n".join([*text, ""]), _table(by_kind, kinds))


def _postgresql(found: Findings) -> str:
    rows = [
        (
            *(f"{size:,}", kind, both["engine"]["n"], _pair(both["engine"]), _pair(both["one statement"])),
            *(_ratio(both["engine"], both["one statement"], name) for name in ("p50", "p95")),
        )
        for size, findings in _each(found, "postgresql")
        for kind, both in findings["kinds"].items()
    ]
    head = ("listings", "question", "asked", "engine p50 / p95", "one statement", "ratio p50", "ratio p95")
    return _section("postgresql", found, _table(head, rows))


def _page(found: Findings) -> str:
    rows = [
        (
            *(f"{size:,}", kind, one["n"], f"{one['hello milliseconds']:.2f}"),
            *(f"{one[name]:.2f}" for name in ("milliseconds", "milliseconds again")),
            *(f"{one[name]:.1f}x" for name in ("new", "again")),
            f"{one['not modified']:.2f}x" if "not modified" in one else "no ETag",
        )
        for size, findings in _each(found, "page")
        for kind, one in findings["kinds"].items()
    ]
    head = (
        "listings",
        "page",
        "asked",
        "hello",
        "shown first",
        "again",
        "first / hello",
        "again / hello",
        "304 / hello",
    )
    return _section("page", found, _table(head, rows))


def _datasette(found: Findings) -> str:
    rows = [
        (f"{size:,}", kind, one["page"]["n"], _pair(one["page"]), _pair(one["Datasette"]), f"{one['ratio p50']:.0f}x")
        for size, findings in _each(found, "datasette")
        for kind, one in findings["kinds"].items()
    ]
    head = ("listings", "question", "asked", "page p50 / p95", "Datasette", "Datasette / page")
    return _section("datasette", found, _table(head, rows))


def _workers(found: Findings) -> str:
    rows = [
        (f"{size:,}", one["pages"], *(f"{one['pages a second'][n]:.0f}" for n in "12"), f"{one['ratio']:.2f}x")
        for size, one in _each(found, "workers")
    ]
    return _section("workers", found, _table(("listings", "pages", "one, pages a second", "two", "two / one"), rows))


def _start(found: Findings) -> str:
    rows = [
        (
            *(f"{size:,}", one["with the saved copy"]["n"]),
            *(f"{one['with the saved copy'][name]:.0f}" for name in ("p50", "max")),
            *(f"{one['without it']:.0f}", f"{one['bytes of the saved copy'] / 1e6:.1f} MB"),
        )
        for size, one in _each(found, "start")
    ]
    head = ("listings", "starts", "with the saved copy p50", "max", "without it", "the saved copy")
    note = (
        "From the start of the server's process to the whole first answer. Without the saved copy plain SQL answers.\n"
    )
    return _section("start", found, note, _table(head, rows))


def _changes(found: Findings) -> str:
    names = ("the change", "until it is found", "the slowest look")
    rows = [
        (f"{size:,}", one[names[0]]["n"], *(f"{_pair(one[name])} / {one[name]['max']:.1f}" for name in names))
        for size, one in _each(found, "changes")
    ]
    note = "A listing is renamed or hidden; the other process looks all the time. Each is p50 / p95 / largest.\n"
    return _section("changes", found, note, _table(("listings", "changes", *names), rows))


def _registers(found: Findings, part: str = "register") -> str:
    rows = [
        (
            *(f"{size:,}", f"{one['rows']:,}", name),
            *(f"{said['seconds']:.2f} s", f"{one['rows'] / said['seconds']:,.0f}"),
        )
        for size, one in _each(found, part)
        for name, said in one.items()
        if isinstance(said, dict)
    ]
    note = "The next list has 1 % other people, and says something else of 2 %.\n"
    return _section(part, found, note, _table(("listings", "rows", "what", "time", "rows a second"), rows))


def _memory(found: Findings) -> str:
    rows = [
        (
            *(f"{size:,}", f"{stage} ({one['changes']:,} changes)" if "changed" in stage else stage),
            *(f"{kept[kind]:,}" for kind in ("private", "shared", "anonymous")),
            f"{(kept['private'] - one['stages']['without listings']['private']) / size:.3f}",
        )
        for size, one in _each(found, "memory")
        for stage, kept in one["stages"].items()
    ]
    head = ("listings", "worker", "private kB", "shared kB", "not of a file kB", "kB a listing")
    return _section("memory", found, _table(head, rows))


def _growth(found: Findings) -> str:
    if not {SMALL, LARGE} <= set(found.get("engine", {})):
        return ""
    rows = []
    for who in ("engine", "tantivy", "plain SQL"):
        told = [_whole(found, size, who) for size in (SMALL, MIDDLE, LARGE)]
        grown = [_times(goals.growth(found, who, name)) for name in ("p50", "p95")]
        rows.append((who, *(_pair(one) for one in told), *grown))
    head = ("whole results, p50 / p95", *(f"{size:,}" for size in (SMALL, MIDDLE, LARGE)), "p50 grew", "p95 grew")
    return "## Growth\n\n" + _table(head, rows)


def _matching(found: Findings) -> str:
    rates, right, texts = [], [], []
    for size, one in _each(found, "matching"):
        texts.append(
            f"The index of {size:,} lines was made in {one['building']:.1f} s and holds "
            f"{one['index megabytes']:.0f} MB beside them."
        )
        for title, speed in one["speed"].items():
            rates.append(
                (
                    f"{size:,}",
                    f"matching, {title}",
                    *(_number(speed[key]) for key in ("a second", "a second of a processor")),
                )
            )
        rates.append(
            (
                f"{size:,}",
                f"all pairs, reckoned from {one['all pairs']['asked']}",
                _number(one["all pairs"]["a second"]),
                "",
            )
        )
        learning = f"Splink, after {one['Splink']['learning']:.1f} s of learning"
        rates.append((f"{size:,}", learning, _number(one["Splink"]["a second"]), ""))
        told = [(f"matching, {title}", shares) for title, shares in one["right"].items()]
        told += [("all pairs, by name", one["all pairs"]), ("Splink, by number", one["Splink"])]
        right += [(f"{size:,}", who, *(_share(shares[key]) for key in ("precision", "recall"))) for who, shares in told]
        texts += _accuracy(one)
    head = ("lines", "who", "people a second", "a second of a processor")
    shares = ("lines", "one line proposed", "of those right", "of the register found")
    return _section("matching", found, "\n".join([*texts, ""]), _table(head, rates), _table(shares, right))


def _accuracy(one: Mapping[str, Any]) -> list[str]:
    """What was called a match in sets with a known truth."""
    if "invented" not in one:
        return []
    rows = []
    for title, both in (("20,000 invented people", one["invented"]), ("FEBRL 4", one["FEBRL"])):
        for who in ("ours", "Splink"):
            figures = both[who]
            rows.append(
                (title, who, *(f"{figures[key]:,}" for key in ("asked", "matches", "wrong")),
                 *(_share(figures[key]) for key in ("precision", "recall")))
            )  # fmt: skip
    ways = [
        (way, count["asked"], count["matches"], one["invented"]["Splink"]["ways"][way]["matches"])
        for way, count in one["invented"]["ours"]["ways"].items()
    ]
    febrl = one["FEBRL"]
    said = (
        f"Of FEBRL's 5,000 people {febrl['unaltered']:,} have name and number as in the register; "
        f"{_share(febrl['recall of unaltered'])} of them are matches. A name with a slip is never a match, by rule; "
        f"it is proposed as possible: {_share(febrl['proposed'])} of all were proposed with the right line."
    )
    return [
        "",
        _table(("set", "who", "asked", "matches", "wrong", "precision", "recall"), rows),
        _table(("way or trick (benchmarks/matching/sets.py)", "asked", "matches", "of Splink"), ways),
        said,
        "",
    ]


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


_SECTIONS = {
    "engine": _engine,
    "growth": _growth,
    "postgresql": _postgresql,
    "page": _page,
    "datasette": _datasette,
    "workers": _workers,
    "start": _start,
    "changes": _changes,
    "matching": _matching,
    "register": _registers,
    "register in PostgreSQL": lambda found: _registers(found, "register in PostgreSQL"),
    "memory": _memory,
}


# ---- tables ----


def _each(found: Findings, part: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for size, result in sorted(found.get(part, {}).items()):
        yield size, result["findings"]


def _whole(found: Findings, size: int, who: str) -> dict[str, float] | None:
    result = found["engine"].get(size)
    return result["findings"]["wholes"].get(who) if result else None


def _section(part: str, found: Findings, *texts: str) -> str:
    if part not in found:
        return ""
    title = PARTS[part].title
    return f"## {title[0].upper()}{title[1:]}\n\n" + "\n".join(text for text in texts if text.strip())


def _table(head: Iterable[object], rows: Iterable[Iterable[object]]) -> str:
    lines = [list(map(str, head)), *(list(map(str, row)) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    written = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    written.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(written) + "\n"


def _three(summary: Mapping[str, float]) -> tuple[str, ...]:
    return tuple(_number(summary[name]) if name in summary else "" for name in ("p50", "p95", "max"))


def _pair(summary: Mapping[str, float] | None) -> str:
    return f"{_number(summary['p50'])} / {_number(summary['p95'])}" if summary and "p50" in summary else ""


def _ratio(ours: Mapping[str, float], theirs: Mapping[str, float], name: str) -> str:
    return _times(ours[name] / theirs[name])


def _times(ratio: float | None) -> str:
    return "" if ratio is None else f"{_number(ratio)}x"


def _number(value: float) -> str:
    """Three digits that tell."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
