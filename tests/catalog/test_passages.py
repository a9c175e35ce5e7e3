"""Which part of a text is shown of what was found, and how."""

import pytest

from bot.catalog.page import MARK, PASSAGE_WORDS, opening, passage
from bot.catalog.query import MARK_OFF, MARK_ON

FILLER = "The quiet years went by and nothing was written down of them by anybody at all. " * 6


def marked(text: str, *words: str) -> str:
    for word in words:
        text = text.replace(word, f"{MARK}{word}{MARK}")
    return text


def shown(text: str) -> str:
    """A passage with its marks as stars."""
    return passage(text, text.split(MARK)).replace(MARK_ON, "*").replace(MARK_OFF, "*")


def test_a_passage_has_most_of_the_words() -> None:
    text = f"A treaty is made. {FILLER}In spring the treaty of trade was signed at Urga. {FILLER}"
    found = shown(marked(text, "treaty", "trade"))
    assert found.startswith("…In spring the *treaty* of *trade* was signed at Urga.")
    assert found.endswith("…")


def test_different_words_are_worth_more_than_one_often() -> None:
    text = f"War and war and war again. {FILLER}A war for tea. {FILLER}"
    assert "A *war* for *tea*." in shown(marked(text, "war", "tea"))


def test_the_first_of_equal_passages_is_shown_and_a_text_begins_without_dots() -> None:
    assert shown(marked(f"Here a treaty. {FILLER}There a treaty.", "treaty")).startswith("Here a *treaty*. The quiet")


def test_a_passage_begins_with_a_paragraph_or_a_word() -> None:
    assert shown(marked(f"{FILLER}\n\nThe treaty held.", "treaty")) == "…The *treaty* held."
    long = "and ".join(["on "] * 40) + "treaty"
    assert shown(marked(long, "treaty")).endswith("on and on *treaty*")
    assert shown(marked("x" * 100 + "treaty", "treaty")).startswith("…*treaty*")


def test_an_abbreviation_is_no_end_of_a_sentence() -> None:
    text = f"{FILLER}They left for St. Petersburg with a treaty in hand."
    assert shown(marked(text, "treaty")).startswith("…They left for St. Petersburg with a *treaty*")


def test_a_marked_phrase_that_is_cut_ends_where_it_is_cut() -> None:
    phrase = " ".join(f"word{n}" for n in range(30))
    found = shown(marked(f"Now {phrase} then", phrase))
    assert found.count("*") == 2
    assert found.endswith(f"word{PASSAGE_WORDS - 2}*…")


def test_a_passage_that_begins_within_a_marked_phrase_is_marked_from_its_beginning() -> None:
    phrase = "held through all of the long, cold and very quiet year that followed. Then war"
    text = f"{FILLER}The treaty {phrase} came, with hunger, and in the end there was peace."
    assert shown(marked(text, phrase, "came", "hunger", "peace")).startswith("…*Then war* *came*, with *hunger*, and")


@pytest.mark.parametrize(("text", "start"), [("A few words.", "A few words."), ("", ""), ("w " * 30, "w " * 17 + "w…")])
def test_without_marks_it_is_the_opening(text: str, start: str) -> None:
    assert passage(text, [text]) == opening(text) == start
