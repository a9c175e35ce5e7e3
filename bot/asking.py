"""The commands that ask the catalogue: show, search, complete, today, random, simulate."""

import argparse
import datetime as dt
import json
import random
import sys
import zoneinfo
from collections.abc import Callable, Coroutine
from typing import Any

from bot.catalog import Catalog, Query
from bot.catalog.checks import CATEGORIES, find_category
from bot.catalog.dates import parse_day, parse_typed
from bot.catalog.moment import Moment
from bot.catalog.query import MARK_OFF, MARK_ON
from bot.config import Config
from bot.daily.filters import Filters
from bot.daily.schedule import TimeTextError, WeekdaysError, parse_time, parse_weekdays
from bot.daily.simulation import simulate as posts
from bot.exits import DONE, PROBLEMS, CommandError
from bot.locale import Locales, Texts

Arguments = argparse.Namespace
LAST_YEAR = 9000  # Python counts to 9999, and some thousand days may follow
Question = Callable[[Arguments, Catalog, Texts], Coroutine[Any, Any, int]]


async def answer(ask: Question, arguments: Arguments, config: Config) -> int:
    """Ask the catalogue of these settings; the exit code."""
    async with Catalog.open(config.catalog) as catalog:
        return await ask(arguments, catalog, Locales().get("en"))


async def show(arguments: Arguments, catalog: Catalog, words: Texts) -> int:
    """One moment."""
    moment = await catalog.get(arguments.slug)
    if moment is None:
        near = ", ".join(choice.slug for choice in await catalog.complete(arguments.slug, limit=3))
        hint = f" Did you mean {near}?" if near else ""
        print(f"moments: there is no moment {arguments.slug!r}.{hint}", file=sys.stderr)
        return PROBLEMS
    related = await catalog.related(moment.slug) if arguments.related else []
    if arguments.json and arguments.related:
        print(_json(moment.to_record() | {"related": [{"slug": one.slug, "title": one.title} for one in related]}))
        return DONE
    _print_moment(moment, words, as_json=arguments.json, whole=True)
    if related:
        print(f"\n{words('moment-related')}:")
    for one in related:
        _print_moment(one, words)
    return DONE


async def search(arguments: Arguments, catalog: Catalog, words: Texts) -> int:
    """Moments with these words and filters."""
    query = await _query(arguments, catalog)
    page = await catalog.search(query, page=arguments.page)
    hits = [(hit.moment, hit.snippet.replace(MARK_ON, "**").replace(MARK_OFF, "**")) for hit in page.items]
    if arguments.json:
        items = [
            {"slug": one.slug, "title": one.title, "date": one.date.text if one.date else None, "snippet": snippet}
            for one, snippet in hits
        ]
        facts = {"total": page.total, "more": page.more, "page": arguments.page, "items": items}
        print(_json(facts | {"meant": page.meant, "suggestions": page.suggestions}))
        return DONE
    print(words("list-total-more" if page.more else "list-total", total=page.total))
    if page.meant:
        print(words("list-meant", typed=query.text, meant=page.meant))
    for one, snippet in hits:
        _print_moment(one, words)
        print(f"    {snippet}")
    for text in page.suggestions:
        print(f"Did you mean: {text}")
    return DONE


async def complete(arguments: Arguments, catalog: Catalog, words: Texts) -> int:  # noqa: ARG001 all that ask are alike
    """What the box offers while typing."""
    texts = (line.rstrip("\n") for line in sys.stdin) if arguments.text == ["-"] else [" ".join(arguments.text)]
    for text in texts:
        choices = await _complete(arguments.kind, text, catalog)
        if arguments.json:
            print(_json({"query": text, "choices": choices}), flush=True)
        else:
            for choice in choices:
                print(f"{choice['score']:5.1f}  {choice['value']}  {choice['name']}")
    return DONE


async def _complete(kind: str, text: str, catalog: Catalog) -> list[dict[str, Any]]:
    if kind == "moment":
        return [{"name": c.title, "value": c.slug, "score": c.score} for c in await catalog.complete(text)]
    named = catalog.complete_country if kind == "country" else catalog.complete_hashtag
    return [{"name": c.name, "value": c.value, "score": c.score} for c in await named(text)]


async def today(arguments: Arguments, catalog: Catalog, words: Texts) -> int:
    """Moments of a day of the year."""
    month, day = parse_day(arguments.day, today=dt.datetime.now(dt.UTC).date())
    moments = await catalog.on_this_day(month, day)
    if not moments and not arguments.json:
        print(words("nothing-day", day=words.day(month, day)))
    for moment in moments:
        _print_moment(moment, words, as_json=arguments.json)
    return DONE


async def surprise(arguments: Arguments, catalog: Catalog, words: Texts) -> int:
    """Any moment."""
    moment = await catalog.random(await _query(arguments, catalog), rng=random.Random())  # noqa: S311 chance, not secrecy
    if moment is None:
        print("moments: no moment fits; try fewer filters.", file=sys.stderr)
        return PROBLEMS
    _print_moment(moment, words, as_json=arguments.json, whole=True)
    return DONE


async def simulate(arguments: Arguments, catalog: Catalog, words: Texts) -> int:
    """What a daily post would show."""
    zone = _zone(arguments.zone)
    try:
        at, weekdays = parse_time(arguments.at), parse_weekdays(arguments.weekdays)
    except TimeTextError:
        raise CommandError(f"{arguments.at!r} is no time of day. Write it like 9, 9:00, 9pm or 21.30.") from None
    except WeekdaysError:
        raise CommandError(f"{arguments.weekdays!r} are no weekdays. Write them like mon-fri or 'sat, sun'.") from None
    start = _day(arguments.start) if arguments.start else dt.datetime.now(zoneinfo.ZoneInfo(zone)).date()
    candidates = await (await _filters(arguments, catalog)).candidates(catalog)
    for one in posts(candidates, at=at, zone=zone, start=start, days=arguments.days, weekdays=weekdays):
        if arguments.json:
            facts = {"local_date": one.local_date.isoformat(), "instant": f"{one.instant:%Y-%m-%dT%H:%M:%SZ}"}
            print(_json(facts | {"slug": one.slug}))
            continue
        local = one.instant.astimezone(zoneinfo.ZoneInfo(zone))
        moment = await catalog.get(one.slug) if one.slug else None
        title = f"{moment.slug}  {moment.title}" if moment else words("daily-nothing-fits")
        print(f"{one.local_date} {local:%a %H:%M %Z}  {one.instant:%Y-%m-%dT%H:%M:%SZ}  {title}")
    return DONE


def _zone(text: str) -> str:
    names = {name.lower(): name for name in zoneinfo.available_timezones()}
    found = names.get(text.strip().lower().replace(" ", "_"))
    if found is None:
        near = [name for name in sorted(names.values()) if text.strip().lower() in name.lower()]
        hint = f"Did you mean {', '.join(near[:3])}?" if near and text.strip() else "Write one like Europe/London."
        raise CommandError(f"There is no time zone {text!r}. {hint}")
    return found


def _day(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not 2 <= day.year <= LAST_YEAR:
        raise CommandError(f"{text!r} is no date to begin with. Write it like 2026-03-01.")
    return day


async def _filters(arguments: Arguments, catalog: Catalog) -> Filters:
    """Filters of typed arguments; country, category and hashtag may be lists with commas. Raises CommandError."""
    found: dict[str, list[str]] = {}
    for name in ("country", "category", "hashtag"):
        for part in filter(None, (part.strip() for part in (getattr(arguments, name) or "").split(","))):
            one = argparse.Namespace(**{"country": None, "category": None, "hashtag": None} | {name: part})
            found.setdefault(name, []).append(getattr(await _query(one, catalog), name))
    query = await _query(argparse.Namespace(**vars(arguments) | dict.fromkeys(found)), catalog)
    return Filters(
        tuple(found.get("country", ())),
        tuple(found.get("category", ())),
        tuple(found.get("hashtag", ())),
        top=arguments.top,
        since=query.since,
        until=query.until,
    )


async def _query(arguments: Arguments, catalog: Catalog) -> Query:
    """The query of typed arguments. Raises CommandError or DateError."""
    on = dt.datetime.now(dt.UTC).date()
    dates = [
        parse_typed(text, today=on).text if (text := getattr(arguments, name, None)) else None
        for name in ("since", "until")
    ]
    category = find_category(arguments.category) if arguments.category else None
    if arguments.category and category is None:
        raise CommandError(f"There is no category {arguments.category!r}. Choose one of: {', '.join(CATEGORIES)}.")
    country = (await catalog.find_country(arguments.country)).value if arguments.country else None
    if arguments.country and country is None:
        raise CommandError(
            f"There is no country {arguments.country!r}. Write a name in any language or a code such as MN."
        )
    hashtag = (await catalog.find_hashtag(arguments.hashtag)).value if arguments.hashtag else None
    if arguments.hashtag and hashtag is None:
        raise CommandError(f"No moment has the hashtag {arguments.hashtag!r}. Search for it as a word instead.")
    text = " ".join(getattr(arguments, "text", ()))
    return Query(text, country, hashtag, category, dates[0], dates[1])


def _print_moment(moment: Moment, words: Texts, *, as_json: bool = False, whole: bool = False) -> None:
    if as_json:
        print(_json(moment.to_record()))
        return
    print(f"{moment.slug}  {moment.title}  ({words.date(moment.date)})")
    if whole:
        facts = [*moment.countries, *map(words.category, moment.categories), *(f"#{tag}" for tag in moment.hashtags)]
        print("\n".join(["", moment.body, "", "  ".join(facts), *(source.url for source in moment.sources)]))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
