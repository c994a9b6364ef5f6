"""Places on the body that can be marked, and what people come with that is in no one place."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from directory.lib.words import N_


@dataclass(frozen=True)
class Area:
    """A place on the body. `concerns` are those that have to do with it, by slug.

    `in_reach` says whether the self-help of the articles is for it: a place that one reaches oneself.
    """

    key: str
    label: str
    concerns: tuple[str, ...] = ()
    has_sides: bool = True
    in_reach: bool = False

    @property
    def marks(self) -> "tuple[Mark, ...]":
        if not self.has_sides:
            return (Mark(self.key, self, None),)
        return tuple(Mark(f"{self.key}-{side}", self, side) for side in ("left", "right"))


@dataclass(frozen=True)
class Mark:
    """What is ticked: an area, or one side of it."""

    key: str
    area: Area
    side: str | None


AREAS = (
    Area("head", N_("Head"), ("headache",), has_sides=False),
    Area("jaw", N_("Face or jaw"), has_sides=False),
    Area("neck", N_("Neck"), ("neck-shoulder-tension",), has_sides=False, in_reach=True),
    Area("shoulder", N_("Shoulder"), ("neck-shoulder-tension",), in_reach=True),
    Area("upper-back", N_("Between the shoulder blades"), ("neck-shoulder-tension", "posture"), has_sides=False),
    Area("lower-back", N_("Lower back"), ("lower-back-pain",), in_reach=True),
    Area("hip", N_("Hip"), ("hip-pain",), in_reach=True),
    Area("buttock", N_("Buttock"), ("hip-pain", "tight-glutes"), in_reach=True),
    Area("upper-arm", N_("Upper arm")),
    Area("forearm", N_("Elbow or forearm")),
    Area("hand", N_("Wrist or hand"), ("joint-stiffness",)),
    Area("thigh", N_("Front of the thigh"), in_reach=True),
    Area("hamstring", N_("Back of the thigh"), ("tight-hamstrings",), in_reach=True),
    Area("knee", N_("Knee"), ("joint-stiffness",)),
    Area("lower-leg", N_("Shin or calf")),
    Area("foot", N_("Ankle or foot")),
)
MARKS: Mapping[str, Mark] = {mark.key: mark for area in AREAS for mark in area.marks}

# What is in no one place, and the concern that it is called here.
WHOLE: Mapping[str, tuple[str, str]] = {
    "tense": (N_("Tense or under stress"), "stress"),
    "sleepless": (N_("Sleeping badly"), "sleep"),
    "tired": (N_("Tired, with little energy"), "low-energy"),
    "well": (N_("Nothing is wrong: I would like to relax"), "wellbeing"),
}

# How it feels, and the concerns that have to do with that.
FEELINGS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "ache": (N_("It aches"), ()),
    "tight": (N_("It is tight or stiff"), ()),
    "knot": (N_("There is a sore knot"), ("muscle-knots",)),
    "spasm": (N_("It seizes up, so that I can hardly move"), ("muscle-spasm",)),
    "shooting": (N_("It shoots or spreads to somewhere else"), ("referred-pain",)),
    "numb": (N_("It tingles, or is numb"), ()),
}
LEGWARDS = frozenset({"lower-back", "hip", "buttock", "thigh", "hamstring", "lower-leg"})


def marks_of(keys: Collection[str]) -> Sequence[Mark]:
    """Marks by their keys, from head to foot. Keys that are none are left out."""
    return [mark for key, mark in MARKS.items() if key in keys]
