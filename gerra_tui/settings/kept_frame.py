"""The frame kept for the next start: a private file, small, with nothing in it but cells.

Standard library alone: it is read before anything else is imported.
"""

from __future__ import annotations

import os
import re
import stat
from typing import TYPE_CHECKING, Final, NamedTuple
from zlib import crc32

if TYPE_CHECKING:
    from pathlib import Path

LARGEST: Final = 131_072  # bytes of the file
_TITLE: Final = "gerra-tui frame 1"
# What may be written to a terminal unread: text, places, styles and erasing (ECMA-48). No mode,
# no query, no string, no control character that does anything else.
_CELLS: Final = re.compile(
    r"(?:[^\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|\x1b\[[0-9;]*[HGdABCDKXm]|[\b\r\n\v])*"
)


class KeptFrame(NamedTuple):
    """One screen, in two forms.

    `sent` brings it onto a cleared terminal; `drawn` is the same as Textual writes frames, so that
    the cell layer can be told what the terminal shows.
    """

    sent: str
    drawn: str

    @property
    def is_plain(self) -> bool:
        """Whether nothing but cells is in it."""
        return all(_CELLS.fullmatch(text) is not None for text in self)


def read_frame(path: Path, signature: str) -> KeptFrame | None:
    """The frame kept under that signature; None where there is none, or one that is not to be
    trusted: of another owner, readable by others, damaged, or with more in it than cells."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode) or about.st_uid != os.geteuid():
            return None
        if about.st_mode & 0o077 or about.st_size > LARGEST:
            return None
        return _parsed(os.read(descriptor, LARGEST), signature)
    except (OSError, ValueError):
        return None
    finally:
        os.close(descriptor)


def frame_file(frame: KeptFrame, signature: str) -> str | None:
    """The file's text; None for a frame that is too large or holds more than cells."""
    if not frame.is_plain:
        return None
    body = f"{len(frame.sent)}\n{frame.sent}{frame.drawn}"
    text = f"{_TITLE}\n{signature}\n{crc32(body.encode())}\n{body}"
    return text if len(text.encode()) <= LARGEST else None


def _parsed(data: bytes, signature: str) -> KeptFrame | None:
    """Raises `ValueError` for what is no such file."""
    title, signed, sum_of_body, body = data.decode().split("\n", 3)
    if (title, signed) != (_TITLE, signature) or int(sum_of_body) != crc32(body.encode()):
        return None
    length, texts = body.split("\n", 1)
    frame = KeptFrame(texts[: int(length)], texts[int(length) :])
    return frame if frame.is_plain else None
