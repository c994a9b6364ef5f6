"""tsubo registers: the lists that bodies publish."""

from flask.cli import AppGroup

registers = AppGroup("registers", help="The lists that bodies publish.")
