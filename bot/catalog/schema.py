"""What the writer and the readers of catalog.db agree on: its format, its tables and its filter tokens."""

import contextlib
import hashlib
import re
import sqlite3
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from bot.catalog.files import fingerprint
from bot.catalog.matching import hashtag_key
from bot.catalog.moment import CATEGORIES

# Raise it whenever schema.sql or what is written into it changes: an older file is then built again.
FORMAT = "10"


def tables() -> str:
    """The SQL that makes an empty catalogue."""
    return files("bot.catalog").joinpath("schema.sql").read_text("utf-8")


# Among the words of a Top Moment, so that they can be asked for; no typed word is it, for no letter of it is left
# by matching.fold.
TOP_WORD = "\u2605"


def facet(kind: str, value: str) -> str:
    """The token of a filter (country, category, hashtag, day, top) in the facet index."""
    match kind:
        case "category":
            return f"k{CATEGORIES.index(value)}"
        case "hashtag":  # hashed, because a tokenizer may cut other scripts apart
            return "h" + hashlib.blake2b(hashtag_key(value).encode(), digest_size=8).hexdigest()
        case "top":
            return "t"
        case _:
            return kind[0] + re.sub(r"\W", "", value).lower()


# Years are counted from 10,000 BCE, so that none is negative, and beyond these nobody filters by the year.
FIRST_YEAR, LAST_YEAR, _OFFSET = -3000, 2199, 10_000


def lasting(year: int) -> str:
    """The token of the moments that last longer than a day and touch a year."""
    return f"y{_bounded(year) + _OFFSET}"


def lasting_facets(first: int, last: int) -> list[str]:
    """The tokens of a moment that lasts longer than a day, from one year to another."""
    return [lasting(year) for year in range(_bounded(first), _bounded(last) + 1)]


def _bounded(year: int) -> int:
    return min(max(year, FIRST_YEAR), LAST_YEAR)


def is_current(catalog: Path, paths: Sequence[Path]) -> bool:
    """Whether a catalogue was made from these very files by this version of the program."""
    try:
        with contextlib.closing(sqlite3.connect(f"{catalog.absolute().as_uri()}?mode=ro", uri=True)) as db:
            meta = dict(db.execute("SELECT key, value FROM meta"))
    except sqlite3.Error:
        return False
    return meta.get("format") == FORMAT and meta.get("fingerprint") == fingerprint(paths)
