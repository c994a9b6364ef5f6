"""A check that saw kinds of treatment says which, wherever its sentence stands."""

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from directory.models import Check
from tests.factories import CheckFactory, ClaimFactory, make_practitioner
from tests.pages import Visitor

SAID = [
    ({}, "on the register of the Shiatsu Society (UK) as MRSS, for Shiatsu and Reflexology, shown there as valid to"),
    ({"valid_to": None}, "on the register of the Shiatsu Society (UK) as MRSS, for Shiatsu and Reflexology."),
    ({"seen_grade": None}, "on the register of the Shiatsu Society (UK) for Shiatsu and Reflexology, shown there as"),
    (
        {"seen_grade": None, "valid_to": None},
        "on the register of the Shiatsu Society (UK) for Shiatsu and Reflexology.",
    ),
    (
        {"due_on": dt.date(2026, 11, 10)},
        "It was on the register of the Shiatsu Society (UK) for Shiatsu and Reflexology",
    ),
]


@pytest.mark.parametrize(("seen", "said"), SAID)
def test_the_sentence_names_the_kinds_that_the_register_shows(
    session: Session, visitor: Visitor, seen: dict[str, object], said: str
) -> None:
    listing = make_practitioner()
    ClaimFactory(practitioner=listing, disciplines=["shiatsu"])
    made: Check = CheckFactory(practitioner=listing, seen_disciplines=["shiatsu", "reflexology"], **seen)
    assert made.seen_disciplines
    session.commit()
    assert said in visitor.get(f"/practitioners/{listing.public_id}/{listing.slug}").text().replace("\xa0", " ")
