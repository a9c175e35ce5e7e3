"""The screen of a list: five moments a page, how many there are, and by which filters."""

import re
from dataclasses import dataclass, replace
from typing import Any, Self

import discord

from bot.catalog import Query
from bot.catalog.dates import parse_date
from bot.catalog.moment import CATEGORIES
from bot.catalog.page import opening
from bot.catalog.query import MARK_OFF, MARK_ON, Hit, NamedChoice, Page
from bot.locale import Texts
from bot.ui import moment as moment_screen
from bot.ui.host import Host, Interaction, host, texts
from bot.ui.screen import COLOUR, Refusal, Screen, Step, custom_ids, escaped, notice

PAGE_SIZE = 5
MOST_RELATED = 5
LONGEST_TEXT = 90  # of a search: it travels in a custom_id of its own, which Discord limits to 100
_CUSTOM_ID = 100


@dataclass(frozen=True, slots=True)
class Listing:
    """A list and the page of it that is shown. Its text is kept apart: both together would not fit one custom_id."""

    query: Query
    page: int = 1

    def custom_id(self, role: str) -> str | None:
        """`role` keeps apart the buttons of one message that lead to the same list; None if it does not fit."""
        q = self.query
        category = str(CATEGORIES.index(q.category)) if q.category else ""
        parts = (str(self.page), q.country, category, q.hashtag, q.since, q.until, q.day)
        text = f"l{role}|" + "|".join(part or "" for part in parts)
        return text if len(text) <= _CUSTOM_ID else None

    @classmethod
    def read(cls, fields: str, text: str) -> Self:
        """The list of a custom_id and the text beside it."""
        page, country, category, hashtag, since, until, day = (part or None for part in fields.split("|"))
        name = CATEGORIES[int(category)] if category else None
        return cls(Query(text, country, hashtag, name, since, until, day), int(page or 1))


def typed_text(interaction: Interaction) -> str:
    """The search text that the clicked message carries in its page label or its select."""
    return next((i[1:] for i in custom_ids(interaction.message) if i[0] in "qt"), "")


def shown_listing(interaction: Interaction) -> Listing | None:
    """The list that the clicked message shows (the page before its 'next'), or that it would lead back to."""
    for custom_id in custom_ids(interaction.message):
        if custom_id.startswith(("ln|", "lb|")):
            listing = Listing.read(custom_id[3:], typed_text(interaction))
            return listing if custom_id[1] == "b" else replace(listing, page=listing.page - 1)
    return None


class OpenList(Step, discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"l(?P<role>.)\|(?P<fields>.*)"):
    """A button that leads to a page of a list."""

    def __init__(self, listing: Listing, role: str, label: str, *, emoji: str | None = None, off: bool = False) -> None:
        self.listing = listing
        custom_id = listing.custom_id(role)
        super().__init__(
            discord.ui.Button(
                label=label[:80],
                emoji=emoji,
                custom_id=custom_id or f"l{role}|1||||||",
                disabled=off or custom_id is None,
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        text = typed_text(interaction) if match["role"] in "pnb" else ""
        return cls(Listing.read(match["fields"], text), match["role"], "…")

    async def screen(self, interaction: Interaction) -> Screen:
        return await list_screen(host(interaction), texts(interaction), self.listing)


class PageLabel(Step, discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"q(?P<text>.*)"):
    """`2 / 14` between the arrows. It cannot be clicked; its custom_id carries the search text."""

    def __init__(self, text: str, label: str) -> None:
        super().__init__(discord.ui.Button(label=label, custom_id=f"q{text}", disabled=True))

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["text"], "…")


async def list_screen(bot: Host, words: Texts, listing: Listing) -> Screen:
    """The page of a list. Raises Refusal, with what to try instead, if nothing fits."""
    page = await bot.catalog.search(listing.query, page=listing.page, size=PAGE_SIZE)
    pages = max(1, -(-page.total // PAGE_SIZE))
    if page.total and listing.page > pages:  # the catalogue has shrunk since the button was made
        return await list_screen(bot, words, replace(listing, page=pages))
    if not page.total:
        raise Refusal(_nothing(bot, words, listing, page))
    container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=COLOUR)
    container.add_item(discord.ui.TextDisplay(_heading(bot, words, listing.query, page)))
    container.add_item(discord.ui.Separator())
    for hit in page.items:
        button = moment_screen.OpenMoment(hit.moment.slug, label=words("list-read"))
        container.add_item(discord.ui.Section(_row(bot, words, hit), accessory=button))
    screen = Screen(container)
    if page.suggestions:
        screen.add_item(discord.ui.TextDisplay(words("list-did-you-mean")))
        screen.add_item(_instead(listing.query, page.suggestions))
    screen.add_item(_arrows(words, listing, pages))
    return screen


async def related_screen(bot: Host, words: Texts, slug: str) -> Screen:
    """The moments most like one. Raises Refusal if it is gone or nothing is like it."""
    moment = await bot.catalog.get(slug)
    if moment is None:
        raise Refusal(words("gone-moment"))
    found = await bot.catalog.related(slug, MOST_RELATED)
    if not found:
        raise Refusal(words("nothing-related", title=escaped(moment.title)))
    container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=COLOUR)
    heading = words("list-related", title=escaped(moment.title))
    container.add_item(discord.ui.TextDisplay(f"## {heading}\n-# {words('list-related-why')}"))
    container.add_item(discord.ui.Separator())
    for one in found:
        button = moment_screen.OpenMoment(one.slug, label=words("list-read"))
        container.add_item(discord.ui.Section(_row(bot, words, Hit(one, opening(one.body))), accessory=button))
    back = moment_screen.OpenMoment(slug, role="b", label=words("moment-back-to"), emoji="↩️")
    return Screen(container, discord.ui.ActionRow(back))


def _arrows(words: Texts, listing: Listing, pages: int) -> discord.ui.ActionRow[Any]:
    before, after = replace(listing, page=max(listing.page - 1, 1)), replace(listing, page=listing.page + 1)
    return discord.ui.ActionRow(
        OpenList(before, "p", words("list-previous"), emoji="◀️", off=listing.page <= 1),
        PageLabel(listing.query.text, words("list-page", page=listing.page, pages=pages)),
        OpenList(after, "n", words("list-next"), emoji="▶️", off=listing.page >= pages),
    )


def _heading(bot: Host, words: Texts, query: Query, page: Page) -> str:
    names = filter_names(bot, words, query)
    if query.text:
        title, rest = words("list-search", text=escaped(query.text)), list(names.values())
    elif names:
        kind, name = next(iter(names.items()))
        title = (
            words(f"list-{kind}", **{kind: name.lstrip("#")}) if kind not in ("since", "until") else words("list-all")
        )
        rest = [text for other, text in names.items() if other != kind or kind in ("since", "until")]
    else:
        title, rest = words("list-all"), []
    count = words("list-total-more" if page.more else "list-total", total=page.total)
    if rest:
        count = words("list-filters", count=count, filters=words.join(rest))
    lines = [f"## {title}", f"-# {count}"]
    if page.meant:
        lines.append(words("list-meant", typed=escaped(query.text), meant=escaped(page.meant)))
    return "\n".join(lines)


def filter_names(bot: Host, words: Texts, query: Query) -> dict[str, str]:
    """How the filters of a query read, by kind."""
    names: dict[str, str] = {}
    if query.day:
        month, day = query.day.split("-")
        names["day"] = words.day(int(month), int(day))
    if query.country:
        names["country"] = moment_screen.country_name(bot, words, query.country)
    if query.hashtag:
        names["hashtag"] = words("filter-hashtag", hashtag=escaped(query.hashtag))
    if query.category:
        names["category"] = words.category(query.category)
    if query.since:
        names["since"] = words("filter-since", date=words.date(parse_date(query.since)))
    if query.until:
        names["until"] = words("filter-until", date=words.date(parse_date(query.until)))
    return names


def _row(bot: Host, words: Texts, hit: Hit) -> str:
    one = hit.moment
    place = bot.catalog.place(one.countries[0])
    flag = f"{place.flag} " if place and place.flag else ""
    star = " ⭐" if one.top else ""
    passage = escaped_snippet(hit.snippet)
    return f"**{flag}{escaped(one.title)}**{star}\n{words.date(one.date)}\n-# {passage}"


def escaped_snippet(snippet: str) -> str:
    """A passage of a text with the found words in bold and nothing else formatted."""
    marked = escaped(snippet).replace(MARK_ON, "**").replace(MARK_OFF, "**")
    return marked + "**" * (marked.count("**") % 2)


def _nothing(bot: Host, words: Texts, listing: Listing, page: Page) -> Screen:
    query = listing.query
    names = filter_names(bot, words, query)
    shown = escaped(query.text)
    if page.suggestions:
        return notice(words("nothing-search-suggestions", text=shown), _instead(query, page.suggestions))
    if query.text and names:
        return notice(words("nothing-search-filters", text=shown, filters=words.join(list(names.values()))))
    if query.text:
        return notice(words("nothing-search", text=shown))
    if list(names) == ["country"]:
        return notice(words("nothing-country", country=names["country"]))
    if list(names) == ["day"]:
        return notice(words("nothing-day", day=names["day"]))
    return notice(words("nothing-filters", filters=words.join(list(names.values()))))


def _instead(query: Query, texts_to_try: list[str]) -> discord.ui.ActionRow[Any]:
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
    for place, text in enumerate(texts_to_try[:5]):
        row.add_item(SearchInstead(place, replace(query, text=text)))
    return row


class SearchInstead(Step, discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"s\d(?P<state>.*)"):
    """A 'did you mean' button of a search: other words, the same filters."""

    def __init__(self, place: int, query: Query) -> None:
        self.query = query
        fields = (Listing(query).custom_id("s") or "")[3:]
        whole, bare = f"s{place}{fields}|{query.text}", f"s{place}1|||||||{query.text}"
        custom_id = (whole if fields and len(whole) <= _CUSTOM_ID else bare)[:_CUSTOM_ID]
        super().__init__(
            discord.ui.Button(label=query.text[:80], custom_id=custom_id, style=discord.ButtonStyle.primary)
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        *fields, text = match["state"].split("|", 7)
        return cls(0, Listing.read("|".join(fields), text).query)

    async def screen(self, interaction: Interaction) -> Screen:
        return await list_screen(host(interaction), texts(interaction), Listing(self.query))


def name_choices(text: str, kind: str, choices: list[NamedChoice]) -> Screen:
    """'Did you mean' for a country or hashtag: a sentence and a button for each, which opens its moments."""
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
    for place, choice in enumerate(choices[:5]):
        query = Query(country=choice.value) if kind == "country" else Query(hashtag=choice.value)
        label = choice.name if kind == "country" else f"#{choice.name}"
        row.add_item(OpenList(Listing(query), str(place), label))
    return notice(text, row)
