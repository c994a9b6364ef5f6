"""Signing in: by link, by password, with a second factor; and what an address that nobody has is told."""

import datetime as dt
import re

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Account, Event, Letter, OneTimeLink, Role, SignIn
from directory.services import accounts, limits, passwords, second_factors
from tests.factories import AccountFactory
from tests.mail import letters, link_in
from tests.members import Member, sign_in_as

PASSWORD = "meadow lantern quiet river"
NOON = dt.datetime(2026, 11, 21, 12, 0, 5, tzinfo=dt.UTC)


@pytest.fixture
def somebody(app: Flask, session: Session) -> Account:
    """An account with a password."""
    made: Account = AccountFactory(email="wren@example.org", password=passwords.hashed(PASSWORD))
    return made


@pytest.fixture
def browser(app: Flask, session: Session) -> Member:
    """A browser in which nobody has signed in."""
    return Member(app)


def sign_in(browser: Member, email: str, password: str = PASSWORD, status: int = 303) -> str:
    """Where signing in leads."""
    page = browser.post("/member/sign-in", {"email": email, "password": password}, status=status)
    return page.response.headers.get("Location", "")


def set_up_app(account: Account) -> str:
    """Give an account an app with codes, and return its secret."""
    secret = second_factors.new_app_secret()
    account.tf_primary_method, account.tf_totp_secret = second_factors.APP, secret
    second_factors.new_recovery_codes(account)
    return secret


def code_of(app: Flask, secret: str) -> str:
    """What the app shows now."""
    return str(app.extensions["security"].totp_factory.generate_totp_password(secret))


def test_a_link_by_mail_signs_in_after_a_button_and_once(
    app: Flask, session: Session, browser: Member, somebody: Account
) -> None:
    sent = browser.follow(
        browser.send(browser.get("/member/sign-in"), "/member/sign-in-link", {"email": somebody.email})
    )
    assert "wren@example.org" in sent.text()
    link = link_in(letters(session)[0])
    scanner = Member(app)
    for _ in range(3):
        scanner.get(link)
    signed_in = browser.post(link)
    assert signed_in.response.headers["Location"] != "/member/sign-in"
    assert somebody.email in browser.get("/member/account").text()
    scanner.get(link, status=404)
    assert session.scalars(select(SignIn.method)).all() == ["link"]


def test_a_link_works_in_another_browser_than_the_one_that_asked(
    app: Flask, session: Session, browser: Member, somebody: Account
) -> None:
    browser.send(browser.get("/member/sign-in"), "/member/sign-in-link", {"email": somebody.email})
    phone = Member(app)
    phone.post(link_in(letters(session)[0]))
    phone.get("/member/account")
    browser.get("/member/account", status=303)


def test_a_link_lasts_ten_minutes(app: Flask, session: Session, browser: Member, somebody: Account) -> None:
    with time_machine.travel(NOON, tick=False) as time:
        browser.send(browser.get("/member/sign-in"), "/member/sign-in-link", {"email": somebody.email})
        link = link_in(letters(session)[0])
        time.shift(599)
        browser.get(link)
        time.shift(2)
        browser.get(link, status=404)


def test_a_password_signs_in_and_a_wrong_one_does_not(browser: Member, somebody: Account) -> None:
    page = browser.post("/member/sign-in", {"email": "Wren@Example.org", "password": "wrong"}, status=422)
    assert "do not go together" in page.text()
    assert "wrong" not in page.html.split("<main")[1].replace('class="field wrong"', "")
    sign_in(browser, "Wren@Example.org")
    browser.get("/member/account")
    assert "Wrong password somebody 127.0.0.0/24" in browser.get("/member/account/events").text()


def test_an_account_without_a_password_is_not_signed_in_by_an_empty_or_any_password(
    browser: Member, session: Session
) -> None:
    AccountFactory(email="link@example.org")
    for typed in ("", "None", PASSWORD):
        sign_in(browser, "link@example.org", typed, status=422)


def test_an_account_that_is_switched_off_is_told_so_by_mail_alone(browser: Member, session: Session) -> None:
    AccountFactory(email="off@example.org", active=False, password=passwords.hashed(PASSWORD))
    sign_in(browser, "off@example.org", status=422)
    browser.send(browser.get("/member/sign-in"), "/member/sign-in-link", {"email": "off@example.org"})
    assert letters(session)[0].kind == "account-off"


@pytest.mark.parametrize(
    ("on", "to", "more"),
    [
        ("/member/sign-in", "/member/sign-in-link", {}),
        ("/member/new-password", "/member/new-password", {}),
        ("/member/sign-up", "/member/sign-up", {"agrees": True, "is_adult": True}),
    ],
)
def test_an_address_that_nobody_has_gets_the_same_answer_and_the_same_work(
    app: Flask, session: Session, somebody: Account, on: str, to: str, more: dict[str, bool]
) -> None:
    seen = []
    for email in (somebody.email, "mole@example.org"):
        browser = Member(app)
        before = len(letters(session)), len(session.scalars(select(OneTimeLink)).all())
        sent = browser.send(browser.get(on), to, {"email": email, **more})
        shown = browser.follow(sent)
        after = len(letters(session)), len(session.scalars(select(OneTimeLink)).all())
        headers = {name: value for name, value in sent.response.headers.items() if name != "Set-Cookie"}
        made = (after[0] - before[0], after[1] - before[1])
        seen.append(
            (sent.status, headers, without_tokens(sent.html), without_tokens(shown.html.replace(email, "")), made)
        )
    assert seen[0] == seen[1]
    assert seen[0][-1] == (1, 1)
    assert {row.to for row in session.scalars(select(Letter))} == {somebody.email, "mole@example.org"}


def without_tokens(html: str) -> str:
    return re.sub(r'value="[^"]{60,}"', "", html)


def test_a_wrong_password_and_an_unknown_address_look_the_same_and_write_as_much(
    app: Flask, session: Session, somebody: Account
) -> None:
    seen = []
    for email in (somebody.email, "mole@example.org"):
        page = Member(app).post("/member/sign-in", {"email": email, "password": "not the one at all"}, status=422)
        events = session.scalars(select(Event).where(Event.kind == "password-wrong")).all()
        seen.append((re.sub(r'(value|data-options)="[^"]{40,}"', "", page.html.replace(email, "")), len(events)))
    assert (seen[0][0], seen[0][1] + 1) == seen[1]


def test_a_link_for_nobody_leads_nowhere(browser: Member, session: Session) -> None:
    browser.send(browser.get("/member/sign-in"), "/member/sign-in-link", {"email": "mole@example.org"})
    letter = letters(session)[0]
    assert letter.kind == "no-account"
    assert link_in(letter) == "/member/sign-up"


def test_an_app_with_codes_is_asked_for_after_a_password_and_after_a_link(
    app: Flask, session: Session, browser: Member, somebody: Account
) -> None:
    secret = set_up_app(somebody)
    session.flush()
    assert sign_in(browser, somebody.email) == "/member/second-factor"
    browser.get("/member/account", status=303)
    browser.post("/member/second-factor", {"code": "000000"}, status=422)
    browser.post("/member/second-factor", {"code": code_of(app, secret)})
    browser.get("/member/account")
    other = Member(app)
    other.send(other.get("/member/sign-in"), "/member/sign-in-link", {"email": somebody.email})
    assert other.post(link_in(letters(session)[0])).response.headers["Location"] == "/member/second-factor"
    other.get("/member/account", status=303)


def test_a_code_is_taken_once(app: Flask, session: Session, somebody: Account) -> None:
    secret = set_up_app(somebody)
    session.flush()
    with time_machine.travel(NOON, tick=False) as time:
        code = code_of(app, secret)
        for status in (303, 422):
            browser = Member(app)
            sign_in(browser, somebody.email)
            browser.post("/member/second-factor", {"code": code}, status=status)
        time.shift(60)
        browser.post("/member/second-factor", {"code": code_of(app, secret)})


def test_a_recovery_code_works_once_and_is_told_by_mail(app: Flask, session: Session, somebody: Account) -> None:
    set_up_app(somebody)
    session.flush()
    code = second_factors.recovery_codes(somebody)[0]
    assert code not in str(somebody.mf_recovery_codes)
    for typed, status in ((code.upper().replace("-", " "), 303), (code, 422)):
        browser = Member(app)
        sign_in(browser, somebody.email)
        browser.post("/member/second-factor", {"code": typed}, status=status)
    assert letters(session, kind="second-factor-changed")
    session.refresh(somebody)
    assert second_factors.recovery_codes_left(somebody) == 9
    ada = AccountFactory(role=Role.ADMINISTRATOR)
    accounts.end_sessions(somebody, by=ada, network="203.0.113.0/24", at=NOON)
    session.flush()
    happened = sign_in_as(app, somebody, second_factor=True).get("/member/account/events").text()
    assert "Recovery code used you 127.0.0.0/24" in happened
    assert "Wrong code of an app, or wrong recovery code somebody 127.0.0.0/24" in happened
    assert "All sessions ended an administrator" in happened
    assert "203.0.113.0/24" not in happened


def test_half_a_sign_in_ends_after_ten_minutes(
    app: Flask, session: Session, browser: Member, somebody: Account
) -> None:
    secret = set_up_app(somebody)
    session.flush()
    with time_machine.travel(NOON, tick=False) as time:
        sign_in(browser, somebody.email)
        time.shift(601)
        browser.get("/member/second-factor", status=303)
        sent = {"code": code_of(app, secret), "csrf_token": browser.get("/member/sign-in").token}
        browser.send_raw("/member/second-factor", sent)
        browser.get("/member/account", status=303)


def test_a_new_password_does_not_pass_by_the_second_factor(
    app: Flask, session: Session, browser: Member, somebody: Account
) -> None:
    set_up_app(somebody)
    session.flush()
    before = sign_in_as(app, somebody, second_factor=True)
    browser.post("/member/new-password", {"email": somebody.email})
    link = link_in(letters(session)[0])
    browser.post(link, {"password": "short"}, status=422)
    changed = browser.post(link, {"password": "another meadow lantern"})
    assert changed.response.headers["Location"] == "/member/second-factor"
    browser.get("/member/account", status=303)
    before.get("/member/account", status=303)
    browser.get(link, status=404)
    assert letters(session, kind="password-changed")


def test_signing_in_makes_a_new_token_and_signing_out_ends_the_row(
    app: Flask, session: Session, somebody: Account
) -> None:
    browser = Member(app)
    browser.get("/member/sign-in")
    before = browser._client.get_cookie("session")
    sign_in(browser, somebody.email)
    first = browser._client.get_cookie("session")
    assert before is not None
    assert first is not None
    assert before.value != first.value
    browser.send(browser.get("/member/account"), "/member/sign-out")
    browser._client.set_cookie("session", first.value, domain="localhost")
    browser.get("/member/account", status=303)


HOSTILE = (
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
    "/\n/evil.example",
    " //evil.example",
    "/%09/evil.example",
    "//evil.example/member/account",
    "/member/account\r\nX: y",
    "https:/evil.example",
    "https:///evil.example",
    "//localhost@evil.example",
    "http://localhost.evil.example/",
    "data:text/html,hello",
    "/nothing-here",
    "/./\\evil.example",
    "evil.example",
    "/" + "x" * 5_000,
)


@pytest.mark.parametrize("wanted", HOSTILE)
def test_signing_in_leads_nowhere_else(app: Flask, session: Session, somebody: Account, wanted: str) -> None:
    browser = Member(app)
    page = (
        browser.get("/member/sign-in", query={"next": wanted})
        if len(wanted) < 1_000
        else browser.get("/member/sign-in")
    )
    values = {"email": somebody.email, "password": PASSWORD, "next": wanted, "csrf_token": page.token}
    sent = browser._raw_post("/member/sign-in", data=values)
    assert sent.status_code in {303, 422}
    location = sent.headers.get("Location", "/")
    assert "evil" not in location
    assert re.fullmatch(r"/(member|admin)?(/[a-z-]+)*", location), location


def test_signing_in_leads_where_somebody_wanted_to_go(app: Flask, session: Session, somebody: Account) -> None:
    browser = Member(app)
    asked = browser.get("/member/account/events?before=7", status=303)
    page = browser.follow(asked)
    sent = browser.send(page, "/member/sign-in", {"email": somebody.email, "password": PASSWORD})
    assert sent.response.headers["Location"] == "/member/account/events?before=7"


def test_a_new_device_is_told_by_mail_and_a_known_one_is_not(app: Flask, session: Session, somebody: Account) -> None:
    for agent, expected in (("Firefox/140 Linux", 0), ("Firefox/141 Linux", 0), ("Chrome/140 Android Linux", 1)):
        browser = Member(app)
        browser._client.environ_base["HTTP_USER_AGENT"] = agent
        sign_in(browser, somebody.email)
        assert len(letters(session, kind="signed-in-from")) == expected, agent
    assert "Chrome on Android" in letters(session, kind="signed-in-from")[0].text


def test_the_eleventh_try_in_five_minutes_is_refused_and_says_when_to_come_back(
    app: Flask, session: Session, somebody: Account
) -> None:
    with time_machine.travel(NOON, tick=False) as time:
        browser = Member(app)
        for _ in range(10):
            sign_in(browser, somebody.email, "wrong", status=422)
        refused = browser.post("/member/sign-in", {"email": somebody.email, "password": PASSWORD}, status=429)
        assert int(refused.response.headers["Retry-After"]) <= 300
        assert "minutes" in refused.text()
        time.shift(600)
        sign_in(browser, somebody.email)


def test_second_factors_have_limits_of_their_own(app: Flask, session: Session, somebody: Account) -> None:
    set_up_app(somebody)
    session.flush()
    browser = Member(app)
    sign_in(browser, somebody.email)
    for _ in range(5):
        browser.post("/member/second-factor", {"code": "000000"}, status=422)
    browser.post("/member/second-factor", {"code": "000000"}, status=429)


def test_one_address_gets_five_links_an_hour(app: Flask, session: Session) -> None:
    browser = Member(app)
    for _ in range(5):
        browser.send(browser.get("/member/sign-in"), "/member/sign-in-link", {"email": "mole@example.org"})
    browser.send(browser.get("/member/sign-in"), "/member/sign-in-link", {"email": "mole@example.org"}, status=429)
    assert len(letters(session)) == 5
    assert len(limits.LIMITS["mail-link"]) == 3


@pytest.mark.parametrize("role", [Role.VERIFIER, Role.ADMINISTRATOR])
def test_whoever_needs_a_second_factor_sees_nothing_before_it_is_set_up(
    app: Flask, session: Session, role: Role
) -> None:
    account = AccountFactory(role=role, password=passwords.hashed(PASSWORD))
    browser = Member(app)
    sign_in(browser, account.email)
    for path in ("/member/account", "/member/account/events", "/member/account/sessions"):
        assert browser.get(path, status=303).response.headers["Location"].startswith("/member/second-factors")
    browser.get("/member/second-factors")
    page = browser.get("/member/second-factors/app")
    key = page.text(".//code")
    totp = app.extensions["security"].totp_factory._totp(key=key.replace("-", ""), format="base32")
    codes = browser.follow(browser.send(page, "/member/second-factors/app", {"code": totp.generate().token}))
    assert len(codes.all(".//main//li/code")) == 10
    assert not browser.get("/member/second-factors/recovery-codes").all(".//main//li/code")
    browser.get("/member/account")
