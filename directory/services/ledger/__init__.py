"""The ledger: every decision, in a log that cannot be changed unseen. Call it through this module."""

from directory.services.ledger.entries import Entry, Unfit, append, forget, list_entries, list_latest, settle, size

__all__ = ["Entry", "Unfit", "append", "forget", "list_entries", "list_latest", "settle", "size"]
