"""Randomness. Everything that needs it asks here, so that a test can set it."""

import secrets

# Without vowels no word comes about; without 0, 1, l and o none is mistaken for another.
ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
PUBLIC_ID_LENGTH = 10


def public_id() -> str:
    """A name for a practitioner in addresses: 10 of 27 characters, so 47 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(PUBLIC_ID_LENGTH))


_PAIRS = tuple(first + second for first in ALPHABET for second in ALPHABET)


def numbered_public_id(number: int) -> str:
    """The same from a number: another for each of any 27^10 that follow each other. For demonstration data only."""
    pairs = []
    for _ in range(PUBLIC_ID_LENGTH // 2):
        number, position = divmod(number, len(_PAIRS))
        pairs.append(_PAIRS[position])
    return "".join(pairs)


def mark() -> int:
    """A number of 62 bits that is unlikely to come twice."""
    return secrets.randbits(62)


def secret() -> str:
    """A key that nobody guesses: 256 bits, for addresses and cookies."""
    return secrets.token_urlsafe(32)


def message_id() -> str:
    """What stands before the @ of a Message-ID: 128 bits."""
    return secrets.token_hex(16)


def salt() -> str:
    """128 bits that make a hash of something short useless to whoever only has the hash."""
    return secrets.token_hex(16)


def key() -> bytes:
    """A key for sealing: 256 bits."""
    return secrets.token_bytes(32)


def nonce() -> bytes:
    """What makes two sealings of the same words differ: 96 bits."""
    return secrets.token_bytes(12)


def fraction() -> float:
    """A number from 0 to 1, below 1."""
    return secrets.randbits(32) / 2**32
