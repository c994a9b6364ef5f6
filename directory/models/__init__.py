"""What the directory knows."""

from directory.models.accounts import (
    PERMISSIONS,
    Account,
    Agreement,
    Attempt,
    Event,
    LinkKind,
    OneTimeLink,
    Permission,
    Role,
    SignIn,
    WebAuthn,
)
from directory.models.base import Base
from directory.models.bodies import Body
from directory.models.changes import Change
from directory.models.circles import Acquaintance, CircleInvitation
from directory.models.claim_work import Audit, ClaimMessage, Evidence
from directory.models.claims import Check, Claim, Method, Outcome, Status, Tie
from directory.models.concerns import ClaimStatus, Concern
from directory.models.edits import ReferenceEdit
from directory.models.erasures import Commitment, ErasedRow, Erasure
from directory.models.errors import DirectoryError, InvalidTransition, NotFound, TooMany
from directory.models.guidance import Guidance, GuidanceKind
from directory.models.imports import ImportedRow, SeedFile
from directory.models.ledger import LedgerEntry, LedgerHead, LedgerKey, LedgerOpening, Opened
from directory.models.letters import Letter, LetterState, Pulse
from directory.models.listings import (
    OPEN_VERSIONS,
    Kept,
    ListingVersion,
    Photo,
    Report,
    ReportKind,
    ReportSays,
    ReportState,
    VersionState,
)
from directory.models.mail_stops import MailStop
from directory.models.modalities import HolisticRole, Modality
from directory.models.objections import Objection
from directory.models.places import Place, PlaceName, PostcodeArea
from directory.models.practitioners import (
    PUBLIC_STATES,
    Accepting,
    Access,
    Gender,
    ListingState,
    Origin,
    OtherName,
    PracticePlace,
    Practitioner,
    Pressure,
    Price,
    PriceBand,
    Speaks,
    Training,
    Visit,
    WorksWith,
)
from directory.models.proposals import Proposal, ProposalKind, ProposalOutcome
from directory.models.recommendations import (
    Audience,
    Recommendation,
    RecommendationLink,
    RecommendationState,
    Relation,
    Reply,
    ShownAs,
)
from directory.models.registers import (
    ImportState,
    Judgement,
    Register,
    RegisterFile,
    RegisterImport,
    RegisterRow,
    RegisterStep,
    Shown,
)
from directory.models.regulation import Regulation, RegulationClass
from directory.models.search import ClaimSpan, SearchText, SearchWord, Skeleton
from directory.models.sourced import Confidence
from directory.models.standings import Standing

__all__ = [
    "OPEN_VERSIONS",
    "PERMISSIONS",
    "PUBLIC_STATES",
    "Accepting",
    "Access",
    "Account",
    "Acquaintance",
    "Agreement",
    "Attempt",
    "Audience",
    "Audit",
    "Base",
    "Body",
    "Change",
    "Check",
    "CircleInvitation",
    "Claim",
    "ClaimMessage",
    "ClaimSpan",
    "ClaimStatus",
    "Commitment",
    "Concern",
    "Confidence",
    "DirectoryError",
    "ErasedRow",
    "Erasure",
    "Event",
    "Evidence",
    "Gender",
    "Guidance",
    "GuidanceKind",
    "HolisticRole",
    "ImportState",
    "ImportedRow",
    "InvalidTransition",
    "Judgement",
    "Kept",
    "LedgerEntry",
    "LedgerHead",
    "LedgerKey",
    "LedgerOpening",
    "Letter",
    "LetterState",
    "LinkKind",
    "ListingState",
    "ListingVersion",
    "MailStop",
    "Method",
    "Modality",
    "NotFound",
    "Objection",
    "OneTimeLink",
    "Opened",
    "Origin",
    "OtherName",
    "Outcome",
    "Permission",
    "Photo",
    "Place",
    "PlaceName",
    "PostcodeArea",
    "PracticePlace",
    "Practitioner",
    "Pressure",
    "Price",
    "PriceBand",
    "Proposal",
    "ProposalKind",
    "ProposalOutcome",
    "Pulse",
    "Recommendation",
    "RecommendationLink",
    "RecommendationState",
    "ReferenceEdit",
    "Register",
    "RegisterFile",
    "RegisterImport",
    "RegisterRow",
    "RegisterStep",
    "Regulation",
    "RegulationClass",
    "Relation",
    "Reply",
    "Report",
    "ReportKind",
    "ReportSays",
    "ReportState",
    "Role",
    "SearchText",
    "SearchWord",
    "SeedFile",
    "Shown",
    "ShownAs",
    "SignIn",
    "Skeleton",
    "Speaks",
    "Standing",
    "Status",
    "Tie",
    "TooMany",
    "Training",
    "VersionState",
    "Visit",
    "WebAuthn",
    "WorksWith",
]
