"""What a circle adds to public pages, for whoever asks alone; for everybody else they are as if there were none."""

from collections.abc import Iterable, Sequence
from functools import cached_property

from flask_babel import gettext
from markupsafe import Markup

from directory.http import fragments, sign_ins
from directory.http.words import ngettext, number
from directory.models import Modality, Recommendation
from directory.services import circles, modalities, search
from directory.services.search import Criteria, Hit

TEMPLATE = "components/facet.html"


class Circle:
    """The circle of whoever asks. `ids`: the practitioners recommended in it; None for a stranger, who has none."""

    def __init__(self, account_id: int | None) -> None:
        self._account_id = account_id

    @cached_property
    def _recommended(self) -> circles.Recommended | None:
        return None if self._account_id is None else circles.recommended(self._account_id)

    @cached_property
    def ids(self) -> frozenset[int] | None:
        return None if self._recommended is None else frozenset(self._recommended)

    def said(self, hits: Sequence[Hit]) -> dict[int, str]:
        """Who recommends practitioners that were found, in words, by row number."""
        found = self._recommended or {}
        ids = (hit.practitioner_id for hit in hits if hit.practitioner_id in found)
        return {id_: _by(name for name, _ in found[id_]) for id_ in ids}

    def filter(self, criteria: Criteria, total: int) -> Markup:
        """The filter with its count; nothing for whom it would never find anybody. `total` is how many were found."""
        if self.ids is None or not (self.ids or criteria.among is not None):
            return Markup()
        count = total if criteria.among is not None else search.count(criteria.changed(among=self.ids))
        value = fragments.macro(TEMPLATE, "value")(
            search.CIRCLE,
            search.YES,
            gettext("Recommended in it"),
            number(count),
            count == 0,
            criteria.among is not None,
        )
        return fragments.macro(TEMPLATE, "facet")(search.CIRCLE_LEGEND, value, "", 0)

    def notes(self, practitioner_id: int) -> list[tuple[str, Recommendation, Modality | None]]:
        """What is said of one practitioner: the names of the writers, their notes, and of which kind of treatment."""
        if self._account_id is None:
            return []
        found = circles.recommended(self._account_id, [practitioner_id]).get(practitioner_id, [])
        kinds = modalities.by_id() if found else {}
        return [(name, note, kinds.get(note.modality_id or "")) for name, note in found]


def of_asker() -> Circle:
    """The circle of whoever asks for this page."""
    account = sign_ins.searcher()
    return Circle(account.id if account is not None else None)


def _by(writers: Iterable[str]) -> str:
    first, *others = writers
    if not others:
        return str(gettext("Recommended by %(name)s, in your circle", name=first))
    if len(others) == 1:
        return str(gettext("Recommended by %(first)s and %(second)s, in your circle", first=first, second=others[0]))
    words = ngettext(
        "Recommended by %(first)s and %(num)s other, in your circle",
        "Recommended by %(first)s and %(num)s others, in your circle",
        len(others),
    )
    return str(words % {"first": first, "num": len(others)})
