"""An example of every status, worked out by the program itself, so that a page about them cannot say anything else."""

import datetime as dt

from directory.lib import clock
from directory.models import Body, Check, Claim, Confidence, Method, Outcome, Standing, Status
from directory.models.standings import standing

# Invented: an adverse status never names a body that exists.
BODY = "Society of Quiet Hands"
UNKNOWN_BODY = "Guild of the Open Palm"
GRADE = "MSQH"
# In the order in which a reader wants to know them.
ORDER = (
    Status.CHECKED,
    Status.CHECK_DUE,
    Status.SELF_REPORTED,
    Status.BEING_CHECKED,
    Status.NOT_CONFIRMED,
    Status.ENDED,
    Status.RESTRICTED,
    Status.WITHDRAWN,
    Status.BODY_NOT_ASSESSED,
)


def examples(today: dt.date) -> list[Standing]:
    """One standing of each status, as they would be shown today. Nothing of it is stored."""
    return [example(status, today) for status in ORDER]


def example(status: Status, today: dt.date) -> Standing:
    """A standing of this status, as it would be shown today. Nothing of it is stored."""

    def ago(days: int) -> dt.date:
        return today - dt.timedelta(days=days)

    body: Body | None = _body(today)
    claim = _claim(ago(700))
    checks: list[Check] = []
    match status:
        case Status.CHECKED:
            checks = [_check(Outcome.CONFIRMED, ago(11), valid_to=today + dt.timedelta(days=131))]
        case Status.CHECK_DUE:
            checks = [_check(Outcome.CONFIRMED, ago(414), valid_to=ago(49))]
        case Status.BEING_CHECKED:
            claim.taken_on = ago(3)
        case Status.NOT_CONFIRMED:
            checks = [_check(Outcome.NOT_FOUND, ago(9))]
        case Status.ENDED:
            checks = [_check(Outcome.ENDED, ago(20), ended_on=ago(243))]
        case Status.RESTRICTED:
            checks = [_check(Outcome.RESTRICTED, ago(14), notice_url="https://example.org/")]
        case Status.WITHDRAWN:
            claim.withdrawn_on = ago(199)
        case Status.BODY_NOT_ASSESSED:
            body, claim.body_name = None, f"the {UNKNOWN_BODY}"
    return standing(claim, body, checks, today)


def _body(today: dt.date) -> Body:
    return Body(
        id="example",
        name=BODY,
        lists_individuals=True,
        confidence=Confidence.HIGH,
        compiled_on=today,
        reviewed_on=today,
        details={"article": True},
    )


def _claim(stated_on: dt.date) -> Claim:
    return Claim(body_id="example", grade=GRADE, number="12345", number_key="12345", stated_on=stated_on)


def _check(
    outcome: Outcome,
    checked_on: dt.date,
    *,
    valid_to: dt.date | None = None,
    ended_on: dt.date | None = None,
    notice_url: str | None = None,
) -> Check:
    return Check(
        body_id="example",
        number_key="12345",
        checked_on=checked_on,
        recorded_at=clock.now(),
        method=Method.PUBLIC_REGISTER,
        outcome=outcome,
        seen_grade=GRADE if outcome is Outcome.CONFIRMED else None,
        valid_to=valid_to,
        ended_on=ended_on,
        notice_url=notice_url,
        due_on=valid_to,
    )
