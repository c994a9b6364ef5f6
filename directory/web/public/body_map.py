"""The drawing of a body, front and back, in the places of services/consultation/places.py.

Shapes are drawn for one half of a figure, with its middle at 0, and mirrored for the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FRONT, BACK = 108, 322  # where the middle of each figure is
SIZE = (430, 474)
_HALF = "translate(%d 0)"
_MIRRORED = "translate(%d 0) scale(-1 1)"


@dataclass(frozen=True)
class Shape:
    """A path, and where it is laid."""

    path: str
    transform: str


# Seen alike from both sides.
_LIMBS: Mapping[str, str] = {
    "upper-arm": (
        "M45.6 119.5C51 116.4 57 116.6 62 120.4C64.4 139 66.4 158 66.6 176C62 179.4 55.6 179.4 51.6 176.6"
        "C50.4 158 46.6 141 45.2 129Z"
    ),
    "forearm": (
        "M51.8 178.8C55.8 181.8 62 181.6 66.8 178.4C71.6 194 74 212 74.4 232.4L64.6 234.4C58.4 216 53.2 198 51.8 178.8Z"
    ),
    "hand": (
        "M64.8 236.6L74.6 234.6C78.6 243 80.8 253 79.6 264C78.6 272.4 74.4 277.4 70.8 275.6C68 274 69.6 266 68.6 260.6"
        "C67 262.6 64.6 263.4 63.8 261.4C62.8 253 65 245 64.8 236.6Z"
    ),
    "knee": (
        "M13.2 334.4C18 338 28 338 33.8 334.4C35 344 34.6 354 33.4 362C27.6 365.8 19.4 365.8 14.8 362"
        "C13 352 12.4 344 13.2 334.4Z"
    ),
    "lower-leg": (
        "M14.8 364.4C19.6 368.2 27.6 368.2 33.6 364.4C38 381 35.6 402 29.4 434L18.2 434C13.4 406 11.2 385 14.8 364.4Z"
    ),
}
_FRONT: Mapping[str, str] = {
    "shoulder": (
        "M13.4 81.5C20 88.4 34 88.6 45 92C56 95.4 62 104 62.2 118C57 114.2 50.4 114.2 45.2 117.2C43 107 36 101 26 98.2"
        "C18 96 13.2 92 13.4 81.5Z"
    ),
    "hip": "M18.6 214.4L36.4 214.4C38.6 224 43 236 43.6 250L21.4 244.4C16.4 236 16.6 224 18.6 214.4Z",
    "thigh": (
        "M21 246.6L43.7 252.4C44 275 39.6 305 34 332.2C27.6 335.6 18.4 335.6 13.2 332.2C10.4 310 4.4 286 2.6 264.4Z"
    ),
    "foot": "M18 436.4L29.4 436.4C31 444 36.6 451 37 457.4C35 462.4 20.6 463 16.4 459.6C15 452.6 17.4 444 18 436.4Z",
    **_LIMBS,
}
_BACK: Mapping[str, str] = {
    "shoulder": (
        "M12.8 84C20 88.6 34 88.6 45 92C56 95.4 62 104 62.2 118C57 114.2 50.4 114.2 45.2 117.2C42 106 31 99.4 13 98.4Z"
    ),
    "lower-back": "M1.2 154L37.4 154C35.4 165 33.2 178 33.2 188C33.2 197 34.4 205 36.2 212.2C25 216.2 13 220 1.2 222Z",
    "hip": (
        "M31.4 216.2C33.4 215.4 35 214.9 36.6 214.4C38.8 224 43 236 43.6 250.4C41 252.6 38.6 253.4 36.8 253.6"
        "C37.6 240 36.4 227 31.4 216.2Z"
    ),
    "buttock": "M1.2 224.4C12 222.4 22 219.6 29.2 217C34.6 228 35.8 242 34.6 254.4C28 268 12.4 272 1.2 266.4Z",
    "hamstring": (
        "M2.6 269.4C14.4 274 28.4 270 36.2 256.2C39 255.4 41.6 254.4 43.7 252.8C44 275 39.6 305 34 332.2"
        "C27.6 335.6 18.4 335.6 13.2 332.2C10.4 310 4.4 290 2.6 269.4Z"
    ),
    "foot": (
        "M18 436.4L29.4 436.4C30.2 444 33.4 451 33.6 456.6C32 461.4 20.6 461.8 16.6 458.6C15.6 452.6 17.4 444 18 436.4Z"
    ),
    **_LIMBS,
}
# Those in the middle have no half.
_MIDDLE_FRONT: Mapping[str, str] = {
    "head": "M-21.6 41.6C-25.6 15 -13.6 5.6 0 5.6C13.6 5.6 25.6 15 21.6 41.6Z",
    "jaw": "M-21.3 43.8L21.3 43.8C18.8 59 10.6 69.4 0 69.4C-10.6 69.4 -18.8 59 -21.3 43.8Z",
    "neck": "M-12 66.4C-7.4 72.6 7.4 72.6 12 66.4L12.2 79.6C8 86 -8 86 -12.2 79.6Z",
}
_MIDDLE_BACK: Mapping[str, str] = {
    "head": (
        "M-21.8 36C-24 14 -13 5.6 0 5.6C13 5.6 24 14 21.8 36C20.6 51 15.4 60.6 10.6 66L-10.6 66"
        "C-15.4 60.6 -20.6 51 -21.8 36Z"
    ),
    "neck": "M-10.8 68.2L10.8 68.2L11 97.2C5 98.2 -5 98.2 -11 97.2Z",
    "upper-back": (
        "M-31.6 107.4C-25 102 -13 100.2 0 100.2C13 100.2 25 102 31.6 107.4C27 122 24.4 137 23.6 151.8L-23.6 151.8"
        "C-24.4 137 -27 122 -31.6 107.4Z"
    ),
}
_TRUNK = (
    "M0 87C8 87 13 94.6 20.6 98.4C34 102 41 108 43.4 118.6C43 126 41.4 132 40.4 138C38 155 33.4 172 33.4 188"
    "C33.4 197 34.4 205 36.2 212.2L17 212.2C14.6 226 14.6 236 19 245.6L0 261L-19 245.6C-14.6 236 -14.6 226 -17 212.2"
    "L-36.2 212.2C-34.4 205 -33.4 197 -33.4 188C-33.4 172 -38 155 -40.4 138C-41.4 132 -43 126 -43.4 118.6"
    "C-41 108 -34 102 -20.6 98.4C-13 94.6 -8 87 0 87Z"
)
_FLANK = (
    "M33.6 108.6C38.6 111.4 42 114.6 43.4 118.6C43 126 41.4 132 40.4 138C39.4 143 38.6 147.4 37.8 151.8L26 151.8"
    "C26.8 137 29.2 122 33.6 108.6Z"
)
# What is drawn so that it is a body, and cannot be marked.
OUTLINE: Sequence[Shape] = (
    Shape(_TRUNK, _HALF % FRONT),
    Shape(_FLANK, _HALF % BACK),
    Shape(_FLANK, _MIRRORED % BACK),
)


def shapes(key: str, side: str | None) -> list[Shape]:
    """The paths of an area, or of one side of it, front and back."""
    if side is None:
        both = ((FRONT, _MIDDLE_FRONT), (BACK, _MIDDLE_BACK))
        return [Shape(paths[key], _HALF % middle) for middle, paths in both if key in paths]
    # Seen from the front, their left is on the right of the drawing.
    found = [Shape(_FRONT[key], (_HALF if side == "left" else _MIRRORED) % FRONT)] if key in _FRONT else []
    if key in _BACK:
        found.append(Shape(_BACK[key], (_MIRRORED if side == "left" else _HALF) % BACK))
    return found
