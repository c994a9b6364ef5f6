"""Proofs of work: a number that is found only by trying, and known to be right at a glance (as in Hashcash)."""

import hashlib
import re

_ANSWER = re.compile(r"[0-9]{1,15}", re.ASCII)


def is_solved(challenge: str, answer: str, bits: int) -> bool:
    """Whether the SHA-256 of the challenge, a colon and the answer (decimal digits) begins with so many zero bits."""
    if not _ANSWER.fullmatch(answer):
        return False
    digest = hashlib.sha256(f"{challenge}:{answer}".encode()).digest()
    return int.from_bytes(digest, "big") >> (256 - bits) == 0
