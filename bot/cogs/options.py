"""What people type into the options of commands: what is offered while they type, and what it stands for."""

import asyncio
import functools
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from discord import app_commands

from bot.catalog import Query
from bot.catalog.dates import DateError, parse_typed
from bot.catalog.moment import CATEGORIES
from bot.catalog.query import FoundName, NamedChoice
from bot.locale import Texts
from bot.ui.host import Host, Interaction, host, texts
from bot.ui.listing import name_choices
from bot.ui.screen import Refusal, escaped

log = logging.getLogger(__name__)

Choices = list[app_commands.Choice[str]]
Suggest = Callable[[Interaction, str], Coroutine[Any, Any, list[tuple[str, str]]]]  # (name, value) for what is typed
Complete = Callable[[Interaction, str], Coroutine[Any, Any, Choices]]
MOST_CHOICES, LONGEST_CHOICE = 25, 100  # Discord's limits, which discord.py does not check

# Spelt out on each command: discord.py merges these with the tree's defaults.
_contexts = app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
_installs = app_commands.allowed_installs(guilds=True, users=True)

CATEGORY_CHOICES = [app_commands.Choice(name=name, value=name) for name in CATEGORIES]


def everywhere(command: Any) -> Any:  # Any: discord.py's own type for what may be decorated
    """For a command that works in servers, in direct messages and as a user-installed app."""
    return _contexts(_installs(command))


def offering(suggest: Suggest) -> Complete:
    """An autocomplete from a function that gives (name, value): within Discord's limits, and never an error.

    What is still looked up for an earlier keystroke of the same person is given up: nobody waits for it.
    """

    @functools.wraps(suggest)
    async def complete(interaction: Interaction, current: str) -> Choices:
        typing, person = host(interaction).typing, interaction.user.id
        if person in typing:
            typing[person].cancel()
        look_up = typing[person] = asyncio.create_task(suggest(interaction, current))
        try:
            found = await look_up
        except asyncio.CancelledError:
            if not look_up.cancelled():  # it is the answering that was cancelled
                raise
            return []
        except Exception:  # the box just stays empty; what went wrong is for the log
            log.exception("Autocomplete of %s failed", suggest.__name__)
            return []
        finally:
            if typing.get(person) is look_up:
                del typing[person]
        short = [(name[:LONGEST_CHOICE], value) for name, value in found if len(value) <= LONGEST_CHOICE]
        return [app_commands.Choice(name=name, value=value) for name, value in short[:MOST_CHOICES]]

    return complete


@offering
async def moments(interaction: Interaction, current: str) -> list[tuple[str, str]]:
    """Moments by title, name or words."""
    bot, words = host(interaction), texts(interaction)
    offered = []
    for choice in await bot.catalog.complete(current, today=bot.now().date()):
        place = bot.catalog.place(choice.country)
        text = words("choice-moment", title=choice.title, date=words.date(choice.date))
        if len(text) > LONGEST_CHOICE:
            text = choice.title
        offered.append((f"{place.flag} {text}".strip() if place else text, choice.slug))
    return offered


async def suggest_countries(interaction: Interaction, current: str) -> list[tuple[str, str]]:
    """Countries by any name."""
    return _counted(texts(interaction), await host(interaction).catalog.complete_country(current))


async def suggest_hashtags(interaction: Interaction, current: str) -> list[tuple[str, str]]:
    """Hashtags however they are typed."""
    found = await host(interaction).catalog.complete_hashtag(current)
    return _counted(texts(interaction), [NamedChoice(c.value, f"#{c.name}", c.moments, c.score) for c in found])


def _counted(words: Texts, choices: list[NamedChoice]) -> list[tuple[str, str]]:
    return [(words("choice-count", name=choice.name, moments=choice.moments), choice.value) for choice in choices]


countries, hashtags = offering(suggest_countries), offering(suggest_hashtags)


def listed(suggest: Suggest) -> Complete:
    """An autocomplete for a list with commas: what is typed behind the last one is completed."""

    @functools.wraps(suggest)
    async def suggest_last(interaction: Interaction, current: str) -> list[tuple[str, str]]:
        before, comma, last = current.rpartition(",")
        found = await suggest(interaction, last.strip())
        kept = "".join(f"{part.strip()}, " for part in before.split(",") if part.strip()) if comma else ""
        return [(kept + name, kept + value) for name, value in found]

    return offering(suggest_last)


async def read_query(
    bot: Host,
    words: Texts,
    *,
    text: str = "",
    country: str | None = None,
    category: str | None = None,
    hashtag: str | None = None,
    since: str | None = None,
    until: str | None = None,
) -> Query:
    """The query that typed options stand for. Raises Refusal about the first that stands for nothing."""
    return Query(
        text=" ".join(text.split()),
        country=await read_country(bot, words, country) if country else None,
        category=read_category(words, category) if category else None,
        hashtag=await read_hashtag(bot, words, hashtag) if hashtag else None,
        since=_read_date(bot, words, since) if since else None,
        until=_read_date(bot, words, until) if until else None,
    )


async def read_country(bot: Host, words: Texts, name: str) -> str:
    """The code of the country that is meant. Raises Refusal."""
    found = await bot.catalog.find_country(name)
    return found.value or _refuse(words, "country", name, found)


async def read_hashtag(bot: Host, words: Texts, name: str) -> str:
    """The hashtag that is meant. Raises Refusal."""
    found = await bot.catalog.find_hashtag(name)
    return found.value or _refuse(words, "hashtag", name, found)


def _refuse(words: Texts, kind: str, name: str, found: FoundName) -> str:
    if not found.choices:
        raise Refusal(words(f"unknown-{kind}", name=escaped(name)))
    raise Refusal(name_choices(words(f"unknown-{kind}-choices", name=escaped(name)), kind, found.choices))


def read_category(words: Texts, name: str) -> str:
    """The category of that name. Raises Refusal."""
    if name not in CATEGORIES:
        raise Refusal(words("unknown-category", name=escaped(name)))
    return name


def _read_date(bot: Host, words: Texts, text: str) -> str:
    try:
        return parse_typed(text, today=bot.now().date()).text
    except DateError:
        raise Refusal(words("unknown-date", text=escaped(text))) from None
