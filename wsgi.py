"""The application for a WSGI server: `gunicorn wsgi:app`."""

from directory import config
from directory.app import create_app

app = create_app(config.load())
