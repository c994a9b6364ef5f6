"""What can be decided about a listing, by which key, and texts to start a reason from."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from directory.lib.words import N_
from directory.models import PUBLIC_STATES, ListingState
from directory.services.moderation import Case


class Decision(StrEnum):
    APPROVE = "approve"
    ASK = "ask"
    REFUSE = "refuse"
    SUSPEND = "suspend"
    LIFT = "lift"

    @property
    def label(self) -> str:
        return {
            Decision.APPROVE: N_("Publish it as it is"),
            Decision.ASK: N_("Ask the practitioner for changes"),
            Decision.REFUSE: N_("Refuse it"),
            Decision.SUSPEND: N_("Suspend the listing: nobody finds it until you lift this"),
            Decision.LIFT: N_("Lift the suspension: it is found again"),
        }[self]

    @property
    def key(self) -> str:
        """The key that chooses it."""
        return {
            Decision.APPROVE: "A",
            Decision.ASK: "C",
            Decision.REFUSE: "R",
            Decision.SUSPEND: "S",
            Decision.LIFT: "L",
        }[self]

    @property
    def done(self) -> str:
        """What to say once it is done, with the name of the listing."""
        return {
            Decision.APPROVE: N_("%(name)s is published."),
            Decision.ASK: N_("%(name)s was asked for changes."),
            Decision.REFUSE: N_("%(name)s was refused, and told why."),
            Decision.SUSPEND: N_("%(name)s is suspended, and was told why."),
            Decision.LIFT: N_("%(name)s is not suspended any more."),
        }[self]


WITH_REASON = frozenset({Decision.ASK, Decision.REFUSE, Decision.SUSPEND})


@dataclass(frozen=True)
class Ready:
    """A text to start a reason from."""

    title: str
    text: str


READY: Mapping[Decision, Mapping[str, Ready]] = {
    Decision.ASK: {
        "cure": Ready(
            N_("Words that promise a cure"),
            N_(
                "Your text can be read as a promise that an illness goes away or gets better. Advertising rules ask "
                "for evidence of that. Please say what you do and whom you often work with instead."
            ),
        ),
        "standing": Ready(
            N_("“Registered” or “accredited” in the text"),
            N_(
                "Please name memberships in the step “Memberships” rather than in your own text, where readers cannot "
                "see who says so and what was checked."
            ),
        ),
        "photo": Ready(
            N_("The photograph"),
            N_("Please send a photograph of yourself alone, or take it out. A listing needs none."),
        ),
        "name": Ready(
            N_("The name"),
            N_("Please give the name under which you practise. A motto or a title belongs in your text."),
        ),
        "place": Ready(
            N_("The place"),
            N_("We could not find the place that you gave. Please look at the town and the postcode again."),
        ),
    },
    Decision.REFUSE: {
        "rules": Ready(
            N_("Not what is listed here"),
            N_(
                "The directory lists people who give shiatsu or holistic treatments themselves. What you describe is "
                "something else, so we cannot list it. If we misread it, please say it in other words and send it "
                "again."
            ),
        ),
        "twice": Ready(
            N_("Listed already"),
            N_("There is a listing of yours already, and there is one for each person. Please keep that one."),
        ),
        "other": Ready(
            N_("Somebody else’s name or number"),
            N_(
                "The name or membership number that you gave is that of somebody else who is listed here. If it is "
                "yours, please send the listing again: we look at the body’s register once more."
            ),
        ),
    },
    Decision.SUSPEND: {
        "not-theirs": Ready(
            N_("Somebody says it is not theirs"),
            N_(
                "Somebody told us that this listing is about them and that they did not put it here. It stays hidden "
                "while we find out. We write again."
            ),
        ),
        "conduct": Ready(
            N_("A report that we must look into"),
            N_("We were told something that we must look into. Your listing stays hidden while we do. We write again."),
        ),
        "claim": Ready(
            N_("A membership that is not theirs"),
            N_(
                "Your listing names a membership that the body’s register does not show as yours. It stays hidden "
                "until you have put this right."
            ),
        ),
    },
}


def offered(case: Case) -> list[Decision]:
    """What can be decided of this listing now."""
    found = [Decision.APPROVE, Decision.ASK, Decision.REFUSE] if case.waits else []
    if case.listing.state is ListingState.SUSPENDED:
        found = [*found, Decision.LIFT]
    elif case.listing.state in (*PUBLIC_STATES, ListingState.HIDDEN):
        found = [*found, Decision.SUSPEND]
    return found


def ready_text(name: str) -> Ready | None:
    """The text of this name, such as `ask-cure`."""
    decision, _, key = name.partition("-")
    return READY.get(Decision(decision), {}).get(key) if decision in set(Decision) else None
