"""The same form, the same button and the same limit, ten times at the same moment and from two processes."""

import datetime as dt
from collections import Counter

from flask import Flask
from sqlalchemy import func, select

from directory.db import db, transaction
from directory.lib import clock
from directory.models import Enquiry, Letter, SpentForm
from directory.services import enquiries
from tests import factories
from tests.crowds import Sites, at_once
from tests.enquiries import EMAIL, SAID, link, listed

TEN = 10


def make_public(site: Flask, how_many: int) -> list[str]:
    with site.app_context(), transaction():
        factories.bind(db.session)
        return [listed(name=f"Person {letter}").public_id for letter in "ABCDE"[:how_many]]


def form(site: Flask, **more: object) -> dict[str, object]:
    with site.app_context():
        mark = enquiries.new_form(at=clock.now() - dt.timedelta(minutes=1))
    return {"name": "Morwenna", "email": EMAIL, "message": SAID, "mark": mark, **more}


def number(site: Flask, model: type[Enquiry | Letter | SpentForm], kind: str | None = None) -> int:
    with site.app_context():
        query = select(func.count()).select_from(model)
        found = db.session.scalar(query if kind is None else query.where(Letter.kind == kind)) or 0
        db.session.rollback()
    return found


def test_a_form_that_is_sent_ten_times_at_once_is_one_enquiry(two_sites: Sites) -> None:
    [to] = make_public(two_sites[0], 1)
    fields = form(two_sites[0], to=to)

    def send(turn: int) -> int:
        return two_sites[turn % 2].test_client().post("/enquiries", data=fields).status_code

    answers: Counter[int] = at_once(send, TEN)
    assert set(answers) <= {303, 422, 429}, answers
    assert (number(two_sites[0], Enquiry), number(two_sites[0], Letter, "enquiry-link")) == (1, 1)


def test_a_button_that_is_pressed_ten_times_at_once_passes_it_on_once(two_sites: Sites) -> None:
    to = make_public(two_sites[0], 3)
    assert two_sites[0].test_client().post("/enquiries", data=form(two_sites[0], to=to)).status_code == 303
    with two_sites[0].app_context():
        path = link(db.session)
        db.session.rollback()
    answers = at_once(lambda turn: two_sites[turn % 2].test_client().post(path).status_code, TEN)
    assert set(answers) <= {303, 409}, answers
    assert number(two_sites[0], Letter, "enquiry") == 3


def test_ten_batches_at_once_do_not_get_past_a_limit_together(two_sites: Sites) -> None:
    to = make_public(two_sites[0], 2)

    def send(turn: int) -> int:
        fields = form(two_sites[turn % 2], to=to, email=f"p{turn}@example.net")
        return two_sites[turn % 2].test_client().post("/enquiries", data=fields).status_code

    answers = at_once(send, TEN)
    assert answers == {303: 2, 429: 8}
    assert number(two_sites[0], Enquiry) == 2
