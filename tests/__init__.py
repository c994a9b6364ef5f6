"""Tests. What they write lies in memory where there is room: they begin and drop thousands of databases. PostgreSQL
for tests keeps its sockets in a folder of one's own, and warns when it is not told which."""

import os
import shutil
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108  a file system, not a file of a name that somebody else could take
_ROOM = 4 * 2**30

if "TMPDIR" not in os.environ and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM:
    os.environ["TMPDIR"] = str(_MEMORY)
    tempfile.tempdir = None

if "XDG_RUNTIME_DIR" not in os.environ:
    _folder = Path(tempfile.gettempdir()) / f"directory-tests-{os.getuid()}"
    _folder.mkdir(mode=0o700, exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(_folder)
