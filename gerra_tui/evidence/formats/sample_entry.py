"""An MP4's sample entry: which codec, and what its decoder must know (ISO 14496-12, 8.5.2)."""

from __future__ import annotations

from typing import Final

from gerra_tui.evidence.formats.binary import Cursor, Damaged
from gerra_tui.evidence.formats.boxes import boxes

VISUAL: Final = 78  # bytes of a VisualSampleEntry before the boxes in it

_CONFIGURATIONS: Final = ("avcC", "hvcC", "av1C", "vpcC", "glbl")
_DECODER, _SPECIFIC = 0x04, 0x05

# What ffprobe calls them, by sample entry (mp4ra.org, "Codecs").
_CODECS: Final = {
    "avc1": "h264", "avc2": "h264", "avc3": "h264", "avc4": "h264",
    "hvc1": "hevc", "hev1": "hevc", "dvh1": "hevc", "dvhe": "hevc",
    "vvc1": "vvc", "vvi1": "vvc",
    "av01": "av1", "vp08": "vp8", "vp09": "vp9",
    "jpeg": "mjpeg", "mjpa": "mjpeg", "mjpb": "mjpegb", "mjpg": "mjpeg",
    "s263": "h263", "h263": "h263", "png ": "png", "raw ": "rawvideo", "rle ": "qtrle",
    "apcn": "prores", "apch": "prores", "apcs": "prores", "apco": "prores", "ap4h": "prores",
    "mp4a": "aac", "Opus": "opus", "fLaC": "flac", "alac": "alac", "ac-3": "ac3", "ec-3": "eac3",
    ".mp3": "mp3", "tx3g": "mov_text", "text": "mov_text", "tmcd": "timecode",
}  # fmt: skip
# ISO 14496-1 table 5: what an MPEG-4 sample entry holds.
_OBJECT_TYPES: Final = {
    0x20: "mpeg4", 0x21: "h264", 0x23: "hevc", 0x40: "aac", 0x60: "mpeg2video",
    0x61: "mpeg2video", 0x65: "mpeg2video", 0x6A: "mpeg1video", 0x6B: "mp3", 0x69: "mp3",
    0x6C: "mjpeg", 0x6D: "png",
}  # fmt: skip


def codec_name(kind: str, entry: bytes) -> str:
    """The codec of a sample entry, as ffprobe names it."""
    if kind in ("mp4v", "mp4a"):
        described = _descriptors(entry).get(_DECODER, b"")
        if described[:1] and described[0] in _OBJECT_TYPES:
            return _OBJECT_TYPES[described[0]]
    return _CODECS.get(kind, kind.strip() or "?")


def configuration(entry: bytes) -> bytes:
    """What a decoder of a video track needs beside its packets; empty where nothing is."""
    try:
        for box in boxes(entry, VISUAL, len(entry)):
            if box.kind in _CONFIGURATIONS and box.whole:
                return entry[box.start : box.stop]
    except Damaged:
        return b""
    return _descriptors(entry).get(_SPECIFIC, b"")


def _descriptors(entry: bytes) -> dict[int, bytes]:
    """The descriptors of an esds box by tag, nested ones beside their parents (14496-1, 7.2.6)."""
    found: dict[int, bytes] = {}
    at = entry.find(b"esds")
    if at < 0:
        return found
    cursor = Cursor(entry, at + 8)
    try:
        while cursor.left:
            tag = cursor.u8()
            length = _length(cursor)
            if tag == 0x03:
                cursor.skip(2)
                flags = cursor.u8()
                cursor.skip((2 if flags & 0x80 else 0) + (2 if flags & 0x20 else 0))
            elif tag == _DECODER:
                found[tag] = cursor.take(13)
            else:
                found[tag] = cursor.take(length)
    except Damaged:
        pass
    return found


def _length(cursor: Cursor) -> int:
    """Seven bits a byte, four bytes at most."""
    length = 0
    for _ in range(4):
        byte = cursor.u8()
        length = length << 7 | byte & 0x7F
        if byte < 0x80:
            break
    return length
