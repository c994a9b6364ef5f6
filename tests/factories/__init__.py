"""Makes things for tests: one file a noun."""

from sqlalchemy.orm import Session

from tests.factories.accounts import AccountFactory
from tests.factories.base import BaseFactory
from tests.factories.claims import CheckFactory, ClaimFactory
from tests.factories.practitioners import PractitionerFactory, make_practitioner

__all__ = ["AccountFactory", "CheckFactory", "ClaimFactory", "PractitionerFactory", "bind", "make_practitioner"]


def bind(session: Session) -> None:
    """Keep what is made in `session`."""
    for factory in (AccountFactory, PractitionerFactory, ClaimFactory, CheckFactory):
        factory._meta.sqlalchemy_session = session
    BaseFactory._meta.sqlalchemy_session = session
