"""The people of a history and what they can do, through the verbs. Time passes with everything that is done."""

import datetime as dt
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select

from directory.db import db
from directory.models import (
    Account,
    Check,
    Claim,
    DirectoryError,
    Kept,
    ListingState,
    Method,
    Proposal,
    ProposalKind,
    Role,
    Tie,
)
from directory.services import claims, erasures, listings, proposals, register_imports, registers
from tests.factories import AccountFactory
from tests.factories.listings import make_kept
from tests.factories.lists import BODY, bring, row, rows

OTHER_BODY = "uk-cnhc"
# In summer, when a day ends in the site's zone an hour before it ends in UTC.
BEGINNING = dt.datetime(2026, 6, 1, 9, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
DAY = dt.timedelta(days=1)
NOTICE = "https://example.org/notices/7"
FILLERS = rows(30)
KINDS = ((), (), ("shiatsu",), ("shiatsu", "reflexology"))
NUMBERS = ("12345", "12 345", "12345", "67890", "67-890", None)
VERBS = {
    "confirmed": claims.confirm,
    "not-found": claims.not_found,
    "ended": claims.ended,
    "inconclusive": claims.inconclusive,
}


@dataclass(frozen=True)
class Persona:
    """Somebody as they write themselves, from one listing to the next; all of it looks the same."""

    writings: tuple[str, ...]
    number: str
    email: str


PERSONAS = (
    Persona(("Wren Hallowby", "WREN HALLOWBY", "Wrèn Hallowby", "Wren Ηallowby"), "12345", "wren@quiet.example"),
    Persona(("Robin Pelmarsh", "Robin  Pelmarsh"), "67890", "robin@quiet.example"),
)

Thing = TypeVar("Thing")


def pick(things: Sequence[Thing], number: int) -> Thing | None:
    """One of them."""
    return things[number % len(things)] if things else None


class World:
    """A directory with three verifiers, one list of a body, and people who come and go."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self.now = BEGINNING
        self.persona_of: dict[int, Persona] = {}
        boss = AccountFactory(role=Role.ADMINISTRATOR)
        verifiers = [AccountFactory(role=Role.VERIFIER) for _ in range(2)]
        self.boss_id, self.verifier_ids = boss.id, [one.id for one in verifiers]
        first = bring(FILLERS, on=self.day - DAY, at=self.at, by=boss)
        register_imports.apply(first, by=boss, at=self.at)
        self.done()

    def copy(self) -> "World":
        """The same, to go on from here in another way."""
        found = copy(self)
        found.persona_of = dict(self.persona_of)
        return found

    # ---- time ----

    @property
    def at(self) -> dt.datetime:
        """This moment, as doors give it to verbs."""
        here = self.now.astimezone(self.zone)
        return here.astimezone(dt.timezone(here.utcoffset() or dt.timedelta()))

    @property
    def day(self) -> dt.date:
        return self.now.astimezone(self.zone).date()

    def midnight(self) -> dt.datetime:
        """When this day ends in the zone of the site."""
        return dt.datetime.combine(self.day + DAY, dt.time(), tzinfo=self.zone).astimezone(dt.UTC)

    # ---- doing ----

    def done(self) -> None:
        """Keep it, and forget what it looked like."""
        db.session.commit()
        db.session.expunge_all()

    def attempt(self, verb: Callable[[], object]) -> bool:
        """Whether the directory did it; else nothing of it is left."""
        self.now += SECOND
        try:
            verb()
        except DirectoryError:
            db.session.rollback()
            db.session.expunge_all()
            return False
        self.done()
        return True

    def account(self, account_id: int) -> Account:
        return db.session.get_one(Account, account_id)

    @property
    def boss(self) -> Account:
        return self.account(self.boss_id)

    def verifier(self, number: int) -> Account:
        """One of all who may decide, those among the practitioners, too."""
        query = select(Account).where(Account.role.in_([Role.VERIFIER, Role.ADMINISTRATOR])).order_by(Account.id)
        found = pick(db.session.scalars(query).all(), number)
        assert found is not None
        return found

    # ---- things ----

    def all_kept(self) -> Sequence[Kept]:
        ids = db.session.scalars(select(Kept.practitioner_id).order_by(Kept.practitioner_id)).all()
        return [listings.get_kept(id_) for id_ in ids]

    def claim(self, number: int) -> Claim | None:
        id_ = pick(db.session.scalars(select(Claim.id).order_by(Claim.id)).all(), number)
        return claims.get(id_) if id_ is not None else None

    def open_notice(self, number: int) -> Proposal | None:
        return pick(proposals.list_open(ProposalKind.RESTRICTION), number)

    # ---- practitioners ----

    def join(self, persona: Persona, number: int, *, is_verifier: bool) -> None:
        """A new account with a listing that is published; the first has the address that the register shows."""
        taken = db.session.scalar(select(Account.id).where(Account.email == persona.email))
        given = {} if taken else {"email": persona.email}
        account = AccountFactory(role=Role.VERIFIER if is_verifier else Role.MEMBER, **given)
        kinds = list(KINDS[number % len(KINDS)])
        stated = {"body_id": BODY, "body_name": None, "grade": "MRSS", "claimed_until": None, "disciplines": kinds}
        made = make_kept(
            account,
            ListingState.PUBLISHED,
            by=self.boss,
            at=self.at,
            name=persona.writings[number % len(persona.writings)],
            other_names=[],
            claims=[stated],
            private={"claim_numbers": [persona.number], "search_only_names": []},
        )
        self.persona_of[made.practitioner_id] = persona

    def say(self, kept: Kept, said: Sequence[tuple[str | None, str | None, Sequence[str]]]) -> None:
        """State these memberships and no others: body, number, kinds of treatment. The administrators agree."""
        now = listings.answers_now(kept)
        stated = [
            {
                "body_id": body_id,
                "body_name": None if body_id else "The Guild of Hands",
                "grade": None,
                "claimed_until": None,
                "disciplines": list(kinds),
            }
            for body_id, _, kinds in said
        ]
        shown, private = {**now.shown, "claims": stated}, {**now.private, "claim_numbers": [one[1] for one in said]}
        account = self.account(kept.account_id)
        listings.save(kept, "memberships", shown, private, revision=kept.revision, by=account, at=self.at)
        version, kept = listings.open_version(kept.practitioner_id), listings.get_kept(kept.practitioner_id)
        if version is not None:
            listings.approve(version.id, revision=kept.revision, by=self.boss, at=self.at)

    def leave(self, kept: Kept, *, with_account: bool) -> None:
        if with_account:
            erasures.erase_account(self.account(kept.account_id), at=self.at)
        else:
            erasures.erase_listing(kept.practitioner_id, at=self.at)

    def hide_or_show(self, kept: Kept) -> None:
        verb = listings.show_again if kept.practitioner.state is ListingState.HIDDEN else listings.hide
        verb(kept, by=kept.account, at=self.at)

    # ---- verifiers ----

    def finding(
        self, outcome: str, *, tie: bool = False, ago: int = 0, lasts: int = 0, kinds: Sequence[str] = ()
    ) -> claims.Finding:
        on = self.day - ago * DAY
        return claims.Finding(
            method=Method.PUBLIC_REGISTER,
            checked_on=on,
            tie=Tie.BODY_ANSWER if tie else None,
            name="Wren Hallowby",
            disciplines=tuple(kinds),
            valid_to=on + lasts * DAY if outcome == "confirmed" and lasts else None,
            ended_on=on - DAY if outcome == "ended" else None,
            notice_url=NOTICE if outcome == "restricted" else None,
        )

    def decide(self, claim: Claim, outcome: str, finding: claims.Finding, *, by: Account) -> None:
        if outcome == "restricted":
            claims.restrict(claim, finding, by=by, at=self.at)
        else:
            VERBS[outcome](claim, finding, by=by, at=self.at)

    # ---- lists ----

    def list_of(self, shown: Sequence[int]) -> list[list[str]]:
        """A list with everybody else on it; each of our people is left out, shown, shown with their address, shown as
        ended, or their number is shown beside another name."""
        found = list(FILLERS)
        for persona, how in zip(PERSONAS, shown, strict=True):
            name, number = persona.writings[0], persona.number
            if how == 1:
                found.append(row(number, name))
            elif how == 2:
                found.append(row(number, name, email=persona.email))
            elif how == 3:
                found.append(row(number, name, status="Lapsed"))
            elif how == 4:
                found.append(row(number, "Linden Overby"))
        return found

    def bring(self, shown: Sequence[int], ago: int, *, agrees: bool) -> None:
        """Bring a list and apply it, together where one alone may not; or not, where the second does not agree."""
        on, at = self.day - ago * DAY, self.at
        import_ = bring(self.list_of(shown), on=on, at=at, by=self.boss)
        try:
            register_imports.apply(import_, by=self.boss, at=at)
        except register_imports.NeedsSecond:
            db.session.rollback()
            import_ = register_imports.get(import_.id)
            register_imports.propose(import_, by=self.boss, at=at)
            second = self.account(self.verifier_ids[0])
            if agrees:
                register_imports.agree(import_, by=second, at=at)
            else:
                register_imports.refuse(import_, by=second, at=at)
                register_imports.discard(import_, by=self.boss, at=at)

    def undo_list(self) -> None:
        latest = register_imports.undoable(BODY, at=self.at)
        if latest is not None:
            register_imports.undo(latest, by=self.boss, at=self.at)

    def automatic(self, *, is_on: bool) -> None:
        register_imports.confirm_automatically(registers.get(BODY), is_on=is_on, by=self.boss, at=self.at)

    # ---- looking back ----

    def last_checks(self) -> Sequence[Check]:
        return db.session.scalars(select(Check).order_by(Check.id.desc()).limit(4)).all()
