"""Programs that open a link before anybody has read the page: previews in messengers, search engines, scanners."""

import re
from collections.abc import Mapping

# What they say of themselves. A Cubot is a telephone.
_SIGNS = re.compile(
    r"(?<!cu)bot\b|bot/|crawl|spider|slurp|preview|externalhit|externalagent|embedly|iframely|facebot"
    r"|whatsapp|telegram|discord|slack|skype|viber|line-poker|snapchat|pinterest|mastodon|pleroma|synapse|flipboard"
    r"|read-aloud|imageproxy|safebrowsing|barracuda|proofpoint|mimecast|urldefense|scanner|monitor"
    r"|curl/|wget/|python-|go-http-client|okhttp|java/",
    re.IGNORECASE,
)
_AHEAD = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
_AHEAD_OF_TIME = re.compile(r"prefetch|prerender|preview", re.IGNORECASE)


def is_preview(headers: Mapping[str, str]) -> bool:
    """Whether a request with these headers was made by a known program, or by a browser ahead of its reader."""
    return bool(
        _SIGNS.search(headers.get("User-Agent", ""))
        or any(_AHEAD_OF_TIME.search(headers.get(name, "")) for name in _AHEAD)
    )
