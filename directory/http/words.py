"""Words, dates, numbers and distances in the visitor's way."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Protocol

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from flask import Flask, current_app, request, url_for
from flask_babel import Babel, get_locale, gettext, ngettext
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


def _locale() -> Locale:
    return get_locale() or Locale.parse("en_GB")


def day(value: dt.date) -> str:
    """9 November 2026, never broken over a line."""
    return format_date(value, "long", locale=_locale()).replace(" ", NO_BREAK_SPACE)


def day_short(value: dt.date) -> dict[str, str]:
    """Day, month (four letters at most) and year, for the inside of a seal."""
    month = format_date(value, "MMM", locale=_locale())[:4]
    return {"day": str(value.day), "month": month, "year": str(value.year)}


def number(value: float) -> str:
    return format_decimal(value, locale=_locale())


def money(amount_minor: int, currency: str) -> str:
    """A price in its own currency, without pence where there are none."""
    amount = amount_minor / minor_units(currency)
    pattern = "¤#,##0" if amount == int(amount) else None
    return format_currency(amount, currency, pattern, locale=_locale(), currency_digits=pattern is None)


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
    words = [gettext(value.label) for value in values]
    return ", ".join([*words[:1], *(word[:1].lower() + word[1:] for word in words[1:])])


def host(address: str) -> str:
    """The name of the site behind an address."""
    return address.split("//", 1)[-1].split("/", 1)[0].removeprefix("www.")


def message(sentence: Message) -> Markup:
    """A sentence for a page: translated, filled in, with its weight."""
    pieces = []
    for position, piece in enumerate(gettext(sentence.text).split("*")):
        filled = escape(piece) % _written(sentence.values)
        pieces.append(Markup("<strong>{}</strong>").format(filled) if position % 2 else filled)
    return Markup("").join(pieces)


def plain_message(sentence: Message) -> str:
    """The same as plain text."""
    return str(gettext(sentence.text)).replace("*", "") % _written(sentence.values)


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
