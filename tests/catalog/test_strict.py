"""What `check --strict` finds in moments that are valid, and what `stats` counts."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from bot.catalog.content import Located
from bot.catalog.countries import Countries
from bot.catalog.coverage import as_json, as_tables, measure
from bot.catalog.moment import Moment
from bot.catalog.strict import Style, StyleError, strict_problems
from bot.config import STYLE
from tests.moments import record

SENTENCE = (
    "The envoys of the two sides met in the tent of {} before dawn and did not leave it until the seals were dry. "
)
TITLES = ("", "Envoys seal a treaty at the khan's camp", "A widow opens the first library", "Rain ruins the harvest",
          "Sailors chart the northern strait")  # fmt: skip


def moment(slug: str, number: int, **changes: Any) -> Moment:
    """A moment in which nothing is wrong, unlike those with other numbers."""
    rng = random.Random(number)
    words = ["".join(rng.choices("aeioubdfgklmnprst", k=6)) for _ in range(90)]
    body = " ".join(" ".join(words[start : start + 9]).capitalize() + "." for start in range(0, 90, 9))
    tag = "".join(part.title() for part in slug.split("-"))
    given = record(slug, TITLES[number], f"{1900 + number}-01-27", ["MN"])
    given |= {"body": body, "hashtags": [tag, "Treaties", "Diplomacy"]}
    return Moment.from_record(given | changes)


def problems(*moments: Moment) -> list[str]:
    found = [Located(Path(f"{one.slug}.md"), 1, one) for one in moments]
    return [str(problem) for problem in strict_problems(found, Style.load(STYLE))]


def test_what_is_well_written_has_no_problem() -> None:
    assert problems(moment("first-one", 1), moment("second-one", 2), moment("third-one", 3)) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"body": "Short. " * 20}, "text: has 20 words; write between 70 and 180"),
        ({"title": "A pivotal treaty is sealed by nobody"}, "title: 'pivotal' fills space"),
        ({"body": "It was a testament to much. " + "They went home again. " * 20}, "text: 'testament to' fills space"),
        ({"body": "and then they went on " * 20 + "home."}, "text: has 101 words in a sentence on average"),
        ({"hashtags": ["FirstOne"]}, "hashtags: there are 1; give 3 to 7"),
        ({"hashtags": ["FirstOne", "Treaties", "Diplomacy", "Lonely"]}, "hashtags: only this moment has Lonely"),
        ({"hashtags": ["FirstOne", "Treaty", "Treatys", "Diplomacy"]}, "differs little from"),
        ({"sources": []}, "sources: there is none"),
        ({"sources": [{"title": "W", "url": "https://en.wikipedia.org/wiki/May_3"}]}, "is the page of another day"),
        (
            {"body": "On 3 May 1901 they met. " + "They went home again. " * 20},
            "names days of 1901, but not 1901-01-27",
        ),
    ],
)
def test_each_fault_is_named(changes: dict[str, Any], sentence: str) -> None:
    found = problems(moment("first-one", 1, **changes), moment("second-one", 2), moment("third-one", 3))
    assert any(sentence in problem for problem in found), found


def test_old_style_dates_and_days_of_other_years_are_no_fault() -> None:
    rest = " They went home again." * 20
    assert problems(moment("a", 1, body="On 14 January 1901 in the Julian calendar." + rest), moment("b", 2)) == []
    assert problems(moment("a", 1, body="After 3 May 1901 came 27 January." + rest), moment("b", 2)) == []
    assert problems(moment("a", 1, body="On 14 January 1899 it had begun." + rest), moment("b", 2)) == []


def test_moments_are_compared_with_each_other() -> None:
    first, other = moment("first-one", 1), moment("second-one", 2)
    same_day = moment("third-one", 3, date=first.date.text if first.date else None)
    assert "third-one.md:1: date: 'first-one' is about the same country and day; keep one" in problems(first, same_day)
    titled = moment("third-one", 3, title="Envoys seal a treaty at a khan's camp")
    assert "third-one.md:1: title: is nearly that of 'first-one'; say what differs" in problems(first, titled)
    elsewhere = moment("third-one", 3, title="Envoys seal a treaty at the king's camp", countries=["FR"])
    assert problems(first, elsewhere) == []
    shared = SENTENCE.format("Genghis")
    copied = [moment("a", 1, body=shared + first.body), moment("b", 2, body=other.body + " " + shared)]
    assert any("b.md:1: text: shares 'the envoys of the two sides met" in problem for problem in problems(*copied))


def test_words_that_are_refused_come_from_a_file(tmp_path: Path) -> None:
    with pytest.raises(StyleError, match="cannot be read"):
        Style.load(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_text("filler = []", "utf-8")
    with pytest.raises(StyleError, match="fewest_words"):
        Style.load(tmp_path / "bad.toml")


def test_coverage_counts_days_regions_and_kinds(countries: Countries) -> None:
    moments = [
        moment("mongolia-us-relations", 1, countries=["MN", "US"], top=True),
        moment("gabon-joins-the-united-nations", 2, countries=["GA"]),
        moment("soviet-flight", 3, countries=["SUHH"], date="1961-04"),
        moment("ides", 4, countries=["IT"], date="-0043-03-15"),
    ]
    found = measure(moments, countries)
    assert (found.total, found.top, found.relations, found.admissions, found.elsewhere) == (4, 1, 1, 1, 1)
    assert dict(found.days) == {(1, 27): 2, (3, 15): 1}
    assert found.regions == {"Asia": 1, "Africa": 1, "Europe": 2}
    assert found.centuries[-100] == 1
    assert found.countries["KZ"] == 1  # of the Soviet Union
    assert found.of_their_own["MN"] == found.of_their_own["GA"] == 0
    assert len(found.members) == 193
    facts = json.loads(json.dumps(as_json(found)))
    assert facts["days"]["02-29"] == 0
    assert len(facts["days"]) == 366
    assert "| 100s BCE | 1 |" in as_tables(found)


def test_pictures_are_drawn(countries: Countries, tmp_path: Path) -> None:
    from PIL import Image

    from bot.catalog.charts import SHADES, draw_bars, draw_calendar

    found = measure([moment("first-one", 1)], countries)
    draw_calendar(found, tmp_path / "days.png")
    draw_bars(found, tmp_path / "bars.png")
    with Image.open(tmp_path / "days.png") as image:
        colours = {colour for _, colour in image.getcolors(100_000) or ()}
        assert tuple(bytes.fromhex(SHADES[1][1:])) in colours
    with Image.open(tmp_path / "bars.png") as image:
        assert image.size[0] == 760
