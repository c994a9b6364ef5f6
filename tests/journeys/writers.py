"""People who fill in forms of a site that dies again and again, and remember what they were told.

Whoever gets no answer does what people do: they open the page again and look whether it was kept.
"""

import contextlib
import http.client
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit
from xml.etree.ElementTree import Element

import html5lib

from tests.members import filled

PATIENCE_SECONDS = 180
TRIES = 100
GONE = (OSError, http.client.HTTPException)


class Unanswered(Exception):
    """The form was on its way when the server died: nobody knows whether it was kept."""


@dataclass
class Told:
    """What came of all forms of one kind."""

    acknowledged: int = 0
    kept_unanswered: int = 0
    unanswered: int = 0
    lost: list[str] = field(default_factory=list)

    @property
    def kept(self) -> int:
        return self.acknowledged + self.kept_unanswered


class Ledger:
    """What everybody together was told, and how often the site said no."""

    def __init__(self) -> None:
        self.told: dict[str, Told] = {}
        self.refused: Counter[str] = Counter()
        self.ended = threading.Event()
        self.lock = threading.Lock()

    def of(self, kind: str) -> Told:
        with self.lock:
            return self.told.setdefault(kind, Told())

    def refuse(self, why: str) -> None:
        with self.lock:
            self.refused[why] += 1


class Browser:
    """The browser of one person."""

    def __init__(self, port: int, cookies: Mapping[str, str] | None = None) -> None:
        self._port = port
        self._cookies = dict(cookies or {})
        self._network = f"10.{random.randrange(256)}.{random.randrange(256)}.1"

    def get(self, path: str) -> Element:
        """A page, as soon as there is a server that shows it."""
        until = time.monotonic() + PATIENCE_SECONDS
        status = 0
        while time.monotonic() < until:
            with contextlib.suppress(*GONE):
                status, page = self._ask("GET", path)
                if status == 200:
                    tree: Element = html5lib.parse(page, namespaceHTMLElements=False)
                    return tree
            time.sleep(0.05)
        raise AssertionError(f"{path} does not open: {status}")

    def send(self, form: Element, path: str, fields: Mapping[str, str]) -> int:
        """Send a form that is open; the status. Raises Unanswered."""
        values = filled(form, {**fields})
        try:
            return self._ask("POST", form.get("action") or path, urlencode(values, doseq=True))[0]
        except ConnectionRefusedError:
            return 0
        except GONE as error:
            raise Unanswered from error

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        headers = {
            "X-Forwarded-For": self._network,
            "Accept": "text/html",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = f"http://127.0.0.1:{self._port}"
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        with contextlib.closing(connection):
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            page = answer.read().decode()
            for said in answer.headers.get_all("Set-Cookie", []):
                self._cookies |= {name: one.value for name, one in SimpleCookie(said).items()}
            return answer.status, page


def form_to(page: Element, path: str) -> Element | None:
    """The form of a page that goes to `path`."""
    for form in page.findall(".//form"):
        if form.get("method") == "post" and urlsplit(form.get("action") or path).path == path:
            return form
    return None


def shown(form: Element, name: str) -> str:
    """What one field of a form says now."""
    value = filled(form, {}).get(name, "")
    text = value if isinstance(value, str) else "".join(value)
    return text.replace("\r\n", "\n")


@dataclass
class Writer:
    """A practitioner who is signed in, who saves steps and sends their listing; it comes back, and so on."""

    number: int
    browser: Browser
    desk: Browser
    ledger: Ledger
    account_id: int
    listing: int
    revision: int
    answers: dict[str, str]
    saved: int = 0
    sent: list[dict[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    waits: bool = False

    def write(self) -> None:
        """Round after round, until told to end: between two forms, never without knowing what became of one."""
        rounds = 0
        while not self.ledger.ended.is_set():
            rounds += 1
            steps: list[Callable[[], None]] = [
                lambda n=rounds: self._save("words", "text", f"I work slowly on a futon. Round {n}."),  # type: ignore[misc]
                lambda n=rounds: self._save("prices", "availability_note", f"Days of round {n}"),  # type: ignore[misc]
                self._submit,
                lambda n=rounds: self._ask_for_changes(f"Please say more in round {n}."),  # type: ignore[misc]
            ]
            for step in steps:
                if not self.ledger.ended.is_set():
                    step()

    def _until_kept(self, kind: str, attempt: Callable[[bool], bool | None]) -> None:
        """Try until it was kept: `attempt(again)` is True when it was acknowledged, None when it was kept before."""
        told, unanswered = self.ledger.of(kind), False
        for _ in range(TRIES):
            try:
                done = attempt(unanswered)
            except Unanswered:
                unanswered = True
                with self.ledger.lock:
                    told.unanswered += 1
                continue
            if done is not False:
                with self.ledger.lock:
                    told.acknowledged += done is True
                    told.kept_unanswered += done is None
                return
            time.sleep(0.1)
        raise AssertionError(f"{kind} of {self.number} is never kept: {self.ledger.refused}")

    def _answered(self, status: int) -> bool:
        if status != 303:
            self.ledger.refuse(str(status) if status else "no server")
        return status == 303

    def _lose(self, kind: str, what: str) -> None:
        self.ledger.of(kind).lost.append(f"{self.number}: {what}")

    def _save(self, step: str, name: str, value: str) -> None:
        path = f"/member/listing/{step}"

        def attempt(again: bool) -> bool | None:
            form = form_to(self.browser.get(path), path)
            assert form is not None, path
            now = shown(form, name)
            if again and now == value:
                return None
            if now != self.answers[name]:
                self._lose("a step saved", f"{now!r} instead of {self.answers[name]!r}")
            return self._answered(self.browser.send(form, path, {name: value}))

        self._until_kept("a step saved", attempt)
        self.answers[name] = value
        self.saved += 1

    def _submit(self) -> None:
        path = "/member/listing/check"

        def attempt(again: bool) -> bool | None:
            page = self.browser.get(path)
            form = form_to(page, path)
            if form is None:
                if not again:
                    self._lose("changes asked for", f"there is nothing to send in round {len(self.sent) + 1}")
                return None
            words = "".join(page.itertext())
            for said in self.answers.values():
                if said not in words:
                    self._lose("a step saved", f"{said!r} is not on the last page")
            return self._answered(self.browser.send(form, path, {"consent": "y"}))

        self._until_kept("a listing sent", attempt)
        self.sent.append(dict(self.answers))
        self.waits = True

    def _ask_for_changes(self, reason: str) -> None:
        path = f"/admin/listings/{self.listing}"

        def attempt(again: bool) -> bool | None:
            form = form_to(self.desk.get(path), f"{path}/decision")
            if form is None or form.find(".//input[@value='ask']") is None:
                if not again:
                    self._lose("a listing sent", f"nothing waits in round {len(self.sent)}")
                return None
            status = self.desk.send(form, f"{path}/decision", {"decision": "ask", "reason": reason})
            return self._answered(status)

        self._until_kept("changes asked for", attempt)
        self.asked.append(reason)
        self.waits = False


@dataclass
class Passers:
    """Many who fill in one form each, once, and do not come back when there is no answer."""

    ledger: Ledger
    port: int
    kind: str
    path: str
    most: int
    pause: float
    fields: Callable[[int], dict[str, str]]
    acknowledged: list[int] = field(default_factory=list)

    def write(self) -> None:
        told = self.ledger.of(self.kind)
        for number in range(self.most):
            browser = Browser(self.port)
            form = form_to(browser.get(self.path), self.path)
            assert form is not None, self.path
            try:
                status = browser.send(form, self.path, self.fields(number))
            except Unanswered:
                told.unanswered += 1
            else:
                if status == 303:
                    told.acknowledged += 1
                    self.acknowledged.append(number)
                else:
                    self.ledger.refuse(str(status) if status else "no server")
            if self.ledger.ended.wait(self.pause):
                return
