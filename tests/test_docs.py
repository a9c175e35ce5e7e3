"""What people forget: settings, commands and texts are documented, the content is fit to ship."""

import itertools
import re
from pathlib import Path

from bot.catalog.content import Problem, read_content
from bot.catalog.countries import Countries
from bot.cli import _parser
from bot.config import SETTINGS
from bot.locale.texts import Locales
from tests.conftest import World

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def test_every_setting_is_explained() -> None:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    explained = {line.split("=")[0] for before, line in itertools.pairwise(lines) if "=" in line and before[:1] == "#"}
    assert explained == set(SETTINGS)


def test_every_command_of_the_command_line_is_in_the_readme() -> None:
    [commands] = [action for action in _parser()._actions if action.dest == "==SUPPRESS=="]
    assert commands.choices is not None
    assert {name for name in commands.choices if f"`moments {name}" not in README} == set()


async def test_every_slash_command_is_in_the_readme(world: World) -> None:
    names = {command.qualified_name for command in world.bot.tree.walk_commands()} - {"daily"}
    assert {name for name in names if f"`/{name}" not in README} == set()


def test_every_text_that_the_program_asks_for_exists_and_every_text_is_asked_for() -> None:
    sources = "\n".join(path.read_text("utf-8") for path in (ROOT / "bot").rglob("*.py"))
    screens = (ROOT / "bot/locale/en/moments.ftl").read_text("utf-8")
    keys = set(re.findall(r"^([a-z][a-z_-]+) =", screens, re.MULTILINE))
    literal = set(re.findall(r"""["']([a-z]+(?:-[a-z_]+)+)["']""", sources))
    families = tuple(re.findall(r'f?"([a-z]+(?:-[a-z]+)*-)(?:\{|")', sources))
    assert {key for key in keys if key not in literal and not key.startswith(families)} == set()
    words = Locales().get("en")
    for key in re.findall(r'words\(\s*"([a-z_-]+[a-z])"', sources):
        assert words._messages.format_value(key) != key


def test_the_content_is_fit_to_ship(countries: Countries) -> None:
    entries = list(read_content([ROOT / "data" / "moments"], countries))
    assert [str(entry) for entry in entries if isinstance(entry, Problem)] == []
    moments = [entry for entry in entries if not isinstance(entry, Problem)]
    assert len(moments) >= 60
    assert len({moment.countries[0] for moment in moments}) >= 30
    assert len({name for moment in moments for name in moment.categories}) == 12
    assert {countries.get(moment.countries[0]).region for moment in moments} >= {  # type: ignore[union-attr]  # checked
        "Africa", "Americas", "Asia", "Europe", "Oceania"
    }  # fmt: skip
    for moment in moments:
        assert moment.sources, moment.slug
        assert moment.date, moment.slug
        assert 80 <= len(moment.body.split()) <= 190, moment.slug


def test_lock_files_name_no_registry() -> None:
    for path in (ROOT / "requirements").glob("*.lock"):
        assert not re.search(r"https?://|index-url|find-links", path.read_text("utf-8")), path
