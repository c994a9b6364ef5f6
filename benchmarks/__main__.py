"""python -m benchmarks: the search page against Datasette on the same rows, and against a page that says hello.

Every question is asked of all, one after the other, on new connections. Totals must agree; an answer other than 200
ends the run. Times of single answers mean little on a shared machine: read the ratios.
"""

import argparse
import http.client
import platform
import random
import re
import sqlite3
import statistics
import subprocess
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

from benchmarks import flat, servers

Parameters = list[tuple[str, str]]
QUESTIONS = 40
WARM_UP = 3
FACETS: Parameters = [
    *(("_facet", column) for column in ("gender", "band", "accepting")),
    *(("_facet_array", column) for column in ("modalities", "languages")),
    ("_size", "20"),
]
PLAIN_MODALITIES = ("reflexology", "massage", "reiki", "thai-massage", "deep-tissue-massage", "swedish-massage")


def questions(source: random.Random, words: list[str]) -> dict[str, list[tuple[Parameters, Parameters]]]:
    """For each kind of question, distinct ones: our parameters and Datasette's."""
    genders, bands, accepting = ("woman", "man"), ("low", "middle", "high"), ("yes", "waiting-list", "no")
    filters: list[tuple[Parameters, Parameters]] = [
        (
            [("modality", modality), ("gender", gender), ("price", band), ("accepting", state)],
            [("modalities__arraycontains", modality), ("gender", gender), ("band", band), ("accepting", state)],
        )
        for modality in PLAIN_MODALITIES
        for gender in genders
        for band in bands
        for state in accepting
    ]
    chosen = source.sample(words, min(QUESTIONS, len(words)))
    typed: list[tuple[Parameters, Parameters]] = [
        (
            [("q", f'"{word}"'), ("gender", "woman")],
            [("_search", f"{word}*"), ("_searchmode", "raw"), ("gender", "woman")],
        )
        for word in chosen
    ]
    return {
        "everybody": [([], [])],
        "four filters": source.sample(filters, QUESTIONS),
        "a word and a filter": typed,
    }


def ask(port: int, path: str) -> tuple[float, str]:
    """Seconds until the whole answer is here, and the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    started = time.perf_counter()
    connection.request("GET", path, headers={"Accept": "text/html"})
    answer = connection.getresponse()
    body = answer.read().decode()
    seconds = time.perf_counter() - started
    connection.close()
    if answer.status != http.HTTPStatus.OK:
        raise SystemExit(f"{path}: {answer.status}; nothing that follows would mean anything")
    return seconds, body


def total(pattern: str, page: str) -> int:
    """The number of listings that a page tells."""
    found = re.search(pattern, page)
    return int(found[1].replace(",", "")) if found else 0


def measure(ours: int, theirs: int, hello: int, asked: list[tuple[Parameters, Parameters]]) -> list[list[float]]:
    """Seconds of each question for our page, Datasette and hello."""
    times: list[list[float]] = [[], [], []]
    rounds = asked * 12 if len(asked) == 1 else asked
    for our_parameters, their_parameters in rounds[:1] * WARM_UP + rounds:
        first, our_page = ask(ours, f"/practitioners?{urlencode(our_parameters)}")
        second, their_page = ask(theirs, f"/flat/listing?{urlencode([*their_parameters, *FACETS])}")
        third, _ = ask(hello, "/")
        totals = total(r"<h1>\s*([\d,]+) practitioner", our_page), total(r"([\d,]+) rows?\b", their_page)
        if totals[0] != totals[1]:
            raise SystemExit(f"{our_parameters}: {totals[0]} here, {totals[1]} there; the comparison is not fair")
        for kept, seconds in zip(times, (first, second, third), strict=True):
            kept.append(seconds)
    return [kept[WARM_UP:] for kept in times]


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def run(listings: int) -> None:
    """Build, serve, ask, print."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        data = Path(folder)
        environment = {
            "DIRECTORY_ENVIRONMENT": "development",
            "DIRECTORY_DATA_DIR": folder,
            "DIRECTORY_DATABASE_URL": "",
            "DIRECTORY_RATE_LIMIT": "1000000 per minute",
            "DIRECTORY_LOG_LEVEL": "error",
        }
        for words in (["db", "upgrade"], ["seed", "reference"], ["demo", "load", "--listings", str(listings)]):
            done = subprocess.run(
                [servers.PROGRAMS / "tsubo", *words], env=environment, check=True, capture_output=True
            )
            print(done.stdout.decode().splitlines()[0] if words[0] == "demo" else "", end="", flush=True)
        print()
        flat.export(data / "directory.sqlite3", data / "flat.db")
        with sqlite3.connect(data / "directory.sqlite3") as database:
            query = "select word from search_word where length(word) > 4 and word glob '[a-z]*' order by word"
            known = [row[0] for row in database.execute(query)]
        ports = [servers.free_port() for _ in range(3)]
        commands = (
            servers.gunicorn("wsgi:app", ports[0]),
            servers.datasette(data / "flat.db", ports[1]),
            servers.gunicorn("benchmarks.hello:app", ports[2]),
        )
        for command, port in zip(commands, ports, strict=True):
            stack.enter_context(servers.running(command, port, environment))
        print(f"{listings:,} listings, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}")
        print(f"{'question':22}{'asked':>6}  {'Datasette / our page':>24}  {'our page / hello':>22}")
        print(f"{'':28}  {'p50':>11}{'p95':>13}  {'p50':>10}{'p95':>12}")
        for kind, asked in questions(random.Random(1), known).items():
            ours, theirs, hello = measure(*ports, asked)
            ratios = [
                statistics.median(theirs) / statistics.median(ours),
                p95(theirs) / p95(ours),
                statistics.median(ours) / statistics.median(hello),
                p95(ours) / p95(hello),
            ]
            print(
                f"{kind:22}{len(ours):>6}  {ratios[0]:>10.1f}x{ratios[1]:>12.1f}x"
                f"  {ratios[2]:>9.1f}x{ratios[3]:>11.1f}x"
            )
    print("Both count the same facets over the same rows, and show 20. Our page counts six more filters, knows places,")
    print("works out every status for today, and its counts leave out a filter's own choice; Datasette's do not.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listings", type=int, default=10_000)
    run(parser.parse_args().listings)
