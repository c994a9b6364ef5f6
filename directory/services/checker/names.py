"""Names: the same, or near enough to ask whether somebody is meant."""

from collections.abc import Iterator, Sequence
from itertools import islice, product

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy import func, select

from directory.db import db
from directory.lib.folding import plain, tokens
from directory.lib.word_differences import Piece, compare_letters
from directory.lib.words import N_, Message
from directory.models import SearchWord
from directory.services import search

MOST_WORDS = 6
MOST_OF_A_WORD = 3
MOST_TRIED = 16
MOST_OF_A_TRY = 8
# A name written in more or fewer words with more than this many other letters is another name.
MOST_LETTERS = 2


def is_same(asked: str, name: str) -> bool:
    """Whether two names differ at most in case, accents, apostrophes, hyphens, or in ü for ue."""
    ours, theirs = plain(asked).split(), plain(name).split()
    if ours == theirs:
        return bool(ours)
    raw_ours, raw_theirs = asked.split(), name.split()
    return len(raw_ours) == len(raw_theirs) and all(
        bool(set(tokens(one)) & set(tokens(other))) for one, other in zip(raw_ours, raw_theirs, strict=True)
    )


def ids_near(name: str) -> list[int]:
    """Listings that have names of which each word is like one of `name`; in any order, with other names between."""
    words = plain(name).split()[:MOST_WORDS]
    found: dict[int, None] = {}
    for tried in islice(_readings(words), MOST_TRIED):
        found.update(dict.fromkeys(search.named(" ".join(tried), MOST_OF_A_TRY)))
    return list(found)


def _readings(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """What may have been meant, the likeliest first: the words themselves, words like them, and one word fewer."""
    # An initial finds nobody; the other words do.
    long = [word for word in words if len(word) > 1 or not word.isascii()]
    if not long:
        return
    like = _words_like(long)
    choices = product(*([(0, word), *like[word]] for word in long))
    yield from (tuple(word for _, word in one) for one in sorted(choices, key=lambda one: sum(far for far, _ in one)))
    if len(long) > 2:
        yield from (tuple(long[:left] + long[left + 1 :]) for left in range(len(long)))


def _words_like(words: Sequence[str]) -> dict[str, list[tuple[int, str]]]:
    """For each word the known ones that are most like it, with how many letters differ."""
    lengths = [len(word) for word in words]
    length = func.length(SearchWord.word)
    query = select(SearchWord.word).where(length.between(min(lengths) - 2, max(lengths) + 2)).order_by(SearchWord.word)
    known = db.session.scalars(query).all()
    return {
        word: [
            (round(far), one)
            for one, far, _ in process.extract(
                word, known, scorer=OSA.distance, processor=None, score_cutoff=_most(word), limit=MOST_OF_A_WORD + 1
            )
            if one != word
        ][:MOST_OF_A_WORD]
        for word in words
    }


def _most(word: str) -> int:
    return 2 if len(word) > 5 else 1


def differ(asked: str, name: str) -> Message | None:
    """How a name that is not the same differs, in words; None where it is so far that nobody would mean it."""
    ours, theirs = plain(asked).split(), plain(name).split()
    if sorted(ours) == sorted(theirs):
        return Message(N_("The same names in another order."))
    far = OSA.distance(" ".join(ours), " ".join(theirs))
    if len(ours) == len(theirs) and all(map(_is_like, ours, theirs)):
        return Message(N_("One letter differs.") if far == 1 else N_("%(count)s letters differ."), {"count": far})
    shared = sum(_is_part(one, theirs) for one in ours)
    if shared >= 2 and shared >= min(len(ours), len(theirs)):
        return Message(N_("Not every part of the name is the same."))
    if far <= MOST_LETTERS:
        return Message(N_("%(count)s letters differ."), {"count": far})
    return None


def _is_like(word: str, other: str) -> bool:
    """Whether one may be a slip of the other: Ann is not one of Rose, though only four letters differ."""
    return OSA.distance(word, other) <= _most(word)


def _is_part(word: str, others: Sequence[str]) -> bool:
    """Whether a word is one of the others, or an initial of one, or has one of them as an initial."""
    return any(one == word or (min(len(one), len(word)) == 1 and one[0] == word[0]) for one in others if one and word)


def marked(asked: str, name: str) -> tuple[Piece, ...]:
    """`name` in pieces, with the letters marked that differ from what was asked; case does not count."""
    folded = name.casefold()
    if len(folded) != len(name):
        return (Piece(name, differs=False),)
    _, pieces = compare_letters(asked.casefold(), folded)
    found, start = [], 0
    for piece in pieces:
        end = start + len(piece.text)
        found.append(Piece(name[start:end], piece.differs))
        start = end
    return tuple(found)
