"""What is done on a clock. Everything here can be done twice, or by two workers at once, with the same outcome."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from flask import current_app

from directory.config import Settings
from directory.db import kept, mode
from directory.db import pause as db_pause
from directory.jobs import letters
from directory.lib import clock
from directory.services import (
    changes,
    claims,
    complaints,
    enquiries,
    freshness,
    ledger,
    reports,
    retention,
    sealing,
    search,
    traces,
)
from directory.services import letters as letter_rows
from directory.services.claims import reminders


@dataclass(frozen=True)
class Regular:
    """A job, and at which minutes of which hours (UTC) it is done, as crontab writes them."""

    name: str
    minute: str
    work: Callable[[], object]
    hour: str = "*"


def sweep() -> None:
    """Say that the worker lives, and send what waits."""
    kept(lambda: letter_rows.note_worker(at=clock.now()))
    letters.deliver()


def tend_listings() -> None:
    """Ask practitioners who have been silent whether their listing is still right, and hide those who do not answer."""
    settings: Settings = current_app.extensions["settings"]
    today = clock.today(settings.zone)
    for practitioner_id in kept(lambda: freshness.due(today)):
        kept(partial(freshness.tend, practitioner_id, today=today, at=clock.now()))


def hand_over_reports() -> None:
    """Give administrators the reports that practitioners have left unanswered."""
    kept(lambda: reports.hand_over(at=clock.now()))


def tend_complaints() -> None:
    """Hide notes to which somebody objected and about which nobody has decided in 48 hours, decide where the writer has
    not answered in five days, and end what lost its note."""
    for complaint_id in kept(lambda: complaints.due(clock.now())):
        kept(partial(complaints.tend, complaint_id, at=clock.now()))


def forget_changes() -> None:
    """Forget changes that are so old that no process needs them."""
    kept(changes.forget_old)


def renew_search_files() -> None:
    """Take what listings that went have left behind out of the files of the search."""
    settings: Settings = current_app.extensions["settings"]
    search.prepare(settings.data_dir / "search")


def keep_no_longer() -> None:
    """Take away what has been kept for long enough."""
    kept(lambda: retention.enforce(at=clock.now()))


def clean_traces() -> None:
    """Overwrite what the files of the database still hold of whoever was erased."""
    settings: Settings = current_app.extensions["settings"]
    traces.clean(settings.data_dir, at=clock.now())


def erase_enquiries() -> None:
    """Erase what is due of enquiries, overwrite what the log still holds of it, and forget the keys of days gone by."""
    settings: Settings = current_app.extensions["settings"]
    kept(lambda: enquiries.tidy(at=clock.now()))
    traces.clean_sealed(at=clock.now(), whole=False)
    sealing.forget(settings, at=clock.now())


def overwrite_enquiries() -> None:
    """Overwrite what the file of the database still holds of them, once a day."""
    traces.clean_sealed(at=clock.now(), whole=True)


def sign_ledger() -> None:
    """Sign a head of the ledger when it has grown, and mail the newest to whoever keeps it, once a day."""
    settings: Settings = current_app.extensions["settings"]
    with mode("reading"):
        ledger.heads.warm_up()
        db_pause()
    kept(lambda: ledger.heads.sign(settings, at=clock.now()))
    kept(lambda: ledger.heads.mail(settings, today=clock.today(settings.zone), at=clock.now()))


def remind_of_lapses() -> None:
    """Remind practitioners 60, 30, 7 and 0 days before a check of their membership ceases to count."""
    settings: Settings = current_app.extensions["settings"]
    today = clock.today(settings.zone)
    for claim_id in kept(lambda: reminders.due(today)):
        kept(partial(reminders.remind, claim_id, day=today, at=clock.now()))


def follow_people() -> None:
    """Let listings inherit what was found about the same person at the very moment at which they were stated."""
    kept(lambda: claims.catch_up(at=clock.now()))


def draw_second_looks() -> None:
    """Let some of the claims that were confirmed come back to another verifier."""
    settings: Settings = current_app.extensions["settings"]
    kept(lambda: claims.draw(settings.audit_share, at=clock.now()))


REGULAR = (
    Regular("sweep", "*", sweep),
    Regular("sign-ledger", "0", sign_ledger),
    Regular("tend-listings", "7", tend_listings),
    Regular("remind-of-lapses", "47", remind_of_lapses),
    Regular("follow-people", "57", follow_people),
    Regular("draw-second-looks", "*/10", draw_second_looks),
    Regular("hand-over-reports", "17", hand_over_reports),
    Regular("tend-complaints", "*/5", tend_complaints),
    Regular("forget-changes", "27", forget_changes),
    Regular("keep-no-longer", "17", keep_no_longer),
    Regular("clean-traces", "*/5", clean_traces),
    Regular("erase-enquiries", "*/5", erase_enquiries),
    Regular("overwrite-enquiries", "41", overwrite_enquiries, hour="3"),
    Regular("renew-search-files", "37", renew_search_files),
)
