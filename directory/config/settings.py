"""Every setting, typed, and what must hold of several together. What one may be is its kind (kinds.py)."""

import ipaddress
import os
import secrets
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from directory.config import kinds
from directory.config.files import UnsafeSettings, kept_once

ROOT = Path(__file__).resolve().parents[2]
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1", "[::1]"})
MIN_SECRET_LENGTH = 32
PREFIX = "DIRECTORY_"
# Variables of the tests, which no setting reads.
TEST_PREFIX = "DIRECTORY_TEST_"


class Environment(StrEnum):
    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"


class Settings(BaseSettings):
    """What an operator may choose. Each field is the variable DIRECTORY_<NAME>."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, env_ignore_empty=True)

    environment: Environment = Field(
        Environment.DEVELOPMENT,
        description="`production`, or `development` on your own machine. Default: `production` as soon as the site can"
        " be reached from elsewhere (a host name, a proxy or a public address is set), else `development`.",
    )
    debug: bool = Field(default=False, description="Show the debugger. Refused on a public address.")
    secret_key: SecretStr | None = Field(
        None,
        description="At least 32 random characters. Needed in production; made and kept in the data folder otherwise.",
    )
    data_dir: Path = Field(ROOT / "var", description="Where the database and other state are kept.")
    database_url: kinds.Database = Field(
        "",
        description="`postgresql://...`, or `sqlite:///...`. Default: one SQLite file in the data folder.",
    )
    trusted_hosts: kinds.Hosts = Field(
        (), description="Host names that the site answers to, with commas. Needed in production."
    )
    host: str = Field("127.0.0.1", description="The address to listen on.")
    port: int = Field(8000, ge=1, le=65535, description="The port to listen on. `PORT` is read, too.")
    workers: int = Field(2, ge=1, le=64, description="Number of server processes.")
    trusted_proxies: int = Field(
        0,
        ge=0,
        le=5,
        description="How many proxies in front set X-Forwarded-For. 0: the header is not believed.",
    )
    site_name: str = Field("Tsubo", min_length=1, max_length=40, description="The name of the site.")
    site_url: kinds.SiteAddress = Field(
        "", description="The public address, for canonical links. Default: what the visitor typed."
    )
    country: str = Field("GB", pattern="^[A-Z]{2}$", description="The site's own country, as ISO 3166-1.")
    countries: kinds.Countries = Field(
        ("GB", "IE", "IM", "JE", "GG"), description="Countries in which a typed town is looked for first."
    )
    locale: kinds.Language = Field("en_GB", description="Language and region of dates, numbers and words.")
    timezone: kinds.Zone = Field("Europe/London", description="The zone in which a day ends.")
    distance_unit: Literal["mi", "km"] = Field("mi", description="Unit of a distance without one: `mi` or `km`.")
    currency: str = Field("GBP", pattern="^[A-Z]{3}$", description="Currency of a price without one.")
    concern_pairing: bool = Field(
        default=True, description="Whether practitioners can be searched by what they often work with."
    )
    rate_limit: kinds.Rate = Field(
        "240 per minute", description="Most requests from one address to one kind of page, for each process; or `off`."
    )
    mail_url: kinds.MailServer | None = Field(
        None,
        description="The mail server: `smtps://name:password@host:465` or `smtp://host`. Default: in development mail"
        " is written to `mail/` in the data folder, in production it waits.",
    )
    mail_from: kinds.Address = Field(
        "",
        max_length=254,
        description="The address that mail comes from. Needed in production where there is a mail server.",
    )
    contact: kinds.Address = Field(
        "",
        max_length=254,
        description="The e-mail address of whoever runs the site. It stands at the foot of every page and letter.",
    )
    mail_timeout: int = Field(10, ge=1, le=10, description="Seconds that the mail server may take for one answer.")
    queue_url: kinds.Queue | None = Field(
        None,
        description="Where the worker is woken: `postgresql://...`, or `redis://...` or `valkey://...`. Default: a"
        " SQLite file in the data folder.",
    )
    worker_with_server: bool | None = Field(
        None,
        description="Whether `tsubo serve` starts the worker, too. Default: in development it does.",
    )
    audit_share: float = Field(
        0.05,
        ge=0,
        le=1,
        description="The share of claims found on a register that come back to another verifier, drawn by chance.",
    )
    metrics_token: kinds.Token | None = Field(
        None, description="Lets a request from another machine read `/metrics`. Without it only this machine may."
    )
    ledger_key_file: Path | None = Field(
        None,
        description="The private key that signs heads of the ledger. Default: `ledger-key.json` in the data folder,"
        " made at first use.",
    )
    ledger_mail: kinds.Addresses = Field(
        (),
        description="E-mail addresses, with commas, that get the newest head of the ledger every day.",
    )
    enquiry_key_file: Path | None = Field(
        None,
        description="The key that seals enquiries until they are delivered. Default: `enquiry-key.json` in the data"
        " folder, made at first use.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least severe line to log.")

    @model_validator(mode="before")
    @classmethod
    def _common_port(cls, values: dict[str, object]) -> dict[str, object]:
        """`PORT` is what hosting services set."""
        if "PORT" in os.environ:
            values.setdefault("port", os.environ["PORT"])
        return values

    @model_validator(mode="before")
    @classmethod
    def _production_when_public(cls, values: dict[str, object]) -> dict[str, object]:
        """What can be reached from elsewhere gets the strict rules without anybody having to ask for them."""
        named = values.get("trusted_hosts") or values.get("trusted_proxies") not in {None, "", 0, "0"}
        if named or values.get("host", "127.0.0.1") not in LOOPBACK_NAMES:
            values.setdefault("environment", Environment.PRODUCTION)
        return values

    @model_validator(mode="after")
    def _safe(self) -> "Settings":
        if self.debug and not self.listens_on_loopback:
            raise ValueError("DIRECTORY_DEBUG is on while DIRECTORY_HOST is a public address; turn one of them off")
        if self.debug and self.environment is Environment.PRODUCTION:
            raise ValueError("DIRECTORY_DEBUG is on in production; turn it off")
        if self.environment is Environment.PRODUCTION:
            if self.secret_key is None:
                raise ValueError("DIRECTORY_SECRET_KEY is not set; set it to at least 32 random characters")
            if not self.trusted_hosts:
                raise ValueError("DIRECTORY_TRUSTED_HOSTS is not set; name the hosts that the site answers to")
            if self.mail_url is not None and not self.mail_from:
                raise ValueError("DIRECTORY_MAIL_FROM is not set; name the address that mail comes from")
        if self.secret_key is not None and len(self.secret_key.get_secret_value()) < MIN_SECRET_LENGTH:
            raise ValueError("DIRECTORY_SECRET_KEY is too short; use at least 32 random characters")
        if not self.listens_on_loopback and self.environment is not Environment.PRODUCTION:
            raise ValueError(
                f"DIRECTORY_HOST is a public address in {self.environment}; set DIRECTORY_ENVIRONMENT=production"
            )
        return self

    @property
    def listens_on_loopback(self) -> bool:
        if self.host in LOOPBACK_NAMES:
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def is_development(self) -> bool:
        return self.environment is Environment.DEVELOPMENT

    @property
    def hosts(self) -> tuple[str, ...]:
        """Host names answered to; this machine's own names when none are set outside production."""
        return self.trusted_hosts or tuple(sorted(LOOPBACK_NAMES - {"::1"}))

    @property
    def database(self) -> str:
        """Address of the database."""
        return self.database_url or f"sqlite:///{self.data_dir / 'directory.sqlite3'}"

    @property
    def address(self) -> str:
        """The address of the site, for links in mail: never what a visitor typed."""
        if self.site_url:
            return self.site_url
        if self.trusted_hosts:
            return f"https://{self.trusted_hosts[0].lstrip('.')}"
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @property
    def mail_sender(self) -> str:
        """The address that mail comes from."""
        return self.mail_from or "directory@localhost"

    @property
    def mail_folder(self) -> Path | None:
        """Where mail is written for want of a mail server; None where it is sent, or waits."""
        if self.mail_url is not None or self.environment is Environment.PRODUCTION:
            return None
        return self.data_dir / "mail"

    @property
    def starts_worker(self) -> bool:
        """Whether the worker comes with the server."""
        return self.is_development if self.worker_with_server is None else self.worker_with_server

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def secret(self) -> str:
        """The secret key: the setting, or (never in production) one made once and kept in the data folder."""
        if self.secret_key is not None:
            return self.secret_key.get_secret_value()
        return kept_once(self.data_dir / "secret-key", lambda: secrets.token_urlsafe(48))


def load(**overrides: object) -> Settings:
    """Read the settings from the environment.

    Raises UnsafeSettings with one line that names the variable and says what to do.
    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        problems = [_one_line(problem) for problem in error.errors()]
        problems += [f"{name} is set, but no setting has that name" for name in unread(os.environ)]
        raise UnsafeSettings("; ".join(problems)) from None


def unread(names: Iterable[str]) -> list[str]:
    """Of the names of variables, those that look like settings and are none: most likely mistyped."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    return sorted(
        name
        for name in names
        if name.upper().startswith(PREFIX) and not name.startswith(TEST_PREFIX) and name.upper() not in known
    )


def _one_line(problem: Mapping[str, Any]) -> str:
    where = str(problem["loc"][0]) if problem["loc"] else ""
    text = " ".join(str(problem["msg"]).removeprefix("Value error, ").split())
    if not where:
        return text
    field = Settings.model_fields.get(where)
    # The library's own sentences do not say what the setting is for.
    hint = f" ({field.description})" if field is not None and problem["type"] != "value_error" else ""
    return f"{PREFIX}{where.upper()}: {text}{hint}"
