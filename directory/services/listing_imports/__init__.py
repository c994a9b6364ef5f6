"""Imports an operator's spreadsheet of practitioners.

`columns` guesses and reads which column says what; `check` says what an import would do; `apply` does it.
"""

from directory.services.listing_imports import columns
from directory.services.listing_imports.facts import Problem, Severity
from directory.services.listing_imports.runs import Report, RowsRefused, Summary, apply, check

__all__ = ["Problem", "Report", "RowsRefused", "Severity", "Summary", "apply", "check", "columns"]
