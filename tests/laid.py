"""The lines of a pane, one under the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gerra_tui.ui.present.detail import Shown, lay

if TYPE_CHECKING:
    from gerra_tui.ui.present.lines import DetailLine


def detail_lines(shown: Shown, width: int) -> list[DetailLine]:
    laid = lay(shown, width)
    return [*laid.head, *(line for column in laid.columns for line in column)]
