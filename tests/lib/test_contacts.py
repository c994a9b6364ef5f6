"""Whether addresses and numbers are understood as people write them."""

import pytest

from directory.lib import contacts


@pytest.mark.parametrize(
    ("text", "expected", "note"),
    [
        ("wren@example.org", "wren@example.org", None),
        ("Wren <WREN@Example.ORG>", "wren@example.org", None),
        ("mailto:a@b.co.uk.", "a@b.co.uk", None),
        ("a@b.org; c@d.org", "a@b.org", contacts.SEVERAL_EMAILS),
        ("a@b", None, contacts.NOT_AN_EMAIL),
        ("wren at example.org", None, contacts.NOT_AN_EMAIL),
        ("wren hallowby@example.org", None, contacts.NOT_AN_EMAIL),
        ("wren@@example.org", None, contacts.NOT_AN_EMAIL),
        ("a..b@example.org", None, contacts.NOT_AN_EMAIL),
        ("a" * 260 + "@example.org", None, contacts.NOT_AN_EMAIL),
    ],
)
def test_an_email_address_is_found_in_a_cell(text: str, expected: str | None, note: str | None) -> None:
    address, remarks = contacts.email(text)
    assert (address, [remark.message.text for remark in remarks]) == (expected, [note] if note else [])


@pytest.mark.parametrize(
    ("text", "expected", "note"),
    [
        ("07700 900123", "07700 900123", None),
        ("tel: +44 (0)1273 555 123", "+44 (0)1273 555 123", None),
        ("01273 555123 ext 4", "01273 555123 ext 4", None),
        ("7700900123", "07700900123", contacts.LOST_ZERO),
        ("01273 555123; 07700 900111", "01273 555123", contacts.SEVERAL_TELEPHONES),
        ("4.47701E+11", None, contacts.LOST_DIGITS),
        ("call me", None, contacts.NOT_A_TELEPHONE),
        (";", None, contacts.NOT_A_TELEPHONE),
        ("12345", None, contacts.NOT_A_TELEPHONE),
        ("٠١٢٧٣٥٥٥١٢٣", None, contacts.NOT_A_TELEPHONE),
    ],
)
def test_a_telephone_number_is_found_in_a_cell(text: str, expected: str | None, note: str | None) -> None:
    number, remarks = contacts.telephone(text, "GB")
    assert (number, [remark.message.text for remark in remarks]) == (expected, [note] if note else [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("example.org", "https://example.org"),
        ("//example.org/x", "https://example.org/x"),
        ("HTTP://Example.org/x?y=1#z", "http://Example.org/x?y=1#z"),
        ("<https://www.example.org>", "https://www.example.org"),
        ("münchen-shiatsu.de", "https://münchen-shiatsu.de"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("ftp://example.org", None),
        ("https://user@evil.example.org", None),
        ("https://example.org:8080", None),
        ("https://example.org:x", None),
        ("https://[::1", None),
        ("https://" + "a" * 70 + ".org", None),
        ("https://example.org\\@evil.org", None),
        ("not here", None),
        ("example.org/" + "x" * 300, None),
    ],
)
def test_only_a_web_address_becomes_one(text: str, expected: str | None) -> None:
    address, remarks = contacts.website(text)
    assert address == expected
    assert [remark.message.text for remark in remarks] == ([] if expected else [contacts.NOT_A_WEBSITE])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ring 01273 555123 or +44 7700 900 123", "Ring … or …"),
        ("Write to wren@example.org.", "Write to …."),
        ("Since 1998, 2004 and 2010; £45", "Since 1998, 2004 and 2010; £45"),
        ("Nothing", "Nothing"),
    ],
)
def test_contacts_are_taken_out_of_a_text(text: str, expected: str) -> None:
    assert contacts.without_contacts(text) == (expected, expected != text)


def test_the_words_of_a_web_page_are_kept_without_its_tags() -> None:
    assert contacts.has_tags("<p>Calm</p>")
    assert not contacts.has_tags("5 < 6 > 4")
    assert contacts.without_tags("<p>Calm</p><p>slow<br/>deep</p>") == "Calm\nslow\ndeep"
