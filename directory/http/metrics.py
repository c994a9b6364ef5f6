"""What has been counted, for Prometheus: of every process of the server, where they keep their counts in one folder."""

import os

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

# Set by `tsubo serve`, before anything is counted.
FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def exposition(registry: CollectorRegistry) -> tuple[bytes, str]:
    """The counts, and their content type. `registry` holds those of this process alone."""
    if os.environ.get(FOLDER_VARIABLE):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry), CONTENT_TYPE_LATEST
