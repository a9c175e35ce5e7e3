"""The commands as Discord is told of them: with their texts, and only when something changed."""

import hashlib
import json
from typing import Any, Protocol

import discord
from discord import app_commands

from bot.locale import Locales, Texts
from bot.locale.texts import FALLBACK

_GROUPS = (discord.AppCommandOptionType.subcommand.value, discord.AppCommandOptionType.subcommand_group.value)
# Discord's own names of the languages for which it takes translations; `en` is what everybody else sees.
_LOCALES = {locale.value for locale in discord.Locale}


class Settings(Protocol):
    """Where the fingerprint of what was last registered is kept."""

    async def get_setting(self, key: str) -> str | None: ...
    async def put_setting(self, key: str, value: str) -> None: ...


def definitions(tree: app_commands.CommandTree[Any], locales: Locales) -> list[dict[str, Any]]:
    """All commands as Discord takes them, sorted by name, described in every language there is."""
    commands = [command.to_dict(tree) for command in tree.get_commands()]
    for command in commands:
        _describe(command, locales, "")
    return sorted(commands, key=lambda command: str(command["name"]))


def _describe(command: dict[str, Any], locales: Locales, path: str) -> None:
    name = f"{path}-{command['name']}" if path else str(command["name"])
    _put(command, "description", locales, lambda words: words(f"command-{name}"))
    for option in command.get("options", ()):
        if option["type"] in _GROUPS:
            _describe(option, locales, name)
            continue
        key = f"option-{name}-name" if option["name"] == "name" else f"option-{option['name']}"
        _put(option, "description", locales, lambda words, key=key: words(key))
        for choice in option.get("choices", ()):
            _put(choice, "name", locales, lambda words, value=choice["value"]: words.category(value))


def _put(part: dict[str, Any], field: str, locales: Locales, text: Any) -> None:
    part[field] = text(locales.get(FALLBACK))
    others = {one: text(locales.get(one)) for one in locales.languages if one in _LOCALES and one != FALLBACK}
    if others:
        part[f"{field}_localizations"] = others


async def register(
    client: discord.Client, tree: app_commands.CommandTree[Any], locales: Locales, kept: Settings
) -> bool:
    """Tell Discord of the commands if they changed since the last time; whether it was told.

    Not compared with what Discord has: discord.py 2.7.1 reads the contexts of commands wrongly. Not on each start:
    Discord allows 200 new commands a day.
    """
    commands = definitions(tree, locales)
    text = json.dumps(commands, sort_keys=True, ensure_ascii=False)
    fingerprint = hashlib.sha256(text.encode()).hexdigest()
    key = f"commands:{client.application_id}"
    if await kept.get_setting(key) == fingerprint or client.application_id is None:
        return False
    await client.http.bulk_upsert_global_commands(client.application_id, payload=commands)
    await kept.put_setting(key, fingerprint)
    return True


def summary(tree: app_commands.CommandTree[Any], words: Texts) -> list[tuple[str, str, bool]]:
    """Every command that can be used, in the order of its cog: name, what it does, whether only admins may use it."""
    found = []
    for command in tree.walk_commands():
        if isinstance(command, app_commands.Group):
            continue
        path = command.qualified_name.replace(" ", "-")
        top = command.root_parent or command
        found.append((command.qualified_name, words(f"command-{path}"), top.default_permissions is not None))
    return found
