"""Moments from files of several forms are checked and written as Markdown files, all of a file or none."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot.catalog.content import Fields, Problem, parse_markdown, read_json_lines
from bot.catalog.countries import Countries
from bot.catalog.dates import MomentDate
from bot.catalog.exports import markdown_path, write_draft
from bot.catalog.files import ContentError, FileProblem, content_files, read_text
from bot.catalog.moment import Moment
from bot.catalog.records import read_records
from bot.catalog.slugs import default_slug, is_slug


@dataclass(frozen=True, slots=True)
class Imported:
    """A moment that now stands in a content file, and whether it stood there before."""

    path: Path
    moment: Moment
    status: Literal["written", "unchanged"]


@dataclass(frozen=True, slots=True)
class _Standing:
    """A moment that is there already: where, and None if its file cannot be read."""

    path: Path
    line: int
    moment: Moment | None


def import_file(
    path: Path, *, countries: Countries, into: Path, country: str | None, date: MomentDate | None, force: bool
) -> list[Imported] | list[Problem]:
    """Write the moments of a page, Markdown, JSON, JSON Lines or CSV file below `into`; all of them or none.

    `country` (code or name) becomes the first country and, unless it is among a record's countries, the only
    one; `date` is the date of every record. A different moment of the same slug is replaced only with `force`.
    """
    try:
        text = read_text(path)
    except FileProblem as error:
        return [Problem(path, 1, "file", str(error))]
    known = countries.find(country) if country else None
    if country and known is None:
        return [Problem(path, 1, "country", f"{country!r} is no country; write a code or an English name")]
    sources = read_records(path, text, countries)
    found: list[tuple[int, Moment]] = []
    problems: list[Problem] = []
    for fields in sources:
        _supply(fields, known.code if known else None, date, countries)
        moment = fields.to_moment(countries)
        if isinstance(moment, list):
            problems += moment
        else:
            found.append((fields.lines.get("slug", fields.above), moment))
    if not sources:
        problems.append(Problem(path, 1, "file", "holds no moment; see the forms in the help of import"))
    problems += _twice(path, found)
    if problems:
        return problems
    try:
        return _write(path, found, into, countries, force=force)
    except ContentError as error:
        return [Problem(path, 1, "file", str(error))]
    except OSError as error:
        return [Problem(path, 1, "file", f"cannot be imported: {error.filename}: {error.strerror}")]


def _supply(fields: Fields, country: str | None, date: MomentDate | None, countries: Countries) -> None:
    """Put in what the caller gives, and a slug if the record has none."""
    record = fields.record
    if country:
        given = record.get("countries")
        others = [code for code in given if code != country] if isinstance(given, list) and country in given else []
        record["countries"] = [country, *others]
        fields.problems = [problem for problem in fields.problems if problem.field != "countries"]
    if date:
        record["date"] = date
    if record.get("slug"):
        return
    if fields.path.suffix.lower() == ".md" and is_slug(fields.path.stem):
        record["slug"] = fields.path.stem
        return
    hashtags, title, codes = record.get("hashtags"), record.get("title"), record.get("countries")
    first = countries.get(codes[0]) if isinstance(codes, list) and codes and isinstance(codes[0], str) else None
    tags = [tag for tag in hashtags if isinstance(tag, str)] if isinstance(hashtags, list) else []
    record["slug"] = default_slug(tags, first.name if first else "", title if isinstance(title, str) else "")


def _twice(path: Path, found: Sequence[tuple[int, Moment]]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for line, moment in found:
        if moment.slug in first:
            message = f"{moment.slug!r} is already the slug of line {first[moment.slug]}; write another"
            yield Problem(path, line, "slug", message)
        first.setdefault(moment.slug, line)


def _write(
    path: Path, found: Sequence[tuple[int, Moment]], into: Path, countries: Countries, *, force: bool
) -> list[Imported] | list[Problem]:
    standing = _standing(into, {moment.slug for _, moment in found}, countries)
    problems: list[Problem] = []
    imported: list[Imported] = []
    for line, moment in found:
        old = standing.get(moment.slug)
        if old is None:
            imported.append(Imported(markdown_path(moment, into, countries), moment, "written"))
        elif old.moment == moment:
            imported.append(Imported(old.path, moment, "unchanged"))
        elif old.path.suffix.lower() != ".md":
            message = f"{moment.slug!r} is another moment in {old.path}:{old.line}; change it there"
            problems.append(Problem(path, line, "slug", message))
        elif force:
            imported.append(Imported(old.path, moment, "written"))
        else:
            message = f"{moment.slug!r} is another moment in {old.path}; replace it with --force, or rename this one"
            problems.append(Problem(path, line, "slug", message))
    if problems:
        return problems
    _replace_all([(entry.path, entry.moment) for entry in imported if entry.status == "written"])
    return imported


def _standing(into: Path, slugs: set[str], countries: Countries) -> dict[str, _Standing]:
    """Those of the slugs that content files below a folder have already."""
    found: dict[str, _Standing] = {}
    for path in content_files([into]) if into.exists() else ():
        if path.suffix.lower() == ".jsonl":
            for line, moment in read_json_lines(path, countries):
                if isinstance(moment, Moment) and moment.slug in slugs:
                    found[moment.slug] = _Standing(path, line, moment)
        elif path.stem in slugs:
            found[path.stem] = _Standing(path, 1, _moment_in(path, countries))
    return found


def _moment_in(path: Path, countries: Countries) -> Moment | None:
    try:
        moment = parse_markdown(path, read_text(path), countries)
    except FileProblem:
        return None
    return moment if isinstance(moment, Moment) else None


def _replace_all(files: Sequence[tuple[Path, Moment]]) -> None:
    """Write all files or none: drafts beside them first, then renames, which are undone if one fails."""
    folders: list[Path] = []
    drafts: list[tuple[Path, Path]] = []
    undo: list[tuple[Path, bytes | None]] = []
    try:
        for target, moment in files:
            folders += _make_folder(target.parent)
            drafts.append((write_draft(target, moment), target))
        for draft, target in drafts:
            before = target.read_bytes() if target.exists() else None
            draft.replace(target)
            undo.append((target, before))
    except OSError:
        for target, before in undo:
            target.unlink() if before is None else target.write_bytes(before)
        for draft, _ in drafts:
            draft.unlink(missing_ok=True)
        for folder in reversed(folders):
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise


def _make_folder(folder: Path) -> list[Path]:
    """Make a folder and those above it; returns the new ones, outermost first."""
    missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing[::-1]
