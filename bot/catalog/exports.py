"""Moments become files that `imports` reads as the same moments: JSON Lines, CSV or Markdown."""

import contextlib
import csv
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from bot.catalog.content import to_markdown
from bot.catalog.countries import Countries
from bot.catalog.moment import FIELDS, Moment
from bot.catalog.slugs import slug_from_title

BETWEEN_ITEMS, BETWEEN_PARTS = ";", "|"
_ESCAPED = str.maketrans({mark: f"\\{mark}" for mark in f"\\{BETWEEN_ITEMS}{BETWEEN_PARTS}"})


def export_jsonl(moments: Iterable[Moment], out: TextIO) -> None:
    """Write one JSON object a line: the fields of the record."""
    out.writelines(json.dumps(moment.to_record(), ensure_ascii=False) + "\n" for moment in moments)


def export_csv(moments: Iterable[Moment], out: TextIO) -> None:
    """Write a table with the record's fields as header; open `out` with ``newline=""``.

    Items of a list have ``;`` between, sources are ``title|url``, the image ``url|alt|credit``; a backslash
    before one of these marks means the mark itself.
    """
    table = csv.writer(out, lineterminator="\n")
    table.writerow(FIELDS)
    for moment in moments:
        cells = moment.to_record()
        for name in ("countries", "categories", "hashtags"):
            cells[name] = BETWEEN_ITEMS.join(map(_cell, cells[name]))
        cells["top"] = "true" if moment.top else "false"
        cells["sources"] = BETWEEN_ITEMS.join(_parts(source.title, source.url) for source in moment.sources)
        image = moment.image
        cells["image"] = _parts(image.url, image.alt, image.credit) if image else ""
        table.writerow([cells[name] for name in FIELDS])


def _cell(text: str) -> str:
    return text.translate(_ESCAPED)


def _parts(*texts: str) -> str:
    return BETWEEN_PARTS.join(map(_cell, texts))


def export_markdown(moments: Iterable[Moment], folder: Path, countries: Countries) -> int:
    """Write each moment to ``<folder>/<country>/<slug>.md``, over what is there; returns how many. OSError."""
    return sum(_export_one(moment, markdown_path(moment, folder, countries)) for moment in moments)


def _export_one(moment: Moment, target: Path) -> int:
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = write_draft(target, moment)
    try:
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return 1


def markdown_path(moment: Moment, folder: Path, countries: Countries) -> Path:
    """Where the file of a moment belongs: below the English name of its country."""
    country = countries.get(moment.countries[0])
    return folder / slug_from_title(country.name if country else moment.countries[0]) / f"{moment.slug}.md"


def write_draft(target: Path, moment: Moment) -> Path:
    """Write the file of a moment beside its target, hidden, to be renamed. OSError leaves nothing there."""
    draft = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        draft.write_text(to_markdown(moment), encoding="utf-8", newline="\n")
    except OSError:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
    return draft
