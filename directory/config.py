"""Every setting of the directory, typed and read from DIRECTORY_* variables.

A setting that would make the site unsafe stops it from starting, with one line that says what to do.
"""

import contextlib
import ipaddress
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale, UnknownLocaleError
from limits import parse_many
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parents[1]
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1", "[::1]"})
MIN_SECRET_LENGTH = 32
MIN_TOKEN_LENGTH = 16
PREFIX = "DIRECTORY_"
QUEUES = frozenset({"postgresql", "redis", "rediss", "valkey", "valkeys"})
# Variables of the tests, which no setting reads.
TEST_PREFIX = "DIRECTORY_TEST_"
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[a-z0-9][a-z0-9.-]*", re.ASCII | re.IGNORECASE)
_HOST = re.compile(r"\.?[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]", re.IGNORECASE)


class UnsafeSettings(Exception):
    """The settings are wrong or unsafe; the text is one line for an operator."""


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
    database_url: str = Field(
        "",
        description="`postgresql://...`, or `sqlite:///...`. Default: one SQLite file in the data folder.",
    )
    trusted_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
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
    site_url: str = Field("", description="The public address, for canonical links. Default: what the visitor typed.")
    country: str = Field("GB", pattern="^[A-Z]{2}$", description="The site's own country, as ISO 3166-1.")
    countries: Annotated[tuple[str, ...], NoDecode] = Field(
        ("GB", "IE", "IM", "JE", "GG"), description="Countries in which a typed town is looked for first."
    )
    locale: str = Field("en_GB", description="Language and region of dates, numbers and words.")
    timezone: str = Field("Europe/London", description="The zone in which a day ends.")
    distance_unit: Literal["mi", "km"] = Field("mi", description="Unit of a distance without one: `mi` or `km`.")
    currency: str = Field("GBP", pattern="^[A-Z]{3}$", description="Currency of a price without one.")
    concern_pairing: bool = Field(
        default=True, description="Whether practitioners can be searched by what they often work with."
    )
    rate_limit: str = Field(
        "240 per minute", description="Most requests from one address to one kind of page, for each process; or `off`."
    )
    mail_url: SecretStr | None = Field(
        None,
        description="The mail server: `smtps://name:password@host:465` or `smtp://host`. Default: in development mail"
        " is written to `mail/` in the data folder, in production it waits.",
    )
    mail_from: str = Field(
        "",
        max_length=254,
        description="The address that mail comes from. Needed in production where there is a mail server.",
    )
    contact: str = Field(
        "",
        max_length=254,
        description="The e-mail address of whoever runs the site. It stands at the foot of every page and letter.",
    )
    mail_timeout: int = Field(10, ge=1, le=10, description="Seconds that the mail server may take for one answer.")
    queue_url: SecretStr | None = Field(
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
    metrics_token: SecretStr | None = Field(
        None, description="Lets a request from another machine read `/metrics`. Without it only this machine may."
    )
    ledger_key_file: Path | None = Field(
        None,
        description="The private key that signs heads of the ledger. Default: `ledger-key.json` in the data folder,"
        " made at first use.",
    )
    ledger_mail: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="E-mail addresses, with commas, that get the newest head of the ledger every day.",
    )
    enquiry_key_file: Path | None = Field(
        None,
        description="The key that seals enquiries until they are delivered. Default: `enquiry-key.json` in the data"
        " folder, made at first use.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least severe line to log.")

    @field_validator("trusted_hosts", "countries", "ledger_mail", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("trusted_hosts")
    @classmethod
    def _plain_hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for host in value:
            if host in {"*", "."}:
                raise ValueError("allows every host; name the hosts that the site answers to")
            if not _HOST.fullmatch(host):
                raise ValueError(f"{host!r} is not a host name; write example.org, without https:// or a port")
        return value

    @field_validator("countries")
    @classmethod
    def _country_codes(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for code in value:
            if not re.fullmatch("[A-Z]{2}", code):
                raise ValueError(f"{code!r} is not a country; write two capital letters, like GB")
        return value

    @field_validator("site_url")
    @classmethod
    def _whole_address(cls, value: str) -> str:
        if not value:
            return value
        with contextlib.suppress(ValueError):
            parts = urlsplit(value)
            beyond = parts.path.strip("/") or parts.query or parts.fragment or parts.username
            if parts.scheme in {"http", "https"} and parts.hostname and not beyond:
                return value.rstrip("/")
        raise ValueError("is not the address of a site; write https://example.org")

    @field_validator("locale")
    @classmethod
    def _known_locale(cls, value: str) -> str:
        try:
            Locale.parse(value)
        except (ValueError, UnknownLocaleError):
            raise ValueError("is not a language and region; write it like en_GB") from None
        return value

    @field_validator("rate_limit")
    @classmethod
    def _known_limit(cls, value: str) -> str:
        if value != "off":
            try:
                parse_many(value)
            except ValueError:
                raise ValueError("is not a limit; write it like 240 per minute, or off") from None
        return value

    @field_validator("mail_url")
    @classmethod
    def _known_mail_server(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None:
            return value
        with contextlib.suppress(ValueError):
            parts = urlsplit(value.get_secret_value())
            beyond = parts.path.strip("/") or parts.query or parts.fragment
            if parts.scheme in {"smtp", "smtps"} and parts.hostname and parts.port != 0 and not beyond:
                return value
        raise ValueError("is not a mail server; write smtps://name:password@mail.example.org:465")

    @field_validator("mail_from", "contact")
    @classmethod
    def _one_address(cls, value: str) -> str:
        if value and not _ADDRESS.fullmatch(value):
            raise ValueError("is not an address; write directory@example.org")
        return value

    @field_validator("ledger_mail")
    @classmethod
    def _addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(cls._one_address(address) for address in value)

    @field_validator("queue_url")
    @classmethod
    def _known_queue(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and urlsplit(value.get_secret_value()).scheme not in QUEUES:
            raise ValueError("must begin with postgresql://, redis:// or valkey://")
        return value

    @field_validator("metrics_token")
    @classmethod
    def _long_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < MIN_TOKEN_LENGTH:
            raise ValueError(f"is too short; use at least {MIN_TOKEN_LENGTH} random characters")
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("is not a time zone; write it like Europe/London")
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not value:
            return value
        if value.startswith("postgres://"):
            value = "postgresql" + value.removeprefix("postgres")
        try:
            backend = make_url(value).get_backend_name()
        except ArgumentError:
            backend = ""
        if backend not in {"sqlite", "postgresql"}:
            raise ValueError("must begin with sqlite:/// or postgresql://")
        if backend == "sqlite" and make_url(value).database in {None, "", ":memory:"}:
            raise ValueError("names no file; a database in memory keeps nothing")
        return value

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


def kept_once(path: Path, make: Callable[[], str]) -> str:
    """The text of a file that is made at first use, for its owner alone. Raises UnsafeSettings."""
    make_folder(path.parent)
    try:
        if not path.exists():
            with tempfile.NamedTemporaryFile("w", dir=path.parent) as file:
                file.write(make())
                file.flush()
                # Linking fails when another process was first, and never shows a half-written key.
                with contextlib.suppress(FileExistsError):
                    os.link(file.name, path)
        return path.read_text()
    except OSError as error:
        raise UnsafeSettings(f"the secret in {path} cannot be kept or read: {error.strerror}") from None


def make_folder(folder: Path) -> None:
    """Make the folder of a database, for its owner alone, if it is not there. Raises UnsafeSettings."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UnsafeSettings(f"the folder {folder} cannot be made: {error.strerror}") from None


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
    where = ".".join(str(part) for part in problem["loc"])
    text = " ".join(str(problem["msg"]).removeprefix("Value error, ").split())
    if not where:
        return text
    field = Settings.model_fields.get(where)
    # The library's own sentences do not say what the setting is for.
    hint = f" ({field.description})" if field is not None and problem["type"] != "value_error" else ""
    return f"{PREFIX}{where.upper()}: {text}{hint}"
