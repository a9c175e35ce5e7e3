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
FORMAT = "1"


def tables() -> str:
    """The SQL that makes an empty catalogue."""
    return files("bot.catalog").joinpath("schema.sql").read_text("utf-8")


def facet(kind: str, value: str) -> str:
    """The token of a filter (country, category, hashtag, day) in the facet index."""
    match kind:
        case "category":
            return f"k{CATEGORIES.index(value)}"
        case "hashtag":  # hashed, because the tokenizer would cut other scripts apart
            return "h" + hashlib.blake2b(hashtag_key(value).encode(), digest_size=8).hexdigest()
        case _:
            return kind[0] + re.sub(r"\W", "", value).lower()


def is_current(catalog: Path, paths: Sequence[Path]) -> bool:
    """Whether a catalogue was made from these very files by this version of the program."""
    try:
        with contextlib.closing(sqlite3.connect(f"{catalog.absolute().as_uri()}?mode=ro", uri=True)) as db:
            meta = dict(db.execute("SELECT key, value FROM meta"))
    except sqlite3.Error:
        return False
    return meta.get("format") == FORMAT and meta.get("fingerprint") == fingerprint(paths)
