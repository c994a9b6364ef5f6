"""Whether the site is well: for operators and their programs."""

from flask import Blueprint, Response, current_app
from flask.typing import ResponseReturnValue

from directory.http import metrics as counts
from directory.http.access import anyone, operator
from directory.http.words import problem
from directory.services import health

bp = Blueprint("public_status", __name__)


@bp.get("/healthz")
@anyone
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@anyone
def readyz() -> ResponseReturnValue:
    """The process can serve: the database answers and has the tables of this version."""
    if health.is_ready():
        return Response("ready\n", mimetype="text/plain")
    return problem(503, "Not ready", "The database does not answer, or needs tsubo db upgrade.")


@bp.get("/metrics")
@operator
def metrics() -> ResponseReturnValue:
    """Counts and times, for Prometheus."""
    content, content_type = counts.exposition(current_app.extensions["metrics"], health.figures())
    return Response(content, content_type=content_type)
