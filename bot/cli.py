"""The command line: thin over the packages. Exit code 0 done, 1 the input has problems, 2 wrong usage or setting."""

import argparse
import asyncio
import logging
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from bot.catalog.catalog import CatalogError
from bot.catalog.dates import DateError
from bot.catalog.files import ContentError
from bot.catalog.schema import is_current
from bot.config import Config, SettingError
from bot.exits import DONE, PROBLEMS, WRONG, CommandError

Arguments = argparse.Namespace
Command = Callable[[Arguments, Config], int]


def main(argv: Sequence[str] | None = None) -> None:
    """Run one command and exit with its code; what went wrong is one sentence on standard error, never a traceback."""
    arguments = _parser().parse_args(argv)
    try:
        code = arguments.run(arguments, Config.read())
    except CommandError as error:
        code = _fail(error, error.code)
    except (SettingError, DateError) as error:
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
    _leave_docstrings_out()
    _log_to_standard_error(config)
    _bring_up_to_date(config)
    _migrate(config)
    import discord  # costs 34 MB, which the other commands can do without

    from bot.client import serve
    from bot.state.database import StateError

    try:
        asyncio.run(serve(config, config.token.get_secret_value()))
    except discord.LoginFailure:
        raise CommandError(
            "Discord refused DISCORD_TOKEN. Copy it again from the bot page of the developer portal."
        ) from None
    except (discord.HTTPException, discord.GatewayNotFound, discord.ConnectionClosed) as error:
        raise CommandError(f"Discord did not let the bot in: {error}.") from error
    except StateError as error:
        raise CommandError(str(error)) from error
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


def _leave_docstrings_out() -> None:
    """Start this process again with -OO: the docstrings of the libraries take 6 MB, which a bot in service has no use
    for. Not where the smaller bytecode could not be kept, since compiling it takes seconds at each start.
    """
    library = find_spec("discord")
    kept = library is not None and library.origin is not None and os.access(Path(library.origin).parent, os.W_OK)
    if kept and sys.flags.optimize < 2:
        os.execv(sys.executable, [sys.executable, "-OO", "-m", "bot", "run"])  # noqa: S606 ourselves


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
    from bot.state import database as state

    try:
        current = state.is_current(config.state)
    except (OSError, sqlite3.Error, state.StateError):  # State.open, in that process, says what is wrong
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


def editing(name: str) -> Command:
    """A command of editors. Their module is loaded only for them: a running bot needs none of it."""

    def command(arguments: Arguments, config: Config) -> int:
        from bot import editing as commands

        code: int = getattr(commands, name)(arguments, config)
        return code

    return command


def asking(name: str) -> Command:
    """A command that asks the catalogue, which is built first if there is none."""

    def command(arguments: Arguments, config: Config) -> int:
        from bot import asking as commands

        if not config.catalog.exists():
            _bring_up_to_date(config)
        return asyncio.run(commands.answer(getattr(commands, name), arguments, config))

    return command


# The parser


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("moments", description="A Discord bot that serves moments in history.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Command, text: str, *flags: str) -> argparse.ArgumentParser:
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
    one = command("check", editing("check"), "list all problems of the content files", "paths")
    one.add_argument("--strict", action="store_true", help="also what docs/writing.md asks of texts, tags and sources")
    one = command("stats", editing("stats"), "what the content covers: days, countries, regions", "paths", "json")
    one.add_argument("--pictures", type=Path, metavar="DIR", help="also draw a calendar and a bar chart")
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
    one = command("show", asking("show"), "show one moment", "json")
    one.add_argument("slug")
    one.add_argument("--related", action="store_true", help="and the moments most like it")
    one = command("search", asking("search"), "search all moments", "json", "filters")
    one.add_argument("text", nargs="*")
    one.add_argument("--since", help="a date such as 1945 or 1945-05-08")
    one.add_argument("--until")
    one.add_argument("--page", type=_page, default=1)
    one = command("complete", asking("complete"), "what is offered while somebody types", "json")
    one.add_argument("kind", choices=("moment", "country", "hashtag"))
    one.add_argument("text", nargs="+", help="'-' reads one query a line from standard input")
    one = command("simulate", asking("simulate"), "print what a daily post would show, and when", "json", "filters")
    one.add_argument("--days", type=_days, default=30, help="how many local dates; default 30")
    one.add_argument("--zone", default="UTC", help="whose clock, such as Europe/London; default UTC")
    one.add_argument("--at", default="09:00", help="the time of day; default 09:00")
    one.add_argument("--from", dest="start", metavar="DATE", help="the first local date; default today")
    one.add_argument("--weekdays", default="every day", help="mon-fri, or 'sat, sun'; default every day")
    one.add_argument("--top", action="store_true", help="only Top Moments")
    one.add_argument("--since", help="a date such as 1945 or 1945-05-08")
    one.add_argument("--until")
    command("today", asking("today"), "what happened on a day of the year", "json").add_argument(
        "day", nargs="?", default="today", help="MM-DD or '27 January'"
    )
    command("random", asking("surprise"), "show any moment", "json", "filters")
    return parser


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 100_000:
        raise argparse.ArgumentTypeError("write a whole number from 1 to 100000")
    return int(text)


def _page(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("write a whole number from 1")
    return int(text)
