"""What is held of the registers of bodies: rows with both clocks, contacts that tie, and judgements on pairs.

Here registers are read; lists are brought, compared, applied and undone in services/register_imports.
"""

from directory.services.registers.contacts import ties
from directory.services.registers.judgements import judge_other, judged_other
from directory.services.registers.views import (
    Line,
    Lists,
    find,
    find_register,
    get,
    get_line,
    latest_step,
    list_registers,
    listed,
    lists,
    rows,
    versions,
    view_hash,
)

__all__ = [
    "Line",
    "Lists",
    "find",
    "find_register",
    "get",
    "get_line",
    "judge_other",
    "judged_other",
    "latest_step",
    "list_registers",
    "listed",
    "lists",
    "rows",
    "ties",
    "versions",
    "view_hash",
]
