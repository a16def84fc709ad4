"""Choices that depend on nothing but a seed, a subject and a number."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


def seed_key(seed: int) -> bytes:
    """The key that all hashing of one catalogue shares: 16 bytes."""
    return blake2b(str(seed).encode(), digest_size=16).digest()


class Draws:
    """A short run of choices: 512 bits, so some forty draws of a hundred ways each.

    Any row of a catalogue can be computed alone, in any order, at the price of one hash: this is
    what keeps a million rows out of memory.
    """

    __slots__ = ("_bits",)

    def __init__(self, key: bytes, subject: bytes, number: int) -> None:
        digest = blake2b(number.to_bytes(8, "little"), key=key, person=subject).digest()
        self._bits = int.from_bytes(digest, "little")

    def below(self, bound: int) -> int:
        """A whole number from 0 to bound - 1."""
        self._bits, drawn = divmod(self._bits, bound)
        return drawn

    def pick(self, options: Sequence[T]) -> T:
        self._bits, drawn = divmod(self._bits, len(options))
        return options[drawn]

    def chance(self, percent: int) -> bool:
        self._bits, drawn = divmod(self._bits, 100)
        return drawn < percent

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        self._bits, drawn = divmod(self._bits, high - low + 1)
        return low + drawn
