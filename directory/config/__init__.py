"""Every setting of the directory, typed and read from DIRECTORY_* variables.

A setting that would make the site unsafe stops it from starting, with one line that says what to do.
"""

from directory.config.files import UnsafeSettings, kept_once, make_folder
from directory.config.settings import MIN_SECRET_LENGTH, PREFIX, ROOT, Environment, Settings, load, unread

__all__ = [
    "MIN_SECRET_LENGTH",
    "PREFIX",
    "ROOT",
    "Environment",
    "Settings",
    "UnsafeSettings",
    "kept_once",
    "load",
    "make_folder",
    "unread",
]
