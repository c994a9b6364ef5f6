"""What ties a listing to the person whom a row of a list shows, and what only looks like it."""

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Account, Claim, ListingState, Role, Tie
from directory.services import claims, registers
from tests.factories import AccountFactory, make_practitioner
from tests.factories.listings import AT, make_kept
from tests.factories.lists import BODY, HEADINGS, content, row, take_in

TODAY = (AT + dt.timedelta(days=1)).date()
PRIVATE = {"claim_numbers": ["12345"], "search_only_names": []}


@pytest.fixture
def boss(session: Session) -> Account:
    made: Account = AccountFactory(role=Role.ADMINISTRATOR)
    return made


def stated(session: Session, boss: Account, email: str = "wren@wren.example") -> Claim:
    """A claim of a listing whose account has confirmed this address."""
    kept = make_kept(AccountFactory(email=email), ListingState.PUBLISHED, by=boss, private=PRIVATE)
    return claims.get(session.scalars(select(Claim.id).where(Claim.practitioner_id == kept.practitioner_id)).one())


def shown(*, email: str = "", website: str = "") -> registers.Line:
    """The row of that number, on a list that shows these contacts."""
    lines = [[*row(email=email), website], [*row("20001", "Ash Arden"), ""]]
    at = AT + dt.timedelta(days=1)
    take_in(content(lines, headings=(*HEADINGS, "Website")), at=at, on=TODAY)
    return registers.find(BODY, number_key="12345")[0]


def test_the_address_that_the_account_confirmed_ties(session: Session, boss: Account) -> None:
    line = shown(email="Wren@Wren.example")
    assert claims.ties_of(stated(session, boss), line) == [Tie.EMAIL]
    assert claims.ties_of(stated(session, boss, "robin@wren.example"), line) == []


def test_a_website_of_ones_own_ties(session: Session, boss: Account) -> None:
    assert claims.ties_of(stated(session, boss), shown(website="https://www.wren.example/")) == [Tie.WEBSITE]


@pytest.mark.parametrize(
    ("email", "website"),
    [
        ("wren@clinic.example", "https://clinic.example/people/wren"),
        ("wren@gmail.com", "https://gmail.com"),
        ("wren@wren.example.org", "https://wren.example"),
        ("wren@wren.example", "https://shop.wren.example"),
    ],
)
def test_a_website_that_may_be_somebody_elses_ties_nobody(
    session: Session, boss: Account, email: str, website: str
) -> None:
    assert claims.ties_of(stated(session, boss, email), shown(website=website)) == []


def test_colleagues_share_a_website_so_it_ties_none_of_them(session: Session, boss: Account) -> None:
    line = shown(website="https://wren.example")
    claim = stated(session, boss)
    AccountFactory(email="Robin@Wren.example")
    session.flush()
    assert claims.ties_of(claim, line) == []


def test_a_website_that_another_listing_names_ties_nobody(session: Session, boss: Account) -> None:
    line = shown(website="https://wren.example")
    claim = stated(session, boss)
    make_practitioner(name="Robin Quill", website="https://www.wren.example/robin")
    assert claims.ties_of(claim, line) == []


def test_contacts_that_were_only_typed_say_whom_to_ask_and_tie_nobody(session: Session, boss: Account) -> None:
    claim = stated(session, boss, "robin@example.org")
    claim.practitioner.website = "https://wren.example"
    session.flush()
    line = shown(website="https://wren.example")
    assert claims.ties_of(claim, line) == []
    assert claims.same_contacts(claim, line) == [Tie.WEBSITE]
