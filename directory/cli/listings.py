"""tsubo listings."""

from flask.cli import AppGroup


listings = AppGroup("listings", help="Not yet.")
