"""What a person types into a search: words, "phrases", -words and word*, as a query of FTS5 that is never an error."""

import functools
import itertools
import re
from collections.abc import Callable, Iterator

from bot.catalog.matching import fold, split_camel

# What is typed may hold anything; only words, "phrases", -words and word* mean something.
_TERM = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
# What SQLite cannot take: the end of a text in C, and halves of characters.
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
MOST_TERMS = 12
LONGEST = 500
# Of a word* at least so many letters must be there.
SHORTEST_BEGINNING = 3


@functools.lru_cache(maxsize=64)
def match_text(text: str) -> str:
    """What was typed as an FTS5 query that cannot be a syntax error; '' if there is no word to look for."""
    return match_with(text, None)


def match_with(text: str, of_beginning: Callable[[str], str] | None) -> str:
    """The same; `of_beginning` may give another query for what begins with some letters, or '' if word* is to stay."""
    wanted: list[str] = []
    unwanted: list[str] = []
    for term in terms_of(text):
        if match := match_of(term, of_beginning):
            (unwanted if term["minus"] else wanted).append(match)
    if not wanted:
        return ""
    # A word that is typed twice says no more, but would be looked up twice.
    return f"({' AND '.join(dict.fromkeys(wanted))})" + "".join(f" NOT {term}" for term in dict.fromkeys(unwanted))


def terms_of(text: str) -> Iterator[re.Match[str]]:
    """The parts of what was typed, as matches with `minus`, `phrase` and `word`."""
    return iter(list(_TERM.finditer(_NO_TEXT.sub(" ", text)))[:MOST_TERMS])


def text_of(term: re.Match[str]) -> str:
    """A part without its signs."""
    return term["phrase"] if term["phrase"] is not None else term["word"].lstrip("#")


def match_of(term: re.Match[str], of_beginning: Callable[[str], str] | None = None) -> str:
    """A word, its beginning or a phrase for FTS5; '' if it is only signs."""
    typed = text_of(term)
    key = fold(typed)
    if not key:
        return ""
    is_word = term["word"] is not None
    # Fewer letters begin words in most texts: looking for them all would take long and tell nothing.
    star = "*" if is_word and typed.endswith("*") and " " not in key and len(key) >= SHORTEST_BEGINNING else ""
    if star and of_beginning and (other := of_beginning(key)):
        return other
    words = typed.replace('"', " ").rstrip("*")
    if " " in key:  # in a phrase 'Bora Bora' means something, but 'a*a*a*a*…' would only take long
        repeats = [len(list(same)) for _, same in itertools.groupby(key.split())]
        if max(repeats) > 2 or len(repeats) > MOST_TERMS:
            words = " ".join(word for word, _ in itertools.groupby(key.split()[:MOST_TERMS]))
    spellings = dict.fromkeys((words, split_camel(words))) if is_word else [words]  # '#ColdWar' is 'Cold War'
    both = " OR ".join(f'"{spelling}"{star}' for spelling in spellings)
    return f"({both})" if len(spellings) > 1 else both
