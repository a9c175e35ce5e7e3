from pathlib import Path

import pytest

from bot.catalog.countries import Countries
from bot.catalog.moment import Moment
from bot.catalog.pages import NO_PAGE, parse_page, split_hashtags

PAGES = Path(__file__).parents[1] / "pages"
TEXT = "The Storting declared that the king in Stockholm no longer reigned in Norway, and both sides agreed to it."


def read(name: str, countries: Countries) -> Moment:
    path = PAGES / name
    fields = parse_page(path, path.read_text("utf-8"), countries)
    fields.record["slug"] = path.stem
    found = fields.to_moment(countries)
    assert isinstance(found, Moment), found
    return found


def problems(text: str, countries: Countries) -> list[str]:
    fields = parse_page(Path("page.txt"), text, countries)
    fields.record["slug"] = "page"
    found = fields.to_moment(countries)
    assert isinstance(found, list), found
    return [str(problem) for problem in found]


def page(*lines: str) -> str:
    return "\n".join(["A union ends", *lines, "| Political |", TEXT, "Explore the Life Moments of Norway |"])


def test_a_page_gives_all_its_fields(countries: Countries) -> None:
    found = read("norway-leaves-union.txt", countries)
    assert found.title == "Dissolution of the Union with Sweden"
    assert (found.countries, found.categories, found.top) == (("NO",), ("Political", "Society"), True)
    assert found.hashtags == ("NorwayLeavesUnion", "Independence", "NordicHistory")
    assert (found.editor, str(found.published), found.reading_minutes) == ("Fjord Writers’ Circle", "2024-03-04", 3)
    assert found.body.startswith("On 7 June 1905")
    assert found.body.endswith("Oscar II gave up the Norwegian throne.")


def test_lines_may_come_in_another_order_and_script(countries: Countries) -> None:
    found = read("japan-shinkansen.txt", countries)
    assert found.title == "Bullet trains begin to run between Tokyo and Osaka"
    assert (found.countries, found.categories) == (("JP",), ("Science & Technology", "Economy"))
    assert found.hashtags == ("TokaidoShinkansen", "新幹線", "Railways", "１９６４年")
    assert (found.editor, str(found.published), found.reading_minutes, found.top) == ("編集部", "2024-10-01", 4, False)
    assert found.body.count("\n\n") == 1
    assert found.body.endswith("written #1 by the staff, went to a museum.")


def test_lines_that_are_not_there_are_not_missed(countries: Countries) -> None:
    path = PAGES / "ireland-plain.txt"
    fields = parse_page(path, path.read_text("utf-8"), countries)
    assert set(fields.record) == {"title", "body", "hashtags", "countries"}
    assert (fields.record["countries"], fields.record["hashtags"], fields.problems) == (["IE"], [], [])


def test_windows_line_ends_and_other_logos_change_nothing(countries: Countries) -> None:
    text = (PAGES / "norway-leaves-union.txt").read_text("utf-8")
    plain = parse_page(Path("a"), text, countries).record
    changed = text.replace("MoofLife logo", "Some Other Site logo").replace("\n", " \n")
    assert parse_page(Path("a"), changed, countries).record == plain


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2024-01-05", "2024-01-05"),
        ("January 5, 2024", "2024-01-05"),
        ("5 Jan 2024", "2024-01-05"),
        ("01/05/2024", "2024-01-05"),
        ("13/05/2024", "2024-05-13"),
        ("5.1.2024", "2024-01-05"),
        ("Friday, January 5th, 2024", "2024-01-05"),
        ("2024-01-05T10:30:00Z", "2024-01-05"),
        ("Jan 5, 2024 at 10:30 PM", "2024-01-05"),
        ("05-Jan-2024", "2024-01-05"),
        ("2024/01/05", "2024-01-05"),
        ("", None),
        ("\xa0", None),
    ],
)
def test_published_is_read_in_any_common_form(written: str, day: str | None, countries: Countries) -> None:
    fields = parse_page(Path("a"), page(f"Published:\xa0{written}"), countries)
    assert (fields.record["published"], fields.problems) == (day, [])


@pytest.mark.parametrize("written", ["soon", "1/5/24", "2024", "January 2024", "2024-13-05"])
def test_an_unreadable_published_is_refused_with_its_line(written: str, countries: Countries) -> None:
    found = problems(page(f"Published: {written}"), countries)
    assert len(found) == 1
    assert found[0].startswith("page.txt:2: published: ")


def test_an_unknown_country_is_refused_with_its_line(countries: Countries) -> None:
    found = problems(page().replace("Norway |", "Norwayia |"), countries)
    assert len(found) == 1
    assert found[0].startswith("page.txt:4: countries: 'Norwayia' is no country")
    assert "--country" in found[0]


def test_a_page_without_country_asks_for_it(countries: Countries) -> None:
    found = problems(page().replace("Explore the Life Moments of Norway |", ""), countries)
    assert len(found) == 1
    assert "--country" in found[0]


@pytest.mark.parametrize("name", ["NORWAY", "the Norway", "Norvège", "NO"])
def test_the_country_may_have_any_of_its_names(name: str, countries: Countries) -> None:
    text = page().replace("Norway |", f"{name} | Home")
    assert parse_page(Path("a"), text, countries).record["countries"] == ["NO"]


def test_a_wrong_category_is_explained_in_its_line(countries: Countries) -> None:
    found = problems(page().replace("| Political |", "| Political | Tradee |"), countries)
    assert len(found) == 1
    assert found[0].startswith("page.txt:2: categories: 'Tradee'")


def test_the_date_may_stand_before_the_categories(countries: Countries) -> None:
    fields = parse_page(Path("a"), page().replace("| Political |", "June 7, 1905 | Political |"), countries)
    assert (fields.record["date"], fields.record["categories"]) == ("1905-06-07", ["Political"])


@pytest.mark.parametrize("text", [(PAGES / "letter.txt").read_text("utf-8"), "5 min read", "one line", "#A #B"])
def test_what_is_no_page_is_called_so(text: str, countries: Countries) -> None:
    assert problems(text, countries) == [f"page.txt:1: page: {NO_PAGE}"]


@pytest.mark.parametrize(
    ("text", "body", "tags"),
    [
        ("Text. #A #B", "Text.", ["A", "B"]),
        ("Text.#A#B", "Text.", ["A", "B"]),
        ("Text.\n\n#A, #B,\n#C\n", "Text.", ["A", "B", "C"]),
        ("We are #1 here.", "We are #1 here.", []),
        ("Text.\nHashtags:\n#A ＃Б", "Text.", ["A", "Б"]),
        ("Text #A #a", "Text", ["A"]),
        ("Text #", "Text #", []),
        ("#A", "", ["A"]),
    ],
)
def test_only_hashtags_at_the_end_are_taken_off(text: str, body: str, tags: list[str]) -> None:
    assert split_hashtags(text) == (body, tags)


def test_very_many_hashtags_take_no_time() -> None:
    assert len(split_hashtags("x" + " #a1" * 100_000 + " y")[1]) == 0
