"""Results, profiles and the shortlist, as somebody who searches sees them."""

import datetime as dt
import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from directory.lib import clock
from directory.lib.geography import Point
from directory.models import (
    Gender,
    ListingState,
    Origin,
    Outcome,
    Practitioner,
    Price,
)
from directory.services import indexing
from directory.services.search import criteria
from tests import sites
from tests.conftest import make_settings
from tests.factories import CheckFactory, ClaimFactory, make_practitioner
from tests.pages import Page, Visitor


def address(person: Practitioner) -> str:
    return f"/practitioners/{person.public_id}/{person.slug}"


def with_claim(person: Practitioner, **check: object) -> Practitioner:
    ClaimFactory(practitioner_id=person.id)
    if check:
        CheckFactory(practitioner_id=person.id, **check)
    indexing.refresh([person.id])
    return person


def names(page: Page) -> list[str]:
    return [" ".join("".join(heading.itertext()).split()) for heading in page.all(".//ol[@class='entries plain']//h3")]


def test_a_newcomer_finds_a_practitioner_near_a_town(visitor: Visitor) -> None:
    make_practitioner(name="Wren Hallowby")
    page = visitor.get("/practitioners?near=Brighton&within=10&modality=shiatsu")
    assert page.text(".//h1") == "1 practitioner within 10 miles of Brighton"
    assert names(page) == ["Wren Hallowby"]
    assert "less than a mile" in page.text()
    assert "Remove the filter: Method: Shiatsu" in page.links()


def test_a_card_tells_what_was_checked_and_what_was_not(visitor: Visitor) -> None:
    with_claim(make_practitioner(hour_pounds=58), outcome=Outcome.CONFIRMED, valid_to=dt.date(2099, 3, 31), due_on=None)
    text = visitor.get("/practitioners").text(".//ol[@class='entries plain']")
    assert (
        "Checked on 9 November 2026: on the register of the Shiatsu Society (UK) as MRSS, "
        "shown there as valid to 31 March 2099." in text.replace("\u00a0", " ")
    )
    assert "£58 for 60 minutes" in text


def test_somebody_without_a_claim_states_no_membership(visitor: Visitor) -> None:
    person = make_practitioner()
    for page in (visitor.get("/practitioners"), visitor.get(address(person))):
        assert "States no membership of a professional body." in page.text()


def test_the_seal_is_not_read_aloud_and_the_sentence_is(visitor: Visitor) -> None:
    with_claim(make_practitioner())
    page = visitor.get("/practitioners")
    assert all(seal.get("aria-hidden") == "true" for seal in page.all(".//svg"))
    assert "Says they are a member of the Shiatsu Society (UK). Not checked." in page.text()


def test_results_can_be_leafed_through_with_real_links(visitor: Visitor) -> None:
    for _ in range(45):
        make_practitioner()
    first = visitor.get("/practitioners")
    assert len(names(first)) == 20
    assert first.links()["Next"] == "/practitioners?page=2"
    assert [link.get("rel") for link in first.all(".//link") if link.get("rel") in {"next", "prev"}] == ["next"]
    second = visitor.get(first.links()["Next"])
    last = visitor.get("/practitioners?page=3")
    assert len({*names(first), *names(second), *names(last)}) == 45
    assert len(names(last)) == 5


def test_a_page_behind_the_last_leads_to_the_last(visitor: Visitor) -> None:
    make_practitioner()
    answer = visitor.raw("/practitioners?page=400&q=wren")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/practitioners?q=wren")


def test_each_search_has_one_address(visitor: Visitor) -> None:
    page = visitor.get("/practitioners?accepting=yes&modality=shiatsu&near=BN1&within=10&nonsense=1")
    canonical = next(link.get("href", "") for link in page.all(".//link") if link.get("rel") == "canonical")
    assert canonical.endswith("/practitioners?near=BN1&within=10mi&modality=shiatsu&accepting=yes")


def test_what_cannot_be_used_is_named_and_kept_in_its_field(visitor: Visitor) -> None:
    page = visitor.get("/practitioners?near=Xqzwy&status=brilliant&page=-3")
    text = page.text()
    assert "We do not know a place called “Xqzwy”" in text
    assert "“brilliant”" in text
    assert "“-3”" in text
    assert page.tree.find(".//input[@id='near']").get("value") == "Xqzwy"  # type: ignore[union-attr]


def test_several_places_of_a_name_are_offered(visitor: Visitor) -> None:
    page = visitor.get("/practitioners?near=Newport&modality=shiatsu")
    assert page.text(".//h1") == "Which Newport?"
    wales = next(href for words, href in page.links().items() if words.startswith("Newport, Wales (NP10)"))
    assert "modality=shiatsu" in wales
    assert visitor.get(wales).text(".//h1") == "0 practitioners within 15 miles of Newport"


def test_an_empty_result_says_what_would_find_somebody(visitor: Visitor) -> None:
    make_practitioner(name="Wren Hallowby", gender=Gender.WOMAN)
    page = visitor.get("/practitioners?q=hallowby&gender=man")
    assert "Nobody fits all of this." in page.text()
    assert page.links()["Leave out the filter “Practitioner”"] == "/practitioners?q=hallowby"


def test_a_typo_is_answered_with_a_guess(visitor: Visitor) -> None:
    make_practitioner(name="Wren Hallowby")
    assert visitor.get("/practitioners?q=hallobi").links()["hallowby"] == "/practitioners?q=hallowby"


def test_few_results_say_how_wide_to_go(visitor: Visitor) -> None:
    for kilometres in (1, 40, 41, 42, 43):
        make_practitioner(at=Point(50.8284 + kilometres / 111.195, -0.1395))
    page = visitor.get("/practitioners?near=Brighton&within=5mi")
    assert page.links()["Within 30 miles there are 5"].endswith("within=30mi")


@pytest.mark.parametrize(
    "asked", ["concern=lower-back-pain", "q=sore+back", "q=lumbago", "q=back+pain&near=Leeds", "q=sciatica"]
)
def test_signs_that_need_a_doctor_stand_before_every_result_for_a_sore_back(visitor: Visitor, asked: str) -> None:
    make_practitioner(concerns=("lower-back-pain",))
    page = visitor.get(f"/practitioners?{asked}")
    text = page.text(".//section[@class='list']")
    assert "loss of bladder or bowel control" in text or "trouble peeing" in text
    signs = page.html.index('class="signs"')
    assert signs < page.html.find('class="entries plain"') or 'class="entries plain"' not in page.html


@pytest.mark.parametrize("typed", ["suicidal", "depression", "self harm", "panic"])
def test_words_of_distress_are_answered_with_help_first(visitor: Visitor, typed: str) -> None:
    assert "If you may harm yourself" in visitor.get(f"/practitioners?q={typed}").text(".//section[@class='list']")


def test_a_concern_that_needs_a_doctor_has_a_page_and_no_list(visitor: Visitor) -> None:
    make_practitioner(concerns=("headache",))
    answer = visitor.raw("/practitioners?concern=headache")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/concerns/headache")
    page = visitor.get("/practitioners?q=migraine")
    assert page.links()["Read what the guide says of it"] == "/concerns/headache"


def test_a_town_of_many_is_asked_about_among_words_too(visitor: Visitor) -> None:
    for typed in ("shiatsu in newport", "newport shiatsu", "Newport"):
        assert "Which" in visitor.get(f"/practitioners?q={typed}").text(".//h1")


def test_an_unknown_town_lists_nobody(visitor: Visitor) -> None:
    make_practitioner()
    page = visitor.get("/practitioners?near=Xqzwy")
    assert page.text(".//h1") == "Where is that?"
    assert not names(page)


def test_the_order_of_place_and_method_does_not_matter(visitor: Visitor) -> None:
    make_practitioner()
    for typed in ("brighton shiatsu", "shiatsu brighton", "lower back brighton"):
        assert "within 15 miles of Brighton" in visitor.get(f"/practitioners?q={typed}").text(".//h1")


def test_other_searches_frighten_nobody(visitor: Visitor) -> None:
    assert not visitor.get("/practitioners?q=massage").all(".//aside[@class='signs']")


def test_the_shortlist_lives_in_the_address(visitor: Visitor) -> None:
    one, other = make_practitioner(name="Wren Hallowby"), make_practitioner(name="Tobias Fenwold")
    keep = visitor.get("/practitioners?q=hallowby").links()["Keep on shortlist (Wren Hallowby)"]
    kept = visitor.get(keep)
    assert kept.links()["1 on your shortlist: look at it"] == f"/practitioners/compare?keep={one.public_id}"
    assert kept.links()["Take off the shortlist (Wren Hallowby)"] == "/practitioners?q=hallowby#p1"
    both = visitor.get(f"/practitioners/compare?keep={one.public_id}&keep={other.public_id}&keep=zzzzzzzzzz")
    assert "Wren Hallowby" in both.text(".//thead")
    assert "Tobias Fenwold" in both.text(".//thead")
    assert "1 listing that was on it is no longer shown." in both.text()
    assert both.links()["Take off (Wren Hallowby)"] == f"/practitioners/compare?keep={other.public_id}"


def test_a_profile_adds_to_the_shortlist_that_one_came_with(visitor: Visitor) -> None:
    person = make_practitioner()
    came_from = {"Referer": "http://localhost/practitioners?q=wren&keep=bbbbbbbbbb"}
    body = visitor.raw(address(person), headers=came_from).get_data(as_text=True)
    assert f"/practitioners/compare?keep=bbbbbbbbbb&amp;keep={person.public_id}" in body


def test_an_empty_shortlist_says_how_to_fill_it(visitor: Visitor) -> None:
    assert "Nobody is on it yet." in visitor.get("/practitioners/compare").text()
    assert "Nobody is on it yet." in visitor.get("/practitioners/compare?keep=%3Cscript%3E").text()


def test_a_profile_tells_every_claim_with_its_history(visitor: Visitor, session: Session) -> None:
    person = with_claim(make_practitioner(name="Wren Hallowby", states_insurance=True), valid_to=None, due_on=None)
    CheckFactory(practitioner_id=person.id, checked_on=dt.date(2025, 4, 14), valid_to=dt.date(2026, 3, 31))
    text = visitor.get(address(person)).text().replace("\u00a0", " ")
    assert "Wren Hallowby, since 12 February 2025; and the register of the body." in text
    assert "Everything we have recorded about this statement" in text
    assert "Look there yourself: shiatsusociety.org" in text
    assert "1 April 2026 A new check fell due." in text
    assert "Says they are insured. We have not seen a certificate." in text
    assert "Criminal record. Not checked." in text


def test_a_body_that_the_directory_does_not_know_is_named_as_typed(visitor: Visitor) -> None:
    person = make_practitioner()
    ClaimFactory(practitioner_id=person.id, body_id=None, body_name="<b>Guild</b> of Feet")
    indexing.refresh([person.id])
    text = visitor.get(address(person)).text()
    assert "Says they are a member of <b>Guild</b> of Feet, which this directory has not assessed." in text


def test_a_notice_is_linked_and_not_retold(visitor: Visitor) -> None:
    notice = "https://example.org/notice"
    person = with_claim(make_practitioner(), outcome=Outcome.RESTRICTED, notice_url=notice)
    page = visitor.get(address(person))
    assert page.links()["Read the notice"] == notice
    assert "A notice about this person is published by the Shiatsu Society (UK). Read it there." in page.text()


def test_the_holistic_label_says_what_it_rests_on(visitor: Visitor) -> None:
    three = make_practitioner(modalities=("shiatsu", "connective-tissue-massage", "breathing-exercises"))
    two = make_practitioner(modalities=("shiatsu", "anma", "breathing-exercises"))
    text = visitor.get(address(three)).text()
    assert "Why this listing is called holistic." in text
    assert "By their own account." in text
    assert "holistic" not in visitor.get(address(two)).text(".//main").lower()


def test_the_label_tells_when_all_training_was_seen(visitor: Visitor, session: Session) -> None:
    person = make_practitioner(modalities=("shiatsu", "connective-tissue-massage", "breathing-exercises"))
    for position, training in enumerate(person.trainings):
        training.seen_on = dt.date(2025, 2, 12 + position)
    session.flush()
    assert "Training seen on 14 February 2025." in visitor.get(address(person)).text().replace("\u00a0", " ")


def test_concerns_that_need_a_doctor_are_not_shown_beside_a_name(visitor: Visitor) -> None:
    person = make_practitioner(concerns=("stress", "headache"))
    text = visitor.get(address(person)).text(".//aside[@class='side']")
    assert "Stress and tension" in text
    assert "Headache" not in text


def test_in_germany_no_concern_stands_beside_a_name(visitor: Visitor) -> None:
    person = make_practitioner(concerns=("stress",), country="DE", town="Köln", postcode_area=None, at=None)
    assert "Often works with" not in visitor.get(address(person)).text(".//aside[@class='side']")


def test_a_site_may_pair_no_concern_with_practitioners(database_url: str, tmp_path: Path) -> None:
    with sites.made(make_settings(tmp_path, database_url, concern_pairing=False)) as quiet:
        page = Visitor(quiet).get("/practitioners?concern=stress")
    assert "not listed by what they often work with" in page.text()
    assert "Often works with" not in page.text(".//form[@id='filters']")


def test_prices_stand_in_their_own_currency(visitor: Visitor, session: Session) -> None:
    person = make_practitioner()
    own = {"practitioner_id": person.id}
    session.add(Price(minutes=60, amount_minor=7050, currency="EUR", label="Later visits", **own))
    session.add(Price(minutes=None, amount_minor=3500, currency="GBP", is_reduced=True, **own))
    session.flush()
    text = visitor.get(address(person)).text(".//table")
    assert "Later visits 60 €70.50" in text
    assert "If money is short – £35" in text


def test_contact_details_are_on_no_page(visitor: Visitor, session: Session) -> None:
    person = make_practitioner(
        name="Wren Hallowby", contact_email="canary@example.org", contact_telephone="07700 900123", website=None
    )
    person.places[0].address = "12 Canary Street"
    session.flush()
    for path in (address(person), f"{address(person)}/contact.vcf", "/practitioners", "/practitioners?q=canary"):
        body = visitor.raw(path).get_data(as_text=True)
        assert "canary@" not in body
        assert "900123" not in body
        assert "Canary Street" not in body
    assert not visitor.get("/practitioners?q=canary").all(".//li[@class='entry']")


def test_a_name_that_is_not_shown_is_on_no_page(visitor: Visitor, session: Session) -> None:
    person = make_practitioner(name="Wren Hallowby", other_names=("Secret Formername",))
    person.other_names[0].is_shown = False
    session.flush()
    for path in (address(person), f"{address(person)}/contact.vcf", "/practitioners"):
        assert "Formername" not in visitor.raw(path).get_data(as_text=True)


def test_freshness_is_told_in_days(visitor: Visitor) -> None:
    today = clock.now().date()
    today_person = make_practitioner(confirmed_on=today)
    earlier = make_practitioner(confirmed_on=today - dt.timedelta(days=12))
    never = make_practitioner(confirmed_on=None)
    imported = make_practitioner(confirmed_on=None, origin=Origin.IMPORT)
    assert "By the practitioner, today" in visitor.get(address(today_person)).text()
    assert "By the practitioner, 12 days ago" in visitor.get(address(earlier)).text()
    assert "Not yet confirmed by the practitioner." in visitor.get(address(never)).text()
    assert "Entered from the records of this directory" in visitor.get(address(imported)).text()


def test_another_slug_leads_to_the_right_one(visitor: Visitor) -> None:
    person = make_practitioner(name="Wren Hallowby")
    answer = visitor.raw(f"/practitioners/{person.public_id}/wren-smith")
    assert (answer.status_code, answer.headers["Location"]) == (301, address(person))
    assert visitor.raw(f"/practitioners/{person.public_id}/wren-smith/contact.vcf").status_code == 404


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (ListingState.HIDDEN, 410),
        (ListingState.SUSPENDED, 410),
        (ListingState.WITHDRAWN, 410),
        (ListingState.DRAFT, 404),
        (ListingState.SUBMITTED, 404),
    ],
)
def test_a_hidden_listing_is_nowhere(visitor: Visitor, state: ListingState, status: int) -> None:
    person = make_practitioner(name="Wren Hallowby", state=state)
    page = visitor.get(address(person), status=status)
    assert "Hallowby" not in page.html
    visitor.get(f"{address(person)}/history", status=status)
    assert visitor.raw(f"{address(person)}/contact.vcf").status_code == status
    assert "Nobody is on it yet." in visitor.get(f"/practitioners/compare?keep={person.public_id}").text()
    assert "hallowby" not in visitor.get("/practitioners?q=hallowby").text(".//section[@class='list']").lower()


def test_an_address_book_gets_what_is_public(visitor: Visitor) -> None:
    person = with_claim(make_practitioner(name="Wren; Hallowby", business="Saltrose\nEMAIL:x@example.org"))
    answer = visitor.raw(f"{address(person)}/contact.vcf")
    text = answer.get_data(as_text=True)
    assert answer.mimetype == "text/vcard"
    assert "FN:Wren\\; Hallowby" in text
    assert "\nEMAIL" not in text
    assert "Not checked." in text


def test_machines_read_what_people_read(visitor: Visitor) -> None:
    person = with_claim(
        make_practitioner(name="Wren </script> Hallowby", hour_pounds=58), valid_to=dt.date(2099, 1, 1), due_on=None
    )
    page = visitor.get(address(person))
    data = json.loads(page.text(".//script[@type='application/ld+json']"))
    entity = data["mainEntity"]
    assert entity["name"] == "Wren </script> Hallowby"
    assert entity["memberOf"][0]["name"] == "Shiatsu Society (UK)"
    assert entity["makesOffer"] == {"@type": "Offer", "price": "58.00", "priceCurrency": "GBP"}


def test_an_unchecked_claim_is_no_membership_for_machines(visitor: Visitor) -> None:
    page = visitor.get(address(with_claim(make_practitioner())))
    assert "memberOf" not in json.loads(page.text(".//script[@type='application/ld+json']"))["mainEntity"]


def test_demonstration_data_says_so_and_is_not_indexed(visitor: Visitor) -> None:
    person = make_practitioner(origin=Origin.DEMO)
    for path in ("/practitioners", address(person), "/"):
        page = visitor.get(path)
        assert "The people on these pages are invented" in page.text(".//body")
        assert any(meta.get("content") == "noindex" for meta in page.all(".//meta[@name='robots']"))


def test_a_real_listing_may_be_indexed(visitor: Visitor) -> None:
    page = visitor.get(address(make_practitioner()))
    assert not page.all(".//meta[@name='robots']")


def test_a_profile_does_not_say_that_it_begins_after_what_it_tells(visitor: Visitor) -> None:
    person = with_claim(make_practitioner(listed_on=dt.date(2026, 3, 12)))
    assert "Anything before 12 February 2025" in visitor.get(address(person)).text().replace("\u00a0", " ")


def test_a_statement_that_was_taken_back_is_nobodys(visitor: Visitor, session: Session) -> None:
    person = make_practitioner(name="Wren Hallowby")
    ClaimFactory(practitioner_id=person.id, withdrawn_on=dt.date(2026, 5, 1))
    indexing.refresh([person.id])
    text = visitor.get(address(person)).text().replace("\u00a0", " ")
    assert "Nobody now. Wren Hallowby said so from 12 February 2025 to 1 May 2026." in text


def test_a_look_without_a_result_is_told(visitor: Visitor) -> None:
    day = clock.now().date() - dt.timedelta(days=3)
    person = with_claim(make_practitioner(), outcome=Outcome.INCONCLUSIVE, tie=None, checked_on=day)
    assert "Somebody looked, and it could not be told." in visitor.get(address(person)).text()
    before = visitor.get(f"{address(person)}?on={day - dt.timedelta(days=1)}").text()
    assert "Somebody looked" not in before


def test_a_not_found_that_waits_is_not_told_as_a_look_without_a_result(visitor: Visitor) -> None:
    day = clock.now().date() - dt.timedelta(days=3)
    person = with_claim(make_practitioner(), outcome=Outcome.NOT_FOUND, tie=None, checked_on=day)
    assert "Somebody looked" not in visitor.get(address(person)).text()


def test_a_method_that_is_not_shiatsu_gets_the_law_of_massage(visitor: Visitor) -> None:
    person = make_practitioner(modalities=("reflexology",))
    assert "What the law says: massage in" in visitor.get(address(person)).text()


def test_the_law_is_that_of_the_place(visitor: Visitor) -> None:
    london = make_practitioner(town="London", postcode_area="N16", at=Point(51.56, -0.07))
    french = make_practitioner(modalities=("swedish-massage",), country="FR", town="Paris", postcode_area=None, at=None)
    assert "What the law says: shiatsu in London" in visitor.get(address(london)).text()
    assert "What the law says: massage in France" in visitor.get(address(french)).text()


def test_the_way_back_leads_to_the_same_list(visitor: Visitor, app: Flask) -> None:
    person = make_practitioner()
    came_from = {"Referer": "http://localhost/practitioners?near=BN1&within=10mi"}
    body = visitor.raw(address(person), headers=came_from).get_data(as_text=True)
    assert 'href="/practitioners?near=BN1&amp;within=10mi"' in body
    elsewhere = {"Referer": "http://example.org/practitioners?x"}
    assert "Back to the list" not in visitor.raw(address(person), headers=elsewhere).get_data(as_text=True)


def test_a_list_that_is_cut_says_how_to_see_others(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(criteria, "MAX_PAGE", 2)
    for _ in range(41):
        make_practitioner()
    assert "The list ends here" not in visitor.get("/practitioners").text()
    assert "The list ends here, after the first 40." in visitor.get("/practitioners?page=2").text()
