"""Time zones as people call them: by city, country or common name."""

import asyncio
import functools
import zoneinfo
from importlib import resources

from bot.catalog.matching import fold
from bot.locale import Texts
from bot.ui.host import Host
from bot.ui.screen import Refusal, escaped

# What people look for first, when they have not typed anything yet.
COMMON = (
    "UTC", "Europe/London", "Europe/Berlin", "America/New_York", "America/Chicago", "America/Los_Angeles",
    "America/Sao_Paulo", "Africa/Lagos", "Africa/Johannesburg", "Europe/Moscow", "Asia/Dubai", "Asia/Kolkata",
    "Asia/Singapore", "Asia/Shanghai", "Asia/Tokyo", "Asia/Ulaanbaatar", "Australia/Sydney", "Pacific/Auckland",
)  # fmt: skip
# Names that are in no zone's name. A clock that changes with the seasons is meant by both of its names.
NAMES = {
    "gmt": "Europe/London", "bst": "Europe/London", "british time": "Europe/London", "uk time": "Europe/London",
    "wet": "Europe/Lisbon", "cet": "Europe/Paris", "cest": "Europe/Paris", "central european time": "Europe/Paris",
    "eet": "Europe/Helsinki", "eest": "Europe/Helsinki", "eastern european time": "Europe/Helsinki",
    "msk": "Europe/Moscow", "moscow time": "Europe/Moscow", "eastern time": "America/New_York",
    "est": "America/New_York", "edt": "America/New_York", "et": "America/New_York", "central time": "America/Chicago",
    "cst": "America/Chicago", "cdt": "America/Chicago", "mountain time": "America/Denver", "mst": "America/Denver",
    "mdt": "America/Denver", "pacific time": "America/Los_Angeles", "pst": "America/Los_Angeles",
    "pdt": "America/Los_Angeles", "pt": "America/Los_Angeles", "alaska time": "America/Anchorage",
    "hawaii": "Pacific/Honolulu", "brasilia time": "America/Sao_Paulo", "ist": "Asia/Kolkata",
    "indian time": "Asia/Kolkata", "delhi": "Asia/Kolkata", "mumbai": "Asia/Kolkata", "bangalore": "Asia/Kolkata",
    "beijing": "Asia/Shanghai", "china time": "Asia/Shanghai", "jst": "Asia/Tokyo", "japan time": "Asia/Tokyo",
    "kst": "Asia/Seoul", "sgt": "Asia/Singapore", "hkt": "Asia/Hong_Kong", "gulf time": "Asia/Dubai",
    "abu dhabi": "Asia/Dubai", "aest": "Australia/Sydney", "aedt": "Australia/Sydney", "canberra": "Australia/Sydney",
    "awst": "Australia/Perth", "nzst": "Pacific/Auckland", "nzdt": "Pacific/Auckland", "wellington": "Pacific/Auckland",
    "sast": "Africa/Johannesburg", "cape town": "Africa/Johannesburg", "wat": "Africa/Lagos", "eat": "Africa/Nairobi",
    "cat": "Africa/Maputo", "utc": "UTC", "z": "UTC", "universal time": "UTC", "san francisco": "America/Los_Angeles",
    "boston": "America/New_York", "washington": "America/New_York", "miami": "America/New_York",
    "munich": "Europe/Berlin", "hamburg": "Europe/Berlin", "frankfurt": "Europe/Berlin", "milan": "Europe/Rome",
    "barcelona": "Europe/Madrid", "edinburgh": "Europe/London", "saint petersburg": "Europe/Moscow",
}  # fmt: skip
# The zone of most people who use Discord in a language.
OF_LOCALE = {
    "da": "Europe/Copenhagen", "de": "Europe/Berlin", "en-GB": "Europe/London", "es-ES": "Europe/Madrid",
    "es-419": "America/Mexico_City", "fr": "Europe/Paris", "hr": "Europe/Zagreb", "it": "Europe/Rome",
    "lt": "Europe/Vilnius", "hu": "Europe/Budapest", "nl": "Europe/Amsterdam", "no": "Europe/Oslo",
    "pl": "Europe/Warsaw", "pt-BR": "America/Sao_Paulo", "ro": "Europe/Bucharest", "fi": "Europe/Helsinki",
    "sv-SE": "Europe/Stockholm", "vi": "Asia/Ho_Chi_Minh", "tr": "Europe/Istanbul", "cs": "Europe/Prague",
    "el": "Europe/Athens", "bg": "Europe/Sofia", "ru": "Europe/Moscow", "uk": "Europe/Kyiv", "hi": "Asia/Kolkata",
    "th": "Asia/Bangkok", "zh-CN": "Asia/Shanghai", "ja": "Asia/Tokyo", "zh-TW": "Asia/Taipei", "ko": "Asia/Seoul",
    "id": "Asia/Jakarta",
}  # fmt: skip


@functools.cache
def _tables() -> tuple[dict[str, list[str]], list[str]]:
    """The zones of each country, those of most people first, and all zones; reads some hundred files."""
    of_country: dict[str, list[str]] = {}
    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    for line in table.splitlines():
        if not line.startswith("#"):
            code, _, name, *_ = line.split("\t")
            of_country.setdefault(code, []).append(name)
    known = zoneinfo.available_timezones()
    plain = sorted(name for name in known if not name.startswith(("Etc/", "SystemV/", "posix/", "right/")))
    return of_country, plain


async def find_zones(bot: Host, text: str) -> list[str]:
    """Zones for what has been typed, best first; the usual ones for nothing."""
    key = fold(text)
    if not key:
        return list(COMMON)
    of_country, every = await asyncio.to_thread(_tables)
    cities = {name: fold(name.split("/")[-1]) for name in every}
    found = [name for name in every if key in (fold(name), cities[name])]
    found.sort(key=lambda name: "/" not in name)  # 'Singapore' is Asia/Singapore
    found[:0] = [NAMES[key]] if key in NAMES else []
    if len(key) > 1:
        found += [zone for name, zone in NAMES.items() if name.startswith(key)]
        found += [name for name in every if f" {key}" in f" {fold(name)}"]
        country = await bot.catalog.complete_country(text, limit=3)
        found += [zone for place in country for zone in of_country.get(place.value, ())]
        found += [name for name in every if key in fold(name)]
    known = set(every)
    return [name for name in dict.fromkeys(found) if name in known]


async def need_zone(bot: Host, words: Texts, text: str) -> str:
    """The one zone that is meant by a name, a city, or a country with a single zone. Raises Refusal."""
    key = fold(text)
    found = await find_zones(bot, text) if key else []
    exact = [name for name in found if key in (fold(name), fold(name.split("/")[-1]))]
    if key in NAMES or exact:
        return found[0]
    of_country, _ = await asyncio.to_thread(_tables)
    country = (await bot.catalog.find_country(text)).value if key else None
    own = of_country.get(country or "", [])
    if len(own) == 1:
        return own[0]
    if len(found) == 1:
        return found[0]
    if found:
        raise Refusal(words("unclear-zone", text=escaped(text), zones=words.join(found[:3])))
    raise Refusal(words("unknown-zone", text=escaped(text)))


async def default_zone(bot: Host, guild_id: int, locale: str) -> str | None:
    """The zone that was last set in a server, else that of its language; None if that is spoken everywhere."""
    return await bot.roster.last_zone(guild_id) or OF_LOCALE.get(locale)
