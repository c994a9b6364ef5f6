"""A form that was sent when the session had ended: nothing that was typed is lost."""

from flask import Flask
from sqlalchemy.orm import Session

from directory.lib import clock
from directory.models import Account
from directory.services import passwords, sign_ins
from tests.factories import AccountFactory
from tests.mail import letters
from tests.members import Member, sign_in_as

PASSWORD = "meadow lantern quiet river"
TYPED = {"email": 'new@example.org"><b>'}
ADDRESS = "/member/account/address"


def interrupted(app: Flask) -> tuple[Account, Member]:
    account: Account = AccountFactory(email="wren@example.org", password=passwords.hashed(PASSWORD))
    return account, sign_in_as(app, account)


def test_a_form_is_kept_through_signing_in_again_with_a_password(app: Flask, session: Session) -> None:
    account, somebody = interrupted(app)
    page = somebody.get(ADDRESS)
    sign_ins.end_all(account, at=clock.now())
    kept = somebody.send(page, ADDRESS, {"email": "new@example.org"}, status=401)
    assert "what you typed is kept" in kept.text(".//h1")
    wrong = {"email": account.email, "password": "no"}
    kept = somebody.send(kept, "/member/sign-in-again", wrong, status=422)
    right = {"email": account.email, "password": PASSWORD}
    signed_in = somebody.send(kept, "/member/sign-in-again", right, status=200)
    somebody.send(signed_in, ADDRESS)
    assert letters(session)[0].to == "new@example.org"


def test_a_form_is_kept_through_signing_in_in_another_tab(app: Flask, session: Session) -> None:
    account, somebody = interrupted(app)
    page = somebody.get(ADDRESS)
    sign_ins.end_all(account, at=clock.now())
    kept = somebody.send(page, ADDRESS, {"email": "new@example.org"}, status=401)
    somebody.post("/member/sign-in", {"email": account.email, "password": PASSWORD})
    # The token in the open page is of the session before.
    again = somebody.send(kept, ADDRESS, status=400)
    assert "One more press" in again.text()
    somebody.send(again, ADDRESS)
    assert letters(session)[0].to == "new@example.org"


def test_what_was_typed_is_escaped_and_passwords_are_not_written_back(app: Flask, session: Session) -> None:
    account, somebody = interrupted(app)
    page = somebody.get(ADDRESS)
    sign_ins.end_all(account, at=clock.now())
    kept = somebody.send(page, ADDRESS, TYPED, status=401)
    assert "<b>" not in kept.html
    values = {"password": "canary-of-somebody", "code": "canary", "credential": "canary", "name": "x"}
    other = somebody.send_raw("/member/account/password", values, status=401)
    assert "canary" not in other.html


def test_other_sites_cannot_fill_in_a_form_here(app: Flask, session: Session) -> None:
    account, somebody = interrupted(app)
    sign_ins.end_all(account, at=clock.now())
    for headers in (
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
    ):
        somebody.send_raw(ADDRESS, TYPED, status=403, headers=headers)
    signed_in = sign_in_as(app, account)
    refused = signed_in.send_raw(ADDRESS, TYPED, status=400, headers={"Origin": "https://evil.example"})
    assert "evil" not in refused.html
    assert "Send it" not in refused.text()


def test_a_form_is_sent_on_to_forms_of_this_site_alone(app: Flask, session: Session) -> None:
    account, somebody = interrupted(app)
    page = somebody.get(ADDRESS)
    sign_ins.end_all(account, at=clock.now())
    kept = somebody.send(page, ADDRESS, {"email": "new@example.org"}, status=401)
    for target in ("https://evil.example/", "//evil.example/", "/practitioners", "/member/sign-in", "/nothing"):
        values = {
            "email": account.email,
            "password": PASSWORD,
            "kept": f'{{"target": "{target}", "fields": [], "had_files": false}}',
        }
        somebody.send(kept, "/member/sign-in-again", values, status=400)


def test_a_program_is_told_that_it_must_sign_in(app: Flask, session: Session) -> None:
    for method in (app.test_client().get, app.test_client().post):
        answer = method("/member/account/address", headers={"Accept": "application/json"})
        assert answer.status_code == 401
        assert answer.content_type == "application/problem+json"


def test_a_huge_form_is_not_echoed(app: Flask, session: Session) -> None:
    somebody = Member(app)
    somebody.send_raw(ADDRESS, {f"field-{number}": "x" for number in range(700)}, status=413)


def test_a_form_that_is_too_large_to_be_shown_again_is_refused_also_without_its_token(
    app: Flask, session: Session
) -> None:
    somebody = sign_in_as(app, AccountFactory())
    refused = somebody.send_raw(ADDRESS, {"email": "x" * 300_000}, status=413)
    assert "too large" in refused.text()


def test_what_a_page_cannot_have_held_is_not_sent_on(app: Flask, session: Session) -> None:
    account, somebody = interrupted(app)
    page = somebody.get(ADDRESS)
    sign_ins.end_all(account, at=clock.now())
    kept = somebody.send(page, ADDRESS, TYPED, status=401)
    lone = f'{{"target": "{ADDRESS}", "fields": [["email", "\\ud800"]], "had_files": false}}'
    for held in ("[" * 100_000, lone, f'{{"target": "{ADDRESS}\\ud800", "fields": [], "had_files": false}}'):
        values = {"email": account.email, "password": PASSWORD, "kept": held}
        somebody.send(kept, "/member/sign-in-again", values, status=400)
