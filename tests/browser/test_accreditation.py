"""From a statement to a dated check, and past its day: a practitioner, a verifier, a reader, and somebody who copies.

One story, in real browsers: the clock of the site moves, and everything else is done on its pages.
"""

import datetime as dt
from collections.abc import Sequence

import pytest
import time_machine
from playwright.sync_api import expect
from sqlalchemy import select

from directory.db import db, transaction
from directory.lib import clock
from directory.models import Account, ListingState
from tests import factories
from tests.browser.looks import look, open_by_key
from tests.browser.test_keeping_a_listing import ADA, WREN, decide, sign_up, sit_at_the_desk, write
from tests.browser.towns import OpenTown, Person, Town
from tests.factories.listings import make_kept
from tests.factories.lists import BODY, content, row, rows

# As the body writes them: one that is nearly a heading that is known, and one that is none.
HEADINGS = ("Members number", "Name", "Grade", "Therapies", "Town", "Postcode", "E-mail", "Runs up to", "Status")
HERS = row("12345", "Wren Hallowby", grade="MRSS(T)", email=WREN, valid="31/03/2027")
OTHERS = rows(40)


@pytest.fixture
def town(time: time_machine.Traveller, open_town: OpenTown) -> Town:
    made = open_town("mouse", "wren", "ada", "sam")
    for person in made.people.values():
        # What leads to a listing, test_keeping_a_listing.py looks at.
        person.is_seen_elsewhere = True
    return made


def test_a_statement_is_checked_falls_due_and_ends(town: Town, time: time_machine.Traveller) -> None:
    wren, ada, sam = town["wren"], town["ada"], town["sam"]
    sign_up(town)
    write(wren)
    sit_at_the_desk(town)
    ada.press("Wren Hallowby", role="link")
    decide(ada)
    profile = profile_of_wren(sam)
    sam.sees("Not checked.")

    bring_the_first_list(ada)
    confirm_by_keyboard(ada)
    everybody_reads(sam, profile, "Checked", "Checked on 30 November 2026:", "checked")
    sam.sees("as MRSS(T), shown there as valid to 31 March 2027")
    wren.page.goto("/member/listing")
    wren.sees("Checked on 30 November 2026:")
    look(wren.page)

    somebody_copies(town)

    time.move_to(dt.datetime(2027, 4, 1, 12, 0, tzinfo=dt.UTC))
    everybody_reads(sam, profile, "Check due", "Last checked on", "check-due")
    bring_a_list_without_her(town, time)
    everybody_reads(sam, profile, "Ended", "had ended on", "ended")
    the_past_is_told(sam, profile)


def is_told(somebody: Person, words: str) -> None:
    """What was done is said."""
    expect(somebody.page.get_by_role("status").first).to_contain_text(words)


def profile_of_wren(sam: Person) -> str:
    sam.page.goto("/practitioners?q=Hallowby")
    sam.press("Wren Hallowby", role="link")
    return sam.page.url


def bring(ada: Person, on: dt.date, lines: Sequence[Sequence[str]]) -> None:
    """Send a list in, and see what it would change."""
    window = ada.page
    window.goto("/admin/registers")
    ada.press("Shiatsu Society (UK)", role="link")
    file = {"name": "members.csv", "mimeType": "text/csv", "buffer": content(lines, headings=HEADINGS)}
    window.get_by_label("The list, as a CSV file").set_input_files(file)  # type: ignore[arg-type]
    window.get_by_label("Date of the list").fill(on.isoformat())
    window.get_by_label("Under which permission").fill("Sent by the body for this purpose.")
    ada.press("Read the list")
    is_told(ada, "Nothing is changed yet")


def bring_the_first_list(ada: Person) -> None:
    """Nothing at all, then a file whose headings are not all known, then the list as it is meant."""
    ada.page.goto("/admin/registers")
    look(ada.page)
    ada.press("Shiatsu Society (UK)", role="link")
    ada.press("Read the list")
    ada.sees("Choose the file")
    look(ada.page)
    bring(ada, dt.date(2026, 11, 30), [HERS, *OTHERS])
    ada.sees("The headings were guessed.")
    look(ada.page)
    ada.choose("Valid to", "Runs up to")
    ada.press("Read the list by these columns")
    ada.sees("0 of 1")
    look(ada.page)
    ada.press("Apply the list")
    is_told(ada, "The list is applied.")
    look(ada.page)


def confirm_by_keyboard(ada: Person) -> None:
    """From the queue to the decision, and nothing but keys."""
    window = ada.page
    window.goto("/admin/claims")
    look(window)
    open_by_key(window, "j")
    expect(window.get_by_role("heading", level=1)).to_contain_text("Wren Hallowby says")
    look(window)
    window.keyboard.press("c")
    expect(window.get_by_label("On the register, and it is this person")).to_be_focused()
    open_by_key(window, "Enter")
    is_told(ada, "Wren Hallowby, Shiatsu Society (UK): confirmed.")


def everybody_reads(sam: Person, profile: str, label: str, sentence: str, status: str) -> None:
    """The profile, the search by status and the checker say one and the same."""
    sam.page.goto(profile)
    sam.sees(sentence)
    look(sam.page)
    for one in ("checked", "check-due", "ended", "self-reported"):
        sam.page.goto(f"/practitioners?q=Hallowby&status={one}")
        mine = sam.page.locator(
            f".entry:has(a[href='{profile.removeprefix(sam.page.url.split('/practitioners')[0])}'])"
        )
        expect(mine).to_have_count(1 if one == status else 0)
    sam.page.goto("/check")
    sam.write("Name", "Wren Hallowby")
    sam.write("Membership number", "12345")
    sam.press("Check")
    sam.sees(sentence)
    look(sam.page)


def somebody_copies(town: Town) -> None:
    """Another account states the same name and number: neither a verifier nor a list can confirm it."""
    ada, sam = town["ada"], town["sam"]
    with town.site.app_context(), transaction():
        factories.bind(db.session)
        boss = db.session.scalars(select(Account).where(Account.email == ADA)).one()
        copier = factories.AccountFactory(email="rook@example.org")
        make_kept(copier, ListingState.PUBLISHED, by=boss, at=clock.now(), business="The Other Room")
    window = ada.page
    window.goto("/admin/claims")
    open_by_key(window, "j")
    expect(window.get_by_role("heading", level=1)).to_contain_text("Wren Hallowby says")
    look(window)
    window.keyboard.press("c")
    expect(window.get_by_label("What ties this listing to that person")).to_be_focused()
    ada.press("Decide, and go on")
    expect(window.get_by_role("alert")).to_contain_text("without it nothing is confirmed")
    look(window)

    window.goto(f"/admin/registers/{BODY}")
    ada.press("Let its lists confirm claims by themselves")
    is_told(ada, "claims are confirmed where number, name and a tie agree")
    bring(ada, dt.date(2026, 12, 1), [HERS, *OTHERS])
    ada.sees("0 of 2")
    ada.press("Apply the list")
    is_told(ada, "The list is applied.")

    sam.page.goto("/check?name=Wren+Hallowby&number=12345")
    look(sam.page)
    sam.page.goto("/practitioners?q=Hallowby&status=checked")
    expect(sam.page.locator(".entry")).to_have_count(1)
    sam.page.goto("/practitioners?q=Hallowby&status=self-reported")
    expect(sam.page.locator(".entry")).to_have_count(1)


def bring_a_list_without_her(town: Town, time: time_machine.Traveller) -> None:
    """Half of all statements would change: that needs a second person. Ada is alone, so it waits for a day."""
    ada = town["ada"]
    time.move_to(dt.datetime(2027, 4, 8, 12, 0, tzinfo=dt.UTC))
    # Months later Ada signs in anew: how, other stories tell.
    town.sign_in("ada", ADA)
    bring(ada, dt.date(2027, 4, 8), OTHERS)
    ada.sees("One person alone may not apply this list")
    ada.press("Propose it to a second person")
    ada.sees("You can do it alone from 9 April 2027")
    look(ada.page)
    address = ada.page.url
    time.shift(dt.timedelta(days=1, hours=1))
    town.sign_in("ada", ADA)
    ada.page.goto(address)
    ada.press("Agree: apply the list")
    is_told(ada, "The list is applied.")


def the_past_is_told(sam: Person, profile: str) -> None:
    """The history of the page, and the page as it stood on a day."""
    sam.page.goto(profile)
    sam.press("As it stood on another day", role="link")
    for words in ("Found on the register.", "A new check fell due.", "had ended."):
        sam.sees(words)
    look(sam.page)
    sam.page.goto(f"{profile}?on=2027-02-01")
    sam.sees("shown there as valid to 31 March 2027")
    look(sam.page)
    sam.page.goto(f"{profile}?on=2026-12-01&known=2026-12-01")
    sam.sees("Checked on")
    sam.page.goto("/check?name=Wren+Hallowby&number=12345&on=2027-02-01")
    sam.sees("shown there as valid to 31 March 2027")
