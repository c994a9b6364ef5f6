"""What can be decided about a claim, by which key, what each needs, and what it would let the public read."""

from enum import StrEnum

from directory.lib.words import N_
from directory.models import Outcome
from directory.web.forms import claims as forms


class Decision(StrEnum):
    CONFIRM = forms.CONFIRM
    NOT_FOUND = forms.NOT_FOUND
    ENDED = forms.ENDED
    RESTRICT = forms.RESTRICT
    INCONCLUSIVE = forms.INCONCLUSIVE
    ASK = forms.ASK

    @property
    def label(self) -> str:
        return {
            Decision.CONFIRM: N_("On the register, and it is this person"),
            Decision.NOT_FOUND: N_("Looked, not found"),
            Decision.ENDED: N_("The register shows that it ended"),
            Decision.RESTRICT: N_("The body publishes a notice about this person"),
            Decision.INCONCLUSIVE: N_("Looked, and it could not be told"),
            Decision.ASK: N_("Ask the practitioner first"),
        }[self]

    @property
    def key(self) -> str:
        """The key that chooses it."""
        return {
            Decision.CONFIRM: "C",
            Decision.NOT_FOUND: "N",
            Decision.ENDED: "E",
            Decision.RESTRICT: "R",
            Decision.INCONCLUSIVE: "I",
            Decision.ASK: "Q",
        }[self]

    @property
    def needs(self) -> str:
        """Ids of the fields without which it cannot be decided."""
        return {
            Decision.CONFIRM: "tie",
            Decision.NOT_FOUND: "",
            Decision.ENDED: "ended_on",
            Decision.RESTRICT: "notice_url",
            Decision.INCONCLUSIVE: "note",
            Decision.ASK: "question",
        }[self]

    @property
    def done(self) -> str:
        """What to say once it is done."""
        return {
            Decision.CONFIRM: N_("%(name)s, %(body)s: confirmed."),
            Decision.NOT_FOUND: N_("%(name)s, %(body)s: not found. The practitioner is told now."),
            Decision.ENDED: N_("%(name)s, %(body)s: ended."),
            Decision.RESTRICT: N_("%(name)s, %(body)s: a second person is asked."),
            Decision.INCONCLUSIVE: N_("%(name)s, %(body)s: it could not be told. Nothing changes for the public."),
            Decision.ASK: N_("%(name)s, %(body)s: the practitioner was asked."),
        }[self]


# What each outcome is called at the desk.
OUTCOMES = {
    Outcome.CONFIRMED: N_("Confirmed"),
    Outcome.NOT_FOUND: N_("Not found"),
    Outcome.ENDED: N_("Ended"),
    Outcome.RESTRICTED: N_("A notice of the body"),
    Outcome.INCONCLUSIVE: N_("Could not be told"),
}
