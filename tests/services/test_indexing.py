"""What search reads beside the listings is what the listings say."""

import datetime as dt

import pytest
from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from directory.models import ClaimSpan, Practitioner, SearchText, SearchWord, Status
from directory.models.claims import OPEN_END
from directory.models.standings import standing
from directory.services import indexing
from tests.factories import CheckFactory, ClaimFactory, make_practitioner

TODAY = dt.date(2026, 11, 20)


def words_of(session: Session, made: Practitioner) -> SearchText:
    session.expire_all()
    return session.get_one(SearchText, made.id)


def test_a_listing_is_found_by_its_names_methods_places_and_words(session: Session) -> None:
    made = make_practitioner(
        name="Siobhán O’Brien-MacLean",
        other_names=("Sio Hallowby",),
        business="Quiet Hands",
        text="I work with care.",
        modalities=("shiatsu",),
        town="Brighton",
        postcode_area="BN1",
    )
    words = words_of(session, made)
    assert {"siobhan", "obrien", "mclean", "sio", "hallowby", "quiet", "hands"} <= set(words.names.split())
    assert {"shiatsu", "acupressure", "指", "圧"} <= set(words.methods.split())
    assert {"care", "brighton", "bn1"} <= set(words.body.split())


def test_an_address_is_not_found_by_words(session: Session) -> None:
    made = make_practitioner()
    made.places[0].address = "17 Zebra Crescent"
    session.flush()
    indexing.refresh([made.id])
    words = words_of(session, made)
    assert "zebra" not in " ".join((words.names, words.methods, words.body, words.concerns))


def test_grade_number_and_body_of_a_claim_are_words(session: Session) -> None:
    made = make_practitioner()
    ClaimFactory(practitioner=made, grade="MRSS(T)", number="A-77")
    ClaimFactory(practitioner=made, body_id=None, body_name="Guild of Zany Hands", number=None, grade=None)
    session.flush()
    indexing.refresh([made.id])
    assert {"mrss", "t", "a77", "guild", "zany"} <= set(words_of(session, made).body.split())


@pytest.mark.parametrize(("country", "is_found"), [("GB", True), ("DE", False)])
def test_where_concerns_are_not_paired_nobody_is_found_by_one(session: Session, country: str, is_found: bool) -> None:
    concern = session.execute(
        text("SELECT id FROM concern WHERE claim_status <> 'medical_supervision' ORDER BY id LIMIT 1")
    ).scalar_one()
    made = make_practitioner(concerns=(concern,), country=country)
    assert bool(words_of(session, made).concerns) is is_found


def test_a_concern_under_medical_supervision_finds_nobody(session: Session) -> None:
    concern = session.execute(
        text("SELECT id FROM concern WHERE claim_status = 'medical_supervision' ORDER BY id LIMIT 1")
    ).scalar_one()
    assert words_of(session, make_practitioner(concerns=(concern,))).concerns == ""


def test_every_period_of_a_claim_is_kept_and_is_its_standing(session: Session) -> None:
    made = make_practitioner()
    claim = ClaimFactory(practitioner=made)
    check = CheckFactory(practitioner=made)
    session.flush()
    indexing.refresh([made.id])
    spans = session.scalars(select(ClaimSpan).order_by(ClaimSpan.from_on)).all()
    assert [span.status for span in spans] == [Status.SELF_REPORTED, Status.CHECKED, Status.CHECK_DUE]
    assert spans[0].from_on == claim.stated_on
    assert spans[-1].until_on == OPEN_END
    [today] = [span for span in spans if span.from_on <= TODAY < span.until_on]
    session.refresh(claim, ["body"])
    assert today.status is standing(claim, claim.body, [check], TODAY).status
    assert {span.body_id for span in spans} == {"uk-shiatsu-society"}


def test_refreshing_again_changes_nothing_and_leaves_others(session: Session) -> None:
    one, other = make_practitioner(name="Ada Finch"), make_practitioner(name="Bo Marsh")
    ClaimFactory(practitioner=one)
    session.flush()
    for _ in range(2):
        indexing.refresh([one.id])
    assert session.scalar(select(func.count()).select_from(ClaimSpan)) == 1
    assert words_of(session, other).names == "bo marsh"
    assert indexing.refresh_all() == 2


def test_a_listing_that_goes_takes_its_words_along(session: Session) -> None:
    made = make_practitioner(name="Ada Finch")
    session.execute(delete(Practitioner).where(Practitioner.id == made.id))
    assert session.scalar(select(func.count()).select_from(SearchText)) == 0


def test_the_full_text_of_the_database_follows(session: Session) -> None:
    made = make_practitioner(name="Ada Finch")
    by_word = {
        "sqlite": "SELECT count(*) FROM search_fts WHERE search_fts MATCH '\"{}\"'",
        "postgresql": "SELECT count(*) FROM search_text WHERE names_v @@ '{}'::tsquery",
    }[session.get_bind().dialect.name]

    def found(word: str) -> int:
        return int(session.execute(text(by_word.format(word))).scalar_one())

    assert found("finch") == 1
    made.name = "Ada Heron"
    session.flush()
    indexing.refresh([made.id])
    assert (found("finch"), found("heron")) == (0, 1)
    session.execute(text("UPDATE search_text SET names = 'ada wren'"))
    assert (found("heron"), found("wren")) == (0, 1)
    session.execute(delete(SearchText))
    assert found("wren") == 0


def test_words_for_typos_are_kept_once(session: Session) -> None:
    make_practitioner(name="Ada Finch")
    make_practitioner(name="Ada Marsh")
    indexing.add_words([])
    words = session.scalars(select(SearchWord.word)).all()
    assert words.count("ada") == 1
    assert {"finch", "marsh", "shiatsu"} <= set(words)


def test_nothing_to_refresh_is_nothing(session: Session) -> None:
    indexing.refresh([])
    indexing.refresh([987_654_321])
    assert session.scalar(select(func.count()).select_from(SearchText)) == 0
