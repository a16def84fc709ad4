"""The driver at close quarters, in the test's own process."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from typing import TYPE_CHECKING

import pytest
from textual.geometry import Size

from gerra_tui.terminal import driver as driver_module
from gerra_tui.terminal.driver import CellDriver, choose_driver
from gerra_tui.terminal.pacing import FRAMES
from tests.terminal.inside import Inside
from tests.terminal.keys_app import KeysApp
from tests.terminal.list_app import ListApp, Rows
from tests.terminal.replies_cases import PIECES

if TYPE_CHECKING:
    from textual.drivers.linux_driver import LinuxDriver

pytestmark = pytest.mark.processes


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Inside:
    return Inside(ListApp(1_000, CellDriver), monkeypatch)


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> Inside:
    return Inside(KeysApp(), monkeypatch)


async def test_keys_move_and_the_end_leaves_nothing_behind(terminal: Inside) -> None:
    async with terminal:
        await terminal.shows("ready")
        terminal.press("Down", "Down", "PageDown", "q")
        assert await terminal.end() == 0
    assert terminal.emulator.modes == {7, 25}
    assert terminal.emulator.keyboard == []
    assert terminal.emulator.unknown == []


async def test_what_arrives_in_pieces_presses_no_other_keys(
    keys: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pauses longer than Textual's parser has patience; answers come behind, as over a link."""
    app = keys.app
    assert isinstance(app, KeysApp)
    for name in ("LONE_ESCAPE", "INCOMPLETE"):  # a busy machine makes the pauses longer still
        monkeypatch.setattr(f"gerra_tui.terminal.replies.{name}", 60.0)
    async with keys:
        await keys.shows("nothing yet")
        for chunks, arrived in PIECES:
            app.arrived.clear()
            keys.hold_answers()
            for chunk in chunks:
                keys.send(chunk)
                await asyncio.sleep(0.12)
            keys.release_answers()
            await keys.until(lambda: len(app.arrived) >= len(arrived))  # noqa: B023 - at once
            keys.send(b"z")
            await keys.until(lambda: "z" in app.arrived)
            assert app.arrived == [*arrived, "z"]


async def test_escape_waits_for_the_terminals_answer_and_without_one_not_for_ever(
    keys: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = keys.app
    assert isinstance(app, KeysApp)
    async with keys:
        monkeypatch.setattr("gerra_tui.terminal.replies.LONE_ESCAPE", 60.0)
        await keys.shows("nothing yet")
        keys.send(b"a\x1b")
        await keys.until(lambda: app.arrived == ["a", "escape"])
        monkeypatch.setattr("gerra_tui.terminal.replies.LONE_ESCAPE", 0.2)
        keys.answers = False
        keys.send(b"\x1b")
        await keys.until(lambda: app.arrived == ["a", "escape", "escape"])
        keys.answers = True


@pytest.mark.parametrize("exported", [{}, {"COLUMNS": "80", "LINES": "24"}], ids=["", "exported"])
async def test_a_resize_is_drawn_again_when_it_has_come_to_rest(
    terminal: Inside, monkeypatch: pytest.MonkeyPatch, exported: dict[str, str]
) -> None:
    for name in ("COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
    for name, value in exported.items():
        monkeypatch.setenv(name, value)
    async with terminal:
        await terminal.shows("ready")
        terminal.resize(60, 20)
        terminal.resize(80, 24)
        terminal.emulator.feed(b"\x1b[H\x1b[2J")
        await terminal.until(
            lambda: terminal.text.startswith("> pending") and "ready" in terminal.text
        )
        terminal.resize(100, 30)
        await terminal.until(lambda: terminal.emulator.display[29].startswith(" ready"))


async def test_a_size_that_an_earlier_one_overtakes_in_textual_is_taken_on_all_the_same(
    terminal: Inside,
) -> None:
    """A screen posts itself the size that it was laid out for, behind one that waits by then."""
    async with terminal:
        await terminal.shows("ready")
        app = terminal.app
        busy = asyncio.Event()
        for size, before in ((Size(60, 20), busy.wait), (Size(100, 30), lambda: None)):
            app.screen.call_later(before)
            terminal.resize(*size)
            await terminal.until(lambda: app.size == size and app._resize_event is None)  # noqa: B023 - at once
        busy.set()
        await terminal.until(lambda: terminal.emulator.display[29].startswith(" ready"))


async def test_a_redraw_brings_back_what_others_have_written_over(terminal: Inside) -> None:
    async with terminal:
        await terminal.shows("ready")
        before = terminal.emulator.cells
        terminal.emulator.feed(b"\x1b[5;5H\x1b[41mBroadcast message from root")
        terminal.press("C-l")
        await terminal.until(lambda: terminal.emulator.cells == before)


async def test_what_another_thread_writes_is_not_lost_and_its_traces_go(terminal: Inside) -> None:
    async with terminal:
        await terminal.shows("ready")
        driver = terminal.app._driver
        assert isinstance(driver, CellDriver)
        before = terminal.emulator.cells
        thread = threading.Thread(target=driver.write, args=("\x1b[5;5Hfrom a thread",))
        thread.start()
        await asyncio.to_thread(thread.join)
        await terminal.until(lambda: b"from a thread" in terminal.raw)
        driver.redraw()
        await terminal.until(lambda: terminal.emulator.cells == before)


async def test_an_editor_gets_the_terminal_and_gives_it_back(terminal: Inside) -> None:
    async with terminal:
        await terminal.shows("ready")
        driver = terminal.app._driver
        assert isinstance(driver, CellDriver)
        before = terminal.emulator.cells
        with terminal.app.suspend():
            driver.write("\x07" * 40)  # would fill Textual's queue, with no one to empty it
            terminal._read()
            assert terminal.emulator.modes == {7, 25}
        await terminal.until(lambda: terminal.emulator.cells == before)


async def test_a_silent_terminal_is_asked_no_more(
    terminal: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gerra_tui.terminal.pacing.TIMEOUT", 0.1)
    terminal.answers = False
    async with terminal:
        await terminal.shows("ready")
        driver = terminal.app._driver
        assert isinstance(driver, CellDriver)
        await terminal.until(lambda: not driver._pacer.asks)
        asked = terminal.raw.count(b"\x1b[6n")
        terminal.press("PageDown", "PageDown", "p")
        await terminal.shows("ping 1.")
        assert terminal.raw.count(b"\x1b[6n") == asked
        assert driver._inquiry.awaited == 0, "Shift+F3 is a key again"


async def test_a_terminal_that_never_answers_is_as_quick_as_any(
    terminal: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No frame is held for it: one would be for an hour."""
    monkeypatch.setattr("gerra_tui.terminal.pacing.TIMEOUT", 3600.0)
    terminal.answers = False
    async with terminal:
        await terminal.shows("ready")
        for number in range(1, 10):
            terminal.press("PageDown", "p")
            await terminal.shows(f"ping {number}.")
        monkeypatch.setattr(driver_module, "_DRAIN", 0.0)


async def test_a_terminal_that_falls_silent_stops_the_screen_once(
    terminal: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with terminal:
        await terminal.shows("ready")
        terminal.press("PageDown", "p")
        await terminal.shows("ping 1.")
        monkeypatch.setattr("gerra_tui.terminal.pacing.TIMEOUT", 0.2)
        terminal.answers = False
        driver = terminal.app._driver
        assert isinstance(driver, CellDriver)
        terminal.press("PageDown", "p")
        await terminal.until(lambda: driver._pacer.asks and not driver._pacer.answers)
        monkeypatch.setattr("gerra_tui.terminal.pacing.TIMEOUT", 3600.0)
        for number in range(3, 10):
            terminal.press("PageDown", "p")
            await terminal.shows(f"ping {number}.")
        monkeypatch.setattr("gerra_tui.terminal.pacing.TIMEOUT", 0.2)
        terminal.answers = True
        terminal.press("PageDown", "p")
        await terminal.shows("ping 10.")


async def test_a_slow_link_shows_where_the_reader_is_and_not_where_they_have_been(
    terminal: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Frames merge while the terminal is behind: fewer are sent than keys were pressed."""
    monkeypatch.setattr("gerra_tui.terminal.pacing.TIMEOUT", 3600.0)
    async with terminal:
        await terminal.shows("ready")
        driver, rows = terminal.app._driver, terminal.app.query_one(Rows)
        assert isinstance(driver, CellDriver)
        await terminal.until(lambda: driver._pacer.answers and driver._inquiry.awaited == 0)
        before = len(terminal.raw)
        terminal.hold_answers()
        for page in range(1, 21):
            terminal.press("PageDown")
            await terminal.until(lambda: rows.cursor == 23 * page)  # noqa: B023 - at once
            await asyncio.sleep(0.03)  # longer than Textual itself gathers changes for
        assert terminal.raw.count(b"\x1b[6n", before) <= FRAMES
        terminal.release_answers()
        await terminal.shows(f" {23 * 20 + 1}/")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
async def test_a_signal_ends_it_by_the_front_door(terminal: Inside, number: signal.Signals) -> None:
    async with terminal:
        await terminal.shows("ready")
        os.kill(os.getpid(), number)
        assert await terminal.end() == 128 + number
        assert signal.getsignal(number) is signal.SIG_DFL
    assert terminal.emulator.modes == {7, 25}


async def test_a_stray_sigcont_starts_nothing_twice(terminal: Inside) -> None:
    async with terminal:
        await terminal.shows("ready")
        os.kill(os.getpid(), signal.SIGCONT)
        await terminal.until(lambda: terminal.raw.count(b"\x1b[?1004h") == 2)
        terminal.press("Down", "p")
        await terminal.shows("ping 1.")
        readers = [thread for thread in threading.enumerate() if thread.name == "textual-input"]
        assert len(readers) == 1


async def test_the_end_waits_for_answers_under_way_but_not_for_ever(
    terminal: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver_module, "_DRAIN", 0.3)
    async with terminal:
        await terminal.shows("ready")
        terminal.press("PageDown")
        await terminal.shows(" 24/")
        terminal.answers = False
        terminal.press("PageDown", "q")
        began = time.monotonic()
        await terminal.end()
        assert time.monotonic() - began >= 0.3


@pytest.mark.parametrize(
    ("environ", "name"),
    [({}, "CellDriver"), ({"GERRA_RAW": "0"}, "CellDriver"), ({"GERRA_RAW": "1"}, "PlainDriver")],
)
def test_textuals_own_driver_can_be_chosen(environ: dict[str, str], name: str) -> None:
    assert choose_driver(environ).__name__ == name


def test_what_the_driver_relies_on_in_textual_is_there() -> None:
    """None of these is published; a release that moves them is to be noticed here."""
    base: type[LinuxDriver] = CellDriver.__mro__[1]
    for name in (
        "_run_input_thread", "_disable_mouse_support", "_sigtstp_application",
        "_sigcont_application", "_get_terminal_size", "run_input_thread",
    ):  # fmt: skip
        assert callable(getattr(base, name))
