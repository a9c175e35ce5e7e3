"""The screen of one moment, and the ways that lead on from it."""

import re
from dataclasses import dataclass, replace
from typing import Any, Self

import discord

from bot.catalog import Query
from bot.catalog.moment import CATEGORIES, Moment
from bot.catalog.query import Choice
from bot.locale import Texts
from bot.ui import listing as lists
from bot.ui.host import Host, Interaction, host, texts
from bot.ui.screen import COLOUR, Refusal, Screen, Step, escaped, notice

# A message of components holds 4,000 characters; the rest of the screen needs up to 1,200 of them.
LONGEST_PAGE = 2_600
MOST_OPTIONS = 25
LONGEST_LABEL = 80


@dataclass(frozen=True, slots=True)
class Draw:
    """A place in a shuffled list of the moments that fit: what 'Another moment' must know to repeat none.

    `seen` is the slug of a moment that was on the screen before the first draw.
    """

    query: Query
    key: int
    place: int
    seen: str = ""


def new_draw(bot: Host, query: Query, *, seen: str = "") -> Draw:
    """The start of a newly shuffled list."""
    return Draw(query, bot.rng.getrandbits(32), 0, seen)


def country_name(bot: Host, words: Texts, code: str, *, today: bool = False) -> str:
    """A country with its flag; a former state, if asked, with what it is today."""
    place = bot.catalog.place(code)
    if place is None:
        return code
    name = f"{place.flag} {place.name}".strip()
    if today and place.former and place.today:
        now = [other.name for one in place.today if (other := bot.catalog.place(one))]
        return words("country-today", country=name, today=words.join(now[:6]))
    return name


def pages_of(body: str) -> list[str]:
    """A text in pieces of at most LONGEST_PAGE characters, cut between paragraphs, else sentences, else words."""
    pages: list[str] = []
    rest = body.strip()
    while len(rest) > LONGEST_PAGE:
        head = rest[:LONGEST_PAGE]
        cut = next((at for mark in ("\n\n", ". ", " ") if (at := head.rfind(mark)) > LONGEST_PAGE // 3), LONGEST_PAGE)
        cut += 1 if head[cut : cut + 2] == ". " else 0
        pages.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*pages, rest]


def moment_screen(
    bot: Host,
    words: Texts,
    moment: Moment,
    *,
    page: int = 1,
    heading: str | None = None,
    back: "lists.Listing | None" = None,
    another: "Draw | None" = None,
) -> Screen:
    """One moment to read. `heading` stands above it; `back` is the list it was opened from; `another` is where
    'Another moment' leads, by default to any.
    """
    pages = pages_of(moment.body)
    page = min(max(page, 1), len(pages))
    parts: list[discord.ui.Item[Any]] = []
    if heading:
        parts.append(discord.ui.TextDisplay(f"-# {heading}"))
    parts.append(discord.ui.TextDisplay(_title(bot, words, moment)))
    parts.append(discord.ui.Separator(visible=False))
    if moment.image and page == 1:
        picture = discord.MediaGalleryItem(
            moment.image.url, description=f"{moment.image.alt} ({moment.image.credit})"[:1024]
        )
        parts.append(discord.ui.MediaGallery(picture))
    parts.append(discord.ui.TextDisplay(pages[page - 1]))
    if len(pages) > 1:
        parts.append(_page_row(words, moment, page, len(pages)))
    parts += [discord.ui.Separator(), discord.ui.TextDisplay(_foot(words, moment))]
    screen = Screen(discord.ui.Container(*parts, accent_colour=COLOUR))
    screen.add_item(discord.ui.ActionRow(MoreBy(bot, words, moment, back.query.text if back else "")))
    another = another or new_draw(bot, Query(), seen=moment.slug)
    screen.add_item(_ways_on(bot, words, moment, back, another))
    return screen


def _title(bot: Host, words: Texts, moment: Moment) -> str:
    place = bot.catalog.place(moment.countries[0])
    flag = f"{place.flag} " if place and place.flag else ""
    facts = [words.date(moment.date), *map(words.category, moment.categories)]
    if moment.top:
        facts.append(words("moment-top"))
    facts.append(words("moment-minutes", minutes=moment.reading_minutes))
    return f"## {flag}{escaped(moment.title)}\n-# {' · '.join(facts)}"


def _foot(words: Texts, moment: Moment) -> str:
    lines = []
    if moment.hashtags:
        lines.append(" ".join(f"#{escaped(tag)}" for tag in moment.hashtags))
    if moment.editor and moment.published:
        lines.append(words("moment-editor-published", editor=escaped(moment.editor), date=words.on(moment.published)))
    elif moment.editor:
        lines.append(words("moment-editor", editor=escaped(moment.editor)))
    links = [f"[{escaped(source.title)}]({source.url.replace(')', '%29')})" for source in moment.sources[:4]]
    if links:
        lines.append(words("moment-sources", links=" · ".join(links)))
    return "\n".join(f"-# {line}" for line in lines) or "-# " + words("moment-minutes", minutes=moment.reading_minutes)


def _page_row(words: Texts, moment: Moment, page: int, pages: int) -> discord.ui.ActionRow[Any]:
    before, after = max(page - 1, 1), min(page + 1, pages)
    return discord.ui.ActionRow(
        OpenMoment(moment.slug, before, "p", label=words("list-previous"), emoji="◀️", off=page == 1),
        OpenMoment(moment.slug, page, "x", label=words("moment-page", page=page, pages=pages), off=True),
        OpenMoment(moment.slug, after, "n", label=words("list-next"), emoji="▶️", off=page == pages),
    )


def _ways_on(
    bot: Host, words: Texts, moment: Moment, back: "lists.Listing | None", another: Draw
) -> discord.ui.ActionRow[Any]:
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
    if back and back.custom_id("b"):
        row.add_item(lists.OpenList(back, "b", words("moment-back"), emoji="↩️"))
    code = moment.countries[0]
    place = bot.catalog.place(code)
    label = words("moment-explore", country=place.name if place else code)
    flag = place.flag if place else None
    row.add_item(lists.OpenList(lists.Listing(Query(country=code)), "e", label, emoji=flag or "🌍"))
    if moment.date and moment.date.anniversary:
        day = "{:02}-{:02}".format(*moment.date.anniversary)
        row.add_item(lists.OpenList(lists.Listing(Query(day=day)), "d", words("moment-same-day"), emoji="📅"))
    row.add_item(Related(moment.slug, words("moment-related")))
    row.add_item(Another(another, words("moment-another")))
    return row


class OpenMoment(
    Step, discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"m(?P<role>.)(?P<page>\d+)\|(?P<slug>[a-z0-9-]+)"
):
    """A button that opens a moment, or another page of it."""

    def __init__(
        self, slug: str, page: int = 1, role: str = "o", *, label: str, emoji: str | None = None, off: bool = False
    ) -> None:
        self.slug = slug
        self.page = page
        button: discord.ui.Button[Any] = discord.ui.Button(
            label=label[:LONGEST_LABEL], emoji=emoji, custom_id=f"m{role}{page}|{slug}", disabled=off
        )
        super().__init__(button)

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["slug"], int(match["page"]), match["role"], label="…")

    async def screen(self, interaction: Interaction) -> Screen:
        bot, words = host(interaction), texts(interaction)
        moment = await bot.catalog.get(self.slug)
        if moment is None:
            raise Refusal(words("gone-moment"))
        return moment_screen(bot, words, moment, page=self.page, back=lists.shown_listing(interaction))


class Another(
    Step, discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"r(?P<fields>[^|]*\|[^|]*\|[^|]*)\|(?P<draw>[^|]*)"
):
    """'Another moment': the next of the shuffled ones, within the filters of `/random`."""

    def __init__(self, draw: Draw, label: str) -> None:
        self.draw = draw
        query = draw.query
        category = str(CATEGORIES.index(query.category)) if query.category else ""
        custom_id = f"r{query.country or ''}|{category}|{query.hashtag or ''}|{draw.key:x}.{draw.place}"
        if draw.seen and len(custom_id) + len(draw.seen) < 100:
            custom_id += f".{draw.seen}"
        super().__init__(discord.ui.Button(label=label, emoji="🎲", custom_id=custom_id[:100]))

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        country, category, hashtag = match["fields"].split("|")
        name = CATEGORIES[int(category)] if category else None
        query = Query(country=country or None, category=name, hashtag=hashtag or None)
        place = re.fullmatch(r"([0-9a-f]+)\.(\d+)(?:\.(.*))?", match["draw"])
        if place:
            return cls(Draw(query, int(place[1], 16), int(place[2]), place[3] or ""), "…")
        return cls(new_draw(host(interaction), query, seen=match["draw"]), "…")

    async def screen(self, interaction: Interaction) -> Screen:
        return await random_screen(host(interaction), texts(interaction), self.draw)


async def random_screen(bot: Host, words: Texts, draw: Draw) -> Screen:
    """The moment of a draw. Raises Refusal if none fits."""
    moment = await bot.catalog.draw(draw.query, draw.key, draw.place)
    if moment and moment.slug == draw.seen:
        draw = replace(draw, place=draw.place + 1)
        moment = await bot.catalog.draw(draw.query, draw.key, draw.place)
    if moment is None:
        names = list(lists.filter_names(bot, words, draw.query).values())
        raise Refusal(words("nothing-filters", filters=words.join(names)) if names else words("gone-moment"))
    return moment_screen(bot, words, moment, another=replace(draw, place=draw.place + 1))


class Related(Step, discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"k(?P<slug>[a-z0-9-]+)"):
    """'More like this': the moments that share most with one."""

    def __init__(self, slug: str, label: str) -> None:
        self.slug = slug
        super().__init__(discord.ui.Button(label=label, emoji="✨", custom_id=f"k{slug}"))

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["slug"], "…")

    async def screen(self, interaction: Interaction) -> Screen:
        return await lists.related_screen(host(interaction), texts(interaction), self.slug)


class MoreBy(Step, discord.ui.DynamicItem[discord.ui.Select[Any]], template=r"t(?P<text>.*)"):
    """A select of the hashtags, categories and countries of a moment; its custom_id carries the text of the list
    that the moment was opened from.
    """

    def __init__(self, bot: Host, words: Texts, moment: Moment | None, text: str) -> None:
        select: discord.ui.Select[Any] = discord.ui.Select(
            custom_id=f"t{text}", placeholder=words("moment-more"), options=_options(bot, words, moment)
        )
        super().__init__(select)

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(host(interaction), texts(interaction), None, match["text"])

    async def screen(self, interaction: Interaction) -> Screen:
        data: Any = interaction.data  # discord.py types it as a union of three payloads
        kind, _, value = str(data["values"][0]).partition(":")
        query = {"h": Query(hashtag=value), "c": Query(country=value)}.get(kind)
        if query is None:
            query = Query(category=CATEGORIES[int(value)])
        return await lists.list_screen(host(interaction), texts(interaction), lists.Listing(query))


def _options(bot: Host, words: Texts, moment: Moment | None) -> list[discord.SelectOption]:
    if moment is None:  # made again for a click: only what was chosen counts
        return []
    options = [
        discord.SelectOption(label=words("moment-more-hashtag", hashtag=tag)[:100], value=f"h:{tag}", emoji="🏷️")
        for tag in moment.hashtags
    ]
    for code in moment.countries[1:]:
        place = bot.catalog.place(code)
        label = words("moment-more-country", country=place.name if place else code)
        options.append(discord.SelectOption(label=label, value=f"c:{code}", emoji=(place and place.flag) or "🌍"))
    for name in moment.categories:
        label = words("moment-more-category", category=words.category(name))
        options.append(discord.SelectOption(label=label, value=f"k:{CATEGORIES.index(name)}", emoji="🗂️"))
    return options[:MOST_OPTIONS]


def choices_screen(words: Texts, text: str, choices: list[Choice]) -> Screen:
    """'Did you mean': a sentence and below it a button for each moment, one a line since titles are long."""
    rows: list[discord.ui.ActionRow[Any]] = []
    for choice in choices[:5]:
        label = words("choice-moment", title=choice.title, date=words.date(choice.date))
        if len(label) > LONGEST_LABEL:
            label = choice.title
        rows.append(discord.ui.ActionRow(OpenMoment(choice.slug, role="c", label=label)))
    return notice(text, *rows)
