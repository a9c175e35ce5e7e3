"""What the delivery needs of the outside: sending a post, looking for it, the steps after it. Handed in."""

from typing import Protocol

from bot.daily.ledger import Post
from bot.daily.schedule import Schedule


class RefusedError(Exception):
    """Discord will not take this, now or later; the text is a reason code (`forbidden`, `not_found`, `other`)."""


class UnreachableError(Exception):
    """Nobody knows whether it arrived: the connection broke, or Discord failed."""


class ShutOutError(UnreachableError):
    """Discord takes nothing from this bot for now (a wrong token, too many refusals): nothing is sent for `seconds`."""

    def __init__(self, text: str, seconds: float) -> None:
        super().__init__(text)
        self.seconds = seconds


class Wire(Protocol):
    """Each may raise RefusedError or UnreachableError, and ends within a minute."""

    async def send(self, schedule: Schedule, post: Post) -> int:
        """Send a post with its nonce; returns the message's id."""

    async def find(self, schedule: Schedule, post: Post) -> int | None:
        """The id of a post's message in its channel; None if it is surely not there. UnreachableError if neither."""

    async def do_extra(self, schedule: Schedule, post: Post, kind: str) -> None:
        """A step after a post; done twice, it does no harm."""

    async def tell(self, schedule: Schedule, reason: str) -> None:
        """Tell the server's admins, where the bot may still speak, why a schedule is paused."""
