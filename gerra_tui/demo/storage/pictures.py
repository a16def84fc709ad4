"""Small drawn scenes: a table, a thing on it, an arm or a hand that moves it.

Pillow is imported only when a picture is asked for: the API's start does not wait for it.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from math import cos, pi, sin
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

_FRAMES = 24
_WALLS = ((205, 200, 188), (168, 180, 190), (222, 214, 200), (150, 158, 150), (190, 172, 160))
_TABLES = ((150, 111, 72), (186, 150, 108), (118, 120, 124), (206, 204, 200), (96, 74, 58))
_HANDS = ((224, 176, 146), (188, 136, 104), (132, 90, 66), (92, 64, 50))
_ARMS = ((236, 236, 236), (240, 160, 40), (60, 64, 72), (70, 120, 190))


@dataclass(frozen=True, slots=True)
class Scene:
    """What `seed` decides: colours, places, and the frame at which the thing vanishes, if ever."""

    seed: int
    pov: bool
    vanishes: bool = False

    def png(self, size: tuple[int, int], moment: float) -> bytes:
        """One frame as PNG; `moment` runs from 0 to 1."""
        buffer = io.BytesIO()
        self._draw(size, moment).save(buffer, "PNG")
        return buffer.getvalue()

    def jpg(self, size: tuple[int, int], moment: float) -> bytes:
        """The same as JPEG."""
        buffer = io.BytesIO()
        self._draw(size, moment).save(buffer, "JPEG", quality=85)
        return buffer.getvalue()

    def gif(self, size: tuple[int, int]) -> bytes:
        """The whole movement: 24 frames of 125 ms, for ever."""
        from PIL.Image import Dither

        frames = [
            self._draw(size, index / (_FRAMES - 1)).quantize(64, dither=Dither.NONE)
            for index in range(_FRAMES)
        ]
        buffer = io.BytesIO()
        frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:], duration=125, loop=0)
        return buffer.getvalue()

    def pose(self, size: tuple[int, int]) -> bytes:
        """The skeleton that the generator was given, as PNG."""
        from PIL import ImageDraw

        image = self._draw(size, 0.5).point(lambda value: value // 3)
        draw = ImageDraw.Draw(image)
        joints = self._joints(size, 0.5)
        draw.line(joints, fill=(80, 255, 120), width=2)
        for x, y in joints:
            draw.ellipse((x - 3, y - 3, x + 3, y + 3), fill=(255, 90, 90))
        buffer = io.BytesIO()
        image.save(buffer, "PNG")
        return buffer.getvalue()

    def _draw(self, size: tuple[int, int], moment: float) -> Image:
        from PIL import Image, ImageDraw

        width, height = size
        random = Random(self.seed)
        wall, table = random.choice(_WALLS), random.choice(_TABLES)
        limb, thing = random.choice(_HANDS if self.pov else _ARMS), _colour(random)
        light = Image.linear_gradient("L").resize(size)
        image = Image.composite(
            Image.new("RGB", size, wall), Image.new("RGB", size, _dark(wall)), light
        )
        draw = ImageDraw.Draw(image)
        horizon = int(height * random.uniform(0.45, 0.6))
        draw.rectangle((0, horizon, width, height), fill=table)
        for line in range(5):
            y = horizon + (line + 1) * (height - horizon) // 6
            draw.line((0, y, width, y + random.randint(-4, 4)), fill=_dark(table))
        side = height // 7
        for _ in range(2):
            x = random.randint(0, width - side)
            draw.ellipse(
                (x, horizon - side // 2, x + side, horizon + side // 2), fill=_colour(random)
            )
        joints = self._joints(size, moment)
        x, y = joints[-1]
        if not (self.vanishes and 0.4 < moment < 0.7):
            draw.rectangle(
                (x - side // 2, y, x + side // 2, y + side), fill=thing, outline=_dark(thing)
            )
        draw.line(joints, fill=limb, width=max(3, side // (2 if self.pov else 3)), joint="curve")
        for finger in (-1, 0, 1):
            draw.line((x, y, x + finger * side // 3, y + side // 2), fill=_dark(limb), width=3)
        return image

    def _joints(self, size: tuple[int, int], moment: float) -> list[tuple[int, int]]:
        """Shoulder, elbow and hand, in pixels."""
        width, height = size
        swing = sin(moment * pi)
        hand = (int(width * (0.25 + 0.5 * moment)), int(height * (0.62 - 0.22 * swing)))
        shoulder = (
            (int(width * 0.7), height) if self.pov else (int(width * 0.12), int(height * 0.2))
        )
        bend = int(height * 0.12 * cos(moment * pi))
        elbow = ((shoulder[0] + hand[0]) // 2 + bend, (shoulder[1] + hand[1]) // 2 - abs(bend))
        return [shoulder, elbow, hand]


def _colour(random: Random) -> tuple[int, int, int]:
    return random.randint(60, 235), random.randint(60, 235), random.randint(60, 235)


def _dark(colour: tuple[int, int, int]) -> tuple[int, int, int]:
    red, green, blue = colour
    return red * 3 // 5, green * 3 // 5, blue * 3 // 5
