"""Accounts: who signs in, as what, and from where. An account of a practitioner keeps one listing."""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.lib.words import N_
from directory.models.base import Base, RowId, states


class Role(StrEnum):
    """What an account may do: see PERMISSIONS."""

    MEMBER = "member"
    VERIFIER = "verifier"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        return {
            Role.MEMBER: N_("Member"),
            Role.VERIFIER: N_("Verifier"),
            Role.ADMINISTRATOR: N_("Administrator"),
        }[self]

    def may(self, permission: "Permission") -> bool:
        return permission in PERMISSIONS[self]

    @property
    def needs_second_factor(self) -> bool:
        """Whether this role sees nothing before it has signed in with two factors."""
        return self is not Role.MEMBER


class Permission(StrEnum):
    """What an endpoint may ask for. Declared with http/access: `@permitted(Permission.DECIDE_LISTINGS)`."""

    KEEP_OWN_ACCOUNT = "keep-own-account"
    KEEP_OWN_LISTING = "keep-own-listing"
    DECIDE_LISTINGS = "decide-listings"
    DECIDE_CLAIMS = "decide-claims"
    DECIDE_RECOMMENDATIONS = "decide-recommendations"
    SEARCH_ACCOUNTS = "search-accounts"
    EDIT_REFERENCE = "edit-reference"
    SEE_EVENTS = "see-events"


_OWN = frozenset({Permission.KEEP_OWN_ACCOUNT, Permission.KEEP_OWN_LISTING})
_VERIFYING = frozenset({Permission.DECIDE_CLAIMS, Permission.SEE_EVENTS})

# The one table of who may do what.
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.MEMBER: _OWN,
    Role.VERIFIER: _OWN | _VERIFYING,
    Role.ADMINISTRATOR: frozenset(Permission),
}


class Account(Base):
    """Somebody who can sign in. The columns whose names are not the house's are those that Flask-Security reads."""

    __tablename__ = "account"
    # Events outlive an account: its number never becomes somebody else's.
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[RowId]
    email: Mapped[str] = mapped_column(unique=True, comment="normalised by Flask-Security's MailUtil")
    role: Mapped[Role] = mapped_column(states(Role), default=Role.MEMBER)
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[dt.datetime]
    confirmed_at: Mapped[dt.datetime | None]
    password: Mapped[str | None]
    password_changed_at: Mapped[dt.datetime | None]
    tf_primary_method: Mapped[str | None]
    tf_totp_secret: Mapped[str | None]
    totp_counter: Mapped[int | None] = mapped_column(comment="of the last code that was taken: each is taken once")
    us_totp_secrets: Mapped[str | None]
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(JSON()))
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(unique=True)

    webauthn: Mapped[list["WebAuthn"]] = relationship(back_populates="user", cascade="all, delete-orphan")

    @property
    def roles(self) -> list[str]:
        """What Flask-Security asks for."""
        return [self.role.value]

    def may(self, permission: Permission) -> bool:
        return self.role.may(permission)

    @property
    def has_second_factor(self) -> bool:
        """A passkey that asks who holds it is two factors by itself, and the second one after a password."""
        return self.tf_primary_method is not None or bool(self.webauthn)


class WebAuthn(Base):
    """A passkey. Named as Flask-Security looks it up."""

    __tablename__ = "passkey"

    id: Mapped[RowId]
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1024), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary(1024))
    sign_count: Mapped[int] = mapped_column(default=0)
    transports: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(JSON()))
    backup_state: Mapped[bool]
    device_type: Mapped[str]
    extensions: Mapped[str | None]
    create_datetime: Mapped[dt.datetime]
    lastuse_datetime: Mapped[dt.datetime]
    name: Mapped[str]
    usage: Mapped[str]

    user: Mapped[Account] = relationship(back_populates="webauthn")

    def get_user_mapping(self) -> dict[str, Any]:
        """How Flask-Security finds the account of a passkey."""
        return {"id": self.user_id}


class SignIn(Base):
    """One session of an account: what its cookie names counts only while this row stands.

    The cookie holds a random token, the row its SHA-256, so that a copy of the database signs nobody in.
    """

    __tablename__ = "sign_in"

    id: Mapped[RowId]
    token_hash: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    method: Mapped[str]
    had_second_factor: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime]
    proved_at: Mapped[dt.datetime] = mapped_column(comment="when they last proved who they are")
    ended_at: Mapped[dt.datetime | None]
    network: Mapped[str]
    device: Mapped[str]

    account: Mapped[Account] = relationship(lazy="raise_on_sql")


class LinkKind(StrEnum):
    """What a one-time link is for."""

    SIGN_IN = "sign-in"
    SIGN_UP = "sign-up"
    INVITATION = "invitation"
    NEW_PASSWORD = "new-password"  # noqa: S105  the name of a kind
    NEW_ADDRESS = "new-address"
    STILL_RIGHT = "still-right"


class OneTimeLink(Base):
    """A link that somebody got by mail. It opens a page with a button, and the button works once."""

    __tablename__ = "one_time_link"

    id: Mapped[RowId]
    token_hash: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[LinkKind] = mapped_column(states(LinkKind))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    email: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]


class Attempt(Base):
    """How often something was tried under one key (account, address or site) in one stretch of time."""

    __tablename__ = "attempt"
    __table_args__ = (CheckConstraint("tries >= 0", name="tries_are_counted"),)

    key: Mapped[str] = mapped_column(primary_key=True, comment="salted hash of what is limited and of whom")
    began_at: Mapped[dt.datetime] = mapped_column(primary_key=True)
    tries: Mapped[int]
    ends_at: Mapped[dt.datetime] = mapped_column(index=True)


class Agreement(Base):
    """A version of a document that an account agreed to."""

    __tablename__ = "agreement"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    document: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    agreed_at: Mapped[dt.datetime]


class Event(Base):
    """Something that happened to an account or a listing, who did it and from which network. Only ever added."""

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_account_id", "account_id", "id"),
        Index("ix_event_practitioner_id", "practitioner_id", "id"),
    )

    id: Mapped[RowId]
    kind: Mapped[str] = mapped_column(index=True)
    at: Mapped[dt.datetime]
    account_id: Mapped[int | None] = mapped_column(comment="whose account; outlives it")
    practitioner_id: Mapped[int | None] = mapped_column(comment="which listing; outlives it")
    actor_id: Mapped[int | None] = mapped_column(comment="the account that did it, if any")
    network: Mapped[str | None]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
