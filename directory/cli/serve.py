"""tsubo serve: the web server."""

import os
import shutil
import socket
import subprocess
import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from directory.config import ROOT, Settings, make_folder
from directory.db import transaction
from directory.http.metrics import FOLDER_VARIABLE
from directory.lib import clock
from directory.services import changes, erasures, search

# Lets the C library give memory back when a copy of the listings is replaced by a newer one. Left to itself it keeps
# pieces of the old one in many places, and a process grows to twice the size.
MEMORY = {"MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": "131072", "MALLOC_TRIM_THRESHOLD_": "131072"}


@click.command("serve")
@with_appcontext
def serve() -> None:
    """Serve the site with gunicorn, and print its address."""
    settings: Settings = current_app.extensions["settings"]
    _check_port(settings)
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    command = [
        sys.executable,
        *("-m", "gunicorn"),
        *("--bind", f"{host}:{settings.port}"),
        *("--workers", str(settings.workers)),
        *("--worker-class", "gthread", "--threads", "4"),
        *("--timeout", "30", "--graceful-timeout", "10"),
        *("--max-requests", "50000", "--max-requests-jitter", "5000"),
        *("--log-level", "warning", "--logger-class", "directory.http.server_logs.ServerLog"),
        # An address too long for us is answered by our own page, not by the server's.
        *("--limit-request-line", "8190", "--preload"),
        *("--chdir", str(ROOT)),
        "wsgi:app",
    ]
    with transaction():
        changes.forget_old()
    with transaction():
        # An older copy of the database may have been put in place by hand.
        erasures.apply_file(settings.data_dir, at=clock.now())
    prepared = search.prepare(settings.data_dir / "search")
    if prepared:
        click.echo(f"{prepared:,} listings are ready to be searched.", err=True)
    counts = settings.data_dir / "counts"
    shutil.rmtree(counts, ignore_errors=True)
    make_folder(counts)
    os.environ[FOLDER_VARIABLE] = str(counts)
    for name, value in MEMORY.items():
        os.environ.setdefault(name, value)
    if settings.starts_worker:
        _start_worker()
    # On the error output: it is not held back when the output is not a terminal.
    click.echo(
        f"{settings.site_name} is at http://{host}:{settings.port}/ (Ctrl+C ends it)",
        err=True,
    )
    os.execv(sys.executable, command)  # noqa: S606  the server takes over this process and its signals


def _check_port(settings: Settings) -> None:
    """Say so before anything begins where the address cannot be had. The server would try for seconds, and a worker
    would be at work meanwhile."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        socket.create_server((settings.host, settings.port), family=family).close()
    except OSError as error:
        raise click.ClickException(
            f"The site cannot be served at {settings.host}, port {settings.port}: {error.strerror}. "
            "Choose another port with PORT."
        ) from None


def _start_worker() -> None:
    """Start the worker beside the server. It ends when the server does, however that ends: then nobody holds the other
    end of its input any more."""
    input_of_worker, held_by_server = os.pipe()
    os.set_inheritable(held_by_server, True)  # noqa: FBT003  positional there
    subprocess.Popen(
        [sys.executable, "-c", "from directory.app import main; main()", "worker", "--until-input-ends"],
        stdin=input_of_worker,
        env={name: value for name, value in os.environ.items() if name != FOLDER_VARIABLE},
    )
    os.close(input_of_worker)
