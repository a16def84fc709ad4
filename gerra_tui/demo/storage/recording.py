"""What was recorded, as far as a container has to say it: what metadata is held against."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from math import pi, sin
from random import Random

_START = 1_775_000_000  # seconds since 1970: a day in spring 2026


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """`lengths` are the frames of each episode; `channels` are sampled `rate` times a second.

    `start` and `seconds` are those of the samples; `lost` are frames that a camera dropped, by
    their number.
    """

    seed: int
    name: str
    task: str = ""
    robot: str = ""
    version: str = "v2.1"
    joints: int = 6
    fps: float = 30.0
    lengths: tuple[int, ...] = ()
    cameras: dict[str, tuple[int, int]] = field(default_factory=dict)
    codecs: dict[str, str] = field(default_factory=dict)
    channels: tuple[str, ...] = ()
    rate: float = 100.0
    seconds: float = 0.0
    start: float = _START
    lost: tuple[int, ...] = ()
    index_first: bool = False  # of a video

    @property
    def frames(self) -> int:
        return sum(self.lengths)

    def wave(self, size: int) -> tuple[float, ...]:
        """So many values of a smooth movement, none at rest and none the other's negative."""
        return _wave(self.seed, size)

    @property
    def topics(self) -> tuple[str, ...]:
        """One for each channel: `imu.x` is `/imu/x`."""
        return tuple("/" + channel.replace(".", "/") for channel in self.channels)


@lru_cache(64)
def _wave(seed: int, size: int) -> tuple[float, ...]:
    random = Random(seed)
    phase, bend = random.uniform(0, 6), random.uniform(0.15, 0.3)
    turns = 2 * pi / size
    return tuple(
        round(0.1 + sin(turns * place + phase) + bend * sin(3 * turns * place), 6)
        for place in range(size)
    )
