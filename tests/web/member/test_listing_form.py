"""Writing a listing, step by step, in a browser without JavaScript."""

from tests.members import Member


def test_somebody_writes_a_listing_and_sends_it(member: Member) -> None:
    page = member.get("/member/listing")
    assert "You have not written a listing yet." in page.text()
    page = member.follow(
        member.post(
            "/member/listing/about",
            {"name": "Wren Hallowby", "names-0-name": "Wren Ashdown", "names-0-shown": "hidden"},
        )
    )
    assert page.text(".//h1") == "What you do"
    member.post("/member/listing/methods", {"methods-0-modality": "shiatsu", "methods-0-since": "2009"})
    member.post("/member/listing/people", {"concerns": ["lower-back-pain"], "gender": "woman"})
    member.post("/member/listing/places", {"places-0-where": "Brighton", "places-0-address": "7 Hidden Street"})
    member.post(
        "/member/listing/prices",
        {"visits": ["theirs"], "prices-0-minutes": "60", "prices-0-price": "£50", "languages": "English, French"},
    )
    member.post(
        "/member/listing/memberships",
        {
            "member": "yes",
            "claims-0-body": "uk-shiatsu-society",
            "claims-0-number": "12345",
            "claims-0-day": "31",
            "claims-0-month": "3",
            "claims-0-year": "2027",
        },
    )
    page = member.follow(member.post("/member/listing/words", {"text": "I work slowly."}))
    assert page.text(".//h1") == "Check your answers"
    page = member.follow(member.post("/member/listing/check", {"consent": True}))
    assert "it waits for us to look at it" in page.text()
