"""The terminal's background, asked for once: OSC 11 with `?` (xterm's control sequences).

The answer is `OSC 11 ; rgb:RRRR/GGGG/BBBB` and BEL or ST; of each colour one to four digits count.
Many terminals never answer, some in another form: that is no colour, and costs nothing.
"""

from __future__ import annotations

import re
from typing import Final

QUESTION: Final = "\x1b]11;?\x07"
BEGINNING: Final = b"\x1b]11;"
# What an answer is made of, up to its end.
FOREIGN: Final = re.compile(rb"[^0-9A-Fa-frgb:/;]")
LONGEST: Final = 40  # bytes
_ANSWER: Final = re.compile(
    rb"\x1b\]11;rgba?:([0-9A-Fa-f]{1,4})/([0-9A-Fa-f]{1,4})/([0-9A-Fa-f]{1,4})"
    rb"(?:/[0-9A-Fa-f]{1,4})?(?:\x07|\x1b\\)"
)
# Of the eye's share in brightness (ITU-R BT.709).
_SHARES: Final = (0.2126, 0.7152, 0.0722)


def is_light(answer: bytes) -> bool | None:
    """Whether the background is rather white than black; null for what is no answer."""
    if (found := _ANSWER.fullmatch(answer)) is None:
        return None
    parts = (int(part, 16) / ((1 << 4 * len(part)) - 1) for part in found.groups())
    return sum(share * part for share, part in zip(_SHARES, parts, strict=True)) > 0.5
