"""Dates, numbers and distances, in the visitor's way."""

import datetime as dt
from collections.abc import Iterator

import pytest
from flask import Flask

from directory.http import words
from directory.lib.geography import METRES_PER_MILE
from directory.lib.words import Message
from directory.models import Body


@pytest.fixture
def _in_words(bare_app: Flask) -> Iterator[None]:
    with bare_app.app_context():
        yield


pytestmark = pytest.mark.usefixtures("_in_words")


def test_a_day_is_not_broken_over_a_line() -> None:
    assert words.day(dt.date(2026, 11, 9)) == "9\u00a0November\u00a02026"


@pytest.mark.parametrize(("month", "short"), [(5, "May"), (6, "Jun"), (9, "Sept"), (11, "Nov")])
def test_the_month_in_a_seal_has_four_letters_at_most(month: int, short: str) -> None:
    assert words.day_short(dt.date(2026, month, 9)) == {"day": "9", "month": short, "year": "2026"}


def test_numbers_have_their_commas() -> None:
    assert words.number(61_248) == "61,248"


@pytest.mark.parametrize(
    ("minor", "currency", "written"),
    [
        (5500, "GBP", "£55"),
        (5550, "GBP", "£55.50"),
        (100000, "EUR", "€1,000"),
        (5000, "JPY", "JP¥5,000"),
        (0, "GBP", "£0"),
    ],
)
def test_a_price_is_in_its_own_currency_without_pence_where_there_are_none(
    minor: int, currency: str, written: str
) -> None:
    assert words.money(minor, currency) == written


@pytest.mark.parametrize(
    ("miles", "written"),
    [(0.2, "less than a mile"), (1.2, "about 1 mile"), (4.6, "about 5 miles"), (120, "about 120 miles")],
)
def test_a_distance_is_about_so_many_miles(miles: float, written: str) -> None:
    assert words.distance(miles * METRES_PER_MILE) == written


@pytest.mark.parametrize(("metres", "written"), [(400, "less than a kilometre"), (4600, "about 5 km")])
def test_a_distance_is_in_kilometres_where_they_are_used(
    bare_app: Flask, monkeypatch: pytest.MonkeyPatch, metres: float, written: str
) -> None:
    kilometres = bare_app.extensions["settings"].model_copy(update={"distance_unit": "km"})
    monkeypatch.setitem(bare_app.extensions, "settings", kilometres)
    assert words.distance(metres) == written


@pytest.mark.parametrize(("code", "name"), [("en", "English"), ("bfi", "British Sign Language"), ("xx", "xx")])
def test_languages_have_names(code: str, name: str) -> None:
    assert words.language_name(code) == name


@pytest.mark.parametrize(("code", "name"), [("IE", "Ireland"), ("QQ", "QQ")])
def test_countries_have_names(code: str, name: str) -> None:
    assert words.country_name(code) == name


def test_a_body_is_spoken_of_with_its_article() -> None:
    assert words.spoken(Body(name="Shiatsu Society", details={"article": True})) == "the Shiatsu Society"
    assert words.spoken(Body(name="Shin So", details={"article": False})) == "Shin So"
    assert words.spoken("the Guild") == "the Guild"


@pytest.mark.parametrize("address", ["https://www.example.org/a/b", "http://example.org", "example.org/x"])
def test_a_link_is_named_by_its_site(address: str) -> None:
    assert words.host(address) == "example.org"


def test_what_is_filled_in_cannot_write_html_or_weight() -> None:
    sentence = Message("*Looked at* %(body)s & %(other)s.", {"body": "<b>*x*</b>", "other": 'a"%(b)s'})
    html = str(words.message(sentence))
    assert html == "<strong>Looked at</strong> &lt;b&gt;*x*&lt;/b&gt; &amp; a&#34;%(b)s."
    assert words.plain_message(sentence) == 'Looked at <b>*x*</b> & a"%(b)s.'


def test_what_is_written_again_and_again_is_not_kept_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "MANY", 3)
    assert [words.number(number) for number in range(9_000, 9_010)] == [f"9,0{number:02}" for number in range(10)]
    assert len(words.language().numbers) <= 4


def test_a_plain_text_is_not_escaped(bare_app: Flask) -> None:
    plain = bare_app.jinja_env.overlay(autoescape=False)
    template = '{{ _("Near %(place)s", place="<A>") }} {{ ngettext("%(num)s hour", "%(num)s hours", 2) }}'
    assert plain.from_string(template).render() == "Near <A> 2 hours"
    assert bare_app.jinja_env.from_string(template).render() == "Near &lt;A&gt; 2 hours"
