"""What `moments check --strict` asks beyond a valid record: of texts, titles, hashtags, sources and dates."""

import calendar
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bot.catalog.content import Located, Problem
from bot.catalog.dates import DateError, Precision, parse_written
from bot.catalog.matching import alike_pairs, fold, hashtag_key
from bot.catalog.moment import Moment

# Two titles of which more than this share (0 to 100) is the same say the same; those of one country sooner.
SAME_TITLE, SAME_TITLE_AND_COUNTRY = 97.0, 88.0
# So many words in a row that two texts share are a sentence that was written once and copied.
COPIED_WORDS = 11
# Texts are compared as a whole if they share so many runs of five words.
RUN, SHARED_RUNS, SAME_TEXT = 5, 6, 70.0
_SENTENCE = re.compile(r"(?<=[.!?])[\"'”’)]*\s+(?=[A-ZÀ-Þ\"'“‘(])")
_DAY_PAGE = re.compile(r"^https://en\.wikipedia\.org/wiki/([A-Z][a-z]+)_([0-9]{1,2})$")
_FULL_DATE = re.compile(r"\b([0-9]{1,2} [A-Z][a-z]+ [0-9]{3,4})\b")
_OTHER_CALENDAR = re.compile(r"Julian|Old Style|Gregorian|calendar", re.IGNORECASE)


class StyleError(Exception):
    """The file of words that are refused cannot be used; one sentence."""


@dataclass(frozen=True, slots=True)
class Style:
    """What data/style.toml says."""

    fewest_words: int
    most_words: int
    longest_sentences: float
    filler: re.Pattern[str]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Raises StyleError."""
        try:
            data = tomllib.loads(path.read_text("utf-8"))
            words = "|".join(re.escape(word) for word in sorted(data["filler"], key=len, reverse=True))
            filler = re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
            return cls(int(data["fewest_words"]), int(data["most_words"]), float(data["longest_sentences"]), filler)
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise StyleError(f"{path} cannot be read: {error}.") from error
        except (KeyError, TypeError, ValueError) as error:
            raise StyleError(f"{path} lacks or misspells an entry: {error}.") from error


def strict_problems(found: Sequence[Located], style: Style) -> list[Problem]:
    """Every problem, in the order of the files."""
    problems = [problem for one in found for problem in _alone(one, style)]
    problems += [*_same_day(found), *_same_titles(found), *_same_texts(found), *_hashtags(found)]
    return sorted(problems, key=lambda problem: (str(problem.path), problem.line))


def _alone(one: Located, style: Style) -> Iterator[Problem]:
    """What can be said of a moment without knowing the others."""
    moment = one.moment
    words = len(moment.body.split())
    if not style.fewest_words <= words <= style.most_words:
        most = f"between {style.fewest_words} and {style.most_words}"
        yield _problem(one, "text", f"has {words} words; write {most}")
    for field, text in (("title", moment.title), ("text", moment.body)):
        for phrase in dict.fromkeys(match[0].lower() for match in style.filler.finditer(text)):
            yield _problem(one, field, f"{phrase!r} fills space; say what happened instead")
    sentences = [part for line in moment.body.split("\n") for part in _SENTENCE.split(line) if part.strip()]
    if sentences and words / len(sentences) > style.longest_sentences:
        average = round(words / len(sentences))
        yield _problem(one, "text", f"has {average} words in a sentence on average; cut some in two")
    if not 3 <= len(moment.hashtags) <= 7:
        yield _problem(one, "hashtags", f"there are {len(moment.hashtags)}; give 3 to 7")
    if not moment.sources:
        yield _problem(one, "sources", "there is none; name the page that says what, who, where and when")
    yield from _dates(one)


def _dates(one: Located) -> Iterator[Problem]:
    """The days that sources and text name must be the moment's own."""
    date = one.moment.date
    if date is None or date.anniversary is None or date.precision is not Precision.DAY:
        return
    days = {date.anniversary} | ({(date.end.month or 0, date.end.day or 0)} if date.end else set())
    for source in one.moment.sources:
        page = _DAY_PAGE.match(source.url)
        if page and (named := _read(f"{page[2]} {page[1]} 2000")) and named[1:] not in days:
            yield _problem(one, "sources", f"{source.url} is the page of another day than {date.text}")
    body = one.moment.body
    named_in_text = [day for match in _FULL_DATE.finditer(body) if (day := _read(match[1]))]
    this_year = [day for day in named_in_text if day[0] == date.start.year]
    own = any(re.search(rf"\b{day} {calendar.month_name[month]}\b", body) for month, day in days if month)
    if this_year and not own and not _OTHER_CALENDAR.search(body):
        yield _problem(one, "text", f"names days of {date.start.year}, but not {date.text}, the moment's own")


def _read(text: str) -> tuple[int, int, int] | None:
    try:
        point = parse_written(text).start
    except DateError:
        return None
    return (point.year, point.month, point.day) if point.month and point.day else None


def _same_day(found: Sequence[Located]) -> Iterator[Problem]:
    seen: dict[tuple[str, str], Located] = {}
    for one in found:
        date = one.moment.date
        if date is not None and date.precision is Precision.DAY and date.anniversary:
            first = seen.setdefault((one.moment.countries[0], date.text), one)
            if first is not one:
                yield _problem(one, "date", f"{first.moment.slug!r} is about the same country and day; keep one")


def _same_titles(found: Sequence[Located]) -> Iterator[Problem]:
    titles = [fold(one.moment.title) for one in found]
    for a, b, score in alike_pairs(titles, cutoff=SAME_TITLE_AND_COUNTRY):
        same_country = found[a].moment.countries[0] == found[b].moment.countries[0]
        if score >= SAME_TITLE or same_country:
            yield _problem(found[b], "title", f"is nearly that of {found[a].moment.slug!r}; say what differs")


def _same_texts(found: Sequence[Located]) -> Iterator[Problem]:
    """Sentences that stand in two moments, and texts that are nearly the same."""
    words = [fold(one.moment.body).split() for one in found]
    for length, least in ((COPIED_WORDS, 1), (RUN, SHARED_RUNS)):
        for (a, b), runs in _shared(words, length).items():
            if len(runs) < least:
                continue
            if length == COPIED_WORDS:
                yield _problem(found[b], "text", f"shares '{runs[0]} …' with {found[a].moment.slug!r}; write it anew")
            elif next(alike_pairs([" ".join(words[a]), " ".join(words[b])], cutoff=SAME_TEXT), None):
                yield _problem(found[b], "text", f"is nearly that of {found[a].moment.slug!r}; write it anew")


def _shared(words: Sequence[list[str]], length: int) -> dict[tuple[int, int], list[str]]:
    """The runs of so many words that two texts share, by the positions of the two."""
    first: dict[tuple[str, ...], int] = {}
    shared: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
    for place, text in enumerate(words):
        for start in range(len(text) - length + 1):
            run = tuple(text[start : start + length])
            other = first.setdefault(run, place)
            if other != place:
                shared[other, place].append(" ".join(run))
    return shared


def _hashtags(found: Sequence[Located]) -> Iterator[Problem]:
    """One spelling of each; what only one moment has helps nobody to find others."""
    used = Counter(tag for one in found for tag in one.moment.hashtags)
    spellings: defaultdict[str, list[str]] = defaultdict(list)
    for tag in used:
        spellings[hashtag_key(tag).removesuffix("s")].append(tag)
    for one in found:
        for tag in one.moment.hashtags:
            common = max(spellings[hashtag_key(tag).removesuffix("s")], key=lambda other: (used[other], other))
            if common != tag:
                yield _problem(one, "hashtags", f"{tag} differs little from {common}; use one of them everywhere")
            elif used[tag] == 1 and tag != own_name(one.moment):
                yield _problem(one, "hashtags", f"only this moment has {tag}; take one that others share")


def own_name(moment: Moment) -> str:
    """The hashtag that names the moment itself."""
    return moment.hashtags[0] if moment.hashtags else ""


def _problem(one: Located, field: str, text: str) -> Problem:
    return Problem(one.path, one.line, field, text)
