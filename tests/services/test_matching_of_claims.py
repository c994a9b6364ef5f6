"""Whether claims are looked for in the lists that are held, now and as they were known."""

import datetime as dt

from sqlalchemy.orm import Session

from directory.models import Claim
from directory.services import matching, registers
from directory.services.matching import Verdict
from tests.factories import AccountFactory, ClaimFactory, make_practitioner
from tests.factories.lists import AT, BODY, LISTED_ON, row, take_in

LATER = AT + dt.timedelta(days=30)
FILLERS = [row(str(20000 + n), f"Ash {chr(65 + n)}rden") for n in range(25)]


def claimed(session: Session, name: str = "Wren Hallowby", number: str | None = "12345", **more: object) -> Claim:
    listing = make_practitioner(name=name, **more)  # type: ignore[arg-type]
    claim: Claim = ClaimFactory(practitioner_id=listing.id, number=number)
    session.flush()
    return claim


def test_a_claim_is_found_on_the_list_of_its_body(session: Session) -> None:
    take_in([row(), *FILLERS])
    answer = matching.of_claim(claimed(session))
    assert answer is not None
    assert answer.verdict is Verdict.MATCH
    assert registers.get_line(answer.candidates[0].row.id).name == "Wren Hallowby"


def test_where_no_list_is_held_nothing_is_said(session: Session) -> None:
    assert matching.of_claim(claimed(session)) is None
    assert matching.for_body(BODY).rows == []


def test_other_names_and_all_places_of_the_listing_are_looked_for(session: Session) -> None:
    take_in([row(town="Hove"), *FILLERS])
    answer = matching.of_claim(claimed(session, "Wren Quill", other_names=("Wren Hallowby",), town="Hove"))
    assert answer is not None
    assert answer.verdict is Verdict.MATCH
    assert {"other-name", "town"} <= {reason.kind for reason in answer.candidates[0].reasons}


def test_a_line_that_was_judged_to_be_somebody_else_is_not_proposed_again(session: Session) -> None:
    take_in([row(), *FILLERS])
    claim = claimed(session)
    found = matching.of_claim(claim)
    assert found is not None
    key = found.candidates[0].row.key
    registers.judge_other(claim.practitioner_id, BODY, key, by=AccountFactory(), at=LATER)
    again = matching.of_claim(claim)
    assert again is not None
    assert (again.verdict, again.candidates) == (Verdict.NOT_FOUND, ())
    other = matching.of_claim(claimed(session))
    assert other is not None
    assert other.verdict is Verdict.MATCH


def test_a_list_that_was_taken_in_is_looked_in_at_once_and_what_was_known_before_can_be_asked(session: Session) -> None:
    take_in([row(), *FILLERS])
    claim = claimed(session)
    assert matching.of_claim(claim) is not None
    take_in(FILLERS, at=LATER, on=LISTED_ON + dt.timedelta(days=30))
    now = matching.of_claim(claim)
    assert now is not None
    assert now.verdict is Verdict.WAS_LISTED
    person = matching.person_of(claim)
    assert matching.for_body(BODY, known_at=AT).ask(person).verdict is Verdict.MATCH
    assert matching.for_body(BODY).ask(person, LISTED_ON).verdict is Verdict.MATCH
    assert matching.for_body(BODY, known_at=AT - dt.timedelta(days=1)).rows == []


def test_an_index_is_made_once_for_each_state_of_a_register(session: Session) -> None:
    take_in([row(), *FILLERS])
    assert matching.for_body(BODY) is matching.for_body(BODY)
    before = matching.for_body(BODY)
    take_in([row(), row("555", "Kim Quill"), *FILLERS], at=LATER, on=LISTED_ON + dt.timedelta(days=30))
    assert matching.for_body(BODY) is not before
    assert matching.for_body(BODY, known_at=AT) is before
