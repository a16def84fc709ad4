"""The driver in a terminal: the same screen as Textual's own, and the terminal as it was found."""

from __future__ import annotations

import signal
import time
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.patience import PATIENCE
from tests.terminal.session import Session, list_app

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = pytest.mark.pty

WALK = [
    "Down",
    "Down",
    "Down",
    "Up",
    "PageDown",
    "PageUp",
    "Home",
    "End",
    "a",
    "n",
    "d",
    "t",
    "C-l",
]
TERMINALS: dict[str, Mapping[str, str]] = {
    "truecolour and the mouse": {"TRUECOLOUR": "1", "MOUSE": "1"},
    "xterm": {"TERM": "xterm", "COLORTERM": ""},
    "linux": {"TERM": "linux", "COLORTERM": ""},
    "screen": {"TERM": "screen", "COLORTERM": ""},
    "NO_COLOR": {"NO_COLOR": "1"},
}
MODES_AT_REST = {7, 25}
EDITOR = b"the editor was here"


class Both:
    """The same keys for Textual's driver and for ours."""

    def __init__(self, stack: ExitStack, environ: Mapping[str, str]) -> None:
        self.plain = stack.enter_context(Session(list_app("plain"), environ=environ))
        self.ours = stack.enter_context(Session(list_app("cells"), environ=environ))
        self._pings = 0
        for session in (self.plain, self.ours):
            session.wait_for("ready")

    def press(self, *keys: str) -> None:
        """What comes after a dialog or an editor must not overtake it, in either."""
        for session in (self.plain, self.ours):
            for key in keys:
                edited = session.raw.count(EDITOR)
                session.press(key)
                if key == "a":
                    session.wait_for("Accept this dataset?")
                    session.press("n")
                    session.wait_until(lambda: "Accept" not in session.text)  # noqa: B023 - at once
                if key == "e":  # what is typed meanwhile is the editor's, or dropped at its start
                    session.wait_until(
                        lambda: session.raw.count(EDITOR) > edited and running(session)  # noqa: B023
                    )

    def resize(self, columns: int, lines: int) -> None:
        """To another number of lines, so that the status tells when the new size is drawn."""
        assert lines != self.ours.emulator.lines
        status = self.ours.emulator.display[-1].rstrip()
        for session in (self.plain, self.ours):
            session.resize(columns, lines)
            session.wait_until(lambda: session.emulator.display[-1].rstrip() == status)  # noqa: B023

    def assert_equal(self) -> None:
        """Once all keys have been taken."""
        self._pings += 1
        self.press("p")
        for session in (self.plain, self.ours):
            session.wait_for(f" ping {self._pings}.")
        wait_until_equal(self.ours, self.plain)
        assert self.ours.emulator.unknown == self.plain.emulator.unknown


@pytest.mark.parametrize("environ", TERMINALS.values(), ids=TERMINALS.keys())
def test_the_screen_is_textuals_whatever_is_pressed(environ: Mapping[str, str]) -> None:
    random = Random(str(environ))
    with ExitStack() as stack:
        both = Both(stack, environ)
        for _ in range(4):
            both.press(*random.choices(WALK, k=10))
            both.assert_equal()
        assert len(both.ours.raw) < len(both.plain.raw) / 2


def test_the_screen_is_textuals_after_a_resize() -> None:
    random = Random(5)
    with ExitStack() as stack:
        both = Both(stack, {})
        for lines in (24, 50, 15, 33):
            both.press(*random.choices(["Down", "PageDown", "d"], k=3))
            both.assert_equal()
            both.resize(random.randint(60, 140), lines)
            both.assert_equal()


@pytest.mark.parametrize("last", [(90, 30), (119, 41), (120, 40)])
def test_two_resizes_at_once_leave_nothing_stale(last: tuple[int, int]) -> None:
    """Textual's own driver may be left with an old part, so the measure is a fresh start."""
    with ExitStack() as stack:
        ours = stack.enter_context(Session(list_app("cells")))
        fresh = stack.enter_context(Session(list_app("plain"), columns=last[0], lines=last[1]))
        for session in (ours, fresh):
            session.wait_for("ready")
        ours.resize(70, 20)
        time.sleep(0.003)  # between the two, whatever it is doing then
        ours.resize(*last)
        wait_until_equal(ours, fresh)


def test_the_screen_is_there_again_after_a_suspension() -> None:
    with ExitStack() as stack:
        both = Both(stack, {})
        both.press("Down", "PageDown", "d")
        both.assert_equal()
        ours, before = both.ours, both.plain
        for by_key in (True, False):
            if by_key:
                ours.press("s")
            else:
                ours.signal(signal.SIGTSTP)
            ours.wait_until(lambda: state(ours) == "T", "it does not stop")
            while ours.pump(0):
                pass
            assert ours.emulator.modes & {1049, 1000, 1003, 2004} == set()
            assert ours.attributes_now == ours.attributes
            ours.signal(signal.SIGCONT)
            wait_until_equal(ours, before)
            ours.wait_until(lambda: running(ours))
        both.press("Down")
        both.assert_equal()


def test_a_process_stopped_the_hard_way_comes_back_whole() -> None:
    """SIGSTOP cannot be caught: the shell has taken the terminal meanwhile."""
    with ExitStack() as stack:
        both = Both(stack, {})
        both.assert_equal()
        ours, before = both.ours, both.plain
        ours.signal(signal.SIGSTOP)
        ours.wait_until(lambda: state(ours) == "T", "it does not stop")
        ours.emulator.feed(b"\x1b[?1049l$ fg\r\n\x1b[?1049h\x1b[2J")
        ours.signal(signal.SIGCONT)
        wait_until_equal(ours, before)
        ours.press("Down", "q")
        assert ours.wait_for_end() == 0


def test_an_editor_has_the_terminal_to_itself_and_leaves_no_trace() -> None:
    with ExitStack() as stack:
        both = Both(stack, {})
        both.press("Down", "e", "Down")
        both.assert_equal()
        both.press("PageDown", "e", "e")
        both.assert_equal()


@pytest.mark.parametrize("environ", [{}, {"MOUSE": "1"}], ids=["", "with the mouse"])
@pytest.mark.parametrize(
    ("end", "code"),
    [
        ("q", 0),
        ("x", 1),
        (signal.SIGTERM, 128 + signal.SIGTERM),
        (signal.SIGHUP, 128 + signal.SIGHUP),
    ],
    ids=["quit", "error", "TERM", "HUP"],
)
def test_the_terminal_is_left_as_it_was_found(
    end: str | signal.Signals, code: int, environ: Mapping[str, str]
) -> None:
    with Session(list_app("cells"), environ=environ) as session:
        session.wait_for("ready")
        session.press("Down", "PageDown")
        if isinstance(end, str):
            session.press(end)
        else:
            session.signal(end)
        assert session.wait_for_end() == code
        assert session.emulator.modes == MODES_AT_REST
        assert session.emulator.keyboard == []
        assert session.attributes_now == session.attributes
        assert session.emulator.text.strip() == "" or end == "x"


@pytest.mark.parametrize("kind", ["cells", "unstoppable"])
def test_an_end_that_goes_wrong_still_leaves_the_terminal_usable(kind: str) -> None:
    """`sys.exit` in a signal handler; a mistake on the way out."""
    with Session(list_app(kind)) as session:
        session.wait_for("ready")
        session.signal(signal.SIGUSR1)
        session.wait_for_end()
        assert session.emulator.modes == MODES_AT_REST
        assert session.attributes_now == session.attributes


@pytest.mark.parametrize("where", ["draw", "difference"])
def test_a_mistake_in_the_terminal_layer_leaves_textuals_own_drawing(where: str) -> None:
    with ExitStack() as stack:
        plain = stack.enter_context(Session(list_app("plain")))
        ours = stack.enter_context(Session(list_app("mistaken"), environ={"MISTAKE": where}))
        for session in (plain, ours):
            session.wait_for("accepted")
            session.press("Down", "PageDown", "d", "p")
            session.wait_for("ping 1.")
        wait_until_equal(ours, plain)
        ours.press("q")
        assert ours.wait_for_end() == 0
        assert ours.emulator.modes == MODES_AT_REST


def test_textuals_own_driver_is_a_variable_away() -> None:
    with Session(list_app("chosen"), environ={"GERRA_RAW": "1"}) as session:
        session.wait_for("ready")
        assert session.raw.count(b"\x1b[6n") == 0
    with Session(list_app("chosen"), environ={"GERRA_RAW": "0"}) as session:
        session.wait_for("ready")
        session.wait_until(lambda: b"\x1b[6n" in session.raw)


def test_a_hung_up_terminal_ends_the_program() -> None:
    with Session(list_app("cells")) as session:
        session.wait_for("ready")
        session.press("PageDown")
        session.hang_up()
        assert session.process.wait(PATIENCE) == 128 + signal.SIGHUP


def test_nothing_is_typed_into_the_shell_by_answers_that_come_late() -> None:
    with late_answers(rtt=0.3, environ={"MOUSE": "1"}) as session:
        session.wait_for("ready")
        session.press(*["PageDown"] * 5, "q")
        session.wait_for("AT THE SHELL")
        session.wait_for_end()
        assert session.text.rstrip().endswith("AT THE SHELL")


def test_a_start_that_is_quit_at_once_leaves_no_answers_either() -> None:
    with late_answers(rtt=0.5) as session:
        session.press("q")
        session.wait_for("AT THE SHELL")
        session.wait_for_end()
        assert session.text.rstrip().endswith("AT THE SHELL")


def late_answers(rtt: float, environ: Mapping[str, str] | None = None) -> Session:
    """A shell that lists, then tells, then listens for longer than answers are on their way.

    The list waits for them as long as it takes: a busy machine holds them up further.
    """
    shell = f"{' '.join(list_app('cells'))}; echo AT THE SHELL; sleep 1.5"
    patient = {"DRAIN": str(PATIENCE), **(environ or {})}
    return Session(["sh", "-c", shell], rtt=rtt, environ=patient)


def test_a_terminal_that_never_answers_is_soon_asked_no_more() -> None:
    with Session(list_app("cells"), answers=False) as session:
        session.wait_for("ready")
        asked = -1
        for number in range(1, 1000):
            before, asked = asked, session.raw.count(b"\x1b[6n")
            if asked == before:
                break
            session.settle(1.0)
            session.press("PageDown", "p")
            session.wait_for(f"ping {number}.")
        assert asked == before
        session.press("q")
        assert session.wait_for_end() == 0


def test_a_terminal_that_falls_silent_stops_the_screen_for_a_while_only() -> None:
    with Session(list_app("cells", 100_000)) as session:
        session.wait_for("ready")
        session.press("PageDown", "p")
        session.wait_for("ping 1.")
        session.answers = False
        for number in (2, 3):
            session.press(*["PageDown"] * 10, "p")
            session.wait_for(f"ping {number}.")
        session.answers = True
        session.press("PageDown", "p")
        session.wait_for("ping 4.")


def test_nothing_happens_while_nothing_happens() -> None:
    """A machine that is busy otherwise may still be at what was pressed: then it is seen later."""
    with Session(list_app("cells")) as session:
        session.wait_for("ready")
        session.press("Down", "PageDown")
        session.wait_for(" 41/")
        for _ in range(20):
            size, work = len(session.raw), usage(session)
            while session.pump(2.0):
                pass
            seconds, switches = (a - b for a, b in zip(usage(session), work, strict=True))
            if (len(session.raw) == size) and seconds <= 0.02 and switches <= 4:
                break
        else:
            raise AssertionError(f"{seconds} s of work in 2 s, {switches} switches")


def wait_until_equal(ours: Session, plain: Session) -> None:
    ours.wait_until(
        lambda: not plain.pump(0) and ours.emulator.cells == plain.emulator.cells,
        f"not as it should be:\n{plain.text}\nbut",
    )


def running(session: Session) -> bool:
    """Claims that the program reads keys: it switches this on when it has begun to."""
    return 2004 in session.emulator.modes


def state(session: Session) -> str:
    """The process's state by proc(5): R running, S sleeping, T stopped."""
    session.pump(0)
    stat = Path(f"/proc/{session.process.pid}/stat").read_text(encoding="ascii")
    return stat.rpartition(")")[2].split()[0]


def usage(session: Session) -> tuple[float, int]:
    """Seconds of CPU, and how often the process has woken up, over all its threads."""
    seconds, switches = 0.0, 0
    for task in Path(f"/proc/{session.process.pid}/task").iterdir():
        seconds += int((task / "schedstat").read_text(encoding="ascii").split()[0]) / 1e9
        for line in (task / "status").read_text(encoding="ascii").splitlines():
            if line.startswith("voluntary_ctxt_switches"):
                switches += int(line.split()[1])
    return seconds, switches
