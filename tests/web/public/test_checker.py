"""The public checker: what it answers, what it asks back, and what it never says."""

import datetime as dt

import pytest
import time_machine
from sqlalchemy.orm import Session

from directory.models import ListingState, Outcome, Practitioner
from tests.factories import CheckFactory, ClaimFactory, make_practitioner
from tests.pages import Page, Visitor

TODAY = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture(autouse=True)
def _today() -> object:
    with time_machine.travel(TODAY, tick=False):
        yield


def listed(name: str = "Wren Hallowby", **values: object) -> Practitioner:
    """Somebody whose membership was checked, found on 9 November 2026."""
    number = str(values.pop("number", "4471"))
    made = make_practitioner(name=name, **values)
    ClaimFactory(practitioner=made, number=number, number_key=number)
    CheckFactory(practitioner=made, number_key=number)
    return made


def said(page: Page) -> str:
    return page.text().replace("\xa0", " ")


def test_a_name_is_answered_with_the_sentence_of_its_status(visitor: Visitor) -> None:
    listed()
    page = visitor.get("/check?name=wren+hallowby")
    assert "Checked on 9 November 2026: on the register of the Shiatsu Society (UK) as MRSS" in said(page)
    assert "Found each time that we looked, from 9 November 2026." in said(page)
    assert "We looked at the body’s public register." in said(page)
    assert page.response.headers["Cache-Control"] == "no-store"
