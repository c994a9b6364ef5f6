"""What letters say, kept beside the tests. DIRECTORY_TEST_SNAPSHOTS=1 writes the texts anew: read what changed."""

import os
import re
from pathlib import Path

import pytest
from flask import Flask

from directory.config import ROOT
from directory.jobs import letters
from tests.email.examples import EXAMPLES

KINDS = sorted(path.name for path in (ROOT / "templates" / "email").iterdir() if path.is_dir())
SNAPSHOTS = Path(__file__).with_name("snapshots")


def compare(path: Path, text: str) -> None:
    if os.environ.get("DIRECTORY_TEST_SNAPSHOTS"):
        path.write_text(text)
    assert path.read_text() == text, f"{path.name} is not what is sent; read it, then DIRECTORY_TEST_SNAPSHOTS=1"


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_says_what_its_snapshot_says(bare_app: Flask, kind: str) -> None:
    with bare_app.app_context():
        words = letters.render(kind, EXAMPLES[kind])
    compare(SNAPSHOTS / f"{kind}.txt", f"Subject: {words.subject}\n\n{words.text}")
    compare(SNAPSHOTS / f"{kind}.html", words.html)


def test_a_later_not_found_that_the_public_sees_at_once_says_so(bare_app: Flask) -> None:
    with bare_app.app_context():
        words = letters.render("claim-not-found", {**EXAMPLES["claim-not-found"], "public_on": "2026-11-21"})
    assert "Your listing says so now." in words.text
    assert "Until then" not in words.text + words.html


def test_letters_and_pages_say_whom_to_write_to_where_that_is_known(
    bare_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = bare_app.extensions["settings"].model_copy(update={"contact": "desk@example.org"})
    monkeypatch.setitem(bare_app.jinja_env.globals, "site", settings)
    with bare_app.app_context():
        words = letters.render("sign-in-link", EXAMPLES["sign-in-link"])
    assert "Who runs this site: desk@example.org." in words.text
    assert "Who runs this site: desk@example.org." in words.html
    assert 'href="mailto:desk@example.org"' in bare_app.test_client().get("/accessibility").text


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_asks_nothing_of_other_machines_and_leads_only_here(bare_app: Flask, kind: str) -> None:
    with bare_app.app_context():
        words = letters.render(kind, EXAMPLES[kind])
        here = letters.current_app.extensions["settings"].address
    assert not re.search(r"<(img|script|link|iframe|style|form|input)|\bsrc=|url\(|@import", words.html)
    for link in re.findall(r"https?://[^\s<>\"]+", words.html + words.text):
        assert link.startswith(here), link


@pytest.mark.parametrize("kind", KINDS)
def test_both_forms_of_a_letter_hold_the_same_links(bare_app: Flask, kind: str) -> None:
    with bare_app.app_context():
        words = letters.render(kind, EXAMPLES[kind])
    links = r"https?://[^\s<>\"]+"
    assert set(re.findall(links, words.html)) == set(re.findall(links, words.text))


def test_every_example_is_of_a_letter_and_every_text_is_of_one() -> None:
    assert set(EXAMPLES) == set(KINDS)
    assert {path.stem for path in SNAPSHOTS.iterdir()} == set(KINDS)
