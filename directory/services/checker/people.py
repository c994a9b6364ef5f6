"""Who is listed here under a name or number: exactly, or nearly."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from directory.db import db
from directory.lib.folding import plain
from directory.lib.word_differences import Piece
from directory.lib.words import N_, Message
from directory.models import PUBLIC_STATES, Claim, Practitioner
from directory.models.claims import number_key
from directory.services import profiles, search
from directory.services.checker import names
from directory.services.checker.answers import Agrees, Near, Person, Question

MOST = 20
MOST_NEAR = 5
MOST_READ = 60


@dataclass(frozen=True)
class Found:
    """People who fit, in the order in which they are shown; how many more there are; and people who may be meant."""

    people: tuple[Person, ...] = ()
    more: int = 0
    near: tuple[Near, ...] = ()


def find(question: Question) -> Found:
    """Everybody who fits everything that was asked; if there is nobody, those who may be meant."""
    read = profiles.people(_ids(question))
    fitting = [(listing, agrees) for listing in read if (agrees := _agrees(question, listing))]
    people = [_person(question, listing, agrees) for listing, agrees in fitting]
    if people:
        # Who states something that was asked about comes first; then by name and place.
        people.sort(key=lambda one: (not one.standings, plain(one.name), [place.town for place in one.places]))
        return Found(tuple(people[:MOST]), more=max(len(people) - MOST, 0))
    return Found(near=tuple(_near(question, read)))


def find_one(question: Question, public_id: str) -> Found:
    """The listing that somebody chose."""
    chosen = profiles.find_public([public_id])
    listings = profiles.people([one.id for one in chosen])
    return Found(tuple(_person(question, one, (Agrees.CHOSEN,)) for one in listings))


def _ids(question: Question) -> list[int]:
    found: dict[int, None] = {}
    if question.number:
        found.update(dict.fromkeys(_ids_of_number(question)))
    if question.name:
        found.update(dict.fromkeys(_ids_of_name(question.name)))
    return list(found)[:MOST_READ]


def _ids_of_number(question: Question) -> Sequence[int]:
    key = number_key(question.number)
    query = select(Practitioner.id).join(Claim).where(Claim.number_key == key, Practitioner.state.in_(PUBLIC_STATES))
    if question.body is not None:
        query = query.where(Claim.body_id == question.body.id)
    return db.session.scalars(query.distinct().order_by(Practitioner.id).limit(MOST_READ)).all() if key else []


def _ids_of_name(name: str) -> list[int]:
    """Those of this very name, and those who have all its words in their names: other names are among these."""
    exact = select(Practitioner.id).where(Practitioner.name_key == plain(name), Practitioner.state.in_(PUBLIC_STATES))
    found = db.session.scalars(exact.order_by(Practitioner.id).limit(MOST_READ)).all() if plain(name) else []
    return list(dict.fromkeys([*found, *search.named(name, MOST_READ)]))


# ---- who fits ----


def _agrees(question: Question, listing: Practitioner) -> tuple[Agrees, ...]:
    """What of the question is the same, or nothing where something is not."""
    found: list[Agrees] = []
    if question.name:
        if names.is_same(question.name, listing.name):
            found.append(Agrees.NAME)
        elif any(names.is_same(question.name, other.name) for other in listing.other_names):
            found.append(Agrees.OTHER_NAME)
        else:
            return ()
    if question.number:
        if not _has_number(question, listing):
            return ()
        found.append(Agrees.NUMBER)
    if question.place:
        if not _is_at(listing, question.place):
            return ()
        found.append(Agrees.PLACE)
    return tuple(found)


def _has_number(question: Question, listing: Practitioner) -> bool:
    key = number_key(question.number)
    return bool(key) and any(
        claim.number_key == key
        and (question.body is None or claim.body_id == question.body.id)
        and claim.stated_on <= question.on
        and (question.known_at is None or claim.recorded_at <= question.known_at)
        for claim in listing.claims
    )


def _is_at(listing: Practitioner, place: str) -> bool:
    """Whether one of their places is called so, or has the postcode that was typed."""
    asked, compact = plain(place), "".join(place.upper().split())
    for one in listing.places:
        area = (one.postcode_area or "").upper()
        # The second half of a postcode is always a digit and two letters; what comes before is the area.
        if area and compact in {area} | ({compact} if len(compact) > 3 and compact[:-3] == area else set()):
            return True
        if asked in {plain(text) for text in (one.town, one.locality, one.region) if text}:
            return True
    return False


def _person(question: Question, listing: Practitioner, agrees: tuple[Agrees, ...]) -> Person:
    standings = profiles.standings(listing, question.on, question.known_at)
    of_body = [one for one in standings if question.body is None or one.claim.body_id == question.body.id]
    return Person(
        public_id=listing.public_id,
        slug=listing.slug,
        name=listing.name,
        places=tuple(listing.places),
        listed_on=listing.listed_on,
        standings=tuple(of_body),
        agrees=agrees,
        states_others=len(of_body) < len(standings),
        list_dates=profiles.list_dates(listing),
    )


# ---- who may be meant ----


def _near(question: Question, read: Sequence[Practitioner]) -> list[Near]:
    """People who fit but for one thing, and people whose names are like the one that was asked; the nearest first."""
    listings = list(read)
    if question.name:
        known = {one.id for one in listings}
        listings += profiles.people([id_ for id_ in names.ids_near(question.name) if id_ not in known][:MOST_READ])
    found = [near for one in listings if (near := _nearly(question, one)) is not None]
    return [near for _, near in sorted(found, key=lambda pair: (pair[0], plain(pair[1].person.name)))][:MOST_NEAR]


def _nearly(question: Question, listing: Practitioner) -> tuple[int, Near] | None:
    """How far off somebody is, and how they differ from what was asked; None for one who cannot be meant."""
    shown = [listing.name, *(other.name for other in listing.other_names if other.is_shown)]
    person = _person(question, listing, ())
    if question.name is None:
        # By number, at another place.
        return 1, _differing(person, N_("The place is another one."))
    asked = question.name
    if any(names.is_same(asked, one) for one in (listing.name, *(other.name for other in listing.other_names))):
        has_number = not question.number or _has_number(question, listing)
        text = N_("The place is another one.") if has_number else N_("This number does not stand in the listing.")
        return 0, _differing(person, text)
    for name in shown:
        difference = names.differ(asked, name)
        if difference is not None:
            far = int(str(difference.values.get("count", 2)))
            if name == listing.name:
                return far, Near(person, names.marked(asked, name), difference)
            return far, Near(person, _plainly(listing.name), difference)
    if question.number and _has_number(question, listing):
        return 9, _differing(person, N_("This number, and another name."))
    return None


def _differing(person: Person, text: str) -> Near:
    return Near(person, _plainly(person.name), Message(text))


def _plainly(name: str) -> tuple[Piece, ...]:
    return (Piece(name, differs=False),)
