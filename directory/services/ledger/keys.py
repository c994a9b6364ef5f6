"""The key that signs heads: a file beside the database, never in it. Public keys are published for good."""

import base64
import json
from pathlib import Path
from typing import Final

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from sqlalchemy import select

from directory.config import Settings, kept_once
from directory.db import db
from directory.lib import canonical_json
from directory.models import LedgerKey

ALGORITHM: Final = "Ed25519"


class Forged(ValueError):
    """A signed statement that its key did not sign, or that says nothing we understand."""


def path_of(settings: Settings) -> Path:
    """Where the private key is."""
    return settings.ledger_key_file or settings.data_dir / "ledger-key.json"


def signing_key(settings: Settings) -> OKPKey:
    """The private key, made at first use. Raises UnsafeSettings."""
    return OKPKey.import_key(json.loads(kept_once(path_of(settings), _new_key)))


def _new_key() -> str:
    return json.dumps(OKPKey.generate_key(ALGORITHM).as_dict(private=True))


def public_text(key: OKPKey) -> str:
    """The public half of a key as JSON, with what it is called and what it is for."""
    said = key.as_dict(private=False)
    return canonical_json.dumps(
        {name: said[name] for name in ("crv", "kty", "x")} | {"alg": ALGORITHM, "kid": name_of(key), "use": "sig"}
    )


def name_of(key: OKPKey) -> str:
    """The thumbprint of a key (RFC 7638), hexadecimal."""
    return base64.urlsafe_b64decode(key.thumbprint() + "=").hex()


def list_public() -> list[str]:
    """Every public key with which heads were ever signed here, as JSON, the oldest first."""
    return list(db.session.scalars(select(LedgerKey.jwk).order_by(LedgerKey.added_at, LedgerKey.id)))


def sign(payload: str, key: OKPKey) -> str:
    """A signed statement (compact JWS)."""
    header = {"alg": ALGORITHM, "kid": name_of(key)}
    return jws.serialize_compact(header, payload, key, algorithms=[ALGORITHM])


def opened(token: str, public: str) -> str:
    """What a statement says that this public key has signed. Raises Forged."""
    try:
        said = jws.deserialize_compact(token, OKPKey.import_key(json.loads(public)), algorithms=[ALGORITHM])
        return said.payload.decode()
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise Forged(type(error).__name__) from error


def signer_of(token: str) -> str:
    """The name of the key that a statement says has signed it. Raises Forged."""
    try:
        return str(jws.extract_compact(token.encode()).headers()["kid"])
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise Forged(type(error).__name__) from error


def content_of(token: str) -> str:
    """What a statement says, whoever signed it. Raises Forged."""
    try:
        return jws.extract_compact(token.encode()).payload.decode()
    except (JoseError, ValueError, TypeError) as error:
        raise Forged(type(error).__name__) from error


def read_public(text: str) -> list[str]:
    """The public keys in a file: one key, or a set of them as the site publishes it. Raises Forged."""
    try:
        said = json.loads(text)
        return [public_text(OKPKey.import_key(one)) for one in said.get("keys", [said])]
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Forged("the file of the key holds no public key") from error
