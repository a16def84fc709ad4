"""Numbers out of foreign bytes: nothing is read past the end, and nothing but `Damaged` raised."""

from __future__ import annotations

import struct
from typing import Final, Literal

_WIDTHS: Final = {"u8": "B", "u16": "H", "u32": "I", "u64": "Q", "i32": "i"}


class Damaged(Exception):
    """The bytes contradict their format. The message is a sentence's end: what, and where."""


class Cursor:
    """A place in some bytes, moved by reading; `order` is `>` or `<`.

    Every method raises `Damaged` where the bytes end too early.
    """

    __slots__ = ("_data", "_order", "at", "stop")

    def __init__(
        self, data: bytes, at: int = 0, stop: int | None = None, *, order: Literal["<", ">"] = ">"
    ) -> None:
        self._data = data
        self._order = order
        self.at = at
        self.stop = len(data) if stop is None else min(stop, len(data))

    @property
    def left(self) -> int:
        """Bytes before the end; never negative."""
        return max(0, self.stop - self.at)

    def skip(self, length: int) -> None:
        """Leave out `length` bytes."""
        self._reach(length)
        self.at += length

    def take(self, length: int) -> bytes:
        """The next `length` bytes."""
        self._reach(length)
        self.at += length
        return self._data[self.at - length : self.at]

    def u8(self) -> int:
        """An unsigned byte."""
        return self._number("u8", 1)

    def u16(self) -> int:
        """Two bytes, unsigned."""
        return self._number("u16", 2)

    def u32(self) -> int:
        """Four bytes, unsigned."""
        return self._number("u32", 4)

    def u64(self) -> int:
        """Eight bytes, unsigned."""
        return self._number("u64", 8)

    def i32(self) -> int:
        """Four bytes, signed."""
        return self._number("i32", 4)

    def text(self, length: int) -> str:
        """UTF-8 of `length` bytes; what is none becomes U+FFFD."""
        return self.take(length).decode("utf-8", "replace")

    def _number(self, name: str, width: int) -> int:
        self._reach(width)
        value: int = struct.unpack_from(self._order + _WIDTHS[name], self._data, self.at)[0]
        self.at += width
        return value

    def _reach(self, length: int) -> None:
        if length < 0 or length > self.left:
            raise Damaged(f"ends {length - self.left:,} bytes early")
