"""Ids in the order of their lines, in at most 32 bytes each."""

from __future__ import annotations

import uuid
from array import array
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

WIDTH: Final = 16  # bytes of a UUID
FEWEST_SLOTS: Final = 64
EMPTY: Final = 0


class IdTable:
    """A list of distinct ids with a hash index beside it: 16 bytes an id and 6 to 16 for its slot.

    An id that is no canonical UUID (API.md says that all are) costs an entry of a dictionary.
    """

    def __init__(self, ids: Iterable[str] = ()) -> None:
        self._ids = bytearray()
        self._slots = array("I", bytes(4 * FEWEST_SLOTS))
        self._odd: dict[bytes, str] = {}
        for dataset_id in ids:
            self.append(dataset_id)

    def __len__(self) -> int:
        return len(self._ids) // WIDTH

    def __getitem__(self, index: int) -> str:
        key = bytes(self._ids[index * WIDTH : (index + 1) * WIDTH])
        if (odd := self._odd.get(key)) is not None:
            return odd
        digits = key.hex()
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    def __iter__(self) -> Iterator[str]:
        return (self[index] for index in range(len(self)))

    def __contains__(self, dataset_id: str) -> bool:
        return self.find(dataset_id) is not None

    def find(self, dataset_id: str) -> int | None:
        """Its place in the order, null if it is not here."""
        key = self._key(dataset_id)
        mask = len(self._slots) - 1
        slot = hash(key) & mask
        while (place := self._slots[slot]) != EMPTY:
            if self._ids[(place - 1) * WIDTH : place * WIDTH] == key:
                return place - 1
            slot = (slot + 1) & mask
        return None

    def append(self, dataset_id: str) -> bool:
        """At the end; claims that it was not here yet."""
        if self.find(dataset_id) is not None:
            return False
        key = self._key(dataset_id)
        if _is_odd(dataset_id):
            self._odd[key] = dataset_id
        self._ids += key
        if len(self) * 4 > len(self._slots) * 3:
            self._rebuild(len(self._slots) * 2)
        else:
            self._enter(key, len(self))
        return True

    def prepend(self, ids: Iterable[str]) -> None:
        """Before the first, in this order; all distinct from those that are here."""
        keys = []
        for dataset_id in ids:
            key = self._key(dataset_id)
            if _is_odd(dataset_id):
                self._odd[key] = dataset_id
            keys.append(key)
        self._ids[:0] = b"".join(keys)
        slots = len(self._slots)
        while len(self) * 4 > slots * 3:
            slots *= 2
        self._rebuild(slots)

    def extend(self, other: IdTable) -> None:
        for dataset_id in other:
            self.append(dataset_id)

    def _rebuild(self, slots: int) -> None:
        self._slots = array("I", bytes(4 * slots))
        for place in range(len(self)):
            self._enter(bytes(self._ids[place * WIDTH : (place + 1) * WIDTH]), place + 1)

    def _enter(self, key: bytes, place: int) -> None:
        mask = len(self._slots) - 1
        slot = hash(key) & mask
        while self._slots[slot] != EMPTY:
            slot = (slot + 1) & mask
        self._slots[slot] = place

    def _key(self, dataset_id: str) -> bytes:
        if _is_odd(dataset_id):
            # Its place in the namespace of names: distinct from the UUIDs of real datasets.
            return uuid.uuid5(uuid.NAMESPACE_OID, dataset_id).bytes
        return bytes.fromhex(dataset_id.replace("-", ""))


def _is_odd(dataset_id: str) -> bool:
    try:
        return str(uuid.UUID(dataset_id)) != dataset_id
    except ValueError:
        return True
