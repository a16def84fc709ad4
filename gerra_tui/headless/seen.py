"""Which rows were listed already, in a few bytes each."""

from __future__ import annotations

import secrets
from array import array
from hashlib import blake2b

FULLEST = 0.75  # of the slots: beyond it probing gets slow
EMPTY = 0


class Seen:
    """A set of texts that only grows: 11 to 21 bytes for each, 32 while it grows.

    Open addressing over 64-bit keyed hashes. That two of a million texts share one has a chance
    of 3 in 10^8, and nobody who chooses ids can raise it.
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes(16)
        self._slots = array("Q", [EMPTY]) * 1024
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __contains__(self, text: str) -> bool:
        return self._slots[self._place(self._hash(text))] != EMPTY

    def add(self, text: str) -> bool:
        """Claims that the text was not in here before."""
        hashed = self._hash(text)
        place = self._place(hashed)
        if self._slots[place] != EMPTY:
            return False
        self._slots[place] = hashed
        self._count += 1
        if self._count > FULLEST * len(self._slots):
            self._grow()
        return True

    def _grow(self) -> None:
        old = self._slots
        self._slots = array("Q", [EMPTY]) * (2 * len(old))
        for hashed in old:
            if hashed != EMPTY:
                self._slots[self._place(hashed)] = hashed

    def _place(self, hashed: int) -> int:
        """Where the hash is, or the empty slot where it belongs."""
        slots, mask = self._slots, len(self._slots) - 1
        place = hashed & mask
        while slots[place] not in (EMPTY, hashed):
            place = (place + 1) & mask
        return place

    def _hash(self, text: str) -> int:
        digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8, key=self._key)
        return int.from_bytes(digest.digest(), "little") or 1
