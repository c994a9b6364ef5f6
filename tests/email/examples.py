"""What fills each kind of letter, for the texts that are kept in `snapshots/`."""

from typing import Any

EXAMPLES: dict[str, dict[str, Any]] = {
    "hidden-for-silence": {"name": "Wren Hallowby", "confirmed_on": "2026-05-12", "path": "/still-right/abc"},
    "report-made": {"name": "Wren Hallowby", "answer_by": "2026-11-30"},
    "silence-warning": {
        "name": "Wren Hallowby",
        "confirmed_on": "2026-05-12",
        "hidden_on": "2026-11-08",
        "path": "/still-right/abc",
    },
    "still-right": {"name": "Wren Hallowby", "confirmed_on": "2026-08-10", "path": "/still-right/abc"},
}
