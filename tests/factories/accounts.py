"""Accounts."""

import datetime as dt

import factory

from directory.lib import clock, tokens
from directory.models import Account, Agreement, Role
from directory.services.agreements import DOCUMENTS
from tests.factories.base import BaseFactory


class AccountFactory(BaseFactory):
    """Somebody who confirmed their address and agreed to everything. `agreed=False` leaves that out."""

    class Meta:
        model = Account

    email = factory.Sequence(lambda n: f"wren{n}@example.org")
    role = Role.MEMBER
    active = True
    fs_uniquifier = factory.LazyFunction(tokens.secret)
    fs_webauthn_user_handle = factory.LazyFunction(tokens.salt)
    created_at = factory.LazyFunction(lambda: clock.now() - dt.timedelta(days=30))
    confirmed_at = factory.SelfAttribute("created_at")

    @factory.post_generation
    def agreed(self, create: bool, wanted: bool | None, **_more: object) -> None:
        """The documents of today."""
        if not create or wanted is False:
            return
        session = AccountFactory._meta.sqlalchemy_session
        for document, version in DOCUMENTS.items():
            session.add(Agreement(account_id=self.id, document=document, version=version, agreed_at=self.created_at))
        session.flush()
