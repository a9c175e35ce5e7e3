"""A daily post on Discord: the screen of its moment, sent to its channel, and what Discord's answers mean."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import discord

from bot.catalog.matching import fold
from bot.catalog.moment import Moment
from bot.daily.ledger import Post
from bot.daily.schedule import ChannelKind, Schedule
from bot.daily.wire import RefusedError, ShutOutError, UnreachableError
from bot.locale import Texts
from bot.ui.host import Host
from bot.ui.moment import moment_screen
from bot.ui.screen import Screen, custom_ids, escaped, notice

# discord.py waits on its own for rate limits and failures; after so long a request is given up, fate unknown.
MOST_SECONDS = 50.0
SHUT_OUT_SECONDS = 600.0
# Messages of a channel that are looked through for a post.
MOST_READ = 500
# Discord's codes of things that are done already: published, a thread under it.
DONE_ALREADY = (40033, 160004)
NEEDS_TAG = 40067
LONGEST_NAME, MOST_TAGS = 100, 5


def post_screen(bot: Host, words: Texts, schedule: Schedule, moment: Moment, heading: str) -> Screen:
    """What a post of a schedule looks like, with the mention of its role."""
    screen = moment_screen(bot, words, moment, heading=heading)
    if schedule.role_id is not None:
        parts = list(screen.children)
        screen.clear_items()
        for part in (discord.ui.TextDisplay[Screen](mention(schedule)), *parts):
            screen.add_item(part)
    return screen


def mention(schedule: Schedule) -> str:
    """The role that a schedule pings, as Discord writes it."""
    return "@everyone" if schedule.role_id == schedule.guild_id else f"<@&{schedule.role_id}>"


def allowed_mentions(schedule: Schedule) -> discord.AllowedMentions:
    """Nobody but the role that an admin chose."""
    if schedule.role_id is None:
        return discord.AllowedMentions.none()
    if schedule.role_id == schedule.guild_id:
        return discord.AllowedMentions(everyone=True, users=False, roles=False, replied_user=False)
    roles = [discord.Object(schedule.role_id)]
    return discord.AllowedMentions(everyone=False, users=False, roles=roles, replied_user=False)


class DiscordWire:
    """Sends daily posts through a Discord client (see bot.daily.wire)."""

    def __init__(self, bot: Host, client: discord.Client) -> None:
        self.bot = bot
        self.client = client

    async def send(self, schedule: Schedule, post: Post) -> int:
        words, moment = self._words(schedule), await self._moment(post)
        view = post_screen(self.bot, words, schedule, moment, heading_of(words, post))
        pings = allowed_mentions(schedule)
        async with _understanding():
            if schedule.channel_kind is ChannelKind.FORUM:
                return await self._send_to_forum(schedule, moment, view, pings)
            channel = self.client.get_partial_messageable(schedule.channel_id, guild_id=schedule.guild_id)
            message = await channel.send(view=view, nonce=post.nonce, allowed_mentions=pings)
            return message.id

    async def _send_to_forum(
        self, schedule: Schedule, moment: Moment, view: Screen, pings: discord.AllowedMentions
    ) -> int:
        forum = await self._forum(schedule)
        given: dict[str, Any] = {"name": forum_name(moment), "view": view, "allowed_mentions": pings}
        try:
            made = await forum.create_thread(**given)
        except discord.HTTPException as error:
            if error.code != NEEDS_TAG:
                raise
            tags = self._tags(schedule, forum, moment) or forum.available_tags[:1]
            made = await forum.create_thread(**given, applied_tags=tags)
        return made.thread.id

    async def _forum(self, schedule: Schedule) -> discord.ForumChannel:
        channel = await self.client.fetch_channel(schedule.channel_id)
        if not isinstance(channel, discord.ForumChannel):
            raise RefusedError("not_found")
        return channel

    def _tags(self, schedule: Schedule, forum: discord.ForumChannel, moment: Moment) -> list[discord.ForumTag]:
        """The forum's tags that are named like a category of a moment, in English or the schedule's language."""
        words = self._words(schedule)
        names = {fold(name) for one in moment.categories for name in (one, words.category(one))}
        return [tag for tag in forum.available_tags if fold(tag.name) in names and not tag.moderated][:MOST_TAGS]

    async def find(self, schedule: Schedule, post: Post) -> int | None:
        begun = post.claimed_at - dt.timedelta(minutes=1)
        async with _understanding():
            if schedule.channel_kind is ChannelKind.FORUM:
                return await self._find_in_forum(post, begun)
            channel = await self.client.fetch_channel(post.channel_id)
            if not isinstance(channel, discord.TextChannel):
                raise RefusedError("not_found")
            # Discord shows an empty channel to whoever may not read it: that would prove nothing.
            if not channel.permissions_for(channel.guild.me).read_message_history:
                raise RefusedError("forbidden")
            read = 0
            async for message in channel.history(limit=MOST_READ, after=begun, oldest_first=True):
                read += 1
                if self._is_post(message, post):
                    return message.id
        if read == MOST_READ:
            raise UnreachableError(f"not among {MOST_READ} messages")
        return None

    def _is_post(self, message: discord.Message, post: Post) -> bool:
        mine = self.client.user is not None and message.author.id == self.client.user.id
        return mine and message.interaction_metadata is None and f"k{post.slug}" in custom_ids(message)

    async def _find_in_forum(self, post: Post, begun: dt.datetime) -> int | None:
        forum = await self.client.fetch_channel(post.channel_id)
        if not isinstance(forum, discord.ForumChannel) or self.client.user is None:
            raise RefusedError("not_found")
        name = forum_name(await self._moment(post))
        for thread in await forum.guild.active_threads():
            if thread.parent_id == forum.id and thread.owner_id == self.client.user.id and thread.name == name:
                created = thread.created_at or discord.utils.snowflake_time(thread.id)
                if created >= begun:
                    return thread.id
        return None

    async def do_extra(self, schedule: Schedule, post: Post, kind: str) -> None:
        moment = await self._moment(post)
        message_id = post.message_id or 0
        async with _understanding():
            if kind == "tags":
                forum = await self._forum(schedule)
                if tags := self._tags(schedule, forum, moment):
                    thread = await self.client.fetch_channel(message_id)
                    assert isinstance(thread, discord.Thread)
                    await thread.edit(applied_tags=tags)
                return
            message = discord.PartialMessage(
                channel=self.client.get_partial_messageable(post.channel_id, guild_id=schedule.guild_id), id=message_id
            )
            if kind == "publish":
                await message.publish()
            else:
                await message.create_thread(name=forum_name(moment))

    async def tell(self, schedule: Schedule, reason: str) -> None:
        words = self._words(schedule)
        guild = self.client.get_guild(schedule.guild_id)
        text = words(
            "daily-told-paused",
            name=escaped(schedule.name),
            server=escaped(guild.name if guild else str(schedule.guild_id)),
            channel=f"<#{schedule.channel_id}>",
            reason=words(f"reason-{reason}"),
        )
        async with _understanding():
            try:
                admin = await self.client.fetch_user(schedule.created_by)
                await admin.send(view=notice(text))
            except (discord.Forbidden, discord.NotFound):
                await self._tell_elsewhere(schedule, text)

    async def _tell_elsewhere(self, schedule: Schedule, text: str) -> None:
        """In the channel of another schedule of the server."""
        others = {one.channel_id for one in await self.bot.roster.of_guild(schedule.guild_id) if one.runs}
        for channel_id in sorted(others - {schedule.channel_id}):
            try:
                await self.client.get_partial_messageable(channel_id, guild_id=schedule.guild_id).send(
                    view=notice(text)
                )
            except (discord.Forbidden, discord.NotFound):
                continue
            return
        raise RefusedError("forbidden")

    def _words(self, schedule: Schedule) -> Texts:
        return self.bot.locales.get(schedule.locale)

    async def _moment(self, post: Post) -> Moment:
        moment = await self.bot.catalog.get(post.slug or "")
        if moment is None:
            raise UnreachableError(f"{post.slug} is not in the catalogue")
        return moment


def heading_of(words: Texts, post: Post) -> str:
    """What stands above the moment."""
    return words("moment-of-the-day", date=words.on(post.local_date))


def forum_name(moment: Moment) -> str:
    """The name of a forum post or of a thread."""
    return moment.title if len(moment.title) <= LONGEST_NAME else moment.title[: LONGEST_NAME - 1] + "…"


@asynccontextmanager
async def _understanding() -> AsyncIterator[None]:
    """Raises what an answer of Discord means for a post: RefusedError, UnreachableError or ShutOutError."""
    try:
        async with asyncio.timeout(MOST_SECONDS):
            yield
    except discord.Forbidden as error:
        raise RefusedError("forbidden") from error
    except discord.NotFound as error:
        raise RefusedError("not_found") from error
    except discord.HTTPException as error:
        if error.code in DONE_ALREADY:
            return
        if error.status == 401 or (error.status == 429 and error.response.headers.get("Via") is None):
            raise ShutOutError(str(error), SHUT_OUT_SECONDS) from error
        # 429 and 5xx say nothing about whether the message was taken; anything else is a plain no.
        if error.status == 429 or error.status >= 500:
            raise UnreachableError(str(error)) from error
        raise RefusedError("other") from error
    except (TimeoutError, OSError, aiohttp.ClientError, discord.RateLimited) as error:
        raise UnreachableError(repr(error)) from error
