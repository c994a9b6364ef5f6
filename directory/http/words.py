"""Words, dates, numbers and distances in the visitor's way."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any, Protocol

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from flask import Flask, current_app, request, url_for
from flask_babel import Babel, get_locale, get_translations, gettext, ngettext
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

from directory.config import ROOT, Settings
from directory.lib import clock
from directory.lib.geography import METRES_PER_MILE
from directory.lib.words import N_, Message
from directory.models import Body, PracticePlace
from directory.models.practitioners import minor_units


class Labelled(Protocol):
    """One of a few choices, with its words."""

    @property
    def label(self) -> str: ...


NO_BREAK_SPACE = "\u00a0"
# How many words, days, prices and numbers are kept as they are written.
MANY = 8_192


def init_app(app: Flask, settings: Settings) -> None:
    """Set the language, and give templates their filters."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(ROOT / "directory" / "translations")
    Babel(app, default_locale=settings.locale, default_timezone=settings.timezone)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.newstyle_gettext = True  # type: ignore[attr-defined]
    app.jinja_env.filters.update(
        day=day,
        day_short=day_short,
        message=message,
        plain=plain_message,
        number=number,
        money=money,
        distance=distance,
        language_name=language_name,
        country_name=country_name,
        spoken=spoken,
        host=host,
        where=where,
        labels=labels,
    )
    app.jinja_env.globals.update(site=settings, asset=asset, today=lambda: clock.today(settings.zone))
    # The framework's own look each word up anew, through five calls.
    app.jinja_env.globals.update(_=_in_template, gettext=_in_template)


def _locale() -> Locale:
    return get_locale() or Locale.parse("en_GB")


def translated(text: str) -> str:
    """`text` in the visitor's language."""
    return _translated(str(_locale()), text)


@lru_cache(MANY)
def _translated(_locale: str, text: str) -> str:
    return str(get_translations().ugettext(text))


@lru_cache(MANY)
def _translated_html(_locale: str, text: str) -> Markup:
    return Markup(_translated(_locale, text)) % {}  # noqa: S704  words of the program, not of a visitor


@pass_eval_context
def _in_template(context: EvalContext, text: str, /, **values: object) -> str:
    """A word of a template in the visitor's language, with `values` filled in."""
    if not context.autoescape:
        return translated(text) % values
    if not values:
        return _translated_html(str(_locale()), text)
    return Markup(translated(text)) % values  # noqa: S704  the same; the values are escaped


def day(value: dt.date) -> str:
    """9 November 2026, never broken over a line."""
    return _day(_locale(), value)


@lru_cache(MANY)
def _day(locale: Locale, value: dt.date) -> str:
    return format_date(value, "long", locale=locale).replace(" ", NO_BREAK_SPACE)


def day_short(value: dt.date) -> Mapping[str, str]:
    """Day, month (four letters at most) and year, for the inside of a seal."""
    return _day_short(_locale(), value)


@lru_cache(MANY)
def _day_short(locale: Locale, value: dt.date) -> Mapping[str, str]:
    month = format_date(value, "MMM", locale=locale)[:4]
    return {"day": str(value.day), "month": month, "year": str(value.year)}


def number(value: float) -> str:
    return _number(_locale(), value)


@lru_cache(MANY)
def _number(locale: Locale, value: float) -> str:
    return format_decimal(value, locale=locale)


def money(amount_minor: int, currency: str) -> str:
    """A price in its own currency, without pence where there are none."""
    return _money(_locale(), amount_minor, currency)


@lru_cache(MANY)
def _money(locale: Locale, amount_minor: int, currency: str) -> str:
    amount = amount_minor / minor_units(currency)
    pattern = "¤#,##0" if amount == int(amount) else None
    return format_currency(amount, currency, pattern, locale=locale, currency_digits=pattern is None)


def distance(metres: float, within: str = "") -> str:
    """About so far, in the unit of a radius such as `10km`, else of the site; as exact as a postcode area allows."""
    unit = within[-2:] if within[-2:] in {"mi", "km"} else current_app.extensions["settings"].distance_unit
    far = metres / (METRES_PER_MILE if unit == "mi" else 1000)
    if far < 1:
        return str(gettext("less than a mile") if unit == "mi" else gettext("less than a kilometre"))
    if unit == "mi":
        return str(ngettext("about %(num)s mile", "about %(num)s miles", round(far)))
    return str(gettext("about %(number)s km", number=round(far)))


def language_name(code: str) -> str:
    if code in SIGN_LANGUAGES:
        return str(gettext(SIGN_LANGUAGES[code]))
    return str(_locale().languages.get(code, code))


SIGN_LANGUAGES = {"bfi": N_("British Sign Language"), "isg": N_("Irish Sign Language")}


def country_name(code: str) -> str:
    return str(_locale().territories.get(code, code))


def spoken(body: Body | str) -> str:
    """A body as a sentence names it: with its article, where it has one."""
    if isinstance(body, str):
        return body
    return str(gettext("the %(name)s", name=body.name)) if body.details.get("article") else body.name


def where(place: PracticePlace) -> str:
    """A place of work as a list shows it: Redland, Bristol BS6."""
    town = NO_BREAK_SPACE.join(part for part in (place.town, place.postcode_area) if part)
    return ", ".join(part for part in (place.locality, town) if part)


def labels(values: Iterable[Labelled]) -> str:
    """Words of several choices in one line: Their place, online."""
    words = [translated(value.label) for value in values]
    return ", ".join([*words[:1], *(word[:1].lower() + word[1:] for word in words[1:])])


def host(address: str) -> str:
    """The name of the site behind an address."""
    return address.split("//", 1)[-1].split("/", 1)[0].removeprefix("www.")


def message(sentence: Message) -> Markup:
    """A sentence for a page: translated, filled in, with its weight."""
    pieces = []
    values = _written(sentence.values)
    for position, piece in enumerate(translated(sentence.text).split("*")):
        filled = escape(piece) % values
        pieces.append(Markup("<strong>{}</strong>").format(filled) if position % 2 else filled)
    return Markup("").join(pieces)


def plain_message(sentence: Message) -> str:
    """The same as plain text."""
    return translated(sentence.text).replace("*", "") % _written(sentence.values)


def _written(values: Mapping[str, Any]) -> dict[str, str]:
    written = {}
    for name, value in values.items():
        if isinstance(value, dt.date):
            written[name] = day(value)
        elif isinstance(value, Message):
            written[name] = plain_message(value)
        elif isinstance(value, Body):
            written[name] = spoken(value)
        else:
            written[name] = str(value)
    return written


def asset(name: str) -> str:
    """Address of a static file that changes with its content."""
    return url_for("static", filename=name, v=_fingerprint(name))


@cache
def _fingerprint(name: str) -> str:
    path = ROOT / "directory" / "static" / name
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else "1"


def wants_json() -> bool:
    """Whether a program asks: its errors are problem+json."""
    best = request.accept_mimetypes.best_match(["text/html", "application/problem+json", "application/json"])
    return best is not None and best != "text/html"


def problem(status: int, title: str, detail: str) -> tuple[str, int, dict[str, str]]:
    """An error for a program (RFC 9457)."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return json.dumps(body), status, {"Content-Type": "application/problem+json"}
