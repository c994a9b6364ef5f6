"""What claims and checks amount to on a day: one of nine words, in a fixed order."""

import datetime as dt
import re
from itertools import pairwise

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.http import words
from directory.lib.words import Message
from directory.models import Body, Check, Claim, Method, Outcome
from directory.models.claims import OPEN_END, Status, number_key
from directory.models.sourced import Confidence
from directory.models.standings import Standing, periods, public_from, standing

DAY = dt.timedelta(days=1)
STATED = dt.date(2026, 1, 10)
NOTICE = "https://example.org/notice"


def make_body(*, is_assessed: bool = True) -> Body:
    return Body(
        id="society",
        name="Quiet Society",
        lists_individuals=is_assessed,
        confidence=Confidence.HIGH,
        details={"article": True},
    )


def make_claim(**values: object) -> Claim:
    number = str(values.pop("number", "12345"))
    return Claim(
        **{"body_id": "society", "number": number, "number_key": number_key(number), "stated_on": STATED, **values}
    )


def make_check(on: dt.date, outcome: Outcome = Outcome.CONFIRMED, **values: object) -> Check:
    given_values = {
        "body_id": "society",
        "number_key": "12345",
        "checked_on": on,
        "recorded_at": dt.datetime.combine(on, dt.time(9), tzinfo=dt.UTC),
        "method": Method.PUBLIC_REGISTER,
        "outcome": outcome,
        "ended_on": on - DAY if outcome is Outcome.ENDED else None,
        "notice_url": NOTICE if outcome is Outcome.RESTRICTED else None,
    }
    return Check(**{**given_values, **values})


def status_on(day: dt.date, *checks: Check, claim: Claim | None = None, body: Body | None = None) -> Status:
    return standing(claim or make_claim(), body or make_body(), checks, day).status


# The nine, in their order


def test_a_notice_of_the_body_comes_before_everything() -> None:
    notice = make_check(STATED + 5 * DAY, Outcome.RESTRICTED)
    claim = make_claim(withdrawn_on=STATED + DAY)
    assert status_on(STATED + 5 * DAY, notice, claim=claim, body=make_body(is_assessed=False)) is Status.RESTRICTED


def test_what_is_taken_back_comes_before_what_was_checked() -> None:
    claim = make_claim(withdrawn_on=STATED + 9 * DAY)
    check = make_check(STATED)
    assert status_on(STATED + 8 * DAY, check, claim=claim) is Status.CHECKED
    assert status_on(STATED + 9 * DAY, check, claim=claim) is Status.WITHDRAWN


def test_a_body_that_is_not_assessed_makes_every_check_idle() -> None:
    assert status_on(STATED, make_check(STATED), body=make_body(is_assessed=False)) is Status.BODY_NOT_ASSESSED


def test_a_body_that_is_not_known_is_not_assessed() -> None:
    claim = make_claim(body_id=None, body_name="The Guild")
    found = standing(claim, None, [], STATED)
    assert found.status is Status.BODY_NOT_ASSESSED
    assert found.body_name == "The Guild"


def test_an_end_shown_on_the_register_is_ended() -> None:
    checks = [make_check(STATED), make_check(STATED + 30 * DAY, Outcome.ENDED)]
    assert status_on(STATED + 29 * DAY, *checks) is Status.CHECKED
    assert status_on(STATED + 30 * DAY, *checks) is Status.ENDED


def test_not_found_is_not_confirmed() -> None:
    assert status_on(STATED + 90 * DAY, make_check(STATED, Outcome.NOT_FOUND)) is Status.NOT_CONFIRMED


@pytest.mark.parametrize(("valid_to", "due_on", "last"), [(10, 20, 10), (20, 10, 10), (None, 10, 10), (10, None, 10)])
def test_checked_until_the_earlier_of_validity_and_the_next_look(
    valid_to: int | None, due_on: int | None, last: int
) -> None:
    check = make_check(
        STATED,
        valid_to=None if valid_to is None else STATED + valid_to * DAY,
        due_on=None if due_on is None else STATED + due_on * DAY,
    )
    assert status_on(STATED + last * DAY, check) is Status.CHECKED
    assert status_on(STATED + (last + 1) * DAY, check) is Status.CHECK_DUE


def test_without_a_conclusive_check_it_is_being_checked_once_a_verifier_has_taken_it() -> None:
    claim = make_claim(taken_on=STATED + 3 * DAY)
    assert status_on(STATED + 2 * DAY, claim=claim) is Status.SELF_REPORTED
    assert status_on(STATED + 3 * DAY, make_check(STATED, Outcome.INCONCLUSIVE), claim=claim) is Status.BEING_CHECKED


def test_without_anything_else_it_is_what_the_practitioner_says() -> None:
    assert status_on(STATED) is Status.SELF_REPORTED


# What does not shed a notice, and what lifts it


def test_another_number_does_not_shed_a_notice() -> None:
    notice = make_check(STATED, Outcome.RESTRICTED, number_key="99999")
    assert status_on(STATED, notice, claim=make_claim(number="55555")) is Status.RESTRICTED


def test_a_notice_of_another_body_is_not_told_of_this_one() -> None:
    assert status_on(STATED, make_check(STATED, Outcome.RESTRICTED, body_id="guild")) is Status.SELF_REPORTED


def test_a_later_look_that_finds_the_membership_lifts_a_notice() -> None:
    notice = make_check(STATED, Outcome.RESTRICTED)
    assert status_on(STATED + 9 * DAY, notice, make_check(STATED + 9 * DAY)) is Status.CHECKED


@pytest.mark.parametrize("later", [Outcome.NOT_FOUND, Outcome.ENDED, Outcome.INCONCLUSIVE])
def test_a_later_look_that_finds_no_membership_does_not_lift_a_notice(later: Outcome) -> None:
    notice = make_check(STATED, Outcome.RESTRICTED)
    assert status_on(STATED + 90 * DAY, notice, make_check(STATED + DAY, later)) is Status.RESTRICTED


def test_a_check_of_another_number_does_not_count() -> None:
    assert status_on(STATED, make_check(STATED, number_key="99999")) is Status.SELF_REPORTED


# The seven days


def test_a_first_not_found_is_hidden_for_seven_days() -> None:
    looked = make_check(STATED, Outcome.NOT_FOUND)
    assert status_on(STATED + 6 * DAY, looked) is Status.SELF_REPORTED
    assert status_on(STATED + 7 * DAY, looked) is Status.NOT_CONFIRMED


def test_looking_again_does_not_shorten_the_seven_days() -> None:
    looked = [
        make_check(STATED, Outcome.NOT_FOUND),
        make_check(STATED, Outcome.NOT_FOUND),
        make_check(STATED + 2 * DAY, Outcome.NOT_FOUND),
    ]
    assert status_on(STATED + 6 * DAY, *looked) is Status.SELF_REPORTED
    assert status_on(STATED + 7 * DAY, *looked) is Status.NOT_CONFIRMED


def test_a_second_not_found_after_the_seven_days_shows_at_once() -> None:
    looked = [make_check(STATED, Outcome.NOT_FOUND), make_check(STATED + 40 * DAY, Outcome.NOT_FOUND)]
    found = standing(make_claim(), make_body(), looked, STATED + 40 * DAY)
    assert found.day == STATED + 40 * DAY


def test_after_a_membership_was_found_the_next_not_found_is_a_first_one() -> None:
    looked = [
        make_check(STATED, Outcome.NOT_FOUND),
        make_check(STATED + 20 * DAY),
        make_check(STATED + 40 * DAY, Outcome.NOT_FOUND),
    ]
    assert status_on(STATED + 46 * DAY, *looked) is Status.CHECKED
    assert status_on(STATED + 47 * DAY, *looked) is Status.NOT_CONFIRMED


def test_a_membership_found_later_does_not_show_an_earlier_not_found_sooner() -> None:
    looked = [
        make_check(STATED, Outcome.NOT_FOUND),
        make_check(STATED + 6 * DAY, Outcome.NOT_FOUND),
        make_check(STATED + 9 * DAY),
    ]
    assert public_from(looked[1], looked) == STATED + 7 * DAY


def test_everything_else_is_public_on_its_day() -> None:
    check = make_check(STATED)
    assert public_from(check, [check]) == STATED


# Numbers and names


@pytest.mark.parametrize("typed", ["mrss 00123", "MRSS-00123", " MRSS.00123 "])
def test_a_number_is_compared_without_case_spaces_or_punctuation(typed: str) -> None:
    assert number_key(typed) == "mrss00123"


def test_leading_zeros_of_a_number_count_and_none_is_blank() -> None:
    assert number_key("0012") != number_key("12")
    assert number_key(None) == ""


def test_every_status_and_method_has_words() -> None:
    assert len({status.label for status in Status}) == len(Status) == 9
    assert all(status.tone for status in Status)
    assert all(method.label for method in Method)


# Properties

# A narrow range, so that what has been checked, lapses and is looked for again in many ways.
days = st.integers(-20, 60).map(lambda n: STATED + n * DAY)
later = st.none() | days
outcomes = st.sampled_from([*Outcome, Outcome.CONFIRMED, Outcome.CONFIRMED, Outcome.NOT_FOUND, Outcome.NOT_FOUND])


@st.composite
def checks(draw: st.DrawFn) -> Check:
    on = draw(days)
    return make_check(
        on,
        draw(outcomes),
        number_key=draw(st.sampled_from(["12345", "12345", "99999", ""])),
        body_id=draw(st.sampled_from(["society", "society", "society", "guild"])),
        recorded_at=dt.datetime.combine(on, dt.time(draw(st.integers(0, 23))), tzinfo=dt.UTC),
        valid_to=draw(st.none() | st.integers(0, 30).map(lambda n: on + n * DAY)),
        due_on=draw(st.none() | st.integers(0, 30).map(lambda n: on + n * DAY)),
        seen_grade=draw(st.sampled_from([None, "", "MRSS"])),
        id=draw(st.integers(1, 10**6)),
    )


histories = st.lists(checks(), max_size=7, unique_by=lambda check: check.id)
claims = st.builds(
    make_claim,
    taken_on=later,
    withdrawn_on=st.none() | st.none() | later,
    number=st.sampled_from(["12345", "12345", "77777", ""]),
)
bodies = st.sampled_from([make_body()] * 6 + [make_body(is_assessed=False), None])
many = settings(max_examples=200)


def told_by(ours: list[Check], day: dt.date) -> list[Check]:
    """The conclusive checks that the public knows of."""
    told, first = [], None
    for check in ours:
        if check.outcome in (Outcome.CONFIRMED, Outcome.ENDED):
            first = None
            told.append(check)
        elif check.outcome is Outcome.NOT_FOUND:
            first = first or check.checked_on
            if day >= first + 7 * DAY:
                told.append(check)
    return told


def by_the_table(claim: Claim, body: Body | None, history: list[Check], day: dt.date) -> Status:
    """The first status of the product's table that applies."""
    seen = [check for check in history if check.body_id == claim.body_id and check.checked_on <= day]
    seen.sort(key=lambda check: (check.checked_on, check.recorded_at, check.id))
    ours = [check for check in seen if check.number_key == claim.number_key]
    last = (told_by(ours, day) or [make_check(day, Outcome.INCONCLUSIVE)])[-1]
    notices = [n for n, check in enumerate(seen) if check.outcome is Outcome.RESTRICTED]
    cleared = [n for n, check in enumerate(seen) if check in ours and check.outcome is Outcome.CONFIRMED]
    ends = [end for end in (last.valid_to, last.due_on) if end]
    rows = [
        (Status.RESTRICTED, notices and max(notices) > max(cleared, default=-1)),
        (Status.WITHDRAWN, claim.withdrawn_on and claim.withdrawn_on <= day),
        (Status.BODY_NOT_ASSESSED, body is None or not body.is_assessed),
        (Status.ENDED, last.outcome is Outcome.ENDED),
        (Status.NOT_CONFIRMED, last.outcome is Outcome.NOT_FOUND),
        (Status.CHECKED, last.outcome is Outcome.CONFIRMED and (not ends or day <= min(ends))),
        (Status.CHECK_DUE, last.outcome is Outcome.CONFIRMED),
        (Status.BEING_CHECKED, claim.taken_on and claim.taken_on <= day),
        (Status.SELF_REPORTED, True),
    ]
    return next(status for status, applies in rows if applies)


@given(claims, bodies, histories, days)
@many
def test_every_day_has_the_first_status_of_the_table_that_applies(
    claim: Claim, body: Body | None, history: list[Check], day: dt.date
) -> None:
    assert standing(claim, body, history, day).status is by_the_table(claim, body, history, day)


@given(claims, bodies, histories)
@many
def test_periods_are_the_standing_of_every_day(claim: Claim, body: Body | None, history: list[Check]) -> None:
    found = periods(claim, body, history)
    assert found[0].from_on == claim.stated_on
    assert found[-1].until_on == OPEN_END
    for one, following in pairwise(found):
        assert one.until_on == following.from_on
        assert one.status is not following.status
    assert all(period.from_on < period.until_on for period in found)
    by_day = iter(found)
    period = next(by_day)
    for n in range(110):
        day = STATED + n * DAY
        while day >= period.until_on:
            period = next(by_day)
        assert standing(claim, body, history, day).status is period.status, day


@given(claims, bodies, histories, days, days)
@many
def test_an_inconclusive_check_changes_nothing(
    claim: Claim, body: Body | None, history: list[Check], day: dt.date, looked: dt.date
) -> None:
    before = standing(claim, body, history, day)
    after = standing(claim, body, [*history, make_check(looked, Outcome.INCONCLUSIVE, id=0)], day)
    assert (before.status, before.check, before.sentence) == (after.status, after.check, after.sentence)


@given(claims, bodies, histories, days, st.randoms(use_true_random=False))
@many
def test_the_order_of_the_list_does_not_matter(
    claim: Claim, body: Body | None, history: list[Check], day: dt.date, random: object
) -> None:
    shuffled = list(history)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert standing(claim, body, history, day) == standing(claim, body, shuffled, day)


@given(claims, histories, days, st.sampled_from(["", "77777", "12345"]))
@many
def test_withdrawing_or_typing_the_claim_anew_does_not_shed_a_notice(
    claim: Claim, history: list[Check], day: dt.date, number: str
) -> None:
    lifted = [check for check in history if check.outcome is not Outcome.CONFIRMED]
    before = standing(claim, make_body(), lifted, day)
    anew = make_claim(number=number, withdrawn_on=STATED, stated_on=day)
    if before.status is Status.RESTRICTED:
        assert standing(anew, make_body(), lifted, day).status is Status.RESTRICTED


def _written(message: Message) -> str:
    return words.plain_message(message)


def _check_sentence(found: Standing) -> None:
    plain = _written(found.sentence)
    marked = words.message(found.sentence)
    assert "None" not in plain
    assert "%(" not in plain
    assert "*" not in plain
    assert found.body_name in plain
    assert re.sub("<.*?>", "", marked) == plain.replace("'", "&#39;")
    assert marked.count("<strong>") == 1


@given(data=st.data())
@many
def test_every_sentence_is_filled_in(bare_app: Flask, data: st.DataObject) -> None:
    found = standing(data.draw(claims), data.draw(st.just(make_body())), data.draw(histories), data.draw(days))
    with bare_app.app_context():
        _check_sentence(found)


@pytest.mark.parametrize(
    ("checks_made", "said"),
    [
        (
            [make_check(STATED, seen_grade="MRSS", valid_to=dt.date(2027, 3, 31))],
            (
                "Checked on 10 January 2026: on the register of the Quiet Society as MRSS, "
                "shown there as valid to 31 March 2027."
            ),
        ),
        (
            [make_check(STATED, seen_grade="MRSS")],
            "Checked on 10 January 2026: on the register of the Quiet Society as MRSS.",
        ),
        (
            [make_check(STATED, due_on=STATED)],
            "Last checked on 10 January 2026; a new check is due. It was on the register of the Quiet Society then.",
        ),
        (
            [make_check(STATED, Outcome.ENDED)],
            (
                "The register of the Quiet Society showed on 10 January 2026 "
                "that this membership had ended on 9 January 2026."
            ),
        ),
        (
            [make_check(STATED, Outcome.NOT_FOUND)],
            (
                "Looked on 10 January 2026; not found on the register of the Quiet Society. "
                "This does not mean that the person is unqualified."
            ),
        ),
        (
            [make_check(STATED, Outcome.RESTRICTED)],
            "A notice about this person is published by the Quiet Society. Read it there.",
        ),
        ([], "Says they are a member of the Quiet Society. Not checked."),
    ],
)
def test_the_sentence_says_who_looked_and_when(bare_app: Flask, checks_made: list[Check], said: str) -> None:
    found = standing(make_claim(), make_body(), checks_made, STATED + 10 * DAY)
    with bare_app.app_context():
        assert _written(found.sentence).replace("\u00a0", " ") == said


def test_each_seal_carries_the_day_of_its_sentence() -> None:
    claim = make_claim(taken_on=STATED)
    body, day = make_body(), STATED + 10 * DAY
    assert standing(claim, body, [make_check(STATED + DAY)], day).day == STATED + DAY
    assert standing(claim, body, [make_check(STATED + DAY, Outcome.ENDED)], day).day == STATED
    assert standing(claim, body, [], day).day == STATED
    assert standing(claim, body, [make_check(STATED, Outcome.RESTRICTED)], day).day is None


# What was recorded, in order


def history_on(day: dt.date, *made: Check, claim: Claim | None = None) -> list[tuple[int, Status]]:
    """Days since the claim was stated, and what was recorded on them."""
    found = standing(claim or make_claim(), make_body(), made, day).history(day)
    return [((event.day - STATED).days, event.status) for event in found]


def test_a_history_tells_what_was_recorded_and_when_a_check_fell_due() -> None:
    claim = make_claim(taken_on=STATED + DAY, withdrawn_on=STATED + 90 * DAY)
    check = make_check(STATED + 5 * DAY, due_on=STATED + 30 * DAY)
    assert history_on(STATED + 90 * DAY, check, claim=claim) == [
        (0, Status.SELF_REPORTED),
        (1, Status.BEING_CHECKED),
        (5, Status.CHECKED),
        (31, Status.CHECK_DUE),
        (90, Status.WITHDRAWN),
    ]
    assert history_on(STATED + 30 * DAY, check, claim=claim)[-1] == (5, Status.CHECKED)
    assert history_on(STATED, check, claim=claim) == [(0, Status.SELF_REPORTED)]


def test_a_check_that_was_renewed_in_time_never_fell_due() -> None:
    first = make_check(STATED, due_on=STATED + 30 * DAY)
    again = make_check(STATED + 20 * DAY)
    assert (31, Status.CHECK_DUE) not in history_on(STATED + 60 * DAY, first, again)


def test_a_first_not_found_is_not_in_the_history_for_seven_days() -> None:
    looked = make_check(STATED + 2 * DAY, Outcome.NOT_FOUND)
    assert history_on(STATED + 8 * DAY, looked) == [(0, Status.SELF_REPORTED)]
    assert history_on(STATED + 9 * DAY, looked)[-1] == (2, Status.NOT_CONFIRMED)


@given(claims, histories, days)
@many
def test_a_history_knows_no_later_day_and_tells_of_what_is_due(
    claim: Claim, history: list[Check], day: dt.date
) -> None:
    found = standing(claim, make_body(), history, day)
    events = found.history(day)
    assert all(event.day <= day for event in events)
    assert events == sorted(events, key=lambda event: event.day)
    if found.status is Status.CHECK_DUE and found.check is not None:
        assert (found.check.good_until + DAY, Status.CHECK_DUE) in [(event.day, event.status) for event in events]
    if found.check is not None:
        assert found.check.checked_on in {event.day for event in events}
