"""Photographs: read from what somebody sent, made anew, and kept until another takes their place.

Nothing of the file itself is kept: no name, place, camera or hidden part. What cannot be read is said in plain words.
"""

import datetime as dt
import hashlib
import io
from dataclasses import dataclass

from PIL import Image, ImageOps
from sqlalchemy import delete, select

from directory.db import db
from directory.lib.words import N_
from directory.models import PUBLIC_STATES, DirectoryError, NotFound, Photo, Practitioner

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_BYTES = 10_000_000
# With the other fields of a form.
MOST_REQUEST_BYTES = 11_000_000
MOST_PIXELS = 20_000_000
LEAST_SIDE = 100
WIDTH, HEIGHT = 480, 640
KEPT_BYTES = 60_000
QUALITIES = (82, 74, 66, 58, 50, 40, 30)
PAPER = (255, 255, 255)

TOO_MANY_BYTES = N_("The photograph is larger than 10 MB. Choose a smaller one.")
TOO_MANY_PIXELS = N_("The photograph has more than 20 million points. Make it smaller first.")
TOO_SMALL = N_("The photograph is too small: it needs at least 100 points on each side.")
FROM_A_PHONE = N_("This is a HEIC file. Save the photograph as JPEG first: most phones can do that when you share it.")
MOVING = N_("This picture moves. Choose one that stands still.")
UNREADABLE = N_("We cannot read this file as a photograph. Choose a JPEG, PNG or WebP file.")

# ISO base media files say in their first bytes what they hold.
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")


class UnreadablePhoto(DirectoryError):
    """What was sent is no photograph that we take; the text says why, to be translated."""


@dataclass(frozen=True)
class Picture:
    """A photograph as it is kept: JPEG without anything beside the picture."""

    content: bytes
    width: int
    height: int

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def read(content: bytes) -> Picture:
    """Make a photograph of what was sent. Asks no database, and takes long: not in a transaction. Raises
    UnreadablePhoto.
    """
    if len(content) > MOST_BYTES:
        raise UnreadablePhoto(TOO_MANY_BYTES)
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        raise UnreadablePhoto(FROM_A_PHONE)
    try:
        image = _decoded(content)
    except UnreadablePhoto:
        raise
    except Exception as error:
        # A decoder that is given nonsense may stumble in any way; none of them is more than a file we cannot read.
        raise UnreadablePhoto(UNREADABLE) from error
    return _encoded(image)


def _decoded(content: bytes) -> Image.Image:
    try:
        file = Image.open(io.BytesIO(content), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnreadablePhoto(TOO_MANY_PIXELS) from error
    # Known from the first bytes, before anything is unpacked.
    if file.width * file.height > MOST_PIXELS:
        raise UnreadablePhoto(TOO_MANY_PIXELS)
    if min(file.size) < LEAST_SIDE:
        raise UnreadablePhoto(TOO_SMALL)
    # Telephones put a second, larger picture behind the first of a JPEG; that one does not move.
    if getattr(file, "is_animated", False) and file.format != "MPO":
        raise UnreadablePhoto(MOVING)
    # A JPEG can be read at a half, a quarter or an eighth, which saves time and memory.
    file.draft("RGB", (WIDTH * 2, HEIGHT * 2))
    file.load()
    image = _on_paper(ImageOps.exif_transpose(file))
    image.thumbnail((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    return image


def _on_paper(image: Image.Image) -> Image.Image:
    """The picture without anything that can be seen through."""
    if image.mode not in {"RGBA", "LA", "PA"} and "transparency" not in image.info:
        return image.convert("RGB")
    image = image.convert("RGBA")
    paper = Image.new("RGB", image.size, PAPER)
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def _encoded(image: Image.Image) -> Picture:
    # Pixels alone go over: whatever else the file brought stays behind.
    bare = Image.frombytes("RGB", image.size, image.tobytes())
    content = b""
    for quality in QUALITIES:
        file = io.BytesIO()
        bare.save(file, "JPEG", quality=quality, optimize=True, progressive=True)
        content = file.getvalue()
        if len(content) <= KEPT_BYTES:
            break
    return Picture(content, bare.width, bare.height)


def keep(practitioner_id: int, picture: Picture, *, at: dt.datetime) -> str:
    """Keep the photograph that somebody sent for a listing, unpublished; return its digest.

    What a listing shows is decided with its version. Photographs that are neither shown nor the new one go.
    """
    digest = picture.digest
    shown = db.session.scalar(select(Practitioner.photo).where(Practitioner.id == practitioner_id))
    db.session.execute(
        delete(Photo).where(
            Photo.practitioner_id == practitioner_id, Photo.digest.not_in([digest, *([shown] if shown else [])])
        )
    )
    if db.session.get(Photo, (digest, practitioner_id)) is None:
        db.session.add(
            Photo(
                digest=digest,
                practitioner_id=practitioner_id,
                content=picture.content,
                width=picture.width,
                height=picture.height,
                is_public=digest == shown,
                made_at=at,
            )
        )
        db.session.flush()
    return digest


def get_public(digest: str) -> Photo:
    """A photograph that a listing shows to everybody now. Raises NotFound."""
    found = db.session.scalar(
        select(Photo)
        .join(Practitioner, Practitioner.id == Photo.practitioner_id)
        .where(Photo.digest == digest, Practitioner.photo == digest, Practitioner.state.in_(PUBLIC_STATES))
        .limit(1)
    )
    if found is None:
        raise NotFound("no such photograph")
    return found


def get_own(practitioner_id: int, digest: str | None = None) -> Photo:
    """A photograph of a listing, for its practitioner and administrators: the newest, or that one. Raises NotFound."""
    query = select(Photo).where(Photo.practitioner_id == practitioner_id).order_by(Photo.made_at.desc()).limit(1)
    found = db.session.scalar(query if digest is None else query.where(Photo.digest == digest))
    if found is None:
        raise NotFound("no such photograph")
    return found
