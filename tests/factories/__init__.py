"""Makes things for tests: one file a noun."""

from sqlalchemy.orm import Session

from tests.factories.accounts import AccountFactory
from tests.factories.base import BaseFactory
from tests.factories.claims import CheckFactory, ClaimFactory
from tests.factories.practitioners import PractitionerFactory, make_practitioner
from tests.factories.recommendations import (
    RecommendationFactory,
    RecommendationLinkFactory,
    make_link,
    make_recommendation,
)

__all__ = [
    "AccountFactory",
    "CheckFactory",
    "ClaimFactory",
    "PractitionerFactory",
    "RecommendationFactory",
    "RecommendationLinkFactory",
    "bind",
    "make_link",
    "make_practitioner",
    "make_recommendation",
]


def bind(session: Session) -> None:
    """Keep what is made in `session`."""
    for factory in (
        AccountFactory,
        PractitionerFactory,
        ClaimFactory,
        CheckFactory,
        RecommendationFactory,
        RecommendationLinkFactory,
    ):
        factory._meta.sqlalchemy_session = session
    BaseFactory._meta.sqlalchemy_session = session
