"""What happens later, or on a clock."""

from flask import Flask

from directory.config import Settings
from directory.db import when_kept
from directory.jobs import letters, workers
from directory.jobs.queues import Queue
from directory.services import outbox

work = workers.run


def init_app(app: Flask, settings: Settings) -> None:
    """Wake the worker whenever mail was queued."""
    app.extensions["queue"] = queue = Queue(app, settings)
    letters.init_app(app, settings)
    with app.app_context():
        when_kept(outbox.QUEUED, queue.wake)
