"""What a schedule posts about: filters that are kept with it."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from bot.catalog import Catalog, Query
from bot.catalog.query import Candidate


@dataclass(frozen=True, slots=True)
class Filters:
    """A moment fits if it has one of the countries, one of the categories and one of the hashtags, where any are
    given, is a Top Moment if `top`, and lies within `since` and `until` (EDTF).
    """

    countries: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    top: bool = False
    since: str | None = None
    until: str | None = None

    def key(self) -> str:
        """The same text for the same filters, in whatever order they were given; `read` makes them of it again."""
        given = {name: sorted(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}
        return json.dumps({name: value for name, value in given.items() if value}, ensure_ascii=False, sort_keys=True)

    @classmethod
    def read(cls, key: str) -> Self:
        """The filters of a key."""
        known = {field.name for field in fields(cls)}
        values: dict[str, Any] = {name: value for name, value in json.loads(key).items() if name in known}
        for name in ("countries", "categories", "hashtags"):
            values[name] = tuple(values.get(name, ()))
        return cls(**values)

    def queries(self) -> Iterator[Query]:
        """The questions whose answers together are the moments that fit, but for `top`."""
        lists = [one or (None,) for one in (self.countries, self.categories, self.hashtags)]
        for country, category, hashtag in itertools.product(*lists):
            yield Query(country=country, category=category, hashtag=hashtag, since=self.since, until=self.until)

    def __bool__(self) -> bool:
        return self != Filters()

    async def candidates(self, catalog: Catalog) -> list[Candidate]:
        """The moments that fit."""
        found = {one.slug: one for query in self.queries() for one in await catalog.candidates(query)}
        return [one for one in found.values() if one.top or not self.top]
