"""The command line: thin over the packages. Exit code 0 done, 1 the input has problems, 2 wrong usage or setting."""

import argparse
import asyncio
import datetime as dt
import json
import logging
import random
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

from bot.catalog import Catalog, Query
from bot.catalog.catalog import CatalogError
from bot.catalog.checks import CATEGORIES, find_category
from bot.catalog.dates import DateError, parse_day, parse_typed
from bot.catalog.files import ContentError
from bot.catalog.moment import Moment
from bot.catalog.query import MARK_OFF, MARK_ON
from bot.catalog.schema import is_current
from bot.config import Config, SettingError
from bot.exits import DONE, PROBLEMS, WRONG, CommandError
from bot.locale import Locales, Texts
from bot.state import database as state
from bot.state.database import StateError

T = TypeVar("T")
Arguments = argparse.Namespace


def main(argv: Sequence[str] | None = None) -> None:
    """Run one command and exit with its code; what went wrong is one sentence on standard error, never a traceback."""
    arguments = _parser().parse_args(argv)
    try:
        code = arguments.run(arguments, Config.read())
    except CommandError as error:
        code = _fail(error, error.code)
    except (SettingError, DateError, StateError) as error:
        code = _fail(error, WRONG)
    except CatalogError as error:
        code = _fail(error, PROBLEMS)
    except BrokenPipeError:  # `moments export | head`: whoever read has seen enough
        sys.stderr.close()
        code = DONE
    except OSError as error:
        code = _fail(error, WRONG)
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


def _fail(error: Exception, code: int) -> int:
    print(f"moments: {error}", file=sys.stderr)
    return code


# Running the bot


def run(arguments: Arguments, config: Config) -> int:
    """On Discord with a token; without one in the local preview, if that is installed."""
    if config.token is None:
        if find_spec("simcord") is None:
            raise CommandError(
                "DISCORD_TOKEN is not set. Put it into .env (README.md says how to get one), "
                "or install the preview (pip install 'moments[preview]') to try the bot without one."
            )
        return preview(arguments, config)
    _log_to_standard_error(config)
    _bring_up_to_date(config)
    _migrate(config)
    import discord  # costs 34 MB, which the other commands can do without

    from bot.client import serve

    try:
        asyncio.run(serve(config, config.token.get_secret_value()))
    except discord.LoginFailure:
        raise CommandError(
            "Discord refused DISCORD_TOKEN. Copy it again from the bot page of the developer portal."
        ) from None
    except (discord.HTTPException, discord.GatewayNotFound, discord.ConnectionClosed) as error:
        raise CommandError(f"Discord did not let the bot in: {error}.") from error
    return DONE


def preview(arguments: Arguments, config: Config) -> int:
    """The same bot in a simulated Discord, in the browser."""
    if find_spec("simcord") is None:
        raise CommandError("The preview is not installed: pip install 'moments[preview]', or `make run`.")
    _log_to_standard_error(config, quiet=True)
    _bring_up_to_date(config)
    from bot.preview import PreviewError, show  # simcord is in the preview extra only

    options = {
        name: getattr(arguments, name) for name in ("host", "port", "speed", "open_browser") if hasattr(arguments, name)
    }
    try:
        asyncio.run(show(config, **options))
    except PreviewError as error:
        raise CommandError(str(error)) from error
    return DONE


def _bring_up_to_date(config: Config) -> None:
    """Build the catalogue if it is missing or older than the content; in a process of its own, which gives back the
    200 MB that all the names of countries take.
    """
    try:
        if is_current(config.catalog, [config.content]):
            return
    except ContentError as error:
        raise CommandError(str(error), PROBLEMS) from None
    _in_own_process("bot", "build", str(config.content))


def _migrate(config: Config) -> None:
    """Make or migrate state.db before the bot opens it; in a process of its own, which takes Alembic with it."""
    try:
        current = state.is_current(config.state)
    except (OSError, sqlite3.Error):  # State.open, in that process, says what is wrong
        current = False
    if not current:
        _in_own_process("bot.state", str(config.state))


def _in_own_process(module: str, *arguments: str) -> None:
    """Run a module of ours; if it fails it has said why, and this process ends with it."""
    made = subprocess.run([sys.executable, "-m", module, *arguments], check=False)  # noqa: S603 ourselves
    if made.returncode:
        sys.exit(made.returncode if module == "bot" else WRONG)


def _log_to_standard_error(config: Config, *, quiet: bool = False) -> None:
    level = logging.WARNING if quiet and config.log_level == "INFO" else config.log_level
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("discord.client").setLevel(logging.ERROR)  # warns of features that this bot does not use


# Looking things up


@asynccontextmanager
async def _catalog(config: Config) -> AsyncIterator[Catalog]:
    if not config.catalog.exists():
        await asyncio.to_thread(_bring_up_to_date, config)
    async with Catalog.open(config.catalog) as catalog:
        yield catalog


def editing(name: str) -> Callable[[Arguments, Config], int]:
    """A command of editors. Their module is loaded only for them: a running bot needs none of it."""

    def command(arguments: Arguments, config: Config) -> int:
        from bot import editing as commands

        code: int = getattr(commands, name)(arguments, config)
        return code

    return command


def asking(ask: Callable[[Arguments, Catalog, Texts], Coroutine[Any, Any, int]]) -> Callable[[Arguments, Config], int]:
    """A command that asks the catalogue."""

    async def answer(arguments: Arguments, config: Config) -> int:
        async with _catalog(config) as catalog:
            return await ask(arguments, catalog, Locales().get("en"))

    return lambda arguments, config: asyncio.run(answer(arguments, config))


async def show(arguments: Arguments, catalog: Catalog, words: Texts) -> int:
    """One moment."""
    moment = await catalog.get(arguments.slug)
    if moment is None:
        near = ", ".join(choice.slug for choice in await catalog.complete(arguments.slug, limit=3))
        hint = f" Did you mean {near}?" if near else ""
        print(f"moments: there is no moment {arguments.slug!r}.{hint}", file=sys.stderr)
        return PROBLEMS
    _print_moment(moment, words, as_json=arguments.json, whole=True)
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
        print(_json({"total": page.total, "page": arguments.page, "items": items, "suggestions": page.suggestions}))
        return DONE
    print(words("list-total", total=page.total))
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
    text = " ".join(getattr(arguments, "text", ()))
    return Query(text, country, arguments.hashtag, category, dates[0], dates[1])


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


# The parser


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("moments", description="A Discord bot that serves moments in history.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[Arguments, Config], int], text: str, *flags: str) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=text, description=text)
        one.set_defaults(run=run)
        if "json" in flags:
            one.add_argument("--json", action="store_true", help="print one JSON object a line")
        if "filters" in flags:
            for option in ("--country", "--category", "--hashtag"):
                one.add_argument(option)
        if "paths" in flags:
            one.add_argument(
                "paths", nargs="*", type=Path, metavar="PATH", help="files or folders; default: the content folder"
            )
        return one

    command("run", run, "run the bot: on Discord with DISCORD_TOKEN, else in the preview")
    one = command("preview", preview, "try the bot in a simulated Discord in the browser, without a token")
    one.add_argument("--host", default="127.0.0.1", help="127.0.0.1 or localhost; default 127.0.0.1")
    one.add_argument("--port", type=int, default=8080, help="default 8080")
    one.add_argument(
        "--speed", type=float, default=1.0, help="how fast the simulated clock runs; 1200 shows a day in 72 s"
    )
    one.add_argument("--open", dest="open_browser", action="store_true", help="open the page in the browser")
    command("build", editing("build_catalog"), "make the catalogue from the content files", "paths")
    command("check", editing("check"), "list all problems of the content files", "paths")
    one = command(
        "import", editing("import_files"), "turn moment pages, Markdown, JSON, JSONL or CSV into content files", "json"
    )
    one.add_argument("files", nargs="+", type=Path, metavar="FILE")
    one.add_argument("--country", help="the country, by name or code, if the file does not say it")
    one.add_argument("--date", help="the date of the event, if the file does not say it")
    one.add_argument("--into", type=Path, metavar="DIR", help="where to write; default: the content folder")
    one.add_argument("--force", action="store_true", help="replace moments that exist")
    one = command("export", editing("export"), "print the content in another form", "paths")
    one.add_argument("--format", choices=("jsonl", "csv", "md"), default="jsonl")
    one.add_argument("--to", type=Path, metavar="DIR", help="write into a folder instead of standard output")
    command("show", asking(show), "show one moment", "json").add_argument("slug")
    one = command("search", asking(search), "search all moments", "json", "filters")
    one.add_argument("text", nargs="*")
    one.add_argument("--since", help="a date such as 1945 or 1945-05-08")
    one.add_argument("--until")
    one.add_argument("--page", type=_page, default=1)
    one = command("complete", asking(complete), "what is offered while somebody types", "json")
    one.add_argument("kind", choices=("moment", "country", "hashtag"))
    one.add_argument("text", nargs="+", help="'-' reads one query a line from standard input")
    command("today", asking(today), "what happened on a day of the year", "json").add_argument(
        "day", nargs="?", default="today", help="MM-DD or '27 January'"
    )
    command("random", asking(surprise), "show any moment", "json", "filters")
    return parser


def _page(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("write a whole number from 1")
    return int(text)
