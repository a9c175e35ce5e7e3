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
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bot.catalog.content import Problem, read_content
from bot.catalog.countries import Countries
from bot.catalog.dates import year_of
from bot.catalog.files import fingerprint
from bot.catalog.lexicon import COUNTRIES, HASHTAGS, WORDS
from bot.catalog.matching import country_key, fold, hashtag_key, split_camel
from bot.catalog.moment import Moment
from bot.catalog.parts import pack
from bot.catalog.schema import FORMAT, TOP_WORD, facet, lasting_facets, tables
from bot.catalog.sieve import Sieve
from bot.catalog.titles import TitlesWriter
from bot.catalog.words import COMMON

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
    draft, spool = (catalog.with_name(f".{catalog.name}.{os.getpid()}.{kind}") for kind in ("new", "spool.new"))
    _clear_old_drafts(catalog)
    try:
        with contextlib.closing(sqlite3.connect(draft)) as db:
            db.execute("ATTACH ? AS spool", (str(spool),))
            for schema in ("main", "spool"):
                db.executescript(f"PRAGMA {schema}.journal_mode = OFF; PRAGMA {schema}.synchronous = OFF;")
            db.executescript(tables() + SPOOL)
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
        spool.unlink(missing_ok=True)
    return writer.count


def _clear_old_drafts(catalog: Path) -> None:
    """Remove what builds that were killed have left; a young draft may be that of a build under way."""
    for left in catalog.parent.glob(f".{catalog.name}.*.new"):
        if time.time() - left.stat().st_mtime > DRAFT_IS_OLD:
            left.unlink(missing_ok=True)


# Moments come in the order of their files and are numbered in order of time, so they wait in a file of their own.
SPOOL = """
    CREATE TABLE spool.moment (
        id INTEGER PRIMARY KEY, slug TEXT, title TEXT, top INTEGER, countries TEXT, first INTEGER, last INTEGER,
        year INTEGER, month INTEGER, day INTEGER, date TEXT, title_key TEXT, slug_key TEXT
    );
    CREATE TABLE spool.story (
        id INTEGER PRIMARY KEY, body TEXT, tags TEXT, places TEXT, record TEXT, facets TEXT, words TEXT
    );
    CREATE TABLE spool.tag (key TEXT, name TEXT);
    CREATE TABLE spool.numbered (id INTEGER PRIMARY KEY, was INTEGER);
"""
INDEXING = """
    INSERT INTO numbered (was) SELECT id FROM spool.moment ORDER BY first IS NULL, first, title, id;
    INSERT INTO main.moment SELECT n.id, slug, title, top, countries, first, last, year, month, day, date
        FROM numbered AS n JOIN spool.moment AS m ON m.id = n.was ORDER BY n.id;
    INSERT INTO main.story SELECT n.id, body, tags, places, record
        FROM numbered AS n JOIN spool.story AS s ON s.id = n.was ORDER BY n.id;
    INSERT INTO facet (rowid, terms) SELECT n.id, facets
        FROM numbered AS n JOIN spool.story AS s ON s.id = n.was ORDER BY n.id;
    INSERT INTO moment_words (rowid, words) SELECT n.id, words
        FROM numbered AS n JOIN spool.story AS s ON s.id = n.was ORDER BY n.id;
    INSERT INTO title_tri (rowid, key)
        SELECT n.id, '^' || title_key || '$' || iif(slug_key = title_key, '', '^' || slug_key || '$')
        FROM numbered AS n JOIN spool.moment AS m ON m.id = n.was ORDER BY n.id;
    INSERT INTO choice
        SELECT id, json_array(id, slug, title, json(date), substr(countries, 1, instr(countries || ' ', ' ') - 1))
        FROM main.moment ORDER BY id;
    INSERT INTO hashtag
        SELECT key, name, sum(uses) FROM (SELECT key, name, count(*) AS uses FROM spool.tag GROUP BY key, name)
        GROUP BY key HAVING max(uses);
    INSERT INTO fulltext (fulltext) VALUES ('rebuild');
"""


class _Writer:
    """Rows of moments, in batches, and at the end what is known only when all have been seen."""

    def __init__(self, db: sqlite3.Connection, countries: Countries) -> None:
        self.db = db
        self.countries = countries
        self.count = 0
        self.batch: list[Moment] = []
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
            "INSERT INTO spool.moment VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
            ((n, *_row(moment)) for n, moment in numbered),
        )
        self.db.executemany(
            "INSERT INTO spool.story VALUES (?,?,?,?,?,?,?)", ((n, *self._story(moment)) for n, moment in numbered)
        )
        self.db.executemany(
            "INSERT INTO spool.tag VALUES (?, ?)",
            ((hashtag_key(tag), tag) for moment in self.batch for tag in moment.hashtags),
        )
        self.count += len(self.batch)
        self.batch.clear()

    def _story(self, moment: Moment) -> tuple[str, ...]:
        record = moment.to_record()
        for name in ("slug", "title", "body", "date"):
            del record[name]
        names = [country.name for code in moment.countries if (country := self.countries.get(code))]
        tags = " ".join(split_camel(tag) for tag in moment.hashtags)
        places = " ".join(names)
        self.used.update(moment.countries)
        self.words.update(set(_WORD.findall(f"{moment.title} {tags} {places} {moment.body}".lower())))
        year = str(moment.date.start.year) if moment.date else ""
        words = fold(" ".join((moment.title, moment.slug, places, tags, *moment.hashtags, year)))
        return (
            moment.body,
            tags,
            places,
            json.dumps(record, ensure_ascii=False),
            _facets(moment),
            " ".join(dict.fromkeys([*words.split(), *([TOP_WORD] if moment.top else [])])),
        )

    def finish(self, made_of: str, now: dt.datetime) -> None:
        """Number the moments and index them, with countries, hashtags and words; then make the indexes compact."""
        self._flush()
        db = self.db
        with ThreadPoolExecutor(1) as pool:  # while SQLite works, Python can
            names = pool.submit(self._country_names)
            db.executescript(INDEXING)
        self._pack_titles()
        db.executemany(
            "INSERT INTO country VALUES (?,?,?,?,?,?)",
            (
                (one.code, one.name, one.flag, one.former, " ".join(one.today), self.used[one.code])
                for one in self.countries
            ),
        )
        COUNTRIES.add(db, names.result())
        db.executemany("INSERT INTO country_english VALUES (?,?,?)", self.countries.english())
        HASHTAGS.add(db, db.execute("SELECT key, key, moments FROM hashtag").fetchall())
        # A word seen once among many moments is as likely a slip of the pen as a word to suggest.
        least = 1 if self.count < 1000 else 2
        folded = ((fold(word), word, n) for word, n in sorted(self.words.items()) if n >= least)
        WORDS.add(db, [row for row in folded if " " not in row[0]])  # some letters of other scripts fold to two words
        for table in ("fulltext", "facet", "moment_words", "title_tri", "country_tri", "hashtag_tri", "word_tri"):
            db.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
        for index in ("title_tri", "country_tri", "hashtag_tri", "word_tri", "moment_words"):
            db.execute(f"CREATE VIRTUAL TABLE temp.{index}_terms USING fts5vocab ('main', '{index}', 'row')")
            counts = f"{index.removesuffix('_tri')}_df"
            db.execute(f"INSERT INTO {counts} SELECT term, doc FROM temp.{index}_terms")
        packed = {
            "parts": pack(db, self.count),
            "words": Sieve.of(_texts(db, "SELECT term FROM moment_words_df")).bits,
            "common": json.dumps(dict(db.execute("SELECT term, doc FROM moment_words_df WHERE doc > ?", (COMMON,)))),
            "countries": Sieve.of(_texts(db, "SELECT DISTINCT key FROM country_key")).bits,
        }
        db.executemany("INSERT INTO packed VALUES (?, ?)", packed.items())
        meta = {"format": FORMAT, "fingerprint": made_of, "built_at": now.isoformat(timespec="seconds")}
        db.executemany("INSERT INTO meta VALUES (?, ?)", [*meta.items(), ("moments", str(self.count))])
        db.execute("ANALYZE main")

    def _country_names(self) -> list[tuple[str, str | int, int]]:
        names = ((country_key(name.text), name.code) for name in self.countries.names())
        return [(key, code, self.used[code]) for key, code in names if key]

    def _pack_titles(self) -> None:
        titles = TitlesWriter()
        sql = """
            SELECT title_key, slug_key, top, month, day
            FROM numbered AS n JOIN spool.moment AS m ON m.id = n.was ORDER BY n.id
        """
        for title, slug, top, month, day in self.db.execute(sql):
            titles.add(title, slug, (month, day) if day else None, top=bool(top))
        self.db.executemany("INSERT INTO packed VALUES (?, ?)", titles.rows())


def _texts(db: sqlite3.Connection, sql: str) -> list[str]:
    return [text for (text,) in db.execute(sql)]


def _row(moment: Moment) -> tuple[object, ...]:
    date = moment.date
    day = date.anniversary if date else None
    return (
        moment.slug,
        moment.title,
        moment.top,
        " ".join(moment.countries),
        date.first if date else None,
        date.last if date else None,
        date.start.year if date else None,
        *(day or (None, None)),
        json.dumps(date.to_json(), ensure_ascii=False) if date else None,
        fold(moment.title),
        fold(moment.slug),
    )


def _facets(moment: Moment) -> str:
    terms = [facet("country", code) for code in moment.countries]
    terms += [facet("category", name) for name in moment.categories]
    terms += [facet("hashtag", tag) for tag in moment.hashtags]
    if moment.date:
        if moment.date.first < moment.date.last:
            terms += lasting_facets(year_of(moment.date.first), year_of(moment.date.last))
        if moment.date.anniversary:
            terms.append(facet("day", "{:02}-{:02}".format(*moment.date.anniversary)))
    if moment.top:
        terms.append(facet("top", ""))
    return " ".join(terms)
