"""What a browser can read, and what it has already: the headers Accept-Encoding and If-None-Match (RFC 9110)."""

import re
import sys
import zlib
from collections.abc import Callable, Mapping
from functools import lru_cache

import brotli

if sys.version_info >= (3, 14):  # pragma: no cover  which of the two depends on the interpreter
    from compression import zstd
else:
    from backports import zstd

_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')
# Headers that differ, of which browsers send a handful.
MANY = 512
LONGEST = 1_000

# For pages, which are made anew each time, the best first: see docs/decisions/0008.
COMPRESSORS: Mapping[str, Callable[[bytes], bytes]] = {
    "zstd": lambda content: bytes(zstd.compress(content, 1)),
    "br": lambda content: bytes(brotli.compress(content, quality=3)),
    "gzip": lambda content: zlib.compress(content, 3, wbits=31),
}
OFFERED = tuple(COMPRESSORS)


def chosen(accepted: str, offered: tuple[str, ...]) -> str | None:
    """The first of the encodings `offered` that the header says it likes best; None for plain content."""
    return _chosen(accepted[:LONGEST], offered) if accepted else None


@lru_cache(MANY)
def _chosen(accepted: str, offered: tuple[str, ...]) -> str | None:
    liked: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, *parameters = (word.strip() for word in part.split(";"))
        liked[name] = _quality(parameters)
    best = max(offered, key=lambda one: liked.get(one, liked.get("*", 0.0)))
    quality = liked.get(best, liked.get("*", 0.0))
    return best if quality > 0 and quality >= liked.get("identity", 0.0) else None


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return float(parameter[2:])
            except ValueError:
                return 0.0
    return 1.0


def matches(known: str, etag: str) -> bool:
    """Whether If-None-Match names `etag`, or anything at all."""
    return known == etag or known.strip() == "*" or etag in _TAG.findall(known[:LONGEST])
