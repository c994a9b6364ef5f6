"""What fills each kind of letter, for the texts that are kept in `snapshots/`."""

from typing import Any

CLAIM = {"name": "Wren Hallowby", "body": "Society of Quiet Hands", "article": True, "path": "/member/claims/7"}

NOTE = {
    "name": "Wren Hallowby",
    "path": "/practitioners/k7m2qv9xwp/wren-hallowby",
    "is_writer": True,
    "why": "It names an illness. That is private, even if it is your own. You can say the same without its name.",
}

EXAMPLES: dict[str, dict[str, Any]] = {
    "recommendation-published": {**NOTE, "why": None},
    "recommendation-refused": NOTE,
    "recommendation-received": {**NOTE, "is_writer": False, "why": None},
    "recommendation-hidden": NOTE,
    "recommendation-restored": {
        **NOTE,
        "is_writer": False,
        "why": "It keeps to what we say about notes: nothing in it stands against showing it.",
    },
    "recommendation-answered": {**NOTE, "why": None},
    "reply-published": {**NOTE, "is_writer": False, "why": None},
    "reply-refused": {**NOTE, "is_writer": False},
    "listing-submitted": {"name": "Wren Hallowby"},
    "listing-approved": {
        "name": "Wren Hallowby",
        "reason": None,
        "is_first": True,
        "path": "/practitioners/k7m2qv9xwp/wren-hallowby",
    },
    "listing-changes-asked": {"name": "Wren Hallowby", "reason": "Please say where you trained.\nA year is enough."},
    "listing-refused": {"name": "Wren Hallowby", "reason": "The photo shows somebody else."},
    "listing-suspended": {"name": "Wren Hallowby", "reason": "We could not reach you."},
    "listing-lifted": {"name": "Wren Hallowby", "reason": "You have answered us."},
    "hidden-for-silence": {"name": "Wren Hallowby", "confirmed_on": "2026-05-12", "path": "/still-right/abc"},
    "report-settled": {"name": "Wren Hallowby", "reply": "We have spoken with them.\nThank you for telling us."},
    "danger-reported": {"name": "Wren Hallowby", "path": "/admin/reports/7"},
    "report-made": {"name": "Wren Hallowby", "answer_by": "2026-11-30"},
    "silence-warning": {
        "name": "Wren Hallowby",
        "confirmed_on": "2026-05-12",
        "hidden_on": "2026-11-08",
        "path": "/still-right/abc",
    },
    "still-right": {"name": "Wren Hallowby", "confirmed_on": "2026-08-10", "path": "/still-right/abc"},
    "circle-invitation": {"sender": "Maud Fairlie", "path": "/circle-invitations/abc", "stop_path": "/mail-stop/def"},
    "circle-answered": {"name": "Wren Ashdown", "path": "/member/circle/invitations/k7m2qv9xwp"},
    "circle-joined": {"name": "Wren Ashdown"},
    "account-exists": {"path": "/member/sign-in/abc"},
    "account-off": {},
    "address-changed": {"at_time": "2026-11-21T09:30:00+00:00", "network": "203.0.113.0/24"},
    "address-taken": {},
    "confirm-address": {"path": "/member/sign-up/abc"},
    "invitation": {"path": "/member/invitation/abc", "role": "administrator"},
    "new-address-link": {"path": "/member/new-address/abc"},
    "new-password-link": {"path": "/member/new-password/abc"},
    "no-account": {},
    "password-changed": {"at_time": "2026-11-21T09:30:00+00:00", "network": "203.0.113.0/24"},
    "role-changed": {"at_time": "2026-11-21T09:30:00+00:00", "role": "verifier"},
    "second-factor-changed": {
        "at_time": "2026-11-21T09:30:00+00:00",
        "network": "203.0.113.0/24",
        "what": "passkey-added",
    },
    "sign-in-link": {"path": "/member/sign-in/abc"},
    "signed-in-from": {
        "at_time": "2026-11-21T09:30:00+00:00",
        "network": "203.0.113.0/24",
        "device": "Firefox on Linux",
    },
    "claim-taken": {**CLAIM},
    "claim-confirmed": {
        **CLAIM,
        "checked_on": "2026-11-21",
        "grade": "MRSS",
        "until": "2027-03-31",
        "ended_on": None,
    },
    "claim-not-found": {**CLAIM, "checked_on": "2026-11-21", "public_on": "2026-11-28"},
    "claim-ended": {**CLAIM, "checked_on": "2026-11-21", "ended_on": "2026-09-30"},
    "claim-restricted": {**CLAIM, "checked_on": "2026-11-21"},
    "claim-asked": {**CLAIM, "text": "Under which name are you on the register?\nThank you."},
    "claim-undone": {**CLAIM, "outcome": "not-found"},
    "claim-lapses-soon": {**CLAIM, "until": "2027-03-31", "days": 30},
    "ledger-head": {
        "size": 18_236,
        "root": "9f3a41c70be2d86f" * 4,
        "at_time": "2026-11-20T06:00:00+00:00",
        "token": "eyJhbGciOiJFZDI1NTE5In0.eyJzaXplIjoxODIzNn0.c2lnbmF0dXJl",
    },
}
