"""Distances: true circles in whole metres, the same in every database."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.lib.geography import EARTH_RADIUS_M, METRES_PER_MILE, Point, chord_m, chord_squared, distance_m

many = settings(max_examples=400)
points = st.builds(Point, st.floats(-89.9, 89.9), st.floats(-180, 180))


def haversine(a: Point, b: Point) -> float:
    """The same distance worked out in another way."""
    north, other = math.radians(a.latitude), math.radians(b.latitude)
    half = math.sin((other - north) / 2) ** 2
    half += math.cos(north) * math.cos(other) * math.sin(math.radians(b.longitude - a.longitude) / 2) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1, math.sqrt(half)))


def allowed(metres: float) -> float:
    """A point is kept in whole metres: two of them, in three directions, and a metre for each 100 km."""
    return 2 + metres / 100_000


@given(points, points)
@many
def test_distance_agrees_with_another_way_of_working_it_out(a: Point, b: Point) -> None:
    true = haversine(a, b)
    if true < 19_000_000:  # near the other side of the earth, whole metres are not enough
        assert distance_m(chord_squared(a, b)) == pytest.approx(true, abs=allowed(true))


@given(st.floats(0, 19_000_000))
@many
def test_a_radius_and_its_chord_are_one(metres: float) -> None:
    assert distance_m(chord_m(metres) ** 2) == pytest.approx(metres, abs=1 + metres / 100_000 + metres**3 / 1e17)


@given(points, points, st.floats(10, 500_000))
@many
def test_who_is_inside_the_circle_is_as_near_as_it_says(a: Point, b: Point, radius: float) -> None:
    true = haversine(a, b)
    if abs(true - radius) > allowed(radius):
        assert (chord_squared(a, b) <= chord_m(radius) ** 2) is (true <= radius)


@given(st.builds(Point, st.floats(-70, 70), st.floats(-179, 179)))
@many
def test_rounding_moves_a_door_by_less_than_a_kilometre(point: Point) -> None:
    assert haversine(point, point.rounded()) < 800


@given(st.floats(-70, 70), st.floats(-179, 179), st.floats(-0.2, 0.2), st.floats(-0.2, 0.2))
@many
def test_rounding_again_changes_little_and_neighbours_share_a_point(lat: float, lon: float, n: float, e: float) -> None:
    cell = Point(lat, lon).rounded()
    beside = Point(cell.latitude + n / 111, cell.longitude + e / 111 / math.cos(math.radians(cell.latitude)))
    assert haversine(beside.rounded(), cell) < 30


@given(points)
@many
def test_a_point_keeps_its_distance_from_the_centre_of_the_earth(point: Point) -> None:
    assert math.sqrt(sum(value**2 for value in point.xyz)) == pytest.approx(EARTH_RADIUS_M, abs=1)
    assert all(-(2**31) < value < 2**31 for value in point.xyz)


@pytest.mark.parametrize("nonsense", [-5.0, -0.0, 0.0])
def test_no_distance_is_less_than_none(nonsense: float) -> None:
    assert chord_m(nonsense) == 0
    assert distance_m(-3) == 0


def test_a_circle_is_never_larger_than_the_earth() -> None:
    assert chord_m(1e12) == 2 * EARTH_RADIUS_M
    assert distance_m((2 * EARTH_RADIUS_M + 9) ** 2) == pytest.approx(math.pi * EARTH_RADIUS_M)


def test_brighton_is_about_forty_seven_miles_from_london() -> None:
    miles = distance_m(chord_squared(Point(50.8284, -0.1395), Point(51.5074, -0.1278))) / METRES_PER_MILE
    assert miles == pytest.approx(46.9, abs=0.1)
