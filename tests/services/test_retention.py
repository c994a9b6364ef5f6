"""What was kept for long enough goes, what is younger stays, and the page says so."""

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.models import (
    Account,
    Attempt,
    Audience,
    CircleInvitation,
    ClaimMessage,
    Complaint,
    ComplaintWords,
    Event,
    Evidence,
    Letter,
    LetterState,
    LinkKind,
    ListingState,
    ListingVersion,
    OneTimeLink,
    Origin,
    Practitioner,
    Question,
    Recommendation,
    RecommendationLink,
    RecommendationState,
    RegisterFile,
    Report,
    ReportKind,
    ReportState,
    Role,
    Ruling,
    SignIn,
)
from directory.services import complaints, retention
from directory.services.retention import Rule
from tests.factories import CheckFactory, ClaimFactory, make_link, make_practitioner, make_recommendation
from tests.factories.accounts import AccountFactory
from tests.factories.circles import make_invitation
from tests.factories.listings import make_kept
from tests.factories.lists import bring, rows
from tests.factories.questions import make_answer, make_question
from tests.pages import Visitor

NOW = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC)
Make = Callable[[Session, dt.datetime], None]


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def account(session: Session, then: dt.datetime) -> None:
    AccountFactory(created_at=then, confirmed_at=None)


def draft(session: Session, then: dt.datetime) -> None:
    kept = make_kept(AccountFactory(), at=then)
    kept.practitioner.updated_at = then


def sign_in(session: Session, then: dt.datetime) -> None:
    session.add(
        SignIn(
            token_hash=str(then), account_id=AccountFactory().id, method="link", created_at=then, seen_at=then,
            proved_at=then, ended_at=then, network="", device="",
        )
    )  # fmt: skip


def event(session: Session, then: dt.datetime) -> None:
    session.add(Event(kind="signed-in", at=then, network="203.0.113.0/24"))


def link(session: Session, then: dt.datetime) -> None:
    session.add(
        OneTimeLink(
            token_hash=str(then), kind=LinkKind.SIGN_IN, email="a@example.org", created_at=then, expires_at=then
        )
    )


def letter(session: Session, then: dt.datetime) -> None:
    session.add(
        Letter(
            kind="a", cause=str(then), message_id=str(then), to="a@example.org", state=LetterState.SENT,
            queued_at=then, next_at=then, sent_at=then,
        )
    )  # fmt: skip


def attempt(session: Session, then: dt.datetime) -> None:
    session.add(Attempt(key="a", began_at=then, tries=1, ends_at=then))


def report(session: Session, then: dt.datetime) -> None:
    session.add(
        Report(
            practitioner_id=make_practitioner().id, kind=ReportKind.MOVED, text="", state=ReportState.SETTLED,
            made_at=then, settled_at=then,
        )
    )  # fmt: skip


def evidence(session: Session, then: dt.datetime) -> None:
    """Sent long ago, and decided on `then`."""
    claim = ClaimFactory(practitioner_id=make_practitioner().id)
    check = CheckFactory(practitioner_id=claim.practitioner_id, recorded_at=then)
    session.add(
        Evidence(
            claim_id=claim.id, check_id=check.id, name="card.pdf", media_type="application/pdf", size=4, digest="ab",
            content=b"%PDF", received_at=NOW - dt.timedelta(days=900),
        )
    )  # fmt: skip


def files(session: Session) -> int:
    return session.scalar(select(func.count()).where(Evidence.content.is_not(None), Evidence.name != "")) or 0


def message(session: Session, then: dt.datetime) -> None:
    claim = ClaimFactory(practitioner_id=make_practitioner().id)
    session.add(ClaimMessage(claim_id=claim.id, is_from_practitioner=True, text="Yes.", sent_at=then))


def private_link(session: Session, then: dt.datetime) -> None:
    make_link(made_at=then - dt.timedelta(days=365))


def text_not_shown(_session: Session, then: dt.datetime) -> None:
    make_recommendation(None, None, Audience.PUBLIC, state=RecommendationState.REFUSED, decided_at=then)


def question(_session: Session, then: dt.datetime) -> None:
    make_answer(make_question(made_at=then - dt.timedelta(days=30)))


def invitation(_session: Session, then: dt.datetime) -> None:
    make_invitation(AccountFactory(), made_at=then)


def complaint(session: Session, then: dt.datetime) -> None:
    boss = AccountFactory(role=Role.ADMINISTRATOR)
    note = make_recommendation(None, None, Audience.PUBLIC, state=RecommendationState.SHOWN)
    session.flush()
    case = complaints.make(note, "insult", "x", reply_to="a@example.org", at=then)
    complaints.decide(case.id, Ruling.KEEP, "own-view", by=boss, at=then, revision=case.revision)


def objectors(session: Session) -> int:
    """Those who are known still; of the others nothing is left that was said."""
    query = select(func.count()).select_from(Complaint).where(Complaint.reply_to.is_not(None))
    found = session.scalar(query) or 0
    assert count(session, ComplaintWords) == found
    return found


def networks(session: Session) -> int:
    return session.scalar(select(func.count()).where(Event.network.is_not(None))) or 0


def brought(_session: Session, at: dt.datetime) -> None:
    bring(rows(3), on=at.date(), at=at)


MAKES: dict[str, tuple[Make, Callable[[Session], int]]] = {
    "_accounts_never_confirmed": (account, lambda session: count(session, Account)),
    "_listings_left_lying": (draft, lambda session: count(session, Practitioner)),
    "_sign_ins": (sign_in, lambda session: count(session, SignIn)),
    "_networks": (event, networks),
    "_links": (link, lambda session: count(session, OneTimeLink)),
    "_letters": (letter, lambda session: count(session, Letter)),
    "_attempts": (attempt, lambda session: count(session, Attempt)),
    "_complaints": (complaint, objectors),
    "_evidence": (evidence, files),
    "_invitations_to_circles": (invitation, lambda session: count(session, CircleInvitation)),
    "_lists_left_lying": (brought, lambda session: count(session, RegisterFile)),
    "_messages": (message, lambda session: count(session, ClaimMessage)),
    "_private_links": (private_link, lambda session: count(session, RecommendationLink)),
    "_questions": (question, lambda session: count(session, Question)),
    "_texts_not_shown": (text_not_shown, lambda session: count(session, Recommendation)),
    "_reports": (report, lambda session: count(session, Report)),
}
ENFORCED = [rule for rule in retention.RULES if rule.clear is not None]


@pytest.mark.parametrize("rule", ENFORCED, ids=lambda rule: rule.clear.__name__)
def test_what_is_older_goes_and_what_is_younger_stays(session: Session, rule: Rule) -> None:
    assert rule.clear is not None
    assert rule.days is not None
    make, left = MAKES[rule.clear.__name__]
    for days in (rule.days + 1, rule.days - 1):
        make(session, NOW - dt.timedelta(days=days))
    session.flush()
    assert left(session) == 2
    assert retention.enforce(at=NOW)[rule.what] == 1
    assert left(session) == 1
    assert retention.enforce(at=NOW)[rule.what] == 0


def test_what_is_public_waits_or_was_imported_is_no_draft_that_was_left(session: Session) -> None:
    long_ago = NOW - dt.timedelta(days=900)
    administrator = AccountFactory(role=Role.ADMINISTRATOR)
    for state in (ListingState.SUBMITTED, ListingState.CHANGES_WAITING, ListingState.HIDDEN, ListingState.SUSPENDED):
        kept = make_kept(AccountFactory(), state, by=administrator, at=long_ago)
        kept.practitioner.updated_at = long_ago
    make_practitioner(state=ListingState.WITHDRAWN, origin=Origin.IMPORT, updated_at=long_ago)
    before = count(session, Practitioner)
    retention.enforce(at=NOW)
    assert count(session, Practitioner) == before
    assert count(session, ListingVersion) > 0


def test_the_page_on_privacy_shows_every_rule(visitor: Visitor) -> None:
    page = visitor.get("/privacy")
    rows = [" ".join("".join(row.itertext()).split()) for row in page.all(".//tbody/tr")]
    assert len(rows) == len(retention.RULES)
    for rule, row in zip(retention.RULES, rows, strict=True):
        for words in (rule.what, rule.why, rule.how_long % {"days": rule.days}):
            assert words in row
