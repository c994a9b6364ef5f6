"""Look-alikes of checked practitioners are flagged, honest names in any script are not."""

import random
import unicodedata
from collections.abc import Iterable

import pytest
from confusable_homoglyphs.confusables import confusables_data
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from directory.db import db
from directory.models import Check, Outcome, Practitioner, Skeleton
from directory.services import indexing, lookalikes
from directory.services.lookalikes import Flag
from tests import factories
from tests.lib.names_of_languages import languages, people

CHECKED, HONEST, MADE = 200, 5_000, 2_000
AT_MOST = 0.005
NOBODY = 0


def flags(practitioner_id: int = NOBODY, *, private: dict[str, object] | None = None, **shown: object) -> list[Flag]:
    return lookalikes.flags(practitioner_id, shown, private or {})


def kinds(*args: int, private: dict[str, object] | None = None, **shown: object) -> list[tuple[str, str]]:
    return [(flag["field"], flag["kind"]) for flag in flags(*args, private=private, **shown)]


def checked(name: str, number: str = "12345", **more: object) -> Practitioner:
    made = factories.make_practitioner(name=name, **more)  # type: ignore[arg-type]
    factories.ClaimFactory(practitioner=made, number=number)
    factories.CheckFactory(practitioner=made, number_key=number.lower())
    indexing.refresh([made.id])
    return made


def a_directory(names: Iterable[str]) -> list[Practitioner]:
    """Checked practitioners with these names, each with a number that nobody else has."""
    made = [factories.PractitionerFactory.build(name=name) for name in names]
    for place, practitioner in enumerate(made):
        practitioner.checks = [factories.CheckFactory.build(number_key=f"{10_203_040 + 7 * place}")]
    db.session.add_all(made)
    db.session.flush()
    lookalikes.refresh([practitioner.id for practitioner in made])
    return made


def everybody() -> tuple[list[str], list[str]]:
    """Names of those who were checked, and of honest others, all languages alike and none in both."""
    by_language = list(people())
    share = -(-CHECKED // len(by_language))
    known = [name for names in by_language for name in names[:share]][:CHECKED]
    rest = [name for group in zip(*(names[share:] for names in by_language), strict=True) for name in group]
    assert not set(known) & set(rest)
    return known, rest[:HONEST]


def test_of_5_000_honest_names_in_many_languages_hardly_any_is_flagged(session: Session) -> None:
    known, honest = everybody()
    a_directory(known)
    assert len(languages()) >= 30
    assert len(set(honest)) == HONEST
    flagged = {
        flag["value"]
        for start in range(0, HONEST, 250)
        for flag in flags(name="Wren Hallowby", other_names=honest[start : start + 250])
    }
    print(
        f"\n{len(flagged)} of {HONEST:,} honest names in {len(languages())} languages flagged: {sorted(flagged)[:10]}"
    )
    assert len(flagged) <= AT_MOST * HONEST


def _substituted(name: str, chance: random.Random) -> str | None:
    """The name with one to three characters that look alike (UTS #39); None where nothing looks like its letters."""
    letters = list(unicodedata.normalize("NFC", name))
    able = [place for place, letter in enumerate(letters) if letter.strip() and confusables_data.get(letter)]
    if not able:
        return None
    for place in chance.sample(able, min(len(able), chance.randint(1, 3))):
        other = chance.choice(confusables_data[letters[place]])["c"]
        letters[place] = other.replace("\u200e", "")
    return "".join(letters)


def _with_something_hidden(name: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(name))
    return name[:place] + chance.choice("\u200b\u2060\u202e\u2066\ufe0f\u00ad\U000e0041") + name[place:]


def test_all_of_2_000_made_look_alikes_are_flagged(session: Session) -> None:
    chance = random.Random(4)
    directory = a_directory(everybody()[0])
    missed, substituted, total = [], 0, 0
    for place, target in enumerate(directory):
        names: list[str] = []
        for _ in range(8):
            name = _substituted(target.name, chance)
            substituted += name is not None
            names.append(name or _with_something_hidden(target.name, chance))
        names.append(_with_something_hidden(target.name, chance))
        number = f"{10_203_040 + 7 * place}"
        digit = chance.randrange(len(number))
        swaps = {"1": "lI|", "0": "Oo"}.get(
            number[digit], chr(0x0966 + int(number[digit])) + chr(0x0660 + int(number[digit]))
        )
        numbers = [number[:digit] + chance.choice(swaps) + number[digit + 1 :]]
        claims = [{"body_id": "uk-shiatsu-society"}]
        found = flags(other_names=names, claims=claims, private={"claim_numbers": numbers})
        caught = {
            flag["value"]
            for flag in found
            if flag["kind"] != lookalikes.SAME_SKELETON or flag["other"]["practitioner_id"] == target.id
        }
        total += len(names) + len(numbers)
        missed += [(target.name, one) for one in (*names, *numbers) if one not in caught]
    print(f"\n{total - len(missed):,} of {total:,} made look-alikes flagged, {substituted:,} made by UTS #39")
    assert total == MADE
    assert substituted > MADE / 2
    assert not missed


@pytest.mark.parametrize(
    ("copy", "because"),
    [
        ("Zoe OBrien", "accents and apostrophes do not count"),
        ("ZOË O’BRIEN", "case does not count"),
        ("Z0ë O'Brien", "0 for o"),
        ("Zoë O'Br1en", "1 for i"),
        ("Zoë  O-Brien", "spaces and hyphens do not count"),
        ("Zоë O'Brien", "a Cyrillic o"),
        ("Ζoë O'Brien", "a Greek Zeta"),
    ],
)
def test_a_name_that_can_be_taken_for_a_checked_one_is_shown_beside_it(
    session: Session, copy: str, because: str
) -> None:
    other = checked("Zoë O'Brien", town="Hove")
    found = [flag for flag in flags(name=copy) if flag["kind"] == "same-skeleton"]
    assert [flag["other"] for flag in found] == [
        {"practitioner_id": other.id, "public_id": other.public_id, "name": "Zoë O'Brien", "town": "Hove"}
    ], because


def test_what_is_odd_is_named_by_its_code_points(session: Session) -> None:
    [mixed] = flags(name="Mаria Lee")
    assert (mixed["kind"], mixed["field"], mixed["value"], mixed["other"]) == (
        "mixed-script",
        "name",
        "Mаria Lee",
        None,
    )
    assert mixed["code_points"] == ["U+0430"]
    [hidden] = flags(name="Maria\u200b Lee")
    assert (hidden["kind"], hidden["code_points"]) == ("invisible", ["U+200B"])
    [digits] = flags(claims=[{"body_id": None}], private={"claim_numbers": ["12३4"]})
    assert (digits["kind"], digits["field"], digits["code_points"]) == ("foreign-digits", "number", ["U+0969"])


def test_words_of_two_scripts_are_honest_and_so_are_scripts_that_belong_together(session: Session) -> None:
    for name in (
        "Мария Ivanova",
        "Мария-Ivanova",
        "山田さくら",
        "ミキ Miki美樹",
        "김민준",
        "Ann (Аня) Lee",
        "نیک‌روز",
        "ක්‍රිස්ටි",
    ):
        assert flags(name=name) == [], name


def test_every_name_and_number_is_looked_at(session: Session) -> None:
    checked("Zoë O'Brien", number="AB101")
    found = kinds(
        name="Zoe OBrien",
        business="zoe obrien",
        other_names=["Ann Lee", "Z0e Obrien"],
        claims=[{"body_id": "uk-fht"}, {"body_id": None, "body_name": "Sоciety"}, {"body_id": "uk-shiatsu-society"}],
        private={"search_only_names": ["zoe-obrien"], "claim_numbers": ["AB101", None, "ab-l0I"]},
    )
    same = "same-skeleton"
    assert found == [
        *(("name", same), ("business", same), ("other-name", same), ("search-only-name", same)),
        *(("body", "mixed-script"), ("number", same)),
    ]


def test_nobody_is_a_look_alike_of_themself(session: Session) -> None:
    own = checked("Zoë O'Brien")
    claims = [{"body_id": "uk-shiatsu-society"}]
    assert flags(own.id, name="Zoe OBrien", claims=claims, private={"claim_numbers": ["12345"]}) == []


def test_only_whoever_a_check_confirmed_is_worth_copying(session: Session) -> None:
    factories.make_practitioner(name="Nina Unchecked")
    missed = factories.make_practitioner(name="Nora Notfound")
    factories.CheckFactory(practitioner=missed, outcome=Outcome.NOT_FOUND)
    indexing.refresh([missed.id])
    assert flags(name="Nina Unchecked") == flags(name="Nora Notfound") == []


def test_a_name_that_is_given_up_is_given_free(session: Session) -> None:
    other = checked("Zoë O'Brien", other_names=("Zo Brine",))
    assert kinds(name="zo brine") == [("name", "same-skeleton")]
    other.other_names.clear()
    other.name = "Zoë Hale"
    session.flush()
    indexing.refresh([other.id])
    assert flags(name="zo brine") == flags(name="Zoe OBrien") == []
    assert kinds(name="Zoe Haie") == [("name", "same-skeleton")]


def test_a_check_that_was_taken_away_leaves_nothing(session: Session) -> None:
    other = checked("Zoë O'Brien")
    session.expire_all()
    session.execute(delete(Check))
    indexing.refresh([other.id])
    assert session.scalar(select(func.count()).select_from(Skeleton)) == 0


def test_answers_that_are_not_there_yet_are_no_matter(session: Session) -> None:
    assert flags() == []
    assert flags(name="", other_names=None, claims=None, private={"claim_numbers": None}) == []
    assert flags(name="...", claims=[{"body_id": "uk-fht"}], private={"claim_numbers": ["--"]}) == []
