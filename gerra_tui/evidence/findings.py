"""What a format tells of a window: what every module of `formats` gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gerra_tui.domain.evidence import Check, Facts, Step


@dataclass(slots=True, kw_only=True)
class FormatLook:
    """Facts by the names that are fixed for the kind, checks, and the priced steps beyond it."""

    kind: str
    facts: Facts = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)
    more: list[Step] = field(default_factory=list)
