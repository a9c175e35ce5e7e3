"""Texts in one language: messages from the .ftl files, and how dates read."""

import datetime as dt
import re
from collections.abc import Generator, Sequence
from importlib.resources import files
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from fluent.runtime import AbstractResourceLoader, FluentLocalization, FluentResource
from fluent.syntax.ast import Resource

from bot.catalog.dates import MomentDate, Point, Precision

FALLBACK = "en"
_FILES = ["moments.ftl", "commands.ftl"]
# Readers of plain English are all over the world: day before month, as most of them write it. Those who
# asked Discord for American English get American dates.
_DATES_OF = {"en": "en_GB"}
_NOT_LETTERS = re.compile(r"[^a-z]+")


class MissingTextError(KeyError):
    """A message is in no .ftl file: a fault of the program."""


class Texts:
    """The texts of one language: `texts("list-total", total=3)`."""

    def __init__(self, locale: str, messages: FluentLocalization) -> None:
        self.locale = locale
        self._messages = messages
        self._babel = Locale.parse(_DATES_OF.get(locale, locale), sep="-" if "-" in locale else "_")

    def __call__(self, key: str, **values: str | int) -> str:
        """The message with its values filled in. Raises MissingTextError."""
        text = self._messages.format_value(key, values)
        if text == key:
            raise MissingTextError(key)
        return text

    def category(self, name: str) -> str:
        return self("category-" + _NOT_LETTERS.sub("-", name.lower()))

    def join(self, parts: Sequence[str]) -> str:
        """`a, b and c`."""
        return format_list(list(parts), locale=self._babel)

    def day(self, month: int, day: int) -> str:
        """A day of any year: `27 January`."""
        return format_skeleton("MMMMd", dt.date(2000, month, day), locale=self._babel)

    def weekday(self, day: int) -> str:
        """A day of the week; 0 is Monday."""
        return str(self._babel.days["stand-alone"]["wide"][day])

    def weekday_and_day(self, date: dt.date) -> str:
        """`Tue 27 January`."""
        return format_skeleton("MMMEd", date, locale=self._babel)

    def on(self, date: dt.date) -> str:
        return format_date(date, format="long", locale=self._babel)

    def date(self, date: MomentDate | None) -> str:
        """A date as precise as it is known: `27 January 1987`, `about 1206`, `15 March 44 BCE`."""
        if date is None:
            return self("date-unknown")
        text = self._bare(date)
        match date.approximate, date.uncertain:
            case True, True:
                return self("date-about-uncertain", date=text)
            case True, False:
                return self("date-about", date=text)
            case False, True:
                return self("date-uncertain", date=text)
        return text

    def _bare(self, date: MomentDate) -> str:
        if date.open_start:
            return self("date-until", end=self._point(date.end or date.start))
        if date.open_end:
            return self("date-since", start=self._point(date.start))
        if date.end is not None:
            return self("date-interval", start=self._point(date.start), end=self._point(date.end))
        if date.precision in (Precision.DECADE, Precision.CENTURY):
            return self(f"date-{date.precision}", year=str(date.start.year))
        return self._point(date.start)

    def _point(self, point: Point) -> str:
        bce = point.year < 1
        year = 1 - point.year if bce else point.year
        if point.month is None:
            text = str(year)
        else:
            # Python's dates have no year 0 and before; the leap day of 45 BCE (year -44) needs a leap year to stand in.
            stand_in = dt.date(2000, point.month, point.day or 1)
            if point.day is None:
                text = format_skeleton("yMMMM", stand_in, locale=self._babel)
            else:
                text = format_date(stand_in, format="long", locale=self._babel)
            text = text.replace("2000", str(year))
        return self("date-bce", date=text) if bce else text


class _Folder(AbstractResourceLoader):
    """Reads the files of a language (Fluent's own loader leaves them open)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def resources(self, locale: str, resource_ids: list[str]) -> Generator[list[Resource], None, None]:
        paths = [self._folder / locale / name for name in resource_ids]
        yield [FluentResource(path.read_text("utf-8")) for path in paths if path.is_file()]


class Locales:
    """All languages there are; opened once and handed down."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or Path(str(files("bot.locale")))
        self.languages = sorted(path.name for path in self._folder.iterdir() if (path / _FILES[0]).is_file())
        self._texts: dict[str, Texts] = {}

    def get(self, locale: str) -> Texts:
        """The texts for a Discord locale (`en-US`, `de`), in English where there is no such language."""
        if locale not in self._texts:
            language = next((name for name in (locale, locale.split("-")[0]) if name in self.languages), FALLBACK)
            messages = FluentLocalization([*dict.fromkeys((language, FALLBACK))], _FILES, _Folder(self._folder))
            self._texts[locale] = Texts(locale if locale.split("-")[0] == language else language, messages)
        return self._texts[locale]
