"""Pictures: what their headers tell, and whether they decode. Made by Pillow."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image

from gerra_tui.domain.evidence import Mark
from gerra_tui.evidence.child import host
from gerra_tui.evidence.window import more
from tests.evidence.looked import check, checks, looked, looked_further
from tests.evidence.memory import window_on


def picture(kind: str, size: tuple[int, int] = (40, 30), frames: int = 1, **options: Any) -> bytes:
    shown = [Image.effect_noise(size, 40 + 20 * n).convert("RGB") for n in range(frames)]
    file = io.BytesIO()
    several = {"save_all": True, "append_images": shown[1:]} if frames > 1 else {}
    shown[0].save(file, kind, **several, **options)
    return file.getvalue()


@pytest.mark.parametrize("frames", [1, 3])
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"])
async def test_format_size_and_frames_are_told(kind: str, frames: int) -> None:
    if frames > 1 and kind in ("JPEG", "BMP"):
        frames = 1
    look = await looked(picture(kind, frames=frames))

    assert look.kind == "image"
    assert look.facts["format"] == kind
    assert (look.facts["width"], look.facts["height"]) == (40, 30)
    assert look.facts["frames"] == frames
    assert checks(look, Mark.OK)["picture"] == "it decodes"
    assert not checks(look, Mark.ODD)


@pytest.mark.parametrize("options", [{"lossless": True}, {"lossless": False}])
async def test_both_kinds_of_webp_are_told(options: dict[str, bool]) -> None:
    look = await looked(picture("WEBP", (301, 203), **options))

    assert (look.facts["width"], look.facts["height"]) == (301, 203)


async def test_a_jpeg_behind_long_metadata_is_told() -> None:
    look = await looked(picture("JPEG", exif=b"Exif\x00\x00" + bytes(40_000)))

    assert (look.facts["width"], look.facts["height"]) == (40, 30)


async def test_a_large_picture_costs_two_requests_and_is_not_decoded() -> None:
    data = picture("PNG", (600, 500))
    assert len(data) > 200_000

    look = await looked(data)

    assert (look.facts["width"], look.facts["height"], look.facts["frames"]) == (600, 500, 1)
    assert look.cost.requests == 2
    assert "picture" not in checks(look, Mark.ODD)
    assert "picture" in checks(await looked_further(data), Mark.OK)


async def test_a_long_gif_asks_before_it_counts_its_frames() -> None:
    data = picture("GIF", (200, 150), frames=8)
    assert len(data) > 131_072

    look, further = await looked(data), await looked_further(data)

    assert look.facts["frames"] is None
    assert check(look, "frames").mark is Mark.UNCHECKED
    assert further.facts["frames"] == 8


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
async def test_a_picture_cut_off_is_told(kind: str) -> None:
    data = picture(kind)

    odd = checks(await looked(data[: len(data) * 2 // 3]), Mark.ODD)

    assert odd["end"].startswith("cut off")


async def test_a_bomb_is_not_decoded() -> None:
    size = struct.pack(">IIBBBBB", 20_000, 10_000, 8, 2, 0, 0, 0)
    header = struct.pack(">I", 13) + b"IHDR" + size + struct.pack(">I", zlib.crc32(b"IHDR" + size))
    data = picture("PNG")
    bomb = data[:8] + header + data[33:]

    look = await looked(bomb)

    assert checks(look, Mark.UNCHECKED)["picture"] == "200 megapixels: not decoded"


async def test_without_pillow_the_header_is_told_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(host.LIBRARIES, "picture", ("no_such_library", "pictures"))

    look = await looked(picture("PNG"))

    assert look.facts["width"] == 40
    assert checks(look, Mark.UNCHECKED)["picture"] == "decoding needs gerra-tui[pictures]"


async def test_a_frame_of_a_gif_comes_as_it_is_shown() -> None:
    window = await window_on(picture("GIF", (200, 150), frames=8), more())

    answer = await host.run("picture", window, {"width": 60, "height": 40, "frame": 5})

    facts = answer.facts
    assert (facts["source_width"], facts["source_height"], facts["frames"]) == (200, 150, 8)
    assert (facts["width"], facts["height"]) == (53, 40)
    assert len(answer.raw) == 53 * 40 * 3


async def test_directories_of_a_tiff_in_a_circle_end() -> None:
    data = bytearray(picture("TIFF", frames=2))
    first = struct.unpack_from("<I", data, 4)[0]
    fields = struct.unpack_from("<H", data, first)[0]
    struct.pack_into("<I", data, first + 2 + 12 * fields, first)

    look = await looked(bytes(data))

    assert look.facts["frames"] == 1
