"""Requests made to break things: whatever is sent, on whatever page there is, the answer is never a 500."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_from_bytes

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import EnvironBuilder, run_wsgi_app

from directory.db import db
from directory.models import Practitioner
from tests import sites
from tests.conftest import Inhabited, inhabited_url, make_settings

PARAMETERS = (
    *(
        "q",
        "near",
        "within",
        "modality",
        "concern",
        "status",
        "body",
        "visit",
        "language",
        "price",
        "gender",
        "pressure",
    ),
    *(
        "access",
        "accepting",
        "sort",
        "page",
        "practitioner",
        "practitioners",
        "id",
        "ids",
        "country",
        "lat",
        "lon",
        "at",
    ),
)
# What has broken other sites: syntax of full-text searches, of SQL, of HTML, of numbers, of Unicode.
NASTY = [
    *(
        "o'brien",
        '"',
        '""',
        "-x",
        "a:b",
        "AND",
        "OR NOT",
        "NEAR(a b)",
        "a*",
        "^a",
        "(",
        ")",
        "{a}",
        "+a",
        "a AND",
        '"a',
        "col:a",
    ),
    *("\\", "%", "_", "%%", "';--", "1' OR '1'='1", "$$", "a & b", "a | !b", "<->", ":*", "''", "\x01\x02", "\t\n\r"),
    *(
        "<script>alert(1)</script>",
        "{{7*7}}",
        "{% x %}",
        "${7*7}",
        "../../etc/passwd",
        "..%2f",
        "%s%n",
        "%(x)s",
        "javascript:alert(1)",
    ),
    *(
        "99999999999999999999",
        "-1",
        "0",
        "1e309",
        "NaN",
        "inf",
        "-0",
        "9223372036854775808",
        "2147483648",
        "0x10",
        "1_000",
        "٣",
        "½",
        "²",
    ),
    *(
        "10mi",
        "10 km",
        "-5mi",
        "1e5mi",
        "mi",
        "99999999999999mi",
        "nanmi",
        "infkm",
        "51.5,-0.1",
        "91,181",
        "nan,nan",
        "1e400,0",
        ",",
    ),
    *(
        "Newport",
        "Newport, Wales",
        "BN1",
        "bn1 1aa",
        "D02",
        "SW1A1AA",
        "St. John's",
        "x" * 10_000,
        "ab " * 3_000,
        "é" * 2_000,
    ),
    *(
        "\u202e",
        "\u200b",
        "\ufeff",
        "\u0000",
        "\ufffd",
        "\uffff",
        "ﬁ",
        "İ",
        "ß",
        "指圧",
        "👩‍👩‍👧",
        "a\u0301" * 50,
        "ͨ" * 200,
        "\U0010ffff",
    ),
    *(
        "",
        " ",
        "+",
        "&",
        "=",
        "#",
        "?",
        ";",
        "/",
        "//",
        ".",
        "..",
        "null",
        "undefined",
        "true",
        "[]",
        "{}",
        "[object Object]",
    ),
]
RAW = [
    b"\xed\xa0\x80",
    b"\xff",
    b"\xc3\x28",
    b"\xf4\x90\x80\x80",
    b"\x00",
    b"%",
    b"%zz",
    b"%u0041",
    b"\xc0\xaf",
    b"\x80" * 50,
]
HEADERS = ("Accept", "Accept-Language", "Accept-Encoding", "Cookie", "Range", "If-None-Match", "If-Modified-Since")
MORE_HEADERS = (
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "User-Agent",
    "Referer",
    "Authorization",
    "Origin",
    "Content-Type",
    "Host",
)
METHODS = ("GET",) * 8 + ("HEAD", "OPTIONS", "POST", "PUT", "DELETE", "TRACE", "FOO")
MARK = "<x-mark>"


@dataclass(frozen=True)
class Ground:
    """A site with people on it, and what is true of it."""

    site: Flask
    rules: list[Rule]
    names: list[str]


@pytest.fixture(scope="module")
def ground(
    backend: str, inhabited: Inhabited, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ground]:
    folder: Path = tmp_path_factory.mktemp("hostile")
    url = inhabited_url(backend, inhabited, request, folder)
    with sites.made(make_settings(folder, url, log_level="error")) as site:
        rules = sorted(site.url_map.iter_rules(), key=str)
        with site.app_context():
            people = db.session.execute(select(Practitioner.public_id, Practitioner.slug).limit(3)).all()
        names = ["shiatsu", "uk-shiatsu-society", "lower-back-pain", "GB", "checked", "brighton"]
        yield Ground(site, rules, names + [word for person in people for word in person])


def text(chance: random.Random) -> bytes:
    """Something that nobody types by accident, as percent-encoded bytes."""
    kind = chance.randrange(10)
    if kind < 6:
        return quote(chance.choice(NASTY), errors="surrogatepass").encode()
    if kind < 7:
        return quote_from_bytes(chance.choice(RAW)).encode()
    if kind < 8:
        return chance.choice(RAW)
    if kind < 9:
        return quote(
            "".join(
                chr(chance.choice((chance.randrange(128), chance.randrange(0xD800))))
                for _ in range(chance.randrange(12))
            )
        ).encode()
    return quote(MARK).encode()


def path(chance: random.Random, ground: Ground) -> bytes:
    """The path of a page that is there, with anything in its places; now and then another path."""
    if chance.random() < 0.05:
        return b"/" + b"/".join(text(chance) for _ in range(chance.choice((1, 3, 60))))
    rule = chance.choice(ground.rules)
    parts = []
    for part in rule.rule.split("/"):
        if not part.startswith("<"):
            parts.append(part.encode())
        else:
            parts.append(chance.choice(ground.names).encode() if chance.random() < 0.4 else text(chance))
    return b"/".join(parts)


def query(chance: random.Random, ground: Ground) -> bytes:
    pairs = []
    for _ in range(chance.choice((0, 1, 1, 2, 3, 8))):
        name = chance.choice(PARAMETERS).encode() if chance.random() < 0.95 else text(chance)
        value = chance.choice(ground.names).encode() if chance.random() < 0.25 else text(chance)
        pairs += [name + b"=" + value] * chance.choice((1, 1, 1, 2, 40))
    return b"&".join(pairs)


def send(seed: int, ground: Ground) -> tuple[int, str]:
    """Send the hostile request of a number; its status and what was asked. Raises if the answer is not fit."""
    chance = random.Random(seed)
    asked_path, asked_query = path(chance, ground), query(chance, ground)
    builder = EnvironBuilder(method=chance.choice(METHODS), base_url="http://localhost/")
    environ: dict[str, Any] = dict(builder.get_environ())
    builder.close()
    # As a server hands them over: the path decoded once, both as bytes in disguise.
    from_percent = asked_path.decode("latin-1")
    environ["PATH_INFO"] = unquoted(from_percent)
    environ["QUERY_STRING"] = asked_query.decode("latin-1")
    for name in (*HEADERS, *MORE_HEADERS):
        if chance.random() < 0.06:
            value = text(chance) * chance.choice((1, 1, 200))
            environ["HTTP_" + name.upper().replace("-", "_")] = value.decode("latin-1")
    asked = f"{environ['REQUEST_METHOD']} {asked_path!r}?{asked_query!r}"
    answer, status, headers = run_wsgi_app(ground.site, environ, buffered=True)
    code = int(status.split()[0])
    body = b"".join(answer)
    assert code < 500, f"seed {seed}: {status}: {asked}"
    assert "Content-Security-Policy" in headers, asked
    assert MARK.encode() not in body, f"seed {seed}: what was sent came back as it was: {asked}"
    return code, asked


def unquoted(text: str) -> str:
    parts = text.split("%")
    out = [parts[0]]
    for part in parts[1:]:
        try:
            out.append(chr(int(part[:2], 16)) + part[2:])
        except ValueError:
            out.append("%" + part)
    return "".join(out)


@given(seed=st.integers(0, 2**48))
@settings(max_examples=800)
def test_no_request_gets_a_500(ground: Ground, seed: int) -> None:
    send(seed, ground)


@pytest.mark.parametrize("nasty", [*NASTY, *RAW], ids=lambda nasty: ascii(nasty)[:30])
def test_nothing_typed_into_a_search_gets_a_500(ground: Ground, nasty: str | bytes) -> None:
    typed = quote(nasty)
    client = ground.site.test_client()
    for address in (
        f"/practitioners?q={typed}",
        f"/practitioners?near={typed}&within={typed}",
        f"/practitioners?q=shiatsu&near=Brighton&page={typed}&sort={typed}",
        f"/practitioners?modality={typed}&body={typed}&status={typed}&price={typed}",
    ):
        assert client.get(address).status_code < 500, address[:200]


def test_pages_of_the_site_are_among_what_is_asked(ground: Ground) -> None:
    found = Counter(send(seed, ground)[0] for seed in range(300))
    assert found[200] > 20, found
    assert found[400] > 5, found
    assert found[404] > 5, found


@pytest.mark.soak
def test_no_request_of_a_hundred_thousand_gets_a_500(ground: Ground) -> None:
    begun = time.monotonic()
    found = Counter(send(seed, ground)[0] for seed in range(100_000))
    seconds = time.monotonic() - begun
    with ground.site.app_context():
        kind = db.engine.dialect.name
    print(f"{kind}: 100,000 hostile requests in {seconds:.0f} s: {dict(sorted(found.items()))}")
