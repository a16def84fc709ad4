"""The key `u`: the latest held decision, else the last step that can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gerra_tui.service.decisions.decisions import AlreadySent, NeverDecided, ReadOnly, TakenBack
from gerra_tui.service.ports import JournalUnwritable
from gerra_tui.ui.present.values import label, local_time

if TYPE_CHECKING:
    from gerra_tui.ui.review.desk import Desk
    from gerra_tui.ui.review.moving import Moving


class TakingBack:
    """`is_under_way` until the disk has it: only then is it known where the cursor goes."""

    def __init__(self, desk: Desk, moving: Moving) -> None:
        self._desk = desk
        self._moving = moving
        self._under_way = 0

    @property
    def is_under_way(self) -> bool:
        return self._under_way > 0

    def do_take_back(self) -> None:
        self._under_way += 1
        self._desk.work(self._take_back())

    async def _take_back(self) -> None:
        try:
            outcome = await self._desk.workplace.decisions.take_back_latest()
        except (JournalUnwritable, ReadOnly) as problem:
            self._desk.notice(f"Not taken back: {problem}")
            return
        finally:
            self._under_way -= 1
        match outcome:
            case TakenBack(decisions):
                first = decisions[0]
                self._moving.return_to(first.dataset_id)
                more = f" and {len(decisions) - 1} more" if len(decisions) > 1 else ""
                self._desk.notice(f"Taken back: {label(first)}{more}")
            case AlreadySent(at=at):
                self._desk.notice(f"already sent {local_time(at)}: cannot be taken back")
            case NeverDecided():
                pass  # the notice says why
            case _:
                undone = self._desk.undo.undo()
                self._desk.notice(undone or "Nothing to take back")
