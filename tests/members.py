"""Somebody who is signed in, and fills in forms as a browser would."""

from collections.abc import Mapping, Sequence
from contextvars import Context
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from flask import Flask
from werkzeug.test import TestResponse

from directory.db import db
from directory.http.sign_ins import TOKEN
from directory.lib import clock
from directory.models import Account
from directory.services import sign_ins
from tests.pages import Page, Visitor, check

HTML = {"Accept": "text/html"}
# What of a form a browser sends, by name; a file is (content, name).
Value = str | bool | None | Sequence[str] | tuple[Any, str]


class Member(Visitor):
    """Opens pages and sends forms, signed in or on the way there."""

    def __init__(self, app: Flask, account: Account | None = None) -> None:
        super().__init__(app)
        self.account = account
        self.app = app

    def raw(self, address: str, **options: Any) -> TestResponse:
        """The answer as it is, read to its end as a browser does."""
        with super().raw(address, **options) as response:
            response.get_data()
            return response

    def get(self, address: str, *, status: int = 200, query: Mapping[str, Any] | None = None) -> Page:
        """Open a page; one that sends elsewhere (status 303) owes nothing."""
        if status < 300 or status >= 400:
            return super().get(address, status=status, query=query)
        response = self.raw(address, query_string=query, headers=HTML)
        assert response.status_code == status, f"{address}: {response.status_code} instead of {status}"
        return Page(response)

    def post(
        self, address: str, fields: Mapping[str, Value] | None = None, *, status: int = 303, on: str | None = None
    ) -> Page:
        """Open the page `on` (else `address`), fill in its form that goes to `address`, and send it.

        A value of None leaves a field out, True ticks a box. A name that the form does not have is an error.
        """
        return self.send(self.get(on or address), address, fields, status=status)

    def send(self, page: Page, address: str, fields: Mapping[str, Value] | None = None, *, status: int = 303) -> Page:
        """The same with a page that is open already."""
        values = filled(form_of(page, address), fields or {})
        return self.send_raw(address, values, status=status)

    def send_raw(self, address: str, values: Mapping[str, Any], *, status: int = 303, **options: Any) -> Page:
        """Send exactly these values, whatever a form would say."""
        response = self._raw_post(address, data=values, **options)
        page = Page(response)
        assert page.status == status, f"{address}: {page.status} instead of {status}: {page.text()[:600]}"
        if "html" in (response.content_type or "") and not 300 <= status < 400:
            check(page, address)
        return page

    def _raw_post(self, address: str, **options: Any) -> TestResponse:
        headers = {**HTML, "Origin": "http://localhost", **options.pop("headers", {})}
        with Context().run(self._client.post, address, headers=headers, **options) as response:
            response.get_data()
            return response

    def follow(self, page: Page) -> Page:
        """Open the page to which an answer sends, and to which that one sends, and so on."""
        for _ in range(5):
            location = page.response.headers.get("Location")
            if location is None:
                return page
            parts = urlsplit(location)
            address = parts.path + (f"?{parts.query}" if parts.query else "")
            page = Page(self.raw(address, headers=HTML))
        raise AssertionError("sent from page to page")


def begin(account: Account, *, second_factor: bool | None = None) -> str:
    """Sign somebody in just now; what the cookie is to hold. A role that needs it has shown its second factor."""
    shown = account.role.needs_second_factor if second_factor is None else second_factor
    token, _ = sign_ins.begin(
        account,
        method="password",
        had_second_factor=shown,
        network="127.0.0.0/24",
        device="Firefox on Linux",
        at=clock.now(),
    )
    db.session.flush()
    return token


def cookie(app: Flask, token: str) -> str:
    """The cookie of somebody's sign-in."""
    return _signed(app, {TOKEN: token})


def sign_in_as(app: Flask, account: Account, *, second_factor: bool | None = None) -> Member:
    """Somebody who has signed in just now; a role that needs it has shown its second factor."""
    somebody = Member(app, account)
    set_session(app, somebody, {TOKEN: begin(account, second_factor=second_factor)})
    return somebody


def set_session(app: Flask, somebody: Member, values: Mapping[str, Any]) -> None:
    """Give a browser the cookie that holds these values."""
    somebody._client.set_cookie(app.config["SESSION_COOKIE_NAME"], _signed(app, values), domain="localhost")


def _signed(app: Flask, values: Mapping[str, Any]) -> str:
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return str(signer.dumps(dict(values)))


def form_of(page: Page, address: str) -> Element:
    """The form of a page that goes to `address`."""
    here = urlsplit(address).path
    forms = [form for form in page.all(".//form") if (form.get("method") or "get").lower() == "post"]
    for form in forms:
        if urlsplit(form.get("action") or page.response.request.path).path == here:
            return form
    for form in forms:
        if any(urlsplit(button.get("formaction", "-")).path == here for button in form.iter("button")):
            return form
    found = [form.get("action") for form in forms]
    raise AssertionError(f"no form goes to {here}; there are {found}: {page.text()[:300]}")


def filled(form: Element, fields: Mapping[str, Value]) -> dict[str, Any]:
    """What a browser sends when somebody types `fields` and leaves the rest as it is."""
    present, known = _present(form)
    for name, value in fields.items():
        assert name in known, f"the form has no field {name}: {sorted(known)}"
        if value is None or value is False:
            present.pop(name, None)
        elif value is True:
            present[name] = known[name] or ["on"]
        else:
            present[name] = value if isinstance(value, tuple | str) else list(value)
    return present


def _present(form: Element) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """The values that a form has now, and the names of all its fields with what boxes would say."""
    present: dict[str, Any] = {}
    known: dict[str, list[str]] = {}
    for field in form.iter():
        name = field.get("name")
        if name is None or field.get("disabled") is not None or field.tag not in FIELDS:
            continue
        known.setdefault(name, [])
        if field.tag == "textarea":
            present.setdefault(name, []).append("".join(field.itertext()).removeprefix("\n"))
        elif field.tag == "select":
            present.setdefault(name, []).extend(_chosen(field))
        elif field.get("type") in {"checkbox", "radio"}:
            known[name].append(field.get("value", "on"))
            if field.get("checked") is not None:
                present.setdefault(name, []).append(field.get("value", "on"))
        elif field.tag == "input" and field.get("type") not in {"submit", "file", "button"}:
            present.setdefault(name, []).append(field.get("value", ""))
    return present, known


FIELDS = {"input", "textarea", "select", "button"}


def _chosen(select: Element) -> list[str]:
    options = list(select.iter("option"))
    values = [option.get("value", "".join(option.itertext())) for option in options]
    chosen = [value for option, value in zip(options, values, strict=True) if option.get("selected") is not None]
    return chosen or ([] if select.get("multiple") is not None else values[:1])
