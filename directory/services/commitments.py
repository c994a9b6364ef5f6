"""Salted commitments: what checks found about somebody who has left, for when the same person comes back.

A commitment says nothing to whoever only reads it: it can be compared with a name, a body and a number that are known,
and with nothing else. Looks of names (lib/skeletons) are compared, so that another spelling does not shed a notice.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from sqlalchemy import select

from directory.db import db
from directory.lib import tokens
from directory.lib.fingerprints import salted
from directory.lib.skeletons import skeleton
from directory.models import Check, Commitment, Outcome

# What a membership that was found says is said again by the register. What speaks against one must not be lost.
KEPT = frozenset({Outcome.RESTRICTED, Outcome.ENDED, Outcome.NOT_FOUND})


def keep(name: str, checks: Iterable[Check], *, at: dt.datetime) -> int:
    """Commit to what the checks of somebody of this name found, before they are erased; how many commitments.

    A notice is about the person, so it is committed to without the number, too: another number does not shed it.
    """
    count = 0
    for check in checks:
        if check.outcome not in KEPT:
            continue
        numbers = {check.number_key, ""} if check.outcome is Outcome.RESTRICTED else {check.number_key}
        for number in sorted(numbers):
            salt = tokens.salt()
            db.session.add(
                Commitment(
                    salt=salt,
                    digest=salted(salt, check.body_id, number, skeleton(name)),
                    body_id=check.body_id,
                    outcome=check.outcome.value,
                    checked_on=check.checked_on,
                    made_at=at,
                )
            )
            count += 1
    return count


def matches(body_id: str, number_key: str, name_skeleton: str) -> Sequence[Commitment]:
    """What was found before about somebody of this look, body and number, the newest first.

    `number_key` as models/claims.number_key makes it; `name_skeleton` as lib/skeletons.skeleton does.
    """
    kept = db.session.scalars(
        select(Commitment)
        .where(Commitment.body_id == body_id)
        .order_by(Commitment.checked_on.desc(), Commitment.id.desc())
    )
    return [
        one
        for one in kept
        if one.digest in {salted(one.salt, body_id, number, name_skeleton) for number in (number_key, "")}
    ]
