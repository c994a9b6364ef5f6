"""Flask-Security, set up: hashes of passwords, codes of an app, recovery codes and passkeys.

Its pages and its sessions stay off: who is signed in is said by rows (http/sign_ins.py, docs/decisions/0009).
"""

import base64
import datetime as dt
import hashlib
import warnings
from typing import TYPE_CHECKING, Any, cast

from flask import Flask
from flask_login.utils import _user_context_processor
from flask_security import RoleMixin, Security, SQLAlchemyUserDatastore, Totp, UserMixin, WebauthnUtil
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from directory.config import Environment, Settings
from directory.db import db
from directory.models import Account, WebAuthn

if TYPE_CHECKING:
    from passlib.totp import TotpMatch

# What OWASP asks of argon2id at least: 19 MiB, twice. More would let a few sign-ins at once fill the memory.
ARGON2 = {"argon2__type": "ID", "argon2__memory_cost": 19_456, "argon2__time_cost": 2, "argon2__parallelism": 1}
# Tests make hundreds of them.
QUICK = {**ARGON2, "argon2__memory_cost": 64, "argon2__time_cost": 1}
RECOVERY_CODES = 10


class Passkeys(WebauthnUtil):
    """Asks for passkeys of any kind that hold an account and ask who holds them: two factors in one."""

    def authenticator_selection(self, user: UserMixin, usage: str) -> AuthenticatorSelectionCriteria:
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        )

    def user_verification(self, user: UserMixin | None, usage: list[str]) -> UserVerificationRequirement:
        return UserVerificationRequirement.REQUIRED


class OnceOnly(Totp):
    """Takes each code of an app once."""

    def get_last_counter(self, user: UserMixin) -> int | None:
        return cast(Account, user).totp_counter

    def set_last_counter(self, user: UserMixin, tmatch: "TotpMatch") -> None:
        cast(Account, user).totp_counter = tmatch.counter


def init_app(app: Flask, settings: Settings) -> None:
    """Set up the extension, and take away what it would do to each request."""
    secret = settings.secret()
    app.config.update(
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106  the name of an algorithm
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=QUICK if settings.environment is Environment.TEST else ARGON2,
        SECURITY_PASSWORD_SALT=_derived(secret, "limits"),
        SECURITY_PASSWORD_COMPLEXITY_CHECKER=None,  # services/passwords.py asks the same library
        SECURITY_PASSWORD_CHECK_BREACHED=None,  # it would ask a service elsewhere
        SECURITY_USE_REGISTER_V2=True,
        SECURITY_TWO_FACTOR=True,
        SECURITY_TWO_FACTOR_ENABLED_METHODS=["authenticator"],
        SECURITY_TOTP_SECRETS={"1": _derived(secret, "totp")},
        SECURITY_TOTP_ISSUER=settings.site_name.replace(":", ""),
        SECURITY_MULTI_FACTOR_RECOVERY_CODES=True,
        SECURITY_MULTI_FACTOR_RECOVERY_CODES_N=RECOVERY_CODES,
        SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS=[_derived(secret, "recovery")],
        SECURITY_WEBAUTHN=True,
        SECURITY_WAN_RP_NAME=settings.site_name,
        SECURITY_WAN_ALLOW_AS_FIRST_FACTOR=True,
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False},
        SECURITY_CLI_USERS_NAME=False,
        SECURITY_CLI_ROLES_NAME=False,
        SECURITY_FRESHNESS=dt.timedelta(minutes=10),
        SECURITY_FRESHNESS_GRACE_PERIOD=dt.timedelta(0),
        SECURITY_TOKEN_MAX_AGE=dt.timedelta(minutes=10),
    )
    app.config.update({f"SECURITY_{name}": dt.timedelta(minutes=10) for name in WITHIN})
    datastore = SQLAlchemyUserDatastore(db, Account, RoleMixin, webauthn_model=WebAuthn)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        security = Security(app, datastore, register_blueprint=False, webauthn_util_cls=Passkeys, totp_cls=OnceOnly)
    _keep_off(app, security)


# Times of the pages that are off; the library only takes them like this.
WITHIN = (
    "LOGIN_WITHIN",
    "CHANGE_EMAIL_WITHIN",
    "CONFIRM_EMAIL_WITHIN",
    "RESET_PASSWORD_WITHIN",
    "TWO_FACTOR_SETUP_WITHIN",
    "TWO_FACTOR_LOGIN_VALIDITY",
    "US_SETUP_WITHIN",
    "WAN_REGISTER_WITHIN",
    "WAN_SIGNIN_WITHIN",
)


def _keep_off(app: Flask, security: Any) -> None:
    """Each of these opens the session of every request, public ones too, and then no page could be kept."""
    app.before_request_funcs[None].remove(security.principal._on_before_request)
    app.after_request_funcs[None].remove(security.login_manager._update_remember_cookie)
    app.template_context_processors[None].remove(_user_context_processor)


def _derived(secret: str, purpose: str) -> str:
    """Another key for each purpose, as Fernet takes it."""
    return base64.urlsafe_b64encode(
        hashlib.blake2b(secret.encode(), digest_size=32, person=purpose.encode()).digest()
    ).decode()
