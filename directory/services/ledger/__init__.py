"""The ledger: every decision, in a log that cannot be changed unseen. Call it through this module."""

from directory.services.ledger import exports, heads, keys, verifying
from directory.services.ledger.entries import (
    BEGINNING,
    MOST,
    Entry,
    Unfit,
    append,
    forget,
    list_entries,
    list_latest,
    settle,
    size,
)
from directory.services.ledger.trees import consistency, inclusion, root

__all__ = [
    "BEGINNING",
    "MOST",
    "Entry",
    "Unfit",
    "append",
    "consistency",
    "exports",
    "forget",
    "heads",
    "inclusion",
    "keys",
    "list_entries",
    "list_latest",
    "root",
    "settle",
    "size",
    "verifying",
]
