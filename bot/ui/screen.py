"""What every screen and every answer has in common: one answer, in time, to the right people."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterator
from types import TracebackType
from typing import Any, Self

import discord

from bot.catalog.reader import TooSlowError
from bot.ui.host import Interaction, texts

log = logging.getLogger(__name__)

# Discord waits 3 s for the first answer; with a second left it is told that the answer is being made.
SECONDS_TO_DEFER = 1.8
COLOUR = discord.Colour(0xC9A227)
GONE = 10062  # Discord's code for an interaction that is too old to answer


class Screen(discord.ui.LayoutView):
    """A message made of components. Buttons are DynamicItems only, so nothing of it is kept in memory."""

    def __init__(self, *items: discord.ui.Item[Any]) -> None:
        super().__init__(timeout=None)
        for item in items:
            self.add_item(item)


class Refusal(Exception):  # noqa: N818 not a fault: an answer that ends the work
    """Work that ends with a sentence for the one who asked, shown to nobody else, or with another screen."""

    def __init__(self, answer: "str | Screen") -> None:
        super().__init__(answer if isinstance(answer, str) else "")
        self.private = isinstance(answer, str)
        self.screen = answer if isinstance(answer, Screen) else notice(answer)


def notice(text: str, *rows: discord.ui.Item[Any]) -> Screen:
    """A screen of a few sentences, with rows of buttons below."""
    return Screen(discord.ui.Container(discord.ui.TextDisplay(text), *rows, accent_colour=COLOUR))


def escaped(text: str) -> str:
    """What somebody typed, as plain text in a message: no formatting, no mention, no masked link."""
    plain = discord.utils.escape_mentions(discord.utils.escape_markdown(" ".join(text.split())[:200]))
    return plain.replace("[", "\\[").replace("<", "\\<")


def custom_ids(message: discord.Message | None) -> Iterator[str]:
    """The custom_ids of all buttons and selects of a message: where its screen keeps its state."""
    waiting: list[Any] = list(message.components) if message else []
    while waiting:
        part = waiting.pop(0)
        if getattr(part, "custom_id", None):
            yield part.custom_id
        waiting = [*getattr(part, "children", ()), *filter(None, [getattr(part, "accessory", None)]), *waiting]


class Reply:
    """The one answer to an interaction: `async with Reply(...) as reply: await reply.show(screen)`.

    It comes in time (a slow one is announced first), and whatever breaks ends in a sentence with a code that the
    log has too. With `edit` the message of the clicked button changes, otherwise a new message is sent.
    """

    def __init__(self, interaction: Interaction, *, private: bool, edit: bool = False) -> None:
        self.interaction = interaction
        self.private = private
        self.edit = edit
        self._one_at_a_time = asyncio.Lock()
        self._announcing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._timer = asyncio.get_running_loop().call_later(SECONDS_TO_DEFER, self._start_to_announce)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self._timer.cancel()
        if not isinstance(error, Exception):
            return False
        screen = self._explain(error)
        self.private = self.private or not isinstance(error, Refusal) or error.private
        try:
            await self._send(screen, edit=False)
        except (discord.HTTPException, OSError) as failure:
            if getattr(failure, "code", None) != GONE:
                log.warning("An answer could not be given: %s", failure)
        return True

    def _explain(self, error: Exception) -> Screen:
        if isinstance(error, Refusal):
            return error.screen
        words = texts(self.interaction)
        if isinstance(error, TooSlowError):
            return notice(words("error-slow"))
        code = secrets.token_hex(3)
        log.error("Code %s: an answer failed", code, exc_info=error)
        return notice(words("error-unexpected", code=code))

    def _start_to_announce(self) -> None:
        self._announcing = asyncio.create_task(self._announce())

    async def _announce(self) -> None:
        async with self._one_at_a_time:
            if not self.interaction.response.is_done():
                try:
                    await self.interaction.response.defer(ephemeral=self.private, thinking=not self.edit)
                except (discord.HTTPException, OSError) as error:
                    log.warning("An interaction could not be acknowledged: %s", error)

    async def show(self, screen: Screen) -> None:
        """Give the answer."""
        self._timer.cancel()
        await self._send(screen, edit=self.edit)

    async def _send(self, screen: Screen, *, edit: bool) -> None:
        async with self._one_at_a_time:
            response = self.interaction.response
            if response.is_done() and self.edit and not edit:  # the message of the button stays as it was
                await self.interaction.followup.send(view=screen, ephemeral=True)
            elif response.is_done():
                await self.interaction.edit_original_response(view=screen)
            elif edit:
                await response.edit_message(view=screen)
            else:
                await response.send_message(view=screen, ephemeral=self.private)


async def follow(interaction: Interaction, make: Callable[[], Awaitable[Screen]]) -> None:
    """Answer a click: on one's own or a private message in place, on somebody else's with a private copy."""
    mine = may_change(interaction)
    async with Reply(interaction, private=True, edit=mine) as reply:
        await reply.show(await make())


def may_change(interaction: Interaction) -> bool:
    """Whether the message of the clicked button belongs to the one who clicked."""
    message = interaction.message
    if message is None:
        return False
    asked = message.interaction_metadata
    return message.flags.ephemeral or (asked is not None and asked.user.id == interaction.user.id)


class Step:
    """A button or select that leads to another screen: its class says to which in `screen`."""

    async def screen(self, interaction: Interaction) -> Screen:
        """The screen that a click leads to. Raises Refusal."""
        raise NotImplementedError

    async def callback(self, interaction: Interaction) -> None:
        await follow(interaction, lambda: self.screen(interaction))
