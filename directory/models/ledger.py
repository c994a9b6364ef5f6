"""The ledger: every decision in one chain, and the heads that were signed of it. Rows are only ever added.

An entry holds no personal data: who decided, and about whom, stand there as salted commitments. What opens these, the
salt and the plain words, is kept apart, and goes when the person goes; the chain stays as it was.
"""

import datetime as dt
from enum import StrEnum

from sqlalchemy import BigInteger, Integer
from sqlalchemy.orm import Mapped, mapped_column

from directory.models.base import Base

# As SQLite wants the number of a row.
Seq = BigInteger().with_variant(Integer(), "sqlite")


class LedgerEntry(Base):
    """One decision. `body` is the text that is hashed: canonical JSON of all there is to say (lib/canonical_json).

    `hash` is the leaf hash of RFC 9162, hexadecimal; `previous` that of the entry before, and unique, so that the
    chain cannot fork. `seq` counts from 1. Triggers refuse to change or remove a row.
    """

    __tablename__ = "ledger_entry"

    seq: Mapped[int] = mapped_column(Seq, primary_key=True, autoincrement=False)
    at: Mapped[dt.datetime]
    kind: Mapped[str]
    body: Mapped[str]
    previous: Mapped[str] = mapped_column(unique=True)
    hash: Mapped[str] = mapped_column(unique=True)


class Opened(StrEnum):
    """Which commitment of an entry is opened."""

    BY = "by"
    SUBJECT = "subject"


class LedgerOpening(Base):
    """What opens a commitment of an entry: SHA-256 of salt and plain words (lib/fingerprints.salted)."""

    __tablename__ = "ledger_opening"

    # No foreign key: to remove a row here must not touch the entry, nor wait for it.
    seq: Mapped[int] = mapped_column(Seq, primary_key=True, autoincrement=False)
    what: Mapped[str] = mapped_column(primary_key=True, comment="by or subject")
    salt: Mapped[str]
    plain: Mapped[str] = mapped_column(index=True, comment="account:7, or practitioner: and a public id")


class LedgerKey(Base):
    """A public key with which heads were signed. `id` is its thumbprint (RFC 7638), hexadecimal; `jwk` is JSON."""

    __tablename__ = "ledger_key"

    id: Mapped[str] = mapped_column(primary_key=True)
    jwk: Mapped[str]
    added_at: Mapped[dt.datetime]


class LedgerHead(Base):
    """A signed statement of what the ledger was: its first `size` entries have the Merkle root `root`.

    `token` is the signed statement, a compact JWS. Triggers refuse to change or remove a row.
    """

    __tablename__ = "ledger_head"

    size: Mapped[int] = mapped_column(Seq, primary_key=True, autoincrement=False)
    root: Mapped[str]
    at: Mapped[dt.datetime]
    token: Mapped[str]
