"""Input in pieces, and the keys that it is."""

from __future__ import annotations

from typing import Final

PIECES: Final[list[tuple[list[bytes], list[str]]]] = [
    ([b"\x1b[", b"A"], ["up"]),
    ([b"\x1b", b"[B"], ["down"]),
    ([b"\x1b", b"O", b"P"], ["f1"]),
    ([b"\x1b[1", b";5", b"C"], ["ctrl+right"]),
    ([b"\x1b", b"[7;", b"1", b"R"], []),
    ([b"\x1b[20", b"0~accept a", b"ll\x1b[2", b"01~"], ["paste of 'accept all'"]),
    ([b"\x1b[<35;1", b"0;5M"], []),
    ([b"\x1b[?2026;", b"2$y"], []),
    ([b"\x1b[97", b";5u"], ["ctrl+a"]),
    ([b"\x1b"], ["escape"]),
]
