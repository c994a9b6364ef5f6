"""Tests. PostgreSQL for tests keeps its sockets in a folder of one's own, and warns when it is not told which."""

import os
import tempfile
from pathlib import Path

if "XDG_RUNTIME_DIR" not in os.environ:
    _folder = Path(tempfile.gettempdir()) / f"directory-tests-{os.getuid()}"
    _folder.mkdir(mode=0o700, exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(_folder)
