"""Second factors: passkeys, codes of an app, and recovery codes for when these are lost."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask_security.proxies import _datastore, _security
from sqlalchemy import select

from directory.db import db
from directory.models import Account, NotFound, WebAuthn

APP = "authenticator"
# A code lasts 30 seconds; one before and one after are taken, for clocks that differ.
WINDOW = 30
MOST_PASSKEYS = 10


def new_app_secret() -> str:
    """A secret for an app, encrypted with the site's key."""
    return str(_security.totp_factory.generate_totp_secret())


def app_key(secret: str, email: str) -> tuple[str, str]:
    """What an app needs: the address for a QR code, and the key to type by hand."""
    factory = _security.totp_factory
    return str(factory.get_totp_uri(email, secret)), str(factory.get_totp_pretty_key(secret))


def set_app(account: Account, secret: str, code: str) -> bool:
    """Set up an app that shows `code` now; False when it shows something else."""
    account.totp_counter = None
    if not _is_code(account, secret, code):
        return False
    _datastore.tf_set(account, APP, totp_secret=secret)
    return True


def remove_app(account: Account) -> None:
    account.tf_primary_method = account.tf_totp_secret = account.totp_counter = None


def has_app(account: Account) -> bool:
    return account.tf_primary_method == APP and account.tf_totp_secret is not None


def take_code(account: Account, code: str) -> str | None:
    """Take a code of the app or a recovery code, each once: which of them it was, or None."""
    # As it is now, and for nobody else to take a code of meanwhile: it was read before the try was counted.
    db.session.flush()
    db.session.refresh(account, with_for_update={"of": Account})
    typed = "".join(code.split()).lower()
    if has_app(account) and account.tf_totp_secret and _is_code(account, account.tf_totp_secret, typed):
        return "app"
    spelled = typed.replace("-", "")
    recovery = "-".join(spelled[start : start + 4] for start in range(0, len(spelled), 4))
    codes = _security.mf_recovery_codes_util
    if len(spelled) == 12 and codes.check_recovery_code(account, recovery):
        codes.delete_recovery_code(account, recovery)
        return "recovery-code"
    return None


def _is_code(account: Account, secret: str, code: str) -> bool:
    typed = "".join(code.split())
    if not (typed.isascii() and typed.isdigit() and len(typed) == 6):
        return False
    return bool(_security.totp_factory.verify_totp(typed, secret, account, window=WINDOW))


def new_recovery_codes(account: Account) -> Sequence[str]:
    """Fresh codes in place of all that there were. They are shown once, and kept encrypted."""
    made: list[str] = _security.mf_recovery_codes_util.create_recovery_codes(account)
    return made


def recovery_codes_left(account: Account) -> int:
    return len(account.mf_recovery_codes or [])


def forget_recovery_codes(account: Account) -> None:
    account.mf_recovery_codes = None


def add_passkey(account: Account, *, name: str, verified: Any, transports: Sequence[str], at: dt.datetime) -> WebAuthn:
    """Keep a passkey that the browser has just made and webauthn has verified."""
    made = WebAuthn(
        user=account,
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        transports=list(transports),
        backup_state=verified.credential_backed_up,
        device_type=verified.credential_device_type.value,
        create_datetime=at,
        lastuse_datetime=at,
        name=name,
        usage="first",
    )
    db.session.add(made)
    return made


def find_passkey(credential_id: bytes) -> WebAuthn | None:
    return db.session.scalars(select(WebAuthn).where(WebAuthn.credential_id == credential_id)).one_or_none()


def own_passkey(account: Account, number: int) -> WebAuthn:
    """A passkey of this account. Raises NotFound."""
    for passkey in account.webauthn:
        if passkey.id == number:
            return passkey
    raise NotFound


def passkey_used(passkey: WebAuthn, *, sign_count: int, at: dt.datetime) -> None:
    passkey.sign_count = sign_count
    passkey.lastuse_datetime = at


def recovery_codes(account: Account) -> Sequence[str]:
    """The codes that are left, for showing them once."""
    kept: list[str] = _security.mf_recovery_codes_util.get_recovery_codes(account)
    return kept
