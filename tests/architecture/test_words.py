"""Every word goes through gettext: with each of them marked, nothing that is shown is left unmarked."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from babel.messages import Catalog, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask
from flask_babel import get_babel

from directory.config import ROOT
from tests import sites
from tests.conftest import make_settings
from tests.pages import Page

WORDED = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
TEMPLATE = ROOT / "directory" / "translations" / "messages.pot"

# Words of the field that promise more than was checked, and words that promise a cure.
TOO_MUCH = re.compile(r"\b(verified|trusted|approved|certified|guaranteed|treats|heals|cures)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def words() -> Catalog:
    """Every word that is marked in the sources."""
    found = Catalog()
    for folder in ("directory", "templates"):
        for _, _, message, _, context in extract.extract_from_dir(
            ROOT / folder, WORDED, {"**.html": {"silent": "false"}, "**.txt": {"silent": "false"}}
        ):
            found.add(message, context=context)
    return found


def test_the_list_of_words_to_translate_is_in_step(words: Catalog) -> None:
    with TEMPLATE.open("rb") as file:
        listed = {message.id for message in read_po(file) if message.id}
    marked = {message.id for message in words if message.id}
    assert marked == listed, "make messages"


def test_no_sentence_promises_more_than_was_checked(words: Catalog) -> None:
    said = [message.id if isinstance(message.id, str) else message.id[0] for message in words if message.id]
    assert not [sentence for sentence in said if TOO_MUCH.search(sentence)]


@pytest.fixture(scope="module")
def marked_site(words: Catalog, seeded_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The site in a language in which every translated text stands between brackets."""
    folder = tmp_path_factory.mktemp("words")
    catalogue = Catalog(locale="en_GB")
    for message in words:
        if isinstance(message.id, tuple):
            catalogue.add(message.id, tuple(f"⟦{form}⟧" for form in message.id))
        elif message.id:
            # Asterisks give weight to a part of a sentence; what is between them stands in an element of its own.
            catalogue.add(message.id, "*".join(f"⟦{part}⟧" for part in message.id.split("*")))
    path = folder / "en_GB" / "LC_MESSAGES" / "messages.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, catalogue)
    with sites.made(make_settings(folder, f"sqlite:///{seeded_sqlite}")) as site:
        with site.app_context():
            get_babel().translation_directories = [str(folder)]
        yield site


# No words of the pages: the name of the site, and the sites that sources link to.
DATA = re.compile(r"Tsubo|([\w-]+\.)+[a-z]+")
SPOKEN = ("aria-label", "alt", "title", "placeholder")


def unmarked(page: Page) -> list[str]:
    """What is shown, or spoken by a screen reader, outside the brackets."""
    body = page.tree.find(".//body")
    assert body is not None
    left, found = "".join(_texts(body)), 1
    while found:  # a marked text may hold another
        left, found = re.subn(r"⟦[^⟦⟧]*⟧", "\n", left)
    pieces = [piece.strip(" ,.;:()") for piece in left.splitlines()]
    spoken = [
        element.get(name, "") for element in body.iter() for name in SPOKEN if not element.get(name, "").startswith("⟦")
    ]
    return [piece for piece in (*pieces, *spoken) if re.search(r"[^\W\d_]{2}", piece) and not DATA.fullmatch(piece)]


def _texts(element: Element) -> Iterator[str]:
    if element.tag.rpartition("}")[2] in {"script", "style", "svg"}:
        return
    yield element.text or ""
    for child in element:
        yield from _texts(child)
        yield child.tail or ""
    yield "\n"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/nothing", 404),
        ("/?q=%00", 400),
        ("/styleguide", 404),
        ("/accessibility", 200),
        ("/privacy", 200),
        ("/statuses", 200),
        ("/practitioners?within=x&modality=y&page=z", 200),
    ],
)
def test_every_word_of_a_page_is_marked(marked_site: Flask, address: str, status: int) -> None:
    page = Page(marked_site.test_client().get(address, headers={"Accept": "text/html"}))
    assert page.status == status
    assert "⟦" in page.text(".//title")
    assert unmarked(page) == []
