"""Which texts are known for certain not to be among many: two bytes for each of those, and no look into the file."""

from collections.abc import Collection
from dataclasses import dataclass
from zlib import crc32

# With so many bits for each text, one unknown text in seventy is taken for a known one.
BITS = 16


@dataclass(frozen=True, slots=True)
class Sieve:
    """A Bloom filter with two hashes, which are the rests of one checksum."""

    bits: bytes

    @classmethod
    def of(cls, texts: Collection[str]) -> "Sieve":
        bits = bytearray(len(texts) * BITS // 8 + 2)
        size = len(bits) * 8
        for text in texts:
            checksum = crc32(text.encode())
            for place in (checksum % size, checksum % (size - 1)):
                bits[place >> 3] |= 1 << (place & 7)
        return cls(bytes(bits))

    def may_hold(self, text: str) -> bool:
        """False only if a text is not among those that the sieve was made of."""
        bits, checksum = self.bits, crc32(text.encode(errors="replace"))
        size = len(bits) * 8
        place, other = checksum % size, checksum % (size - 1)
        return bool(bits[place >> 3] >> (place & 7) & bits[other >> 3] >> (other & 7) & 1)
