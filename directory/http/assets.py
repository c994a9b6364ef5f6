"""Static files under names that change with their content, so that browsers may keep them for good.

`site.css` is also `site.0123456789ab.css`. A page names only the second; what has another hash is not there. WhiteNoise
serves the files; outside tests copies are laid beside their compressed forms first, in a folder of the site.
"""

import hashlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from flask import Flask, current_app, request
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

PREFIX = "/static/"
A_WHILE = 300  # seconds
LETTERS = 12


class _Server(WhiteNoise):  # type: ignore[misc]
    FOREVER = 31_536_000  # a year, which is the longest that the standard knows (RFC 9111)


class Assets:
    """Files by name. With a folder, they are laid there with their compressed forms, once for each content."""

    def __init__(self, files: Mapping[str, Path], folder: Path | None) -> None:
        digests = {name: hashlib.sha256(path.read_bytes()).hexdigest()[:LETTERS] for name, path in files.items()}
        self._addresses = {name: PREFIX + _hashed(name, digest) for name, digest in digests.items()}
        self.digest = hashlib.sha256("".join(sorted(self._addresses.values())).encode()).hexdigest()[:LETTERS]
        if folder is not None:
            files = {name: _lay(path, folder, self._addresses[name]) for name, path in files.items()}
        self.files = files

    def address(self, name: str) -> str:
        """The path of a file that changes with its content. Raises KeyError."""
        return self._addresses[name]

    def serve(self, app: Flask) -> None:
        """Answer requests for the files before the application is asked."""
        known = frozenset(self._addresses.values())
        server = _Server(
            app.wsgi_app, max_age=A_WHILE, allow_all_origins=False, immutable_file_test=lambda _, url: url in known
        )
        for name, path in self.files.items():
            server.add_file_to_dictionary(self._addresses[name], str(path))
            server.add_file_to_dictionary(PREFIX + name, str(path))
        app.wsgi_app = server  # type: ignore[method-assign]


def _hashed(name: str, digest: str) -> str:
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}.{digest}{dot}{suffix}"


def _lay(path: Path, folder: Path, address: str) -> Path:
    """A copy of a file with its compressed forms beside it. The copy comes last, so where it is, all are.

    Where nothing can be written the file itself, which is sent as it is.
    """
    laid = folder / address.removeprefix(PREFIX).replace("/", "_")
    if not laid.exists():
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=folder) as making:
                copy = Path(making) / laid.name
                copy.write_bytes(path.read_bytes())
                compressor = Compressor(quiet=True)
                made = list(compressor.compress(str(copy))) if compressor.should_compress(copy.name) else []
                for one in (*map(Path, made), copy):
                    one.replace(folder / one.name)
        except OSError:
            return path
    return laid


def files_in(folder: Path, prefix: str = "") -> dict[str, Path]:
    """Every file in a folder, by name."""
    paths = (Path(root) / name for root, _, names in os.walk(folder) for name in names)
    return {prefix + path.relative_to(folder).as_posix(): path for path in paths}


def init_app(app: Flask, assets: Assets) -> None:
    """Serve the files, and give templates their addresses."""
    app.extensions["assets"] = assets
    app.jinja_env.globals["asset"] = address
    assets.serve(app)


def address(name: str) -> str:
    """Address of a static file that changes with its content."""
    assets: Assets = current_app.extensions["assets"]
    return request.script_root + assets.address(name)
