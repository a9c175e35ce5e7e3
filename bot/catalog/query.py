"""What is asked of the catalogue and what it answers: plain values without behaviour."""

from dataclasses import dataclass, field
from typing import NamedTuple

from bot.catalog.dates import MomentDate
from bot.catalog.moment import Moment


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for; everything given must hold. `since` and `until` are EDTF dates, `day` is MM-DD of any year."""

    text: str = ""
    country: str | None = None
    hashtag: str | None = None
    category: str | None = None
    since: str | None = None
    until: str | None = None
    day: str | None = None


class Choice(NamedTuple):
    """A moment offered while somebody types; score 0 to 100, where 100 is exact."""

    slug: str
    title: str
    date: MomentDate | None
    country: str
    score: float


@dataclass(frozen=True, slots=True)
class NamedChoice:
    """A country (value: its code) or a hashtag offered while somebody types, with its number of moments."""

    value: str
    name: str
    moments: int
    score: float


@dataclass(frozen=True, slots=True)
class Place:
    """A country as the catalogue knows it; `today` are the codes that a former state's territory has now."""

    code: str
    name: str
    flag: str
    former: bool
    today: tuple[str, ...]
    moments: int


class Hit(NamedTuple):
    """A moment that was found, with a passage of its text in which MARK_ON and MARK_OFF enclose found words."""

    moment: Moment
    snippet: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page of results: `total` counts all of them, but if there are `more` than that, nobody counted on.

    If nothing fits what was typed, but a misspelt word could be read otherwise, `meant` is the text that the results
    are for. `suggestions` are texts to try instead, each of which finds something.
    """

    total: int
    items: list[Hit] = field(default_factory=list)
    suggestions: list[str] = field(default_factory=list)
    more: bool = False
    meant: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a name stands for: the moment, or else what it may have meant."""

    moment: Moment | None
    choices: list[Choice]


@dataclass(frozen=True, slots=True)
class FoundName:
    """What a name stands for: the country code or hashtag, or else what it may have meant."""

    value: str | None
    choices: list[NamedChoice]


@dataclass(frozen=True, slots=True)
class Stats:
    """What the catalogue holds."""

    moments: int
    countries: int
    hashtags: int
    built_at: str


# Private-use characters: no text contains them, so marking needs no escaping.
MARK_ON, MARK_OFF = "\ue000", "\ue001"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What choosing a daily post needs to know of a moment; month and day only where they are known."""

    slug: str
    year: int | None
    month: int | None
    day: int | None
    top: bool
