"""Invents people, as rows of tables. Who they are depends on the seed, the day and their number alone."""

import datetime as dt
import hashlib
from collections import Counter
from dataclasses import dataclass
from random import Random

from directory.lib import tokens
from directory.models import ListingState, Origin, Status
from directory.models.practitioners import PriceBand, price_band
from directory.services import lookalikes
from directory.services.demo import claims, names, offers
from directory.services.demo.names import Name, pick
from directory.services.demo.sources import Area, Method, Sources, Tokens, fold
from directory.services.demo.tables import Block, Rows

# People that are made, and put into the tables, at once. They share a source of chance, so another number gives other
# people.
BLOCK = 2_000

PUBLIC_IDS = len(tokens.ALPHABET) ** tokens.PUBLIC_ID_LENGTH

# Listings are at most so many days old, and mostly much younger.
OLDEST = 3_600
YOUNGEST = 30
LONGEST_UNCONFIRMED = 500


@dataclass(slots=True)
class _Person:
    """What several rows need."""

    id: int
    number: int
    areas: tuple[Area, ...]
    gender: str
    languages: tuple[str, ...]
    name: Name
    business: str | None
    business_tokens: Tokens
    methods: list[Method]
    text: str
    text_tokens: Tokens


class People:
    """Everybody of one seed on one day. Counts the statuses and collects the words of those it has made."""

    def __init__(self, sources: Sources, seed: int, today: dt.date) -> None:
        self.words: set[str] = set()
        self._sources = sources
        self._seed = seed
        self._days = [str(today - dt.timedelta(days=ago)) for ago in range(OLDEST + 1)]
        self._claims = claims.Claims(sources, f"{seed}/histories", today)
        digest = hashlib.sha256(str(seed).encode()).digest()
        self._start = int.from_bytes(digest[:8], "big") % PUBLIC_IDS
        # One more than a multiple of three has no divisor in common with the count of public ids, a power of 27. So no
        # two people get the same.
        self._step = (3 * int.from_bytes(digest[8:16], "big") + 1) % PUBLIC_IDS

    @property
    def statuses(self) -> Counter[Status | None]:
        """How many claims have each status today, and how many people have none."""
        return self._claims.statuses

    def public_id(self, number: int) -> str:
        """The name in addresses of the person with that number, from 0 on."""
        return tokens.numbered_public_id((self._start + self._step * number) % PUBLIC_IDS)

    def block(self, start: int, count: int, ids: dict[str, int]) -> Rows:
        """People `start` to `start + count`, where `start` is a multiple of BLOCK and `count` at most that.

        Row numbers go on after `ids`, which is changed.
        """
        chance = self._chance(start)
        block = Block(ids)
        for number in range(start, start + count):
            person = self._meet(number, block.number("practitioner"), chance)
            self._list(person, chance, block)
        return block.rows

    def _chance(self, purpose: object) -> Random:
        return Random(f"{self._seed}/{purpose}")  # noqa: S311  it must give the same people again

    def _meet(self, number: int, row_id: int, chance: Random) -> _Person:
        sources, luck = self._sources, chance.random
        country = sources.countries.draw(luck())
        origins = sources.origins[country]
        origin = origins.draw(luck())
        gender = sources.shares["gender"].draw(luck())
        name = names.draw(sources, origins, origin, gender, chance)
        business, business_tokens = names.draw_business(sources, name, chance) if luck() < 0.32 else (None, {})
        areas = offers.draw_areas(sources, country, chance)
        methods = offers.draw_methods(sources, chance)
        text, text_tokens = offers.draw_text(sources, methods[0], areas[0], chance) if luck() < 0.94 else ("", {})
        return _Person(
            id=row_id,
            number=number,
            areas=areas,
            gender=gender,
            languages=origin.languages,
            name=name,
            business=business,
            business_tokens=business_tokens,
            methods=methods,
            text=text,
            text_tokens=text_tokens,
        )

    def _list(self, person: _Person, chance: Random, block: Block) -> None:
        """All rows of `person`."""
        sources, home = self._sources, person.areas[0]
        for other, is_shown in person.name.others:
            block.add_numbered("other_name", person.id, other, int(is_shown))
        for area in person.areas:
            block.add_numbered(
                "practice_place", person.id, area.town, area.code, area.region, area.country, 0, *area.point
            )
        band = None
        if chance.random() < 0.92:
            hour, currency = offers.add_prices(sources, person.id, home, chance, block)
            band = price_band(hour, currency)
        offers.add_trainings(sources, person.id, person.methods, chance, block, self._days)
        offers.add_languages(sources, person.id, person.languages, home, chance, block)
        concerns = offers.add_concerns(sources, person.id, chance, block)
        claimed = self._claims.add(person.id, person.name.text, home.country, person.methods, chance, block)
        if self._claims.was_checked:
            called = (person.name.text, *(other for other, _ in person.name.others))
            rows = (row for one in called for row in lookalikes.of_name(person.id, one))
            for values in dict.fromkeys(tuple(row.values()) for row in rows):
                block.add_numbered("skeleton", *values)
        self._add_listing(person, band, chance, block)
        self._add_words(person, claimed, concerns, block)

    def _add_listing(self, person: _Person, band: PriceBand | None, chance: Random, block: Block) -> None:
        sources, name, luck = self._sources, person.name, chance.random
        public_id = self.public_id(person.number)
        listed = YOUNGEST + int(luck() * luck() * (OLDEST - YOUNGEST))
        confirmed = min(1 + int(luck() * luck() * LONGEST_UNCONFIRMED), listed)
        block.add(
            *("practitioner", person.id, public_id, name.slug, name.text, name.key, person.business),
            *(person.text, ListingState.PUBLISHED.value, Origin.DEMO.value, person.areas[0].country),
            f"https://example.org/practices/{name.slug}" if luck() < 0.06 else None,
            *(f"{public_id}@example.org", person.gender or None),
            *offers.draw_pressure(sources, chance),
            sources.shares["accepting"].draw(luck()) or None,
            *offers.draw_visits(chance),
            *offers.draw_access(sources, person.methods, chance),
            pick(sources.words["access_notes"], chance) if luck() < 0.15 else None,
            pick(sources.words["availability_notes"], chance) if luck() < 0.6 else None,
            *(int(luck() < 0.82), band and band.value, int(luck() * (2**31 - 1)), self._days[listed]),
            self._days[confirmed] if luck() < 0.97 else None,
            claims.moment(self._days[confirmed], chance),
        )

    def _add_words(self, person: _Person, claimed: Tokens, concerns: list[str], block: Block) -> None:
        """What search reads: the same as indexing.text_of makes of the other rows."""
        called = dict(person.name.tokens)
        for other, _ in person.name.others:
            called |= fold(other)
        called |= person.business_tokens
        done: Tokens = {}
        for method in person.methods:
            done |= method.tokens
        pieces = self._sources.pieces
        said = person.text_tokens | claimed
        for area in person.areas:
            said |= pieces[area.town].tokens | pieces[area.code].tokens
        about: Tokens = {}
        for concern in concerns:
            about |= self._sources.concerns[concern]
        self.words.update(called, done)
        block.add("search_text", person.id, *(" ".join(found) for found in (called, done, said, about)))
