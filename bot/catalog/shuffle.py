"""Chance without repeats: every number of a range once, in an order that a key decides, with nothing remembered."""

_MASK = (1 << 64) - 1
_ROUNDS = 6


def shuffled(place: int, count: int, key: int) -> int:
    """The number, 0 to count - 1, at a place of the shuffled range; takes some microseconds at any count.

    A Feistel network mixes the halves of the place's bits and is a bijection whatever it mixes with; numbers
    beyond the range are mixed again until one falls into it (Black and Rogaway, Ciphers with Arbitrary Finite
    Domains, 2002). The mixing is that of SplitMix64.
    """
    if count < 2:
        return 0
    half = ((count - 1).bit_length() + 1) // 2
    mask = (1 << half) - 1
    number = place % count
    while True:
        left, right = number >> half, number & mask
        for step in range(_ROUNDS):
            left, right = right, left ^ (_mixed(key ^ _mixed(right << 8 | step)) & mask)
        number = left << half | right
        if number < count:
            return number


def _mixed(value: int) -> int:
    value = value + 0x9E3779B97F4A7C15 & _MASK
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 & _MASK
    value = (value ^ value >> 27) * 0x94D049BB133111EB & _MASK
    return value ^ value >> 31
