"""Which modalities the words of a register name."""

import re
from collections.abc import Mapping

from directory.lib.folding import plain
from directory.models import Modality

_BREAKS = re.compile(r"[,;/|•·+&]+|\s+(?:and|und|et|e|y|en)\s+", re.IGNORECASE)


class Disciplines:
    """The names of all modalities, to look up the same words again and again."""

    def __init__(self, modalities: Mapping[str, Modality]) -> None:
        self._ids: dict[str, str] = {}
        for modality in modalities.values():
            self._ids.setdefault(plain(modality.name), modality.id)
        for modality in modalities.values():
            for term in modality.terms:
                self._ids.setdefault(plain(term), modality.id)
        self._read: dict[str, tuple[list[str], str | None]] = {}

    def read(self, text: str) -> tuple[list[str], str | None]:
        """The modalities that a cell names by their very words, and the other words as they are, None if none."""
        if text not in self._read:
            self._read[text] = self._parse(text)
        return self._read[text]

    def _parse(self, text: str) -> tuple[list[str], str | None]:
        if not text:
            return [], None
        whole = self._ids.get(plain(text))
        if whole is not None:
            return [whole], None
        found: dict[str, None] = {}
        others = []
        for piece in filter(None, map(str.strip, _BREAKS.split(text))):
            known = self._ids.get(plain(piece))
            if known is None:
                others.append(piece)
            else:
                found[known] = None
        return list(found), "; ".join(others) or None
