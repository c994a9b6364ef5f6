"""A visitor who looks at every page with care: what any page owes, each fetched page is checked for."""

from collections.abc import Mapping
from contextvars import Context
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from werkzeug.test import TestResponse

from directory.http.headers import HEADERS

XHTML = "{http://www.w3.org/1999/xhtml}"


class Page:
    """An HTML page, as a tree without namespaces."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.html = response.get_data(as_text=True)
        parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
        self.tree: Element = parser.parse(self.html)
        self.problems = [str(error) for error in parser.errors]

    def all(self, path: str) -> list[Element]:
        """Elements that an ElementPath finds: `.//main//a[@href]`."""
        return self.tree.findall(path)

    def text(self, path: str = ".//main") -> str:
        """The words inside the first element that the path finds, with single spaces."""
        found = self.tree.find(path)
        return "" if found is None else " ".join("".join(found.itertext()).split())

    @property
    def token(self) -> str:
        """What shows that a form of this page was sent from here."""
        return self.all(".//input[@name='csrf_token']")[-1].get("value", "")

    def links(self) -> dict[str, str]:
        """Words of each link, and where it leads."""
        return {" ".join("".join(a.itertext()).split()): a.get("href", "") for a in self.all(".//a[@href]")}


class Visitor:
    """Opens pages of the site without signing in."""

    def __init__(self, app: Flask) -> None:
        self._client = app.test_client()

    def raw(self, address: str, **options: Any) -> TestResponse:
        """The answer as it is."""
        # In a context of its own, as in a server: a request must not share the session of the test.
        return Context().run(self._client.get, address, **options)

    def get(self, address: str, *, status: int = 200, query: Mapping[str, Any] | None = None) -> Page:
        """Open a page, expect a status, and check what every page owes."""
        response = self.raw(address, query_string=query, headers={"Accept": "text/html"})
        page = Page(response)
        assert page.status == status, f"{address}: {page.status} instead of {status}: {page.text()[:300]}"
        check(page, address)
        return page


def check(page: Page, address: str) -> None:
    """What any page owes: valid HTML, one heading, a title, names for its fields, no script or style of its own."""
    assert not page.problems, f"{address}: {page.problems[:5]}"
    headings = page.all(".//h1")
    assert len(headings) == 1, f"{address}: {len(headings)} headings of the first rank"
    assert page.text(".//title"), f"{address}: no title"
    html = page.tree if page.tree.tag == "html" else page.tree.find(".//html")
    assert html is not None, f"{address}: not a page"
    assert html.get("lang"), f"{address}: no language"
    ids = [element.get("id") for element in page.tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids)), f"{address}: an id twice: {sorted({i for i in ids if ids.count(i) > 1})}"
    for element in page.tree.iter():
        assert "style" not in element.attrib, f"{address}: a style of its own on {element.tag}"
        assert not any(name.startswith("on") for name in element.attrib), f"{address}: a script on {element.tag}"
        for attribute in ("src", "href", "action"):
            value = element.get(attribute, "")
            outside = value.startswith(("http:", "https:", "//"))
            assert not outside or element.tag == "a" or element.get("rel") == "canonical", f"{address}: asks {value}"
    for field in page.all(".//input") + page.all(".//select") + page.all(".//textarea"):
        assert _is_named(page, field), f"{address}: a field without a name: {field.attrib}"
    for name, value in HEADERS.items():
        assert page.response.headers.get(name) == value, f"{address}: {name}"


def _is_named(page: Page, field: Element) -> bool:
    if field.get("type") in {"hidden", "submit"} or field.get("aria-label"):
        return True
    named = {label.get("for") for label in page.all(".//label")}
    return field.get("id") in named or any(field in list(label.iter()) for label in page.all(".//label"))
