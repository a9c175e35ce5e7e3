"""What the fields of a moment may hold; each check gives the value or raises ValueError with a sentence."""

import datetime
import re
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit

from bot.catalog.matching import fold, hashtag_key
from bot.catalog.slugs import LONGEST_SLUG, is_slug, slug_from_title

CATEGORIES: tuple[str, ...] = (
    "Political",
    "Global Trade",
    "War & Conflict",
    "Science & Technology",
    "Culture & Arts",
    "Society",
    "Exploration",
    "Sport",
    "Disaster",
    "Environment",
    "Religion",
    "Economy",
)
BODY_LENGTH = (80, 20_000)
_COUNTRY = re.compile(r"[A-Z]{2}|[A-Z]{4}|X-[A-Z]{2,16}")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_LINE_END = re.compile(r"[\n\u2028\u2029]")
_NOT_IN_HASHTAG = re.compile(r"[\s#,;|]")
_NOT_IN_URL = re.compile(r"[\s<>\"`\\]")
_TRUE, _FALSE = ("yes", "true", "on", "1"), ("no", "false", "off", "0", "")


def check_text(value: object) -> str:
    """Text of any length, its line ends as LF, without blank edges and control characters."""
    if not isinstance(value, str):
        raise ValueError(f"must be one text, not {kind_of(value)}")  # noqa: TRY004 - pydantic collects ValueErrors
    text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if hidden := _NOT_TEXT.search(text):
        raise ValueError(f"holds the control character U+{ord(hidden[0]):04X}; delete it")
    return text


def kind_of(value: object) -> str:
    """What a value is, in words for a problem."""
    if value is None:
        return "nothing"
    if isinstance(value, list | tuple):
        return "a list"
    return "fields of its own" if isinstance(value, dict) else f"{value!r:.40}"


def _check_line(value: object, longest: int) -> str:
    text = check_text(value)
    if not text:
        raise ValueError("is empty; write a text or leave the field out")
    if _LINE_END.search(text):
        raise ValueError("has a line break; write it on one line")
    if len(text) > longest:
        raise ValueError(f"has {len(text)} characters; shorten it to {longest} at most")
    return text


def check_line(value: object) -> str:
    """Text of one line, up to 200 characters."""
    return _check_line(value, 200)


def check_alt(value: object) -> str:
    """An image in words: one line, up to 1,024 characters."""
    return _check_line(value, 1024)  # Discord's limit for the description of an image


def check_url(value: object) -> str:
    """An address of the web, up to 512 characters."""
    url = _check_line(value, 512)
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and not _NOT_IN_URL.search(url)
    except ValueError:
        good = False
    if not good:
        raise ValueError(f"{url!r:.60} is no web address; write one that starts with https://")
    return url


def check_slug(value: object) -> str:
    """A slug, as `is_slug` has it."""
    slug = _check_line(value, LONGEST_SLUG)
    if not is_slug(slug):
        hint = slug_from_title(slug)
        raise ValueError(f"{slug!r} is no slug; write {hint or 'mongolia-us-relations'!r}: a-z, 0-9 and single hyphens")
    return slug


def check_body(value: object) -> str:
    """The text of a moment, 80 to 20,000 characters."""
    body = check_text(value)
    least, most = BODY_LENGTH
    if not least <= len(body) <= most:
        raise ValueError(f"has {len(body):,} characters; write {least} to {most:,}")
    return body


def check_list(value: object) -> list[Any]:  # Any: each item is checked by its own function
    """A list; nothing is an empty one."""
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise ValueError(f"must be a list, such as [{kind_of(value) if not isinstance(value, str) else value}]")  # noqa: TRY004 - as above
    return list(value)


def _unique(items: list[str], keys: list[str]) -> list[str]:
    twice = [item for place, item in enumerate(items) if keys[place] in keys[:place]]
    if twice:
        raise ValueError(f"{twice[0]!r} stands there twice; delete one")
    return items


def check_countries(value: object) -> list[str]:
    """At least one code that looks like a country's; whether there is such a country is not known here."""
    codes = [check_line(item) for item in check_list(value)]
    for code in codes:
        if not _COUNTRY.fullmatch(code):
            raise ValueError(f"{code!r} is no country code; write one such as MN, SUHH or X-PRUSSIA")
    if not codes:
        raise ValueError("is empty; write at least one country code, such as [MN]")
    return _unique(codes, codes)


def check_categories(value: object) -> list[str]:
    """At least one of CATEGORIES."""
    names = [check_line(item) for item in check_list(value)]
    for name in names:
        if name not in CATEGORIES:
            near = find_category(name) or next(iter(get_close_matches(name, CATEGORIES, 1)), None)
            hint = f"did you mean {near!r}?" if near else f"write one of {', '.join(CATEGORIES)}"
            raise ValueError(f"{name!r} is no category; {hint}")
    if not names:
        raise ValueError(f"is empty; write at least one of {', '.join(CATEGORIES)}")
    return _unique(names, names)


def check_hashtags(value: object) -> list[str]:
    """Hashtags without ``#``, up to 50 characters each, unique without regard to case."""
    tags = [check_line(item) for item in check_list(value)]
    for tag in tags:
        if _NOT_IN_HASHTAG.search(tag) or not hashtag_key(tag):
            raise ValueError(f"{tag!r} is no hashtag; write words in one, such as ColdWarEra, without '#'")
        if len(tag) > 50:
            raise ValueError(f"{tag!r} has {len(tag)} characters; shorten it to 50 at most")
    return _unique(tags, [hashtag_key(tag) for tag in tags])


def check_yes(value: object) -> bool:
    """True or false, also in words."""
    word = str(value).strip().lower() if isinstance(value, str | bool | int) else None
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise ValueError(f"is {kind_of(value)}; write true or false")


def check_editor(value: object) -> str | None:
    """A name of one line, or None."""
    return None if value is None or value == "" else check_line(value)


def check_published(value: object) -> datetime.date | None:
    """A day in ISO form, or None."""
    if isinstance(value, datetime.date):
        return value
    if value is None or value == "":
        return None
    try:
        return datetime.date.fromisoformat(check_text(value))
    except ValueError:
        raise ValueError(f"{kind_of(value)} is no day; write it as 2024-01-31") from None


def find_category(text: str) -> str | None:
    """The category of that name, without regard to case and to 'and' or '&'."""
    wanted = fold(text.replace("&amp;", "&")).replace(" and ", " ")
    return next((name for name in CATEGORIES if fold(name) == wanted), None)
