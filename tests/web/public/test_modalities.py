"""Pages of kinds of treatment."""

import pytest
from sqlalchemy.orm import Session

from directory.models import Modality
from directory.services import modalities
from directory.web.public.modalities import NATIVE_LANGUAGES
from tests import factories
from tests.pages import Visitor

pytestmark = pytest.mark.usefixtures("session")


def test_every_kind_of_treatment_has_a_page(visitor: Visitor) -> None:
    for modality in modalities.list_all():
        page = visitor.get(f"/modalities/{modality.id}")
        assert page.text(".//h1").startswith(modality.name)
        shown = modality.description in page.text()
        assert shown is modality.is_shown


def test_they_are_listed_by_family_with_counts(visitor: Visitor, session: Session) -> None:
    factories.make_practitioner(modalities=("shiatsu", "reiki"))
    links = visitor.get("/modalities").links()
    assert links["Shiatsu 1 listing"] == "/modalities/shiatsu"
    assert links["Thai massage 0 listings"] == "/modalities/thai-massage"
    assert len(visitor.get("/modalities").all(".//main//section")) == len(modalities.FAMILIES)


def test_a_family_that_is_not_known_comes_last(visitor: Visitor, session: Session) -> None:
    reiki = session.get(Modality, "reiki")
    assert reiki is not None
    reiki.family = "another"
    session.flush()
    headings = ["".join(heading.itertext()) for heading in visitor.get("/modalities").all(".//main//h2")]
    assert headings[-1] == "another"
    assert "another" in visitor.get("/modalities/reiki").text()


def test_an_unknown_kind_of_treatment_is_not_found(visitor: Visitor) -> None:
    visitor.get("/modalities/no-such-thing", status=404)


def test_a_name_in_another_script_says_its_language(visitor: Visitor) -> None:
    name = visitor.get("/modalities/shiatsu").tree.find(".//h1/span")
    assert name is not None
    assert (name.text, name.get("lang")) == ("指圧", "ja")


def test_every_name_in_another_script_has_a_language(session: Session) -> None:
    assert {one.id for one in modalities.list_all() if one.native_name} == set(NATIVE_LANGUAGES)


def test_shiatsu_is_described_with_its_forms_its_law_and_its_warnings(visitor: Visitor) -> None:
    page = visitor.get("/modalities/shiatsu")
    main = page.text()
    assert page.links()["Zen shiatsu"] == "/modalities/zen-shiatsu"
    assert "What the law says: United Kingdom" in main
    assert "Not regulated by law here" in main
    assert "It counts as a base." in main
    assert "Blood clot or vein inflammation" in main
    assert "How a session goes" in main
    assert main.index("Back pain: emergency signs") < main.index("let nobody do it")


def test_a_form_of_shiatsu_has_the_warnings_of_shiatsu(visitor: Visitor) -> None:
    page = visitor.get("/modalities/zen-shiatsu")
    assert page.links()["Shiatsu"] == "/modalities/shiatsu"
    assert "Blood clot or vein inflammation" in page.text()


def test_pressure_with_the_feet_has_a_warning_of_its_own(visitor: Visitor) -> None:
    assert "Pressure given with the feet" in visitor.get("/modalities/ashiatsu").text()


def test_what_is_no_massage_has_no_warnings_for_massage(visitor: Visitor) -> None:
    page = visitor.get("/modalities/mindfulness")
    assert "Blood clot" not in page.text()
    assert "What the law says" not in page.text()


def test_a_profession_of_its_own_has_a_law_of_its_own(visitor: Visitor) -> None:
    assert "Only someone registered with GOsC may use the title" in visitor.get("/modalities/osteopathy").text()


def test_it_leads_to_those_who_offer_it(visitor: Visitor, session: Session) -> None:
    assert "Nobody who is listed here offers it." in visitor.get("/modalities/shiatsu").text()
    factories.make_practitioner()
    links = visitor.get("/modalities/shiatsu").links()
    assert links["See the 1 practitioner who offers it"] == "/practitioners?modality=shiatsu"
    assert "How that label is worked out" in links


def test_what_has_not_been_reviewed_is_hidden(visitor: Visitor) -> None:
    main = visitor.get("/modalities/cupping").text()
    assert "has not been reviewed yet" in main
    assert "In an advertisement" not in main
