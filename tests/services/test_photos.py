"""Photographs are made anew: small, upright, with nothing beside the picture; anything else is a plain sentence."""

import io
import random
import struct
import zlib

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import ListingState, NotFound, Photo
from directory.services import photos
from directory.services.photos import UnreadablePhoto
from tests import factories
from tests.factories.listings import AT

RED, BLUE = (200, 30, 30), (20, 40, 200)


def picture(width: int = 600, height: int = 800, kind: str = "JPEG", mode: str = "RGB", **more: object) -> bytes:
    """A red picture with a blue left upper quarter."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (0, 0, width // 2, height // 2))
    file = io.BytesIO()
    image.convert(mode).save(file, kind, **more)
    return file.getvalue()


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def colour(image: Image.Image, across: float, down: float) -> str:
    red, _, blue = image.getpixel((int(image.width * across), int(image.height * down)))  # type: ignore[misc]
    return "red" if red > blue else "blue"


def noisy(width: int, height: int) -> bytes:
    file = io.BytesIO()
    Image.frombytes("RGB", (width, height), random.Random(1).randbytes(width * height * 3)).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize("kind", photos.FORMATS)
def test_each_kind_becomes_a_small_jpeg(kind: str) -> None:
    made = photos.read(picture(1200, 1600, kind))
    image = opened(made.content)
    assert (image.format, image.size, made.width, made.height) == ("JPEG", (480, 640), 480, 640)
    assert colour(image, 0.2, 0.2) == "blue"
    assert colour(image, 0.8, 0.8) == "red"
    assert len(made.content) <= photos.KEPT_BYTES


def test_a_small_one_is_not_made_larger_and_a_wide_one_keeps_its_shape() -> None:
    assert opened(photos.read(picture(200, 150)).content).size == (200, 150)
    assert opened(photos.read(picture(4000, 1000)).content).size == (480, 120)


def test_even_noise_stays_small() -> None:
    assert len(photos.read(noisy(900, 1200)).content) <= 2 * photos.KEPT_BYTES


def test_where_and_when_it_was_taken_is_not_kept() -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0132], exif[0x9286] = "SecretCamera", "2026:11:01 10:00:00", "a secret comment"
    exif.get_ifd(0x8825).update({1: "N", 2: (50.0, 49.0, 10.0), 3: "W", 4: (0.0, 7.0, 30.0)})
    note = PngInfo()
    note.add_text("Comment", "SecretCamera was here")
    sent = (
        picture(exif=exif, comment=b"SecretCamera"),
        picture(kind="PNG", pnginfo=note, exif=exif),
        picture(kind="WEBP", exif=exif, xmp=b"<x>SecretCamera</x>"),
    )
    for content in sent:
        assert b"SecretCamera" in content
        made = photos.read(content).content
        image = opened(made)
        assert b"SecretCamera" not in made
        assert b"Exif" not in made
        assert dict(image.getexif()) == {}
        assert not set(image.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}


@pytest.mark.parametrize(("turn", "blue"), [(1, (0.2, 0.2)), (3, (0.8, 0.8)), (6, (0.8, 0.2)), (8, (0.2, 0.8))])
def test_it_stands_upright(turn: int, blue: tuple[float, float]) -> None:
    exif = Image.Exif()
    exif[0x0112] = turn
    image = opened(photos.read(picture(exif=exif)).content)
    assert (image.width < image.height) == (turn in {1, 3})
    assert colour(image, *blue) == "blue"
    assert colour(image, 1 - blue[0], 1 - blue[1]) == "red"


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "P"), ("PNG", "1"), ("PNG", "I;16")]
)
def test_any_kind_of_colour_is_read(kind: str, mode: str) -> None:
    content = picture(kind=kind, mode=mode) if mode != "I;16" else _deep()
    assert opened(photos.read(content).content).mode == "RGB"


def _deep() -> bytes:
    file = io.BytesIO()
    Image.new("I;16", (200, 200), 30_000).save(file, "PNG")
    return file.getvalue()


def test_what_can_be_seen_through_lies_on_paper() -> None:
    for image in (Image.new("RGBA", (200, 200), (0, 0, 0, 0)), Image.new("LA", (200, 200), (0, 0))):
        file = io.BytesIO()
        image.save(file, "PNG")
        assert opened(photos.read(file.getvalue()).content).getpixel((50, 50)) == (255, 255, 255)


def _bomb(width: int, height: int) -> bytes:
    """A PNG that says it is huge, in few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(100_000)))
        + chunk(b"IEND", b"")
    )


def _moving(kind: str) -> bytes:
    file = io.BytesIO()
    frames = [Image.new("RGB", (200, 200), colour) for colour in (RED, BLUE)]
    frames[0].save(file, kind, save_all=True, append_images=frames[1:])
    return file.getvalue()


HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(200)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", photos.UNREADABLE),
        (b"hello", photos.UNREADABLE),
        (SVG, photos.UNREADABLE),
        (b"<html><img src=x></html>", photos.UNREADABLE),
        (b"%PDF-1.7\n" + bytes(500), photos.UNREADABLE),
        (_moving("GIF"), photos.UNREADABLE),
        (_moving("WEBP"), photos.MOVING),
        (_moving("PNG"), photos.MOVING),
        (HEIC, photos.FROM_A_PHONE),
        (picture(99, 500), photos.TOO_SMALL),
        (picture() + bytes(photos.MOST_BYTES), photos.TOO_MANY_BYTES),
        (_bomb(5_000, 5_000), photos.TOO_MANY_PIXELS),
        (_bomb(12_000, 12_000), photos.TOO_MANY_PIXELS),
        (_bomb(60_000, 60_000), photos.TOO_MANY_PIXELS),
        (_bomb(2**31 - 1, 2**31 - 1), photos.TOO_MANY_PIXELS),
        (_bomb(4_000, 4_000), photos.UNREADABLE),
        (picture(kind="PNG")[:300], photos.UNREADABLE),
        (picture(1500, 1500)[:900], photos.UNREADABLE),
    ],
)
def test_what_is_no_photograph_gets_a_plain_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(UnreadablePhoto) as refused:
        photos.read(content)
    assert str(refused.value) == sentence


def test_the_second_picture_that_a_telephone_puts_behind_the_first_is_no_movement() -> None:
    first, second = Image.new("RGB", (300, 300), RED), Image.new("RGB", (300, 300), BLUE)
    file = io.BytesIO()
    first.save(file, "MPO", save_all=True, append_images=[second])
    assert colour(opened(photos.read(file.getvalue()).content), 0.5, 0.5) == "red"


def test_of_a_file_that_is_two_things_at_once_only_the_picture_is_kept() -> None:
    made = photos.read(picture() + b"<script>alert(1)</script>PK\x03\x04 a secret archive").content
    assert b"script" not in made
    assert b"secret" not in made
    assert made.endswith(b"\xff\xd9")


def test_broken_files_are_read_or_refused_and_never_more() -> None:
    chance = random.Random(7)
    exif = Image.Exif()
    exif[0x0112] = 6
    whole = [picture(150, 160, kind, exif=exif) for kind in photos.FORMATS]
    read, sentences = 0, set()
    for turn in range(300):
        content = bytearray(whole[turn % len(whole)])
        for _ in range(chance.randint(1, 12)):
            place = chance.randrange(min(len(content), 400) if chance.random() < 0.7 else len(content))
            content[place] = chance.randrange(256)
        if chance.random() < 0.3:
            del content[chance.randrange(20, len(content)) :]
        try:
            made = photos.read(bytes(content))
        except UnreadablePhoto as error:
            sentences.add(str(error))
        else:
            read += 1
            assert opened(made.content).format == "JPEG"
    assert 0 < read < 300
    assert sentences <= {photos.UNREADABLE, photos.TOO_SMALL, photos.TOO_MANY_PIXELS, photos.MOVING}


def test_it_is_kept_under_the_digest_of_its_content(session: Session) -> None:
    someone, other = factories.make_practitioner(), factories.make_practitioner()
    digest = photos.keep(someone.id, photos.read(picture()), at=AT)
    assert (
        photos.keep(someone.id, photos.read(picture()), at=AT)
        == photos.keep(other.id, photos.read(picture()), at=AT)
        == digest
    )
    assert len(digest) == 64
    found = photos.get_own(someone.id, digest)
    assert (found.digest, found.width, found.height) == (digest, 480, 640)
    with pytest.raises(NotFound):
        photos.get_own(someone.id, "0" * 64)


def test_a_new_one_takes_the_place_of_what_is_not_shown(session: Session) -> None:
    someone = factories.make_practitioner()
    first = photos.keep(someone.id, photos.read(picture(200, 200)), at=AT)
    someone.photo = first
    session.flush()
    second, third = (photos.keep(someone.id, photos.read(picture(width, 300)), at=AT) for width in (200, 210))
    assert set(session.scalars(select(Photo.digest))) == {first, third}
    assert second not in {first, third}


@pytest.mark.parametrize("state", list(ListingState))
def test_only_what_a_public_listing_shows_is_public(session: Session, state: ListingState) -> None:
    someone = factories.make_practitioner(state=state)
    shown, waits = (photos.keep(someone.id, photos.read(picture(size, 300)), at=AT) for size in (200, 300))
    someone.photo = shown
    session.add(Photo(digest=shown, practitioner_id=someone.id, content=b"", width=1, height=1, made_at=AT))
    session.flush()
    with pytest.raises(NotFound):
        photos.get_public(waits)
    if state in {ListingState.PUBLISHED, ListingState.CHANGES_WAITING}:
        assert photos.get_public(shown).practitioner_id == someone.id
    else:
        with pytest.raises(NotFound):
            photos.get_public(shown)
