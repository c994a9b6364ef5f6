"""Every name beside every line, with rapidfuzz: what one does without an index."""

from collections.abc import Sequence

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

AT_ONCE = 5  # names: so many rows of numbers are held at a time
ENOUGH = 0.95


def nearest(names: Sequence[str], lines: Sequence[str]) -> list[int | None]:
    """For each name the place of the line that is most like it, or None where none is like it or several are.

    Names are folded. Jaro and Winkler's measure is the quickest that lists of names are compared with.
    """
    found: list[int | None] = []
    for start in range(0, len(names), AT_ONCE):
        likeness = process.cdist(
            names[start : start + AT_ONCE], lines, scorer=JaroWinkler.normalized_similarity, dtype=np.float32, workers=1
        )
        for row in likeness:
            best = int(row.argmax())
            alone = np.count_nonzero(row == row[best]) == 1
            found.append(best if row[best] >= ENOUGH and alone else None)
    return found
