"""The commands of editors: build, check, import, export."""

import argparse
import datetime as dt
import functools
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from tqdm import tqdm

from bot.catalog.build import BuildError
from bot.catalog.build import build as build_file
from bot.catalog.content import Problem, read_content
from bot.catalog.countries import Countries, CountryDataError
from bot.catalog.dates import parse_typed
from bot.catalog.exports import export_csv, export_jsonl, export_markdown
from bot.catalog.files import ContentError
from bot.catalog.imports import import_file
from bot.catalog.moment import Moment
from bot.config import COUNTRIES, Config
from bot.exits import DONE, PROBLEMS, CommandError

T = TypeVar("T")
Arguments = argparse.Namespace
Command = Callable[[Arguments, Config], int]


def guarded(command: Command) -> Command:
    """What the content or the country data has wrong ends a command with code 1 and every problem, a line each."""

    @functools.wraps(command)
    def run(arguments: Arguments, config: Config) -> int:
        try:
            return command(arguments, config)
        except BuildError as error:
            return _report(error.problems)
        except (ContentError, CountryDataError) as error:
            raise CommandError(str(error), PROBLEMS) from None

    return run


def _report(problems: Iterable[Problem]) -> int:
    """Print problems, one a line; the exit code says whether there were any."""
    code = DONE
    for problem in problems:
        print(problem)
        code = PROBLEMS
    return code


@guarded
def build_catalog(arguments: Arguments, config: Config) -> int:
    """Content files to catalog.db."""
    paths = arguments.paths or [config.content]
    countries = Countries.load(COUNTRIES)
    count = build_file(paths, config.catalog, countries, now=dt.datetime.now(dt.UTC), progress=_progress)
    print(f"{count:,} moments in {config.catalog}", file=sys.stderr)
    return DONE


def _progress(entries: Iterable[T]) -> Iterator[T]:
    return iter(tqdm(entries, desc="Reading moments", unit=" moments", disable=None, leave=False))


@guarded
def check(arguments: Arguments, config: Config) -> int:
    """All problems of the content."""
    entries = read_content(arguments.paths or [config.content], Countries.load(COUNTRIES))
    problems: list[Problem] = []
    moments = 0
    for entry in _progress(entries):
        if isinstance(entry, Problem):
            problems.append(entry)
        else:
            moments += 1
    code = _report(problems)
    word = "problem" if len(problems) == 1 else "problems"
    print(f"{moments:,} moments, {len(problems) or 'no'} {word}", file=sys.stderr)
    return code


@guarded
def import_files(arguments: Arguments, config: Config) -> int:
    """Other forms to content files."""
    countries = Countries.load(COUNTRIES)
    date = parse_typed(arguments.date, today=dt.datetime.now(dt.UTC).date()) if arguments.date else None
    into = arguments.into or config.content
    code = DONE
    for path in arguments.files:
        result = import_file(
            path, countries=countries, into=into, country=arguments.country, date=date, force=arguments.force
        )
        for one in result:
            if isinstance(one, Problem):
                print(one, file=sys.stderr)
                code = PROBLEMS
            elif arguments.json:
                print(json.dumps(one.moment.to_record(), ensure_ascii=False))
            else:
                print(f"{one.path}: {one.status}")
    return code


@guarded
def export(arguments: Arguments, config: Config) -> int:
    """Content files to other forms."""
    countries = Countries.load(COUNTRIES)
    problems: list[Problem] = []

    def sound() -> Iterator[Moment]:
        for entry in read_content(arguments.paths or [config.content], countries):
            if isinstance(entry, Problem):
                problems.append(entry)
            else:
                yield entry

    moments = list(sound())
    if problems:
        raise BuildError(problems)
    if arguments.format == "md":
        if arguments.to is None:
            raise CommandError("Markdown is one file a moment: say where to with --to DIR.")
        print(f"{export_markdown(moments, arguments.to, countries)} files in {arguments.to}", file=sys.stderr)
        return DONE
    write = export_jsonl if arguments.format == "jsonl" else export_csv
    if arguments.to is None:
        write(moments, sys.stdout)
        return DONE
    arguments.to.mkdir(parents=True, exist_ok=True)
    target = arguments.to / f"moments.{arguments.format}"
    draft = target.with_name(f".{target.name}.new")
    try:
        with draft.open("w", encoding="utf-8", newline="") as out:
            write(moments, out)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return DONE
