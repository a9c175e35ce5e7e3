"""What the writer and the readers of catalog.db agree on: its format, its tables and its filter tokens."""

import hashlib
import re
from importlib.resources import files

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
