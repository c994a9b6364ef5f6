"""What is kept, why, and for how long: one table, which the page on privacy shows and a job enforces."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CursorResult, Delete, Update, delete, exists, func, or_, select, update

from directory.db import db
from directory.lib.words import N_
from directory.models import (
    Account,
    Attempt,
    Check,
    CircleInvitation,
    ClaimMessage,
    Complaint,
    ComplaintState,
    ComplaintWords,
    Event,
    Evidence,
    Letter,
    LetterState,
    ListingState,
    ListingVersion,
    OneTimeLink,
    Origin,
    Practitioner,
    Question,
    Recommendation,
    RecommendationLink,
    RecommendationState,
    Reply,
    Report,
    ReportState,
    Role,
    SignIn,
)
from directory.services import erasures, events, questions, register_imports

# What is older than the first moment goes, at the second; how much that was.
Clear = Callable[[dt.datetime, dt.datetime], int]


@dataclass(frozen=True)
class Rule:
    """One line of the table. Rules without `clear` end with something else than time. `how_long` may name %(days)s."""

    what: str
    why: str
    how_long: str
    days: int | None = None
    clear: Clear | None = None


def enforce(*, at: dt.datetime) -> dict[str, int]:
    """Take away what has been kept for long enough, in the transaction of the caller; how much, by rule."""
    return {
        rule.what: rule.clear(at - dt.timedelta(days=rule.days), at)
        for rule in RULES
        if rule.clear is not None and rule.days is not None
    }


def _count(statement: Delete | Update) -> int:
    done: CursorResult[Any] = db.session.execute(statement, execution_options={"synchronize_session": False})  # type: ignore[assignment]
    return done.rowcount


def _accounts_never_confirmed(before: dt.datetime, at: dt.datetime) -> int:
    found = db.session.scalars(
        select(Account).where(Account.confirmed_at.is_(None), Account.created_at < before, Account.role == Role.MEMBER)
    ).all()
    for account in found:
        erasures.erase_account(account, at=at)
    return len(found)


def _listings_left_lying(before: dt.datetime, at: dt.datetime) -> int:
    """Drafts, refused ones among them, and listings that were withdrawn. An import must know again what it made."""
    touched = func.coalesce(ListingVersion.decided_at, ListingVersion.submitted_at, ListingVersion.made_at)
    newer = exists().where(ListingVersion.practitioner_id == Practitioner.id, touched >= before)
    ids = db.session.scalars(
        select(Practitioner.id).where(
            Practitioner.state.in_([ListingState.DRAFT, ListingState.WITHDRAWN]),
            Practitioner.origin == Origin.PRACTITIONER,
            Practitioner.updated_at < before,
            ~newer,
        )
    ).all()
    for practitioner_id in ids:
        erasures.erase_listing(practitioner_id, at=at)
    return len(ids)


def _sign_ins(before: dt.datetime, _at: dt.datetime) -> int:
    return _count(delete(SignIn).where(or_(SignIn.ended_at < before, SignIn.seen_at < before)))


def _networks(before: dt.datetime, _at: dt.datetime) -> int:
    # What was tried with an address that nobody has says nothing without its network.
    of_nobody = Event.kind.in_(events.FAILURES) & Event.account_id.is_(None)
    db.session.execute(delete(Event).where(of_nobody, Event.at < before))
    return _count(update(Event).where(Event.network.is_not(None), Event.at < before).values(network=None))


def _links(before: dt.datetime, _at: dt.datetime) -> int:
    return _count(delete(OneTimeLink).where(OneTimeLink.created_at < before))


def _letters(before: dt.datetime, _at: dt.datetime) -> int:
    over = Letter.state.in_([LetterState.SENT, LetterState.GIVEN_UP])
    return _count(delete(Letter).where(over, func.coalesce(Letter.sent_at, Letter.queued_at) < before))


def _private_links(before: dt.datetime, _at: dt.datetime) -> int:
    over = or_(RecommendationLink.ended_at < before, RecommendationLink.expires_at < before)
    return _count(delete(RecommendationLink).where(over))


def _questions(before: dt.datetime, _at: dt.datetime) -> int:
    """Their answers go with them."""
    return _count(delete(Question).where(or_(Question.ended_at < before, Question.expires_at < before)))


def _texts_not_shown(before: dt.datetime, _at: dt.datetime) -> int:
    """Notes and replies that moderators did not let through, and that nobody has written anew."""
    return sum(
        _count(delete(model).where(model.state == RecommendationState.REFUSED, model.decided_at < before))
        for model in (Reply, Recommendation)
    )


def _attempts(before: dt.datetime, _at: dt.datetime) -> int:
    return _count(delete(Attempt).where(Attempt.ends_at < before))


def _reports(before: dt.datetime, _at: dt.datetime) -> int:
    return _count(delete(Report).where(Report.state == ReportState.SETTLED, Report.settled_at < before))


def _evidence(before: dt.datetime, at: dt.datetime) -> int:
    """The content and the name: a year after the check it was sent for, or after it came where there was none."""
    decided = select(Check.recorded_at).where(Check.id == Evidence.check_id).scalar_subquery()
    return _count(
        update(Evidence)
        .where(Evidence.content.is_not(None), func.coalesce(decided, Evidence.received_at) < before)
        .values(content=None, name="", erased_at=at)
    )


def _messages(before: dt.datetime, _at: dt.datetime) -> int:
    return _count(delete(ClaimMessage).where(ClaimMessage.sent_at < before))


def _complaints(before: dt.datetime, _at: dt.datetime) -> int:
    """What was said, and where whoever objected can be reached. That there was a case is counted for good."""
    over = Complaint.state.not_in([ComplaintState.OPEN, ComplaintState.APPEALED]) & (Complaint.ended_at < before)
    ids = select(Complaint.id).where(over)
    db.session.execute(delete(ComplaintWords).where(ComplaintWords.complaint_id.in_(ids)))
    known = or_(Complaint.reply_to.is_not(None), Complaint.token.is_not(None))
    return _count(update(Complaint).where(over, known).values(reply_to=None, token=None))


def _invitations_to_circles(_before: dt.datetime, at: dt.datetime) -> int:
    """Those that nobody answered, or whose answer was not confirmed, for as long as they lasted."""
    return _count(delete(CircleInvitation).where(CircleInvitation.expires_at <= at))


def _lists_left_lying(before: dt.datetime, at: dt.datetime) -> int:
    return register_imports.forget_old(before, at=at)


RULES: Sequence[Rule] = (
    Rule(
        N_("Your account: e-mail address, role, how you sign in, what you agreed to"),
        N_("so that you can sign in, and nobody else can as you"),
        N_("until you leave"),
    ),
    Rule(
        N_("An account whose address was never confirmed"),
        N_("so that you can still confirm it"),
        N_("%(days)s days"),
        30,
        _accounts_never_confirmed,
    ),
    Rule(
        N_("Your listing and its earlier versions, with your photograph and your private answers"),
        N_("to show it, to contact you, and to see what was changed"),
        N_("until you take it away"),
    ),
    Rule(
        N_("Listings that were begun and left, refused, or withdrawn"),
        N_("so that you can go on with them"),
        N_("%(days)s days after you or we last did something with it"),
        90,
        _listings_left_lying,
    ),
    Rule(
        N_("What we saw on a professional body’s register about you"),
        N_("because a status is nothing without it"),
        N_("while you are listed; after that as a commitment, see below"),
    ),
    Rule(
        N_("Files that you sent for the check of a membership"),
        N_("so that a verifier can see them, and a second one can look again"),
        N_("%(days)s days after the check; that there was a file stays, and its fingerprint"),
        365,
        _evidence,
    ),
    Rule(
        N_("What you and we wrote to each other about a membership"),
        N_("so that whoever looks again knows what was said"),
        N_("%(days)s days"),
        730,
        _messages,
    ),
    Rule(
        N_(
            "What the lists of professional bodies say of their members: name, number, grade, disciplines, town, from "
            "when to when; telephone number, e-mail address and website as fingerprints"
        ),
        N_("so that a membership can be checked, today and on a past day"),
        N_("for as long as lists of that body are held, with the date until which somebody was listed"),
    ),
    Rule(
        N_("The file of such a list, before somebody has decided about it"),
        N_("so that it can be looked at first"),
        N_("%(days)s days at most"),
        30,
        _lists_left_lying,
    ),
    Rule(
        N_("Your sign-ins: when, from which network, with what kind of browser"),
        N_("so that you can see and end them"),
        N_("%(days)s days after the sign-in ended or was last used"),
        90,
        _sign_ins,
    ),
    Rule(
        N_("What happened to your account and your listing, and who did it"),
        N_("so that you and we can see what was done"),
        N_("until you leave; after that the day and the kind of it stay, and nothing that says whose it was"),
    ),
    Rule(
        N_("The network address beside what happened: its first part only"),
        N_("to notice that somebody else uses your account"),
        N_("%(days)s days"),
        90,
        _networks,
    ),
    Rule(
        N_("Links that we sent you by mail, as a fingerprint"),
        N_("so that each works once"),
        N_("%(days)s days"),
        30,
        _links,
    ),
    Rule(
        N_("That a letter was sent to you, of which kind and when; not its words"),
        N_("to find out why one did not arrive"),
        N_("%(days)s days"),
        30,
        _letters,
    ),
    Rule(
        N_("How often something was tried, as a fingerprint of the address or network"),
        N_("to hold off programs that guess passwords"),
        N_("%(days)s day"),
        1,
        _attempts,
    ),
    Rule(
        N_("Reports about a listing, and the address for an answer if the visitor gave one"),
        N_("to put right what is wrong, and to see whether it comes again"),
        N_("%(days)s days after it was settled"),
        365,
        _reports,
    ),
    Rule(
        N_("Who is in your circle, and the names that you and they gave to each other"),
        N_("so that each of you sees what the other recommends"),
        N_("until one of you leaves"),
    ),
    Rule(
        N_("Invitations to your circle, with your word for whom they are; an e-mail address as a keyed fingerprint"),
        N_("so that both of you can say yes"),
        N_("until both have, or one says no; %(days)s days at most after the last word of either"),
        30,
        _invitations_to_circles,
    ),
    Rule(
        N_("An enquiry to a practitioner: who sent it, where they can be reached, and what they say, sealed"),
        N_("to pass it on; we do not read it"),
        N_(
            "until it is passed on, and then erased; a day where nobody confirmed the address, and six days at most; "
            "the sender’s address for up to five more, to tell them that it could not be delivered"
        ),
    ),
    Rule(
        N_("That an enquiry was passed on, to whom and when; not by whom"),
        N_("so that its sender sees what became of it, and the practitioner how many come"),
        N_("30 days for the sender’s page, a year for the count"),
    ),
    Rule(
        N_("Which enquiries came from the same address, as a keyed fingerprint"),
        N_("so that a practitioner can block whoever sent one"),
        N_("90 days; of somebody who is blocked until the practitioner ends that or leaves"),
    ),
    Rule(
        N_("The notes that you write about practitioners, and whom they are for"),
        N_("so that those you chose can read them"),
        N_("until you change or remove them, or leave; or the listing goes"),
    ),
    Rule(
        N_("That a note of yours was hidden, and for which reason; not its words"),
        N_("so that it is not written anew before somebody has read it"),
        N_("until we let one through, or you leave; or the listing goes"),
    ),
    Rule(
        N_("A note for everybody, or a reply to one, that we did not show"),
        N_("so that you can read why, and change it"),
        N_("%(days)s days after we told you"),
        180,
        _texts_not_shown,
    ),
    Rule(
        N_("Private links to such a note, your word for whom they are, and how often each was opened; never by whom"),
        N_("so that you can pass them on, and end them"),
        N_("%(days)s days after you ended them or they ran out"),
        30,
        _private_links,
    ),
    Rule(
        N_("What you ask your friends, and what they answer: a practitioner, their words and their name"),
        N_("so that they can answer, and you can read it; nobody else reads the answers"),
        N_("until you remove it; %(days)s days at most after you ended the question or it ran out"),
        questions.KEPT_DAYS,
        _questions,
    ),
    Rule(
        N_(
            "Objections to notes: what was said by both sides, and the address for answers if whoever objected gave one"
        ),
        N_("to decide about them, once more on appeal"),
        N_("%(days)s days after the last decision, and not longer than the note; that there was one is counted"),
        365,
        _complaints,
    ),
    Rule(
        N_("That somebody wants no mail that others have us send, as a keyed fingerprint of the address"),
        N_("so that none is sent"),
        N_("until they take it back"),
    ),
    Rule(
        N_("That somebody on a register asked us not to say so, as a keyed fingerprint"),
        N_("so that the checker gives no answer about them"),
        N_("until they take it back"),
    ),
    Rule(
        N_("Backups of all this"),
        N_("so that nothing is lost when a machine fails"),
        N_("30 days; whoever has left is erased again when one is restored"),
    ),
    Rule(
        N_(
            "Commitments: what a check found against a membership, so scrambled that only somebody who already knows "
            "the name, the body and the number can recognise it"
        ),
        N_("so that nobody sheds a notice by leaving and coming back"),
        N_("for good: without your name it says nothing about you"),
    ),
    Rule(
        N_("What was decided, as lines of the record of decisions, which name nobody"),
        N_("so that anybody can see that nothing was changed afterwards"),
        N_("for good"),
    ),
    Rule(
        N_("What shows which of these lines are about you, or by you"),
        N_("so that you and we can see what was decided about you"),
        N_("until you leave: then it goes, and the lines say nothing about you"),
    ),
    Rule(
        N_("That somebody left, as a number and a fingerprint, and the same of the row of a list that they came from"),
        N_("so that no backup and no list brings them back"),
        N_("for good, for that reason"),
    ),
)
