"""Every route, asked by everybody for what is theirs, somebody else's and nobody's: permissions.txt says the answers.

A route that is not in that file fails until it is. DIRECTORY_TEST_SNAPSHOTS=1 writes the file anew: read what changed.
"""

import datetime as dt
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import Context
from difflib import unified_diff
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask, url_for
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import Cookie

from directory.db import db
from directory.http.access import Access, access_of
from directory.lib import clock, tokens
from directory.models import (
    Account,
    Acquaintance,
    Audience,
    Check,
    CircleInvitation,
    Claim,
    Complaint,
    DeliveryState,
    EnquiryBlock,
    EnquiryDelivery,
    Evidence,
    Kept,
    ListingState,
    Method,
    Outcome,
    Practitioner,
    Proposal,
    ProposalKind,
    Question,
    QuestionAnswer,
    Recommendation,
    RecommendationLink,
    RecommendationState,
    Report,
    ReportKind,
    ReportState,
    Role,
    SignIn,
    WebAuthn,
)
from directory.services import complaints, listings, recommendation_switches, recommendations
from tests.conftest import sqlite_only
from tests.factories import AccountFactory, make_link, make_practitioner, make_recommendation
from tests.factories.listings import make_kept
from tests.factories.lists import bring, rows
from tests.factories.questions import make_answer, make_question
from tests.members import HTML, Member, sign_in_as

EXPECTED = Path(__file__).with_name("permissions.txt")
WHOSE = ("own", "other", "absent")
# Whatever stands in no row of a database: one example, and one that is not there.
PLAIN: Mapping[str, tuple[str, str]] = {
    "body_id": ("uk-shiatsu-society", "nothing"),
    "concern_id": ("lower-back-pain", "nothing"),
    "modality_id": ("shiatsu", "nothing"),
    "country": ("GB", "XX"),
    "filename": ("site.css", "nothing.css"),
    "version": ("2026-11-21", "1999-01-01"),
    "step": ("about", "nothing"),
    "token": ("x" * 43, "x" * 43),
    "digest": ("0" * 64, "0" * 64),
    "collection": ("modalities", "nothing"),
    "record_id": ("shiatsu", "nothing"),
    "size": ("1", "999999"),  # of a ledger that has no head
}
# Rows of a listing, by what a path calls their number.
OF_LISTINGS: Mapping[str, type[Any]] = {
    "report_id": Report,
    "delivery_id": EnquiryDelivery,
    "block_id": EnquiryBlock,
    "claim_id": Claim,
    "check_id": Check,
    "proposal_id": Proposal,
    "recommendation_id": Recommendation,
}
# What belongs to an account itself, by what a path calls it: what stands there, and whose it is.
OF_ACCOUNTS: Mapping[str, tuple[Any, Any]] = {
    "invitation_name": (CircleInvitation.public_id, CircleInvitation.inviter_id),
    "known_name": (Acquaintance.public_id, Acquaintance.one_id),
    "question_id": (Question.public_id, Question.asker_id),
    "answer_id": (
        select(QuestionAnswer.public_id).where(QuestionAnswer.question_id == Question.id).scalar_subquery(),
        Question.asker_id,
    ),
    "complaint_id": (
        select(Complaint.id).where(Complaint.recommendation_id == Recommendation.id).scalar_subquery(),
        Recommendation.writer_id,
    ),
    "complaint_name": (
        select(Complaint.public_id).where(Complaint.recommendation_id == Recommendation.id).scalar_subquery(),
        Recommendation.writer_id,
    ),
    "note_id": (Recommendation.public_id, Recommendation.writer_id),
    "answerable_id": (
        Recommendation.public_id,
        select(Kept.account_id).where(Kept.practitioner_id == Recommendation.practitioner_id).scalar_subquery(),
    ),
    "link_id": (
        select(RecommendationLink.public_id)
        .where(RecommendationLink.recommendation_id == Recommendation.id)
        .scalar_subquery(),
        Recommendation.writer_id,
    ),
}
ABSENT = 999_999
# What is no number in a path.
WORDS = {
    "public_id",
    "slug",
    "note_id",
    "link_id",
    "answerable_id",
    "complaint_name",
    "invitation_name",
    "known_name",
    "question_id",
    "answer_id",
}
NOTICE = {"method": "public-register", "checked_on": "2026-11-20", "notice_url": "https://example.org/notice"}
PARTS = re.compile(r"<[^>]*?(\w+)>")
# What differs from run to run in a path.
NUMBERS = re.compile(r"(?<=/)[a-z0-9]{10}(?=/)|(?<=/)[2-9b-df-hj-np-tv-z]{10}$|\d+")


class People:
    """Everybody who asks, and what is whose. The listing of `owner` is their own, that of `stranger` another's."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.administrator: Account = AccountFactory(role=Role.ADMINISTRATOR)
        self.owner, self.stranger = (self._keeper() for _ in range(2))
        self.roles: dict[str, Member] = {
            "anonymous": Member(app),
            "member": sign_in_as(app, self.owner, second_factor=True),
            "verifier": sign_in_as(app, AccountFactory(role=Role.VERIFIER)),
            "administrator": sign_in_as(app, self.administrator),
            "unready": sign_in_as(app, AccountFactory(role=Role.ADMINISTRATOR), second_factor=False),
            "disabled": sign_in_as(app, AccountFactory(role=Role.ADMINISTRATOR, active=False)),
        }
        self.import_id = bring(rows(2)).id
        for writer in (self.owner, self.stranger):
            note = make_recommendation(make_practitioner(), writer)
            make_link(note)
            session.flush()
            complaints.make(note, "insult", "x", reply_to=None, at=clock.now())
        self.switch_id = recommendation_switches.off_in("AQ", "x", by=None, at=clock.now()).id
        for keeper in (self.owner, self.stranger):
            self._be_recommended(keeper)
            make_answer(make_question(keeper))
        session.flush()

    def _keeper(self) -> Account:
        account: Account = AccountFactory()
        kept = make_kept(account, ListingState.PUBLISHED, by=self.administrator)
        at = clock.now()
        db.session.add(
            WebAuthn(
                user=account, credential_id=os.urandom(16), public_key=b"x", sign_count=0, backup_state=False,
                device_type="single_device", create_datetime=at, lastuse_datetime=at, name="x", usage="first",
            )
        )  # fmt: skip
        db.session.add(
            SignIn(
                account_id=account.id, token_hash=os.urandom(16).hex(), method="link", had_second_factor=True,
                created_at=at, seen_at=at, proved_at=at, network="", device="",
            )
        )  # fmt: skip
        db.session.add(
            Report(
                practitioner_id=kept.practitioner_id, kind=ReportKind.WRONG, text="x",
                state=ReportState.WITH_PRACTITIONER, made_at=at,
            )
        )  # fmt: skip
        db.session.add(
            Evidence(
                claim_id=_first(Claim, practitioner_id=kept.practitioner_id), name="card.pdf", digest="0" * 64, size=4,
                media_type="application/pdf", content=b"%PDF", received_at=at,
            )
        )  # fmt: skip
        db.session.add(
            Check(
                practitioner_id=kept.practitioner_id, body_id="uk-shiatsu-society", number_key="12345",
                checked_on=at.date(), recorded_at=at, method=Method.PUBLIC_REGISTER, outcome=Outcome.INCONCLUSIVE,
                by_id=self.administrator.id,
            )
        )  # fmt: skip
        db.session.add(
            EnquiryDelivery(
                practitioner_id=kept.practitioner_id, state=DeliveryState.PASSED_ON, sender_key="x", made_at=at,
                passed_on_at=at,
            )
        )  # fmt: skip
        db.session.add(EnquiryBlock(practitioner_id=kept.practitioner_id, sender_key="y", made_at=at))
        db.session.add(
            Proposal(
                kind=ProposalKind.RESTRICTION, about_id=_first(Claim, practitioner_id=kept.practitioner_id),
                practitioner_id=kept.practitioner_id, by_id=account.id, made_at=at, details=NOTICE,
            )
        )  # fmt: skip
        friend = AccountFactory()
        db.session.add(
            Acquaintance(
                one_id=account.id, other_id=friend.id, public_id=tokens.public_id(), one_name="x", other_name="x",
                made_at=at,
            )
        )  # fmt: skip
        db.session.add(
            CircleInvitation(
                public_id=tokens.public_id(), token=tokens.secret(), inviter_id=account.id, inviter_name="x",
                for_whom="x", made_at=at, expires_at=at + dt.timedelta(days=30),
            )
        )  # fmt: skip
        db.session.flush()
        return account

    def _be_recommended(self, keeper: Account) -> None:
        """A note that everybody reads about somebody's listing, with a reply that waits."""
        kept = listings.of_account(keeper)
        assert kept is not None
        shown = RecommendationState.SHOWN
        note = make_recommendation(kept.practitioner, None, Audience.PUBLIC, state=shown)
        db.session.flush()
        recommendations.reply(note, "x", by=keeper, at=clock.now())

    def values(self, rule: Rule, whose: str) -> dict[str, object]:
        """What stands in the path."""
        return {name: self._value(name, rule, whose) for name in rule.arguments}

    def _value(self, name: str, rule: Rule, whose: str) -> object:
        if name in PLAIN:
            return PLAIN[name][whose == "absent"]
        if whose == "absent":
            return "nothing" if name in WORDS else ABSENT
        account = self.owner if whose == "own" else self.stranger
        if name == "account_id":
            return account.id
        if name == "number":
            return (
                _first(WebAuthn, user_id=account.id)
                if "passkeys" in rule.rule
                else _first(SignIn, account_id=account.id)
            )
        if name in OF_ACCOUNTS:
            column, of = OF_ACCOUNTS[name]
            return db.session.scalars(select(column).where(of == account.id)).one()
        if name in {"import_id", "switch_id"}:
            return getattr(self, name)
        kept = listings.of_account(account)
        assert kept is not None
        if name == "evidence_id":
            return _first(Evidence, claim_id=_first(Claim, practitioner_id=kept.practitioner_id))
        if name in OF_LISTINGS:
            return _first(OF_LISTINGS[name], practitioner_id=kept.practitioner_id)
        listing = db.session.get_one(Practitioner, kept.practitioner_id)
        return {"practitioner_id": listing.id, "public_id": listing.public_id, "slug": listing.slug}[name]


def _first(model: type[Any], **where: int) -> int:
    return int(db.session.scalars(select(model.id).filter_by(**where).order_by(model.id)).first())


@contextmanager
def undone(session: Session) -> Iterator[None]:
    """Whatever happens inside has not happened."""
    session.commit()
    connection = session.get_bind()
    assert isinstance(connection, Connection)
    here = connection.begin_nested()
    try:
        yield
    finally:
        here.rollback()
        session.expire_all()


def rules(app: Flask) -> list[tuple[str, Rule]]:
    """Each method and rule, by path."""
    found = [
        (method, rule)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]
    return sorted(found, key=lambda pair: (pair[1].rule, pair[0]))


def answered(somebody: Member, method: str, path: str) -> str:
    """The status, and where it sends to."""
    options: dict[str, Any] = {"headers": {**HTML, "Origin": "http://localhost"}}

    def ask() -> str:
        # Read to its end where it was begun: an answer may be made while it is sent.
        with somebody._client.open(path, method=method, **options) as answer:
            answer.get_data()
        location = urlsplit(answer.headers.get("Location", ""))
        return f"{answer.status_code} {NUMBERS.sub('…', location.path)}".strip()

    return Context().run(ask)


# Who may do what does not depend on the database, and everything is asked.
@sqlite_only
def test_everybody_gets_the_answer_that_is_written_down(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)  # noqa: FBT003  a value, not a flag
    people = People(app, session)
    lines = [" | ".join(("asked", *people.roles))]
    with app.test_request_context():
        asked = [
            (method, rule, whose, url_for(rule.endpoint, **people.values(rule, whose)))
            for method, rule in rules(app)
            for whose in WHOSE
            if whose == "own" or rule.arguments - (PLAIN.keys() if whose == "other" else set())
        ]
    for method, rule, whose, path in asked:
        seen = {}
        for role, somebody in people.roles.items():
            cookie = somebody._client.get_cookie("session")
            with undone(session):
                seen[role] = answered(somebody, method, path)
            put_back(somebody, cookie)
        plain = PARTS.sub(r"<\1>", rule.rule)
        what = f"{method} {plain}" + (f" ({whose})" if rule.arguments else "")
        lines.append(" | ".join((what, *seen.values())))
    if os.environ.get("DIRECTORY_TEST_SNAPSHOTS"):
        EXPECTED.write_text("\n".join(lines) + "\n")
    expected = EXPECTED.read_text().splitlines()
    assert lines == expected, "\n".join(unified_diff(expected, lines, lineterm="", n=0))


def put_back(somebody: Member, cookie: Cookie | None) -> None:
    """Forget what an answer did to the session of whoever asked."""
    if cookie is None:
        somebody._client.delete_cookie("session")
    else:
        somebody._client.set_cookie("session", cookie.value, domain="localhost")


def table() -> Iterator[tuple[str, dict[str, str]]]:
    """What is asked, and the answer to each role."""
    head, *lines = EXPECTED.read_text().splitlines()
    _asked, *roles = head.split(" | ")
    for line in lines:
        what, *answers = line.split(" | ")
        yield what, dict(zip(roles, answers, strict=True))


DENIED = re.compile(r"303 /member/(sign-in|second-factors?)|401|403|404")


def test_the_desk_is_closed_to_all_but_administrators_and_verifiers() -> None:
    asked = [(what, said) for what, said in table() if what.split()[1].startswith("/admin")]
    assert asked
    for what, said in asked:
        for role in ("anonymous", "member", "unready", "disabled"):
            assert DENIED.fullmatch(said[role]), f"{what}: {role} {said[role]}"
        assert said["anonymous"] == said["disabled"], what


def test_what_is_for_the_signed_in_is_closed_to_others(bare_app: Flask) -> None:
    with bare_app.app_context():
        closed = {
            method + " " + PARTS.sub(r"<\1>", rule.rule)
            for method, rule in rules(bare_app)
            if access_of(rule.endpoint) in {Access.MEMBER, Access.PERMITTED}
        }
    asked = [(what, said) for what, said in table() if what.partition(" (")[0] in closed]
    assert {what.partition(" (")[0] for what, _ in asked} == closed
    assert closed
    for what, said in asked:
        for role in ("anonymous", "disabled"):
            assert said[role] in {"303 /member/sign-in", "401"}, f"{what}: {role} {said[role]}"


def test_what_is_somebody_elses_looks_as_if_it_were_not_there() -> None:
    rows = dict(table())
    others = [what for what in rows if "/member/" in what and what.endswith("(other)")]
    assert others
    for what in others:
        absent = rows[what.replace("(other)", "(absent)")]
        assert rows[what]["member"] == absent["member"], what
