"""Pieces with gaps, and how many of them are kept."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from directory.http import fragments
from directory.http.fragments import Kept, gap, mould
from tests.conftest import sqlite_only
from tests.factories.lists import BODY
from tests.members import Member


@given(st.text(), st.text(), st.text())
def test_a_filled_form_is_what_would_have_been_rendered(before: str, after: str, value: str) -> None:
    one = gap("value")
    form = mould(Markup("<p title='{}'>{}{}{}</p>").format(one, before, one, after), one)
    filled = form % {"value": escape(value)}
    assert filled == Markup("<p title='{}'>{}{}{}</p>").format(value, before, value, after)


@given(st.text(), st.text())
def test_what_stands_around_a_gap_is_all_that_there_is(before: str, after: str) -> None:
    one = gap("value")
    assert fragments.around(f"{before}{one}{after}", one) == (before, after)
    assert fragments.around(before + after, one) == (before + after, "")


def test_two_gaps_are_never_one() -> None:
    assert gap("a").word != gap("a").word


def test_what_was_kept_in_another_state_is_not_given() -> None:
    kept: Kept[str] = Kept(100)
    kept.put("a", 1, "one", 10)
    assert (kept.get("a", 1), kept.get("a", 2), kept.get("b", 1)) == ("one", None, None)
    kept.put("a", 2, "two", 20)
    assert (kept.get("a", 1), kept.get("a", 2), kept.size) == (None, "two", 20)


def test_what_nobody_asked_for_lately_goes_first() -> None:
    kept: Kept[str] = Kept(30)
    for key in "abc":
        kept.put(key, 1, key, 10)
    kept.get("a", 1)
    kept.put("d", 1, "d", 10)
    assert [key for key in "abcd" if kept.get(key, 1)] == ["a", "c", "d"]
    assert kept.size == 30
    kept.put("e", 1, "e", 31)
    assert kept.size == 0


@pytest.mark.parametrize(("debug", "kept"), [(True, 0), (False, 1)])
def test_parts_are_kept_unless_templates_may_change(fresh_site: Flask, debug: bool, kept: int) -> None:
    fresh_site.debug = debug
    with fresh_site.test_request_context("/"):
        first, second = (
            fragments.part("layouts/masthead.html", section="find"),
            fragments.part("layouts/masthead.html", section="guide"),
        )
        assert first != second
        assert first == fragments.part("layouts/masthead.html", section="find")
    assert bool(fresh_site.extensions["parts"].size) == bool(kept)


@pytest.mark.parametrize(("debug", "times"), [(True, 2), (False, 1)])
def test_a_shape_is_made_once_unless_templates_may_change(fresh_site: Flask, debug: bool, times: int) -> None:
    fresh_site.debug = debug
    one, made = gap("value"), []

    def make() -> str:
        made.append(1)
        return f"<p>100 % {one}</p>"

    with fresh_site.test_request_context("/"):
        forms = [fragments.shape(("a", debug), make, one) for _ in range(2)]
    assert [form % {"value": "sure"} for form in forms] == ["<p>100 % sure</p>"] * 2
    assert len(made) == times


def test_addresses_are_worked_out_once_and_not_without_end(fresh_site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fragments, "MANY_ADDRESSES", 2)
    with fresh_site.test_request_context("/"):
        for number in range(6):
            found = fragments.address_of("public_practitioners.index", near=f"Newport {number}")
            assert found == f"/practitioners?near=Newport+{number}"
            assert fragments.address_of("public_practitioners.index", near=f"Newport {number}") is found
    with fresh_site.test_request_context("/", environ_overrides={"SCRIPT_NAME": "/below"}):
        assert fragments.address_of("public_home.show") == "/below/"
    assert len(fresh_site.extensions["addresses"]) <= 3


@sqlite_only
@pytest.mark.parametrize("order", [1, -1])
def test_a_link_within_a_part_of_the_site_stays_there_whichever_part_was_opened_first(
    app: Flask, administrator: Member, member: Member, monkeypatch: pytest.MonkeyPatch, order: int
) -> None:
    monkeypatch.setitem(app.extensions, "addresses", {})
    pages = [
        (administrator, f"/admin/registers/{BODY}", ".//nav[@class='crumbs']//a", "/admin/registers"),
        (member, "/member/questions/new", ".//form[@class='form']//a", "/member/questions"),
    ]
    for somebody, address, path, leads_to in pages[::order]:
        assert [a.get("href") for a in somebody.get(address).all(path)] == [leads_to]


def test_a_macro_is_made_once_and_knows_what_all_templates_know(fresh_site: Flask) -> None:
    with fresh_site.test_request_context("/"):
        for _ in range(2):
            text = fresh_site.jinja_env.from_string(
                '{% from "components/crumbs.html" import crumbs %}{{ crumbs([("/x", "<Words>")]) }}'
            ).render()
            assert '<a href="/x">&lt;Words&gt;</a>' in text
