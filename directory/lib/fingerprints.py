"""Hashes of words that are compared and never shown."""

import hashlib


def fingerprint(*parts: str | None) -> int:
    """A small number for words that are compared and never shown; 64 bits."""
    said = "\x1f".join(part or "" for part in parts)
    return int.from_bytes(hashlib.blake2b(said.encode(), digest_size=8).digest(), "big", signed=True)


def salted(salt: str, *parts: str) -> str:
    """The SHA-256 of some words behind a salt: nobody can tell the words who has not guessed them all."""
    return hashlib.sha256("\x1f".join((salt, *parts)).encode()).hexdigest()
