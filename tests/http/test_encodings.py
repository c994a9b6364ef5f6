"""What a browser can read, and what it has."""

import pytest

from directory.http.encodings import OFFERED, chosen, matches


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", None),
        ("identity", None),
        ("gzip", "gzip"),
        ("gzip, deflate, br", "br"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("GZIP;q=1.0, br;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("gzip;q=0", None),
        ("*", "zstd"),
        ("*;q=0", None),
        ("zstd;q=0, *", "br"),
        ("identity;q=1, gzip;q=0.5", None),
        ("gzip;q=x", None),
        ("gzip; level=9; q=0.4", "gzip"),
        ("deflate, compress", None),
        (", ;q=1,,", None),
        ("x" * 5000 + ", gzip", None),
    ],
)
def test_the_encoding_is_the_best_that_the_browser_reads(accepted: str, encoding: str | None) -> None:
    assert chosen(accepted, OFFERED) == encoding


@pytest.mark.parametrize(
    ("known", "same"),
    [('"a"', True), ('W/"a"', True), ('"b", "a"', True), ("*", True), ('"b"', False), ("a", False), ("", False)],
)
def test_a_tag_is_found_among_those_that_are_known(known: str, same: bool) -> None:
    assert matches(known, '"a"') is same
