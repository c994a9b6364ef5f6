"""A photograph is seen as long as its listing is public, and not a moment longer."""

import pytest
from sqlalchemy.orm import Session

from directory.models import ListingState
from directory.services import photos
from tests import factories
from tests.factories.listings import AT, make_kept
from tests.members import Member
from tests.pages import Visitor
from tests.services.test_photos import picture


def test_it_is_served_as_a_picture_and_nothing_else(visitor: Visitor, session: Session) -> None:
    someone = factories.make_practitioner()
    digest = photos.keep(someone.id, photos.read(picture()), at=AT)
    address = f"/photos/{digest}.jpg"
    assert visitor.raw(address).status_code == 404
    someone.photo = digest
    session.flush()
    answer = visitor.raw(address)
    assert answer.status_code == 200
    assert answer.mimetype == "image/jpeg"
    assert answer.data.startswith(b"\xff\xd8")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-cache" in answer.headers["Cache-Control"]
    again = visitor.raw(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""
    someone.state = ListingState.HIDDEN
    session.flush()
    for headers in ({}, {"If-None-Match": answer.headers["ETag"]}):
        assert visitor.raw(address, headers=headers).status_code == 404


@pytest.mark.parametrize("digest", ["0" * 64, "x", "%00", "a" * 65, "'; drop"])
def test_one_that_is_not_there_is_not_found(visitor: Visitor, digest: str) -> None:
    assert visitor.raw(f"/photos/{digest}.jpg").status_code in {400, 404}


def test_somebody_sees_their_own_before_the_public_does(
    member: Member, visitor: Visitor, administrator: Member
) -> None:
    assert member.account is not None
    assert member.raw("/member/photo").status_code == 404
    kept = make_kept(member.account)
    assert member.raw("/member/photo").status_code == 404
    digest = photos.keep(kept.practitioner_id, photos.read(picture()), at=AT)
    answer = member.raw("/member/photo")
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert answer.headers["Cache-Control"] == "no-store"
    desk = f"/admin/listings/{kept.practitioner_id}/photo/{digest}"
    assert administrator.raw(desk).data == answer.data
    assert visitor.raw(f"/photos/{digest}.jpg").status_code == 404
    assert visitor.raw("/member/photo").status_code == 303
    assert administrator.raw("/member/photo").status_code == 404
