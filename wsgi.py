"""The application for a WSGI server: `gunicorn wsgi:app`."""

import sys

from directory import config
from directory.app import create_app

try:
    app = create_app(config.load())
except config.UnsafeSettings as error:
    sys.exit(f"tsubo: {error}")
