"""A daily post: the screen of its moment, sent to its channel, and what Discord's answers mean."""

from collections.abc import Callable, Sequence
from typing import Any

import aiohttp
import discord

from bot.catalog import Query
from bot.catalog.query import Candidate
from bot.daily.delivery import RefusedError, UnreachableError
from bot.daily.ledger import Post
from bot.daily.schedule import Schedule
from bot.ui.host import Host
from bot.ui.moment import moment_screen


def query_of(schedule: Schedule) -> Query:
    """The filters of a schedule."""
    return Query(country=schedule.country, category=schedule.category, hashtag=schedule.hashtag)


async def candidates(bot: Host, schedule: Schedule) -> Sequence[Candidate]:
    """The moments that fit a schedule's filters."""
    return await bot.catalog.candidates(query_of(schedule))


async def send_post(bot: Host, channel: Callable[..., Any], schedule: Schedule, post: Post) -> int:
    """Send a post; returns the message's id. Raises RefusedError or UnreachableError."""
    moment = await bot.catalog.get(post.slug or "")
    if moment is None:
        raise UnreachableError(f"{post.slug} is not in the catalogue")
    words = bot.locales.get(schedule.locale)
    heading = words("moment-of-the-day", date=words.on(post.local_date))
    target = channel(schedule.channel_id, guild_id=schedule.guild_id)
    try:
        message = await target.send(view=moment_screen(bot, words, moment, heading=heading), nonce=post.nonce)
    except discord.Forbidden as error:
        raise RefusedError("forbidden") from error
    except discord.NotFound as error:
        raise RefusedError("not_found") from error
    except discord.HTTPException as error:
        # 429 and 5xx say nothing about whether the message was taken; anything else is a plain no.
        if error.status == 429 or error.status >= 500:
            raise UnreachableError(str(error)) from error
        raise RefusedError("other") from error
    except (TimeoutError, OSError, aiohttp.ClientError, discord.RateLimited) as error:
        raise UnreachableError(repr(error)) from error
    return int(message.id)
