"""Makes the keyframes that the demo's videos show: `python -m tests.keyframes`.

One drawn movement, in each codec and size that the demo declares. They stand in the package, so
that the demo needs no encoder.
"""

from __future__ import annotations

import io
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import av
import numpy as np
from PIL import Image, ImageDraw

from gerra_tui.demo.storage.keyframes import CONFIGURATION, MOMENTS

TARGET = Path("gerra_tui/demo/storage/keyframes.zip")
SIZES = ((640, 480), (960, 544), (1280, 720), (1920, 1080))
ENCODERS = {
    "h264": ("libx264", {"crf": "40", "preset": "veryslow"}),
    "hevc": ("libx265", {"crf": "40", "preset": "slow", "x265-params": "log-level=none:info=0"}),
    "av1": ("libsvtav1", {"crf": "55", "preset": "4"}),
}


def main() -> None:
    with ZipFile(TARGET, "w", ZIP_DEFLATED) as archive:
        for codec in ENCODERS:
            for size in SIZES:
                folder = f"{codec}/{size[0]}x{size[1]}"
                for number in range(MOMENTS):
                    moment = number / (MOMENTS - 1)
                    configuration, frame = encoded(codec, drawn(size, moment))
                    archive.writestr(ZipInfo(f"{folder}/{number}"), frame)
                archive.writestr(ZipInfo(f"{folder}/{CONFIGURATION}"), configuration)


def drawn(size: tuple[int, int], moment: float) -> Image.Image:
    """An arm that carries a red block over a table."""
    width, height = size
    image = Image.new("RGB", size, (168, 180, 190))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, height // 2, width, height), fill=(150, 111, 72))
    side = height // 6
    x = int(width * (0.2 + 0.6 * moment))
    y = int(height * (0.62 - 0.2 * (1 - (2 * moment - 1) ** 2)))
    shoulder = (int(width * 0.12), int(height * 0.2))
    elbow = ((x + shoulder[0]) // 2, y - side)
    draw.rectangle((x - side // 2, y, x + side // 2, y + side), fill=(200, 40, 40))
    draw.line((shoulder, elbow, (x, y)), fill=(240, 160, 40), width=side // 3)
    return image


def encoded(codec: str, image: Image.Image) -> tuple[bytes, bytes]:
    """The codec's configuration record and one keyframe, both as MP4 holds them."""
    encoder, options = ENCODERS[codec]
    film = io.BytesIO()
    with av.open(film, "w", "mp4") as target:
        stream = target.add_stream(encoder, rate=30, options=options)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = *image.size, "yuv420p"
        picture = av.VideoFrame.from_ndarray(np.asarray(image), format="rgb24")
        for packet in (*stream.encode(picture), *stream.encode(None)):
            target.mux(packet)
    film.seek(0)
    with av.open(film, "r") as source:
        configuration = source.streams.video[0].codec_context.extradata or b""
        frame = b"".join(bytes(packet) for packet in source.demux(video=0))
    return configuration, without_remarks(frame) if codec == "h264" else frame


def without_remarks(frame: bytes) -> bytes:
    """Without what the encoder says of itself: a NAL unit of type 6 (H.264, 7.3.2.3)."""
    kept, at = [], 0
    while at < len(frame):
        end = at + 4 + int.from_bytes(frame[at : at + 4], "big")
        if frame[at + 4] & 0x1F != 6:
            kept.append(frame[at:end])
        at = end
    return b"".join(kept)


if __name__ == "__main__":
    main()
