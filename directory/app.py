"""Puts the parts together. The one file that knows them all."""

import importlib.resources
import sys
from pathlib import Path
from typing import Any

import click
from flask import Flask, appcontext_popped, appcontext_pushed
from flask.cli import FlaskGroup
from flask_compress import Compress
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect
from prometheus_client import CollectorRegistry
from sqlalchemy.exc import DBAPIError
from werkzeug.middleware.proxy_fix import ProxyFix

from directory import config, db, jobs
from directory.cli import (
    accounts,
    backups,
    check,
    database,
    demo,
    doctor,
    ledger,
    listings,
    matching,
    recommendations,
    seed,
    serve,
    worker,
)
from directory.config import ROOT, Environment, Settings
from directory.http import (
    access,
    addresses,
    assets,
    fragments,
    headers,
    logs,
    revisits,
    sanity,
    security,
    sign_ins,
    transaction,
    uploads,
    words,
)
from directory.lib import clock
from directory.models import Base, DirectoryError
from directory.services import search
from directory.web import admin, errors, member, public

# What of Leaflet's package pages need.
LEAFLET = ("leaflet.css", "leaflet.js", "images/")
OUTLINES = ("outline_british_isles", "outline_world")


def create_app(settings: Settings, *, for_commands: bool = False) -> Flask:
    """The application. Commands may take as long as they need in the database; pages may not."""
    app = Flask(
        __name__,
        root_path=str(ROOT / "directory"),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "directory" / "static"),
    )
    _configure(app, settings)
    app.extensions["settings"] = settings
    appcontext_pushed.connect(lambda _: clock.arrive(settings.zone), app, weak=False)
    appcontext_popped.connect(lambda _: clock.leave(), app, weak=False)
    registry = CollectorRegistry()
    app.extensions["metrics"] = registry

    db.init_app(app, settings.database, for_commands=for_commands)
    if not for_commands:
        with app.app_context():
            search.keep(settings.data_dir / "search")
    db.init_migrations(app, ROOT / "directory" / "migrations", Base.metadata)
    logs.init_app(app, settings, registry)
    errors.init_app(app)
    uploads.init_app(app)
    # Before the transaction, so that it runs after its end.
    security.init_app(app, settings)
    sign_ins.init_app(app)
    transaction.init_app(app)
    sanity.init_app(app)
    access.init_app(app, settings)
    words.init_app(app, settings)
    addresses.init_app(app)
    CSRFProtect(app)
    Compress(app)
    _limit(app, settings)
    public.init_app(app, settings)
    member.init_app(app, settings)
    admin.init_app(app, settings)
    jobs.init_app(app, settings)
    revisits.init_app(app, settings)
    fragments.init_app(app)
    if not for_commands:
        _serve_files(app, settings)
    headers.init_app(app, settings)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _configure(app: Flask, settings: Settings) -> None:
    """Tell the framework and its extensions what the settings mean for them."""
    in_production = settings.environment is Environment.PRODUCTION
    app.config.update(
        SECRET_KEY=settings.secret(),
        DEBUG=settings.debug,
        TESTING=settings.environment is Environment.TEST,
        TRUSTED_HOSTS=list(settings.hosts),
        MAX_CONTENT_LENGTH=1_000_000,
        MAX_FORM_MEMORY_SIZE=500_000,
        SESSION_COOKIE_NAME="__Host-session" if in_production else "session",
        SESSION_COOKIE_SECURE=in_production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        RATELIMIT_HEADERS_ENABLED=True,
        # A page is made anew each time, so quick levels: see docs/decisions/0008.
        COMPRESS_ALGORITHM=["zstd", "br", "gzip"],
        COMPRESS_ZSTD_LEVEL=1,
        COMPRESS_BR_LEVEL=3,
        COMPRESS_LEVEL=3,
        COMPRESS_MIMETYPES=["text/html", "text/plain", "text/vcard", "application/json", "application/problem+json"],
        # Done where pages get their tags (http/revisits.py).
        COMPRESS_EVALUATE_CONDITIONAL_REQUEST=False,
        PROPAGATE_EXCEPTIONS=False,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def _limit(app: Flask, settings: Settings) -> None:
    """Answer one address only so often. What is tried with accounts has limits of its own (services/limits.py)."""
    limiter = Limiter(
        get_remote_address,
        app=app,
        default_limits=[] if settings.rate_limit == "off" else [settings.rate_limit],
        storage_uri="memory://",
        strategy="moving-window",
        # Not in tests: one visitor there opens more pages than any person would.
        enabled=settings.environment is not Environment.TEST,
    )
    # Counted when it was tried first.
    limiter.request_filter(transaction.is_repeated)


def _serve_files(app: Flask, settings: Settings) -> None:
    """Style sheet, scripts, the map and its outline, all from this machine."""
    in_tests = settings.environment is Environment.TEST  # where compressing them would take most of the time
    assets.init_app(app, assets.Assets(_files(), None if in_tests else settings.data_dir / "static"))


def _files() -> dict[str, Path]:
    leaflet = Path(str(importlib.resources.files("xstatic.pkg.leaflet") / "data"))
    mounted = assets.files_in(leaflet, "leaflet/").items()
    return {
        **assets.files_in(ROOT / "directory" / "static"),
        **{name: path for name, path in mounted if name.removeprefix("leaflet/").startswith(LEAFLET)},
        **{f"map/{name}.json": ROOT / "seeds" / "reference" / f"{name}.geojson" for name in OUTLINES},
    }


class Commands(FlaskGroup):
    """Says in one line what is wrong, instead of a traceback."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().main(*args, **kwargs)
        except (config.UnsafeSettings, db.NewerDatabase, DirectoryError) as error:
            click.echo(f"tsubo: {error}", err=True)
        except DBAPIError as error:
            click.echo(f"tsubo: the database refused ({type(error.orig).__name__}); tsubo doctor says more", err=True)
        sys.exit(2)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Only our own: help can be read while the settings are wrong."""
        return sorted(self.commands)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        return self.commands.get(name)


main = Commands(
    name="tsubo",
    create_app=lambda: create_app(config.load(), for_commands=True),
    add_default_commands=False,
    add_version_option=False,
    load_dotenv=False,
    set_debug_flag=False,
    help="A directory of shiatsu and holistic practitioners.",
)
main.params.clear()  # options of the framework that would mean nothing here
for command in (
    accounts.accounts,
    database.db,
    seed.seed,
    demo.demo,
    listings.listings,
    matching.registers,
    ledger.ledger,
    check.check,
    check.objections_group,
    recommendations.recommendations,
    doctor.doctor,
    serve.serve,
    worker.worker,
    backups.backup,
    backups.restore,
):
    main.add_command(command)
