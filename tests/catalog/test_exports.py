import io
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TextIO

import pytest

from bot.catalog.countries import Countries
from bot.catalog.exports import export_csv, export_jsonl, export_markdown
from bot.catalog.files import content_files
from bot.catalog.imports import Imported, import_file
from bot.catalog.moment import FIELDS, Moment

BODIES = [
    'She said "no", then "yes"; a, b | c \\ d \\; e \\| f.\n\n---\n\n- item\n\n=1+1 \\\\\n' + "x" * 80,
    "Line\r\nanother\rthird\n\n\n" + "y" * 80,
    "# Heading\n\n```yaml\n---\ntitle: x\n---\n```\n日本語 😀 e\u0301 \u2028 " + "z" * 80,
]
Export = Callable[[Iterable[Moment], TextIO], None]


@pytest.fixture
def moments(record: dict[str, Any]) -> list[Moment]:
    few = {name: record[name] for name in ("title", "countries", "categories")}
    changes = [record, few | {"countries": ["CI"]}, record | {"date": "-0043-03-15~/..", "top": False, "image": None}]
    many = [change | {"slug": f"m-{n}", "body": BODIES[n]} for n, change in enumerate(changes)]
    many[0]["sources"] = [{"title": "a; b|c\\", "url": "https://example.org/?a=1;b|c"}, *record["sources"]]
    return [Moment.from_record(each) for each in many]


def brought_back(file: Path, into: Path, countries: Countries) -> list[Moment]:
    found = import_file(file, countries=countries, into=into, country=None, date=None, force=False)
    assert all(isinstance(entry, Imported) for entry in found), [str(entry) for entry in found]
    return [entry.moment for entry in found if isinstance(entry, Imported)]


@pytest.mark.parametrize(("export", "name"), [(export_jsonl, "a.jsonl"), (export_csv, "a.csv")])
def test_what_was_exported_is_imported_as_it_was(
    export: Export, name: str, moments: list[Moment], tmp_path: Path, countries: Countries
) -> None:
    with (tmp_path / name).open("w", encoding="utf-8", newline="") as out:
        export(moments, out)
    assert brought_back(tmp_path / name, tmp_path / "into", countries) == moments


def test_spreadsheets_may_change_the_line_ends(moments: list[Moment], tmp_path: Path, countries: Countries) -> None:
    out = io.StringIO(newline="")
    export_csv(moments, out)
    (tmp_path / "a.csv").write_bytes(("\ufeff" + out.getvalue()).replace("\n", "\r\n").encode())
    assert brought_back(tmp_path / "a.csv", tmp_path / "into", countries) == moments


def test_exported_markdown_is_imported_as_it_was(moments: list[Moment], tmp_path: Path, countries: Countries) -> None:
    assert export_markdown(moments, tmp_path / "out", countries) == 3
    files = content_files([tmp_path / "out"])
    assert [str(file.relative_to(tmp_path)) for file in files] == [
        "out/cote-divoire/m-1.md",
        "out/norway/m-0.md",
        "out/norway/m-2.md",
    ]
    back = [brought_back(file, tmp_path / "into", countries)[0] for file in files]
    assert sorted(back, key=lambda moment: moment.slug) == moments
    again = {file.name: file.read_bytes() for file in content_files([tmp_path / "into"])}
    assert again == {file.name: file.read_bytes() for file in files}


def test_json_lines_hold_the_fields_by_name(moments: list[Moment]) -> None:
    out = io.StringIO()
    export_jsonl(moments, out)
    lines = out.getvalue().rstrip("\n").split("\n")
    assert [json.loads(line) for line in lines] == [moment.to_record() for moment in moments]
    assert list(json.loads(lines[0])) == list(FIELDS)


def test_the_table_has_the_fields_as_header() -> None:
    out = io.StringIO()
    export_csv([], out)
    assert out.getvalue() == ",".join(FIELDS) + "\n"


def test_exporting_again_writes_the_same_and_leaves_no_drafts(
    moments: list[Moment], tmp_path: Path, countries: Countries
) -> None:
    for _ in range(2):
        export_markdown(moments, tmp_path, countries)
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 3
