"""Static files from memory, under names that change with their content, so that browsers may keep them for good.

`site.css` is also `site.0123456789ab.css`. A page names only the second; what has another hash is not there. Style
sheets name the files that they need by their hashes, too. Each file is compressed once, and what came of it is kept in
a folder, because the best compression of a large file takes seconds.
"""

import gzip
import hashlib
import mimetypes
import os
import posixpath
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING

import brotli
from flask import Flask, current_app, request

from directory.config import make_folder
from directory.http import encodings
from directory.lib import tokens

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PREFIX = "/static/"
FOR_GOOD = "max-age=31536000, public, immutable"
FOR_A_WHILE = "max-age=300, public"
LETTERS = 12
LOOK_SECONDS = 1.0
SMALLEST = 500  # bytes that are worth compressing
_NAMED = re.compile(r"""url\((["']?)([^"')#?:]+)(["']?)\)""")
_TEXT = re.compile(r"text/|.*(?:javascript|json|xml)")
COMPRESSORS: Mapping[str, Callable[[bytes], bytes]] = {
    "br": lambda content: bytes(brotli.compress(content, quality=11)),
    "gzip": lambda content: gzip.compress(content, 9, mtime=0),
}


@dataclass(frozen=True)
class Asset:
    """A file as it is sent."""

    name: str
    content: bytes
    content_type: str
    digest: str
    modified: int

    @property
    def hashed(self) -> str:
        """Its name with the hash of its content."""
        stem, dot, suffix = self.name.rpartition(".")
        return f"{stem}.{self.digest}{dot}{suffix}"

    @property
    def is_text(self) -> bool:
        return _TEXT.match(self.content_type) is not None and len(self.content) >= SMALLEST


class Assets:
    """The files that `find` names, by name. With `watch` they are read again when one of them has changed."""

    def __init__(self, find: Callable[[], Mapping[str, Path]], folder: Path, *, watch: bool) -> None:
        self._find, self._folder, self._watch = find, folder, watch
        self._compressed: dict[tuple[str, str], bytes] = {}
        self._read()

    def _read(self) -> None:
        paths = self._find()
        self._signature, self._looked_at = _signature(paths), time.monotonic()
        # Style sheets last: they name the others.
        ordered = sorted(paths, key=lambda name: (name.endswith(".css"), name))
        by_name: dict[str, Asset] = {}
        for name in ordered:
            by_name[name] = _asset(name, paths[name], by_name)
        self._by_name = by_name
        self._by_address = {asset.hashed: asset for asset in by_name.values()}
        everything = "".join(asset.hashed for asset in by_name.values())
        self._digest = hashlib.sha256(everything.encode()).hexdigest()[:LETTERS]

    def _look(self) -> None:
        if self._watch and time.monotonic() - self._looked_at >= LOOK_SECONDS:
            self._looked_at = time.monotonic()
            if _signature(self._find()) != self._signature:
                self._read()

    @property
    def digest(self) -> str:
        """Changes when any of the files does."""
        self._look()
        return self._digest

    def address(self, name: str) -> str:
        """The path of a file that changes with its content. Raises KeyError."""
        return PREFIX + self._by_name[name].hashed

    def get(self, path: str) -> tuple[Asset, bool] | None:
        """The file under the rest of a path, and whether the path has its hash."""
        self._look()
        if path in self._by_address:
            return self._by_address[path], True
        return (self._by_name[path], False) if path in self._by_name else None

    def compressed(self, asset: Asset, encoding: str) -> bytes:
        """The content of a file in an encoding."""
        key = (asset.digest, encoding)
        if key not in self._compressed:
            self._compressed[key] = self._read_or_compress(asset, encoding)
        return self._compressed[key]

    def _read_or_compress(self, asset: Asset, encoding: str) -> bytes:
        path = self._folder / f"{hashlib.sha256(asset.content).hexdigest()}.{encoding}"
        if path.is_file():
            return path.read_bytes()
        made = COMPRESSORS[encoding](asset.content)
        make_folder(self._folder)
        unfinished = path.with_name(f"{path.name}.{tokens.mark():x}")
        unfinished.write_bytes(made)
        unfinished.replace(path)
        return made

    def prepare(self) -> None:
        """Compress everything now, so that no visitor waits for it."""
        for asset in self._by_name.values():
            if asset.is_text:
                for encoding in COMPRESSORS:
                    self.compressed(asset, encoding)


def _signature(paths: Mapping[str, Path]) -> tuple[tuple[str, int, int], ...]:
    stats = ((name, path.stat()) for name, path in sorted(paths.items()))
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)


def _asset(name: str, path: Path, known: Mapping[str, Asset]) -> Asset:
    content = path.read_bytes()
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if kind == "text/css":
        content = _with_hashes(name, content.decode(), known).encode()
    digest = hashlib.sha256(content).hexdigest()[:LETTERS]
    charset = "; charset=utf-8" if kind.startswith("text/") else ""
    return Asset(name, content, kind + charset, digest, int(path.stat().st_mtime))


def _with_hashes(name: str, sheet: str, known: Mapping[str, Asset]) -> str:
    """A style sheet that names the files which it needs by their hashes."""

    def named(match: re.Match[str]) -> str:
        meant = posixpath.normpath(posixpath.join(posixpath.dirname(name), match[2]))
        if meant not in known:
            return match[0]
        return f"url({match[1]}{posixpath.relpath(known[meant].hashed, posixpath.dirname(name) or '.')}{match[3]})"

    return _NAMED.sub(named, sheet)


def files_in(folder: Path, prefix: str = "") -> dict[str, Path]:
    """Every file in a folder, by name."""
    paths = (Path(root) / name for root, _, names in os.walk(folder) for name in names)
    return {prefix + path.relative_to(folder).as_posix(): path for path in paths}


def init_app(app: Flask, assets: Assets) -> None:
    """Serve the files before the application is asked, and give templates their addresses."""
    app.extensions["assets"] = assets
    app.jinja_env.globals["asset"] = address
    inner = app.wsgi_app

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        found = assets.get(path.removeprefix(PREFIX)) if path.startswith(PREFIX) else None
        if found is None:
            return inner(environ, start_response)
        return _serve(assets, *found, environ, start_response)

    app.wsgi_app = answer  # type: ignore[method-assign]


def address(name: str) -> str:
    """Address of a static file that changes with its content."""
    assets: Assets = current_app.extensions["assets"]
    return request.script_root + assets.address(name)


def _serve(
    assets: Assets, asset: Asset, is_hashed: bool, environ: "WSGIEnvironment", start: "StartResponse"
) -> Iterable[bytes]:
    if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
        start("405 METHOD NOT ALLOWED", [("Allow", "GET, HEAD"), ("Content-Length", "0")])
        return []
    encoding = encodings.chosen(environ.get("HTTP_ACCEPT_ENCODING", ""), tuple(COMPRESSORS)) if asset.is_text else None
    etag = f'"{asset.digest}{"-" + encoding if encoding else ""}"'
    headers = [("Cache-Control", FOR_GOOD if is_hashed else FOR_A_WHILE), ("ETag", etag)]
    if asset.is_text:
        headers.append(("Vary", "Accept-Encoding"))
    if _is_known(environ, etag, asset.modified):
        start("304 NOT MODIFIED", headers)
        return []
    content = assets.compressed(asset, encoding) if encoding else asset.content
    headers += [("Content-Type", asset.content_type), ("Content-Length", str(len(content)))]
    headers.append(("Last-Modified", formatdate(asset.modified, usegmt=True)))
    if encoding:
        headers.append(("Content-Encoding", encoding))
    start("200 OK", headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [content]


def _is_known(environ: "WSGIEnvironment", etag: str, modified: int) -> bool:
    known = environ.get("HTTP_IF_NONE_MATCH")
    if known is not None:
        return encodings.matches(known, etag)
    try:
        return parsedate_to_datetime(environ["HTTP_IF_MODIFIED_SINCE"]).timestamp() >= modified
    except (KeyError, ValueError):
        return False
