"""By how much two numbers may differ before a check calls it odd."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Between what the bytes show and what is declared of them.

    `size` in bytes, `fps` as a fraction, `frames` and `episodes` as numbers of them, `duration` as
    a fraction of the length. `shared`: the fraction of its contents that a dataset may have in
    common with another one.
    """

    size: int = 0
    fps: float = 0.0009  # 30 and 30,000/1,001 a second, 0.1 % apart, are not the same
    frames: int = 0
    episodes: int = 0
    duration: float = 0.02  # declared times are rounded
    shared: float = 0.9


SHIPPED: Final = Limits()
