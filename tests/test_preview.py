"""`moments preview` as a person starts it: over HTTP, in a browser, and with what can go wrong."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CONTENT = Path(__file__).parents[1] / "data" / "moments"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(folder: Path, port: int, *options: str) -> subprocess.Popen[str]:
    env = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    env |= {"MOMENTS_HOME": str(folder / "var"), "MOMENTS_CONTENT": str(CONTENT)}
    command = [sys.executable, "-m", "bot", "preview", "--port", str(port), *options]
    return subprocess.Popen(
        command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    )


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running preview; at the end it must stop cleanly."""
    program = start(tmp_path_factory.mktemp("preview"), free_port())
    assert program.stdout is not None
    line = program.stdout.readline()
    found = re.fullmatch(r"Open (http://127\.0\.0\.1:\d+/#\S+)\n", line)
    if not found:
        program.kill()
        pytest.fail(f"{line!r} {program.communicate()}")
    yield found[1]
    program.send_signal(signal.SIGTERM)
    _, errors = program.communicate(timeout=10)
    assert program.returncode == 0, errors
    assert "Traceback" not in errors


class Page:
    """What the page in the browser does, without the browser."""

    def __init__(self, url: str) -> None:
        self.base, self.capability = url.split("/#")
        self.state: dict[str, Any] = self.call("/api/pages", {})
        self.sequence = 0

    def call(self, path: str, body: dict[str, Any] | None = None) -> Any:
        headers = {"Content-Type": "application/json", "X-Simcord-Capability": self.capability}
        if hasattr(self, "state"):
            headers["X-Simcord-Context"] = self.state["context"]["id"]
        data = json.dumps(body).encode() if body is not None else None
        with urllib.request.urlopen(urllib.request.Request(self.base + path, data, headers), timeout=10) as answer:
            return json.load(answer)

    def act(self, kind: str, **fields: Any) -> Any:
        self.sequence += 1
        return self.call(
            "/api/action",
            {
                "protocol_version": 3,
                "sequence": self.sequence,
                "request_id": f"r{self.sequence}",
                "generation": self.state["context"]["generation"],
                "bot_generation": self.state["botGeneration"],
                "published_revision": self.state["publishedRevision"],
                "kind": kind,
                **fields,
            },
        )


def test_a_command_over_http_is_answered_by_the_real_bot(url: str) -> None:
    page = Page(url)
    [entry] = [one for one in page.call("/api/commands")["entries"] if one["invocation"] == "moment"]
    answer = page.act(
        "run_command",
        command_id=entry["commandId"],
        path=entry["path"],
        schema_fingerprint=entry["schemaFingerprint"],
        options={"name": "mongolia-us-relations"},
    )
    assert not answer["rejected"]
    assert "Ulaanbaatar" in json.dumps(page.call("/api/state"))


def test_a_taken_port_is_one_sentence_and_exit_2(url: str, tmp_path: Path) -> None:
    taken = int(url.split(":")[2].split("/")[0])
    program = start(tmp_path, taken)
    _, errors = program.communicate(timeout=30)
    assert program.returncode == 2
    assert errors.splitlines()[-1].startswith(f"moments: Port {taken} cannot be used")
    assert "Traceback" not in errors


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
async def test_a_person_types_a_command_picks_from_what_is_offered_and_reads_the_answer(url: str) -> None:
    from playwright.async_api import async_playwright, expect

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = await browser.new_context(viewport={"width": 1000, "height": 900}, bypass_csp=True)
        page = await context.new_page()
        await page.goto(url)
        await page.wait_for_function("window.simcordPreview && window.simcordPreview.ready")
        box = page.locator("#channel-composer-input")
        await box.click()
        await box.press_sequentially("/moment", delay=10)
        await page.get_by_text("Show a moment in history by its name").last.wait_for()
        await page.keyboard.press("Enter")
        await page.keyboard.type("mongola us rel", delay=10)
        await page.get_by_text("establish diplomatic relations · January 27, 1987").last.wait_for()
        await page.keyboard.press("Enter")  # takes the first that is offered
        await page.keyboard.press("Enter")  # sends
        heading = page.get_by_role("heading", name="Mongolia and the United States establish diplomatic relations")
        await expect(heading.last).to_be_visible()
        await expect(page.get_by_role("button", name="Explore the moments of Mongolia").last).to_be_visible()
        await browser.close()
