"""What a browser says of a passkey, when it is none. Real ones are in tests/browser/test_passkeys.py."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.factories import AccountFactory
from tests.members import Member, sign_in_as

NONSENSE = ("x", "null", "[]", '{"rawId": 1}', '{"rawId": "é", "response": {}}', "[" * 19_000, '{"a":' * 3_000)


@pytest.mark.parametrize("said", NONSENSE, ids=lambda said: said[:8])
def test_nonsense_is_no_passkey(app: Flask, session: Session, said: str) -> None:
    somebody = Member(app)
    refused = somebody.post("/member/passkey-sign-in", {"credential": said}, on="/member/sign-in", status=422)
    assert "not known here" in refused.text()


@pytest.mark.parametrize("said", NONSENSE, ids=lambda said: said[:8])
def test_nonsense_adds_no_passkey(app: Flask, session: Session, said: str) -> None:
    somebody = sign_in_as(app, AccountFactory())
    values = {"credential": said, "name": "phone"}
    somebody.post("/member/second-factors/passkeys", values, on="/member/second-factors", status=422)
