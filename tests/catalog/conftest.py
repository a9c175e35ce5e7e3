from pathlib import Path
from typing import Any

import pytest

from bot.catalog.countries import Countries
from bot.catalog.moment import Moment

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def countries() -> Countries:
    return Countries.load(PROJECT / "data" / "countries.toml")


@pytest.fixture
def record() -> dict[str, Any]:
    """A record with every field filled in."""
    return {
        "slug": "norway-leaves-union",
        "title": "Norway leaves the union with Sweden",
        "date": "1905-06-07",
        "countries": ["NO", "SE"],
        "categories": ["Political", "War & Conflict"],
        "hashtags": ["NorwayLeavesUnion", "Independence"],
        "top": True,
        "body": "The Storting declared that the king in Stockholm no longer reigned in Norway, and both sides agreed.",
        "editor": "Moments editors",
        "published": "2026-11-23",
        "reading_minutes": 2,
        "sources": [{"title": "Wikipedia: June 7", "url": "https://en.wikipedia.org/wiki/June_7"}],
        "image": {"url": "https://example.org/a.png", "alt": "A crowd; flags | songs", "credit": "Anders, 1905"},
    }


@pytest.fixture
def moment(record: dict[str, Any]) -> Moment:
    return Moment.from_record(record)
