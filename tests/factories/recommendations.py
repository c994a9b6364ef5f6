"""Notes about practitioners."""

import datetime as dt
from typing import Any

import factory

from directory.lib import clock, tokens
from directory.models import (
    Account,
    Audience,
    Practitioner,
    Recommendation,
    RecommendationLink,
    RecommendationState,
    Relation,
    ShownAs,
)
from tests.factories.accounts import AccountFactory
from tests.factories.base import BaseFactory
from tests.factories.practitioners import make_practitioner

AT = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)
TEXT = "They asked first, and listened. I felt looked after."


class RecommendationFactory(BaseFactory):
    class Meta:
        model = Recommendation

    public_id = factory.LazyFunction(tokens.public_id)
    audience = Audience.FRIEND
    state = factory.LazyAttribute(
        lambda made: RecommendationState.HELD if made.audience is Audience.PUBLIC else RecommendationState.SHOWN
    )
    relation = Relation.CLIENT
    was_treated = True
    month = dt.date(2026, 10, 1)
    modality_id = "shiatsu"
    reward = None
    text = TEXT
    name = "Maud Fairlie"
    shown_as = ShownAs.FIRST_NAME
    consented_at = AT
    made_at = AT
    changed_at = factory.SelfAttribute("made_at")
    revision = 1
    is_from_same_network = False


class RecommendationLinkFactory(BaseFactory):
    class Meta:
        model = RecommendationLink

    public_id = factory.LazyFunction(tokens.public_id)
    token = factory.LazyFunction(tokens.secret)
    for_whom = ""
    made_at = factory.LazyFunction(clock.now)
    expires_at = factory.LazyAttribute(lambda made: made.made_at + dt.timedelta(days=365))
    opened = 0


def make_recommendation(
    practitioner: Practitioner | None = None,
    writer: Account | None = None,
    audience: Audience = Audience.FRIEND,
    **values: Any,
) -> Recommendation:
    """A note by `writer` about `practitioner`, each made where none is given; a public one is held unless `state` says
    otherwise."""
    practitioner = practitioner or make_practitioner()
    writer = writer or AccountFactory()
    made: Recommendation = RecommendationFactory(
        practitioner=practitioner,
        practitioner_id=practitioner.id,
        writer=writer,
        writer_id=writer.id,
        audience=audience,
        **values,
    )
    return made


def make_link(note: Recommendation | None = None, **values: Any) -> RecommendationLink:
    """A private link to a note for one friend."""
    note = note or make_recommendation()
    made: RecommendationLink = RecommendationLinkFactory(recommendation=note, recommendation_id=note.id, **values)
    return made
