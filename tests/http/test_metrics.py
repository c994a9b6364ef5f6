"""Counts for Prometheus, of all processes of the server together."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from directory.config import ROOT
from directory.http.metrics import FOLDER_VARIABLE

COUNT_ONCE = """
from prometheus_client import Counter, CollectorRegistry
Counter("directory_requests", "Requests answered", ["endpoint", "method", "status"],
        registry=CollectorRegistry()).labels("here", "GET", 200).inc()
"""


def test_requests_are_counted_by_endpoint_and_status(fresh_site: Flask) -> None:
    client = fresh_site.test_client()
    for _ in range(3):
        client.get("/trial/page?q=anything")
    text = client.get("/metrics").get_data(as_text=True)
    assert 'directory_requests_total{endpoint="trial.page",method="GET",status="200"} 3.0' in text
    assert 'directory_request_seconds_count{endpoint="trial.page"} 3.0' in text
    assert "anything" not in text


def test_the_counts_of_all_processes_are_added(
    fresh_site: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        subprocess.run(
            [sys.executable, "-c", COUNT_ONCE], env={**os.environ, FOLDER_VARIABLE: str(tmp_path)}, cwd=ROOT, check=True
        )
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    text = fresh_site.test_client().get("/metrics").get_data(as_text=True)
    assert 'directory_requests_total{endpoint="here",method="GET",status="200"} 2.0' in text
