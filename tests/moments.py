"""A small catalogue of our own: a dozen moments with every feature that a screen or a search must cope with."""

from typing import Any

from bot.catalog.moment import Moment

TEXT = (
    "The two sides had talked for months in three cities. On the morning itself the envoys signed in a plain room, "
    "shook hands for the photographers and went back to work. {more}"
)


def record(slug: str, title: str, date: str | None, countries: list[str], **more: Any) -> dict[str, Any]:
    """A record with everything that is needed; `more` overrides."""
    return {
        "slug": slug,
        "title": title,
        "date": date,
        "countries": countries,
        "categories": ["Political"],
        "hashtags": [slug.title().replace("-", "")],
        "body": TEXT.format(more=title),
        "editor": "Test editors",
        "published": "2026-01-02",
        "sources": [{"title": "A source", "url": "https://example.org/source"}],
    } | more


LONG = "\n\n".join(f"Paragraph {n}." + " It took a long time and many people had a hand in it." * 12 for n in range(8))

RECORDS = [
    record(
        "mongolia-us-relations", "Mongolia and the United States establish diplomatic relations", "1987-01-27",
        ["MN", "US"], categories=["Political", "Global Trade"], top=True,
        hashtags=["MongoliaUSRelations", "Diplomacy", "ColdWarEra"],
        body=TEXT.format(more="Trade in cashmere and copper grew slowly at first."),
    ),
    record("mongolia-republic", "Mongolia becomes a people's republic", "1924-11-26", ["MN"], hashtags=["MongoliaRepublic", "ColdWarEra"]),
    record("mongolia-un", "Mongolia joins the United Nations", "1961-10-27", ["MN"], hashtags=["MongoliaUN", "Diplomacy"]),
    record("mongolia-first-election", "Mongolia holds its first free election", "1990-07-29", ["MN"]),
    record("mongolia-space", "Jugderdemidiin Gurragchaa flies into space", "1981-03-22", ["MN", "SUHH"], categories=["Exploration"]),
    record("mongolia-constitution", "Mongolia adopts a democratic constitution", "1992-01-13", ["MN"]),
    record("temujin-great-khan", "Temujin is proclaimed Genghis Khan", "1206~", ["MN"], top=True),
    record("berlin-wall-opens", "The Berlin Wall opens", "1989-11-09", ["DE", "DDDE"], hashtags=["BerlinWall", "ColdWarEra"], top=True),
    record("caesar-killed", "Julius Caesar is killed in Rome", "-0043-03-15", ["IT"], hashtags=["CaesarKilled", "AncientWorld"]),
    record("leap-day-treaty", "A treaty is signed on a leap day", "1960-02-29", ["MA"], hashtags=["LeapDayTreaty"]),
    record("great-canal", "The great canal is dug", "1859-04-25/1869-11-17", ["EG"], categories=["Economy"], body=LONG),
    record("undated-custom", "A custom whose beginning nobody knows", None, ["IS"], categories=["Society"], hashtags=[], editor=None, published=None, sources=[]),
]  # fmt: skip


def moments() -> list[Moment]:
    """The moments of the small catalogue."""
    return [Moment.from_record(one) for one in RECORDS]
