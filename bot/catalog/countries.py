"""Present and former countries: their codes, names in every language, aliases and flags, and text to country."""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import pycountry
from babel import Locale
from babel.localedata import locale_identifiers

from bot.catalog.matching import country_key, flag, fold, split_camel

REGIONS = ("Africa", "Americas", "Asia", "Europe", "Oceania", "Antarctica")
_CODE = re.compile(r"[A-Z]{2}|[A-Z]{4}|X-[A-Z]{2,16}")
# Names in languages of few speakers that are, once folded, everyday English words ('End' is India in Jola-Fonyi).
_EVERYDAY = frozenset({"Cât", "Chin", "End", "Gene", "Malè", "Mön", "Poo", "Sane", "Sēpia", "Sin"})


class CountryDataError(Exception):
    """The country data cannot be used; one sentence says what is wrong where."""


@dataclass(frozen=True, slots=True)
class Country:
    """A country of today (ISO 3166-1 alpha-2) or of the past (ISO 3166-3 alpha-4, or X- and a name).

    `today` are the codes of the countries that its territory is in now; `region` is one of REGIONS;
    `member` says whether it is a member of the United Nations.
    """

    code: str
    name: str
    flag: str
    former: bool
    today: tuple[str, ...]
    region: str
    member: bool = False


@dataclass(frozen=True, slots=True)
class CountryName:
    """One name of a country; `language` is '' for codes, flags and aliases."""

    code: str
    text: str
    language: str


class Countries:
    """All countries, by code and by name. Iterates over them by code."""

    def __init__(
        self,
        countries: Mapping[str, Country],
        aliases: Mapping[str, tuple[str, ...]],
        not_countries: Collection[str] = (),
    ) -> None:
        self._countries = dict(sorted(countries.items()))
        self._aliases = aliases
        self._not_countries = not_countries

    @classmethod
    def load(cls, toml: Path) -> Self:
        """The standard's countries, with names, aliases and former states of a file. Raises CountryDataError."""
        try:
            data = tomllib.loads(toml.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise CountryDataError(f"{toml} cannot be read ({error}). Restore it or mend that line.") from error
        try:
            countries, aliases = _present(data)
            for entry in data.get("former", ()):
                one = _former(entry)
                countries[one.code] = one
                aliases[one.code] = tuple(map(str, entry.get("aliases", ())))
            not_countries = [str(text) for texts in data.get("not_countries", {}).values() for text in texts]
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise CountryDataError(
                f"{toml} has an entry that cannot be used: {error}. Compare it with its neighbours."
            ) from error
        unknown = {code for one in countries.values() for code in one.today} - countries.keys()
        if unknown:
            raise CountryDataError(f"{toml} names codes that no country has: {', '.join(sorted(unknown))}.")
        return cls(countries, aliases, not_countries)

    def __contains__(self, code: object) -> bool:
        return code in self._countries

    def __iter__(self) -> Iterator[Country]:
        return iter(self._countries.values())

    def __len__(self) -> int:
        return len(self._countries)

    def get(self, code: str) -> Country | None:
        return self._countries.get(code)

    def find(self, text: str) -> Country | None:
        """The country with exactly this code, flag, alias or name, after folding; English before other languages.

        English names may have their words in another order ('Korea, South') or run together ('SouthKorea').
        """
        key = country_key(text)
        code = self._english.get(key) or self._english_words.get(_words(text))
        code = code or (self._every_language.get(key) if key else None)
        return self._countries[code] if code else None

    def names(self) -> Iterator[CountryName]:
        """Every name in every language of CLDR, with codes, flags and aliases; each spelling of a country once."""
        seen: set[tuple[str, str]] = set()
        for name in (*self._plain_names(), *self._translated_names()):
            if (pair := (name.code, country_key(name.text))) not in seen and pair[1]:
                seen.add(pair)
                yield name

    def english(self) -> Iterator[tuple[str, str, bool]]:
        """What each English name, alias, code and flag stands for: key, code, whether it is the country's own name.

        Words that are taken for no country come with an empty code.
        """
        for key, code in self._english.items():
            yield key, code, key == country_key(self._countries[code].name)
        for key in {country_key(text) for text in self._not_countries} - self._english.keys():
            yield key, "", False

    def suggest(self, text: str) -> str | None:
        """The known code that a mistaken code or name comes nearest to."""
        if found := self.find(text):
            return found.code
        near = get_close_matches(country_key(text), self._english, 1, 0.75)
        return self._english[near[0]] if near else None

    @cached_property
    def _english(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for name in self._plain_names():
            found.setdefault(country_key(name.text), name.code)
        return found

    @cached_property
    def _english_words(self) -> dict[frozenset[str], str]:
        found: dict[frozenset[str], str] = {}
        for name in self._plain_names():
            words = _words(name.text)
            if len("".join(words)) > 3:  # 'saint' is not the code ST, nor 't' 'T and T'
                found.setdefault(words, name.code)
        return found

    @cached_property
    def _every_language(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for name in self._translated_names():
            found.setdefault(country_key(name.text), name.code)
        return found

    def _plain_names(self) -> Iterator[CountryName]:
        """Own names and aliases of all countries first, then codes: 'Chad' is a name before it is anything else."""
        for one in self._countries.values():
            yield CountryName(one.code, one.name, "en")
        for code, aliases in self._aliases.items():
            for alias in aliases:
                yield CountryName(code, alias, "")
        for one in self._countries.values():
            yield CountryName(one.code, one.code, "")
            if one.flag:
                yield CountryName(one.code, one.flag, "")
            standard = None if one.former else pycountry.countries.get(alpha_2=one.code)
            if standard is not None:
                yield CountryName(one.code, standard.alpha_3, "")
                for field in ("name", "common_name", "official_name"):
                    if text := getattr(standard, field, None):
                        yield CountryName(one.code, text, "en")

    def _translated_names(self) -> Iterator[CountryName]:
        # Languages before their regional variants: the commonest reading of a name wins.
        seen: set[tuple[str, str]] = set()  # variants repeat most of what their language says
        for language in sorted(locale_identifiers(), key=lambda name: (name.count("_"), name != "en", name)):
            for pair in Locale.parse(language).territories.items():
                if pair not in seen and pair[0] in self._countries and pair[1] not in _EVERYDAY:
                    seen.add(pair)
                    yield CountryName(*pair, language)


def _words(text: str) -> frozenset[str]:
    """The words that tell a name from others, in any order: 'Saint Lucia' has those of 'St. Lucia'."""
    words = fold(split_camel(text)).split()
    return frozenset("st" if word == "saint" else word for word in words) - {"and", "of", "the"}


def _present(data: Mapping[str, Any]) -> tuple[dict[str, Country], dict[str, tuple[str, ...]]]:
    """The countries of ISO 3166-1 (and Kosovo) with what the file says of them."""
    english = Locale.parse("en").territories
    regions = {code: region for region, codes in data["regions"].items() for code in codes.split()}
    written = {str(entry["code"]): entry for entry in data.get("country", ())}
    outside = data["united_nations"]["not_members"].split()
    codes = {one.alpha_2 for one in pycountry.countries} | {"XK"}
    if strange := written.keys() - codes:
        raise ValueError(f"{min(strange)} is no code of a present country")
    countries, aliases = {}, {}
    for code in sorted(codes):
        entry = written.get(code, {})
        if code not in regions:
            raise ValueError(f"{code} has no region")
        name, member = str(entry.get("name", english[code])), code not in outside
        countries[code] = Country(code, name, flag(code), False, (), regions[code], member)  # noqa: FBT003 former
        aliases[code] = (*map(str, entry.get("aliases", ())), english[code])
    return countries, aliases


def _former(entry: Mapping[str, Any]) -> Country:
    code = str(entry["code"])
    if not _CODE.fullmatch(code) or entry["region"] not in REGIONS:
        raise ValueError(f"{code} needs a code like X-PRUSSIA and a region of {', '.join(REGIONS)}")
    name, banner = str(entry["name"]), str(entry.get("flag", ""))
    return Country(code, name, banner, former=True, today=tuple(entry["today"]), region=str(entry["region"]))
