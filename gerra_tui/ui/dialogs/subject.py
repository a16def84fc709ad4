"""What a dialog about one dataset says of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gerra_tui.service.decisions.decisions import Target


@dataclass(frozen=True, slots=True)
class Subject:
    """The dataset that a dialog was opened for, whatever the list does meanwhile.

    Null means: not known when the dialog opened. `details` are by slot of a reason what is known
    beforehand; `odd` the names of the checks that found something odd, as the reviewer saw them.
    """

    target: Target
    is_latest: bool | None = None
    total_versions: int | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    odd: tuple[str, ...] = ()
    remark: str | None = None  # why it is asked about again
