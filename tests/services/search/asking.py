"""Random questions, random changes, and whether the copy in a process and plain SQL give the same answer."""

import datetime as dt
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import delete, exc, func, insert, select, update

from directory.app import create_app
from directory.db import db, set_mode, transaction
from directory.lib import clock, folding
from directory.lib.geography import Point
from directory.models import (
    Accepting,
    Access,
    Check,
    Claim,
    Gender,
    ListingState,
    Method,
    Outcome,
    PracticePlace,
    Practitioner,
    Pressure,
    PriceBand,
    Speaks,
    Status,
    Tie,
    Training,
    Visit,
    WorksWith,
)
from directory.services import indexing, search
from directory.services.search import Answer, Criteria, engine, plain_sql
from tests import factories
from tests.conftest import make_settings

SITE = search.Site(("GB", "IE", "IM", "JE", "GG"), "mi", pairs_concerns=True)
# fmt: off
WORDS = [
    "", "", "", "shiatsu", "smith", "o'brien", "deep tissue", "acupressure massage", "指圧", "zen shi", "a", "mcd",
    "studio", "stress", "lower back", "mrss", "brighton", "leeds", "Müller", "sarah j", "-x", "AND", '"', "massage the",
    "wren hallowby", "wren", "s", "ma", "sm-jo",
]
# fmt: on
PLACES = ["", "", "", "Brighton", "Leeds", "BS6", "Newport, Wales", "London", "Dublin", "Hebden Bridge", "53.5,-2.2"]
WITHIN = ["", "5mi", "15mi", "60mi", "100km", "any"]
BODIES = ["uk-shiatsu-society", "uk-cnhc", "uk-fht", "ie-ssi"]
MODALITIES = ["shiatsu", "zen-shiatsu", "massage", "reflexology", "deep-tissue-massage", "mindfulness"]
CONCERNS = ["lower-back-pain", "stress", "sleep"]
LANGUAGES = ["en", "cy", "pl", "de", "bfi"]
VALUES: dict[str, list[str]] = {
    "status": [*Status, search.NO_CLAIM],
    "body": BODIES,
    "modality": MODALITIES,
    "concern": CONCERNS,
    "visit": list(Visit),
    "language": LANGUAGES,
    "price": list(PriceBand),
    "gender": list(Gender),
    "pressure": list(Pressure),
    "access": list(Access),
    "accepting": list(Accepting),
}


def today() -> dt.date:
    """The day on which all is asked."""
    return clock.today(make_settings(Path("/nowhere"), "").zone)


def random_parameters(source: random.Random) -> dict[str, list[str]]:
    """What somebody might ask for."""
    asked = {"q": [source.choice(WORDS)], "near": [source.choice(PLACES)], "within": [source.choice(WITHIN)]}
    for name in source.sample(sorted(VALUES), source.choice([0, 0, 1, 1, 2, 3])):
        asked[name] = source.sample(VALUES[name], source.randint(1, 2))
    if source.random() < 0.3:
        asked["sort"] = [source.choice(["name", "relevance", "distance"])]
    if source.random() < 0.2:
        asked["page"] = [str(source.choice([2, 3, 7]))]
    return asked


def counted(answer: Answer) -> dict[str, dict[str, int]]:
    """Its counts without values that nobody has."""
    return {
        facet.value: {str(value): number for value, number in counts.items() if number}
        for facet, counts in answer.counts.items()
    }


def ask(source: random.Random, day: dt.date) -> Criteria:
    """Ask a random question of both, in one transaction that only reads, and compare all that they say."""
    set_mode("reading")
    asked = search.understand(random_parameters(source), day, SITE).criteria
    if source.random() < 0.1:
        asked = replace(asked, pairs_concerns=False, filters={})
    quick, plain = engine.answer(asked), plain_sql.answer(asked)
    assert quick.hits == () or quick.hits[0].edition is not None, "it was not the copy that answered"
    assert quick.total == plain.total, asked
    assert quick.hits == plain.hits, asked
    assert counted(quick) == counted(plain), asked
    assert engine.count(asked) == plain.total
    assert engine.is_name(asked) == plain_sql.is_name(asked), asked
    assert engine.named(asked.words, 5) == plain_sql.named(asked.words, 5), asked
    db.session.rollback()
    return asked


def change(source: random.Random, day: dt.date) -> None:
    """Change a random listing in a random way, in a transaction of its own."""
    with transaction():
        factories.bind(db.session)
        if source.random() < 0.1:
            _add(source)
            return
        last = db.session.scalar(select(func.max(Practitioner.id))) or 0
        id_ = db.session.scalar(
            select(Practitioner.id).where(Practitioner.id >= source.randint(1, last)).order_by(Practitioner.id).limit(1)
        )
        assert id_ is not None
        source.choice(_CHANGES)(source, id_, day)
        indexing.refresh([id_])


def _add(source: random.Random) -> None:
    factories.make_practitioner(
        name=f"Wren Hallowby {source.randint(1, 99)}",
        shuffle=source.randint(0, 2**31 - 2),
        modalities=tuple(source.sample(MODALITIES, 2)),
        concerns=tuple(source.sample(CONCERNS, 1)),
        country=source.choice(["GB", "GB", "DE"]),
        at=_point(source),
        gender=source.choice([None, *Gender]),
        other_names=("Robin Aldermaston",),
    )


def _set(id_: int, **values: Any) -> None:
    db.session.execute(update(Practitioner).where(Practitioner.id == id_).values(**values))


def _state(source: random.Random, id_: int, _day: dt.date) -> None:
    _set(id_, state=source.choice([ListingState.HIDDEN, *[ListingState.PUBLISHED] * 4, ListingState.CHANGES_WAITING]))


def _name(source: random.Random, id_: int, _day: dt.date) -> None:
    name = source.choice(["Sarah Jones", "Ana Müller", "Åsa Öberg", "Zoë O’Brien", "Sarah Jonesborough", "田中 美穂"])
    _set(id_, name=name, name_key=folding.plain(name), text=source.choice(["", "A studio by the sea in Leeds."]))


def _facts(source: random.Random, id_: int, _day: dt.date) -> None:
    lightest = source.choice([None, 1, 2, 3])
    _set(
        id_,
        gender=source.choice([None, *Gender]),
        band=source.choice([None, *PriceBand]),
        accepting=source.choice(list(Accepting)),
        pressure_from=lightest,
        pressure_to=None if lightest is None else source.randint(lightest, 4),
        visits_online=source.random() < 0.5,
        access_futon=source.random() < 0.5,
        country=source.choice(["GB", "IE", "DE"]),
    )


def _point(source: random.Random) -> Point:
    return Point(source.uniform(50, 58), source.uniform(-6, 1))


def _places(source: random.Random, id_: int, _day: dt.date) -> None:
    db.session.execute(delete(PracticePlace).where(PracticePlace.practitioner_id == id_))
    for _ in range(source.randint(0, 3)):
        place = PracticePlace(practitioner_id=id_, town="Leeds", country="GB")
        if source.random() < 0.9:
            place.put_at(_point(source))
        db.session.add(place)


def _offers(source: random.Random, id_: int, _day: dt.date) -> None:
    for table, column, values in (
        (Training, "modality_id", MODALITIES),
        (WorksWith, "concern_id", CONCERNS),
        (Speaks, "language", LANGUAGES),
    ):
        db.session.execute(delete(table).where(table.practitioner_id == id_))
        rows = [{"practitioner_id": id_, column: value} for value in source.sample(values, source.randint(0, 3))]
        if rows:
            db.session.execute(insert(table), rows)


def _claim(source: random.Random, id_: int, day: dt.date) -> None:
    body = source.choice([None, *BODIES])
    stated = day - dt.timedelta(days=source.randint(0, 400))
    db.session.add(
        Claim(
            practitioner_id=id_,
            body_id=body,
            body_name=None if body else "Guild of the Open Palm",
            number_key="",
            stated_on=stated,
            withdrawn_on=source.choice([None, None, day]),
            recorded_at=clock.now(),
        )
    )


def _check(source: random.Random, id_: int, day: dt.date) -> None:
    outcome = source.choice([Outcome.CONFIRMED, Outcome.CONFIRMED, Outcome.NOT_FOUND, Outcome.INCONCLUSIVE])
    looked = day - dt.timedelta(days=source.randint(0, 30))
    until = day + dt.timedelta(days=source.randint(-20, 20))
    db.session.add(
        Check(
            practitioner_id=id_,
            body_id=source.choice(BODIES),
            number_key="",
            checked_on=looked,
            recorded_at=clock.now(),
            method=Method.PUBLIC_REGISTER,
            outcome=outcome,
            tie=Tie.WEBSITE if outcome is Outcome.CONFIRMED else None,
            due_on=max(until, looked) if outcome is Outcome.CONFIRMED else None,
        )
    )


def _remove(_source: random.Random, id_: int, _day: dt.date) -> None:
    # Another may have it hidden from here on; the rows that hang on it go with it.
    db.session.execute(delete(Practitioner).where(Practitioner.id == id_))


def _nothing(_source: random.Random, _id: int, _day: dt.date) -> None:
    pass


_CHANGES = (_state, _state, _name, _facts, _places, _offers, _claim, _check, _check, _remove, _nothing)


def change_and_ask(url: str, folder: Path, seed: int, times: int) -> int:
    """In a process of its own: change so many listings and ask as many questions; how many of those found somebody."""
    source, day, found = random.Random(seed), today(), 0
    with create_app(make_settings(folder, url)).app_context():
        for _ in range(times):
            try:
                change(source, day)
            except exc.OperationalError as error:
                # Two changed one listing at once, and one of them was refused.
                if getattr(error.orig, "sqlstate", None) not in {"40001", "40P01"}:
                    raise
            found += engine_found(source, day)
        db.engine.dispose()
    return found


def engine_found(source: random.Random, day: dt.date) -> bool:
    """Ask and compare; whether somebody was found."""
    criteria = ask(source, day)
    set_mode("reading")
    total = engine.count(criteria)
    db.session.rollback()
    return total > 0
