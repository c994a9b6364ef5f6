"""Programs that open a link ahead of its reader."""

import pytest

from directory.lib.link_previews import is_preview

PROGRAMS = (
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "WhatsApp/2.23.20.0",
    "TelegramBot (like TwitterBot)",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0) Chrome/103.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh) AppleWebKit/601.2.4 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
    "python-requests/2.32",
)
PEOPLE = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 13; CUBOT) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36",
    "",
)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_is_no_reader(program: str) -> None:
    assert is_preview({"User-Agent": program})


@pytest.mark.parametrize("browser", PEOPLE)
def test_a_browser_is_one(browser: str) -> None:
    assert not is_preview({"User-Agent": browser})


@pytest.mark.parametrize("name", ["Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"])
def test_a_browser_that_fetches_ahead_is_none_yet(name: str) -> None:
    assert is_preview({"User-Agent": PEOPLE[0], name: "prefetch;anonymous-client-ip"})
    assert not is_preview({"User-Agent": PEOPLE[0], name: "navigate"})
