"""Notes about invented practitioners, for everybody to read, by invented people to whom no mail can go."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from sqlalchemy import select

from directory.db import db
from directory.lib import tokens
from directory.models import (
    Account,
    Audience,
    Practitioner,
    Recommendation,
    RecommendationState,
    Relation,
    Reply,
    ShownAs,
    Training,
)
from directory.services.demo import accounts, names
from directory.services.demo.names import pick
from directory.services.demo.sources import Sources

WRITERS = 60
# About how many of the listings there are how many notes.
SHARES = ((0.4, 0), (0.72, 1), (0.9, 2), (1.0, 3))
OF_CLIENTS, WITH_END, WITH_REWARD, WITH_REPLY, BY_INITIALS = 0.86, 0.7, 0.06, 0.3, 0.4
MONTHS_BACK = 20


@dataclass(frozen=True)
class _About:
    """A practitioner, and what they do."""

    id: int
    modalities: Sequence[str]


class Notes:
    """All notes of one seed on one day: who writes them, and what they say."""

    def __init__(self, sources: Sources, words: Mapping[str, Any], seed: int, today: dt.date) -> None:
        self._words, self._seed, self._today = words, seed, today
        chance, origins = self._chance("writers"), sources.origins["GB"]
        genders = sources.shares["gender"]
        self._names = [
            names.draw(sources, origins, origins.draw(chance.random()), genders.draw(chance.random()), chance).text
            for _ in range(WRITERS)
        ]
        self._writers: dict[int, Account] = {}

    def add(self, public_ids: Sequence[str]) -> None:
        """Write about practitioners, by their names in addresses, in their order."""
        found = _known(public_ids)
        notes = [note for number, about in enumerate(found) for note in self._about(about, number)]
        db.session.add_all([note for note, _ in notes])
        db.session.flush()
        for note, reply in notes:
            if reply:
                made_at = note.made_at + dt.timedelta(days=1)
                shown = RecommendationState.SHOWN
                db.session.add(
                    Reply(recommendation_id=note.id, text=reply, state=shown, made_at=made_at, decided_at=made_at)
                )
        db.session.flush()

    def _about(self, about: _About, number: int) -> list[tuple[Recommendation, str | None]]:
        chance = self._chance(number)
        luck = chance.random()
        count = next(count for end, count in SHARES if luck < end)
        return [self._note(about, writer, chance) for writer in chance.sample(range(WRITERS), count)]

    def _note(self, about: _About, writer: int, chance: Random) -> tuple[Recommendation, str | None]:
        luck, words = chance.random, self._words
        relation = Relation.CLIENT
        if luck() < OF_CLIENTS:
            text = f"{pick(words['openings'], chance)} {pick(words['middles'], chance)}"
            text += f" {pick(words['ends'], chance)}" if luck() < WITH_END else ""
        else:
            relation = Relation(pick(sorted(words["of-others"]), chance))
            text = pick(words["of-others"][relation], chance)
        month = self._month(1 + int(luck() * MONTHS_BACK))
        made_at = self._made_at(month, int(luck() * 24))
        note = Recommendation(
            public_id=tokens.numbered_public_id(chance.getrandbits(40)),
            practitioner_id=about.id,
            writer=self._writer(writer),
            audience=Audience.PUBLIC,
            state=RecommendationState.SHOWN,
            relation=relation,
            was_treated=relation is Relation.CLIENT,
            month=month,
            modality_id=about.modalities[0] if about.modalities and luck() < 0.7 else None,
            reward=pick(words["rewards"], chance) if luck() < WITH_REWARD else None,
            text=text,
            name=self._names[writer],
            shown_as=ShownAs.INITIALS if luck() < BY_INITIALS else ShownAs.FIRST_NAME,
            consented_at=made_at,
            made_at=made_at,
            changed_at=made_at,
            revision=1,
            decided_at=made_at,
        )
        return note, pick(words["replies"], chance) if luck() < WITH_REPLY else None

    def _writer(self, number: int) -> Account:
        if number not in self._writers:
            long_ago = dt.datetime.combine(self._month(MONTHS_BACK + 2), dt.time(), dt.UTC)
            self._writers[number] = accounts.make(f"friend-{self._seed}-{number}", at=long_ago, active=False)
        return self._writers[number]

    def _month(self, back: int) -> dt.date:
        months = self._today.year * 12 + self._today.month - 1 - back
        return dt.date(months // 12, months % 12 + 1, 1)

    def _made_at(self, month: dt.date, days: int) -> dt.datetime:
        """In the month after, if that is over."""
        day = min(month + dt.timedelta(days=31 + days), self._today - dt.timedelta(days=2))
        return dt.datetime.combine(day, dt.time(9), dt.UTC)

    def _chance(self, purpose: object) -> Random:
        return Random(f"{self._seed}/notes/{purpose}")  # noqa: S311  it must give the same notes again


def _known(public_ids: Sequence[str]) -> list[_About]:
    query = select(Practitioner.id, Practitioner.public_id).where(Practitioner.public_id.in_(public_ids))
    ids = {public_id: id_ for id_, public_id in db.session.execute(query)}
    does: dict[int, list[str]] = {id_: [] for id_ in ids.values()}
    trainings = select(Training.practitioner_id, Training.modality_id).where(Training.practitioner_id.in_(does))
    for id_, modality_id in db.session.execute(trainings.order_by(Training.position)):
        does[id_].append(modality_id)
    return [_About(ids[one], does[ids[one]]) for one in public_ids]
