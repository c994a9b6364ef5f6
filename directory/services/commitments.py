"""Salted commitments: what checks found about somebody who has left, for when the same person comes back.

A commitment says nothing to whoever only reads it: it can be compared with a name, a body and a number that are known,
and with nothing else. Looks of names (lib/skeletons) are compared, so that another spelling does not shed a notice.
What must be said again, such as the address of the notice, opens by the same words.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from directory.db import db
from directory.lib import sealed, tokens
from directory.lib.fingerprints import salted
from directory.lib.skeletons import skeleton
from directory.models import Check, Commitment, Outcome
from directory.models.standings import against

# What a membership that was found says is said again by the register. What speaks against one must not be lost.
KEPT = frozenset({Outcome.RESTRICTED, Outcome.ENDED, Outcome.NOT_FOUND})


@dataclass(frozen=True)
class Known:
    """What a check had found about somebody who comes back, opened by their name and number."""

    outcome: Outcome
    checked_on: dt.date
    notice_url: str | None
    ended_on: dt.date | None


def keep(
    names: Collection[str], checks: Iterable[Check], numbers: Mapping[str, Collection[str]], *, at: dt.datetime
) -> int:
    """Commit to what speaks against somebody of these names, before it is erased; how many commitments.

    `numbers`: the keys of the numbers that they have claimed, by body. What a membership that was found says is said
    again by the register. A notice is committed to without a number, too, so that the desk is told when a person of the
    same name states another.
    """
    looks = sorted({skeleton(name) for name in names} - {""})
    count = 0
    for check, under in against(checks, numbers):
        told = {*under, ""} if check.outcome is Outcome.RESTRICTED else under
        for number in sorted(told):
            for look in looks:
                db.session.add(_commit(check, number, look, at))
                count += 1
    return count


def _commit(check: Check, number: str, look: str, at: dt.datetime) -> Commitment:
    salt = tokens.salt()
    said = {"notice_url": check.notice_url, "ended_on": check.ended_on.isoformat() if check.ended_on else None}
    return Commitment(
        salt=salt,
        digest=salted(salt, check.body_id, number, look),
        body_id=check.body_id,
        outcome=check.outcome.value,
        checked_on=check.checked_on,
        # Without a number it would open for anybody who knows the name.
        sealed=sealed.seal(said, salt, check.body_id, number, look) if number else None,
        made_at=at,
    )


def keep_proposed(names: Collection[str], body_ids: Collection[str], on: dt.date, *, at: dt.datetime) -> None:
    """Commit to a notice that was proposed, and that nobody has agreed to yet: the desk is told when a person of the
    same name comes back to that body, and nothing is shown.
    """
    for body_id in sorted(body_ids):
        for look in sorted({skeleton(name) for name in names} - {""}):
            salt = tokens.salt()
            db.session.add(
                Commitment(
                    salt=salt,
                    digest=salted(salt, body_id, "", look),
                    body_id=body_id,
                    outcome=Outcome.RESTRICTED.value,
                    checked_on=on,
                    made_at=at,
                )
            )


def matches(body_id: str, number_key: str, name_skeleton: str) -> Sequence[Commitment]:
    """What was found before about somebody of this look, body and number, or of this look and body alone where it was a
    notice; the newest first.

    `number_key` as models/claims.number_key makes it; `name_skeleton` as lib/skeletons.skeleton does.
    """
    return [
        one
        for one in _of_body(body_id)
        if one.digest in {salted(one.salt, body_id, number, name_skeleton) for number in (number_key, "")}
    ]


def recall(body_id: str, number_key: str, looks: Collection[str]) -> list[Known]:
    """What was found before about the person of this number and one of these looks, the oldest first; nothing without a
    number, because blank never equals blank.
    """
    if not number_key:
        return []
    found: dict[tuple[str, dt.date], Known] = {}
    for one in reversed(_of_body(body_id)):
        for look in looks:
            if one.digest == salted(one.salt, body_id, number_key, look):
                opened = sealed.unseal(one.sealed, one.salt, body_id, number_key, look) if one.sealed else None
                said = opened or {}
                ended_on = dt.date.fromisoformat(said["ended_on"]) if said.get("ended_on") else None
                known = Known(Outcome(one.outcome), one.checked_on, said.get("notice_url"), ended_on)
                found.setdefault((one.outcome, one.checked_on), known)
    return list(found.values())


def _of_body(body_id: str) -> Sequence[Commitment]:
    query = select(Commitment).where(Commitment.body_id == body_id)
    return db.session.scalars(query.order_by(Commitment.checked_on.desc(), Commitment.id.desc())).all()
