"""Splink: probabilistic linkage in DuckDB, as its guide does it, on the columns that the matcher is given, too."""

import logging
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

import pandas
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

ENOUGH = 0.95
PAIRS_FOR_U = 1_000_000.0


class Written(NamedTuple):
    """A line, or somebody who is looked for. Empty is unknown."""

    unique_id: str
    given: str
    family: str
    number: str
    town: str


class Linked(NamedTuple):
    """For each who is looked for, the lines that are theirs with a probability of ENOUGH; and seconds."""

    lines: dict[str, list[str]]
    learning: float
    linking: float


def link(lines: Sequence[Written], asked: Sequence[Written]) -> Linked:
    """Learn from the lists themselves, then link them."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    database = DuckDBAPI()
    frames = [database.register(_frame(some), table_name=name) for name, some in (("lines", lines), ("asked", asked))]
    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="unique_id",
        comparisons=[
            cl.JaroWinklerAtThresholds("given", [0.95, 0.88]),
            cl.JaroWinklerAtThresholds("family", [0.95, 0.88]),
            cl.DamerauLevenshteinAtThresholds("number", [1]),
            cl.ExactMatch("town"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("number"),
            block_on("family", "substr(given, 1, 1)"),
            block_on("given", "town", "substr(family, 1, 2)"),
        ],
    )
    started = time.perf_counter()
    linker = Linker(frames, settings, log_level=logging.ERROR)
    _learn(linker)
    learnt = time.perf_counter()
    pairs = linker.inference.predict(threshold_match_probability=ENOUGH).as_pandas_dataframe()
    ended = time.perf_counter()
    found: dict[str, list[str]] = {}
    for left, right in zip(pairs["unique_id_l"], pairs["unique_id_r"], strict=True):
        line, person = (left, right) if left.startswith("l") else (right, left)
        found.setdefault(person, []).append(line)
    return Linked(found, learnt - started, ended - learnt)


def _learn(linker: Any) -> None:
    training = linker.training
    training.estimate_probability_two_random_records_match([block_on("number")], recall=0.8)
    training.estimate_u_using_random_sampling(max_pairs=PAIRS_FOR_U)
    training.estimate_parameters_using_expectation_maximisation(block_on("number"))
    training.estimate_parameters_using_expectation_maximisation(block_on("given", "family"))


def _frame(some: Sequence[Written]) -> Any:
    frame = pandas.DataFrame(some, columns=list(Written._fields), dtype="object")
    return frame.where(frame != "", None)
