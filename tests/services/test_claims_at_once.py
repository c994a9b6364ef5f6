"""Fifty verifiers confirm one claim at the same moment: one check, one letter, one event, one entry of the ledger."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Barrier

from flask import Flask
from sqlalchemy import func, select

from directory.db import db, kept, transaction
from directory.models import Account, Check, Claim, Event, LedgerEntry, Letter, ListingState, Method, Role, Tie
from directory.services import claims
from tests import factories, sites
from tests.conftest import make_settings
from tests.factories.listings import AT, make_kept

# As many sites on one database, as so many processes would be, with as many at work in each.
SITES, IN_EACH = 5, 10
HOW_MANY = SITES * IN_EACH
NOW = AT + dt.timedelta(days=1)
SEEN = claims.Finding(method=Method.PUBLIC_REGISTER, checked_on=NOW.date(), tie=Tie.BODY_ANSWER)


def confirm(app: Flask, ready: Barrier, account_id: int, claim_id: int, revision: int) -> str:
    with app.app_context():
        ready.wait()
        try:
            kept(
                lambda: claims.confirm(
                    claims.get(claim_id), SEEN, by=db.session.get_one(Account, account_id), at=NOW, revision=revision
                )
            )
        except claims.Conflict as conflict:
            return "lost" if conflict.check is not None else "not told"
        return "won"


def test_fifty_confirmations_at_once_are_one(own_database: str, tmp_path: Path) -> None:
    settings = make_settings(tmp_path, own_database)
    with ExitStack() as end:
        apps = [end.enter_context(sites.made(settings, for_commands=True)) for _ in range(SITES)]
        with apps[0].app_context(), transaction():
            factories.bind(db.session)
            boss = factories.AccountFactory(role=Role.ADMINISTRATOR)
            made = make_kept(factories.AccountFactory(), ListingState.PUBLISHED, by=boss)
            ids = [factories.AccountFactory(role=Role.VERIFIER).id for _ in range(HOW_MANY)]
            claim = db.session.scalars(select(Claim).where(Claim.practitioner_id == made.practitioner_id)).one()
            claim_id, revision = claim.id, claim.revision
        ready = Barrier(HOW_MANY)
        with ThreadPoolExecutor(HOW_MANY) as pool:
            ended = list(
                pool.map(lambda n: confirm(apps[n % SITES], ready, ids[n], claim_id, revision), range(HOW_MANY))
            )
        assert (ended.count("won"), ended.count("lost")) == (1, HOW_MANY - 1)
        with apps[0].app_context():
            assert db.session.scalar(select(func.count()).select_from(Check)) == 1
            for table in (Letter, Event, LedgerEntry):
                found = select(func.count()).where(table.kind == "claim-confirmed")
                assert db.session.scalar(found) == 1, table
