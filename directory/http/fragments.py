"""Pieces of pages that are rendered once and kept, with gaps for what differs from request to request.

A piece is kept for as long as what it was made of stays as it is: the day, the language, the facts, the files that it
names. Together these are its state. In debug mode nothing is kept, since templates may change.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import Flask, current_app, g, request, url_for
from flask_babel import get_locale
from jinja2 import Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from markupsafe import Markup

from directory.config import Settings
from directory.lib import clock, tokens
from directory.services import copies

T = TypeVar("T")


class Kept(Generic[T]):
    """At most so many bytes of pieces, without those that nobody has asked for lately. For all threads."""

    def __init__(self, most_bytes: int) -> None:
        self._most, self._size = most_bytes, 0
        self._lock = threading.Lock()
        self._pieces: OrderedDict[Hashable, tuple[Hashable, T, int]] = OrderedDict()

    def get(self, key: Hashable, state: Hashable) -> T | None:
        """What was kept under `key`, if it was made in this state."""
        with self._lock:
            found = self._pieces.get(key)
            if found is None or found[0] != state:
                return None
            self._pieces.move_to_end(key)
            return found[1]

    def put(self, key: Hashable, state: Hashable, piece: T, size: int) -> None:
        """Keep a piece of `size` bytes."""
        with self._lock:
            before = self._pieces.pop(key, None)
            self._pieces[key] = (state, piece, size)
            self._size += size - (before[2] if before else 0)
            while self._size > self._most and self._pieces:
                _, (_, _, gone) = self._pieces.popitem(last=False)
                self._size -= gone

    @property
    def size(self) -> int:
        """How many bytes are kept."""
        return self._size


@dataclass(frozen=True)
class Gap:
    """A place in a piece that is filled in at each request. As text it is a word that nobody could have typed."""

    name: str
    word: str

    def __str__(self) -> str:
        return self.word


def gap(name: str) -> Gap:
    """A gap that is filled in under `name`."""
    return Gap(name, f"gap{tokens.mark():x}{tokens.mark():x}")


def mould(html: str, *gaps: Gap) -> str:
    """Rendered HTML as a form that takes what stands in its gaps: `mould(...) % {name: html}`."""
    # As plain text: what fills a gap is HTML already and is not escaped again.
    form = str(html).replace("%", "%%")
    for one in gaps:
        form = form.replace(one.word, f"%({one.name})s")
    return form


def around(html: str, one: Gap) -> tuple[str, str]:
    """What stands before a gap, and after it; all of it before, where there is no such gap."""
    before, _, after = str(html).partition(one.word)
    return before, after


PARTS_BYTES = 2_000_000


class _Component(Template):
    """A template whose macros are made once. The engine would compare all global names at each import of a macro; but
    here no template is given global names of its own."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


def init_app(app: Flask) -> None:
    """Give templates `part`, and quick ways to what they do most."""
    app.extensions["parts"] = Kept[Markup](PARTS_BYTES)
    app.extensions["addresses"] = {}
    app.jinja_env.template_class = _Component
    app.jinja_env.globals.update(part=part, url_for=address_of)


MANY_ADDRESSES = 8_192


def address_of(endpoint: str, **values: Any) -> str:
    """The path of a page, worked out once: a page links to dozens."""
    known: dict[Hashable, str] = current_app.extensions["addresses"]
    if endpoint.startswith("."):
        # The same words lead elsewhere from each part of the site.
        endpoint = f"{request.blueprint}{endpoint}"
    key = (request.script_root, endpoint, *values.items())
    found = known.get(key)
    if found is None:
        if len(known) > MANY_ADDRESSES:
            known.clear()
        known[key] = found = url_for(endpoint, **values)
    return found


def part(template: str, **values: Hashable) -> Markup:
    """A part of a page that is made of nothing but `values`, the settings, the day, and whether anybody is invented."""
    kept: Kept[Markup] = current_app.extensions["parts"]
    key, state = (template, tuple(sorted(values.items()))), page_state()
    found = kept.get(key, state)
    if found is None:
        rendered = current_app.jinja_env.get_template(template).render(**values)
        found = Markup(rendered)  # noqa: S704  a template has escaped what it was given
        if is_kept():
            kept.put(key, state, found, len(found))
    return found


def shape(key: tuple[Hashable, ...], make: Callable[[], str], *gaps: Gap) -> str:
    """The form (see `mould`) of what `make` renders with these gaps, of nothing else but `key` and what a part is
    made of."""
    kept: Kept[Markup] = current_app.extensions["parts"]
    state = page_state()
    found = kept.get(key, state)
    if found is None:
        found = Markup(mould(make(), *gaps))  # noqa: S704  rendered by a template
        if is_kept():
            kept.put(key, state, found, len(found))
    return str(found)


def is_kept() -> bool:
    """Whether pieces are kept at all."""
    return not current_app.debug


def page_state() -> tuple[Hashable, ...]:
    """What all pages of a request are made of, beside the database."""
    state: tuple[Hashable, ...] | None = g.get("page_state")
    if state is None:
        settings: Settings = current_app.extensions["settings"]
        has_demo: Any = current_app.jinja_env.globals["has_demo"]
        state = (
            clock.today(settings.zone),
            str(get_locale()),
            request.script_root,
            has_demo(),
            current_app.extensions["assets"].digest,
        )
        g.page_state = state
    return state


def facts_state() -> tuple[Hashable, ...]:
    """The same, and the facts that listings name."""
    state: tuple[Hashable, ...] | None = g.get("facts_state")
    if state is None:
        state = (*page_state(), copies.facts_version())
        # The one that the request before had, if it is the same: then each comparison takes one step.
        before = current_app.extensions.get("facts_state")
        if state == before:
            state = before
        g.facts_state = current_app.extensions["facts_state"] = state
    return state


def macro(template: str, name: str) -> Callable[..., Markup]:
    """A macro of a component."""
    found: Callable[..., Markup] = getattr(current_app.jinja_env.get_template(template).module, name)
    return found
