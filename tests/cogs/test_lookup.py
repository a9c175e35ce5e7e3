"""What members see when they look moments up."""

import asyncio
import logging

import pytest

from tests.conftest import World, ids, labels, message_of, text_of
from tests.moments import RECORDS


async def test_a_moment_by_its_name_is_shown_with_everything(world: World) -> None:
    answer = await world.ben.slash(world.channel, "moment", name="mongolia-us-relations")
    text = text_of(answer)
    assert "🇲🇳 Mongolia and the United States establish diplomatic relations" in text
    assert "January 27, 1987" in text  # the simulated client speaks American English
    assert "Political · Global Trade · ⭐ Top Moment · 1 min read" in text
    assert "cashmere" in text
    assert "#MongoliaUSRelations #Diplomacy #ColdWarEra" in text
    assert "Updated by Test editors on January 2, 2026" in text
    assert "[A source](https://example.org/source)" in text
    assert labels(answer) == [
        "Explore the moments of Mongolia",
        "Same day in history",
        "More like this",
        "Another moment",
    ]
    assert not answer.ephemeral


@pytest.mark.parametrize(
    "typed",
    [
        "Mongolia-US-Relations",
        "mongolia and the united states establish diplomatic relations",
        "mongola us relashuns",
        "#MongoliaUSRelations",
        "mongolia us rel",
    ],
)
async def test_a_moment_is_found_however_it_is_typed(world: World, typed: str) -> None:
    answer = await world.ben.slash(world.channel, "moment", name=typed)
    assert "Mongolia and the United States establish" in text_of(answer)


async def test_an_unclear_name_offers_buttons_that_lead_on(world: World) -> None:
    answer = await world.ben.slash(world.channel, "moment", name="mongolia")
    assert "Did you mean one of these?" in text_of(answer)
    assert len(labels(answer)) == 5
    await world.ben.click(message_of(answer), label=labels(answer)[0])
    assert "Explore the moments of Mongolia" in labels(answer)


async def test_a_name_of_nothing_says_what_to_do_next_and_only_to_the_one_who_asked(world: World) -> None:
    answer = await world.ben.slash(world.channel, "moment", name="qqqqqq *bold* <@1> [x](http://evil)")
    assert "I don't know a moment called" in text_of(answer)
    assert "try /search" in text_of(answer)
    assert "*bold*" not in text_of(answer).replace(r"\*bold\*", "")
    assert "[x](" not in text_of(answer).replace(r"\[x](", "")
    assert answer.ephemeral


async def test_private_shows_the_answer_to_one_only(world: World) -> None:
    for command, options in [
        ("moment", {"name": "caesar-killed"}),
        ("search", {"text": "mongolia"}),
        ("country", {"name": "MN"}),
        ("hashtag", {"name": "coldwarera"}),
        ("today", {"date": "27 jan"}),
        ("random", {}),
        ("about", {}),
        ("help", {}),
    ]:
        assert (await world.ben.slash(world.channel, command, private=True, **options)).ephemeral
        assert not (await world.ben.slash(world.channel, command, **options)).ephemeral


async def test_dates_read_as_precisely_as_they_are_known(world: World) -> None:
    for name, shown in [
        ("temujin-great-khan", "about 1206"),
        ("caesar-killed", "March 15, 44 BCE"),
        ("great-canal", "April 25, 1859 to November 17, 1869"),
        ("undated-custom", "date unknown"),
    ]:
        assert shown in text_of(await world.ben.slash(world.channel, "moment", name=name))


async def test_a_long_text_has_pages(world: World) -> None:
    answer = await world.ben.slash(world.channel, "moment", name="great-canal")
    assert "Paragraph 0." in text_of(answer)
    assert "Paragraph 7." not in text_of(answer)
    for _ in range(2):
        await world.ben.click(message_of(answer), label="Next")
    assert "Paragraph 7." in text_of(answer)
    assert "Next" not in labels(answer)


async def test_search_marks_the_words_and_names_the_filters(world: World) -> None:
    answer = await world.ben.slash(
        world.channel, "search", text="cashmere", country="Mongolei", category="Political", since="1980", until="2000"
    )
    text = text_of(answer)
    assert "## Search: cashmere" in text
    assert "1 moment · only 🇲🇳 Mongolia, Political, since 1980, and until 2000" in text
    assert "**cashmere**" in text


async def test_search_pages_and_opens_and_comes_back(world: World) -> None:
    answer = await world.ben.slash(world.channel, "search", text="mongolia")
    assert "7 moments" in text_of(answer)
    message = message_of(answer)
    await world.ben.click(message, label="Next")
    assert labels(answer).count("Read") == 2
    second_page = text_of(answer)
    await world.ben.click(message, custom_id=ids(answer, "mo")[0])
    assert "Back to the list" in labels(answer)
    await world.ben.click(message, label="Back to the list")
    assert text_of(answer) == second_page
    await world.ben.click(message, label="Previous")
    assert labels(answer).count("Read") == 5


async def test_a_misspelt_search_offers_what_was_meant(world: World) -> None:
    answer = await world.ben.slash(world.channel, "search", text="cashmire", country="MN")
    assert "Nothing has cashmire. These are for cashmere." in text_of(answer)
    assert "1 moment · only 🇲🇳 Mongolia" in text_of(answer)
    assert "**cashmere**" in text_of(answer)


async def test_a_search_of_which_no_reading_finds_all_words_offers_fewer(world: World) -> None:
    answer = await world.ben.slash(world.channel, "search", text="cashmere volcano")
    assert "Did you mean one of these?" in text_of(answer)
    assert labels(answer) == ["cashmere"]
    await world.ben.click(message_of(answer), label="cashmere")
    assert "1 moment" in text_of(answer)


@pytest.mark.parametrize(
    "typed", ['"', "AND OR NOT", "a* ^b (", "-", "'; drop table moment; --", "\x00", "*", '""', "😀"]
)
async def test_nothing_that_is_typed_breaks_the_search(
    world: World, typed: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = await world.ben.slash(world.channel, "search", text=typed)
    assert "Nothing found" in text_of(answer)
    assert not caplog.records


@pytest.mark.parametrize("typed", ["Mongolia", "mongola", "Mongolei", "モンゴル", "🇲🇳", ":flag_mn:", "mng", "MN"])
async def test_a_country_is_found_however_it_is_typed(world: World, typed: str) -> None:
    answer = await world.ben.slash(world.channel, "country", name=typed)
    assert "## Moments of 🇲🇳 Mongolia" in text_of(answer)


async def test_a_word_that_is_no_country_is_answered(world: World) -> None:
    answer = await world.ben.slash(world.channel, "country", name="xyzzy")
    assert "I don't know a country called xyzzy" in text_of(answer)


async def test_a_country_without_moments_is_answered(world: World) -> None:
    answer = await world.ben.slash(world.channel, "country", name="Lesotho")
    assert "There are no moments of 🇱🇸 Lesotho yet" in text_of(answer)


@pytest.mark.parametrize("typed", ["ColdWarEra", "#coldwarera", "cold war era", "coldwarer", "COLDWAR"])
async def test_a_hashtag_is_found_however_it_is_typed(world: World, typed: str) -> None:
    answer = await world.ben.slash(world.channel, "hashtag", name=typed)
    assert "## #ColdWarEra\n-# 3 moments" in text_of(answer)


async def test_today_takes_any_form_of_a_day(world: World) -> None:
    for typed in ("27 jan", "January 27", "01-27", "1987-01-27"):
        answer = await world.ben.slash(world.channel, "today", date=typed)
        assert "## On January 27 in history\n-# 1 moment" in text_of(answer)
    assert "No moment on January 1 yet" in text_of(await world.ben.slash(world.channel, "today"))
    assert "I can't read someday as a day" in text_of(await world.ben.slash(world.channel, "today", date="someday"))


async def test_another_shows_all_that_fit_before_any_comes_again(world: World) -> None:
    answer = await world.ben.slash(world.channel, "random", country="Mongolia", category="Political")
    seen = [text_of(answer)]
    for _ in range(5):
        await world.ben.click(message_of(answer), label="Another moment")
        seen.append(text_of(answer))
    assert all("🇲🇳" in text for text in seen)
    assert len(set(seen)) == 6
    await world.ben.click(message_of(answer), label="Another moment")
    assert text_of(answer) == seen[0]


async def test_another_after_a_moment_that_was_asked_for_never_shows_that_one(world: World) -> None:
    answer = await world.ben.slash(world.channel, "moment", name="berlin-wall-opens")
    asked = text_of(answer)
    for _ in range(len(RECORDS) - 1):
        await world.ben.click(message_of(answer), label="Another moment")
        assert text_of(answer) != asked


async def test_more_like_this_lists_what_is_related_and_leads_back(world: World) -> None:
    answer = await world.ben.slash(world.channel, "moment", name="mongolia-us-relations")
    asked = text_of(answer)
    await world.ben.click(message_of(answer), label="More like this")
    assert "## Moments like Mongolia and the United States establish diplomatic relations" in text_of(answer)
    assert labels(answer)[0] == "Read"
    await world.ben.click(message_of(answer), label="Back to the moment")
    assert text_of(answer) == asked


async def test_a_newer_keystroke_ends_the_look_up_of_the_older(world: World) -> None:
    older = world.bot.typing[world.ben.id] = asyncio.create_task(asyncio.Event().wait())
    others = world.bot.typing[world.ann.id] = asyncio.create_task(asyncio.Event().wait())
    choices = await world.ben.autocomplete(world.channel, "moment", "name", "berlin")
    assert choices[0]["value"] == "berlin-wall-opens"
    assert older.cancelled()
    assert not others.done()
    assert list(world.bot.typing) == [world.ann.id]
    others.cancel()


async def test_the_ways_on_from_a_moment(world: World) -> None:
    answer = await world.ben.slash(world.channel, "moment", name="berlin-wall-opens")
    message = message_of(answer)
    await world.ben.select(message, ["h:ColdWarEra"], custom_id="t")
    assert "## #ColdWarEra" in text_of(answer)
    answer = await world.ben.slash(world.channel, "moment", name="berlin-wall-opens")
    await world.ben.click(message_of(answer), label="Explore the moments of Germany")
    assert "## Moments of 🇩🇪 Germany" in text_of(answer)
    answer = await world.ben.slash(world.channel, "moment", name="berlin-wall-opens")
    await world.ben.click(message_of(answer), label="Same day in history")
    assert "## On November 9 in history" in text_of(answer)


async def test_a_click_on_somebody_elses_list_opens_a_private_copy(world: World) -> None:
    answer = await world.ben.slash(world.channel, "country", name="MN")
    before = text_of(answer)
    copy = await world.ann.click(message_of(answer), label="Next")
    assert text_of(answer) == before
    assert copy.ephemeral
    assert "Read" in labels(copy)
    own = await world.ann.click(message_of(copy), custom_id=ids(copy, "mo")[0])
    assert own.followups == []
    assert "Back to the list" in labels(copy)


async def test_buttons_work_after_a_restart(world: World) -> None:
    answer = await world.ben.slash(world.channel, "search", text="mongolia")
    await world.restart()
    await world.ben.click(message_of(answer), label="Next")
    assert labels(answer).count("Read") == 2


async def test_commands_work_in_direct_messages(world: World) -> None:
    user = world.env.create_user("carl")
    world.guild.add_member(user)
    assert "Explore the moments of Italy" in labels(await user.slash("moment", name="caesar-killed"))


async def test_autocomplete_offers_moments_countries_and_hashtags_within_discords_limits(world: World) -> None:
    for command, option, typed, first in [
        ("moment", "name", "mongola us", "mongolia-us-relations"),
        ("moment", "name", "", None),
        ("country", "name", "deutschl", "DE"),
        ("hashtag", "name", "#coldw", "ColdWarEra"),
        ("search", "country", "mongo", "MN"),
        ("random", "hashtag", "diplomacy", "Diplomacy"),
    ]:
        choices = await world.ben.autocomplete(world.channel, command, option, typed)
        assert 0 < len(choices) <= 25
        assert all(0 < len(one["name"]) <= 100 and 0 < len(one["value"]) <= 100 for one in choices)
        if first:
            assert choices[0]["value"] == first
