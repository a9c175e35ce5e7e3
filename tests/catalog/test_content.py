import json
import os
import re
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.catalog.content import Problem, parse_json, parse_markdown, read_content, to_markdown
from bot.catalog.countries import Countries
from bot.catalog.dates import parse_date
from bot.catalog.files import ContentError, FileProblem, content_files, fingerprint, read_text
from bot.catalog.moment import CATEGORIES, Moment, RecordError

BODY = "The Storting declared that the king in Stockholm no longer reigned in Norway, and both sides agreed to it."
FRONT = "title: Norway leaves\ncountries: [NO]\ncategories: [Political]\n"


def markdown(front: str = FRONT, body: str = BODY) -> str:
    return f"---\n{front}---\n{body}\n"


def read(text: str, countries: Countries, name: str = "norway-leaves.md") -> Moment:
    found = parse_markdown(Path(name), text, countries)
    assert isinstance(found, Moment), [str(problem) for problem in found]
    return found


def problems(text: str, countries: Countries, name: str = "a.md") -> list[str]:
    found = parse_markdown(Path(name), text, countries)
    assert isinstance(found, list), found
    return [str(problem) for problem in found]


def write(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text or markdown(), encoding="utf-8")
    return path


def test_everything_in_front_matter_is_text(countries: Countries) -> None:
    found = read(markdown(FRONT + "date: 1206\npublished: 2024-01-05\ntop: yes\nhashtags: [1989, NO]\n"), countries)
    assert (found.countries, found.date, found.top) == (("NO",), parse_date("1206"), True)
    assert (found.hashtags, found.slug, found.body) == (("1989", "NO"), "norway-leaves", BODY)


def test_lists_may_be_written_one_item_a_line(countries: Countries) -> None:
    front = FRONT.replace("[NO]", "\n  - NO\n  - SE") + "sources:\n- title: A\n  url: https://example.org\ndate:\n"
    found = read(markdown(front), countries)
    assert (found.countries, found.sources[0].title, found.date) == (("NO", "SE"), "A", None)


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("title: A: b\n", "a.md:2: front matter: cannot be read (mapping values are not allowed"),
        ("title: a\n\tb: c\n", "a.md:3: front matter: cannot be read (found a tab"),
        ("title: \x01\n", "a.md:2: front matter: cannot be read"),
        ("- a\n", "a.md:2: front matter: holds no 'field: value' lines"),
        (FRONT + "title: B\n", "a.md:5: title: stands there twice, first in line 2"),
        (FRONT + "hashtag: [x]\n", "a.md:5: hashtag: is no field of a moment; did you mean `hashtags`?"),
        (FRONT + "body: x\n", "a.md:5: body: stands below"),
        (FRONT + "slug: b\n", "a.md:5: slug: is 'b', but the file is 'a.md'"),
        (FRONT + "date: 1905-13-01\n", "a.md:5: date: '1905-13-01' has no month"),
        (FRONT + "hashtags: A, B\n", "a.md:5: hashtags: must be a list, such as [A, B]"),
        (FRONT + "\neditor: [a]\n", "a.md:6: editor: must be one text, not a list"),
        (FRONT + "hashtags:\n- [a]\n", "a.md:5: hashtags: must be one text, not a list"),
        (FRONT + "sources:\n- title: a\n\n  url: x\n", "a.md:8: sources.0.url: 'x' is no web address"),
        (FRONT + "sources:\n- title: a\n", "a.md:6: sources.0.url: is missing"),
        (FRONT + "image: https://example.org\n", "a.md:5: image: has 'https://example.org' where url"),
        (FRONT.replace("NO", "ZZZZ"), "a.md:3: countries: 'ZZZZ' is no country code"),
        (FRONT.replace("NO", "Norway"), "a.md:3: countries: 'Norway' is no country code; did you mean NO (Norway)?"),
        (FRONT.replace("Political", "Politics"), "a.md:4: categories: 'Politics' is no category; did you mean"),
        (FRONT.replace("title: Norway leaves", "title:"), "a.md:2: title: is missing"),
    ],
)
def test_a_problem_has_its_line_and_field(front: str, expected: str, countries: Countries) -> None:
    found = problems(markdown(front), countries)
    assert len(found) == 1, found
    assert found[0].startswith(expected)


def test_a_problem_of_the_body_has_the_line_where_it_begins(countries: Countries) -> None:
    assert problems(markdown(body="\n\nshort"), countries)[0].startswith("a.md:8: body: has 5 characters")


def test_all_problems_of_a_file_are_told_at_once_in_order(countries: Countries) -> None:
    front = "title: [x]\ncountries: [ZZZZ]\ncategories: []\nhashtgs: [A]\ntop: perhaps\n"
    lines = [found.split(":")[1] for found in problems(markdown(front, "short"), countries)]
    assert lines == ["2", "3", "4", "5", "6", "8"]


@pytest.mark.parametrize("text", ["no front matter", "---\ntitle: x\n", "-----\ntitle: x\n---\n"])
def test_front_matter_must_be_there(text: str, countries: Countries) -> None:
    assert problems(text, countries)[0].startswith("a.md:1: front matter: ")


@pytest.mark.parametrize(
    "front",
    [
        "a: " + "[" * 100_000,
        "a: " + '["]", ' * 100_000,
        "a: " + "[{a: " * 100_000,
        "- " * 100_000,
        "? " * 100_000,
        "a: &x [*x]",
        "a: " * 100_000,
    ],
    ids=["lists", "lists that look closed", "mappings", "block lists", "keys", "itself", "colons"],
)
def test_yaml_made_to_crash_is_a_problem(front: str, countries: Countries) -> None:
    assert problems(markdown(front + "\n"), countries)


def test_brackets_in_texts_are_not_nesting(countries: Countries) -> None:
    front = FRONT + "editor: " + "[x] " * 40 + "\n"
    assert problems(markdown(front), countries)[0].startswith("a.md:5: front matter")
    quoted = FRONT + 'editor: "' + "[x] " * 40 + '"\n'
    assert read(markdown(quoted), countries).editor == ("[x] " * 40).strip()


def test_a_file_is_written_as_people_write_it(record: dict[str, Any]) -> None:
    record |= {"reading_minutes": 1, "image": None}
    assert to_markdown(Moment.from_record(record)) == (
        "---\n"
        "title: Norway leaves the union with Sweden\n"
        "date: 1905-06-07\n"
        'countries: ["NO", SE]\n'
        "categories: [Political, War & Conflict]\n"
        "hashtags: [NorwayLeavesUnion, Independence]\n"
        "top: true\n"
        "editor: Moments editors\n"
        "published: 2026-11-23\n"
        "sources:\n"
        '  - title: "Wikipedia: June 7"\n'
        "    url: https://en.wikipedia.org/wiki/June_7\n"
        "---\n"
        f"{record['body']}\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        *("A: b", "#a", "- a", "'a'", '"a" b', "a #b", "a:", "{a}", "[a]", "*a", "&a", "!a", "%a", "@a", "`a", "~"),
        *("null", "yes", "1206", "1e3", "a\\b", "\ufeffa", "a\tb", "😀", "a, b", "? a", "-", "=", "<<", "a  b", "---"),
    ],
)
def test_awkward_texts_come_back_as_they_were(text: str, record: dict[str, Any], countries: Countries) -> None:
    record["title"] = record["editor"] = record["sources"][0]["title"] = record["image"]["alt"] = text
    written = to_markdown(Moment.from_record(record))
    assert read(written, countries, "norway-leaves-union.md") == Moment.from_record(record)
    front = yaml.safe_load(written.split("---\n")[1])
    assert (front["title"], front["countries"]) == (text, ["NO", "SE"])


_LINE = st.text(max_size=30)
_BODY = st.text(max_size=60).map(lambda text: f"{BODY} {text} {BODY}")


@given(
    title=_LINE,
    editor=_LINE,
    alt=_LINE,
    tag=_LINE,
    body=_BODY,
    date=st.sampled_from(["-0043-03-15", "../1990", "1206?"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
def test_any_moment_comes_back_as_it_was(
    title: str, editor: str, alt: str, tag: str, body: str, date: str, record: dict[str, Any], countries: Countries
) -> None:
    image = {"url": "https://example.org/?a=b#c", "alt": alt, "credit": title}
    changed = {"title": title, "editor": editor, "hashtags": [tag], "body": body, "date": date, "image": image}
    try:
        moment = Moment.from_record(record | changed)
    except RecordError:
        return
    assert read(to_markdown(moment), countries, "norway-leaves-union.md") == moment
    assert Moment.from_record(json.loads(json.dumps(moment.to_record()))) == moment


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_files_may_come_from_any_editor(tmp_path: Path, ends: str, mark: str) -> None:
    path = tmp_path / "a.md"
    path.write_bytes((mark + markdown()).replace("\n", ends).encode())
    assert read_text(path) == markdown()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"x" * 1_000_001, "larger than 1 MB"),
        (b"a\n\xff\xfe", "no text in UTF-8 (line 2)"),
        ("text".encode("utf-16"), "no text"),
        (b"a\0b", "NUL"),
    ],
)
def test_files_that_are_no_text_say_so(tmp_path: Path, data: bytes, sentence: str) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(data)
    with pytest.raises(FileProblem, match=re.escape(sentence)):
        read_text(path)


def test_files_that_cannot_be_opened_are_problems_and_the_others_are_read(tmp_path: Path, countries: Countries) -> None:
    (tmp_path / "gone.md").symlink_to(tmp_path / "nowhere")
    (tmp_path / "null.md").symlink_to("/dev/null")
    write(tmp_path / "norway.md")
    found = list(read_content([tmp_path], countries))
    assert [str(entry) for entry in found if isinstance(entry, Problem)] == [
        f"{tmp_path}/gone.md:1: file: cannot be read: No such file or directory",
        f"{tmp_path}/null.md:1: file: is no ordinary file",
    ]
    assert [entry.slug for entry in found if isinstance(entry, Moment)] == ["norway"]


def test_content_is_what_people_wrote_for_it(tmp_path: Path) -> None:
    names = ["b/x.md", "a/y.md", "a/z.jsonl", "README.md", "a/LICENSE", "a/notes.txt", ".git/x.md", "a/.y.md.1.new"]
    for name in names:
        write(tmp_path / name)
    wanted = [tmp_path / name for name in ("a/y.md", "a/z.jsonl", "b/x.md")]
    assert content_files([tmp_path]) == wanted
    assert content_files([tmp_path / "b", tmp_path, tmp_path / "a" / "y.md"]) == wanted


@pytest.mark.parametrize("name", ["missing", "notes.txt"])
def test_a_path_that_is_no_content_is_an_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(ContentError, match=name):
        content_files([tmp_path / name])


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    write(tmp_path / "a" / "x.md")
    (tmp_path / "a" / "b").symlink_to(tmp_path)
    assert content_files([tmp_path]) == [tmp_path / "a" / "x.md"]


def test_the_second_of_two_equal_slugs_is_a_problem(tmp_path: Path, countries: Countries, moment: Moment) -> None:
    write(tmp_path / "a" / "norway-leaves-union.md")
    line = json.dumps(moment.to_record())
    write(tmp_path / "b.jsonl", f"{line}\n")
    found = list(read_content([tmp_path], countries))
    assert isinstance(found[0], Moment)
    message = f"'norway-leaves-union' is already the slug of {tmp_path}/a/norway-leaves-union.md:1; choose another"
    assert found[1:] == [Problem(tmp_path / "b.jsonl", 1, "slug", message)]


def test_json_lines_have_problems_by_line(tmp_path: Path, countries: Countries, moment: Moment) -> None:
    good = moment.to_record()
    bad = good | {"top": "x", "countries": ["ZZZZ"]}
    lines = [
        "\ufeff" + json.dumps(good, ensure_ascii=False),
        "",
        "{",
        "[1]",
        json.dumps(bad),
        '{"a": 1, "a": 2}',
        "[" * 99_999,
    ]
    write(tmp_path / "a.jsonl", "\n".join(lines))
    found = list(read_content([tmp_path], countries))
    assert found[0] == moment
    told = [str(entry).removeprefix(f"{tmp_path}/") for entry in found[1:]]
    expected = ["a.jsonl:3: line: is no JSON", "a.jsonl:4: line: is no JSON object", "a.jsonl:5: countries: 'ZZZZ'"]
    expected += ["a.jsonl:5: top: is 'x'", "a.jsonl:6: line: has 'a' twice", "a.jsonl:7: line: is JSON nested"]
    assert [text.startswith(start) for text, start in zip(told, expected, strict=True)] == [True] * 6


def test_a_line_may_have_1_mb_and_the_file_more(tmp_path: Path, countries: Countries, moment: Moment) -> None:
    record = moment.to_record()
    lines = [json.dumps(record | {"slug": f"m-{number}"}) + " " * 300_000 for number in range(5)]
    write(tmp_path / "a.jsonl", "\n".join([*lines, " " * 1_000_001]))
    found = list(read_content([tmp_path], countries))
    assert [entry.slug for entry in found if isinstance(entry, Moment)] == [f"m-{number}" for number in range(5)]
    assert str(found[5]).endswith("more than 1 MB in line 6; write one moment a line")


@pytest.mark.parametrize("text", ["9" * 5000, '{"a":', "NaN x", ""])
def test_json_that_is_none_is_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no JSON|Exceeds"):
        parse_json(text)


def test_the_fingerprint_changes_with_every_change_of_content(tmp_path: Path) -> None:
    first = write(tmp_path / "a" / "x.md")
    seen = [fingerprint([tmp_path])]
    write(tmp_path / "a" / "notes.txt")
    assert fingerprint([tmp_path]) == seen[0]
    write(tmp_path / "a" / "y.md")
    seen.append(fingerprint([tmp_path]))
    os.utime(first, ns=(1, 1))
    seen.append(fingerprint([tmp_path]))
    first.write_text("longer than before " * 99)
    os.utime(first, ns=(1, 1))
    seen.append(fingerprint([tmp_path]))
    first.rename(tmp_path / "a" / "w.md")
    seen.append(fingerprint([tmp_path]))
    (tmp_path / "a" / "w.md").unlink()
    seen.append(fingerprint([tmp_path]))
    assert len(set(seen)) == len(seen)


def test_the_fingerprint_stays_when_the_folder_is_moved(tmp_path: Path) -> None:
    write(tmp_path / "a" / "x.md")
    before = fingerprint([tmp_path / "a"])
    (tmp_path / "a").rename(tmp_path / "b")
    assert fingerprint([tmp_path / "b"]) == before


def test_a_thousand_files_are_read_in_a_second(tmp_path: Path, countries: Countries) -> None:
    for number in range(1000):
        write(tmp_path / f"m-{number}.md")
    started = time.perf_counter()
    assert sum(isinstance(entry, Moment) for entry in read_content([tmp_path], countries)) == 1000
    assert time.perf_counter() - started < 5  # it takes 0.3 s; ten times that is a mistake


def test_every_category_may_be_written_plainly(countries: Countries) -> None:
    front = FRONT.replace("[Political]", f"[{', '.join(CATEGORIES)}]")
    assert read(markdown(front), countries).categories == CATEGORIES
