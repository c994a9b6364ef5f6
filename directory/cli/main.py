"""The command `tsubo`."""

import sys
from typing import Any

import click
from flask import Flask
from flask.cli import FlaskGroup

from directory import config
from directory.app import create_app
from directory.cli import database, demo, doctor, listings, seed, serve
from directory.models import DirectoryError


def _create() -> Flask:
    return create_app(config.load(), for_commands=True)


class Tsubo(FlaskGroup):
    """Says in one line what is wrong, instead of a traceback."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().main(*args, **kwargs)
        except (config.UnsafeSettings, DirectoryError) as error:
            click.echo(f"tsubo: {error}", err=True)
            sys.exit(2)


main = Tsubo(
    name="tsubo",
    create_app=_create,
    add_default_commands=False,
    add_version_option=False,
    load_dotenv=False,
    help="A directory of shiatsu and holistic practitioners.",
)
for command in (
    database.db,
    seed.seed,
    demo.demo,
    listings.listings,
    doctor.doctor,
    serve.serve,
):
    main.add_command(command)
