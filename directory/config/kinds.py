"""What a setting may be: each kind reads what an operator typed, or says in a few words what is wrong with it."""

import contextlib
import re
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from babel import Locale, UnknownLocaleError
from limits import parse_many
from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import NoDecode
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

MIN_TOKEN_LENGTH = 16
QUEUES = frozenset({"postgresql", "redis", "rediss", "valkey", "valkeys"})
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[a-z0-9][a-z0-9.-]*", re.ASCII | re.IGNORECASE)
_HOST = re.compile(r"\.?[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]", re.IGNORECASE)


def _split(value: object) -> object:
    """Several are written with commas between them."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _host(value: str) -> str:
    if value in {"*", "."}:
        raise ValueError("allows every host; name the hosts that the site answers to")
    if not _HOST.fullmatch(value):
        raise ValueError(f"{value!r} is not a host name; write example.org, without https:// or a port")
    return value


def _country(value: str) -> str:
    if not re.fullmatch("[A-Z]{2}", value):
        raise ValueError(f"{value!r} is not a country; write two capital letters, like GB")
    return value


def _address(value: str) -> str:
    if value and not _ADDRESS.fullmatch(value):
        raise ValueError("is not an address; write directory@example.org")
    return value


def _site_address(value: str) -> str:
    if not value:
        return value
    with contextlib.suppress(ValueError):
        parts = urlsplit(value)
        beyond = parts.path.strip("/") or parts.query or parts.fragment or parts.username
        if parts.scheme in {"http", "https"} and parts.hostname and not beyond:
            return value.rstrip("/")
    raise ValueError("is not the address of a site; write https://example.org")


def _language(value: str) -> str:
    try:
        Locale.parse(value)
    except (ValueError, UnknownLocaleError):
        raise ValueError("is not a language and region; write it like en_GB") from None
    return value


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("is not a time zone; write it like Europe/London")
    return value


def _rate(value: str) -> str:
    if value != "off":
        try:
            parse_many(value)
        except ValueError:
            raise ValueError("is not a limit; write it like 240 per minute, or off") from None
    return value


def _mail_server(value: SecretStr) -> SecretStr:
    with contextlib.suppress(ValueError):
        parts = urlsplit(value.get_secret_value())
        beyond = parts.path.strip("/") or parts.query or parts.fragment
        if parts.scheme in {"smtp", "smtps"} and parts.hostname and parts.port != 0 and not beyond:
            return value
    raise ValueError("is not a mail server; write smtps://name:password@mail.example.org:465")


def _queue(value: SecretStr) -> SecretStr:
    if urlsplit(value.get_secret_value()).scheme not in QUEUES:
        raise ValueError("must begin with postgresql://, redis:// or valkey://")
    return value


def _token(value: SecretStr) -> SecretStr:
    if len(value.get_secret_value()) < MIN_TOKEN_LENGTH:
        raise ValueError(f"is too short; use at least {MIN_TOKEN_LENGTH} random characters")
    return value


def _database(value: str) -> str:
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


Address = Annotated[str, AfterValidator(_address)]
SiteAddress = Annotated[str, AfterValidator(_site_address)]
Language = Annotated[str, AfterValidator(_language)]
Zone = Annotated[str, AfterValidator(_zone)]
Rate = Annotated[str, AfterValidator(_rate)]
Database = Annotated[str, AfterValidator(_database)]
MailServer = Annotated[SecretStr, AfterValidator(_mail_server)]
Queue = Annotated[SecretStr, AfterValidator(_queue)]
Token = Annotated[SecretStr, AfterValidator(_token)]

# Not read as JSON, as the library would: with commas.
Hosts = Annotated[tuple[Annotated[str, AfterValidator(_host)], ...], NoDecode, BeforeValidator(_split)]
Countries = Annotated[tuple[Annotated[str, AfterValidator(_country)], ...], NoDecode, BeforeValidator(_split)]
Addresses = Annotated[tuple[Address, ...], NoDecode, BeforeValidator(_split)]
