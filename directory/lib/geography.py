"""Distances on the earth, exact in every database.

A point is kept as whole metres on a sphere (x, y, z), so that "inside the circle" is integer arithmetic that gives the
same answer everywhere: https://en.wikipedia.org/wiki/N-vector and the chord length of a great-circle arc.
"""

import math
from dataclasses import dataclass

EARTH_RADIUS_M = 6_371_009  # mean radius, https://en.wikipedia.org/wiki/Earth_radius#Mean_radii
METRES_PER_MILE = 1609.344
KM_PER_DEGREE = 111.195


@dataclass(frozen=True)
class Point:
    """A point on the earth, in degrees (WGS 84)."""

    latitude: float
    longitude: float

    @property
    def xyz(self) -> tuple[int, int, int]:
        """Whole metres from the centre of the earth."""
        latitude, longitude = math.radians(self.latitude), math.radians(self.longitude)
        return (
            round(EARTH_RADIUS_M * math.cos(latitude) * math.cos(longitude)),
            round(EARTH_RADIUS_M * math.cos(latitude) * math.sin(longitude)),
            round(EARTH_RADIUS_M * math.sin(latitude)),
        )

    def rounded(self) -> "Point":
        """The same to about a kilometre, so that nobody's door can be worked out from distances."""
        latitude = round(round(self.latitude * KM_PER_DEGREE) / KM_PER_DEGREE, 4)
        km_per_degree = max(KM_PER_DEGREE * math.cos(math.radians(latitude)), 1.0)
        return Point(latitude, round(round(self.longitude * km_per_degree) / km_per_degree, 4))


def chord_m(distance_m: float) -> int:
    """Length in metres of the straight line between two points `distance_m` apart along the ground."""
    angle = min(max(distance_m, 0.0) / EARTH_RADIUS_M, math.pi)
    return round(2 * EARTH_RADIUS_M * math.sin(angle / 2))


def distance_m(chord_squared: int) -> float:
    """Distance along the ground in metres between two points whose straight line, squared, is `chord_squared`."""
    return 2 * EARTH_RADIUS_M * math.asin(min(math.sqrt(max(chord_squared, 0)) / (2 * EARTH_RADIUS_M), 1.0))


def chord_squared(a: Point, b: Point) -> int:
    """Straight-line distance between two points, in square metres."""
    return sum((p - q) ** 2 for p, q in zip(a.xyz, b.xyz, strict=True))
