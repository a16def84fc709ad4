"""Findings as details of a rejection's reason: they fill its slots, and decide nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from gerra_tui.domain.checks.numbers import number
from gerra_tui.domain.evidence import Mark
from gerra_tui.domain.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gerra_tui.domain.evidence import Check

_CONTENT: Final = ("fps", "frames", "episodes", "duration", "resolution", "robot", "cameras")
_PART: Final = "file / stream / field"
_FAULT: Final = "NaN / stuck / clipped / spikes"
# Which part is missing, by check; it stands in the words alone.
_PARTS: Final = {
    "complete": re.compile(r"missing: (.+)", re.DOTALL),
    "channels": re.compile(r"(.+) declared, not in the ", re.DOTALL),
    "keys": re.compile(r"(.+) missing, which", re.DOTALL),
}
_FAULTS: Final = {"nan": "NaN", "recorded": "NaN", "stuck": "stuck", "clipped": "clipped"}


def details_of(checks: Iterable[Check]) -> dict[str, str]:
    """Values by the slots of the shipped reasons, from the odd checks; the first of a slot wins."""
    details: dict[str, str] = {}
    for check in checks:
        if check.mark is Mark.ODD:
            found = _details(check)
            if not details.keys() & found.keys():  # two findings never share a sentence
                details |= found
    return details


def _details(check: Check) -> dict[str, str]:
    measured, declared = check.measured, check.declared
    amount = number(declared if measured is None else measured)
    match check.id:
        case "size" if isinstance(measured, int) and isinstance(declared, int):
            return {"size served": f"{measured:,} B", "declared": f"{declared:,} B"}
        case "same" if isinstance(measured, str):
            return {"dataset id": clean(measured)}
        case "gaps" if amount is not None:
            return {"n": f"{amount:,.10g}"}
        case "idle" if amount is not None and 0 <= amount <= 1:
            return {"pct": f"{amount:.0%}"}
        case name if name in _CONTENT and check.text.startswith("metadata "):
            return {"field": name, "x": _shown(declared), "y": _shown(measured)}
        case name if name in _FAULTS:
            return {_FAULT: _FAULTS[name]}
        case name if name in _PARTS and (found := _PARTS[name].search(check.text)):
            return {_PART: clean(found[1])}
    return {}


def _shown(value: Any) -> str:
    return f"{value:,.10g}" if isinstance(value, int | float) else clean(str(value))
