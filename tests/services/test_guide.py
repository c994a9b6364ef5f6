"""Signs that need a doctor, and the law of a place."""

import pytest
from sqlalchemy.orm import Session

from directory.models import GuidanceKind, NotFound, PracticePlace
from directory.services import guide


def test_the_most_urgent_signs_come_first(session: Session) -> None:
    assert [flag.id for flag in guide.red_flags({"lower-back-pain"})] == ["rf-back-999", "rf-back-111"]
    assert [flag.id for flag in guide.red_flags(["sciatica"])] == ["rf-back-999", "rf-sciatica"]


def test_signs_of_low_confidence_are_shown_all_the_same(session: Session) -> None:
    flags = guide.red_flags({"long-lasting-pain"})
    assert [flag.id for flag in flags] == ["rf-back-999", "rf-back-111"]
    assert flags[1].confidence == "low"


def test_a_concern_without_signs_has_none(session: Session) -> None:
    assert guide.red_flags({"posture"}) == []
    assert guide.red_flags({"no-such-concern"}) == []
    assert guide.red_flags([]) == []


def test_signs_that_clinicians_weigh_are_not_for_the_public(session: Session) -> None:
    assert "rf-back-clinician" not in {flag.id for flag in guide.red_flags({"lower-back-pain"})}
    assert "rf-back-clinician" not in {flag.id for flag in guide.public_red_flags()}


def test_a_part_of_a_country_overrides_the_country(session: Session) -> None:
    assert guide.regulation_for("GB", "LND").id == "gb-lnd-shiatsu"  # type: ignore[union-attr]
    assert guide.regulation_for("GB", "GB-LND").id == "gb-lnd-shiatsu"  # type: ignore[union-attr]
    assert guide.regulation_for("GB", "London").id == "gb-lnd-shiatsu"  # type: ignore[union-attr]
    assert guide.regulation_for("GB", "Wales").id == "gb-shiatsu"  # type: ignore[union-attr]
    assert guide.regulation_for("GB", "Wales", "acupuncture").id == "gb-wls-acupuncture"  # type: ignore[union-attr]
    assert guide.regulation_for("CA", "08", "massage").id == "ca-on-massage"  # type: ignore[union-attr]
    assert guide.regulation_for("US", "MA").id == "us-ma-shiatsu"  # type: ignore[union-attr]


def test_a_country_without_a_record_has_none(session: Session) -> None:
    assert guide.regulation_for("IM") is None
    with pytest.raises(NotFound):
        guide.regulation_of("IM")


@pytest.mark.parametrize(
    ("country", "region", "town", "area", "code"),
    [
        ("GB", "England", "London", None, "LND"),
        ("GB", "England", "Camden", "NW1", "LND"),
        ("GB", "England", "Brighton", "BN1", "ENG"),
        ("GB", "England", "Norwich", "NR1", "ENG"),
        ("GB", "Wales", "Cardiff", None, "WLS"),
        ("CA", "08", "London", None, "ON"),
        ("IM", None, "Douglas", "IM1", None),
    ],
)
def test_london_has_rules_of_its_own(
    country: str, region: str | None, town: str, area: str | None, code: str | None
) -> None:
    place = PracticePlace(country=country, region=region, town=town, postcode_area=area)
    assert guide.region_of(place) == code


def test_a_piece_of_guidance_that_is_gone_is_none(session: Session) -> None:
    assert guide.find("sc-knot") is not None
    assert guide.find("no-such") is None


def test_guidance_of_low_confidence_is_hidden_unless_it_warns(session: Session) -> None:
    assert "ci-varicose" in {piece.id for piece in guide.list_kind(GuidanceKind.CONTRAINDICATION)}
    assert all(piece.is_shown for piece in guide.list_kind(GuidanceKind.DISTRIBUTION))
    assert "ds-cities" not in {piece.id for piece in guide.list_kind(GuidanceKind.DISTRIBUTION)}
    assert [piece.id for piece in guide.applying_to(GuidanceKind.SELF_CARE, {"muscle-spasm"})] == ["sc-partner"]


def test_a_search_has_to_do_with_the_concerns_that_its_words_point_to(session: Session) -> None:
    assert "lower-back-pain" in guide.concerns_meant("sore back")
    assert "sciatica" in guide.concerns_meant("shiatsu sciatica Leeds")
    assert "headache" in guide.concerns_meant("headaches")
    assert guide.concerns_meant("massage") == []
    assert guide.concerns_meant("", ["stress"]) == ["stress"]
