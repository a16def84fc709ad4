"""What a dialog about one dataset says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gerra_tui.service.decisions.decisions import Target


@dataclass(frozen=True, slots=True)
class Subject:
    """The dataset that a dialog was opened for, whatever the list does meanwhile.

    Null means: not known when the dialog opened. `last_superseded_reason` is why the version
    before this one was replaced.
    """

    target: Target
    is_latest: bool | None = None
    total_versions: int | None = None
    last_superseded_reason: str | None = None
    remark: str | None = None  # why it is asked about again
