"""The parent's bytes as a file, within the child."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typing import BinaryIO

    from _typeshed import WriteableBuffer

_LONGEST: Final = 1_000_000  # bytes of one request


class Refused(OSError):
    """The parent does not hand out these bytes: they are over its budget."""


class Remote(io.RawIOBase):
    """A seekable file whose bytes the parent fetches; `refused` once it has said no."""

    def __init__(self, given: BinaryIO, answers: BinaryIO, size: int, block: int = 0) -> None:
        super().__init__()
        self._given = given
        self._answers = answers
        self._size = size
        self._at = 0
        self.refused = False
        self.block = block
        self._blocks: dict[int, bytes] = {}

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """Bytes from the start."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """As a file's."""
        self._at = max(0, offset + {io.SEEK_CUR: self._at, io.SEEK_END: self._size}.get(whence, 0))
        return self._at

    def readinto(self, buffer: WriteableBuffer) -> int:
        """As a file's. Raises Refused."""
        view = memoryview(buffer).cast("B")
        data = self.fetch(self._at, min(len(view), _LONGEST))
        view[: len(data)] = data
        self._at += len(data)
        return len(data)

    def fetch(self, start: int, length: int) -> bytes:
        """The bytes from `start`, as far as the file goes. Raises Refused."""
        length = max(0, min(length, self._size - start))
        if not length:
            return b""
        if not self.block:
            return self._ask(start, length)
        first, last = start // self.block, (start + length - 1) // self.block
        parts = [
            self._blocks.get(number) or self._fill(number) for number in range(first, last + 1)
        ]
        skipped = start - first * self.block
        return b"".join(parts)[skipped : skipped + length]

    def _fill(self, number: int) -> bytes:
        start = number * self.block
        data = self._ask(start, min(self.block, self._size - start))
        self._blocks[number] = data
        return data

    def _ask(self, start: int, length: int) -> bytes:
        self._answers.write(b"R %d %d\n" % (start, length))
        self._answers.flush()
        head = self._given.readline(64).split()
        if len(head) != 2 or head[0] != b"D":
            self.refused = True
            raise Refused("over the budget")
        return self._given.read(int(head[1]))
