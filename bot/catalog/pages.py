"""The text of a moment page, as people copy it from a web site, becomes the fields of a moment."""

import re
from pathlib import Path

from bot.catalog.checks import find_category
from bot.catalog.content import Fields
from bot.catalog.countries import Countries
from bot.catalog.dates import DateError, Precision, parse_written
from bot.catalog.matching import hashtag_key

_TOP = re.compile(r"top moment(?: feature)?(?: icon)?", re.IGNORECASE)
_FURNITURE = re.compile(r"(?:\S+ ){1,5}(?:logo|icon)", re.IGNORECASE)
_EDITOR = re.compile(r"updated by\s*:\s*(.*)", re.IGNORECASE)
_PUBLISHED = re.compile(r"published(?: on)?\s*:\s*(.*)", re.IGNORECASE)
_MINUTES = re.compile(r"([0-9]{1,4}) ?min(?:ute)?s?\.? read", re.IGNORECASE)
_COUNTRY = re.compile(r"explore the (?:life )?moments of\s+([^|]+?)\s*(?:\|.*)?", re.IGNORECASE)
_TIME = re.compile(r"(?:t|,? +(?:at )?)[0-9]{1,2}:[0-9]{2}.*", re.IGNORECASE)
_WEEKDAY = re.compile(r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? +", re.IGNORECASE)
_TAGS_LABEL = re.compile(r"(?:hash)?tags\s*:?", re.IGNORECASE)
NO_PAGE = "is no moment page; it needs a title, the text, and lines such as 'Updated By:' and '5 min read'"


def parse_page(path: Path, text: str, countries: Countries) -> Fields:
    """The fields of a moment page, with the line of each; no `slug`, and `countries` if it names its country.

    Lines may come in any order, but the title stands above the text; only title and text must be there.
    Of `Published: 01/05/2024` the month is first, as the pages write it.
    """
    page = _Page(path, countries)
    for number, line in enumerate(text.split("\n"), 1):
        page.read(number, line.strip())
    page.finish()
    return page.found


class _Page:
    """The fields found so far, and the lines that were none: the title and the text."""

    def __init__(self, path: Path, countries: Countries) -> None:
        self.found = Fields(path)
        self.countries = countries
        self.rest: list[tuple[int, str]] = []

    def read(self, number: int, line: str) -> None:
        """Sort in one line; non-breaking spaces count as spaces, but stay in the text."""
        words = " ".join(line.split())
        if _TOP.fullmatch(words):
            self._put("top", True, number)  # noqa: FBT003 - the field's value
        elif _FURNITURE.fullmatch(words):
            pass
        elif match := _EDITOR.fullmatch(words):
            self._put("editor", match[1] or None, number)
        elif match := _PUBLISHED.fullmatch(words):
            self._published(match[1], number)
        elif match := _MINUTES.fullmatch(words):
            self._put("reading_minutes", match[1], number)
        elif match := _COUNTRY.fullmatch(words):
            self._country(match[1], number)
        elif not self._categories(words, number):
            self.rest.append((number, line))

    def _put(self, name: str, value: object, number: int) -> None:
        self.found.record[name] = value
        self.found.lines[name] = number

    def _published(self, text: str, number: int) -> None:
        self._put("published", None, number)
        if not text:
            return
        try:
            day = parse_written(_WEEKDAY.sub("", _TIME.sub("", text), count=1), month_first=True)
        except DateError as error:
            self.found.problem("published", str(error))
            return
        if day.precision != Precision.DAY or day.end or day.open_end:
            self.found.problem("published", f"{text!r} is not one day; write it as 2024-01-31, or nothing")
            return
        self._put("published", day.text.rstrip("~?%"), number)

    def _country(self, name: str, number: int) -> None:
        country = self.countries.find(name) or self.countries.find(re.sub(r"(?i)\Athe ", "", name))
        self.found.lines["countries"] = number
        if country:
            self.found.record["countries"] = [country.code]
        else:
            near = self.countries.suggest(name)
            hint = f"did you mean {near}? Give it with --country" if near else "give its code with --country"
            self.found.problem("countries", f"{name!r} is no country that is known here; {hint}")

    def _categories(self, words: str, number: int) -> bool:
        """Whether this is the line ``| Political | Global Trade |``, which may have the date before."""
        parts = [part.strip() for part in words.split("|") if part.strip()]
        names = [find_category(part) for part in parts]
        if "|" not in words or "categories" in self.found.record or (parts and not any(names)):
            return False
        if parts and names[0] is None:
            try:
                self._put("date", parse_written(parts[0], month_first=True).text, number)
                parts, names = parts[1:], names[1:]
            except DateError:
                pass  # then it is a category that the record's check explains
        if parts:
            known = [name or part for name, part in zip(names, parts, strict=True)]
            self._put("categories", list(dict.fromkeys(known)), number)
        return True

    def finish(self) -> None:
        """Make title, text and hashtags of the other lines."""
        marks = set(self.found.record)
        while self.rest and not self.rest[0][1]:
            del self.rest[0]
        body, tags = split_hashtags("\n".join(line for _, line in self.rest[1:]))
        if not marks or not body:
            self.found.readable = False
            self.found.problem("page", NO_PAGE)
            return
        if "countries" not in self.found.lines:
            self.found.problem("countries", "is not named on the page; give it with --country")
        number, title = self.rest[0]
        self._put("title", " ".join(title.split()), number)
        self._put("body", body, next(number for number, line in self.rest[1:] if line))
        self._put("hashtags", tags, max(number for number, line in self.rest if line))


def split_hashtags(text: str) -> tuple[str, list[str]]:
    """A text without the hashtags at its end, and these, each once, without ``#``."""
    same_length = text.replace("＃", "#")
    tags: list[str] = []
    end = len(text)
    while (start := same_length.rfind("#", 0, end)) >= 0:
        word = text[start + 1 : end].strip().rstrip(".,;|")
        if not word or len(word.split()) > 1:
            break
        tags.insert(0, word)
        end = start
    body = text[:end].strip()
    label = body.rpartition("\n")[2]
    if tags and _TAGS_LABEL.fullmatch(label):
        body = body.removesuffix(label).rstrip()
    seen = {hashtag_key(tag): tag for tag in reversed(tags)}
    return body, [tag for tag in tags if seen.get(hashtag_key(tag)) is tag]
