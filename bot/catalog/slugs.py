"""Slugs: the names of moments in addresses and files."""

import re

from anyascii import anyascii

from bot.catalog.matching import fold, split_camel

LONGEST_SLUG = 80
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def is_slug(text: str) -> bool:
    """Whether a text has the form of a slug."""
    return _SLUG.fullmatch(text) is not None and len(text) <= LONGEST_SLUG


def slug_from_hashtag(hashtag: str) -> str:
    """``MongoliaUSRelations`` as ``mongolia-us-relations``; '' if it has no ASCII spelling."""
    words = fold(split_camel(hashtag.lstrip("#")))
    return _shorten(words.split()) if words.isascii() else ""


def slug_from_title(title: str) -> str:
    """The words of a title, in any script, as a slug; '' if it has none."""
    return _shorten(fold(anyascii(title)).split())


def _shorten(words: list[str]) -> str:
    """As many whole words as a slug may have."""
    while len(words) > 1 and len("-".join(words)) > LONGEST_SLUG:
        words = words[:-1]
    return "-".join(words)[:LONGEST_SLUG]


def default_slug(hashtags: list[str] | tuple[str, ...], country_name: str, title: str) -> str:
    """The slug of the first hashtag, or, if that has none, of the country and the title."""
    first = slug_from_hashtag(hashtags[0]) if hashtags else ""
    return first or slug_from_title(f"{country_name} {title}")
