"""Notes as their writers keep them."""

import datetime as dt

from sqlalchemy.orm import Session

from directory.models import Audience, RecommendationState, Relation
from directory.services import recommendations
from directory.services.recommendations import Given
from tests.factories import AccountFactory, make_practitioner, make_recommendation

AT = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)


def given(**values: object) -> Given:
    said: dict[str, object] = {
        "audience": Audience.FRIEND,
        "relation": Relation.CLIENT,
        "was_treated": True,
        "month": dt.date(2026, 10, 1),
        "modality_id": "shiatsu",
        "reward": None,
        "text": "They asked first, and listened.",
        "name": "Maud Fairlie",
    }
    return Given(**{**said, **values})  # type: ignore[arg-type]


def test_a_note_for_a_friend_is_shown_at_once(session: Session) -> None:
    writer = AccountFactory()
    note = recommendations.write(make_practitioner(), given(), by=writer, network=None, at=AT)
    assert (note.state, note.revision) == (RecommendationState.SHOWN, 1)
    assert recommendations.of_writer(writer) == [note]
    assert recommendations.get_own(writer, note.public_id) is note
    make_recommendation()
