"""The outbox: what is decided here and not settled yet, and what became of the rest."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from textual import on, work

from gerra_tui.domain.decision import SENDABLE, TROUBLED, DecisionState, Verdict
from gerra_tui.domain.text import clean
from gerra_tui.service.changing_key import change_key
from gerra_tui.service.decisions.decisions import AlreadySent, ReadOnly, TakenBack
from gerra_tui.service.failures import Failure, Unauthorized
from gerra_tui.service.ports import AlreadyOpen, JournalUnwritable
from gerra_tui.ui.dialogs.confirm import SecondKey
from gerra_tui.ui.dialogs.key import KeyDialog
from gerra_tui.ui.keys.side_commands import OUTBOX
from gerra_tui.ui.present.outbox import Rows, batch_line, details, heading
from gerra_tui.ui.present.values import label, local_time
from gerra_tui.ui.screens.side import SideScreen
from gerra_tui.ui.widgets.item_list import ItemList
from gerra_tui.ui.widgets.line import Line

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from textual.widget import Widget

    from gerra_tui.domain.decision import Decision
    from gerra_tui.ui.workplace import Workplace

MAY_HAVE_ARRIVED = (
    "It was posted and its outcome is not known. Dropped, nobody looks what became of it."
)
DRAWN_EVERY = 0.1  # seconds: a batch changes faster than anybody reads


class OutboxScreen(SideScreen):
    """Decisions in the order they were made, so that none moves by itself; the cursor stays on
    its decision. Looking here is what takes late refusals out of the header.

    What sends, or drops for good, takes a second key: no word typed here by mistake does either.
    `decide_again` asks about one that was refused or failed, and gives what to tell.
    """

    CONTEXT = OUTBOX
    AUTO_FOCUS = "ItemList"
    DEFAULT_CSS = """
    OutboxScreen ItemList { height: 1fr; }
    OutboxScreen #details { max-height: 8; }
    """

    def __init__(
        self, workplace: Workplace, decide_again: Callable[[Decision], Awaitable[str]]
    ) -> None:
        super().__init__(workplace)
        self._decide_again = decide_again
        self._workplace = workplace
        self._outbox = workplace.decisions
        self._shown: list[Decision] = []
        self._cleared: set[str] = set()
        self._drawing = False

    def body(self) -> Iterable[Widget]:
        yield Line(id="pause", classes="warning")
        yield Line(id="batches")
        yield Line(id="heading")
        yield ItemList()
        yield Line(id="details")
        yield Line(id="notice", classes="warning")

    def on_mount(self) -> None:
        self._draw(next((one.id for one in self._listed() if one.state in TROUBLED), None))
        self._do(self._look_again)

    async def _look_again(self) -> str:
        """Another console of this user may have ended, or taken over what this one lists."""
        await self._outbox.refresh()
        return ""

    def action_leave(self) -> None:
        self._outbox.seen_refusals()
        super().action_leave()

    def on_resize(self) -> None:
        self._draw()

    def _listed(self) -> list[Decision]:
        return [one for one in self._outbox.listing() if one.id not in self._cleared]

    def decisions_changed(self) -> None:
        if not self._drawing:
            self._drawing = True
            self.set_timer(DRAWN_EVERY, self._draw)

    def _draw(self, to: str | None = None) -> None:
        """All of it; the cursor goes to the decision `to`, or stays with the one that it is on."""
        self._drawing = False
        if not self.is_attached:
            return
        if to is None and (one := self._under_cursor) is not None:
            to = one.id
        self._shown = self._listed()
        now = self._workplace.clock.now()
        listing = self.query_one(ItemList)
        at = next((i for i, one in enumerate(self._shown) if one.id == to), None)
        listing.show(Rows(self._shown, now, self.size.width), at)
        self.query_one("#heading", Line).say(
            heading(self.size.width) if self._shown else "Nothing is on its way."
        )
        self._tell_state()
        self._tell_details()

    def _tell_state(self) -> None:
        status = self._outbox.status
        self.tell_header()
        told = [one for one in (status.paused, status.remark) if one]
        if status.needs_key:
            told.append("K types a key.")
        elif status.stopped:
            told.append("o goes on, B takes back the rest.")
        elif status.paused:
            told.append("o tries now.")
        self.query_one("#pause", Line).say(" ".join(told))
        bar = "#" if self.app.has_class("-ascii") else "█"
        batches = dict.fromkeys(one.batch_id for one in self._shown if one.batch_id)
        progress = [self._outbox.batch(one) for one in batches]
        going = [batch_line(one, bar) for one in progress if one and one.remaining]
        self.query_one("#batches", Line).say("\n".join(going[:2]))

    def _tell_details(self) -> None:
        one = self._under_cursor
        lines = details(one, self._workplace.clock.now(), self.size.width) if one else ()
        self.query_one("#details", Line).say("\n".join(lines))

    @property
    def _under_cursor(self) -> Decision | None:
        at = self.query_one(ItemList).cursor
        return None if at is None or at >= len(self._shown) else self._shown[at]

    def _notice(self, text: str) -> None:
        self.query_one("#notice", Line).say(text)

    @on(ItemList.Highlighted)
    def _moved(self) -> None:
        self._notice("")
        self._tell_details()

    # What the keys do

    @work
    async def action_send_now(self) -> None:
        one = self._under_cursor
        if one is None or one.state not in SENDABLE:
            self._notice("Only what is held, kept, waiting or unknown can be sent.")
        elif await self._is_meant("Send this decision now?", "send", label(one)):
            self._do(lambda: self._send([one.id]))

    @work
    async def action_send_all(self) -> None:
        ones = [one for one in self._outbox.listing() if one.state in SENDABLE]
        if not ones:
            self._notice("Nothing is held, kept, waiting or unknown.")
            return
        what = f"all {len(ones):,} decisions" if len(ones) > 1 else "this decision"
        if await self._is_meant(f"Send {what} now?", "send", _verdicts(ones)):
            self._do(lambda: self._send([one.id for one in ones]))

    async def _is_meant(self, question: str, yes: str, detail: str) -> bool:
        return await self.app.push_screen_wait(SecondKey(question, detail=detail, yes=yes)) is True

    async def _send(self, decision_ids: list[str]) -> str:
        await self._outbox.send_now(decision_ids)
        return ""

    def action_take_back(self) -> None:
        one = self._under_cursor
        if one is not None:
            self._do(lambda: self._take_back(one))

    async def _take_back(self, one: Decision) -> str:
        if await self._outbox.take_back([one.id]):
            return f"Taken back: {label(one)}"
        return "It was posted or has ended: it cannot be taken back."

    def action_take_back_latest(self) -> None:
        self._do(self._take_back_latest)

    async def _take_back_latest(self) -> str:
        match await self._outbox.take_back_latest():
            case TakenBack(decisions):
                return f"Taken back: {label(decisions[-1])}"
            case AlreadySent(_, at):
                return f"already sent {local_time(at)}: cannot be taken back"
        return "Nothing to take back"

    @work
    async def action_drop(self) -> None:
        one = self._under_cursor
        if one is None:
            return
        question = ""
        if (one.posted or one.state is DecisionState.UNKNOWN) and not one.state.is_end:
            question, detail = "Drop a decision that may have arrived?", MAY_HAVE_ARRIVED
        elif one.state is DecisionState.KEPT:
            question, detail = "Drop this kept decision?", label(one)
        if not question or await self._is_meant(question, "drop", detail):
            self._do(lambda: self._drop(one))

    async def _drop(self, one: Decision) -> str:
        if await self._outbox.drop([one.id]):
            return f"Dropped: {label(one)}"
        return "It is being sent or has ended: it cannot be dropped."

    def action_try_again(self) -> None:
        one = self._under_cursor
        if one is None or one.state not in TROUBLED:
            self._notice("Only what was refused or failed can be tried again.")
            return
        self._notice("Reading it as it is now ...")
        self._do(lambda: self._try_again(one))

    async def _try_again(self, one: Decision) -> str:
        told = await self._decide_again(one)
        if (new := self._outbox.of(one.dataset_id)) is not None:
            self._draw(new.id)
        return told

    @work
    async def action_go_on(self) -> None:
        if await self._may_go_on(self._batches()):
            self._outbox.resume()
            for one in self._batches():
                self._outbox.resume_batch(one)
            self._draw()

    @work
    async def action_pause_batch(self) -> None:
        batches = self._batches()
        if not await self._may_go_on(batches):
            return
        for one in batches:
            progress = self._outbox.batch(one)
            if progress is not None and progress.paused:
                self._outbox.resume_batch(one)
            else:
                self._outbox.pause_batch(one)
        self._draw()

    async def _may_go_on(self, batches: Iterable[str]) -> bool:
        """What of them waits for the reviewer's word gets it by a second key."""
        known = [one for batch in batches if (one := self._outbox.batch(batch)) is not None]
        waiting = sum(one.remaining for one in known if one.paused)
        if not waiting:
            return True
        return await self._is_meant(
            "Go on with the batch?", "go on", f"{waiting:,} are to be sent."
        )

    def action_end_batch(self) -> None:
        self._do(self._end_batch)

    async def _end_batch(self) -> str:
        taken = [one for batch in self._batches() for one in await self._outbox.cancel_batch(batch)]
        return f"Taken back: {len(taken):,} of the batch" if taken else "No batch is going on."

    def _batches(self) -> list[str]:
        """The batch under the cursor, else those that are going on."""
        one = self._under_cursor
        mine = [one.batch_id] if one and one.batch_id else [it.batch_id for it in self._shown]
        known = {batch: self._outbox.batch(batch) for batch in dict.fromkeys(mine) if batch}
        return [batch for batch, progress in known.items() if progress and progress.remaining]

    def action_clear(self) -> None:
        ended = [one for one in self._shown if one.state.is_end]
        self._cleared.update(one.id for one in ended)
        if troubled := [one.id for one in ended if one.state in TROUBLED]:
            self._do(lambda: self._dismiss(troubled))
        self._draw()

    async def _dismiss(self, decision_ids: list[str]) -> str:
        await self._outbox.drop(decision_ids)
        return ""

    @work
    async def action_type_key(self) -> None:
        access, ask_with = self._workplace.access, self._workplace.ask_with
        needed = self._outbox.status.needs_key
        refused = Unauthorized("another one is needed.", http_status=401) if needed else None
        dialog = KeyDialog(access.source, partial(change_key, access, ask_with), refused)
        if await self.app.push_screen_wait(dialog):
            self._outbox.resume()
            self._draw()

    @work
    async def _do(self, call: Callable[[], Awaitable[str]]) -> None:
        """One call to the outbox; its outcome, or why not, is said."""
        try:
            told = await call()
        except Failure as failure:
            told = clean(failure.detail)
        except AlreadyOpen:
            told = "It is already decided, here or in another console, and not settled yet."
        except (JournalUnwritable, ReadOnly) as problem:
            told = str(problem)
        self._draw()
        self._notice(told)


def _verdicts(ones: Iterable[Decision]) -> str:
    """`12 accepted, 3 rejected`."""
    count = Counter(one.verdict for one in ones)
    return ", ".join(f"{count[one]:,} {one.status}" for one in Verdict if count[one])
