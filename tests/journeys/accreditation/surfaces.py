"""What every surface says of every claim, compared with the table."""

import datetime as dt
from collections import Counter
from typing import Any

from sqlalchemy import select

from directory.db import db, mode
from directory.models import ClaimSpan, Practitioner, Standing
from directory.services import checker, claims, profiles
from directory.services.search import Answer, Criteria, Facet, plain_sql
from directory.services.search.replica import keeping, questions
from tests.journeys.accreditation.table import Said

Told = dict[int, str]
# A claim by its listing and the moment at which it was stated.
Key = tuple[str, dt.datetime, int]


def told_by_search(day: dt.date) -> Told:
    """The status of each claim as search has it."""
    spans = select(ClaimSpan.claim_id, ClaimSpan.status).where(ClaimSpan.from_on <= day, ClaimSpan.until_on > day)
    found: Told = {}
    for claim_id, status in db.session.execute(spans):
        assert claim_id not in found, f"claim {claim_id} has two statuses on {day}"
        found[claim_id] = status.value
    return found


def told(standings: list[Standing] | tuple[Standing, ...]) -> Told:
    return {one.claim.id: one.status.value for one in standings}


def compare(expected: Told, said: list[Said], day: dt.date, at: dt.datetime, turn: int) -> None:
    """Search, card, comparison, and of one listing in its turn profile, checker and the practitioner's own page say
    what the table says."""
    assert told_by_search(day) == expected
    both_engines(expected, [one for one in said if one.is_public], day)
    of: dict[int, Told] = {}
    for one in said:
        of.setdefault(one.practitioner_id, {})[one.id] = expected[one.id]
    public = sorted({one.practitioner_id for one in said if one.is_public})
    assert {card.id: told(card.standings) for card in profiles.cards(public, day)} == {id_: of[id_] for id_ in public}
    listings = {one.id: one for one in profiles.people(public)}
    assert {id_: told(profiles.standings(one, day)) for id_, one in listings.items()} == {
        id_: of[id_] for id_ in public
    }
    if of:
        id_ = sorted(of)[turn % len(of)]
        assert {one.claim.id: one.standing.status.value for one in claims.of_listing(id_, day)} == of[id_]
        if id_ in listings:
            listing = listings[id_]
            assert told(profiles.get(listing.public_id, day).standings) == of[id_]
            with mode("writing"):
                answer = checker.ask(name=listing.name, today=day, network=None, at=at)
            assert {one.public_id: told(one.standings) for one in answer.people}[listing.public_id] == of[id_]


def both_engines(expected: Told, public: list[Said], day: dt.date) -> None:
    """Both engines count each status as often, and find under it those who have it."""
    criteria = Criteria(day=day)
    replica = keeping.build(db.session.connection())
    having = {(one.practitioner_id, expected[one.id]) for one in public}
    counted = Counter(status for _, status in having)
    engines: list[Any] = [plain_sql.answer, lambda asked: questions.answer(replica, asked, sorted)]
    for engine in engines:
        answer: Answer = engine(criteria)
        assert {key: n for key, n in answer.counts[Facet.STATUS].items() if n and key != "none"} == dict(counted)
    for status in counted:
        asked = criteria.changed(filters={Facet.STATUS: (status,)})
        for hits in (plain_sql.page(asked), questions.answer(replica, asked, sorted).hits):
            assert {hit.practitioner_id for hit in hits} == {who for who, has in having if has == status}


def public_listings() -> list[Practitioner]:
    """All that is public, with its parts."""
    return profiles.people(db.session.scalars(select(Practitioner.id).order_by(Practitioner.id)).all())


def as_known(listings: list[Practitioner], on: dt.date, known_at: dt.datetime) -> dict[Key, Any]:
    """What profiles say of a day as it was known at a moment: status, sentence and its values, by claim."""
    found: dict[Key, Any] = {}
    for listing in listings:
        for one in profiles.standings(listing, on, known_at):
            values = {key: value for key, value in one.sentence.values.items() if key != "body"}
            found[listing.public_id, one.claim.recorded_at, one.claim.id] = (
                one.status.value,
                str(one.sentence.text),
                values,
            )
    return found
