"""Out of the console: clipboard, pager and editor."""

from __future__ import annotations

import json
import os
import shlex
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.dataset import UnreadableRow
from gerra_tui.domain.text import clean, compact_json, ended
from gerra_tui.service.failures import BadResponse, Failure
from gerra_tui.terminal.clipboard import copy

if TYPE_CHECKING:
    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.ui.handover import Ended
    from gerra_tui.ui.review.desk import Desk
    from gerra_tui.ui.review.displayed import Displayed

COPIED: Final = 100_000  # characters of one value


class Copying:
    """The keys `y`, `e` and `E`, and the editor of the reject dialog."""

    def __init__(self, desk: Desk, displayed: Displayed) -> None:
        self._desk = desk
        self._displayed = displayed
        self._workplace = desk.workplace

    def do_copy(self) -> None:
        self._desk.start(self._copy())

    async def _copy(self) -> None:
        from gerra_tui.ui.dialogs.copy import CopyMenu

        dataset = self._displayed.dataset
        if dataset is None:
            self._desk.notice("not loaded yet")
            return
        marks = self._desk.marks
        now = self._workplace.clock.now()
        choice = await self._desk.ask(CopyMenu(dataset, len(marks), now=now))
        if choice is None:
            return
        try:
            text = await self._text(choice, dataset)
        except Failure as failure:
            self._desk.notice(f"Not copied: {ended(clean(failure.detail, 300))}")
            return
        if not text:
            self._desk.notice("Not copied: there is none.")
            return
        self._desk.notice(await copy(text, os.environ, self._desk.write_to_terminal))

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
                return " ".join(clean(one, COPIED) for one in self._desk.marks.ids)
            case "c":
                return f"gerra-tui show {shlex.quote(clean(dataset.id, COPIED))}"
        fresh = await self._workplace.details.fresh_dataset(dataset.id)
        url = fresh.signed_url or ""
        if clean(url, COPIED) != url:
            raise BadResponse("the download URL has characters that no URL has.")
        return url

    def do_page_json(self) -> None:
        self._desk.work(self._page_json())

    async def _page_json(self) -> None:
        if (shown := self._json()) is not None:
            handover = self._desk.handover
            ended = await handover.run(_named("PAGER", "less -S"), stdin=shown[1], is_read=True)
            self._tell(ended)

    def do_edit_json(self) -> None:
        self._desk.work(self._edit_json())

    async def _edit_json(self) -> None:
        if (shown := self._json()) is None:
            return
        editing = self._workplace.editing
        try:
            file = editing.put(*shown, ".json", read_only=True)
        except OSError as problem:
            self._desk.notice(f"The JSON cannot be written for an editor: {problem.strerror}.")
            return
        try:
            self._tell(await self._desk.handover.run(_editor(), str(file)))
        finally:
            editing.remove(file)

    def _json(self) -> tuple[str, str] | None:
        """The id and the JSON of what is displayed; a notice and null where that is not loaded."""
        row = self._workplace.queue.row(self._desk.list.cursor)
        dataset = self._displayed.dataset
        shown = row if isinstance(row, UnreadableRow) else dataset
        if shown is None:
            self._desk.notice("not loaded yet")
            return None
        # Escaped, so that nothing in it speaks to the terminal of a pager.
        return shown.id or "", json.dumps(shown.raw, ensure_ascii=True, indent=2) + "\n"

    async def edit_text(self, text: str, about: str = "") -> str:
        """The text as $EDITOR leaves it, or as it was, with a notice, where there is none.

        What the editor saved lies in a file, and becomes the draft, should the console not live to
        read it back.
        """
        editing = self._workplace.editing
        try:
            file = editing.put(about, text, ".txt")
        except OSError as problem:
            self._desk.notice(f"It cannot be written for an editor: {problem.strerror}.")
            return text
        ended = await self._desk.handover.run(_editor(), str(file))
        try:
            edited = editing.read(file)
        except OSError as problem:
            self._desk.notice(f"The editor left no text: {problem.strerror}. It is as it was.")
            return text
        editing.remove(file)
        self._tell(
            ended, " What it saved is here." if edited != text else " The text is as it was."
        )
        return edited

    def _tell(self, ended: Ended, more: str = "") -> None:
        if ended.problem is not None:
            self._desk.notice(f"{clean(ended.problem, 300)}{more}")


def _named(variable: str, otherwise: str) -> str:
    """The command of an environment variable that is not blank."""
    return os.environ.get(variable, "").strip() or otherwise


def _editor() -> str:
    return _named("EDITOR", "vi")
