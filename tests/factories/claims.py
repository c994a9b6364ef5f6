"""Claims and checks."""

import datetime as dt

import factory

from directory.models import Check, Claim, Method, Outcome, Tie
from directory.models.claims import number_key
from tests.factories.base import BaseFactory


class ClaimFactory(BaseFactory):
    class Meta:
        model = Claim

    body_id = "uk-shiatsu-society"
    grade = "MRSS"
    number = "12345"
    number_key = factory.LazyAttribute(lambda made: number_key(made.number))
    stated_on = dt.date(2025, 2, 12)
    recorded_at = dt.datetime(2025, 2, 12, 9, 0, tzinfo=dt.UTC)


class CheckFactory(BaseFactory):
    class Meta:
        model = Check

    body_id = "uk-shiatsu-society"
    number_key = "12345"
    checked_on = dt.date(2026, 11, 9)
    recorded_at = factory.LazyAttribute(lambda made: dt.datetime.combine(made.checked_on, dt.time(9), tzinfo=dt.UTC))
    method = Method.PUBLIC_REGISTER
    outcome = Outcome.CONFIRMED
    tie = factory.LazyAttribute(lambda made: Tie.WEBSITE if made.outcome is Outcome.CONFIRMED else None)
    seen_grade = "MRSS"
    valid_to = dt.date(2027, 3, 31)
    due_on = dt.date(2027, 3, 31)
