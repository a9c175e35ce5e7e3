"""The commands of editors: build, check, import, export."""

import argparse
import datetime as dt
import functools
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from tqdm import tqdm

from bot.catalog import coverage
from bot.catalog.build import BuildError
from bot.catalog.build import build as build_file
from bot.catalog.content import Located, Problem, read_content, read_located
from bot.catalog.countries import Countries, CountryDataError
from bot.catalog.dates import parse_typed
from bot.catalog.exports import export_csv, export_jsonl, export_markdown
from bot.catalog.files import ContentError
from bot.catalog.imports import import_file
from bot.catalog.moment import Moment
from bot.catalog.strict import Style, StyleError, strict_problems
from bot.config import COUNTRIES, STYLE, Config
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
        except (ContentError, CountryDataError, StyleError) as error:
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
    entries = read_located(arguments.paths or [config.content], Countries.load(COUNTRIES))
    problems: list[Problem] = []
    moments: list[Located] = []
    count = 0
    for entry in _progress(entries):
        if isinstance(entry, Problem):
            problems.append(entry)
        else:
            count += 1
            if arguments.strict:  # which compares all with all
                moments.append(entry)
    problems += strict_problems(moments, Style.load(STYLE)) if moments else []
    code = _report(problems)
    word = "problem" if len(problems) == 1 else "problems"
    print(f"{count:,} moments, {len(problems) or 'no'} {word}", file=sys.stderr)
    return code


@guarded
def stats(arguments: Arguments, config: Config) -> int:
    """What the content covers, as tables, and as pictures if a folder for them is given."""
    countries = Countries.load(COUNTRIES)
    moments: list[Moment] = []
    problems: list[Problem] = []
    for entry in _progress(read_content(arguments.paths or [config.content], countries)):
        (problems if isinstance(entry, Problem) else moments).append(entry)  # type: ignore[arg-type]  # as it is
    if problems:
        return _report(problems)
    found = coverage.measure(moments, countries)
    if arguments.json:
        print(json.dumps(coverage.as_json(found), ensure_ascii=False))
    else:
        print(coverage.as_tables(found))
    if arguments.pictures:
        try:
            from bot.catalog import charts  # Pillow is in the preview extra only
        except ImportError:
            raise CommandError("Pictures need Pillow: pip install 'moments[preview]'.") from None
        arguments.pictures.mkdir(parents=True, exist_ok=True)
        charts.draw_calendar(found, arguments.pictures / "coverage-days.png")
        charts.draw_bars(found, arguments.pictures / "coverage-regions.png")
    return DONE


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
