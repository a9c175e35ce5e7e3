"""Which texts are known for certain not to be among many."""

import pytest

from bot.catalog.sieve import Sieve


@pytest.mark.parametrize("count", [0, 1, 10, 5_000])
def test_what_was_put_in_is_never_denied_and_of_the_rest_nearly_all_is(count: int) -> None:
    sieve = Sieve.of([f"word {n}" for n in range(count)])
    assert all(sieve.may_hold(f"word {n}") for n in range(count))
    taken_for_known = sum(sieve.may_hold(f"other {n}") for n in range(10_000))
    assert taken_for_known < 300


def test_halves_of_characters_are_texts_too() -> None:
    assert not Sieve.of(["mongolia"]).may_hold("\ud800")
