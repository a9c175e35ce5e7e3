"""Moments become catalog.db: written beside it, checked, and swapped in at once."""

import contextlib
import datetime as dt
import json
import os
import re
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from bot.catalog.content import Problem, read_content
from bot.catalog.countries import Countries
from bot.catalog.files import fingerprint
from bot.catalog.lexicon import COUNTRIES, HASHTAGS, TITLES, WORDS
from bot.catalog.matching import country_key, fold, hashtag_key, split_camel
from bot.catalog.moment import Moment
from bot.catalog.schema import FORMAT, facet, tables

BATCH = 500
DRAFT_IS_OLD = 3600  # seconds
_WORD = re.compile(r"[^\W\d_]{4,}")


class BuildError(Exception):
    """The catalogue was not built and the old one, if any, is untouched; `problems` says what to mend."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problems in the content")
        self.problems = problems


def build(
    paths: Sequence[Path],
    catalog: Path,
    countries: Countries,
    *,
    now: dt.datetime,
    progress: Callable[[Iterable[Moment | Problem]], Iterable[Moment | Problem]] = iter,
) -> int:
    """Write the catalogue of all content below `paths`; returns the number of moments.

    All or nothing: raises BuildError with every problem, ContentError or OSError, and leaves the old file alone.
    """
    made_of = fingerprint(paths)
    catalog.parent.mkdir(parents=True, exist_ok=True)
    draft = catalog.with_name(f".{catalog.name}.{os.getpid()}.new")
    _clear_old_drafts(catalog)
    try:
        with contextlib.closing(sqlite3.connect(draft)) as db:
            db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
            db.executescript(tables())
            writer = _Writer(db, countries)
            problems: list[Problem] = []
            for entry in progress(read_content(paths, countries)):
                if isinstance(entry, Problem):
                    problems.append(entry)
                elif not problems:
                    writer.add(entry)
            if problems:
                raise BuildError(problems)
            writer.finish(made_of, now)
            db.commit()
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(catalog)
    finally:
        draft.unlink(missing_ok=True)
    return writer.count


def _clear_old_drafts(catalog: Path) -> None:
    """Remove what builds that were killed have left; a young draft may be that of a build under way."""
    for left in catalog.parent.glob(f".{catalog.name}.*.new"):
        if time.time() - left.stat().st_mtime > DRAFT_IS_OLD:
            left.unlink(missing_ok=True)


class _Writer:
    """Rows of moments, in batches, and at the end what is known only when all have been seen."""

    def __init__(self, db: sqlite3.Connection, countries: Countries) -> None:
        self.db = db
        self.countries = countries
        self.count = 0
        self.batch: list[Moment] = []
        self.hashtags: dict[str, Counter[str]] = {}
        self.used: Counter[str] = Counter()
        self.words: Counter[str] = Counter()

    def add(self, moment: Moment) -> None:
        self.batch.append(moment)
        if len(self.batch) == BATCH:
            self._flush()

    def _flush(self) -> None:
        first = self.count + 1
        numbered = list(enumerate(self.batch, first))
        self.db.executemany(
            "INSERT INTO moment VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (self._row(n, moment) for n, moment in numbered),
        )
        self.db.executemany(
            "INSERT INTO facet (rowid, terms) VALUES (?, ?)", ((n, _facets(moment)) for n, moment in numbered)
        )
        self.db.executemany(
            "INSERT INTO moment_words (rowid, words) VALUES (?, ?)",
            ((n, self._words(moment)) for n, moment in numbered),
        )
        TITLES.add(self.db, [name for n, moment in numbered for name in _titles(n, moment)])
        for moment in self.batch:
            self.used.update(moment.countries)
            for tag in moment.hashtags:
                self.hashtags.setdefault(hashtag_key(tag), Counter())[tag] += 1
            self.words.update(set(_WORD.findall(f"{moment.title} {moment.body}".lower())))
        self.count += len(self.batch)
        self.batch.clear()

    def _row(self, number: int, moment: Moment) -> tuple[object, ...]:
        record = moment.to_record()
        date = moment.date
        day = date.anniversary if date else None
        for name in ("slug", "title", "body", "date"):
            del record[name]
        return (
            number,
            moment.slug,
            moment.title,
            moment.body,
            " ".join(split_camel(tag) for tag in moment.hashtags),
            " ".join(self._names(moment)),
            moment.top,
            moment.countries[0],
            date.first if date else None,
            date.last if date else None,
            date.start.year if date else None,
            *(day or (None, None)),
            json.dumps(date.to_json(), ensure_ascii=False) if date else None,
            json.dumps(record, ensure_ascii=False),
        )

    def _names(self, moment: Moment) -> list[str]:
        return [country.name for code in moment.countries if (country := self.countries.get(code))]

    def _words(self, moment: Moment) -> str:
        parts = [
            moment.title,
            moment.slug,
            *self._names(moment),
            *map(split_camel, moment.hashtags),
            *moment.hashtags,
        ]
        if moment.date:
            parts.append(str(moment.date.start.year))
        return " ".join(dict.fromkeys(fold(" ".join(parts)).split()))

    def finish(self, made_of: str, now: dt.datetime) -> None:
        """Countries, hashtags, words and the full-text index; then the indexes are made compact."""
        self._flush()
        db = self.db
        db.executemany(
            "INSERT INTO country VALUES (?,?,?,?,?,?)",
            (
                (one.code, one.name, one.flag, one.former, " ".join(one.today), self.used[one.code])
                for one in self.countries
            ),
        )
        COUNTRIES.add(
            db,
            [(key, n.code, self.used[n.code]) for n in self.countries.names() if (key := country_key(n.text))],
        )
        names = [(key, names.most_common(1)[0][0], names.total()) for key, names in sorted(self.hashtags.items())]
        db.executemany("INSERT INTO hashtag VALUES (?,?,?)", names)
        HASHTAGS.add(db, [(key, key, count) for key, _, count in names])
        # A word seen once among many moments is as likely a slip of the pen as a word to suggest.
        least = 1 if self.count < 1000 else 2
        WORDS.add(db, [(fold(word), word, n) for word, n in sorted(self.words.items()) if n >= least])
        db.execute("INSERT INTO fulltext (fulltext) VALUES ('rebuild')")
        for table in ("fulltext", "facet", "moment_words", "title_tri", "country_tri", "hashtag_tri", "word_tri"):
            db.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
        meta = {"format": FORMAT, "fingerprint": made_of, "built_at": now.isoformat(timespec="seconds")}
        db.executemany("INSERT INTO meta VALUES (?, ?)", [*meta.items(), ("moments", str(self.count))])
        db.execute("ANALYZE")


def _titles(number: int, moment: Moment) -> list[tuple[str, int, int]]:
    keys = dict.fromkeys((fold(moment.title), fold(moment.slug)))
    return [(key, number, int(moment.top)) for key in keys if key]


def _facets(moment: Moment) -> str:
    terms = [facet("country", code) for code in moment.countries]
    terms += [facet("category", name) for name in moment.categories]
    terms += [facet("hashtag", tag) for tag in moment.hashtags]
    if moment.date and moment.date.anniversary:
        terms.append(facet("day", "{:02}-{:02}".format(*moment.date.anniversary)))
    if moment.top:
        terms.append("t")
    return " ".join(terms)
