"""Dataset ids that carry their row number, sealed: no table of a million ids is needed.

The last four bytes of an id are the row number masked by a hash of the first twelve, which are
themselves a hash of the row number: an id that was not given out here is recognised as unknown.
"""

from __future__ import annotations

from hashlib import blake2b
from uuid import UUID

FOREIGN_ROWS = range(0xFFFF_FF00, 0xFFFF_FF04)
"""Row numbers of datasets that belong to another organization (403)."""


class Identity:
    def __init__(self, key: bytes) -> None:
        self._key = key

    def dataset_id(self, row: int) -> str:
        tag = self._tag(row)
        masked = row ^ self._mask(tag)
        h = (tag + masked.to_bytes(4, "big")).hex()
        return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"

    def row_of(self, dataset_id: UUID) -> int | None:
        """The row number sealed in an id of this catalogue, None for any other id."""
        tag = dataset_id.bytes[:12]
        row = int.from_bytes(dataset_id.bytes[12:], "big") ^ self._mask(tag)
        return row if self._tag(row) == tag else None

    def stable_id(self, subject: bytes, number: int = 0) -> str:
        """An id that names no dataset: an organization, a group of iterations."""
        raw = number.to_bytes(8, "little")
        digest = blake2b(raw, key=self._key, person=subject, digest_size=16).digest()
        return str(UUID(bytes=digest, version=4))

    def _tag(self, row: int) -> bytes:
        raw = row.to_bytes(4, "big")
        tag = bytearray(blake2b(raw, key=self._key, person=b"id", digest_size=12).digest())
        tag[6] = tag[6] & 0x0F | 0x40  # RFC 9562: version 4
        tag[8] = tag[8] & 0x3F | 0x80  # and its variant
        return bytes(tag)

    def _mask(self, tag: bytes) -> int:
        digest = blake2b(tag, key=self._key, person=b"mask", digest_size=4).digest()
        return int.from_bytes(digest, "big")
