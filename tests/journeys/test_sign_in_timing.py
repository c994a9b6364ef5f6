"""Signing in, asking for a new password and signing up take as long for an address that nobody has."""

import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.db import transaction
from directory.http import security
from directory.lib import clock
from directory.models import Role
from directory.services import accounts, limits, passwords
from tests import sites
from tests.conftest import make_settings

pytestmark = pytest.mark.soak

TRIES = 500
CLOSE = 0.05
WARMING = 20


@pytest.fixture
def site(own_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """A site whose hashes cost what they cost in production, and whose limits let one test try often."""
    monkeypatch.setattr(security, "QUICK", security.ARGON2)
    monkeypatch.setattr(limits, "LIMITS", {name: _wide(kept) for name, kept in limits.LIMITS.items()})
    with sites.made(make_settings(tmp_path, own_database, trusted_proxies=1)) as made:
        made.config["WTF_CSRF_ENABLED"] = False
        with made.app_context(), transaction():
            for number in range(TRIES + WARMING):
                accounts._make(known(number), Role.MEMBER, at=clock.now())
            kept = passwords.hashed("meadow lantern quiet river")
            for account in accounts.list_accounts():
                account.password = kept
        yield made


def _wide(kept: tuple[limits.Limit, ...]) -> tuple[limits.Limit, ...]:
    """As many rows are counted as ever, and none is full."""
    return tuple(limits.Limit(one.of, 1_000_000, one.every) for one in kept)


def known(number: int) -> str:
    return f"known{number:04}@example.org"


def unknown(number: int) -> str:
    return f"other{number:04}@example.org"


def sign_in(client: FlaskClient, email: str, network: str) -> int:
    fields = {"email": email, "password": "not the password at all"}
    return client.post("/member/sign-in", data=fields, headers={"X-Forwarded-For": network}).status_code


def new_password(client: FlaskClient, email: str, network: str) -> int:
    answer = client.post("/member/new-password", data={"email": email}, headers={"X-Forwarded-For": network})
    return answer.status_code


def sign_up(client: FlaskClient, email: str, network: str) -> int:
    fields = {"email": email, "agrees": "y", "is_adult": "y"}
    return client.post("/member/sign-up", data=fields, headers={"X-Forwarded-For": network}).status_code


def link(client: FlaskClient, email: str, network: str) -> int:
    answer = client.post("/member/sign-in-link", data={"email": email}, headers={"X-Forwarded-For": network})
    return answer.status_code


@pytest.mark.parametrize("ask", [sign_in, new_password, sign_up, link], ids=lambda ask: ask.__name__)
def test_known_and_unknown_addresses_take_equally_long(
    site: Flask, ask: Callable[[FlaskClient, str, str], int]
) -> None:
    taken: dict[str, list[float]] = {"known": [], "unknown": []}
    for number in range(-WARMING, TRIES):
        # In turn, and in the other order every second time, so that neither is always the first.
        order = [("known", known), ("unknown", unknown)]
        for which, address in order if number % 2 else reversed(order):
            client = site.test_client()
            network = f"10.{number % 200}.{number // 200 % 200 + (100 if which == 'known' else 0)}.1"
            started = time.perf_counter()
            status = ask(client, address(number % (TRIES + WARMING)), network)
            seconds = time.perf_counter() - started
            assert status in {303, 422}
            if number >= 0:
                taken[which].append(seconds)
    first, second = (statistics.median(taken[which]) for which in ("known", "unknown"))
    apart = abs(first - second) / max(first, second)
    print(f"{ask.__name__}: known {first * 1000:.2f} ms, unknown {second * 1000:.2f} ms, {apart:.1%} apart")
    assert apart < CLOSE
