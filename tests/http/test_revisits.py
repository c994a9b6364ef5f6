"""A browser that asks again: 304 where nothing has changed, and the page where anything has."""

import datetime as dt
import gzip
import json
from collections.abc import Callable, Iterator

import brotli
import pytest
import time_machine
from backports import zstd
from flask import Flask, session
from werkzeug.test import TestResponse

from directory.db import db, transaction
from directory.http import revisits
from directory.http.access import anyone
from directory.models import ListingState, Modality, Outcome, Practitioner
from directory.services import indexing
from tests import factories
from tests.factories import CheckFactory, ClaimFactory, make_practitioner
from tests.http.conftest import MakeSite

MORNING = dt.datetime(2026, 11, 20, 10, tzinfo=dt.UTC)
PAGES = ("/", "/practitioners", "/practitioners?near=Brighton", "/modalities/shiatsu", "/bodies", "/privacy")


@pytest.fixture(autouse=True)
def moment() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


def ask(site: Flask, path: str, known: str | None = None, method: str = "GET", **headers: str) -> TestResponse:
    given = headers if known is None else {**headers, "If-None-Match": known}
    return site.test_client().open(path, method=method, headers=given)


def tag(site: Flask, path: str, **headers: str) -> str:
    answer = ask(site, path, **headers)
    assert answer.status_code == 200
    return answer.headers["ETag"]


def change(site: Flask, what: Callable[[], object]) -> None:
    """Do something in a transaction of its own, which is kept."""
    with site.app_context(), transaction():
        factories.bind(db.session)
        what()


def add(**values: object) -> None:
    make_practitioner(name="Wren Hallowby", **values)  # type: ignore[arg-type]


def person() -> Practitioner:
    return db.session.query(Practitioner).one()


def hide() -> None:
    listing = person()
    listing.state = ListingState.HIDDEN
    db.session.flush()
    indexing.refresh([listing.id])


def rename_method() -> None:
    db.session.get_one(Modality, "shiatsu").name = "Shiatsu and more"


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_has_not_changed_is_not_sent_again(fresh_site: Flask, path: str, method: str) -> None:
    first = ask(fresh_site, path, method=method)
    assert first.status_code == 200
    again = ask(fresh_site, path, first.headers["ETag"], method)
    assert (again.status_code, again.get_data()) == (304, b"")
    for name in ("ETag", "Cache-Control", "Vary", "Content-Security-Policy"):
        assert again.headers[name] == first.headers[name], name
    assert first.headers["Cache-Control"] == "no-cache"
    assert "Content-Type" not in again.headers


@pytest.mark.parametrize("known", ['"other", {}', '"a" , {} , "b"', "*"])
def test_the_tag_may_be_one_of_several_or_any(fresh_site: Flask, known: str) -> None:
    path = "/practitioners"
    assert ask(fresh_site, path, known.format(tag(fresh_site, path))).status_code == 304


@pytest.mark.parametrize("known", ['"other"', "", "nonsense", '"', 'W/"other", "more"'])
def test_another_tag_gets_the_page(fresh_site: Flask, known: str) -> None:
    assert ask(fresh_site, "/practitioners", known).status_code == 200


@pytest.mark.parametrize("what", [add, rename_method], ids=["a listing that came", "a fact that changed"])
def test_a_change_is_seen_at_once(make_site: MakeSite, what: Callable[[], None]) -> None:
    site = make_site()
    known = {path: tag(site, path) for path in PAGES}
    change(site, what)
    for path in PAGES:
        answer = ask(site, path, known[path])
        assert answer.status_code == 200, path
        assert answer.headers["ETag"] != known[path]
        assert ask(site, path, answer.headers["ETag"]).status_code == 304


def test_a_hidden_listing_is_gone_from_the_next_page_though_its_card_was_kept(make_site: MakeSite) -> None:
    site = make_site()
    change(site, add)
    known = tag(site, "/practitioners")
    assert "Wren Hallowby" in ask(site, "/practitioners").get_data(as_text=True)
    change(site, hide)
    answer = ask(site, "/practitioners", known)
    assert answer.status_code == 200
    assert "Wren Hallowby" not in answer.get_data(as_text=True)


def test_a_status_lapses_at_midnight_though_its_card_was_kept(
    make_site: MakeSite, moment: time_machine.Traveller
) -> None:
    site = make_site()

    def add_checked() -> None:
        listing = make_practitioner(name="Wren Hallowby")
        ClaimFactory(practitioner_id=listing.id)
        CheckFactory(
            practitioner_id=listing.id, outcome=Outcome.CONFIRMED, valid_to=MORNING.date(), due_on=MORNING.date()
        )
        indexing.refresh([listing.id])

    change(site, add_checked)
    before = ask(site, "/practitioners")
    assert "Checked on" in before.get_data(as_text=True).partition('<ol class="entries')[2].partition("</ol>")[0]
    moment.move_to(MORNING.replace(hour=23, minute=59))
    assert ask(site, "/practitioners", before.headers["ETag"]).status_code == 304
    moment.move_to(MORNING + dt.timedelta(hours=14))
    after = ask(site, "/practitioners", before.headers["ETag"])
    assert after.status_code == 200
    cards = after.get_data(as_text=True).partition('<ol class="entries')[2].partition("</ol>")[0]
    assert "Last checked on" in cards


def test_midnight_is_that_of_the_zone_of_the_site(make_site: MakeSite, moment: time_machine.Traveller) -> None:
    site = make_site(timezone="Pacific/Auckland")
    known = tag(site, "/privacy")
    moment.move_to(MORNING + dt.timedelta(hours=2))
    assert ask(site, "/privacy", known).status_code == 200


@pytest.mark.parametrize(
    "other", [{"locale": "de_DE"}, {"site_name": "Other"}, {"distance_unit": "km"}, {"country": "IE"}]
)
def test_another_setting_is_another_page(make_site: MakeSite, other: dict[str, str]) -> None:
    known = tag(make_site(), "/practitioners")
    assert ask(make_site(**other), "/practitioners", known).status_code == 200


def test_another_version_of_the_program_is_another_page(make_site: MakeSite, monkeypatch: pytest.MonkeyPatch) -> None:
    known = tag(make_site(), "/practitioners")
    assert ask(make_site(), "/practitioners", known).status_code == 304
    monkeypatch.setattr(revisits, "_program", lambda: "of tomorrow")
    assert ask(make_site(), "/practitioners", known).status_code == 200


def test_the_program_is_known_by_its_files() -> None:
    assert len(revisits._program()) == 64


def test_each_address_and_name_of_the_site_has_a_tag_of_its_own(fresh_site: Flask) -> None:
    tags = {tag(fresh_site, path) for path in PAGES}
    tags |= {tag(fresh_site, "/", Host="127.0.0.1"), tag(fresh_site, "/practitioners?near=Brighton&page=1")}
    assert len(tags) == len(PAGES) + 2


DECODERS = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress, "zstd": zstd.decompress}


def test_a_page_is_the_same_however_it_is_sent_and_so_is_its_tag(fresh_site: Flask) -> None:
    answers = {name: ask(fresh_site, "/practitioners", **{"Accept-Encoding": name}) for name in DECODERS}
    assert len({answer.headers["ETag"] for answer in answers.values()}) == 1
    assert len({DECODERS[name](answer.get_data()) for name, answer in answers.items()}) == 1
    for name, answer in answers.items():
        assert answer.headers.get("Content-Encoding", "") == name
        assert answer.headers["Vary"] == "Accept-Encoding"
        again = ask(fresh_site, "/practitioners", answer.headers["ETag"], **{"Accept-Encoding": name})
        assert again.status_code == 304
    best = ask(fresh_site, "/practitioners", **{"Accept-Encoding": "gzip, deflate, br, zstd"})
    assert best.headers["Content-Encoding"] == "zstd"


def test_a_short_answer_is_sent_as_it_is(fresh_site: Flask) -> None:
    assert "Content-Encoding" not in ask(fresh_site, "/healthz", **{"Accept-Encoding": "br"}).headers


def test_a_profile_knows_the_way_back_so_its_tag_does(make_site: MakeSite) -> None:
    site = make_site()
    change(site, add)
    with site.app_context():
        path = f"/practitioners/{person().public_id}/{person().slug}"
    came = {"Referer": "http://localhost/practitioners?near=Brighton"}
    known = tag(site, path, **came)
    assert ask(site, path, known, **came).status_code == 304
    plain = ask(site, path, known)
    assert plain.status_code == 200
    assert plain.headers["Vary"] == "Referer, Accept-Encoding"


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/nothing", "/practitioners?page=7", "/concerns/sciatica/x"])
def test_what_is_no_lasting_page_is_not_kept(fresh_site: Flask, path: str) -> None:
    answer = ask(fresh_site, path)
    assert "ETag" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert ask(fresh_site, path, "*").status_code == answer.status_code


def test_the_page_of_somebody_with_a_session_is_for_them_alone(fresh_site: Flask) -> None:
    known = tag(fresh_site, "/practitioners")
    client = fresh_site.test_client()
    client.set_cookie("other", "x")
    assert client.get("/practitioners", headers={"If-None-Match": known}).status_code == 304
    client.set_cookie("session", "x")
    answer = client.get("/practitioners", headers={"If-None-Match": known})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "ETag" not in answer.headers


def test_a_page_that_begins_a_session_is_for_one_person(make_site: MakeSite) -> None:
    site = make_site()

    @anyone
    @revisits.lasting()
    def begin() -> str:
        session["seen"] = True
        return "somebody’s own page"

    site.add_url_rule("/trial/session", view_func=begin)
    answer = ask(site, "/trial/session")
    assert "Set-Cookie" in answer.headers
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "ETag" not in answer.headers


def test_a_foreign_host_and_a_path_that_is_no_text_are_refused_as_ever(fresh_site: Flask) -> None:
    known = tag(fresh_site, "/practitioners")
    assert ask(fresh_site, "/practitioners", known, Host="evil.example").status_code == 400
    assert ask(fresh_site, "/%ff", known).status_code == 400
    assert ask(fresh_site, "/practitioners", known, method="POST").status_code == 405


def test_a_revisit_is_logged_and_counted(fresh_site: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    known = tag(fresh_site, "/practitioners")
    capsys.readouterr()
    assert ask(fresh_site, "/practitioners", known).status_code == 304
    [line] = [json.loads(text) for text in capsys.readouterr().err.splitlines()]
    assert (line["endpoint"], line["method"], line["status"]) == ("public_practitioners.index", "GET", 304)
    counted = 'directory_requests_total{endpoint="public_practitioners.index",method="GET",status="304"} 1.0'
    assert counted in ask(fresh_site, "/metrics").get_data(as_text=True)


def test_a_page_is_limited_and_a_revisit_is_not(make_site: MakeSite) -> None:
    site = make_site(environment="development", rate_limit="2 per hour")
    known = tag(site, "/practitioners")
    assert [ask(site, "/practitioners", known).status_code for _ in range(5)] == [304] * 5
    assert [ask(site, "/practitioners").status_code for _ in range(2)] == [200, 429]
    assert int(ask(site, "/practitioners").headers["Retry-After"]) > 0


def test_a_database_that_cannot_answer_is_said_by_the_page(make_site: MakeSite) -> None:
    site = make_site()
    known = tag(site, "/practitioners")
    change(site, lambda: db.session.connection().exec_driver_sql("ALTER TABLE change RENAME TO gone"))
    assert ask(site, "/practitioners", known).status_code in {500, 503}


def test_while_templates_may_change_nothing_is_kept(make_site: MakeSite) -> None:
    site = make_site(environment="development", debug=True)
    answer = ask(site, "/practitioners")
    assert "ETag" not in answer.headers
