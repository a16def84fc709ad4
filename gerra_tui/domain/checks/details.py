"""Findings as details of a rejection's reason: they fill its slots, and decide nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gerra_tui.domain.evidence import Mark
from gerra_tui.domain.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gerra_tui.domain.evidence import Check

_CONTENT = ("fps", "frames", "episodes", "duration", "resolution", "robot", "cameras")


def details_of(checks: Iterable[Check]) -> dict[str, str]:
    """Values by the slots of the shipped reasons, from the odd checks; the first of a slot wins."""
    details: dict[str, str] = {}
    for check in checks:
        if check.mark is Mark.ODD:
            for slot, value in _details(check).items():
                details.setdefault(slot, value)
    return details


def _details(check: Check) -> Mapping[str, str]:
    """All slots of one finding or none: two findings never share a sentence."""
    measured, declared = check.measured, check.declared
    if check.id == "size" and isinstance(measured, int) and isinstance(declared, int):
        return {"size served": f"{measured:,} B", "declared": f"{declared:,} B"}
    if check.id == "same" and isinstance(measured, str):
        return {"dataset id": clean(measured)}
    if check.id in _CONTENT and check.text.startswith("metadata "):
        return {"field": check.id, "x": _shown(declared), "y": _shown(measured)}
    return {}


def _shown(value: Any) -> str:
    return f"{value:,.10g}" if isinstance(value, int | float) else clean(str(value))
