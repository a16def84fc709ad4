"""By how much two numbers may differ before a check calls it odd."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """`size` in bytes: between what storage serves and what the service declares."""

    size: int = 0
