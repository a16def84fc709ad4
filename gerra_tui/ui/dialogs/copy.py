"""What of a dataset goes to the clipboard."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding

from gerra_tui.ui.dialogs.dialog import Dialog
from gerra_tui.ui.widgets.line import Line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.binding import BindingType
    from textual.widget import Widget

    from gerra_tui.domain.dataset import Dataset


class CopyMenu(Dialog[str | None]):
    """Gives the letter of what is to be copied: `i` id, `n` name, `p` storage path, `j` JSON,
    `m` marked ids, `c` command line, `u` download URL; null for Esc. What there is nothing of is
    not offered. `now` (aware) is for the hour until which a download URL works."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(letter, f"choose('{letter}')", show=False) for letter in "inpjmcu"),
        Binding("escape", "leave", "leave it", key_display="Esc"),
        Binding("q", "leave", show=False),
    ]

    def __init__(self, dataset: Dataset, marked_count: int, *, now: datetime | None = None) -> None:
        super().__init__()
        self._offers = {"i": "id", "n": "name"}
        if dataset.link:
            self._offers["p"] = "storage path"
        self._offers["j"] = "JSON, on one line"
        if marked_count:
            self._offers["m"] = (
                "1 marked id" if marked_count == 1 else f"{marked_count:,} marked ids"
            )
        self._offers["c"] = "command line that shows it"
        self._offers["u"] = "download URL"
        # The service: a signed URL works for 60 minutes, and a fresh one is fetched for this.
        self._works_till = (now or datetime.now(UTC)).astimezone() + timedelta(minutes=60)

    def lines(self) -> Iterable[Widget]:
        yield Line("Copy", classes="title")
        for letter, offer in self._offers.items():
            yield Line(f"{letter}  {offer}")
        yield Line(
            f"The URL is a secret and works for anyone till {self._works_till:%H:%M}.",
            classes="warning",
        )

    def action_choose(self, letter: str) -> None:
        if letter in self._offers:
            self.dismiss(letter)

    def action_leave(self) -> None:
        self.dismiss(None)
