"""Passkeys: what a browser is asked, and whether its answer is right.

What is asked stands in a page, and a random challenge in the session: an answer counts for that challenge alone.
"""

import json
from collections.abc import Sequence
from typing import Any

import webauthn
from flask import current_app, request, session
from flask_security.proxies import _security
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import PublicKeyCredentialDescriptor

from directory.lib import clock
from directory.models import Account, WebAuthn
from directory.services import second_factors

CHALLENGE = "challenge"
CHALLENGE_LASTS = 3_600  # seconds; as long as somebody may leave a page open
TIMEOUT = 120_000  # milliseconds for touching a key
# What the library and JSON say of an answer that is none; a very deep one is refused by Python itself.
NOT_RIGHT = (WebAuthnException, ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError)


def _challenge() -> bytes:
    """One for each browser at a time, so that two open pages do not spoil each other."""
    known = session.get(CHALLENGE)
    if not (isinstance(known, list) and clock.now().timestamp() - known[1] < CHALLENGE_LASTS / 2):
        session[CHALLENGE] = known = [_security.webauthn_util.generate_challenge(32), clock.now().timestamp()]
    return str(known[0]).encode()


def _taken_challenge() -> bytes | None:
    """The challenge that was given, which counts once."""
    known = session.pop(CHALLENGE, None)
    if not (isinstance(known, list) and clock.now().timestamp() - known[1] < CHALLENGE_LASTS):
        return None
    return str(known[0]).encode()


def _site() -> str:
    return request.host.rsplit(":", 1)[0] if not request.host.startswith("[") else request.host


def making(account: Account) -> str:
    """What a browser needs to make a passkey, as JSON."""
    options = webauthn.generate_registration_options(
        rp_id=_site(),
        rp_name=current_app.config["SECURITY_WAN_RP_NAME"],
        user_id=str(account.fs_webauthn_user_handle).encode(),
        user_name=account.email,
        challenge=_challenge(),
        timeout=TIMEOUT,
        authenticator_selection=_security.webauthn_util.authenticator_selection(account, "first"),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=key.credential_id) for key in account.webauthn],
    )
    return webauthn.options_to_json(options)


def asking(account: Account | None = None) -> str:
    """What a browser needs to show a passkey, as JSON: any of this site, or one of the account's."""
    options = webauthn.generate_authentication_options(
        rp_id=_site(),
        challenge=_challenge(),
        timeout=TIMEOUT,
        user_verification=_security.webauthn_util.user_verification(account, ["first"]),
        allow_credentials=[PublicKeyCredentialDescriptor(id=key.credential_id) for key in account.webauthn]
        if account is not None
        else None,
    )
    return webauthn.options_to_json(options)


def made(credential: str) -> tuple[Any, Sequence[str]] | None:
    """What a browser has made, verified, with the ways in which the key can be reached; None when it is not right."""
    challenge = _taken_challenge()
    if challenge is None:
        return None
    try:
        said = json.loads(credential)
        verified = webauthn.verify_registration_response(
            credential=said,
            expected_challenge=challenge,
            expected_origin=_security.webauthn_util.origin(),
            expected_rp_id=_site(),
            require_user_verification=True,
        )
        transports = [str(way)[:20] for way in said["response"].get("transports") or []][:8]
    except NOT_RIGHT:
        return None
    return verified, [way for way in transports if way.isascii() and way.replace("-", "").isalnum()]


def shown(credential: str) -> tuple[WebAuthn, int] | None:
    """The passkey that a browser has shown with whoever holds it, and its new count; None when it is not right."""
    challenge = _taken_challenge()
    if challenge is None:
        return None
    try:
        said = json.loads(credential)
        passkey = second_factors.find_passkey(base64url_to_bytes(said["rawId"]))
        if passkey is None or not _is_of(passkey.user, said["response"].get("userHandle")):
            return None
        verified = webauthn.verify_authentication_response(
            credential=said,
            expected_challenge=challenge,
            expected_origin=_security.webauthn_util.origin(),
            expected_rp_id=_site(),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except NOT_RIGHT:
        return None
    return passkey, verified.new_sign_count


def _is_of(account: Account, handle: str | None) -> bool:
    return not handle or handle == bytes_to_base64url(str(account.fs_webauthn_user_handle).encode())
