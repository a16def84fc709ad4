"""Ids in the order of their lines, in at most 32 bytes each."""

from __future__ import annotations

import re
import uuid
from array import array
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

WIDTH: Final = 16  # bytes of a UUID
CANONICAL: Final = re.compile("[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
FEWEST_SLOTS: Final = 64
EMPTY: Final = 0


class IdTable:
    """A list of distinct ids with a hash index beside it: 16 bytes an id and 6 to 16 for its slot.

    It grows at both ends in constant time: what was put before the first stands in reverse. An id
    that is no canonical UUID (docs/api.md says that all are) costs an entry of a dictionary.
    """

    def __init__(self, ids: Iterable[str] = ()) -> None:
        self._ids = bytearray()
        self._before = bytearray()
        # Odd slots: 2n+1 is the n-th of `_ids`; even ones: 2n+2 the n-th of `_before`.
        self._slots = array("I", bytes(4 * FEWEST_SLOTS))
        self._odd: dict[bytes, str] = {}
        for dataset_id in ids:
            self.append(dataset_id)

    def __len__(self) -> int:
        return (len(self._ids) + len(self._before)) // WIDTH

    def __getitem__(self, index: int) -> str:
        return self._text(self._key_at(index))

    def __iter__(self) -> Iterator[str]:
        return map(self._text, self._keys())

    def __contains__(self, dataset_id: str) -> bool:
        return self.find(dataset_id) is not None

    def find(self, dataset_id: str) -> int | None:
        """Its place in the order, null if it is not here."""
        slot = self._slots[self._slot_of(_key(dataset_id))]
        if slot == EMPTY:
            return None
        before = len(self._before) // WIDTH
        return before + slot // 2 if slot % 2 else before - slot // 2

    def append(self, dataset_id: str) -> bool:
        """At the end; claims that it was not here yet."""
        key = _key(dataset_id)
        if not self._enter(key, len(self._ids) // WIDTH * 2 + 1):
            return False
        self._ids += key
        self._note_odd(key, dataset_id)
        self._make_room()
        return True

    def prepend(self, ids: Sequence[str]) -> None:
        """Before the first, in this order, those that are not here yet."""
        for dataset_id in reversed(ids):
            key = _key(dataset_id)
            if not self._enter(key, len(self._before) // WIDTH * 2 + 2):
                continue
            self._before += key
            self._note_odd(key, dataset_id)
            self._make_room()

    def extend(self, other: IdTable) -> None:
        self._odd.update(other._odd)
        for key in other._keys():
            if self._enter(key, len(self._ids) // WIDTH * 2 + 1):
                self._ids += key
                self._make_room()

    def _keys(self) -> Iterator[bytes]:
        return (self._key_at(index) for index in range(len(self)))

    def _key_at(self, index: int) -> bytes:
        at = index * WIDTH - len(self._before)
        if at >= 0:
            return bytes(self._ids[at : at + WIDTH])
        return bytes(self._before[-at - WIDTH : -at])

    def _slot_of(self, key: bytes) -> int:
        """The slot where the key is, or the empty one where it would be."""
        slots, mask = self._slots, len(self._slots) - 1
        at = hash(key) & mask
        while (slot := slots[at]) != EMPTY:
            side = self._ids if slot % 2 else self._before
            start = (slot - 1) // 2 * WIDTH
            if side[start : start + WIDTH] == key:
                break
            at = (at + 1) & mask
        return at

    def _enter(self, key: bytes, slot: int) -> bool:
        at = self._slot_of(key)
        if self._slots[at] != EMPTY:
            return False
        self._slots[at] = slot
        return True

    def _make_room(self) -> None:
        """Three of four slots are taken at most: twice as many are made at once."""
        if len(self) * 4 <= len(self._slots) * 3:
            return
        self._slots = array("I", bytes(8 * len(self._slots)))
        mask = len(self._slots) - 1
        for side, first in ((self._ids, 1), (self._before, 2)):
            for place in range(len(side) // WIDTH):
                at = hash(bytes(side[place * WIDTH : (place + 1) * WIDTH])) & mask
                while self._slots[at] != EMPTY:
                    at = (at + 1) & mask
                self._slots[at] = 2 * place + first

    def _note_odd(self, key: bytes, dataset_id: str) -> None:
        if _canonical(dataset_id) is None:
            self._odd[key] = dataset_id

    def _text(self, key: bytes) -> str:
        if self._odd and (odd := self._odd.get(key)) is not None:
            return odd
        text = key.hex()
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _key(dataset_id: str) -> bytes:
    key = _canonical(dataset_id)
    # Else its place in the namespace of names: distinct from the UUIDs of real datasets.
    return uuid.uuid5(uuid.NAMESPACE_OID, dataset_id).bytes if key is None else key


def _canonical(dataset_id: str) -> bytes | None:
    """A UUID in lower case with its dashes, in bytes; null if it is none."""
    if CANONICAL.fullmatch(dataset_id) is None:
        return None
    return bytes.fromhex(dataset_id.replace("-", ""))
