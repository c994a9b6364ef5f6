"""What has been counted, for Prometheus: of every process of the server, where they keep their counts in one folder."""

import os
from collections.abc import Iterator, Mapping

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

# Set by `tsubo serve`, before anything is counted.
FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


class _Figures(Collector):
    """Figures that are the same for every process, so that they do not lie in its files."""

    def __init__(self, now: Mapping[str, tuple[str, float]]) -> None:
        self._now = now

    def collect(self) -> Iterator[Metric]:
        for name, (says, value) in self._now.items():
            yield GaugeMetricFamily(name, says, value=value)


def exposition(registry: CollectorRegistry, now: Mapping[str, tuple[str, float]]) -> tuple[bytes, str]:
    """The counts, and their content type. `registry` holds those of this process alone; `now` are figures of the whole
    site at this moment, by name, each with what it says."""
    present = CollectorRegistry()
    present.register(_Figures(now))
    if os.environ.get(FOLDER_VARIABLE):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry) + generate_latest(present), CONTENT_TYPE_LATEST
