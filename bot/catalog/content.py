"""Content files become moments, every problem gets its file, line and field, and moments become files."""

import json
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.catalog.countries import Countries
from bot.catalog.files import LARGEST_FILE, FileProblem, content_files, decode, read_text
from bot.catalog.files import ContentError as ContentError
from bot.catalog.files import fingerprint as fingerprint
from bot.catalog.moment import Moment, RecordError, reading_minutes

MOST_BRACKETS = 200  # far more than a moment needs
_FRONT = re.compile(r"\A\s*^---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
# The C parser is five times as fast; the wheels have it, a YAML built from source may not. Base loaders keep
# every scalar the text that it is: NO is Norway, 1206 a date.
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_NOT_PLAIN = re.compile(r":(?=\s|\Z)|\s#|[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_NOT_PLAIN_IN_LIST = re.compile(r"[:,\[\]{}?]")
_LISTS_IN_LISTS = re.compile(r"(?:[-?][ \t]+){8}")
# What other YAML readers take for something else than a text.
_WORD_WITH_MEANING = re.compile(r"(?i)y|n|yes|no|on|off|true|false|null|[-+.0-9][-+._0-9a-fxo:]*")
_NOT_PRINTABLE = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a content file; as text ``file:line: field: what is wrong``."""

    path: Path
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.field}: {self.message}"


def parse_markdown(path: Path, text: str, countries: Countries) -> Moment | list[Problem]:
    """The moment of a Markdown file with front matter, or all its problems; its slug is the file's name."""
    fields = markdown_fields(path, text)
    given = fields.record.setdefault("slug", path.stem)
    if given != path.stem:
        fields.problem("slug", f"is {given!r}, but the file is {path.name!r}; give both the same name")
    return fields.to_moment(countries)


@dataclass(slots=True)
class Fields:
    """The fields of a file as texts, lists and dicts, the line where each stands, and what is wrong so far."""

    path: Path
    above: int = 1
    record: dict[str, Any] = field(default_factory=dict)  # Any: JSON
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    readable: bool = True

    def problem(self, name: str, message: str, line: int | None = None) -> None:
        """Note a problem of a field, by default with the line of that field or of the one around it."""
        place = name
        while place not in self.lines and "." in place:
            place = place.rpartition(".")[0]
        self.problems.append(Problem(self.path, line or self.lines.get(place, self.above), name, message))

    def to_moment(self, countries: Countries) -> Moment | list[Problem]:
        """The moment, or all problems, also those noted before."""
        if not self.readable:
            return self.problems
        for sentence in _unknown_countries(self.record.get("countries"), countries):
            self.problem("countries", sentence)
        noted = {problem.field for problem in self.problems}
        try:
            moment = Moment.from_record(self.record)
        except RecordError as error:
            for name, sentence in error.problems:
                if name not in noted:
                    self.problem(name, sentence)
        else:
            if not self.problems:
                return moment
        return sorted(self.problems, key=lambda problem: problem.line)


def _unknown_countries(codes: object, countries: Countries) -> Iterator[str]:
    for code in codes if isinstance(codes, list | tuple) else ():
        if isinstance(code, str) and code not in countries:
            near = countries.suggest(code)
            country = countries.get(near) if near else None
            hint = f"did you mean {country.code} ({country.name})?" if country else "write one such as MN or US"
            yield f"{code!r} is no country code; {hint}"


def markdown_fields(path: Path, text: str) -> Fields:
    """The fields of a Markdown file with front matter; `body` is what stands below it."""
    found = Fields(path)
    front = _FRONT.match(text)
    if front is None:
        found.readable = False
        opened = text.lstrip().startswith("---\n")
        message = "has no second '---' line" if opened else "is missing; begin the file with a line '---'"
        found.problem("front matter", f"{message}; see the moments beside it")
        return found
    found.above = text.count("\n", 0, front.start(1)) + 1
    _read_yaml(front[1], found)
    if "body" in found.record:
        found.problem("body", "stands below the second '---' line, not above it")
    body = text[front.end() :]
    blank = len(body) - len(body.lstrip("\n"))
    found.lines["body"] = text.count("\n", 0, front.end()) + 1 + blank
    found.record["body"] = body
    return found


def _read_yaml(text: str, found: Fields) -> None:
    try:
        if _is_deep(text):
            raise yaml.YAMLError
        root = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        cause = getattr(error, "problem", None) or "too many brackets, or a control character"
        hint = "put texts with ': ' in them, or that start with a sign, in double quotes"
        found.problem("front matter", f"cannot be read ({cause}); {hint}", found.above + mark.line if mark else None)
        found.readable = False
        return
    if isinstance(root, yaml.MappingNode):
        found.record = _mapping(root, found)
    elif root is not None:
        found.problem("front matter", "holds no 'field: value' lines; see the moments beside it")
        found.readable = False


def _is_deep(text: str) -> bool:
    """Whether YAML may be nested so deeply that the C parser, which calls itself, crashes the process."""
    return text.count("[") + text.count("{") > MOST_BRACKETS or _LISTS_IN_LISTS.search(text) is not None


def _mapping(node: yaml.MappingNode, found: Fields, prefix: str = "") -> dict[str, Any]:
    """The fields of a YAML mapping as texts, lists and dicts, as deep as a record is; notes where each stands."""
    record: dict[str, Any] = {}
    for key, value in node.value:
        name = prefix + (key.value if isinstance(key, yaml.ScalarNode) else "?")
        line = found.above + key.start_mark.line
        if name in found.lines:
            found.problem(name, f"stands there twice, first in line {found.lines[name]}; delete one", line)
            continue
        found.lines[name] = line
        if isinstance(value, yaml.ScalarNode) and value.value == "":
            continue  # nothing behind the colon: as if the line were not there
        record[name.removeprefix(prefix)] = _value(value, found, name)
    return record


def _value(node: yaml.Node, found: Fields, name: str) -> Any:  # Any: text, list or dict
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, found, f"{name}.") if name.count(".") < 2 else {}
    if "." in name:
        return []
    for place, item in enumerate(node.value):
        found.lines[f"{name}.{place}"] = found.above + item.start_mark.line
    return [_value(item, found, f"{name}.{place}") for place, item in enumerate(node.value)]


def to_markdown(moment: Moment) -> str:
    """The Markdown file of a moment, which `parse_markdown` reads as the same moment."""
    lines = ["---", f"title: {_scalar(moment.title)}"]
    if moment.date:
        lines.append(f"date: {_scalar(moment.date.text, is_date=True)}")
    for name in ("countries", "categories", "hashtags"):
        items: tuple[str, ...] = getattr(moment, name)
        if items:
            lines.append(f"{name}: [{', '.join(map(_item, items))}]")
    if moment.top:
        lines.append("top: true")
    if moment.editor:
        lines.append(f"editor: {_scalar(moment.editor)}")
    if moment.published:
        lines.append(f"published: {moment.published.isoformat()}")
    if moment.reading_minutes != reading_minutes(moment.body):
        lines.append(f"reading_minutes: {moment.reading_minutes}")
    if moment.sources:
        lines.append("sources:")
    for source in moment.sources:
        lines += [f"  - title: {_quoted(source.title)}", f"    url: {_scalar(source.url)}"]
    if moment.image:
        image = moment.image
        lines += ["image:", f"  url: {_scalar(image.url)}", f"  alt: {_quoted(image.alt)}"]
        lines.append(f"  credit: {_quoted(image.credit)}")
    return "\n".join([*lines, "---", moment.body, ""])


def _scalar(text: str, *, is_date: bool = False) -> str:
    """A text as YAML, in quotes if it needs them."""
    plain = text[0].isalnum() and not _NOT_PLAIN.search(text)
    return text if plain and (is_date or not _WORD_WITH_MEANING.fullmatch(text)) else _quoted(text)


def _item(text: str) -> str:
    return _quoted(text) if _NOT_PLAIN_IN_LIST.search(text) else _scalar(text)


def _quoted(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    return _NOT_PRINTABLE.sub(lambda char: f"\\u{ord(char[0]):04x}", quoted)


_LINES = 1 << 32  # no file has more


@dataclass(frozen=True, slots=True)
class Located:
    """A moment, and where it stands."""

    path: Path
    line: int
    moment: Moment


def read_content(paths: Sequence[Path], countries: Countries) -> Iterator[Moment | Problem]:
    """Every moment and every problem of the content files, one at a time, in the order of the files' names.

    Of two moments with one slug, the second is a problem. Raises ContentError.
    """
    return (found.moment if isinstance(found, Located) else found for found in read_located(paths, countries))


def read_located(paths: Sequence[Path], countries: Countries) -> Iterator[Located | Problem]:
    """The same, with the place of each moment."""
    files = content_files(paths)
    first: dict[str, int] = {}  # of each slug, file and line in one number: a pair takes twice the memory
    for number, path in enumerate(files):
        for line, found in _read_file(path, countries):
            if isinstance(found, list):
                yield from found
            elif found.slug in first:
                other, where = divmod(first[found.slug], _LINES)
                message = f"{found.slug!r} is already the slug of {files[other]}:{where}; choose another"
                yield Problem(path, line, "slug", message)
            else:
                first[found.slug] = number * _LINES + line
                yield Located(path, line, found)


def _read_file(path: Path, countries: Countries) -> Iterator[tuple[int, Moment | list[Problem]]]:
    if path.suffix.lower() == ".jsonl":
        yield from read_json_lines(path, countries)
        return
    try:
        yield 1, parse_markdown(path, read_text(path), countries)
    except FileProblem as error:
        yield 1, [Problem(path, 1, "file", str(error))]


def read_json_lines(path: Path, countries: Countries) -> Iterator[tuple[int, Moment | list[Problem]]]:
    """Line number and moment or problems of each line; only one line at a time is in memory."""
    try:
        with path.open("rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise FileProblem("is no ordinary file")
            number = 0
            while data := file.readline(LARGEST_FILE + 1):
                number += 1
                if len(data) > LARGEST_FILE:
                    raise FileProblem(f"has more than 1 MB in line {number}; write one moment a line")
                if not data.isspace():
                    yield number, _json_line(path, number, data, countries)
    except OSError as error:
        yield 1, [Problem(path, 1, "file", f"cannot be read: {error.strerror}")]
    except FileProblem as error:
        yield 1, [Problem(path, 1, "file", str(error))]


def _json_line(path: Path, number: int, data: bytes, countries: Countries) -> Moment | list[Problem]:
    try:
        record = parse_json(decode(data))
    except (FileProblem, ValueError) as error:
        return [Problem(path, number, "line", f"{error}")]
    if not isinstance(record, dict):
        return [Problem(path, number, "line", "is no JSON object; write {...} with the fields of one moment")]
    return Fields(path, number, record).to_moment(countries)


def parse_json(text: str) -> Any:  # Any: JSON
    """The value of a JSON text; ValueError with one sentence, also if an object has a field twice."""
    try:
        return json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise ValueError(f"is no JSON: {error.msg.lower()} (line {error.lineno}, column {error.colno})") from None
    except RecursionError:
        raise ValueError("is JSON nested too deeply; write one object with the fields of a moment") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:  # Any: JSON
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"has {next(name for name in names if names.count(name) > 1)!r} twice; delete one")
    return fields
