"""Logs: one line of JSON a request, and no word that a visitor sent."""

import json
import logging
from typing import Any

import pytest
import structlog
from flask import Flask
from gunicorn.config import Config

from directory.http import logs
from directory.http.server_logs import ServerLog
from tests.sites import CANARY

Lines = list[dict[str, Any]]


class Written:
    """What has been written to the standard error."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture, self._text = capture, ""

    def getvalue(self) -> str:
        self._text += self._capture.readouterr().err
        return self._text


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Written:
    return Written(capsys)


def lines(written: Written) -> Lines:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_each_request_is_one_line(one_site: Flask, written: Written) -> None:
    one_site.test_client().get("/trial/page?q=x")
    [line] = lines(written)
    assert line["event"] == "request"
    assert line["endpoint"] == "trial.page"
    assert (line["method"], line["status"], line["level"]) == ("GET", 200, "info")
    assert line["milliseconds"] >= 0
    assert len(line["request_id"]) == 16
    assert line["timestamp"].endswith("Z")
    known = {"event", "endpoint", "method", "status", "level", "milliseconds", "request_id", "timestamp"}
    assert set(line) == known


def test_no_word_of_a_visitor_is_written(one_site: Flask, written: Written) -> None:
    client = one_site.test_client()
    client.set_cookie("name", CANARY)
    sent = dict.fromkeys(("User-Agent", "Referer", "X-Request-ID", "Accept-Language", "Authorization"), CANARY)
    sent["X-Forwarded-For"] = "203.0.113.77"
    elsewhere = {"REMOTE_ADDR": "203.0.113.77"}
    paths = [
        "/practitioners",
        f"/practitioners/{CANARY}/{CANARY}",
        f"/modalities/{CANARY}",
        f"/{CANARY}",
        "/trial/raise/unexpected",
        "/trial/raise/constraint",
        "/trial/raise/nonsense",
        "/trial/raise/locked",
        "/trial/undeclared",
        "/trial/form",
        f"/static/{CANARY}.css",
    ]
    for path in paths:
        for method in ("GET", "HEAD", "POST", "PUT", CANARY):
            client.open(
                f"{path}?q={CANARY}&near={CANARY}&{CANARY}=1",
                method=method,
                headers=sent,
                environ_base=elsewhere,
                data={CANARY: CANARY} if method == "POST" else None,
            )
    client.get("/trial/page?q=%00" + CANARY, headers={**sent, "Host": f"{CANARY}.example"})
    found = written.getvalue()
    assert len(lines(written)) > len(paths) * 4
    assert CANARY not in found
    assert "203.0.113.77" not in found


def test_a_made_up_method_is_counted_as_another(one_site: Flask, written: Written) -> None:
    client = one_site.test_client()
    client.open("/trial/page", method="PROPFIND")
    assert lines(written)[-1]["method"] == "other"
    assert 'method="other"' in client.get("/metrics").get_data(as_text=True)


def test_what_went_wrong_is_written_by_kind_and_place(one_site: Flask, written: Written) -> None:
    one_site.test_client().get(f"/trial/raise/unexpected?q={CANARY}")
    wrong = next(line for line in lines(written) if line["event"] == "unexpected")
    assert wrong["error"] == ["RuntimeError"]
    assert wrong["level"] == "error"
    assert any(place.startswith("tests/sites.py:") and place.endswith(" fail") for place in wrong["where"])


def test_what_the_database_refused_is_written_with_its_state(one_site: Flask, written: Written) -> None:
    one_site.test_client().get("/trial/raise/nonsense")
    wrong = next(line for line in lines(written) if line["event"] == "database")
    assert wrong["status"] == 500
    assert wrong["error"][0] == "ProgrammingError"


def test_an_error_after_the_answer_was_made_is_written_the_same_way(fresh_site: Flask, written: Written) -> None:
    @fresh_site.after_request
    def breaks(_response: object) -> Any:
        raise ValueError(CANARY)

    response = fresh_site.test_client().get("/trial/page", headers={"Accept": "text/html"})
    assert response.status_code == 500
    assert CANARY not in written.getvalue() + response.get_data(as_text=True)
    assert [line for line in lines(written) if line.get("error") == ["ValueError"]]


def test_causes_are_written_too() -> None:
    def fails() -> None:
        try:
            {}[CANARY]
        except KeyError as cause:
            raise RuntimeError(CANARY) from cause

    with pytest.raises(RuntimeError) as raised:
        fails()
    told = logs.described(raised.value)
    assert told["error"] == ["RuntimeError", "KeyError"]
    assert CANARY not in json.dumps(told)


def test_an_exception_in_hand_is_written_without_its_words(written: Written) -> None:
    log = structlog.get_logger()
    try:
        {}[CANARY]
    except KeyError:
        log.exception("odd")
    log.error("even", exc_info=True)
    first, second = lines(written)
    assert first["error"] == ["KeyError"]
    assert "error" not in second
    assert CANARY not in written.getvalue()


@pytest.mark.parametrize(("level", "count"), [("info", 1), ("warning", 0)])
def test_the_least_severe_line_may_be_chosen(one_site: Flask, written: Written, level: str, count: int) -> None:
    logs.configure(level)
    one_site.test_client().get("/trial/page")
    assert len(lines(written)) == count
    logs.configure("info")


@pytest.fixture
def server_log() -> ServerLog:
    config = Config()
    config.set("loglevel", "warning")
    return ServerLog(config)


def test_what_the_server_says_of_a_request_is_written_without_it(server_log: ServerLog, written: Written) -> None:
    record = logging.LogRecord(
        "gunicorn.error",
        logging.WARNING,
        "/x/gunicorn/workers/base.py",
        274,
        f"Invalid request from ip=203.0.113.77: {CANARY}",
        None,
        None,
    )
    server_log.error_log.handle(record)
    [line] = lines(written)
    assert line["said"] == "a request could not be read or answered"
    assert line["where"] == "base:274"
    assert CANARY not in written.getvalue()
    assert "203.0.113.77" not in written.getvalue()


def test_what_the_server_says_of_itself_is_written(server_log: ServerLog, written: Written) -> None:
    server_log.error("Connection in use: %s", "127.0.0.1:8000")
    [line] = lines(written)
    assert line["said"] == "Connection in use: 127.0.0.1:8000"
    assert line["level"] == "error"
    assert not [one for one in server_log.access_log.handlers if type(one) is logging.StreamHandler]


@pytest.mark.parametrize("level", ["critical", "error", "warning", "exception"])
def test_every_line_of_the_server_knows_where_it_comes_from(
    server_log: ServerLog, written: Written, level: str
) -> None:
    getattr(server_log, level)("Worker (pid:%s) was sent %s!", 7, "SIGKILL")
    [line] = lines(written)
    assert line["said"] == "Worker (pid:7) was sent SIGKILL!"
    assert line["where"].startswith("test_logs:")
