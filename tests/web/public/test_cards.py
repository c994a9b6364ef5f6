"""Cards that are kept are the cards that would be rendered anew, on every page and for every shortlist."""

import datetime as dt
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask, current_app, url_for
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from directory.db import db, set_mode, transaction
from directory.http import fragments
from directory.http.fragments import Kept
from directory.http.words import distance, labels, language_name, money, where
from directory.lib import clock
from directory.lib.geography import Point, chord_squared, distance_m
from directory.models import Accepting, Modality, Outcome, Practitioner
from directory.services import indexing, profiles, search
from directory.services.profiles import Profile
from directory.services.search import Answer, Criteria, Hit
from directory.web.public import cards
from tests import factories, sites
from tests.conftest import make_settings
from tests.factories import CheckFactory, ClaimFactory, make_practitioner
from tests.factories.practitioners import BRIGHTON
from tests.pages import Page, check

LEEDS = Point(53.8, -1.55)
QUERIES = (
    "",
    "near=Brighton",
    "near=Leeds&within=any",
    "near=Leeds&within=100km",
    "q=50%25",
    "modality=reiki",
    "sort=name",
)


@pytest.fixture(scope="module")
def site(backend: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A site with people of every sort, who stay."""
    folder = tmp_path_factory.mktemp("cards")
    if backend == "sqlite":
        path = folder / "own.sqlite3"
        path.write_bytes(Path(request.getfixturevalue("seeded_sqlite")).read_bytes())
        url = f"sqlite:///{path}"
    else:
        server = request.getfixturevalue("postgres_server")
        url = server.url(server.create("cards", request.getfixturevalue("seeded_postgresql")))
    with sites.made(make_settings(folder, url)) as made:
        with made.app_context(), transaction():
            factories.bind(db.session)
            _fill()
        yield made


def _fill() -> None:
    for number in range(30):
        person = make_practitioner(
            name=f"Wren 50% <b>{number}</b> %(position)s",
            modalities=("shiatsu", "reiki") if number % 3 else ("shiatsu",),
            languages=("en", "fr") if number % 2 else ("en",),
            town="Leeds" if number % 4 == 0 else "Brighton" if number % 7 else None,
            at=None if number == 11 else LEEDS if number % 4 == 0 else BRIGHTON if number % 7 else None,
            hour_pounds=40 + number if number % 5 else None,
            visits_theirs=number % 5 > 0,
            visits_online=number % 3 == 0,
            access_step_free=number % 4 == 0,
            access_chair=number % 6 == 0,
            accepting=(*Accepting, None)[number % 4],
        )
        if number % 2:
            ClaimFactory(practitioner_id=person.id)
        if number % 5 == 2:
            ClaimFactory(practitioner_id=person.id, body_id=None, body_name="The 5% <i>Guild</i>", number_key="")
        if number % 6 == 1:
            CheckFactory(practitioner_id=person.id, outcome=Outcome.CONFIRMED)
        if number % 8 == 3:
            notice = f"https://example.org/{number}?a=1&b=%d"
            CheckFactory(practitioner_id=person.id, outcome=Outcome.RESTRICTED, notice_url=notice)
        indexing.refresh([person.id])


def forget(site: Flask) -> None:
    for name, most in (
        ("cards", cards.MOST_BYTES),
        ("card_pieces", 1),
        ("facets", 11),
        ("parts", fragments.PARTS_BYTES),
    ):
        site.extensions[name] = Kept(most)


def page(site: Flask, query: str) -> str:
    answer = site.test_client().get(f"/practitioners?{query}", headers={"Accept": "text/html"})
    assert answer.status_code == 200, query
    return answer.get_data(as_text=True)


def everybody(site: Flask) -> list[str]:
    with site.app_context():
        return sorted(db.session.scalars(db.session.query(Practitioner.public_id).statement))


@settings(max_examples=12)
@given(query=st.sampled_from(QUERIES), number=st.integers(1, 2), kept=st.integers(0, 3), seed=st.integers(0, 99))
def test_a_page_with_kept_pieces_is_equal_byte_for_byte(
    site: Flask, query: str, number: int, kept: int, seed: int
) -> None:
    chosen = random.Random(seed).sample(everybody(site), kept)
    whole = "&".join(
        [query, f"page={number}" if query in {"", "sort=name"} else "", *(f"keep={one}" for one in chosen)]
    )
    warm = [page(site, whole), page(site, whole)]
    forget(site)
    assert warm == [page(site, whole)] * 2


def test_a_kept_card_is_what_the_template_renders(site: Flask) -> None:
    with site.test_request_context("/practitioners"):
        set_mode("reading")
        asked = search.understand({"near": ["Leeds"], "within": ["any"]}, dt.date(2026, 11, 20), _site())
        shortlist = cards.Shortlist([], lambda kept: "/x?" + "&".join(f"keep={one}" for one in kept), "/compare")
        answers: list[Answer] = [search.find(replace(asked.criteria, page=number)) for number in (1, 2)]
        hits = tuple(hit for answer in answers for hit in answer.hits)
        assert len(hits) == 30
        assert all(hit.edition is not None for hit in hits)
        rendered = [cards.render(hits, asked.criteria, shortlist) for _ in range(2)]
        assert rendered[0] == rendered[1] == _rendered_plainly(hits, asked.criteria)


def _site() -> search.Site:
    return search.Site(("GB",), "mi", pairs_concerns=True)


def _rendered_plainly(hits: tuple[Hit, ...], criteria: Criteria) -> Markup:
    """The cards as the templates alone render them, from whole listings, nothing kept and nothing filled in."""
    found = []
    for position, hit in enumerate(hits, start=1):
        public_id = db.session.get_one(Practitioner, hit.practitioner_id).public_id
        found.append(_card(profiles.get(public_id, criteria.day), position, criteria))
    return Markup("").join(found)


def _card(profile: Profile, position: int, criteria: Criteria) -> Markup:
    listing, spot = profile.practitioner, criteria.spot
    assert spot is not None
    known = [(chord_squared(spot.point, place.point), place) for place in listing.places if place.point is not None]
    chord, place = min(known, key=lambda pair: pair[0]) if known else (None, next(iter(listing.places), None))
    said = [_macro("statement", "statement")(one, "s" if at else "m") for at, one in enumerate(profile.standings)]
    words = [words for words in _facts(listing) if words]
    return _macro("entry", "entry")(
        name=listing.name,
        address=url_for("public_practitioners.show", public_id=listing.public_id, slug=listing.slug),
        position=position,
        where=where(place) if place else "Online",
        has_point=place is not None and place.point is not None,
        latitude=place.latitude if place else None,
        longitude=place.longitude if place else None,
        portrait=_macro("entry", "portrait")(listing.photo) if listing.photo else "",
        methods=", ".join(
            [*(training.modality.name for training in listing.trainings), *filter(None, [listing.further_methods])]
        ),
        statements=Markup("").join(map(_macro("entry", "says"), said or [_macro("statement", "no_statement")()])),
        facts=Markup("").join(map(_macro("entry", "fact"), words)),
        keep_address=f"/x?keep={listing.public_id}#p{position}",
        compare_address="/compare",
        is_kept=False,
        distance="" if chord is None else _macro("entry", "far")(distance(distance_m(chord), criteria.within)),
    )


FRESH = ("Confirmed today", "Confirmed one day ago")


def _facts(listing: Practitioner) -> Iterator[str]:
    session = profiles.usual_session(listing.prices)
    if session is not None:
        yield _macro("entry", "session")(money(session.amount_minor, session.currency), session.minutes)
    yield labels(listing.visits)
    yield labels(listing.access)
    spoken = [one.language for one in listing.languages]
    yield "" if spoken == ["en"] else ", ".join(map(language_name, spoken))
    yield listing.accepting.label if listing.accepting else ""
    today = clock.today(current_app.extensions["settings"].zone)
    days = (today - listing.confirmed_on).days if listing.confirmed_on else None
    yield "" if days is None else f"Confirmed {days} days ago" if days > 1 else FRESH[days]


def _macro(component: str, name: str) -> Callable[..., Markup]:
    return fragments.macro(f"components/{component}.html", name)


def test_names_cannot_write_html_nor_fill_gaps(site: Flask) -> None:
    for _ in range(2):
        found = page(site, "sort=name")
        assert "Wren 50% &lt;b&gt;0&lt;/b&gt; %(position)s</a>" in found
        assert "<b>0" not in found
        assert "gap" not in found.partition('<ol class="entries')[2].partition("</ol>")[0]


def test_a_listing_whose_edition_is_not_known_is_not_kept(site: Flask) -> None:
    with site.test_request_context("/practitioners"):
        set_mode("reading")
        forget(site)
        criteria = Criteria(day=dt.date(2026, 11, 20))
        hits = [Hit(hit.practitioner_id) for hit in search.find(criteria).hits]
        shortlist = cards.Shortlist([], lambda kept: "/", "/")
        assert cards.render(hits, criteria, shortlist).count("<h3>") == len(hits) == 20
        assert site.extensions["cards"].size == 0


def test_a_listing_that_is_not_public_has_no_card(site: Flask) -> None:
    with site.test_request_context("/practitioners"):
        set_mode("reading")
        criteria = Criteria(day=dt.date(2026, 11, 20))
        assert cards.render([Hit(10**6, edition=1)], criteria, cards.Shortlist([], lambda kept: "/", "/")) == ""


def test_the_name_of_a_method_that_changed_is_on_the_next_card(site: Flask) -> None:
    page(site, "")
    for name in ("Shiatsu of the hills", "Shiatsu"):
        with site.app_context(), transaction():
            db.session.get_one(Modality, "shiatsu").name = name
        cards_shown = page(site, "").partition('<ol class="entries')[2]
        assert f">{name}" in cards_shown
        assert f"<span>{name}</span>" in page(site, "modality=shiatsu").partition('id="filters"')[2]


def test_a_listing_that_changed_has_its_new_card(site: Flask) -> None:
    def name_it(old: str, new: str) -> None:
        with site.app_context(), transaction():
            person = db.session.query(Practitioner).filter_by(name=old).one()
            person.name = new
            db.session.flush()
            indexing.refresh([person.id])

    first = "Wren 50% <b>1</b> %(position)s"
    assert "Wren Otherwise" not in page(site, "sort=name")
    name_it(first, "Wren Otherwise")
    assert "Wren Otherwise" in page(site, "sort=name")
    name_it("Wren Otherwise", first)
    assert "Wren Otherwise" not in page(site, "sort=name")


def test_many_languages_may_be_asked_for_without_end(site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("directory.web.public.facets.MOST_VALUES", 3)
    for code in ("qa", "qb", "qc", "qd", "qe"):
        assert f'value="{code}" checked' in page(site, f"language={code}").replace("\n", " ").replace("  ", "")
    with site.app_context():
        assert len(everybody(site)) == 30


def test_sentences_may_be_of_any_number_of_bodies_without_end(site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    forget(site)
    before = page(site, "sort=name")
    monkeypatch.setattr(cards, "MOST_PIECES", 1)
    for _ in range(3):
        forget(site)
        assert page(site, "sort=name") == before
        site.extensions["cards"] = Kept(cards.MOST_BYTES)
        assert page(site, "sort=name") == before


def test_nothing_is_kept_where_templates_may_change(site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    before = page(site, "sort=name")
    forget(site)
    monkeypatch.setattr("directory.http.fragments.is_kept", lambda: False)
    assert page(site, "sort=name") == before
    assert [site.extensions[name].size for name in ("cards", "card_pieces", "facets", "parts")] == [0, 0, 0, 0]


def test_every_notice_leads_to_its_own_page(site: Flask) -> None:
    found = page(site, "sort=name") + page(site, "sort=name&page=2")
    for number in (3, 11, 19, 27):
        assert found.count(f'"https://example.org/{number}?a=1&amp;b=%d"') == 1


def test_a_page_from_pieces_owes_what_every_page_owes(site: Flask) -> None:
    for query in QUERIES:
        page(site, query)
        answer = site.test_client().get(f"/practitioners?{query}", headers={"Accept": "text/html"})
        check(Page(answer), query)
