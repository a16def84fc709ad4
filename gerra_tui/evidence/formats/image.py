"""Pictures: format, width, height, frames, from their headers; nothing is decoded here.

A picture that was read whole is decoded once, by a child, to know that it can be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gerra_tui.domain.evidence import MORE, Step, fine, odd, unchecked
from gerra_tui.evidence.child.host import ChildFailure, NotInstalled, run
from gerra_tui.evidence.findings import FormatLook
from gerra_tui.evidence.formats import image_headers, tiff
from gerra_tui.evidence.formats.binary import Damaged
from gerra_tui.evidence.formats.small import read_whole
from gerra_tui.evidence.window import OverBudget

if TYPE_CHECKING:
    from gerra_tui.evidence.formats.image_headers import Header
    from gerra_tui.evidence.window import Window

FACTS: Final = ("format", "width", "height", "frames")

MOST_PIXELS: Final = 64_000_000  # of a picture that is decoded
_HEAD: Final = 65_536
_LONGEST: Final = 20_000_000  # bytes of a picture that is decoded, or whose frames are counted


async def look(window: Window) -> FormatLook:
    """What a picture's header says, and how it ends. Raises StorageFailure."""
    found = FormatLook(kind="image", facts=dict.fromkeys(FACTS))
    try:
        head = await window.read(0, _HEAD)
        header = await tiff.read(window, head) if tiff.is_tiff(head) else image_headers.read(head)
    except OverBudget as over:
        found.checks.append(unchecked("picture", "its header was not reached"))
        found.more.append(
            Step(key=MORE, words="the header", requests=over.requests, bytes=over.bytes)
        )
        return found
    except Damaged as damage:
        found.checks.append(odd("picture", f"{window.size:,} bytes, not a picture: {damage}"))
        return found
    found.facts |= {"format": header.format, "width": header.width, "height": header.height}
    data = await read_whole(window)
    if data is None:
        found.facts["frames"] = header.frames
        if header.frames is None:
            _leave_frames(found, window.size)
    else:
        try:
            found.facts["frames"] = header.frames or image_headers.frames(data)
        except Damaged as damage:
            found.checks.append(odd("end", f"cut off among its frames: {damage}"))
    _judge_end(found, window, header)
    await _judge_pixels(window, found, header, whole=data is not None)
    return found


def _leave_frames(found: FormatLook, size: int) -> None:
    found.checks.append(unchecked("frames", f"counting them would need all {size:,} bytes"))
    if size <= _LONGEST:
        found.more.append(Step(key=MORE, words="the frames", requests=1, bytes=size))


def _judge_end(found: FormatLook, window: Window, header: Header) -> None:
    if header.length is not None and header.length > window.size:
        missing = header.length - window.size
        found.checks.append(odd("end", f"cut off: {missing:,} bytes missing",
                                measured=window.size, declared=header.length))  # fmt: skip
        return
    tail = window.held(max(0, window.size - 4096), window.size) or b""
    if not header.ending:
        return
    if tail.rstrip(b"\x00\r\n").endswith(header.ending) or (
        len(header.ending) > 1 and header.ending in tail  # cameras append what is no picture
    ):
        found.checks.append(fine("end", "ends as it should"))
    else:
        found.checks.append(odd("end", f"cut off: no end of a {header.format} there"))


async def _judge_pixels(window: Window, found: FormatLook, header: Header, *, whole: bool) -> None:
    pixels = header.width * header.height
    if not pixels:
        found.checks.append(odd("picture", f"{header.width}x{header.height}: no pixels"))
    elif pixels > MOST_PIXELS:
        millions = pixels / 1_000_000
        found.checks.append(unchecked("picture", f"{millions:,.0f} megapixels: not decoded"))
    elif whole and window.size <= _LONGEST:
        try:
            await run("picture", window, {"width": 16, "height": 16})
        except NotInstalled as missing:
            found.checks.append(unchecked("picture", f"decoding {missing}"))
        except ChildFailure as failure:
            found.checks.append(odd("picture", str(failure)))
        else:
            found.checks.append(fine("picture", "it decodes"))
