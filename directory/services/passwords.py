"""Passwords: long, not among the common ones, hashed with argon2id."""

import unicodedata
from functools import cache

import zxcvbn
from flask_security.utils import hash_password, verify_password

from directory.lib import tokens
from directory.lib.words import N_, Message

SHORTEST, LONGEST = 12, 200
# How much of a password is compared with the lists: more takes long, and is not guessed.
COMPARED = 72
# Of 0 to 4: at 2 and below, somebody who has the lists of common ones finds it within a day.
ENOUGH = 3


def problem(password: str, *, site_name: str, email: str) -> Message | None:
    """Why a password is refused, or None. There are no rules on what it is made of."""
    password = normalised(password)
    if len(password) < SHORTEST:
        return Message(N_("Use at least %(number)s characters. A few words that nobody would put together are good."),
                       {"number": SHORTEST})  # fmt: skip
    if len(password) > LONGEST:
        return Message(N_("Use at most %(number)s characters."), {"number": LONGEST})
    ours = [site_name.lower(), email.lower(), *email.lower().split("@")]
    if len(_without(password.lower(), ours)) < SHORTEST // 2:
        return Message(N_("This is little more than your address or the name of this site. Choose something else."))
    if zxcvbn.zxcvbn(password[:COMPARED], user_inputs=ours)["score"] < ENOUGH:
        return Message(N_("This is among the passwords that are tried first. Choose something else."))
    return None


def _without(text: str, words: list[str]) -> str:
    """What is left of a text when these words are taken out; short ones stand in anything."""
    for word in words:
        text = text.replace(word, "") if len(word) > 3 else text
    return text


def hashed(password: str) -> str:
    """What is kept of a password."""
    return str(hash_password(normalised(password)))


def is_right(password: str, kept: str | None) -> bool:
    """Whether it is the password of which `kept` is kept. Where there is none the same work is done."""
    right = bool(verify_password(normalised(password)[: LONGEST * 2], kept or _dummy()))
    return right and kept is not None


def normalised(password: str) -> str:
    """The same on every keyboard."""
    return unicodedata.normalize("NFKC", password)


@cache
def _dummy() -> str:
    """A hash of something that nobody types."""
    return str(hash_password(tokens.secret()))
