"""What may be asked about a person, and what is answered. Every sentence is a Message: all doors say the same."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from directory.lib.word_differences import Piece
from directory.lib.words import N_, Message
from directory.models import Body, PracticePlace, Standing


@dataclass(frozen=True)
class Question:
    """Who is asked about, by name or number, and the day that is meant. With `known_at`, as known then.

    `who` is the public id of a listing, where somebody chose one of several; or NOBODY, where they chose none.
    """

    on: dt.date
    today: dt.date
    name: str | None = None
    number: str | None = None
    body: Body | None = None
    place: str | None = None
    known_at: dt.datetime | None = None
    who: str | None = None

    @property
    def is_of_today(self) -> bool:
        return self.on == self.today and self.known_at is None


NOBODY = "nobody"


class Kind(StrEnum):
    """What the answer is as a whole."""

    LISTED = "listed"
    SEVERAL = "several"
    ON_LIST = "on-list"
    WAS_LISTED = "was-listed"
    NEAR = "near"
    NOT_ON_LIST = "not-on-list"
    NO_LIST = "no-list"
    WRONG_SHAPE = "wrong-shape"
    SILENT = "no-answer"
    NOBODY = "nobody"


class Agrees(StrEnum):
    """What of the question and of a listing is the same."""

    NAME = "name"
    OTHER_NAME = "other-name"
    NUMBER = "number"
    PLACE = "place"
    CHOSEN = "chosen"

    @property
    def label(self) -> str:
        return {
            Agrees.NAME: N_("The name, exactly."),
            Agrees.OTHER_NAME: N_("Another name of theirs, exactly."),
            Agrees.NUMBER: N_("The number, as they state it."),
            Agrees.PLACE: N_("The place."),
            Agrees.CHOSEN: N_("You chose this person from several."),
        }[self]


@dataclass(frozen=True)
class Person:
    """Somebody who is listed here. `standings` are what was asked about: of one body, if one was named.

    `list_dates` are the dates of the lists on which checks rest, by the number of the check.
    """

    public_id: str
    slug: str
    name: str
    places: tuple[PracticePlace, ...]
    listed_on: dt.date
    standings: tuple[Standing, ...]
    agrees: tuple[Agrees, ...]
    states_others: bool = False
    list_dates: Mapping[int, dt.date] = field(default_factory=dict)

    def who(self, in_a_place: str, online: str) -> Message:
        """A sentence about them that tells them from others of their name."""
        if not self.places:
            return Message(online, {"name": self.name})
        return Message(in_a_place, {"name": self.name, "where": self.places[0]})

    def without(self, question: Question) -> Message:
        """What is said of somebody who has no statement that was asked about."""
        values: dict[str, object] = {"name": self.name, "day": self.listed_on, "on": question.on}
        if self.listed_on > question.on:
            text = N_("%(name)s was *not in this directory on %(on)s.* What we know begins on %(day)s.")
        elif question.body is not None:
            values["body"] = question.body
            text = N_("%(name)s states *no membership of %(body)s* here.")
        else:
            text = N_("%(name)s states *no membership of a professional body.*")
        return Message(text, values)


@dataclass(frozen=True)
class Near:
    """Somebody who may be meant: `pieces` is their name with what differs, `difference` says so in words."""

    person: Person
    pieces: tuple[Piece, ...]
    difference: Message


class Shown(StrEnum):
    """What lists of a body say of a name with a number."""

    LISTED = "listed"
    REMARK = "with-a-remark"
    ENDED = "shown-as-ended"
    UNTIL = "was-listed"
    ABSENT = "not-on-list"
    NO_LIST = "no-list"
    SHAPE = "wrong-shape"
    SILENT = "no-answer"

    @property
    def is_found(self) -> bool:
        return self in {Shown.LISTED, Shown.REMARK, Shown.ENDED, Shown.UNTIL}


KINDS = {
    Shown.LISTED: Kind.ON_LIST,
    Shown.REMARK: Kind.ON_LIST,
    Shown.ENDED: Kind.WAS_LISTED,
    Shown.UNTIL: Kind.WAS_LISTED,
    Shown.ABSENT: Kind.NOT_ON_LIST,
    Shown.NO_LIST: Kind.NO_LIST,
    Shown.SHAPE: Kind.WRONG_SHAPE,
    Shown.SILENT: Kind.SILENT,
}


@dataclass(frozen=True)
class Listed:
    """What lists of one body say. Only what was asked about is in it: no name, no town.

    `list_on` is the list that was read for the day asked about, `first_on` and `last_on` are the first and the last
    one held; `since` is the first list that showed the line so, `until` the one that no longer did.
    """

    shown: Shown
    body: Body
    on: dt.date
    is_past: bool = False
    grade: str | None = None
    valid_to: dt.date | None = None
    list_on: dt.date | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    first_on: dt.date | None = None
    last_on: dt.date | None = None
    agrees: tuple[Message, ...] = ()

    @property
    def sentence(self) -> Message:
        """What is said, with its weight between asterisks."""
        text = _SENTENCES[self.shown]
        if self.shown is Shown.LISTED:
            text = _LISTED[bool(self.grade), bool(self.valid_to)]
        elif self.shown is Shown.ABSENT and self.first_on and self.first_on > self.on:
            text = _BEFORE_ALL_LISTS
        elif self.shown is Shown.ABSENT and self.is_past:
            text = _ABSENT_THEN
        values = {
            "body": self.body,
            "list": self.list_on,
            "grade": self.grade,
            "valid": self.valid_to,
            "until": self.until,
            "first": self.first_on,
            "on": self.on,
        }
        return Message(text, {name: value for name, value in values.items() if f"%({name})s" in text})


# By whether the list shows a grade, and until when.
_LISTED = {
    (True, True): N_(
        "*On the list of %(list)s:* %(body)s shows this name with this number as %(grade)s, valid to %(valid)s."
    ),
    (True, False): N_("*On the list of %(list)s:* %(body)s shows this name with this number as %(grade)s."),
    (False, True): N_("*On the list of %(list)s:* %(body)s shows this name with this number, valid to %(valid)s."),
    (False, False): N_("*On the list of %(list)s:* %(body)s shows this name with this number."),
}
_BEFORE_ALL_LISTS = N_(
    "*On no list that we hold* of %(body)s: the first is of %(first)s, so we cannot say what was so on %(on)s."
)
_ABSENT_THEN = N_(
    "This name with this number is *on no list that we hold* of %(body)s up to %(on)s (the first is of %(first)s). "
    "This does not mean that the person is unqualified."
)
_SENTENCES = {
    Shown.LISTED: "",
    Shown.REMARK: N_(
        "*On the list of %(list)s, with a remark* that we do not repeat. Read it on the register of %(body)s."
    ),
    Shown.ENDED: N_("The list of %(body)s of %(list)s shows *this membership as ended.*"),
    Shown.UNTIL: N_(
        "*Was listed until %(until)s:* from then on the lists of %(body)s do not show this name with this number. "
        "Lists do not say why."
    ),
    Shown.ABSENT: N_(
        "This name with this number is *on no list that we hold* of %(body)s (the first is of %(first)s). "
        "This does not mean that the person is unqualified."
    ),
    Shown.NO_LIST: N_(
        "*We hold no list of %(body)s,* so we cannot say who is on its register. Look there, or ask there."
    ),
    Shown.SHAPE: N_("*This is not shaped like a number of %(body)s.* Look whether it is typed as it is written."),
    Shown.SILENT: N_(
        "*We give no answer about this name with this number,* because we were asked not to. That says nothing about "
        "the register of %(body)s: look there, or ask there."
    ),
}


@dataclass(frozen=True)
class Answer:
    """People who are listed here, or who may be meant; and what lists say of a name with a number.

    `more` is how many people of this name are left out because there are too many.
    """

    question: Question
    people: tuple[Person, ...] = ()
    near: tuple[Near, ...] = ()
    lists: tuple[Listed, ...] = ()
    more: int = 0
    needs_name: bool = False

    @property
    def kind(self) -> Kind:
        if self.people:
            return Kind.LISTED if len(self.people) == 1 else Kind.SEVERAL
        found = [one for one in self.lists if one.shown.is_found]
        if found:
            return KINDS[found[0].shown]
        if self.near:
            return Kind.NEAR
        return KINDS[self.lists[0].shown] if self.lists else Kind.NOBODY

    @property
    def is_found(self) -> bool:
        """Whether somebody was found; near names and silence are none."""
        return bool(self.people) or any(one.shown.is_found for one in self.lists)

    @property
    def headline(self) -> Message:
        """The answer in a few words, for a heading."""
        values: dict[str, object] = {"name": self.question.name or self.question.number or ""}
        if self.people:
            values |= {"name": self.people[0].name, "count": len(self.people) + self.more}
        return Message(_HEADLINES[self.kind], values)

    @property
    def sentences(self) -> Iterable[Message]:
        """Everything that is answered, one sentence after another."""
        for person in self.people:
            if len(self.people) > 1:
                yield person.who(N_("%(name)s, %(where)s:"), N_("%(name)s, online:"))
            yield from (one.sentence for one in person.standings)
            if not person.standings:
                yield person.without(self.question)
        yield from (one.sentence for one in self.lists)
        if not self.people and not any(one.shown.is_found for one in self.lists):
            yield self.nobody
        for near in self.near:
            yield near.person.who(N_("Do you mean %(name)s, %(where)s?"), N_("Do you mean %(name)s, online?"))

    @property
    def nobody(self) -> Message:
        """That nobody was found in the directory, and what that does not mean."""
        if self.needs_name:
            return Message(
                N_(
                    "Nobody here states this number. About people without a listing we answer only when the name is "
                    "given, too."
                )
            )
        if self.question.name and self.question.number:
            return Message(
                N_(
                    "Nobody of this name with this number is listed here. This does not mean that the person is "
                    "unqualified."
                )
            )
        return Message(
            N_(
                "Nobody of exactly this name is listed here. This does not mean that the person is unqualified: about "
                "people without a listing we answer only when the number is given, too."
            )
        )


_HEADLINES = {
    Kind.LISTED: N_("%(name)s is listed here"),
    Kind.SEVERAL: N_("%(count)s people fit what you asked"),
    Kind.ON_LIST: N_("Not listed here, and on a list that we hold"),
    Kind.WAS_LISTED: N_("Not listed here, and once on a list that we hold"),
    Kind.NEAR: N_("Nobody fits exactly"),
    Kind.NOT_ON_LIST: N_("Not listed here, and on no list that we hold"),
    Kind.NO_LIST: N_("Not listed here, and we hold no list"),
    Kind.WRONG_SHAPE: N_("The number has another shape"),
    Kind.SILENT: N_("We give no answer"),
    Kind.NOBODY: N_("Nobody is found"),
}
