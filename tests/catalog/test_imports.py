import json
from pathlib import Path
from typing import Any

import pytest

from bot.catalog.content import Problem, parse_markdown, to_markdown
from bot.catalog.countries import Countries
from bot.catalog.dates import parse_date
from bot.catalog.files import content_files, read_text
from bot.catalog.imports import Imported, import_file
from bot.catalog.moment import Moment

PAGES = Path(__file__).parents[1] / "pages"


class Import:
    """`import_file` into one folder, with what most tests do not give."""

    def __init__(self, into: Path, countries: Countries) -> None:
        self.into = into
        self.countries = countries

    def __call__(self, path: Path, **given: Any) -> list[Imported] | list[Problem]:  # Any: as import_file has them
        options: dict[str, Any] = {"country": None, "date": None, "force": False}
        return import_file(path, countries=self.countries, into=self.into, **(options | given))

    def good(self, path: Path, **given: Any) -> list[Imported]:
        found = self(path, **given)
        assert all(isinstance(entry, Imported) for entry in found), [str(entry) for entry in found]
        return [entry for entry in found if isinstance(entry, Imported)]

    def bad(self, path: Path, **given: Any) -> list[str]:
        found = self(path, **given)
        assert all(isinstance(entry, Problem) for entry in found), found
        assert found
        return [str(entry).removeprefix(f"{path.parent}/") for entry in found]

    def files(self) -> dict[str, bytes]:
        paths = [path for path in self.into.rglob("*") if path.is_file()] if self.into.exists() else []
        return {str(path.relative_to(self.into)): path.read_bytes() for path in paths}


@pytest.fixture
def imports(tmp_path: Path, countries: Countries) -> Import:
    return Import(tmp_path / "into", countries)


def as_json(path: Path, *records: dict[str, Any]) -> Path:
    path.write_text(json.dumps(records[0] if len(records) == 1 else records, indent=1), encoding="utf-8")
    return path


def test_a_page_becomes_a_file_below_its_country(imports: Import, countries: Countries) -> None:
    [entry] = imports.good(PAGES / "norway-leaves-union.txt", date=parse_date("1905-06-07"))
    assert entry.path == imports.into / "norway" / "norway-leaves-union.md"
    assert (entry.status, entry.moment.slug) == ("written", "norway-leaves-union")
    assert entry.moment.date == parse_date("1905-06-07")
    assert parse_markdown(entry.path, read_text(entry.path), countries) == entry.moment
    assert list(imports.files()) == ["norway/norway-leaves-union.md"]


def test_a_page_without_hashtags_is_named_after_country_and_title(imports: Import) -> None:
    path = PAGES / "ireland-plain.txt"
    assert imports.bad(path) == ["ireland-plain.txt:1: categories: is missing; write it"]
    assert imports.files() == {}


def test_what_is_no_page_is_refused(imports: Import) -> None:
    assert "is no moment page" in imports.bad(PAGES / "letter.txt")[0]


def test_importing_again_leaves_the_file_alone(imports: Import) -> None:
    [entry] = imports.good(PAGES / "norway-leaves-union.txt")
    before = entry.path.stat().st_mtime_ns
    [again] = imports.good(PAGES / "norway-leaves-union.txt")
    assert (again.status, again.path, again.path.stat().st_mtime_ns) == ("unchanged", entry.path, before)


def test_another_moment_is_replaced_only_with_force(imports: Import, tmp_path: Path, record: dict[str, Any]) -> None:
    imports.good(as_json(tmp_path / "a.json", record))
    before = imports.files()
    changed = as_json(tmp_path / "b.json", record | {"title": "Another"})
    assert "--force" in imports.bad(changed)[0]
    assert imports.files() == before
    assert imports.good(changed, force=True)[0].status == "written"
    assert b"title: Another\n" in imports.files()["norway/norway-leaves-union.md"]


def test_a_broken_file_is_replaced_only_with_force(imports: Import, tmp_path: Path, record: dict[str, Any]) -> None:
    path = as_json(tmp_path / "a.json", record)
    [entry] = imports.good(path)
    entry.path.write_bytes(b"\xff")
    assert "--force" in imports.bad(path)[0]
    assert imports.good(path, force=True)[0].status == "written"


def test_a_slug_in_another_folder_counts(imports: Import, tmp_path: Path, record: dict[str, Any]) -> None:
    imports.good(as_json(tmp_path / "a.json", record))
    moved = as_json(tmp_path / "b.json", record | {"countries": ["SE"]})
    assert f"{imports.into}/norway/norway-leaves-union.md" in imports.bad(moved)[0]
    assert imports.good(moved, force=True)[0].path == imports.into / "norway" / "norway-leaves-union.md"
    assert list(imports.files()) == ["norway/norway-leaves-union.md"]


def test_a_slug_in_json_lines_counts(imports: Import, tmp_path: Path, record: dict[str, Any]) -> None:
    imports.into.mkdir()
    (imports.into / "many.jsonl").write_text(json.dumps(record))
    same, other = as_json(tmp_path / "a.json", record), as_json(tmp_path / "b.json", record | {"top": False})
    assert imports.good(same)[0].status == "unchanged"
    assert f"{imports.into}/many.jsonl:1; change it there" in imports.bad(other, force=True)[0]


def test_one_problem_keeps_the_whole_file_out(imports: Import, tmp_path: Path, record: dict[str, Any]) -> None:
    records = [record, record | {"slug": "second", "top": "x"}, record | {"slug": "third", "countries": ["ZZZZ"]}]
    found = imports.bad(as_json(tmp_path / "a.json", *records))
    assert [text.split(": ")[1] for text in found] == ["top", "countries"]
    assert not imports.into.exists()


def test_problems_in_a_json_list_have_the_line_of_their_record(
    imports: Import, tmp_path: Path, record: dict[str, Any]
) -> None:
    path = tmp_path / "a.json"
    path.write_text(f"[\n {json.dumps(record)},\n\n {json.dumps(record | {'top': 'x'})}\n]")
    assert imports.bad(path)[0].startswith("a.json:4: top: ")


def test_a_slug_twice_in_one_file_is_refused(imports: Import, tmp_path: Path, record: dict[str, Any]) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f"{json.dumps(record)}\n{json.dumps(record | {'top': False})}\n")
    assert imports.bad(path) == ["a.jsonl:2: slug: 'norway-leaves-union' is already the slug of line 1; write another"]


def test_a_write_that_fails_leaves_everything_as_it_was(
    imports: Import, tmp_path: Path, record: dict[str, Any]
) -> None:
    imports.good(as_json(tmp_path / "a.json", record))
    before = imports.files()
    (imports.into / "japan").mkdir()
    (imports.into / "japan" / "in-the-way.md").mkdir()  # a folder where the last file should go
    records = [
        record | {"title": "Another"},
        record | {"slug": "new-one", "countries": ["CI"]},
        record | {"slug": "in-the-way", "countries": ["JP"]},
    ]
    [problem] = imports.bad(as_json(tmp_path / "b.json", *records), force=True)
    assert problem.startswith("b.json:1: file: cannot be imported: ")
    assert imports.files() == before
    assert not (imports.into / "cote-divoire").exists()


def test_a_file_where_the_folder_should_be_is_a_problem(
    imports: Import, tmp_path: Path, record: dict[str, Any]
) -> None:
    imports.into.write_text("x")
    assert imports.bad(as_json(tmp_path / "a.json", record))[0].startswith("a.json:1: file: ")


@pytest.mark.parametrize(
    ("given", "countries_after"),
    [("SE", ("SE", "NO")), ("Sweden", ("SE", "NO")), ("NO", ("NO", "SE")), ("Japan", ("JP",))],
)
def test_a_given_country_comes_first(
    given: str, countries_after: tuple[str, ...], imports: Import, tmp_path: Path, record: dict[str, Any]
) -> None:
    [entry] = imports.good(as_json(tmp_path / "a.json", record), country=given)
    assert entry.moment.countries == countries_after


def test_a_given_country_replaces_one_that_cannot_be_read(imports: Import, tmp_path: Path) -> None:
    text = (PAGES / "norway-leaves-union.txt").read_text("utf-8").replace("of Norway |", "of Norwayia |")
    path = tmp_path / "page.txt"
    path.write_text(text, encoding="utf-8")
    assert "Norwayia" in imports.bad(path)[0]
    assert imports.good(path, country="norway")[0].moment.countries == ("NO",)
    assert imports.bad(path, country="Atlantis")[0].startswith("page.txt:1: country: 'Atlantis' is no country")


@pytest.mark.parametrize(
    ("name", "slug"),
    [("my-name.md", "my-name"), ("My notes.md", "norway-leaves-union"), ("x.txt", "norway-leaves-union")],
)
def test_markdown_keeps_its_name_if_that_is_a_slug(
    name: str, slug: str, imports: Import, tmp_path: Path, moment: Moment
) -> None:
    (tmp_path / name).write_text(to_markdown(moment), encoding="utf-8")
    assert imports.good(tmp_path / name)[0].moment.slug == slug


def test_a_table_needs_only_some_columns_in_any_order(imports: Import, tmp_path: Path, record: dict[str, Any]) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "Title,countries,categories,sources,hashtags,body\n"
        f'"A, b",NO; SE,Political;Society,Book|https://example.org;,OneTag,"{record["body"]}"\n\n',
        encoding="utf-8",
    )
    [entry] = imports.good(path)
    assert (entry.moment.title, entry.moment.slug, entry.moment.countries) == ("A, b", "one-tag", ("NO", "SE"))
    assert entry.moment.sources[0].title == "Book"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a,b\n1,2\n", "a.csv:1: header: must name"),
        ("title,title\n1,2\n", "a.csv:1: header: must name"),
        ("title,body\n1,2,3\n", "a.csv:2: row: has 3 cells, the header 2"),
        ('title,body\n"1\n2",3\n"x"y,z\n', "a.csv:2: "),
        ("title,body\n", "a.csv:1: file: holds no moment"),
        ("title,sources\nx,a|b|c\n", "a.csv:2: slug: "),
    ],
)
def test_a_table_that_is_none_says_where(text: str, problem: str, imports: Import, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(text)
    assert imports.bad(tmp_path / "a.csv")[0].startswith(problem.removesuffix("slug: "))


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        ("a.json", b"{", "a.json:1: file: is no JSON"),
        ("a.json", b"5", "a.json:1: record: is no JSON object"),
        ("a.json", b"[]", "a.json:1: file: holds no moment"),
        ("a.json", b"[1,\n2]", "a.json:1: record: "),
        ("a.jsonl", b"{}\n[", "a.jsonl:1: "),
        ("a.md", b"x", "a.md:1: front matter: "),
        ("a.txt", b"x" * 1_000_001, "a.txt:1: file: is larger than 1 MB"),
        ("a.txt", b"\xff", "a.txt:1: file: is no text"),
        ("a.txt", b"", "a.txt:1: file: is empty"),
        ("a.txt", b"[1]", "a.txt:1: record: "),
    ],
)
def test_what_cannot_be_read_is_a_problem(
    name: str, data: bytes, problem: str, imports: Import, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(data)
    assert imports.bad(tmp_path / name)[0].startswith(problem)
    assert not imports.into.exists()


def test_a_file_that_is_not_there_is_a_problem(imports: Import, tmp_path: Path) -> None:
    assert imports.bad(tmp_path / "gone.txt") == ["gone.txt:1: file: cannot be read: No such file or directory"]


def test_what_was_imported_is_content(imports: Import, tmp_path: Path, record: dict[str, Any]) -> None:
    imports.good(as_json(tmp_path / "a.json", record, record | {"slug": "second", "countries": ["CI", "NO"]}))
    found = [str(path.relative_to(imports.into)) for path in content_files([imports.into])]
    assert found == ["cote-divoire/second.md", "norway/norway-leaves-union.md"]
