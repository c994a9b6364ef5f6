"""axe finds nothing on any public page: light, dark, and as wide as the smallest phone."""

import pytest
from flask import Flask
from playwright.sync_api import Page

from directory.http.access import Access, access_of
from tests.browser.looks import CLOSELY, look

# One address for each page, by the name of its view; and pages in their other states.
PAGES = {
    "public_home.show": "/",
    "public_practitioners.index": "/practitioners",
    "public_practitioners.show": "SOMEBODY",
    "public_histories.show": "HISTORY",
    "public_practitioners.compare": "/practitioners/compare",
    "public_checker.show": "/check",
    "public_checker.objected": "/check/objection/received",
    "public_for_practitioners.show": "/for-practitioners",
    "public_documents.terms": "/terms",
    "public_documents.terms_of": "/terms/2026-11-21",
    "public_documents.listing_rules": "/listing-rules",
    "public_documents.listing_rules_of": "/listing-rules/2026-11-21",
    "public_reports.received": "RECEIVED",
    "public_enquiries.sent": "/enquiries/sent",
    "public_still_right.thanks": "/still-right/thanks",
    "public_guide.index": "/guide",
    "public_guide.statuses": "/statuses",
    "public_guide.before_you_go": "/before-you-go",
    "public_bodies.index": "/bodies",
    "public_bodies.show": "/bodies/uk-shiatsu-society",
    "public_modalities.index": "/modalities",
    "public_modalities.show": "/modalities/shiatsu",
    "public_concerns.index": "/concerns",
    "public_concerns.show": "/concerns/lower-back-pain",
    "public_regulation.index": "/regulation",
    "public_regulation.show": "/regulation/GB",
    "public_ledger.index": "/ledger",
    "public_site.how_we_check": "/how-we-check",
    "public_complaints.how_recommendations_work": "/how-recommendations-work",
    "public_complaints.index": "/complaints",
    "public_complaints.received": "/complaints/received?about=safety",
    "public_site.accessibility": "/accessibility",
    "public_site.privacy": "/privacy",
    "public_site.credits": "/credits",
}
STATES = {
    "a page of results near a town": "/practitioners?near=London&within=30mi&concern=lower-back-pain&modality=shiatsu",
    "the last page of results": "/practitioners?page=15",
    "nobody found": "/practitioners?q=xqzw&near=Totnes&within=2mi&status=restricted",
    "which town": "/practitioners?near=Newport",
    "values that cannot be used": "/practitioners?near=Xqzwy&status=x&page=-1&colour=red",
    "no such page": "/nothing-here",
    "not text": "/practitioners?q=%00",
    "a shortlist": "SHORTLIST",
    "a body that is not reviewed": "/bodies/uk-bcma",
    "an invented body": "/bodies/demo-tarnbeck-guild",
    "long words without a space": "/practitioners?q=" + "W" * 190,
    "an unknown town": "/practitioners?near=" + "x" * 90,
    "a concern that needs a doctor": "/concerns/headache",
}
NOT_PAGES = {
    # Forms, which set a cookie: looked at in test_member_pages.py.
    "member_accounts.confirm_new_address",
    "member_accounts.show_new_address",
    "member_leaving.left",
    "member_new_passwords.ask",
    "member_new_passwords.choose",
    "member_new_passwords.show",
    "member_new_passwords.show_link",
    "member_resuming.sign_in_again",
    "member_signing_in.ask_link",
    "member_signing_in.ask_second_factor",
    "member_signing_in.mailed",
    "member_signing_in.show",
    "member_signing_in.show_link",
    "member_signing_in.show_second_factor",
    "member_signing_in.sign_in",
    "member_signing_in.sign_in_with_passkey",
    "member_signing_in.sign_out",
    "member_signing_in.use_link",
    "member_signing_up.accept",
    "member_signing_up.ask",
    "member_signing_up.confirm",
    "member_signing_up.show",
    "member_signing_up.show_invitation",
    "member_signing_up.show_link",
    "public_checker.ask_objection",
    "public_checker.make_objection",
    # A form from the first page on: looked at in test_consultation.py.
    "public_consultation.answer_signs",
    "public_consultation.ask",
    "public_consultation.begin_anew",
    "public_consultation.help_oneself",
    "public_consultation.keep",
    "public_consultation.suggest",
    "public_consultation.summarise",
    # Behind a token: looked at in test_questions.py.
    "public_questions.answer",
    "public_questions.ask",
    "public_questions.ask_report",
    "public_questions.report",
    "public_questions.sent",
    "public_questions.show",
    "public_questions.suggest",
    # By a link that somebody made: looked at in test_circles.py.
    "public_invitations.show",
    # About a note, or behind a token: looked at in test_complaints.py.
    "public_complaints.appeal",
    "public_complaints.ask",
    "public_complaints.make",
    "public_complaints.show",
    # Looked at in test_enquiries.py.
    "public_enquiries.ask",
    "public_enquiries.begin_anew",
    "public_enquiries.confirm",
    "public_enquiries.send",
    "public_enquiries.show",
    "public_enquiries.take_back",
    "public_ledger.export",
    # Behind a token: looked at in test_recommendations.py.
    "public_mail_stops.lift",
    "public_mail_stops.show",
    "public_mail_stops.stop",
    "public_notes.show",
    "public_ledger.list_entries",
    "public_ledger.list_keys",
    "public_ledger.prove_consistency",
    "public_ledger.prove_inclusion",
    "public_ledger.show_head",
    "public_ledger.show_latest_head",
    "public_photos.show",
    "public_reports.ask",
    "public_reports.make",
    "public_still_right.confirm",
    "public_still_right.show",
    "public_status.healthz",
    "public_status.readyz",
    "public_practitioners.contact",
    "public_suggestions.index",
    "static",
}


def about(address: str, somebody: str) -> str:
    """The address itself, or what it stands for where `somebody` is the page of a practitioner."""
    return {
        "SOMEBODY": somebody,
        "HISTORY": f"{somebody}/history",
        "RECEIVED": f"{somebody}/report/received",
        "SHORTLIST": f"/practitioners/compare?keep={somebody.split('/')[2]}",
    }.get(address, address)


@pytest.mark.parametrize("name", [*PAGES, *STATES])
def test_axe_finds_nothing(page: Page, somebody: str, name: str) -> None:
    page.goto(about({**PAGES, **STATES}[name], somebody))
    look(page, looks=CLOSELY)


def test_every_public_page_is_looked_at(app: Flask) -> None:
    with app.app_context():
        pages = {rule.endpoint for rule in app.url_map.iter_rules() if access_of(rule.endpoint) is Access.ANYONE}
    assert pages - NOT_PAGES == set(PAGES)
