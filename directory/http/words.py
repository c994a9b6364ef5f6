"""Words, dates, numbers and distances in the visitor's way."""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from babel import Locale
from babel.dates import format_date, format_time, format_timedelta
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal
from babel.units import format_unit
from flask import Flask, current_app, g, request
from flask_babel import Babel, get_locale, get_translations, gettext
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

from directory.config import ROOT, Settings
from directory.lib import clock
from directory.lib.geography import METRES_PER_MILE
from directory.lib.words import N_, Message
from directory.models import Body, PracticePlace
from directory.models.modalities import Kinds
from directory.models.practitioners import minor_units
from directory.services import modalities


class Labelled(Protocol):
    """One of a few choices, with its words."""

    @property
    def label(self) -> str: ...


class Placed(Protocol):
    """A place of work, as far as a list shows it."""

    @property
    def locality(self) -> str | None: ...
    @property
    def town(self) -> str: ...
    @property
    def postcode_area(self) -> str | None: ...


NO_BREAK_SPACE = "\u00a0"
# How many words, numbers and prices are kept as they are written in a language.
MANY = 8_192


def init_app(app: Flask, settings: Settings) -> None:
    """Set the language, and give templates their filters."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(ROOT / "directory" / "translations")
    Babel(app, default_locale=settings.locale, default_timezone=settings.timezone)
    app.extensions["languages"] = {}
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.newstyle_gettext = True  # type: ignore[attr-defined]
    app.jinja_env.filters.update(
        day=day,
        day_short=day_short,
        moment=moment,
        month=month,
        span=span,
        message=message,
        plain=plain_message,
        number=number,
        money=money,
        distance=distance,
        language_name=language_name,
        country_name=country_name,
        spoken=spoken,
        kinds=kinds,
        host=host,
        where=where,
        labels=labels,
    )
    app.jinja_env.globals.update(site=settings, today=lambda: clock.today(settings.zone))
    # The framework's own look each word up anew, through five calls.
    app.jinja_env.globals.update(_=_in_template, gettext=_in_template, ngettext=_plural_in_template)


def _locale() -> Locale:
    return get_locale() or Locale.parse("en_GB")


class _Made(dict[Any, Any]):
    """What `make` made of each key, kept: a page asks for the same words and numbers again and again."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: Any) -> Any:
        if len(self) > MANY:
            self.clear()
        self[key] = made = self._make(key)
        return made


class Language:
    """How things are written in one language and region."""

    def __init__(self, locale: Locale) -> None:
        self.texts: Mapping[str, str] = _Made(lambda text: str(get_translations().ugettext(text)))
        self.html: Mapping[str, Markup] = _Made(self._html)
        self.numbers: Mapping[float, str] = _Made(lambda value: format_decimal(value, locale=locale))
        self.prices: Mapping[tuple[int, str], str] = _Made(lambda price: _price(locale, *price))
        self.days: Mapping[dt.date, str] = _Made(
            lambda day: format_date(day, "long", locale=locale).replace(" ", NO_BREAK_SPACE)
        )
        self.months: Mapping[dt.date, str] = _Made(lambda day: format_date(day, "MMM", locale=locale)[:4])
        self.plurals: Mapping[tuple[str, str, int], str] = _Made(
            lambda forms: str(get_translations().ungettext(*forms))
        )
        self.messages: Mapping[tuple[Any, ...], Markup] = _Made(lambda key: _message(Message(key[0], dict(key[1:]))))

    def _html(self, text: str) -> Markup:
        return Markup(self.texts[text]) % {}  # noqa: S704  words of the program, not of a visitor


def _price(locale: Locale, amount_minor: int, currency: str) -> str:
    amount = amount_minor / minor_units(currency)
    pattern = "¤#,##0" if amount == int(amount) else None
    return format_currency(amount, currency, pattern, locale=locale, currency_digits=pattern is None)


def language() -> Language:
    """The language in which the visitor reads: the same for a whole request."""
    # Asked for hundreds of times for each page, so it steps behind the proxy only once.
    here = g._get_current_object()
    known: Language | None = getattr(here, "language", None)
    if known is None:
        locale = _locale()
        languages: dict[str, Language] = current_app.extensions["languages"]
        here.language = known = languages.get(str(locale)) or languages.setdefault(str(locale), Language(locale))
    return known


def translated(text: str) -> str:
    """`text` in the visitor's language."""
    return language().texts[text]


def ngettext(one: str, many: str, number: int) -> str:
    """The form for `number`, in the visitor's language. What stands in it is filled in by the caller."""
    return language().plurals[one, many, number]


@pass_eval_context
def _in_template(context: EvalContext, text: str, /, **values: object) -> str:
    """A word of a template in the visitor's language, with `values` filled in."""
    if not context.autoescape:
        return translated(text) % values
    if not values:
        return language().html[text]
    return Markup(translated(text)) % values  # noqa: S704  the same; the values are escaped


@pass_eval_context
def _plural_in_template(context: EvalContext, one: str, many: str, number: int, /, **values: object) -> str:
    """The same of the form for a number, which is filled in as `num`."""
    form = ngettext(one, many, number)
    return (Markup(form) if context.autoescape else form) % {"num": number, **values}  # noqa: S704  as above


def day(value: dt.date) -> str:
    """9 November 2026, never broken over a line."""
    return language().days[value]


def moment(value: dt.datetime) -> str:
    """9 November 2026, 14:05, by the clocks of the site."""
    local = value.astimezone(current_app.extensions["settings"].zone)
    return f"{day(local.date())}, {format_time(local, 'short', locale=_locale())}"


def month(value: dt.date) -> str:
    """November 2026, never broken over a line."""
    return str(format_date(value, "LLLL y", locale=_locale())).replace(" ", NO_BREAK_SPACE)


def span(value: dt.timedelta) -> str:
    """How long: 3 days, or 5 hours."""
    said = format_unit(value.days, "duration-day", locale=_locale()) if value.days else None
    return (said or format_timedelta(value, locale=_locale())).replace(" ", NO_BREAK_SPACE)


def day_short(value: dt.date) -> dict[str, str]:
    """Day, month (four letters at most) and year, for the inside of a seal."""
    return {"day": str(value.day), "month": language().months[value], "year": str(value.year)}


def number(value: float) -> str:
    return language().numbers[value]


def money(amount_minor: int, currency: str) -> str:
    """A price in its own currency, without pence where there are none."""
    return language().prices[amount_minor, currency]


def distance(metres: float, within: str = "") -> str:
    """About so far, in the unit of a radius such as `10km`, else of the site; as exact as a postcode area allows."""
    unit = within[-2:] if within[-2:] in {"mi", "km"} else current_app.extensions["settings"].distance_unit
    far = metres / (METRES_PER_MILE if unit == "mi" else 1000)
    if far < 1:
        return translated(N_("less than a mile") if unit == "mi" else N_("less than a kilometre"))
    if unit == "mi":
        number = round(far)
        return ngettext("about %(num)s mile", "about %(num)s miles", number) % {"num": number}
    return translated(N_("about %(number)s km")) % {"number": round(far)}


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


def kinds(modality_ids: Iterable[str]) -> str:
    """Kinds of treatment in one line: Shiatsu and Reflexology. One that is not known is written by its id."""
    ids = tuple(modality_ids)
    known = modalities.by_id() if ids else {}
    names = [known[one].name if one in known else one for one in ids]
    return format_list(names, locale=_locale())


def where(place: Placed) -> str:
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


# Values that are written alike for as long as they are equal.
_PLAIN = frozenset({str, int, dt.date})


def message(sentence: Message) -> Markup:
    """A sentence for a page: translated, filled in, with its weight."""
    if all(type(value) in _PLAIN for value in sentence.values.values()):
        return language().messages[sentence.text, *sentence.values.items()]
    return _message(sentence)


def _message(sentence: Message) -> Markup:
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
        elif isinstance(value, PracticePlace):
            written[name] = where(value)
        elif isinstance(value, Kinds):
            written[name] = kinds(value.ids)
        else:
            written[name] = str(value)
    return written


def wants_json() -> bool:
    """Whether a program asks: its errors are problem+json."""
    best = request.accept_mimetypes.best_match(["text/html", "application/problem+json", "application/json"])
    return best is not None and best != "text/html"


def problem(status: int, title: str, detail: str) -> tuple[str, int, dict[str, str]]:
    """An error for a program (RFC 9457)."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return json.dumps(body), status, {"Content-Type": "application/problem+json"}
