"""Files of several forms become the fields of moments: pages, Markdown, JSON, JSON Lines and CSV."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bot.catalog.content import Fields, Problem, markdown_fields, parse_json
from bot.catalog.countries import Countries
from bot.catalog.exports import BETWEEN_ITEMS, BETWEEN_PARTS
from bot.catalog.moment import FIELDS, Image, Source
from bot.catalog.pages import parse_page

_ESCAPED = re.compile(rf"\\([\\{BETWEEN_ITEMS}{BETWEEN_PARTS}])")


def read_records(path: Path, text: str, countries: Countries) -> list[Fields]:
    """The fields of every record of a file; its ending says the form, or else its first character does."""
    readers: dict[str, Callable[[], list[Fields]]] = {
        ".md": lambda: [markdown_fields(path, text)],
        ".json": lambda: list(_read_json(path, text)),
        ".jsonl": lambda: list(_read_lines(path, text)),
        ".csv": lambda: list(_read_csv(path, text)),
    }
    start = text.lstrip()
    guess = ".md" if start.startswith("---\n") else ".json" if start[:1] in ("{", "[") else ""
    reader = readers.get(path.suffix.lower()) or readers.get(guess)
    return reader() if reader else [parse_page(path, text, countries)]


def _unreadable(path: Path, line: int, name: str, message: str) -> Fields:
    return Fields(path, line, problems=[Problem(path, line, name, message)], readable=False)


def _record(path: Path, line: int, value: object) -> Fields:
    if not isinstance(value, dict):
        return _unreadable(path, line, "record", "is no JSON object; write {...} with the fields of one moment")
    return Fields(path, line, value)


def _read_json(path: Path, text: str) -> Iterator[Fields]:
    try:
        parsed = parse_json(text)
    except ValueError as error:
        yield _unreadable(path, 1, "file", str(error))
        return
    if not isinstance(parsed, list):
        yield _record(path, 1, parsed)
        return
    decoder = json.JSONDecoder()
    place = text.index("[") + 1
    for value in parsed:
        while text[place] in ", \t\n\r":
            place += 1
        yield _record(path, text.count("\n", 0, place) + 1, value)
        _, place = decoder.raw_decode(text, place)


def _read_lines(path: Path, text: str) -> Iterator[Fields]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield _record(path, number, parse_json(line))
            except ValueError as error:
                yield _unreadable(path, number, "line", str(error))


def _read_csv(path: Path, text: str) -> Iterator[Fields]:
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        header = [name.strip().lower() for name in next(rows)]
        line = rows.line_num + 1
        if "title" not in header or len(set(header)) < len(header):
            yield _unreadable(path, 1, "header", f"must name each column once, from {', '.join(FIELDS)}")
            return
        for cells in rows:
            if cells and len(cells) != len(header):
                message = f"has {len(cells)} cells, the header {len(header)}; put texts with a comma in quotes"
                yield _unreadable(path, line, "row", message)
            elif cells:
                yield Fields(path, line, _from_cells(dict(zip(header, cells, strict=True))))
            line = rows.line_num + 1
    except csv.Error as error:
        yield _unreadable(path, line, "row", f"is no CSV: {error}; put texts with quotes in them in quotes, doubled")


def _from_cells(cells: dict[str, str]) -> dict[str, Any]:  # Any: JSON
    record: dict[str, Any] = {name: cell for name, cell in cells.items() if cell.strip()}
    for name in ("countries", "categories", "hashtags"):
        if name in record:
            record[name] = [_plain(item) for item in _split(record[name], BETWEEN_ITEMS)]
    if "sources" in record:
        record["sources"] = [_named(item, Source) for item in _split(record["sources"], BETWEEN_ITEMS)]
    if "image" in record:
        record["image"] = _named(record["image"], Image)
    return record


def _named(text: str, model: type[Source] | type[Image]) -> dict[str, str] | str:
    """The parts of a cell by the names of a model's fields, or the text itself if their number is another."""
    parts = [_plain(part) for part in _split(text, BETWEEN_PARTS)]
    names = list(model.model_fields)
    return dict(zip(names, parts, strict=True)) if len(parts) == len(names) else text


def _split(text: str, between: str) -> list[str]:
    """The parts of a cell, still with their backslashes; those left empty are dropped."""
    parts = [""]
    chars = iter(text)
    for char in chars:
        if char == between:
            parts.append("")
        else:
            parts[-1] += char + next(chars, "") if char == "\\" else char
    return [part.strip() for part in parts if part.strip()]


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)
