"""Circles."""

import datetime as dt

from directory.db import db
from directory.lib import clock, tokens
from directory.models import Account, Acquaintance, CircleInvitation


def make_acquainted(one: Account, other: Account, name: str = "Maud", other_name: str = "Wren") -> Acquaintance:
    """Two people who know each other here: `name` is what the first one gave, `other_name` the second."""
    pairs = sorted([(one.id, name), (other.id, other_name)])
    row = Acquaintance(
        one_id=pairs[0][0],
        one_name=pairs[0][1],
        other_id=pairs[1][0],
        other_name=pairs[1][1],
        public_id=tokens.public_id(),
        made_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    return row


def make_invitation(
    inviter: Account, name: str = "Maud", for_whom: str = "my sister", made_at: dt.datetime | None = None
) -> CircleInvitation:
    """An invitation that nobody has answered yet."""
    made_at = made_at or clock.now()
    invitation = CircleInvitation(
        public_id=tokens.public_id(),
        token=tokens.secret(),
        inviter_id=inviter.id,
        inviter_name=name,
        for_whom=for_whom,
        made_at=made_at,
        expires_at=made_at + dt.timedelta(days=30),
    )
    db.session.add(invitation)
    db.session.flush()
    return invitation
