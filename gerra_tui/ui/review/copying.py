"""Out of the console: clipboard, pager and editor."""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.dataset import UnreadableRow
from gerra_tui.domain.text import clean, compact_json, ended
from gerra_tui.service.failures import BadResponse, Failure
from gerra_tui.terminal.clipboard import copy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.ui.review.screen import ReviewScreen

COPIED: Final = 100_000  # characters of one value


class Copying:
    """The keys `y`, `e` and `E`, and the editor of the reject dialog."""

    def __init__(self, screen: ReviewScreen) -> None:
        self._screen = screen
        self._workplace = screen.workplace

    def do_copy(self) -> None:
        self._screen.start(self._copy())

    async def _copy(self) -> None:
        from gerra_tui.ui.dialogs.copy import CopyMenu

        dataset = self._dataset()
        if dataset is None:
            self._screen.notice("not loaded yet")
            return
        marks = self._screen.marks
        now = self._workplace.clock.now()
        choice = await self._screen.ask(CopyMenu(dataset, len(marks), now=now))
        if choice is None:
            return
        try:
            text = await self._text(choice, dataset)
        except Failure as failure:
            self._screen.notice(f"Not copied: {ended(clean(failure.detail, 300))}")
            return
        if not text:
            self._screen.notice("Not copied: there is none.")
            return
        self._screen.notice(await copy(text, os.environ, self._screen.write_to_terminal))

    async def _text(self, choice: str, dataset: Dataset) -> str:
        """What a shell, an editor or a console takes for text: nothing in it is a key or hides."""
        match choice:
            case "i":
                return clean(dataset.id, COPIED)
            case "n":
                return clean(dataset.name, COPIED)
            case "p":
                return clean(dataset.link or "", COPIED)
            case "j":
                return compact_json(dataset.raw)
            case "m":
                return " ".join(clean(one, COPIED) for one in self._screen.marks.ids)
            case "c":
                return f"gerra-tui show {shlex.quote(clean(dataset.id, COPIED))}"
        fresh = await self._workplace.details.fresh_dataset(dataset.id)
        url = fresh.signed_url or ""
        if clean(url, COPIED) != url:
            raise BadResponse("the download URL has characters that no URL has.")
        return url

    def do_page_json(self) -> None:
        self._screen.run_worker(self._show_json(pager_command(), editable=False))

    def do_edit_json(self) -> None:
        self._screen.run_worker(self._show_json(editor_command(), editable=False))

    async def _show_json(self, command: Sequence[str], *, editable: bool) -> None:
        row = self._workplace.queue.row(self._screen.list.cursor)
        dataset = self._dataset()
        raw = row.raw if isinstance(row, UnreadableRow) else dataset and dataset.raw
        if raw is None:
            self._screen.notice("not loaded yet")
            return
        # Escaped, so that nothing in it speaks to the terminal of a pager.
        text = json.dumps(raw, ensure_ascii=True, indent=2)
        await self._run(command, text, ".json", read_only=not editable)

    async def edit_text(self, text: str) -> str:
        """The text as $EDITOR leaves it; the same text if that failed, with a notice."""
        edited = await self._run(editor_command(), text, ".txt", read_only=False)
        return text if edited is None else edited.rstrip("\n")

    async def _run(
        self, command: Sequence[str], text: str, suffix: str, *, read_only: bool
    ) -> str | None:
        """Give a file to another program, with the holds' clock stopped meanwhile."""
        decisions = self._workplace.decisions
        with tempfile.TemporaryDirectory(prefix="gerra-tui-") as directory:
            file = Path(directory) / f"dataset{suffix}"
            file.touch(mode=0o600)
            file.write_text(text, encoding="utf-8", errors="replace")
            if read_only:
                file.chmod(0o400)
            decisions.stop_clock()
            try:
                code = await self._suspended([*command, str(file)])
            except OSError as problem:
                self._screen.notice(f"{command[0]} cannot be started: {problem.strerror}")
                return None
            finally:
                decisions.start_clock()
            if code:
                self._screen.notice(f"{command[0]} ended with exit code {code}.")
                return None
            return file.read_text(encoding="utf-8", errors="replace")

    async def _suspended(self, command: Sequence[str]) -> int:
        with self._screen.app.suspend():
            answer = await asyncio.to_thread(subprocess.run, list(command), check=False)
        self._screen.app.refresh(repaint=True)
        return answer.returncode

    def _dataset(self) -> Dataset | None:
        shown = self._screen.detail.shown if self._screen.detail_visible else None
        if shown is not None and shown.dataset is not None:
            return shown.dataset
        row = self._screen.list.row_under_cursor()
        return None if row is None or isinstance(row, UnreadableRow) else row


def pager_command() -> list[str]:
    return shlex.split(os.environ.get("PAGER") or "less -S")


def editor_command() -> list[str]:
    return shlex.split(os.environ.get("EDITOR") or "vi")
