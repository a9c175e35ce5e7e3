"""How typed text is compared with names and titles: fold it, then rank the candidates."""

import functools
import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_FLAG_CODE = re.compile(r":flag_([a-z]{2}):")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_NUMBER = re.compile(r"\d+")
# Marks that make another letter of Japanese ones: \u30b4 (go) is not \u30b3 (ko).
_VOICED = "\u3099\u309a"
# Letters that no Unicode decomposition turns into their plain spelling, as people type them.
_SPELLED = str.maketrans(
    {
        "ø": "o",
        "Ø": "o",
        "ł": "l",
        "Ł": "l",
        "đ": "d",
        "Đ": "d",
        "æ": "ae",
        "Æ": "ae",
        "œ": "oe",
        "Œ": "oe",
        "ı": "i",
        "’": "",
        "'": "",
    }
)


def _neighbours() -> Iterator[tuple[str, str]]:
    rows = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    for row in rows:
        yield from itertools.pairwise(row)
    for upper, lower in itertools.pairwise(rows):  # each row is half a key to the right of the one above
        yield from zip(upper, lower, strict=False)
        yield from zip(upper[1:], lower, strict=False)


# Pairs of letters side by side on a keyboard, either way round.
_NEIGHBOURS = frozenset(pair for one in _neighbours() for pair in (one, one[::-1]))
_VOWELS = frozenset("aeiouy")
# Where a name is so like a text as it stands (0 to 100), other orders of the words are not looked at.
PLAINLY_ALIKE = 90.0


def fold(text: str) -> str:
    """The words of a text without case, accents and punctuation, with one space between: what is compared.

    Any script; vowel signs that carry meaning (Devanagari, Thai) stay.
    """
    if text.isascii():
        return _NOT_WORD.sub(" ", text.replace("'", "").lower()).strip()
    plain = unicodedata.normalize("NFKD", text.translate(_SPELLED)).casefold()
    letters = (char for char in plain if not unicodedata.combining(char) or char in _VOICED)
    kept = "".join(char if char.isalnum() or _is_vowel_sign(char) else " " for char in letters)
    return " ".join(unicodedata.normalize("NFC", kept).split())


def _is_vowel_sign(char: str) -> bool:
    return unicodedata.category(char) in ("Mn", "Mc")


def split_camel(text: str) -> str:
    """``ColdWarEra`` as ``Cold War Era``; capitals in a row stay one word (``MongoliaUSRelations``)."""
    return _CAMEL.sub(" ", text)


def hashtag_key(text: str) -> str:
    """The one spelling of a hashtag, however it is typed: ``#ColdWarEra`` and ``cold war era`` are ``coldwarera``."""
    return fold(text).replace(" ", "")


def country_key(text: str) -> str:
    """What names of countries are compared by: flags as they are, `:flag_mn:` as the flag, all else folded, without
    an English article in front.
    """
    if match := _FLAG_CODE.fullmatch(text.strip().lower()):
        return flag(match[1])
    return fold(text).removeprefix("the ") or text.strip()


def flag(code: str) -> str:
    """The flag emoji of a two-letter country code."""
    return "".join(chr(ord(letter) - ord("A") + 0x1F1E6) for letter in code.upper())


def closest(text: str, keys: Sequence[str] | Sequence[bytes], *, limit: int, cutoff: float) -> list[tuple[int, float]]:
    """Positions of the keys most like a text and how alike they are (0 to 100), best first.

    Keys may be UTF-8, which saves making a text of each. Cost: 0.1 ms for a thousand.
    """
    found = process.extract(_like(text, keys), keys, scorer=fuzz.ratio, limit=limit, score_cutoff=cutoff)
    return [(position, score) for _, score, position in found]


def _like(text: str, keys: Sequence[str] | Sequence[bytes]) -> str | bytes:
    return text.encode() if keys and isinstance(keys[0], bytes) else text


def likeness(text: str, name: str) -> float:
    """How alike a query, whole or half typed, and a whole name are, 0 to 100, whatever the order of the words."""
    return max(_in_order(text, name), _in_any_order(text, name))


def _in_order(text: str, name: str) -> float:
    length = len(text)
    whole, cut = fuzz.ratio(text, name), fuzz.ratio(text, name[:length])
    return max(whole, cut - 1, fuzz.ratio(text, name[: length + 1]) - 1)


def _in_any_order(text: str, name: str) -> float:
    return max(fuzz.token_sort_ratio(text, name) - 2, 0.95 * fuzz.token_set_ratio(text, name) - 3)


def likenesses(text: str, things: Sequence[Sequence[str]]) -> list[float]:
    """How alike a text and each of some things are, by the nearest of the names of each; 0 without names.

    If one is plainly meant as it stands, the words of the others are not compared in any order: that takes twice
    the time of all else.
    """
    found = [max((_in_order(text, name) for name in names), default=0.0) for names in things]
    if max(found, default=PLAINLY_ALIKE) >= PLAINLY_ALIKE:
        return found
    others = (max((_in_any_order(text, name) for name in names), default=0.0) for names in things)
    return list(map(max, found, others))


def numbers_agree(text: str, name: str) -> bool:
    """Whether every number in a text is in a name too; one at the end may be half typed."""
    wanted, half = _numbers_of(text)
    if not wanted and not half:
        return True
    present = _NUMBER.findall(name)
    return all(number in present for number in wanted) and any(number.startswith(half) for number in present)


@functools.lru_cache(maxsize=16)
def _numbers_of(text: str) -> tuple[list[str], str]:
    """The numbers in a text, and that at its end, which may be half typed."""
    numbers = _NUMBER.findall(text)
    half = numbers.pop() if numbers and text[-1].isdigit() else ""
    return numbers, half


def misspelt(text: str, keys: Sequence[str], *, most: float) -> list[tuple[int, float]]:
    """Positions of the keys that are at most so many slips away from a text, and how many.

    A slip is a letter left out, added, swapped with the next or hit beside its key. Letters doubled and vowels
    mistaken are smaller ones; any other wrong letter is a bigger one, and so is a wrong first letter.
    """
    near = process.extract(text, keys, scorer=OSA.distance, score_cutoff=int(most) + 1, limit=None)
    found = ((position, _slips(text, key)) for key, _, position in near)
    return [(position, cost) for position, cost in found if cost <= most]


def _slips(text: str, key: str) -> float:
    """Damerau's distance of two words, each step at its price."""
    before: list[float] = []
    last: list[float] = []
    row = list(itertools.accumulate((_extra(key, at) for at in range(len(key))), initial=0.0))
    for i, typed in enumerate(text):
        before, last, row = last, row, [row[0] + _extra(text, i)]
        for j, letter in enumerate(key):
            costs = [last[j + 1] + _extra(text, i), row[j] + _extra(key, j), last[j] + _wrong(typed, letter)]
            if i and j and (typed, text[i - 1]) == (key[j - 1], letter):
                costs.append(before[j - 1] + 1)
            row.append(min(costs))
    same_start = text[:1] == key[:1] or text[:2] == key[1::-1]
    return row[-1] + (0 if same_start else 0.5)


def _extra(word: str, at: int) -> float:
    return 0.5 if at and word[at] == word[at - 1] else 1.0


def _wrong(typed: str, meant: str) -> float:
    if typed == meant:
        return 0.0
    if typed in _VOWELS and meant in _VOWELS:
        return 0.6
    return 1.0 if (typed, meant) in _NEIGHBOURS else 1.5


def alike_pairs(texts: Sequence[str], *, cutoff: float) -> Iterator[tuple[int, int, float]]:
    """Positions of texts that are at least so much alike (0 to 100) in their words, whatever the order of those."""
    for place, text in enumerate(texts):
        rest = texts[place + 1 :]
        for _, score, at in process.extract(text, rest, scorer=fuzz.token_sort_ratio, score_cutoff=cutoff, limit=None):
            yield place, place + 1 + at, score


def trigrams(text: str) -> list[str]:
    """The distinct runs of three characters, in order of appearance."""
    return list(dict.fromkeys(text[i : i + 3] for i in range(len(text) - 2)))
