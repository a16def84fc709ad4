"""Single pictures of a video, decoded with PyAV from their packets: within the child only.

No container is parsed: the parent knows where each keyframe lies and what the decoder needs. One
packet at a time without threads: a decoder with threads holds frames back until others follow.
"""

from __future__ import annotations

from base64 import b64decode
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from gerra_tui.evidence.child.remote import Remote

_MOST_PIXELS: Final = 64_000_000
_MOST_SHOWN: Final = 4_000_000  # pixels given back, of all pictures together
_MOST_FRAMES: Final = 64
_LONGEST: Final = 8_000_000  # bytes of one packet

_CODECS: Final = {
    "h264": ("h264",), "hevc": ("hevc",), "av1": ("libdav1d", "av1"), "vp9": ("vp9",),
    "vp8": ("vp8",), "mpeg4": ("mpeg4",), "mjpeg": ("mjpeg",), "prores": ("prores",),
}  # fmt: skip


def run(remote: Remote, needs: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """`width`, `height`, and for each of `needs["packets"]` whether it is among the raw RGB.

    A packet is [offset, length]; `codec` is ffprobe's name, `configuration` in base64.
    """
    packets = needs["packets"][:_MOST_FRAMES]
    width, height = int(needs["width"]), int(needs["height"])
    if not 0 < width * height * max(len(packets), 1) <= _MOST_SHOWN:
        raise ValueError("that is no size to show pictures at")
    context = _decoder(needs["codec"], b64decode(needs["configuration"]))
    shown, raw, problem = [], [], ""
    for offset, length in packets:
        if length > _LONGEST:
            problem = f"a frame of {length:,} bytes: not decoded"
            shown.append(False)
            continue
        try:
            raw.append(_picture(context, remote.fetch(offset, length), width, height))
            shown.append(True)
        except (OSError, ValueError) as error:  # PyAV's errors are both
            problem = _sentence(error)
            shown.append(False)
    if packets and not raw:
        raise ValueError(problem or "no picture in its frames")
    return {"width": width, "height": height, "shown": shown, "missing": problem}, b"".join(raw)


def _sentence(error: Exception) -> str:
    import av

    if isinstance(error, av.error.FFmpegError):  # which says it in numbers
        return "its frames cannot be decoded"
    return str(error)[:200]


def _decoder(codec: str, configuration: bytes) -> Any:
    import av

    av.logging.set_level(None)
    for name in _CODECS.get(codec, ()):
        try:
            context = av.CodecContext.create(name, "r")
        except (ValueError, av.error.FFmpegError):
            continue
        context.thread_count = 1
        context.options = {"max_pixels": str(_MOST_PIXELS), "flags": "+low_delay"}
        if configuration:
            context.extradata = configuration
        return context
    raise ValueError(f"no decoder for {codec[:20]}")


def _picture(context: Any, data: bytes, width: int, height: int) -> bytes:
    import av

    try:
        frames = context.decode(av.Packet(data)) or context.decode(None)
    finally:
        context.flush_buffers()
    if not frames:
        raise ValueError("no picture in a frame")
    picture = frames[0].reformat(width=width, height=height, format="rgb24")
    plane = picture.planes[0]
    lines, step = bytes(plane), plane.line_size
    return b"".join(lines[row * step : row * step + 3 * width] for row in range(height))
