"""How many requests one address may make to one kind of page, in each process. A coarse guard, so it counts cheaply.

It counts in windows of a fixed length. Of the window before, as much counts as the last full length still covers, which
is as exact as counting every moment where requests come evenly.
"""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

from flask import Flask, Response, abort, g, request
from limits import RateLimitItem, parse_many

from directory.config import Environment, Settings
from directory.lib import clock

# So many addresses and kinds of pages are counted at once; beyond, those that came longest ago are forgotten.
MOST_COUNTED = 50_000


@dataclass(frozen=True)
class Verdict:
    """Whether a request is allowed, and what is said of the limit: so many in all, so many left, in so many seconds."""

    is_allowed: bool
    amount: int
    remaining: int
    seconds: int

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [
            ("X-RateLimit-Limit", str(self.amount)),
            ("X-RateLimit-Remaining", str(self.remaining)),
            ("X-RateLimit-Reset", str(int(clock.now().timestamp()) + self.seconds)),
        ]


UNLIMITED = Verdict(is_allowed=True, amount=0, remaining=0, seconds=0)


class _Limit:
    """One limit, such as 240 per minute."""

    def __init__(self, item: RateLimitItem) -> None:
        self._amount, self._length = item.amount, item.get_expiry()
        self._lock = threading.Lock()
        # Of each key: the number of the window, and how many came in it and in the one before.
        self._counts: OrderedDict[tuple[str, str], tuple[int, int, int]] = OrderedDict()

    def hit(self, key: tuple[str, str], now: float) -> Verdict:
        window, into = divmod(now, self._length)
        number = int(window)
        with self._lock:
            last, count, before = self._counts.pop(key, (number, 0, 0))
            if last != number:
                count, before = 0, count if last == number - 1 else 0
            left = self._amount - count - before * (1 - into / self._length)
            is_allowed = left >= 1
            self._counts[key] = (number, count + is_allowed, before)
            if len(self._counts) > MOST_COUNTED:
                self._counts.popitem(last=False)
        return Verdict(is_allowed, self._amount, max(int(left) - 1, 0), int(self._length - into) + 1)


class Limits:
    """All limits that a request must keep."""

    def __init__(self, limits: str) -> None:
        items = [] if limits == "off" else parse_many(limits)
        self._limits = [_Limit(item) for item in items]

    def hit(self, address: str, endpoint: str) -> Verdict:
        """Count a request, unless it is one too many; the tightest of the limits."""
        now = time.monotonic()
        verdicts = [limit.hit((address, endpoint), now) for limit in self._limits]
        return min(verdicts, key=lambda verdict: (verdict.is_allowed, verdict.remaining), default=UNLIMITED)


def init_app(app: Flask, settings: Settings) -> None:
    """Refuse what is too much, and say on every answer how much is left."""
    # Not in tests: one visitor there opens more pages than any person would.
    limits = Limits("off" if settings.environment is Environment.TEST else settings.rate_limit)
    app.extensions["limits"] = limits

    @app.before_request
    def _check() -> None:
        if request.endpoint is None or request.endpoint == "static":
            return
        g.verdict = limits.hit(request.remote_addr or "", request.endpoint)
        if not g.verdict.is_allowed:
            abort(429)

    @app.after_request
    def _tell(response: Response) -> Response:
        verdict: Verdict = g.get("verdict", UNLIMITED)
        if verdict.amount:
            response.headers.extend(verdict.headers)
            if not verdict.is_allowed:
                response.headers["Retry-After"] = str(verdict.seconds)
        return response
