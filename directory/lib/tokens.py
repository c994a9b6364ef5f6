"""Randomness. Everything that needs it asks here, so that a test can set it."""

import random
import secrets

# Without vowels no word comes about; without 0, 1, l and o none is mistaken for another.
ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
PUBLIC_ID_LENGTH = 10


def public_id() -> str:
    """A name for a practitioner in addresses: 10 of 27 characters, so 47 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(PUBLIC_ID_LENGTH))


def seeded_public_id(source: random.Random) -> str:
    """The same, from a source that gives the same people again. For demonstration data only."""
    return "".join(source.choices(ALPHABET, k=PUBLIC_ID_LENGTH))
