"""What screens and commands need of the bot that runs them."""

import asyncio
import datetime as dt
import random
from collections.abc import Callable
from typing import Any, Protocol, cast

import discord

from bot.catalog import Catalog
from bot.daily.chooser import Chooser
from bot.daily.delivery import Delivery
from bot.daily.ledger import Ledger
from bot.daily.roster import Roster
from bot.locale import Locales, Texts


class Host(Protocol):
    """The parts of the bot, opened once; the bot itself fulfils it."""

    catalog: Catalog
    locales: Locales
    roster: Roster
    ledger: Ledger
    chooser: Chooser
    delivery: Delivery
    rng: random.Random
    typing: dict[int, asyncio.Task[Any]]  # by person: the look-up for the newest keystroke
    now: Callable[[], dt.datetime]
    source_url: str | None


Interaction = discord.Interaction[Any]  # Any: the client's class is a layer above


def host(interaction: Interaction) -> Host:
    """The bot behind an interaction."""
    return cast("Host", interaction.client)


def texts(interaction: Interaction) -> Texts:
    """The texts in the language of the person who asks."""
    return host(interaction).locales.get(str(interaction.locale))
