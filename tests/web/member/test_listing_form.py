"""Writing a listing, step by step, in a browser without JavaScript."""

import io
from collections.abc import Mapping

import pytest
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.models import Account, Kept, ListingVersion, Practitioner
from directory.services import listings
from tests.conftest import sqlite_only
from tests.factories.listings import change, make_kept
from tests.members import Member, Value

STEPS: Mapping[str, Mapping[str, Value]] = {
    "about": {"name": "Wren Hallowby", "names-0-name": "Wren Ashdown", "names-0-shown": "hidden"},
    "methods": {"methods-0-modality": "shiatsu", "methods-0-since": "2009", "lightest": "1", "firmest": "3"},
    "people": {"concerns": ["lower-back-pain"], "gender": "woman"},
    "places": {"places-0-where": "Brighton BN2", "places-0-address": "7 Hidden Street"},
    "prices": {
        "visits": ["theirs", "yours"],
        "travels": "5",
        "prices-0-minutes": "60",
        "prices-0-price": "£50",
        "languages": "English, French",
    },
    "memberships": {
        "member": "yes",
        "claims-0-body": "uk-shiatsu-society",
        "claims-0-number": "12345",
        "claims-0-day": "31",
        "claims-0-month": "3",
        "claims-0-year": "2027",
    },
    "words": {"text": "I work slowly."},
}


def step(name: str) -> str:
    return f"/member/listing/{name}"


def kept_by(member: Member) -> Kept:
    assert member.account is not None
    kept = listings.of_account(member.account)
    assert kept is not None
    return kept


def shown(member: Member) -> Mapping[str, object]:
    return listings.answers_now(kept_by(member)).shown


def write(member: Member, until: str = "words") -> None:
    """Fill in the steps up to one."""
    for name, fields in STEPS.items():
        member.post(step(name), fields)
        if name == until:
            return


def test_somebody_writes_a_listing_and_sends_it(member: Member) -> None:
    page = member.get("/member/listing")
    assert "You have not written a listing yet." in page.text()
    page = member.follow(member.post(step("about"), STEPS["about"]))
    assert page.text(".//h1") == "What you do"
    write(member)
    page = member.get("/member/listing/check")
    for said in ("Wren Ashdown", "Shiatsu, since 2009", "Light to Firm", "7 Hidden Street", "60 minutes, £50", "12345"):
        assert said in page.text()
    member.post("/member/listing/check", status=422)
    page = member.follow(member.post("/member/listing/check", {"consent": True}))
    assert "it waits for us to look at it" in page.text()


@sqlite_only
def test_a_draft_is_left_and_taken_up_again(member: Member) -> None:
    write(member, "methods")
    page = member.follow(member.post(step("people"), {"gender": "man", "then": "later"}))
    assert "The public sees nothing yet: you have not sent it." in page.text()
    assert "4 steps are left." in page.text()
    page = member.get(step("people"))
    assert page.all(".//input[@value='man'][@checked]")
    assert "done" in page.text(".//ol[@class='steps-list']")
    page = member.get("/member/listing/check")
    assert "Where you work: Say where you work" in page.text()
    assert "Your memberships: This step is not done yet" in page.text()
    page = member.post("/member/listing/check", {"consent": True}, status=422)
    assert "Before you can send it" in page.text()


@sqlite_only
def test_a_form_before_the_first_leads_to_the_beginning(member: Member) -> None:
    assert member.get(step("prices"), status=303).response.headers["Location"] == "/member/listing"
    member.get(step("nonsense"), status=404)
    for page in ("check", "history", "withdrawal"):
        member.get(f"/member/listing/{page}", status=404)


@sqlite_only
@pytest.mark.parametrize(
    ("name", "fields", "said"),
    [
        ("about", {"name": ""}, "Give your name"),
        ("about", {"name": "1234"}, "A name has letters"),
        ("about", {"contact_email": "wren at home"}, "Write an e-mail address"),
        ("about", {"contact_telephone": "12"}, "Write a telephone number"),
        ("methods", {"methods-0-modality": ""}, "Choose the method that this is about"),
        ("methods", {"methods-0-since": "2109"}, "Write a year that has begun"),
        ("methods", {"methods-0-hours": "many"}, "Write the hours as a number"),
        ("methods", {"lightest": "3", "firmest": "1"}, "The firmest cannot be lighter than the lightest"),
        ("places", {"places-0-where": "Newport"}, "There are several places of that name: choose yours"),
        ("places", {"places-0-where": ""}, "Give the town or the postcode"),
        ("prices", {"prices-0-price": "a little"}, "Write one price, such as £50"),
        ("prices", {"prices-0-minutes": "1000"}, "Give the length in minutes, from 5 to 600"),
        ("prices", {"languages": "English, Qwertyish"}, "We do not know this language: Qwertyish."),
        ("prices", {"visits": None}, "Choose at least one"),
        ("memberships", {"member": None}, "Choose yes or no"),
        ("memberships", {"claims-0-body": ""}, "Choose the body"),
        ("memberships", {"claims-0-body": "other"}, "Write the name of the body"),
        ("memberships", {"claims-0-number": ""}, "Give your membership number, or say that you do not have it to hand"),
        ("memberships", {"claims-0-month": "2"}, "31 February is not a date: look at the day and the month"),
        ("memberships", {"claims-0-month": "13"}, "There is no month 13: write 1 to 12"),
        ("memberships", {"claims-0-year": "27"}, "Write the year in four figures"),
        ("words", {"text": "x" * 2001}, "Use 2000 characters at most"),
        ("words", {"text": "Ring 01273 496012."}, "Take out the e-mail address or telephone number"),
        ("words", {"website": "javascript:alert(1)"}, "Write the address of a website"),
        ("words", {"website": "https://a:b@example.org"}, "Write the address of a website"),
    ],
)
def test_a_mistake_is_named_and_nothing_typed_is_lost(
    member: Member, name: str, fields: Mapping[str, Value], said: str
) -> None:
    if name != "about":
        member.post(step("about"), STEPS["about"])
    before = shown(member) if name != "about" else None
    typed = {**STEPS[name], **fields}
    page = member.post(step(name), typed, status=422)
    assert said in page.text(".//section[@class='errors']")
    link = page.all(".//section[@class='errors']//a")[0].get("href", "")
    assert any(element.get("id") == link[1:] for element in page.tree.iter()), link
    assert page.text(".//title").startswith("Mistake:")
    for field, value in typed.items():
        if isinstance(value, str) and value:
            assert value in page.html, field
    assert before is None or shown(member) == before


@sqlite_only
def test_rows_come_and_go_without_a_script(member: Member) -> None:
    member.post(step("about"), STEPS["about"])
    member.post(step("prices"), STEPS["prices"])
    page = member.post(step("prices"), {"add": "prices"}, status=200)
    typed = {"prices-1-minutes": "90", "prices-1-price": "70", "add": "prices"}
    page = member.send(page, step("prices"), typed, status=200)
    assert page.all(".//input[@name='prices-1-price'][@value='70']")
    assert page.all(".//fieldset[@id='prices-2']")
    member.send(page, step("prices"), {"prices-2-minutes": "30", "prices-2-price": "25 euros", "add": None})
    member.post(step("prices"), {"prices-0-remove": True})
    assert [(one["minutes"], one["amount_minor"], one["currency"]) for one in shown(member)["prices"]] == [  # type: ignore[attr-defined]
        (90, 7000, "GBP"),
        (30, 2500, "EUR"),
    ]
    member.post(step("prices"), {"add": "nonsense"}, status=404)


@sqlite_only
def test_there_is_room_for_five_places(member: Member) -> None:
    member.post(step("about"), STEPS["about"])
    page = member.get(step("places"))
    for number in range(1, 5):
        typed = {f"places-{number - 1}-where": f"BN{number}", "add": "places"}
        page = member.send(page, step("places"), typed, status=200)
    member.send(page, step("places"), {"places-4-where": "BN5"})
    page = member.get(step("places"))
    assert "There is room for 5." in page.text()
    assert not page.all(".//button[@name='add']")


def test_one_of_several_towns_is_chosen(member: Member) -> None:
    member.post(step("about"), STEPS["about"])
    page = member.post(step("places"), {"places-0-where": "Newport"}, status=422)
    chosen = next(
        one.get("value", "") for one in page.all(".//select[@name='places-0-chosen']/option") if one.get("value")
    )
    # Another row comes, and is itself one of several: what was chosen in the first one stays.
    page = member.send(page, step("places"), {"places-0-chosen": chosen, "add": "places"}, status=200)
    page = member.send(page, step("places"), {"places-1-where": "Newport", "add": None}, status=422)
    assert page.all(f".//select[@name='places-0-chosen']/option[@value='{chosen}'][@selected]")
    assert len(page.all(".//*[@class='errors']//a")) == 1
    member.send(page, step("places"), {"places-1-remove": True, "places-1-chosen": chosen})
    assert shown(member)["places"][0]["town"] == "Newport"  # type: ignore[index]
    assert listings.answers_now(kept_by(member)).private["places"][0]["latitude"] is not None


@sqlite_only
def test_an_unknown_town_is_taken_and_said_to_be_unknown(member: Member) -> None:
    member.post(step("about"), STEPS["about"])
    page = member.follow(member.post(step("places"), {"places-0-where": "Xqzwyth"}))
    assert "We do not know where Xqzwyth is, so a search by distance will not find it." in page.text(".//body")
    assert "We do not know where this is: Xqzwyth." in member.get(step("places")).text()


def test_a_point_is_never_stored_finer_than_a_kilometre(member: Member, session: Session) -> None:
    write(member)
    version = session.scalars(
        select(ListingVersion).where(ListingVersion.practitioner_id == kept_by(member).practitioner_id)
    ).one()
    place = version.private["places"][0]
    even = listings.even(version.shown, {"places": [{"latitude": 50.123456, "longitude": -0.123456}]}).private[
        "places"
    ][0]
    assert (even["latitude"], even["longitude"]) != (50.123456, -0.123456)
    assert listings.even(version.shown, version.private).private["places"][0] == place


@sqlite_only
def test_an_exact_address_is_shown_only_when_that_is_chosen(member: Member) -> None:
    member.post(step("about"), STEPS["about"])
    member.post(step("places"), {"places-0-where": "Brighton", "places-0-address": "7 Hidden Street"})
    answers = listings.answers_now(kept_by(member))
    assert (answers.shown["places"][0]["address"], answers.private["places"][0]["address"]) == (None, "7 Hidden Street")
    member.post(step("places"), {"places-0-is_public": True})
    assert shown(member)["places"][0]["address"] == "7 Hidden Street"  # type: ignore[index]


@sqlite_only
def test_no_membership_is_an_answer(member: Member) -> None:
    member.post(step("about"), STEPS["about"])
    member.post(step("memberships"), {"member": "no", "claims-0-day": "99"})
    assert shown(member)["claims"] == []
    assert member.get(step("memberships")).all(".//input[@name='member'][@value='no'][@checked]")


@sqlite_only
def test_how_a_membership_will_look_stands_beside_the_form(member: Member) -> None:
    write(member)
    look = member.get(step("memberships")).text(".//section[@class='slip look']")
    assert "Says they are a member of the Shiatsu Society (UK). Not checked." in look
    assert "You cannot set this yourself, and neither can money." in look


@sqlite_only
def test_a_phrase_to_look_at_again_is_shown_once_and_refuses_nothing(member: Member) -> None:
    write(member, "memberships")
    words = {"text": "I cure cancer."}
    answer = member.post(step("words"), words)
    assert answer.response.headers["Location"] == step("words")
    page = member.follow(answer)
    assert "phrase" in page.text(".//aside[@class='wording']")
    assert shown(member)["text"] == "I cure cancer."
    answer = member.send(page, step("words"))
    assert answer.response.headers["Location"] == "/member/listing/check"


def photo(colour: str = "navy") -> tuple[io.BytesIO, str]:
    file = io.BytesIO()
    Image.new("RGB", (200, 240), colour).save(file, "PNG")
    file.seek(0)
    return file, "me.png"


def test_a_photo_is_sent_and_taken_away(member: Member) -> None:
    write(member)
    member.post(step("words"), {"photo": photo()})
    digest = shown(member)["photo"]
    assert digest
    member.post(step("words"), {"text": "Otherwise."})
    assert shown(member)["photo"] == digest
    member.post(step("words"), {"remove_photo": True})
    assert shown(member)["photo"] is None
    page = member.post(step("words"), {"photo": photo(), "website": "nowhere"}, status=422)
    assert "Choose the photo again" in page.text()
    page = member.post(step("words"), {"photo": (io.BytesIO(b"GIF89a nonsense"), "x.gif")}, status=422)
    assert "We cannot read this file as a photograph." in page.text()


def test_two_tabs_see_both_versions_and_nothing_is_overwritten_unseen(member: Member) -> None:
    write(member)
    first, second = member.get(step("words")), member.get(step("words"))
    member.send(first, step("words"), {"text": "From the first tab."})
    page = member.send(second, step("words"), {"text": "From the second tab."}, status=409)
    assert "From the first tab." in page.text(".//tbody")
    assert "From the second tab." in page.text(".//tbody")
    assert {"".join(mark.itertext()) for mark in page.all(".//mark")} == {"first", "second"}
    assert shown(member)["text"] == "From the first tab."
    member.send(page, step("words"))
    assert shown(member)["text"] == "From the second tab."


@sqlite_only
def test_two_tabs_on_different_steps_do_not_meet(member: Member) -> None:
    write(member)
    first, second = member.get(step("words")), member.get(step("people"))
    member.send(first, step("words"), {"text": "From the first tab."})
    member.send(second, step("people"), {"gender": "man"})
    assert (shown(member)["text"], shown(member)["gender"]) == ("From the first tab.", "man")


@sqlite_only
def test_answers_that_changed_after_they_were_checked_are_not_sent(member: Member) -> None:
    write(member)
    page = member.get("/member/listing/check")
    member.post(step("words"), {"text": "Changed meanwhile."})
    page = member.send(page, "/member/listing/check", {"consent": True}, status=409)
    assert "An answer changed while this page was open." in page.text(".//body")
    assert "Changed meanwhile." in page.text()
    member.send(page, "/member/listing/check", {"consent": True})


def test_the_same_first_form_sent_twenty_times_makes_one_listing(member: Member, session: Session) -> None:
    page = member.get(step("about"))
    answers = {member.send(page, step("about"), STEPS["about"]).response.headers["Location"] for _ in range(20)}
    assert answers == {step("methods")}
    assert session.scalar(select(func.count()).select_from(Kept)) == 1
    assert (
        session.scalar(select(func.count()).select_from(Practitioner).where(Practitioner.name == "Wren Hallowby")) == 1
    )


@sqlite_only
def test_concerns_are_not_asked_where_they_are_not_paired(member: Member) -> None:
    write(member)
    account = member.account
    assert isinstance(account, Account)
    place = {"town": "Berlin", "country": "DE"}
    change(kept_by(member), "places", places=[place], country="DE")
    assert not member.get(step("people")).all(".//input[@name='concerns']")
    member.post(step("people"), {"gender": "man"})
    assert shown(member)["concerns"] == ["lower-back-pain"]


@sqlite_only
def test_a_change_link_leads_back_to_the_check_page(member: Member) -> None:
    write(member)
    links = member.get("/member/listing/check").links()
    address = links["Change Gender"]
    assert address == "/member/listing/people?back=check"
    answer = member.post(address, {"gender": "man"})
    assert answer.response.headers["Location"] == "/member/listing/check"


@sqlite_only
def test_a_listing_that_is_kept_shows_all_it_has_in_every_step(member: Member) -> None:
    assert member.account is not None
    make_kept(member.account)
    before = listings.answers_now(kept_by(member))
    for name in STEPS:
        member.post(step(name))
    assert listings.answers_now(kept_by(member)) == before
