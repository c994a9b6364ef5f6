"""Pages of professional bodies."""

import datetime as dt

import pytest
import time_machine
from sqlalchemy.orm import Session

from directory.models import Body, Confidence
from directory.services import bodies, indexing
from directory.web.public.bodies import KINDS
from tests import factories
from tests.lists import bring
from tests.pages import Visitor

pytestmark = pytest.mark.usefixtures("session")


def test_every_body_has_a_page(visitor: Visitor) -> None:
    for body in bodies.list_all():
        page = visitor.get(f"/bodies/{body.id}")
        assert page.text(".//h1") == body.name
        assert body.kind in KINDS
        # A register is accredited, a person never; and hints for whoever checks are not for the public.
        assert "PSA accredited practitioner" not in page.text()
        assert not body.details["checker_hint"] or body.details["checker_hint"] not in page.text()


def test_bodies_are_listed_by_country_the_sites_own_first(visitor: Visitor) -> None:
    page = visitor.get("/bodies")
    headings = ["".join(heading.itertext()) for heading in page.all(".//main//h2")]
    assert headings[0] == "United Kingdom"
    assert headings[1:] == sorted(headings[1:])
    assert page.links()["Shiatsu Society (UK)"] == "/bodies/uk-shiatsu-society"


def test_bodies_of_one_country(visitor: Visitor) -> None:
    page = visitor.get("/bodies", query={"country": "ie"})
    assert ["".join(heading.itertext()) for heading in page.all(".//main//h2")] == ["Ireland"]
    assert "Shiatsu Society (UK)" not in page.links()


@pytest.mark.parametrize("country", ["XX", "🙂", "'; DROP TABLE body", "x" * 400])
def test_an_unknown_country_is_named_and_ignored(visitor: Visitor, country: str) -> None:
    page = visitor.get("/bodies", query={"country": country})
    assert "We know of no body in" in page.text(".//p[@role='status']")
    assert "Shiatsu Society (UK)" in page.links()


def test_an_unknown_body_is_not_found(visitor: Visitor) -> None:
    visitor.get("/bodies/no-such-body", status=404)


def test_what_a_body_checks_and_what_nothing_was_found_about(visitor: Visitor) -> None:
    main = visitor.get("/bodies/uk-shiatsu-society").text()
    assert "Insurance Required by its code." in main
    assert "Criminal record Not stated in what we read." in main
    assert "MRSS(T)" in main
    assert "Where it calls its members accredited, that is its own word." in main


def test_a_register_is_accredited_and_not_its_people(visitor: Visitor) -> None:
    assert "accredits registers and not people" in visitor.get("/bodies/uk-cnhc").text()


def test_an_old_accreditation_is_said_to_be_old(visitor: Visitor) -> None:
    assert "accredited its register in 2013." in visitor.get("/bodies/uk-fht").text()
    assert "it may have changed" in visitor.get("/bodies/uk-fht").text()
    assert "accredited its register in 2020." in visitor.get("/bodies/uk-ifa").text()


def test_letters_without_a_source_are_said_to_be_so(visitor: Visitor) -> None:
    assert "Without a source: ask the body what they mean." in visitor.get("/bodies/uk-cnhc").text()


def test_low_confidence_hides_statements_and_never_the_entry(visitor: Visitor, session: Session) -> None:
    main = visitor.get("/bodies/uk-zen-shiatsu-society").text()
    assert "has not been reviewed yet" in main
    assert "United Kingdom" in main
    assert "Society group insurance" not in main
    assert "LicZS" not in main
    assert visitor.get("/bodies").links()["Zen Shiatsu Society"] == "/bodies/uk-zen-shiatsu-society"
    body = session.get(Body, "uk-zen-shiatsu-society")
    assert body is not None
    body.reviewed_on = dt.date(2026, 11, 1)
    session.flush()
    assert "LicZS" in visitor.get("/bodies/uk-zen-shiatsu-society").text()


def test_an_invented_body_says_so(visitor: Visitor, session: Session) -> None:
    shown = session.get(Body, "uk-shiatsu-society")
    assert shown is not None
    values = {column.key: getattr(shown, column.key) for column in Body.__table__.columns}
    session.add(
        Body(**values | {"id": "demo-quiet", "name": "Quiet Hands", "is_demo": True, "confidence": Confidence.HIGH})
    )
    session.flush()
    assert "This body is invented." in visitor.get("/bodies/demo-quiet").text()
    assert "Invented, for demonstration" in visitor.get("/bodies").text()


@time_machine.travel("2026-11-20 10:00", tick=False)
def test_how_many_state_a_membership_leads_to_the_same_list(visitor: Visitor, session: Session) -> None:
    for number in ("1", "2"):
        listing = factories.make_practitioner()
        factories.ClaimFactory(practitioner=listing, number=number, number_key=number)
        if number == "1":
            factories.CheckFactory(practitioner=listing, number_key=number)
        indexing.refresh([listing.id])
    links = visitor.get("/bodies/uk-shiatsu-society").links()
    assert links["2 practitioners state a membership of it"] == "/practitioners?body=uk-shiatsu-society"
    assert links["1 is checked and in date"] == "/practitioners?body=uk-shiatsu-society&status=checked"
    assert "Nobody who is listed here" in visitor.get("/bodies/uk-cnhc").text()


@time_machine.travel("2026-11-20 10:00", tick=False)
def test_a_body_of_which_nothing_is_checked_says_so(visitor: Visitor, session: Session) -> None:
    listing = factories.make_practitioner()
    factories.ClaimFactory(practitioner=listing, body_id="uk-cnhc")
    indexing.refresh([listing.id])
    assert "None of these statements is checked and in date." in visitor.get("/bodies/uk-cnhc").text()


def test_the_page_tells_which_lists_are_held_and_hears_of_a_new_one(session: Session, visitor: Visitor) -> None:
    def told() -> str:
        return visitor.get("/bodies/uk-shiatsu-society").text().replace("\xa0", " ")

    assert "None: the body gave us no list." in told()
    bring(dt.date(2025, 3, 1), ["Oona Pelmarsh,5127,MRSS,Hexham"])
    session.commit()
    assert "One, of 1 March 2025, with 27 lines." in told()
    bring(dt.date(2026, 6, 1), [])
    session.commit()
    assert "2, from 1 March 2025 to 1 June 2026. The latest has 26 lines." in told()
    assert "Pelmarsh" not in told()
    assert "Profession code then up to six digits" in visitor.get("/bodies/uk-hcpc").text()
    # Whose format has no source is told nothing of.
    assert "Often printed as number/number" not in visitor.get("/bodies/uk-gosc").text()
