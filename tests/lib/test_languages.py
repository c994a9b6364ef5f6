"""Whether languages and countries are found by the names that people use."""

import pytest

from directory.lib import languages


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("English", "en"),
        ("fluent French", "fr"),
        ("Français", "fr"),
        ("Deutsch (C1)", "de"),
        ("BSL", "bfi"),
        ("cy", "cy"),
        ("Mandarin", "zh"),
        ("Polish (basic)", "pl"),
        ("日本語", "ja"),
        ("Gaeilge", "ga"),
        ("Klingonese", None),
        ("", None),
    ],
)
def test_a_language_is_found_by_name_or_code(text: str, code: str | None) -> None:
    assert languages.language(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("UK", "GB"),
        ("U.K.", "GB"),
        ("England", "GB"),
        ("Éire", "IE"),
        ("Deutschland", "DE"),
        ("de", "DE"),
        ("Allemagne", "DE"),
        ("U.S.A.", "US"),
        ("Narnia", None),
    ],
)
def test_a_country_is_found_by_name_or_code(text: str, code: str | None) -> None:
    assert languages.country(text) == code
