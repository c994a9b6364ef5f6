"""What the directory knows."""

from directory.models.base import Base
from directory.models.bodies import Body
from directory.models.changes import Change
from directory.models.claims import Check, Claim, Method, Outcome, Standing, Status
from directory.models.concerns import ClaimStatus, Concern
from directory.models.errors import DirectoryError, InvalidTransition, NotFound
from directory.models.guidance import Guidance, GuidanceKind
from directory.models.imports import ImportedRow, SeedFile
from directory.models.modalities import HolisticRole, Modality
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
from directory.models.regulation import Regulation, RegulationClass
from directory.models.search import ClaimSpan, SearchText, SearchWord
from directory.models.sourced import Confidence

__all__ = [
    "PUBLIC_STATES",
    "Accepting",
    "Access",
    "Base",
    "Body",
    "Change",
    "Check",
    "Claim",
    "ClaimSpan",
    "ClaimStatus",
    "Concern",
    "Confidence",
    "DirectoryError",
    "Gender",
    "Guidance",
    "GuidanceKind",
    "HolisticRole",
    "ImportedRow",
    "InvalidTransition",
    "ListingState",
    "Method",
    "Modality",
    "NotFound",
    "Origin",
    "OtherName",
    "Outcome",
    "Place",
    "PlaceName",
    "PostcodeArea",
    "PracticePlace",
    "Practitioner",
    "Pressure",
    "Price",
    "PriceBand",
    "Regulation",
    "RegulationClass",
    "SearchText",
    "SearchWord",
    "SeedFile",
    "Speaks",
    "Standing",
    "Status",
    "Training",
    "Visit",
    "WorksWith",
]
