"""The command line as people and scripts use it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.moments import record

PAGE = """The first bridge over the river

Site logo
Top Moment feature icon
 | Political | Global Trade |
Updated By: The Editors
Published: 5 January 2024
3 min read

The bridge was opened in the morning, with speeches and a band, and by noon carts were crossing it in both directions.

It had taken four years. #FirstBridge #Trade #BridgeBuilding
Explore the Life Moments of Mongolia |
"""

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("cli")
    (made / "content").mkdir()
    rows = [record("first-one", "The first one", "1900-01-27", ["MN"]), record("other-one", "Another", "1950", ["FR"])]
    (made / "content" / "all.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return made


@pytest.fixture(scope="module")
def moments(folder: Path) -> Run:
    def run(*arguments: object, text: str | None = None, **settings: str) -> subprocess.CompletedProcess[str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        env = kept | {"MOMENTS_HOME": str(folder / "var"), "MOMENTS_CONTENT": str(folder / "content")} | settings
        command = [sys.executable, "-m", "bot", *map(str, arguments)]
        done = subprocess.run(
            command, check=False, cwd=folder, env=env, input=text, capture_output=True, encoding="utf-8"
        )
        assert "Traceback" not in done.stderr
        return done

    return run


def test_look_ups_build_what_is_missing_and_print_json(moments: Run, folder: Path) -> None:
    shown = moments("show", "first-one", "--json")
    assert (shown.returncode, json.loads(shown.stdout)["title"]) == (0, "The first one")
    assert (folder / "var" / "catalog.db").exists()
    found = json.loads(moments("search", "envoys", "signed", "--country", "Mongolei", "--json").stdout)
    assert (found["total"], [one["slug"] for one in found["items"]]) == (1, ["first-one"])
    lines = moments("complete", "moment", "-", "--json", text="frist one\nanoth\n").stdout.splitlines()
    assert [json.loads(line)["choices"][0]["value"] for line in lines] == ["first-one", "other-one"]
    assert "first-one" in moments("today", "01-27").stdout
    assert moments("random", "--country", "FR").stdout.startswith("other-one")


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["show", "frist-one"], 1, "Did you mean first-one"),
        (["search", "x", "--since", "someday"], 2, "someday"),
        (["search", "x", "--category", "Cooking"], 2, "There is no category 'Cooking'"),
        (["search", "x", "--country", "Atlantis"], 2, "There is no country 'Atlantis'"),
        (["search", "x", "--page", "0"], 2, "whole number"),
        (["check", "no-such-folder"], 1, "no-such-folder"),
        (["today", "someday"], 2, "someday"),
        (["simulate", "--at", "soon"], 2, "no time of day"),
        (["simulate", "--zone", "London"], 2, "Did you mean Europe/London?"),
        (["simulate", "--weekdays", "someday"], 2, "no weekdays"),
        (["simulate", "--from", "2026-13-01"], 2, "no date to begin with"),
        (["simulate", "--country", "MN, Atlantis"], 2, "There is no country 'Atlantis'"),
        (["simulate", "--days", "0"], 2, "whole number"),
        (["dance"], 2, "invalid choice"),
        (["preview", "--port", "99999"], 2, "Port 99999 cannot be used"),
        (["preview", "--host", "0.0.0.0"], 2, "on this machine only"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_with_the_right_code(
    moments: Run, arguments: list[str], code: int, sentence: str
) -> None:
    done = moments(*arguments)
    assert done.returncode == code
    assert sentence in (done.stdout + done.stderr).splitlines()[-1]


@pytest.mark.parametrize(
    ("settings", "code", "sentence"),
    [
        ({"MOMENTS_CATCH_UP_HOURS": "many"}, 2, "MOMENTS_CATCH_UP_HOURS is 'many'"),
        ({"MOMENTS_LOG_LEVEL": "LOUD"}, 2, "MOMENTS_LOG_LEVEL is 'LOUD'"),
        ({"DISCORD_API_URL": "nowhere", "DISCORD_TOKEN": "x"}, 2, "DISCORD_API_URL is 'nowhere'"),
        ({"MOMENTS_CONTENT": "missing", "DISCORD_TOKEN": "x"}, 1, "missing"),
    ],
)
def test_a_wrong_setting_is_one_sentence(moments: Run, settings: dict[str, str], code: int, sentence: str) -> None:
    done = moments("run", **settings)
    assert done.returncode == code
    assert sentence in done.stderr.splitlines()[-1]


def test_a_broken_content_file_stops_the_start_and_nothing_is_half_written(moments: Run, tmp_path: Path) -> None:
    (tmp_path / "broken.md").write_text("---\ntitle: Half\n---\nshort\n", "utf-8")
    done = moments("run", MOMENTS_CONTENT=str(tmp_path), MOMENTS_HOME=str(tmp_path / "var"), DISCORD_TOKEN="x")
    assert done.returncode == 1
    assert f"{tmp_path}/broken.md:" in done.stdout
    assert list((tmp_path / "var").iterdir()) == []


def test_a_page_is_imported_once_checked_and_exported_again(moments: Run, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_bytes(("\ufeff" + PAGE.replace("\n", "\r\n")).encode())
    (tmp_path / "letter.txt").write_text("Dear all, this is no moment.", "utf-8")
    into = tmp_path / "into"
    files = (tmp_path / "letter.txt", tmp_path / "page.txt")
    first = moments("import", *files, "--date", "27 Jan 1987", "--into", into)
    written = into / "mongolia" / "first-bridge.md"
    assert first.returncode == 1  # the letter is refused, the page is not
    assert "letter.txt:1: " in first.stderr
    assert first.stdout == f"{written}: written\n"
    assert moments("import", files[1], "--date", "1987-01-27", "--into", into).stdout == f"{written}: unchanged\n"
    again = moments("import", files[1], "--date", "1988", "--into", into)
    assert (again.returncode, "--force" in again.stderr) == (1, True)
    assert moments("check", into).returncode == 0
    exported = json.loads(moments("export", into).stdout)
    assert exported["categories"] == ["Political", "Global Trade"]
    assert (exported["top"], exported["published"], exported["reading_minutes"]) == (True, "2024-01-05", 3)
    assert (exported["date"], exported["hashtags"]) == ("1987-01-27", ["FirstBridge", "Trade", "BridgeBuilding"])


def test_simulate_prints_each_post_of_a_schedule(moments: Run) -> None:
    given = ("simulate", "--zone", "europe/london", "--at", "01:30", "--from", "2026-03-28", "--days", "3")
    rows = [json.loads(line) for line in moments(*given, "--json").stdout.splitlines()]
    assert [(row["local_date"], row["instant"]) for row in rows] == [
        ("2026-03-28", "2026-03-28T01:30:00Z"),
        ("2026-03-29", "2026-03-29T01:00:00Z"),  # the clocks skip 1:30
        ("2026-03-30", "2026-03-30T00:30:00Z"),
    ]
    assert {row["slug"] for row in rows} == {"first-one", "other-one"}
    shown = moments(*given, "--weekdays", "sun", "--country", "MN, FR", "--until", "1920").stdout
    assert shown.splitlines() == ["2026-03-29 Sun 02:00 BST  2026-03-29T01:00:00Z  first-one  The first one"]
