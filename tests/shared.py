"""What the processes of one run of the tests make only once: seeded databases, a server, sites with invented people."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import time_machine

# Processes that a run starts find the folder here; whoever has set it takes it away at the end.
_VARIABLE = "DIRECTORY_TEST_SHARED"


def begin() -> bool:
    """Make the folder, unless this process belongs to a run that has one; whether it was made."""
    if _VARIABLE in os.environ:
        return False
    os.environ[_VARIABLE] = tempfile.mkdtemp(prefix="directory-shared-")
    return True


def end() -> None:
    """Take the folder away."""
    shutil.rmtree(os.environ.pop(_VARIABLE), ignore_errors=True)


def folder(name: str) -> Path:
    """A folder of the run; it is there whoever asks first."""
    made = Path(os.environ[_VARIABLE]) / name
    made.mkdir(exist_ok=True)
    return made


def once(name: str, make: Callable[[Path], str]) -> str:
    """What `make` returns, which is called in one process of the run alone, with a folder; the others wait for it."""
    place = folder(name)
    said = place / ".said"
    with (place / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            # Whatever moment the test that asks first has travelled to.
            with time_machine.travel(_now()):
                made = make(place)
            said.write_text(made, "utf-8")
        return said.read_text("utf-8")


def _now() -> float:
    clock = time_machine.escape_hatch
    return clock.time.time() if clock.is_travelling() else time.time()
