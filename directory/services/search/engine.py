"""Answers searches: from the copy in this process where it is up to date, else in plain SQL."""

from directory.services.search import plain_sql
from directory.services.search.criteria import Answer, Criteria


def answer(criteria: Criteria) -> Answer:
    """All that a search finds: how many, the listings of one page in order, and the counts of every filter."""
    return plain_sql.answer(criteria)


def count(criteria: Criteria) -> int:
    """How many listings the search finds."""
    return plain_sql.count(criteria)


def is_name(criteria: Criteria) -> bool:
    """Whether somebody's name has all the words."""
    return plain_sql.is_name(criteria)


def named(words: str, limit: int) -> list[int]:
    """Listings with all the words in their names, the last one as a beginning; by name, at most `limit`."""
    return plain_sql.named(words, limit)
