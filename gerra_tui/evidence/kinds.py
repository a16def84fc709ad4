"""What a file is, by its first and last bytes and never by its name.

Signatures are those of each format's own specification; texts are told apart by how they read.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from gerra_tui.evidence.tar_headers import BLOCK, is_header
from gerra_tui.evidence.texts import text_kind
from gerra_tui.evidence.window import TAIL, OverBudget

if TYPE_CHECKING:
    from gerra_tui.evidence.window import Window

EMPTY: Final = "empty"
UNKNOWN: Final = "unknown"

_AT_THE_START: Final = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"PK\x07\x08", "zip"),  # one part of several, or made as a stream
    (b"\x89MCAP0\r\n", "mcap"),
    (b"#ROSBAG V", "bag"),
    (b"PAR1", "parquet"),
    (b"PARE", "parquet"),
    (b"\x89HDF\r\n\x1a\n", "hdf5"),
    (b"\x93NUMPY", "npy"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"SQLite format 3\x00", "db3"),
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\x1aE\xdf\xa3", "mkv"),  # EBML: Matroska and WebM
    (b"ULog\x01\x12\x35", "ulog"),
    (b"%PDF-", "pdf"),
    (b"\x7fELF", "program"),
    (b"ARROW1\x00\x00", "arrow"),
)
_BOXES: Final = (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"styp", b"moof")
_HDF5_PLACES: Final = (512, 1024, 2048, 4096, 8192, 16384, 32768)  # after a user block


async def kind_of(window: Window) -> str:
    """The kind of a file whose last 64 kB have been read; reads its first ones where needed.

    Raises StorageFailure.
    """
    if window.size == 0:
        return EMPTY
    if kind := _by_end(window.tail()):
        return kind
    try:
        head = await window.read(0, min(TAIL, window.size))
    except OverBudget:
        head = window.held(0, min(TAIL, window.size)) or b""
    return by_start(head, whole=len(head) == window.size)


def _by_end(tail: bytes) -> str | None:
    """What is certain from the end alone: the directory of these formats is there."""
    if tail.endswith(b"\x89MCAP0\r\n"):
        return "mcap"
    if tail.endswith((b"PAR1", b"PARE")):
        return "parquet"
    end = tail.rfind(b"PK\x05\x06")
    if 0 <= end <= len(tail) - 22:
        (comment,) = struct.unpack_from("<H", tail, end + 20)
        if end + 22 + comment == len(tail):
            return "zip"
    return None


def by_start(head: bytes, *, whole: bool) -> str:
    """The kind that the first bytes tell; `whole` says that there are no others."""
    for signature, kind in _AT_THE_START:
        if head.startswith(signature):
            return kind
    if head[4:8] in _BOXES:
        return "mp4"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image"
    if head[:2] == b"BM" and head[6:10] == b"\x00\x00\x00\x00" and len(head) > 26:
        return "image"
    if any(head.startswith(b"\x89HDF\r\n\x1a\n", place) for place in _HDF5_PLACES):
        return "hdf5"
    if is_header(head[:BLOCK]):
        return "tar"
    return text_kind(head, whole=whole) or UNKNOWN
