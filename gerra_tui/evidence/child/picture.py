"""One picture, decoded with Pillow and made as small as it is shown: within the child only."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from gerra_tui.evidence.child.remote import Remote

_MOST_PIXELS: Final = 64_000_000
_MOST_SHOWN: Final = 1_000_000  # pixels given back
_FORMATS: Final = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")


def run(remote: Remote, needs: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """`width`, `height` and raw RGB of frame `needs["frame"]`, at most as large as is needed.

    `source_width`, `source_height` and `frames` are those of the file.
    """
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS
    width, height = int(needs["width"]), int(needs["height"])
    if not 0 < width * height <= _MOST_SHOWN:
        raise ValueError("that is no size to show a picture at")
    with Image.open(io.BufferedReader(remote, 1 << 16), formats=_FORMATS) as picture:
        source = picture.size
        if source[0] * source[1] > _MOST_PIXELS:
            raise ValueError(f"{source[0] * source[1] / 1_000_000:,.0f} megapixels: not decoded")
        frames = getattr(picture, "n_frames", 1) if "frame" in needs else 1
        if frame := int(needs.get("frame", 0)):
            picture.seek(frame)
        picture.draft("RGB", (width, height))
        shown = picture.convert("RGB")
        shown.thumbnail((width, height), reducing_gap=2.0)
        raw = shown.tobytes()
    return {
        "width": shown.width, "height": shown.height,
        "source_width": source[0], "source_height": source[1], "frames": frames,
    }, raw  # fmt: skip
