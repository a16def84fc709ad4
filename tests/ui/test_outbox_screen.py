"""What a reviewer sees and can do in the outbox."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Literal

import pytest

from gerra_tui.domain.decision import DecisionState, Verdict
from gerra_tui.service.decisions.decisions import BatchProgress
from gerra_tui.ui.dialogs.confirm import TYPED_AHEAD
from gerra_tui.ui.present.outbox import batch_line, details, heading, row
from gerra_tui.ui.screens.outbox import OutboxScreen
from gerra_tui.ui.widgets.item_list import ItemList
from tests.fakes import Disk, FakeService, id_of
from tests.ui.stage import Stage, lines_of, text_of
from tests.ui.workplaces import FakeAccess, decisions_of, until, workplace_of
from tests.virtual_time import NOON

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from textual.pilot import Pilot

    from gerra_tui.domain.decision import Decision
    from gerra_tui.service.decisions.decisions import Decisions

SIZES = pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 15)])


class Console:
    """An outbox screen over a service, with the outbox running."""

    def __init__(
        self, disk: Disk | None = None, hold: float | Literal["manual"] = "manual"
    ) -> None:
        self.service = FakeService(40)
        self.service.latency = 0.0
        self.disk = disk or Disk()
        self.decisions: Decisions = decisions_of(self.service, self.disk, hold=hold)
        self.access = FakeAccess()
        self.stage = Stage(
            OutboxScreen(
                workplace_of(self.service, self.decisions, access=self.access), self.decide_again
            )
        )
        self.again: list[str] = []
        self.pilot: Pilot[Any]

    async def decide_again(self, one: Decision) -> str:
        self.again.append(one.dataset_id)
        return f"Asked about {one.dataset_id[:8]}"

    async def accept(self, *numbers: int) -> None:
        await self.decisions.decide(Verdict.ACCEPT, self.service.targets(numbers))

    async def reject(self, *numbers: int, reason: str = "dark at 0:04") -> None:
        await self.decisions.decide(Verdict.REJECT, self.service.targets(numbers), reason=reason)

    @asynccontextmanager
    async def opened(self, size: tuple[int, int] = (80, 24)) -> AsyncIterator[None]:
        sending = asyncio.create_task(self.decisions.run())
        try:
            async with self.stage.run_test(size=size) as pilot:
                self.pilot = pilot
                yield
        finally:
            sending.cancel()

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def send(self, key: str) -> None:
        """`n` or `N`, and the second key once its question was read."""
        await self.press(key)
        await self.shows("y send   n no")
        await asyncio.sleep(TYPED_AHEAD)
        await self.press("y")

    async def shows(self, text: str) -> None:
        await until(self.pilot, lambda: text in text_of(self.stage))

    def state(self, number: int) -> DecisionState:
        return self.disk.states()[id_of(number)]


@SIZES
async def test_each_decision_is_listed_with_its_state_and_the_one_under_the_cursor_in_full(
    size: tuple[int, int],
) -> None:
    console = Console()
    await console.decisions.start()
    await console.accept(1)
    await console.reject(2)
    async with console.opened(size):
        lines = lines_of(console.stage)
        assert "outbox: 2 held" in lines[0]
        assert "api.gerra.example" in lines[0]
        listed = text_of(console.stage)
        assert "> ACC held" in listed
        assert "REJ held" in listed
        assert f"id {id_of(1)}" in listed
        await console.press("j")
        assert f"id {id_of(2)}" in text_of(console.stage)
        assert "reason: dark at 0:04" in text_of(console.stage)
        assert "held until you send it" in text_of(console.stage)
        assert lines_of(console.stage)[-1].startswith("n send   t take back   d drop   x retry")


async def test_an_empty_outbox_says_so_and_its_keys_do_nothing() -> None:
    console = Console()
    await console.decisions.start()
    async with console.opened():
        assert "Nothing is on its way." in text_of(console.stage)
        await console.press("n", "t", "d", "x", "o", "b", "B", "c", "N")
        await console.press("u")
        await console.shows("Nothing to take back")
        assert console.service.posts == []


async def test_n_sends_the_one_under_the_cursor_and_no_other() -> None:
    console = Console()
    await console.decisions.start()
    await console.accept(1)
    await console.accept(2)
    async with console.opened():
        await console.press("j")
        await console.send("n")
        await until(console.pilot, lambda: console.state(2) is DecisionState.DONE)
        await console.shows("> accepted")
        assert console.state(1) is DecisionState.HELD
        await console.press("n")
        await console.shows("Only what is held, kept, waiting or unknown can be sent.")


async def test_capital_n_sends_all() -> None:
    console = Console()
    await console.decisions.start()
    await console.accept(1)
    await console.reject(2)
    async with console.opened():
        await console.send("N")
        await until(console.pilot, lambda: len(console.service.effective()) == 2)
        await console.shows("rejected")


async def test_t_takes_back_the_one_under_the_cursor() -> None:
    console = Console()
    await console.decisions.start()
    await console.accept(1)
    await console.accept(2)
    async with console.opened():
        await console.press("t")
        await console.shows("Taken back: 00000001 Stack cups, batch 1")
        assert console.state(1) is DecisionState.TAKEN_BACK
        assert console.state(2) is DecisionState.HELD
        await console.press("t")
        await console.shows("It was posted or has ended: it cannot be taken back.")


async def test_u_takes_back_the_latest_as_everywhere() -> None:
    console = Console()
    await console.decisions.start()
    await console.accept(1)
    await console.accept(2)
    async with console.opened():
        await console.press("u")
        await console.shows("Taken back: 00000002")
        assert console.state(1) is DecisionState.HELD


async def test_d_drops_what_is_held_without_asking() -> None:
    console = Console()
    await console.decisions.start()
    await console.accept(1)
    async with console.opened():
        await console.press("d")
        await console.shows("Dropped: 00000001")
        assert console.state(1) is DecisionState.DROPPED
        await console.press("d")
        await console.shows("it cannot be dropped")


async def test_dropping_what_may_have_arrived_warns_first() -> None:
    console = Console(hold=0)
    console.service.posting.append("cut-after")
    console.service.reading.extend(["ok", *["500"] * 50])
    await console.decisions.start()
    await console.accept(1)
    async with console.opened():
        await console.shows("ACC unknown")
        await console.press("d")
        await console.shows("Drop a decision that may have arrived?")
        await console.press("enter")
        await console.pilot.pause()
        assert console.state(1) is DecisionState.UNKNOWN
        await console.press("d")
        await console.shows("Drop a decision that may have arrived?")
        await asyncio.sleep(TYPED_AHEAD)
        await console.press("y")
        await console.shows("Dropped: 00000001")


async def test_a_refusal_shows_the_words_of_the_service_and_leaves_the_header_once_seen() -> None:
    console = Console(hold=0)
    console.service.decide_elsewhere(1, Verdict.REJECT)
    await console.decisions.start()
    await console.accept(1)
    async with console.opened():
        await console.shows("ACC refused")
        await console.shows("status is rejected")
        assert console.decisions.status.unseen_refusals == 1
        await console.press("escape")
        await until(console.pilot, lambda: console.decisions.status.unseen_refusals == 0)


async def test_x_asks_about_what_failed_and_about_nothing_else() -> None:
    console = Console(hold=0)
    console.service.posting.append("400")
    await console.decisions.start()
    await console.accept(1)
    async with console.opened():
        await console.shows("ACC failed")
        await console.shows("The service says (400): Bad request")
        await console.press("x")
        await console.shows("Asked about 00000001")
        await console.accept(1)
        await console.shows("  accepted")
        await console.press("j", "x")
        await console.shows("Only what was refused or failed can be tried again.")
    assert console.again == [id_of(1)]


async def test_the_cursor_opens_on_what_went_wrong() -> None:
    disk = Disk()
    first = Console(disk, hold=0)
    first.service.posting.append("400")
    await first.decisions.start()
    await first.accept(2)
    async with first.opened():
        await first.shows("ACC failed")
    second = Console(disk)
    await second.decisions.start()
    await second.accept(1)
    second.decisions._book._decisions = dict(reversed(second.decisions._book._decisions.items()))
    async with second.opened():
        assert "> ACC failed" in text_of(second.stage)


async def test_what_is_drawn_while_the_cursor_moves_does_not_take_it_back() -> None:
    console = Console()
    await console.decisions.start()
    for number in (1, 2, 3):
        await console.accept(number)
    async with console.opened():
        screen = console.stage.screen
        assert isinstance(screen, OutboxScreen)
        await console.shows("> ACC held")
        screen.query_one(ItemList).move_to(2)
        screen.on_resize()  # draws all again, before the screen heard of the move
        await console.send("n")
        await until(console.pilot, lambda: console.state(3) is DecisionState.DONE)
        assert console.state(1) is DecisionState.HELD


async def test_c_takes_what_has_ended_off_the_list_and_keeps_the_rest() -> None:
    console = Console()
    await console.decisions.start()
    await console.accept(1)
    await console.accept(2)
    await console.accept(3)
    console.service.posting.extend(["ok", "400"])
    async with console.opened():
        await console.send("n")
        await console.shows("> accepted")
        await console.press("j")
        await console.send("n")
        await console.shows("> ACC failed")
        await console.press("c")
        await console.shows("> ACC held")
        await until(console.pilot, lambda: "ACC failed" not in text_of(console.stage))
        assert "accepted" not in text_of(console.stage)
        assert [one.dataset_id for one in console.decisions.listing()] == [id_of(1), id_of(3)]


async def test_kept_ones_of_an_ended_console_are_sent_only_by_the_reviewers_word() -> None:
    disk = Disk()
    dead = decisions_of(FakeService(40), disk)
    await dead.start()
    await dead.decide(Verdict.ACCEPT, FakeService(40).targets([1]))
    await dead.keep_all()
    await dead.close()
    console = Console(disk)
    await console.decisions.start()
    async with console.opened():
        assert "ACC kept" in text_of(console.stage)
        await console.shows("Made in a console that has ended")
        assert console.service.posts == []
        await console.send("n")
        await console.shows("> accepted")
        assert "Made in a console that has ended" not in text_of(console.stage)


async def test_what_was_taken_back_for_an_ended_console_waits_for_nobodys_word() -> None:
    disk = Disk()
    dead = decisions_of(FakeService(40), disk)
    await dead.start()
    await dead.decide(Verdict.ACCEPT, FakeService(40).targets([1]))
    await dead.keep_all()
    await dead.close()
    console = Console(disk)
    await console.decisions.start()
    async with console.opened():
        await console.press("t")
        await console.shows("Taken back")
        await console.shows("> ACC taken back")
        assert "Made in a console that has ended" not in text_of(console.stage)


async def test_a_refused_key_is_said_and_another_one_can_be_typed() -> None:
    console = Console(hold=0)
    console.service.reading.append("401")
    await console.decisions.start()
    await console.accept(1)
    async with console.opened():
        await console.shows("K types a key.")
        await console.press("K")
        await console.shows("Key refused (401)")
        await console.press(*"gk_new", "enter")
        await console.shows("> accepted")
    assert console.access.key == "gk_new"


async def test_a_pause_without_connection_says_so_and_o_tries_now() -> None:
    console = Console(hold=0)
    console.service.reading.append("refused")
    await console.decisions.start()
    await console.accept(1)
    async with console.opened():
        await console.shows("Cannot reach api.gerra.example.")
        assert "o tries now." in text_of(console.stage)
        await console.press("o")
        await console.shows("> accepted")


async def test_a_batch_is_paused_goes_on_and_is_ended() -> None:
    console = Console()
    await console.decisions.start()
    await console.accept(*range(20))
    async with console.opened((120, 40)):
        await console.shows("Batch of 20 [....................] 0 done 0 failed 20 remaining")
        await console.press("b")
        await console.shows("Batch of 20 paused")
        await console.press("b")
        await console.shows("Go on with the batch?")
        await asyncio.sleep(TYPED_AHEAD)
        await console.press("y")
        await until(console.pilot, lambda: "Batch of 20 paused" not in text_of(console.stage))
        await console.send("n")
        await console.shows("1 done 0 failed 19 remaining")
        await console.press("B")
        await console.shows("Taken back: 19 of the batch")
        await until(console.pilot, lambda: "remaining" not in text_of(console.stage))


async def test_a_full_disk_is_said_and_nothing_changes() -> None:
    console = Console()
    await console.decisions.start()
    await console.accept(1)
    async with console.opened():
        console.disk.full = True
        await console.press("t")
        await console.shows("The disk is full: free some space, then try again.")
        assert "> ACC held" in text_of(console.stage)


async def test_a_read_only_console_sends_nothing() -> None:
    console = Console()
    await console.decisions.start()
    await console.accept(1)
    console.decisions._read_only = True
    async with console.opened():
        await console.send("n")
        await console.shows("read-only")
        await console.send("N")
        await console.pilot.pause()
    assert console.service.posts == []


async def test_the_cursor_stays_on_its_decision_while_others_change() -> None:
    console = Console()
    await console.decisions.start()
    for number in range(5):
        await console.accept(number)
    async with console.opened():
        await console.press("j", "j")
        await console.decisions.send_now()
        await console.shows("> accepted")
        assert f"id {id_of(2)}" in text_of(console.stage)


async def test_help_lists_the_keys_of_the_outbox() -> None:
    console = Console()
    await console.decisions.start()
    async with console.opened((120, 40)):
        await console.press("?")
        assert "Help: outbox" in text_of(console.stage)
        assert "Take back what of the batch has not left." in text_of(console.stage)


async def test_a_thousand_decisions_are_listed_at_once() -> None:
    console = Console()
    console.service.bodies = FakeService(1000).bodies
    await console.decisions.start()
    await console.accept(*range(1000))
    async with console.opened():
        await console.press("G")
        assert f"id {id_of(999)}" in text_of(console.stage)


@SIZES
async def test_hostile_names_reasons_and_answers_keep_the_screen(size: tuple[int, int]) -> None:
    bad = "\x1b[31m\u202e[b]\n" + "長い" * 400
    console = Console()
    console.service.touch(1, name=bad, data_type=bad)
    await console.decisions.start()
    await console.reject(1, reason=bad)
    async with console.opened(size):
        assert not {"\x1b", "\u202e"} & set(text_of(console.stage))
        assert lines_of(console.stage)[-1].startswith("n send")
        assert "00000001" in text_of(console.stage)


def test_rows_stand_under_their_heading_at_every_width() -> None:
    service = FakeService(2)
    decisions = decisions_of(service)

    async def one() -> str:
        await decisions.start()
        (made,) = await decisions.decide(Verdict.ACCEPT, [service.target(1)])
        assert next(details(made, NOON, 60)).strip() == f"id {id_of(1)}  episode"
        for width in (60, 80, 120):
            line = row(made, NOON, width)
            assert len(line) == width - 2
            assert heading(width).index("NAME") == line.index("Stack") + 2
        return line

    assert asyncio.run(one()).startswith("ACC held")


def test_a_batch_tells_how_far_it_is() -> None:
    def progress(total: int, **counts: Any) -> BatchProgress:
        none = {"done": 0, "failed": 0, "refused": 0, "taken_back": 0, "remaining": 0}
        return BatchProgress(batch_id="b", total=total, **{**none, **counts})

    going = progress(100, done=61, failed=2, remaining=37)
    assert batch_line(going, "#") == (
        "Batch of 100 [############........] 61 done 2 failed 37 remaining  (b pauses, B ends it)"
    )
    paused = progress(3, refused=1, taken_back=1, remaining=1, paused=True)
    assert batch_line(paused, "#") == (
        "Batch of 3 paused [#############.......] 0 done 0 failed 1 decided elsewhere"
        " 1 taken back 1 remaining  (b goes on, B ends it)"
    )
    ended = progress(2, done=2)
    assert batch_line(ended, "#") == "Batch of 2 [####################] 2 done 0 failed 0 remaining"
