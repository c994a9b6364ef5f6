"""Everything that is kept about one account, for its owner to take away."""

import base64
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, inspect, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from directory.db import db
from directory.lib.words import N_
from directory.models import (
    Account,
    Acquaintance,
    Agreement,
    Attempt,
    Audit,
    Base,
    Body,
    Change,
    Check,
    CircleInvitation,
    Claim,
    ClaimMessage,
    ClaimSpan,
    Commitment,
    Complaint,
    ComplaintStep,
    ComplaintWords,
    Concern,
    Enquiry,
    EnquiryBlock,
    EnquiryDelivery,
    EnquiryPause,
    ErasedRow,
    Erasure,
    Event,
    Evidence,
    Guidance,
    HiddenBefore,
    ImportedRow,
    Judgement,
    Kept,
    LedgerEntry,
    LedgerHead,
    LedgerKey,
    LedgerOpening,
    Letter,
    ListingVersion,
    MailStop,
    Modality,
    Objection,
    OneTimeLink,
    OtherName,
    Photo,
    Place,
    PlaceName,
    PostcodeArea,
    PracticePlace,
    Practitioner,
    Price,
    Proposal,
    Pulse,
    Question,
    QuestionAnswer,
    Recommendation,
    RecommendationLink,
    RecommendationSwitch,
    ReferenceEdit,
    Register,
    RegisterFile,
    RegisterImport,
    RegisterRow,
    RegisterStep,
    Regulation,
    Reply,
    Report,
    ReportKind,
    SearchText,
    SearchWord,
    SeedFile,
    SignIn,
    Skeleton,
    Speaks,
    SpentForm,
    Training,
    WebAuthn,
    WorksWith,
)

FORMAT = "tsubo export 1"
Row = dict[str, Any]
Condition = Callable[[int, int | None], ColumnElement[bool]]


@dataclass(frozen=True)
class Section:
    """Rows of one table that belong to an account. `without` are columns that say nothing about the person: numbers of
    rows, fingerprints and keys with which somebody could sign in, and who else had a part in it."""

    title: str
    model: type[Base]
    where: Condition
    without: frozenset[str] = frozenset()


def _of_account(model: type[Base], column: str = "account_id") -> Condition:
    return lambda account_id, _listing: getattr(model, column) == account_id


def _of_listing(model: type[Base], column: str = "practitioner_id") -> Condition:
    return lambda _account_id, listing: getattr(model, column) == listing


def _events(account_id: int, listing: int | None) -> ColumnElement[bool]:
    about = [Event.account_id == account_id, Event.actor_id == account_id]
    return or_(*about, Event.practitioner_id == listing) if listing is not None else or_(*about)


def _reports(_account_id: int, listing: int | None) -> ColumnElement[bool]:
    """What is grave is between whoever told us and administrators."""
    return and_(Report.practitioner_id == listing, Report.kind.not_in([kind for kind in ReportKind if kind.is_grave]))


def _of_ledger(account_id: int, listing: int | None) -> ColumnElement[bool]:
    own = select("practitioner:" + Practitioner.public_id).where(Practitioner.id == listing).scalar_subquery()
    return or_(LedgerOpening.plain == f"account:{account_id}", LedgerOpening.plain == own)


def _of_claims(column: InstrumentedAttribute[int]) -> Condition:
    return lambda _account_id, listing: column.in_(select(Claim.id).where(Claim.practitioner_id == listing))


def _of_writer(column: InstrumentedAttribute[Any]) -> Condition:
    return lambda account_id, _listing: column.in_(
        select(Recommendation.id).where(Recommendation.writer_id == account_id)
    )


def _complaints(account_id: int, listing: int | None) -> ColumnElement[bool]:
    return _of_writer(Complaint.recommendation_id)(account_id, listing)


def _complaint_steps(account_id: int, listing: int | None) -> ColumnElement[bool]:
    return ComplaintStep.complaint_id.in_(select(Complaint.id).where(_complaints(account_id, listing)))


def _of_recommended(column: InstrumentedAttribute[int]) -> Condition:
    return lambda _account_id, listing: column.in_(
        select(Recommendation.id).where(Recommendation.practitioner_id == listing)
    )


_NUMBERS = frozenset({"id", "practitioner_id", "account_id"})
# Who looked is not told, nor which rows of other tables it rests on.
_VERIFIERS = frozenset({"by_id", "second_by_id", "register_row_id", "register_import_id", "inherited_from_id"})
_SECRETS = frozenset(
    {"password", "fs_uniquifier", "tf_totp_secret", "us_totp_secrets", "mf_recovery_codes", "fs_webauthn_user_handle"}
)

_INVITATIONS = frozenset({"id", "inviter_id", "answered_by_id", "mailed_to"})

SECTIONS: Sequence[Section] = (
    Section(N_("Your account"), Account, _of_account(Account, "id"), _SECRETS | {"id"}),
    Section(N_("What you agreed to"), Agreement, _of_account(Agreement), _NUMBERS),
    Section(
        N_("Your passkeys"),
        WebAuthn,
        _of_account(WebAuthn, "user_id"),
        _NUMBERS | {"user_id", "credential_id", "public_key", "sign_count", "extensions", "transports"},
    ),
    Section(N_("Your sign-ins"), SignIn, _of_account(SignIn), _NUMBERS | {"token_hash"}),
    Section(N_("Links we sent you"), OneTimeLink, _of_account(OneTimeLink), _NUMBERS | {"token_hash", "details"}),
    Section(
        N_("Letters we sent you"), Letter, _of_account(Letter), _NUMBERS | {"cause", "message_id", "values", "sealed"}
    ),
    Section(N_("What happened"), Event, _events, frozenset({"id"})),
    Section(N_("What you changed in the facts"), ReferenceEdit, _of_account(ReferenceEdit, "edited_by"), _NUMBERS),
    Section(N_("Your listing"), Practitioner, _of_listing(Practitioner, "id"), _NUMBERS | {"shuffle"}),
    Section(N_("How your listing is kept"), Kept, _of_listing(Kept), _NUMBERS),
    Section(N_("Other names"), OtherName, _of_listing(OtherName), _NUMBERS),
    Section(N_("Places"), PracticePlace, _of_listing(PracticePlace), _NUMBERS | {"x", "y", "z"}),
    Section(N_("Prices"), Price, _of_listing(Price), _NUMBERS),
    Section(N_("What you do, and your training"), Training, _of_listing(Training), _NUMBERS),
    Section(N_("Whom you often work with"), WorksWith, _of_listing(WorksWith), _NUMBERS),
    Section(N_("Languages"), Speaks, _of_listing(Speaks), _NUMBERS),
    Section(N_("Memberships that you state"), Claim, _of_listing(Claim), _NUMBERS | {"taken_by_id"}),
    Section(N_("What checks of them saw"), Check, _of_listing(Check), _NUMBERS | _VERIFIERS),
    Section(
        N_("What was asked and answered about them"),
        ClaimMessage,
        _of_claims(ClaimMessage.claim_id),
        _NUMBERS | {"by_id"},
    ),
    Section(N_("Evidence that you sent for them"), Evidence, _of_claims(Evidence.claim_id), _NUMBERS | {"check_id"}),
    Section(
        N_("Every version of your listing, with what is private"),
        ListingVersion,
        _of_listing(ListingVersion),
        # A flag may name somebody else.
        _NUMBERS | {"made_by", "decided_by", "flags"},
    ),
    Section(N_("Your photographs"), Photo, _of_listing(Photo), _NUMBERS),
    Section(
        # Who reported is not told, nor who settled it.
        N_("What visitors reported about your listing"),
        Report,
        _reports,
        _NUMBERS | {"reply_to", "settled_by"},
    ),
    Section(
        N_("What shows which lines of the record of decisions are about you, or by you"),
        LedgerOpening,
        _of_ledger,
    ),
    Section(
        N_("Lines of registers that are not you"), Judgement, _of_listing(Judgement), _NUMBERS | {"row_key", "by_id"}
    ),
    Section(
        N_("Recommendations that you wrote"),
        Recommendation,
        _of_account(Recommendation, "writer_id"),
        # What it was flagged for is between us and whoever reads it before others do.
        _NUMBERS | {"writer_id", "is_from_same_network", "decided_by_id"},
    ),
    Section(
        N_("That notes of yours were hidden, which you removed or made notes for everybody"),
        HiddenBefore,
        _of_account(HiddenBefore, "writer_id"),
        frozenset({"writer_id", "practitioner_id"}),
    ),
    Section(
        N_("Private links to them"),
        RecommendationLink,
        _of_writer(RecommendationLink.recommendation_id),
        _NUMBERS | {"recommendation_id"},
    ),
    Section(
        N_("Your replies to recommendations"),
        Reply,
        _of_recommended(Reply.recommendation_id),
        _NUMBERS | {"recommendation_id", "decided_by_id"},
    ),
    Section(
        # Who objected is not told, nor where they can be reached.
        N_("Objections to them, and what was decided"),
        Complaint,
        _complaints,
        _NUMBERS | {"recommendation_id", "token", "reply_to", "decided_by_id"},
    ),
    Section(
        N_("What was said about them, by whoever objected and by you"),
        ComplaintWords,
        _of_writer(ComplaintWords.recommendation_id),
        _NUMBERS | {"recommendation_id", "complaint_id"},
    ),
    Section(
        N_("What happened when somebody objected"),
        ComplaintStep,
        _complaint_steps,
        _NUMBERS | {"complaint_id", "by_id"},
    ),
    Section(
        # Who the others are is told by the names that they gave, and by nothing else.
        N_("Who you know here, your circle"),
        Acquaintance,
        lambda account_id, _listing: or_(Acquaintance.one_id == account_id, Acquaintance.other_id == account_id),
        frozenset({"one_id", "other_id"}),
    ),
    Section(
        N_("Whom you invited to your circle"),
        CircleInvitation,
        _of_account(CircleInvitation, "inviter_id"),
        _INVITATIONS,
    ),
    Section(
        N_("Invitations to circles that you answered"),
        CircleInvitation,
        _of_account(CircleInvitation, "answered_by_id"),
        # What the inviter calls you is their own word.
        _INVITATIONS | {"token", "for_whom", "public_id"},
    ),
    Section(
        N_("What you asked your friends"),
        Question,
        _of_account(Question, "asker_id"),
        _NUMBERS | {"asker_id", "revision"},
    ),
    Section(
        N_("What they answered"),
        QuestionAnswer,
        lambda account_id, _listing: QuestionAnswer.question_id.in_(
            select(Question.id).where(Question.asker_id == account_id)
        ),
        _NUMBERS | {"question_id"},
    ),
    # Who sent them, or is blocked, is a keyed hash that says nothing to anybody.
    Section(
        N_("When enquiries were passed on to you"),
        EnquiryDelivery,
        _of_listing(EnquiryDelivery),
        _NUMBERS | {"enquiry_id", "sender_key"},
    ),
    Section(N_("From whom you take no enquiries"), EnquiryBlock, _of_listing(EnquiryBlock), _NUMBERS | {"sender_key"}),
    Section(N_("That you take no enquiries now"), EnquiryPause, _of_listing(EnquiryPause), _NUMBERS),
    Section(N_("The row of the list that your listing came from"), ImportedRow, _of_listing(ImportedRow), _NUMBERS),
)

# Every other table, and why nothing of it is in an export.
LEFT_OUT: Mapping[type[Base], str] = {
    **dict.fromkeys((Body, Concern, Guidance, Modality, Regulation), "facts, about nobody who has an account"),
    **dict.fromkeys((Place, PlaceName, PostcodeArea, SeedFile), "facts about places, and files of facts"),
    **dict.fromkeys((SearchText, ClaimSpan, SearchWord, Skeleton), "made anew from the listing, for the search"),
    Attempt: "a fingerprint that cannot be led back to the account, for a day",
    Change: "numbers of listings that changed",
    **dict.fromkeys((Erasure, Commitment, ErasedRow), "about people who have left"),
    MailStop: "keyed hashes of addresses, which nobody can lead back",
    Objection: "keyed hashes about people on registers, who need no account",
    **dict.fromkeys((Register, RegisterStep), "how the lists of bodies are read, and when they came"),
    **dict.fromkeys((RegisterImport, RegisterFile, RegisterRow), "lists of bodies, which are theirs to give out"),
    Pulse: "that the worker lives",
    RecommendationSwitch: "where notes are switched off, by whoever keeps the directory",
    Enquiry: "sealed; from visitors, who need no account, and erased when it is passed on",
    SpentForm: "that a form was sent, for a few hours",
    Audit: "which checks were drawn for a second look; told beforehand it would not be one",
    Proposal: "what waits for a second person; what is agreed to is a check",
    **dict.fromkeys((LedgerEntry, LedgerHead, LedgerKey), "names nobody; everybody may read it"),
}


def everything(account: Account) -> dict[str, Any]:
    """Everything that is kept about an account, as plain JSON: the name of each section, and its rows."""
    listing = db.session.scalar(select(Kept.practitioner_id).where(Kept.account_id == account.id))
    return {
        "format": FORMAT,
        "sections": [
            {"name": one.model.__tablename__, "title": one.title, "rows": _rows(one, account, listing)}
            for one in SECTIONS
        ],
    }


def photographs(account: Account) -> Mapping[str, bytes]:
    """The photographs of an account as files, by name."""
    query = select(Photo).join(Kept, Kept.practitioner_id == Photo.practitioner_id).where(Kept.account_id == account.id)
    return {f"photograph-{photo.digest[:12]}.jpg": photo.content for photo in db.session.scalars(query)}


def _rows(section: Section, account: Account, listing: int | None) -> list[Row]:
    columns = [one for one in inspect(section.model).column_attrs if one.key not in section.without]
    query: Select[Any] = select(section.model).where(section.where(account.id, listing))
    rows = db.session.scalars(query.order_by(*inspect(section.model).primary_key)).all()
    if section.model is Event:
        return [_event(row, account) for row in rows]
    return [{one.key: _plain(getattr(row, one.key)) for one in columns} for row in rows]


def _event(event: Event, account: Account) -> Row:
    """An event without the number and the network of anybody else."""
    is_own = event.actor_id == account.id
    by = "you" if is_own else "an administrator" if event.actor_id is not None else "the directory itself"
    network = event.network if is_own or event.actor_id is None else None
    # What an account did to others is about them.
    details = event.details if event.account_id in {account.id, None} else {}
    return {"at": event.at.isoformat(), "kind": event.kind, "by": by, "network": network, "details": details}


def _plain(value: Any) -> Any:
    """A value of a column as JSON has it."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return list(value) if isinstance(value, list) else value
