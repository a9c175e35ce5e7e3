"""What the content covers: which days of the year, countries, regions, centuries and categories."""

import calendar
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.catalog.countries import Countries, Country
from bot.catalog.dates import Precision
from bot.catalog.moment import CATEGORIES, Moment

NORTH_AMERICA = frozenset({"US", "CA", "MX", "GL", "BM", "PM"})
# Moments of one kind are told by their names (docs/writing.md).
_RELATIONS = re.compile(r"-us(?:-|$)")
_ADMISSION = re.compile(r"-joins?-the-united-nations$")
DAYS_IN = [calendar.monthrange(2024, month)[1] for month in range(1, 13)]
FEW_A_DAY, FEW_A_COUNTRY = 2, 3


@dataclass(slots=True)
class Coverage:
    """Counts of moments. A region counts a moment by its own (first) country, a country also as another one."""

    total: int = 0
    top: int = 0
    relations: int = 0
    admissions: int = 0
    elsewhere: int = 0  # that touch neither Europe nor North America
    days: Counter[tuple[int, int]] = field(default_factory=Counter)
    regions: Counter[str] = field(default_factory=Counter)
    centuries: Counter[int] = field(default_factory=Counter)
    categories: Counter[str] = field(default_factory=Counter)
    countries: Counter[str] = field(default_factory=Counter)
    of_their_own: Counter[str] = field(default_factory=Counter)  # neither of relations nor an admission
    known: dict[str, Country] = field(default_factory=dict)

    @property
    def members(self) -> list[Country]:
        """The members of the United Nations."""
        return [one for one in self.known.values() if one.member]


def measure(moments: Iterable[Moment], countries: Countries) -> Coverage:
    """Count what some moments cover."""
    found = Coverage(known={one.code: one for one in countries})
    for one in moments:
        _add(found, one)
    return found


def _add(found: Coverage, one: Moment) -> None:
    found.total += 1
    found.top += one.top
    relations, admission = bool(_RELATIONS.search(one.slug)), bool(_ADMISSION.search(one.slug))
    found.relations += relations
    found.admissions += admission
    present = {code for given in one.countries for code in (given, *found.known[given].today)}
    found.countries.update(present)
    if not relations and not admission:
        found.of_their_own.update(present)
    regions = {found.known[code].region for code in one.countries}
    found.elsewhere += "Europe" not in regions and not NORTH_AMERICA.intersection(one.countries)
    found.regions[found.known[one.countries[0]].region] += 1
    found.categories.update(one.categories)
    if one.date is not None:
        found.centuries[_century(one.date.start.year)] += 1
        if one.date.anniversary and one.date.precision is Precision.DAY:
            found.days[one.date.anniversary] += 1


def _century(year: int) -> int:
    """The first year of a century's hundred: 1900 for 1987, -100 for 44 BCE (year -43)."""
    return year // 100 * 100


def as_tables(found: Coverage) -> str:
    """Markdown."""
    total = max(found.total, 1)
    thin = [one for one in found.members if found.countries[one.code] < FEW_A_COUNTRY]
    nothing = [one for one in found.members if not found.of_their_own[one.code]]
    rare_days = [f"{month:02}-{day:02}" for month, day in all_days() if found.days[month, day] < FEW_A_DAY]
    rows = [
        ("moments", f"{found.total:,}"),
        ("Top Moments", str(found.top)),
        ("relations with the United States and admissions to the United Nations",
         _share(found.relations + found.admissions, total)),
        ("touch neither Europe nor North America", _share(found.elsewhere, total)),
        ("before 1800", str(sum(count for start, count in found.centuries.items() if start < 1800))),
        ("from 2000 on", str(sum(count for start, count in found.centuries.items() if start >= 2000))),
        (f"days of the year with fewer than {FEW_A_DAY}", _named(rare_days)),
        (f"members of the United Nations with fewer than {FEW_A_COUNTRY}", _named([one.name for one in thin])),
        ("members without one of their own", _named([one.name for one in nothing])),
    ]  # fmt: skip
    most = sorted(found.countries.items(), key=lambda pair: (-pair[1], pair[0]))[:20]
    return "\n\n".join(
        (
            _table("coverage", rows),
            _table("region (of the own country)", [(n, _share(c, total)) for n, c in found.regions.most_common()]),
            _table(
                "century", [(century_name(start), str(found.centuries[start])) for start in sorted(found.centuries)]
            ),
            _table("category", [(name, str(found.categories[name])) for name in CATEGORIES]),
            _table("month", [(calendar.month_name[m], _month(found, m)) for m in range(1, 13)]),
            _table("country", [(found.known[code].name, str(count)) for code, count in most]),
        )
    )


def all_days() -> list[tuple[int, int]]:
    """Month and day of the 366 days."""
    return [(month, day) for month, days in enumerate(DAYS_IN, 1) for day in range(1, days + 1)]


def century_name(start: int) -> str:
    """`1900s`, `1 to 99`, `100s BCE`."""
    if start == 0:
        return "1 to 99"
    return f"{start}s" if start >= 0 else f"{-start}s BCE"


def _month(found: Coverage, month: int) -> str:
    counts = [found.days[month, day] for day in range(1, DAYS_IN[month - 1] + 1)]
    return f"{sum(counts)}, {min(counts)} to {max(counts)} a day"


def _named(names: Sequence[str]) -> str:
    return f"{len(names)}" + (f": {', '.join(names[:12])}{' …' if len(names) > 12 else ''}" if names else "")


def _share(count: int, total: int) -> str:
    return f"{count} ({100 * count / total:.1f} %)"


def _table(name: str, rows: Iterable[tuple[str, str]]) -> str:
    return "\n".join((f"| {name} | |", "|---|--:|", *(f"| {key} | {value} |" for key, value in rows)))


def as_json(found: Coverage) -> dict[str, Any]:  # Any: JSON
    """All counts."""
    return {
        "moments": found.total,
        "top": found.top,
        "relations": found.relations,
        "admissions": found.admissions,
        "elsewhere": found.elsewhere,
        "days": {f"{month:02}-{day:02}": found.days[month, day] for month, day in all_days()},
        "regions": dict(found.regions),
        "centuries": {str(start): found.centuries[start] for start in sorted(found.centuries)},
        "categories": {name: found.categories[name] for name in CATEGORIES},
        "members": {one.code: found.countries[one.code] for one in found.members},
        "members_own": {one.code: found.of_their_own[one.code] for one in found.members},
    }
