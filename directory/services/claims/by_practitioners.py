"""What a practitioner does with a claim of their own: corrects its number, sends evidence, takes it back."""

import datetime as dt
import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageOps
from sqlalchemy import delete, func, select

from directory.db import db
from directory.lib import clock
from directory.lib.words import N_
from directory.models import (
    OPEN_VERSIONS,
    Account,
    Claim,
    DirectoryError,
    Evidence,
    InvalidTransition,
    Kept,
    ListingVersion,
    NotFound,
)
from directory.models.claims import number_key
from directory.services import indexing
from directory.services.claims import inheriting, lookups
from directory.services.claims.findings import TAKEN_BACK, TOO_MUCH, TWICE, Refused
from directory.services.claims.handling import was_sent

MOST_BYTES = 5_000_000
# With the other fields of a form.
MOST_REQUEST_BYTES = 5_500_000
MOST_FILES = 10
MOST_PIXELS = 30_000_000
LONGEST_SIDE = 2400
QUALITY = 85
PDF, JPEG = "application/pdf", "image/jpeg"

TOO_LARGE = N_("The file is larger than 5 MB. Send a smaller one, or a photograph of the page that matters.")
UNREADABLE = N_("We cannot read this file. Send a PDF, or a JPEG or PNG picture.")


class UnreadableEvidence(DirectoryError):
    """What was sent is no file that we take; the text says why, to be translated."""


@dataclass(frozen=True)
class Paper:
    """A file as it is kept: a PDF as it came, a picture made anew without anything beside it."""

    content: bytes
    media_type: str
    digest: str


def read_evidence(content: bytes) -> Paper:
    """Make of what was sent what is kept. Asks no database, and takes long: not in a transaction.

    Raises UnreadableEvidence.
    """
    if len(content) > MOST_BYTES:
        raise UnreadableEvidence(TOO_LARGE)
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]:
        return Paper(content, PDF, hashlib.sha256(content).hexdigest())
    try:
        made = _made_anew(content)
    except Exception as error:
        # A decoder that is given nonsense may stumble in any way; none of them is more than a file we cannot read.
        raise UnreadableEvidence(UNREADABLE) from error
    return Paper(made, JPEG, hashlib.sha256(made).hexdigest())


def _made_anew(content: bytes) -> bytes:
    file = Image.open(io.BytesIO(content), formats=("JPEG", "PNG"))
    if file.width * file.height > MOST_PIXELS:
        raise UnreadableEvidence(UNREADABLE)
    file.draft("RGB", (LONGEST_SIDE * 2, LONGEST_SIDE * 2))
    file.load()
    image = ImageOps.exif_transpose(file).convert("RGBA")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    paper = Image.new("RGB", image.size, (255, 255, 255))
    paper.paste(image, mask=image.getchannel("A"))
    made = io.BytesIO()
    Image.frombytes("RGB", paper.size, paper.tobytes()).save(made, "JPEG", quality=QUALITY, optimize=True)
    return made.getvalue()


def add_evidence(claim: Claim, name: str, paper: Paper, *, by: Account, at: dt.datetime) -> Evidence:
    """Keep a file that was sent for a claim, for verifiers only; the same one twice is one. Raises Refused."""
    claim = lookups.lock(claim.id)
    query = select(Evidence).where(Evidence.claim_id == claim.id, Evidence.digest == paper.digest)
    known = db.session.scalars(query).one_or_none()
    if known is not None and known.content is not None:
        return known
    if known is None and _files_of(claim) >= MOST_FILES:
        raise Refused(TOO_MUCH)
    sent = known or Evidence(claim_id=claim.id, digest=paper.digest)
    sent.name, sent.media_type, sent.size = name.strip()[:120], paper.media_type, len(paper.content)
    sent.content, sent.received_at, sent.erased_at, sent.check_id = paper.content, at, None, None
    db.session.add(sent)
    was_sent(claim, at=at)
    # Without its fingerprint: whoever has the same paper would know that it was sent.
    lookups.note("evidence-sent", claim, by=by, at=at)
    return sent


def _files_of(claim: Claim) -> int:
    query = select(func.count()).where(Evidence.claim_id == claim.id, Evidence.content.is_not(None))
    return db.session.scalar(query) or 0


def get_evidence(claim: Claim, evidence_id: int) -> Evidence:
    """A file that was sent for a claim and is still there. Raises NotFound."""
    found = db.session.get(Evidence, evidence_id)
    if found is None or found.claim_id != claim.id or found.content is None:
        raise NotFound("no such file")
    return found


def take_evidence_away(claim: Claim, evidence_id: int, *, by: Account, at: dt.datetime) -> None:
    """The practitioner takes a file back that nobody has decided on yet. Raises NotFound, InvalidTransition."""
    claim = lookups.lock(claim.id)
    sent = get_evidence(claim, evidence_id)
    if sent.check_id is not None:
        raise InvalidTransition("a check rests on it")
    db.session.execute(delete(Evidence).where(Evidence.id == sent.id))
    claim.revision += 1
    lookups.note("evidence-taken-back", claim, by=by, at=at)
    db.session.flush()


def correct_number(claim: Claim, number: str, *, by: Account, at: dt.datetime) -> Claim:
    """Give a claim another number. It inherits what was found about that one; a notice stays. Raises Refused."""
    claim = lookups.lock(claim.id)
    if claim.withdrawn_on is not None:
        raise Refused(TAKEN_BACK)
    key = number_key(number)
    if claim.number == (number.strip() or None):
        return claim
    twin = select(Claim.id).where(
        Claim.practitioner_id == claim.practitioner_id,
        Claim.body_id == claim.body_id,
        Claim.number_key == key,
        Claim.id != claim.id,
    )
    if claim.body_id is not None and key != claim.number_key and db.session.scalars(twin).first() is not None:
        raise Refused(TWICE)
    _in_open_version(claim, lambda shown, _number: (shown, number.strip() or None))
    claim.change(number.strip() or None, claim.disciplines, None, at=at)
    was_sent(claim, at=at)
    lookups.note("claim-number-corrected", claim, by=by, at=at)
    inheriting.inherit(claim.practitioner, at=at)
    db.session.flush()
    indexing.refresh([claim.practitioner_id])
    return lookups.get(claim.id)


def withdraw(claim: Claim, *, by: Account, at: dt.datetime) -> None:
    """Take a statement back. One that nobody has looked at goes; a notice of the body stays. Raises Refused."""
    claim = lookups.lock(claim.id)
    if claim.withdrawn_on is not None:
        raise Refused(TAKEN_BACK)
    listing = claim.practitioner
    _in_open_version(claim, lambda _shown, _number: None)
    lookups.note("claim-withdrawn", claim, by=by, at=at)
    if claim.taken_on is None and not lookups.checks_about(claim):
        db.session.delete(claim)
    else:
        claim.take_back(clock.day_of(at))
    db.session.flush()
    indexing.refresh([listing.id])


Said = tuple[dict[str, Any], str | None]


def _in_open_version(claim: Claim, change: Callable[[dict[str, Any], str | None], Said | None]) -> None:
    """Change the same statement in the answers that are not published yet, so that they do not bring it back."""
    kept = db.session.get(Kept, claim.practitioner_id, with_for_update=True, populate_existing=True)
    if kept is None:
        return
    kept.revision += 1
    kept.step_revisions = {**kept.step_revisions, "memberships": kept.revision}
    version = db.session.scalars(
        select(ListingVersion).where(
            ListingVersion.practitioner_id == claim.practitioner_id, ListingVersion.state.in_(OPEN_VERSIONS)
        )
    ).one_or_none()
    if version is None:
        return
    claims, numbers = version.shown.get("claims", []), version.private.get("claim_numbers", [])
    pairs = [
        change(shown, number) if claim.is_of(shown.get("body_id"), shown.get("body_name"), number) else (shown, number)
        for shown, number in zip(claims, numbers, strict=True)
    ]
    left = [pair for pair in pairs if pair is not None]
    version.shown = {**version.shown, "claims": [shown for shown, _ in left]}
    version.private = {**version.private, "claim_numbers": [number for _, number in left]}
