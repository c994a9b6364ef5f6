"""Who sends a form: a person takes some seconds, and a browser can show a proof of work. Nobody else is asked.

Each form carries a mark, the moment at which it was made, and our signature of both. It counts once, for some hours.
"""

import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass
from enum import StrEnum

from flask_security.utils import get_hmac

from directory.db import db, upsert
from directory.lib import proofs_of_work, tokens
from directory.models import SpentForm

# About 65,000 tries: less than a second for a desk, some seconds for an old phone, while its owner writes.
BITS = 16
# Nobody fills in a form sooner.
QUICKEST = dt.timedelta(seconds=3)
LASTS = dt.timedelta(hours=6)


class FormState(StrEnum):
    """What is to be thought of a form that came."""

    GOOD = "good"
    TOO_QUICK = "too-quick"
    TOO_OLD = "too-old"


@dataclass(frozen=True)
class Form:
    """A form that came: its mark, until when it would count, and whether it does."""

    mark: str
    expires_at: dt.datetime
    state: FormState


def new_form(*, at: dt.datetime) -> str:
    """What a new form carries, which is also the challenge for a proof of work."""
    body = f"{at.timestamp():.3f}.{tokens.salt()}"
    return f"{body}.{_signature(body)}"


def read_form(text: str, *, at: dt.datetime) -> Form:
    """A form that came. One that we did not make is too old, too: whoever sends it gets a new one."""
    body, _, signature = text.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _signature(body).encode()):
        return Form("", at, FormState.TOO_OLD)
    seconds, _, mark = body.rpartition(".")
    made_at = dt.datetime.fromtimestamp(float(seconds), dt.UTC)
    state = FormState.GOOD
    if not dt.timedelta(0) <= at - made_at + dt.timedelta(seconds=1) <= LASTS:
        state = FormState.TOO_OLD
    elif at - made_at < QUICKEST:
        state = FormState.TOO_QUICK
    return Form(mark, made_at + LASTS, state)


def did_work(text: str, answer: str) -> bool:
    """Whether the browser that had this form worked for it."""
    return proofs_of_work.is_solved(text, answer, BITS)


def is_spent(form: Form) -> bool:
    """Whether a form was used before."""
    return db.session.get(SpentForm, form.mark) is not None


def spend_form(form: Form) -> bool:
    """Use a form up; False where it was used before. Of several at once one gets it."""
    row = {"mark": form.mark, "expires_at": form.expires_at}
    return (
        db.session.scalar(upsert(SpentForm).values(**row).on_conflict_do_nothing().returning(SpentForm.mark))
        is not None
    )


def _signature(body: str) -> str:
    return hashlib.sha256(get_hmac(f"enquiry-form\n{body}")).hexdigest()[:40]
