"""Files fetched whole, one after the other, to this machine's disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gerra_tui.domain.text import clean, ended
from gerra_tui.service.downloads import Downloads, Fetched, scp_line
from gerra_tui.ui.present.downloads import header_words
from gerra_tui.ui.present.values import short_name, size

if TYPE_CHECKING:
    from textual.timer import Timer

    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.service.downloads import Download
    from gerra_tui.ui.review.desk import Desk
    from gerra_tui.ui.review.displayed import Displayed

TOLD_EVERY: Final = 1.0  # seconds


class Downloading:
    """The key `d`: begins after a question, then pauses and goes on."""

    def __init__(self, desk: Desk, displayed: Displayed) -> None:
        self._desk = desk
        self._displayed = displayed
        self._workplace = desk.workplace
        self._downloads = Downloads(self._workplace.fetch, changed=self._changed)
        self._telling: Timer | None = None
        displayed.download_of = self._downloads.of
        desk.stops.append(self._stop)

    @property
    def progress(self) -> str:
        return header_words(self._downloads.entries)

    def do_download(self) -> None:
        dataset = self._displayed.dataset
        if dataset is None:
            self._desk.notice("not loaded yet")
            return
        entry = self._downloads.of(dataset.id)
        match entry.state if entry is not None else None:
            case Fetched.RUNNING | Fetched.WAITING:
                self._downloads.pause(dataset.id)
                self._desk.notice("Paused: d goes on.")
            case Fetched.PAUSED:
                self._downloads.add(dataset)
            case Fetched.DONE if entry is not None and entry.path is not None:
                self._desk.notice(f"It is here: {scp_line(entry.path)}")
            case _:
                self._desk.start(self._ask(dataset))

    async def _ask(self, dataset: Dataset) -> None:
        from gerra_tui.ui.dialogs.confirm import ConfirmDialog

        where = clean(str(self._workplace.downloads))
        question = ConfirmDialog(
            "Download this file?",
            detail=f"{size(dataset)}, {short_name(dataset)}, into {where} on this machine. "
            "It is not unpacked. d pauses it.",
        )
        if await self._desk.ask(question):
            self._downloads.add(dataset)

    async def aclose(self) -> None:
        await self._downloads.aclose()

    def _changed(self, entry: Download) -> None:
        if not self._desk.screen.is_attached:
            return
        match entry.state:
            case Fetched.DONE if entry.path is not None:
                self._desk.notice(f"Downloaded: {scp_line(entry.path)}", unasked=True)
            case Fetched.FAILED:
                problem = ended(clean(entry.problem or "", 300))
                self._desk.notice(f"Not downloaded: {problem} d tries again.", unasked=True)
            case Fetched.RUNNING:
                self._tell_later()
        self._displayed.refresh_row(entry.dataset.id)
        self._desk.tell()

    def _tell_later(self) -> None:
        if self._telling is None:
            self._telling = self._desk.later(TOLD_EVERY, self._tell)

    def _tell(self) -> None:
        self._telling = None
        if self.progress:
            self._desk.tell()
            self._displayed.show_detail()
            self._tell_later()

    def _stop(self) -> bool:
        """^c pauses all of them; whether there was any."""
        entries = self._downloads.entries
        going = [one for one in entries if one.state in (Fetched.RUNNING, Fetched.WAITING)]
        for one in sorted(going, key=lambda one: one.state is Fetched.RUNNING):
            self._downloads.pause(one.dataset.id)  # those that wait first: none takes its turn
        return bool(going)
