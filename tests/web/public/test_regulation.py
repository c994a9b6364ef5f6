"""Is shiatsu regulated here?"""

import pytest
from sqlalchemy.orm import Session

from directory.models import Regulation
from directory.services import guide
from tests.pages import Visitor

pytestmark = pytest.mark.usefixtures("session")


def test_countries_are_listed_with_what_the_law_says(visitor: Visitor) -> None:
    page = visitor.get("/regulation")
    rows = {"".join(row.find("th").itertext()): row for row in page.all(".//tbody/tr")}  # type: ignore[union-attr]
    assert next(iter(rows)) == "United Kingdom"
    assert "A licence is needed here" in "".join(rows["Japan"].itertext())
    assert "Not established" in "".join(rows["Netherlands"].itertext())
    assert "What the law says: United Kingdom" in page.text()


def test_every_country_has_a_page(visitor: Visitor, session: Session) -> None:
    for country in {record.country for record in session.query(Regulation)}:
        main = visitor.get(f"/regulation/{country}").text()
        for record in guide.regulation_of(country):
            assert (record.summary in main) is (record.is_shown and record.regulation_class != "unknown"), record.id


@pytest.mark.parametrize("country", ["XX", "gb", "IM", "no-such-country"])
def test_a_country_without_a_record_is_not_found(visitor: Visitor, country: str) -> None:
    visitor.get(f"/regulation/{country}", status=404)


def test_parts_of_a_country_are_named(visitor: Visitor) -> None:
    page = visitor.get("/regulation/GB")
    headings = ["".join(heading.itertext()) for heading in page.all(".//main//h2")]
    assert headings == [
        "Shiatsu", "Massage", "Acupuncture", "Osteopathy", "Chiropractic", "Physiotherapy",
        "England", "London", "Northern Ireland", "Scotland", "Wales",
    ]  # fmt: skip
    assert page.links()["Complementary and Natural Healthcare Council"] == "/bodies/uk-cnhc"


def test_what_is_not_established_is_said_to_be_so(visitor: Visitor) -> None:
    main = visitor.get("/regulation/NL").text()
    assert "We have not established what the law says here." in main
    assert "in the Netherlands" in main


def test_rules_about_words_are_told(visitor: Visitor) -> None:
    assert "Words: avoid massaggio; avoid medical terms." in visitor.get("/regulation/IT").text()


def test_a_profession_that_is_not_known_comes_last(visitor: Visitor, session: Session) -> None:
    record = session.get(Regulation, "gb-shiatsu")
    assert record is not None
    record.profession = "reiki"
    session.flush()
    headings = ["".join(heading.itertext()) for heading in visitor.get("/regulation/GB").all(".//main//h2")]
    assert headings.index("reiki") == 5
    assert "We have not established what the law says here." in visitor.get("/regulation").text()
