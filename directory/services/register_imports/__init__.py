"""Lists of bodies: brought, looked at, compared with what is held, applied, and undone.

`stage` reads a file and changes nothing; `difference` says what it would change; `apply` does it in one step, with a
second person (`propose`, `agree`) where it would change much or looks wrong; `undo` puts everything back.
"""

from directory.services.register_imports.deciding import (
    UNDO_WITHIN,
    Changed,
    ColumnsUnsure,
    NeedsSecond,
    agree,
    apply,
    confirm_automatically,
    discard,
    forget_old,
    propose,
    refuse,
    undo,
    undoable,
)
from directory.services.register_imports.differences import Difference, Example, difference
from directory.services.register_imports.fields import FIELDS
from directory.services.register_imports.overviews import Overview, imports, overview, sample
from directory.services.register_imports.problems import Alarm, Problem
from directory.services.register_imports.staging import MOST_BYTES, Brought, Refused, choose_columns, get, stage

__all__ = [
    "FIELDS",
    "MOST_BYTES",
    "UNDO_WITHIN",
    "Alarm",
    "Brought",
    "Changed",
    "ColumnsUnsure",
    "Difference",
    "Example",
    "NeedsSecond",
    "Overview",
    "Problem",
    "Refused",
    "agree",
    "apply",
    "choose_columns",
    "confirm_automatically",
    "difference",
    "discard",
    "forget_old",
    "get",
    "imports",
    "overview",
    "propose",
    "refuse",
    "sample",
    "stage",
    "undo",
    "undoable",
]
