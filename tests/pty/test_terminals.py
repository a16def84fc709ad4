"""What each kind of terminal is sent, and that its user reads the same on all of them."""

from __future__ import annotations

import re
import sys
import unicodedata
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pytest

from gerra_tui.demo.host import DemoHost
from gerra_tui.terminal.shown import UNTOLD
from tests.moment import CLOCK
from tests.pty.conftest import environ_of
from tests.pty.session import gerra_tui
from tests.terminal.emulator import Emulator
from tests.terminal.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tests.terminal.emulator import Cell

pytestmark = pytest.mark.pty

Cells = list[list["Cell"]]
# What is pressed, one after the other, and a text by which it is known to have been taken.
WALK: Final[Sequence[tuple[str, str]]] = (
    ("Down", " 2/"),
    ("PageDown", " 12/"),
    ("g", " 1/"),
    ("a", "y accept   n no"),
    ("n", " more"),
    ("r", "Enter reject   Esc keep draft"),
    ("Esc", " more"),
    (" ", "1 marked"),
    ("?", "take_back"),
    ("q", " more"),
)
TMUX: Final = {"TMUX": "/nowhere,1,0"}
# Others than xterm's kin take these for text, or for something else.
XTERMS: Final = re.compile(
    rb"\x1b\](?!52;)|\x1b\[\?[0-9]+\$p|\x1b\[[<=>]|\x1b\[\?20(?:26|48)|\x1b\[[0-9]*[ST]"
)
ECH: Final = re.compile(rb"\x1b\[[0-9]*X")  # terminfo of GNU screen has none
COLOURS: Final = re.compile(rb"\x1b\[(?:[0-9]+;)*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])[;m]")
BEYOND_SIXTEEN: Final = re.compile(rb"\x1b\[(?:[0-9]+;)*[34]8[;:]")
LINKS: Final = re.compile(rb"\x1b\]8;")
NOT_ASCII: Final = re.compile(rb"[\x80-\xff]")


@dataclass(frozen=True, slots=True)
class Terminal:
    """`environ` names it; `never` is what it must not be sent; `modes` are not known to it."""

    environ: Mapping[str, str]
    never: tuple[re.Pattern[bytes], ...] = ()
    unknown_modes: frozenset[int] = frozenset()
    ascii: bool = False

    @contextmanager
    def session(self, service: Mapping[str, str]) -> Iterator[Session]:
        command = [sys.executable, "-m", "tests.moment", "--fresh"]
        environ = {**service, "COLORTERM": "", "TZ": "UTC", **self.environ}
        with Session(command, columns=80, lines=24, environ=environ) as session:
            session.emulator.known_modes -= self.unknown_modes
            yield session


TERMINALS: Final = {
    "truecolor": Terminal({"COLORTERM": "truecolor"}),
    "xterm without mode 2026": Terminal(
        {"TERM": "xterm", "NO_COLOR": ""},  # no-color.org: "when present and not an empty string"
        (re.compile(rb"\?2026[hl]"),),
        frozenset({2026}),
    ),
    "linux": Terminal({"TERM": "linux"}, (XTERMS,), frozenset({2026})),
    "screen": Terminal({"TERM": "screen"}, (XTERMS, ECH), frozenset({2026})),
    "tmux": Terminal({"TERM": "tmux", **TMUX}, (), frozenset({2026})),
    "tmux-256color": Terminal({"TERM": "tmux-256color", **TMUX}, (), frozenset({2026})),
    "screen in tmux": Terminal({"TERM": "screen", **TMUX}, (), frozenset({2026})),
    "NO_COLOR": Terminal({"NO_COLOR": "1"}, (COLOURS,)),
    "LC_ALL=C": Terminal({"LC_ALL": "C"}, (NOT_ASCII,), ascii=True),
    "POSIX, linux": Terminal({"LC_ALL": "POSIX", "TERM": "linux"}, (NOT_ASCII, XTERMS), ascii=True),
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with DemoHost(["--datasets", "300", "--seed", "1", "--clock", CLOCK]) as host:
        yield environ_of(host, tmp_path_factory.mktemp("reviewer"))


@pytest.fixture(scope="module")
def screens(service: dict[str, str]) -> list[Cells]:
    """What the walk shows on xterm-256color: before it, and after each key."""
    shown = []
    with Terminal({}).session(service) as session:
        start(session)
        session.settle()
        shown.append(session.emulator.cells)
        for key, told in WALK:
            session.press(key)
            session.wait_for(told)
            session.settle()
            shown.append(session.emulator.cells)
    return shown


def start(session: Session) -> None:
    session.wait_for("as of")
    session.wait_for(" more")  # below what the pane has room for


@pytest.mark.parametrize("terminal", TERMINALS.values(), ids=TERMINALS.keys())
def test_the_same_is_read_on_every_terminal_and_none_is_sent_what_it_does_not_know(
    terminal: Terminal, service: dict[str, str], screens: list[Cells]
) -> None:
    with terminal.session(service) as session:
        start(session)
        wait_until_the_same(session, screens[0], terminal)
        session.settle(UNTOLD)  # for those that do not tell what they show
        for (key, _), screen in zip(WALK, screens[1:], strict=True):
            session.press(key)
            wait_until_the_same(session, screen, terminal)
        session.press("q")
        assert session.wait_for_end() == 0
        raw = bytes(session.raw)
        assert COLOURS in terminal.never or COLOURS.search(raw)
        for pattern in (*terminal.never, BEYOND_SIXTEEN, LINKS):
            found = pattern.search(raw)
            assert found is None, (
                f"{found} in {raw[max(found.start() - 30, 0) : found.end() + 9]!r}"
            )
        assert session.emulator.modes <= {7, 25}
        assert session.emulator.unknown == []


def wait_until_the_same(session: Session, wanted: Cells, terminal: Terminal) -> None:
    """Cell for cell, with signs for what ASCII lacks; colours and the rest may differ."""

    def is_the_same() -> bool:
        rows = zip(session.emulator.cells, wanted, strict=True)
        return all(map(same_row, *zip(*rows, strict=True)))

    def same_row(shown: list[Cell], want: list[Cell]) -> bool:
        if not terminal.ascii:
            return [cell.data for cell in shown] == [cell.data for cell in want]
        return all(map(is_sign_for, shown, want))

    session.wait_until(is_the_same, f"it never shows {text_of(wanted)}\nbut")


def is_sign_for(shown: Cell, wanted: Cell) -> bool:
    if wanted.data.isascii():
        return shown.data == (wanted.data or shown.data)
    plain = unicodedata.normalize("NFKD", wanted.data)[0]
    if plain.isascii() and plain.isalpha():
        return shown.data == plain
    return shown.data.isascii() and not shown.data.isspace()


def text_of(cells: Cells) -> str:
    return "\n".join("".join(cell.data for cell in row).rstrip() for row in cells)


def test_without_any_colour_all_is_told_apart(screens: list[Cells]) -> None:
    """By words, signs, reverse and bold."""
    start, moved, _, _, accept, _, reject, _, marked, _, _ = (
        [[cell._replace(fg="default", bg="default") for cell in row] for row in screen]
        for screen in screens
    )
    assert lines_with(start, ">") == [3]
    assert lines_with(moved, ">") == [4]
    assert lines_with(marked, "*") == [3]
    tabs = marked[1]
    assert "".join(cell.data for cell in tabs if cell.reverse).startswith("1 Pending")
    for screen in (accept, reject):
        edges = [y for y, row in enumerate(text_of(screen).split("\n")) if "┌" in row or "└" in row]
        assert len(edges) == 2, "a dialog is a box of its own"
    (entry,) = [y for y, row in enumerate(reject) if any(cell.reverse for cell in row)]
    assert "Reason:" in text_of(reject).split("\n")[entry], "the cursor is where reasons are typed"
    footer = "".join(cell.data if cell.bold else " " for cell in start[-1]).split()
    assert footer[:3] == ["a", "r", "."]


def lines_with(screen: Cells, sign: str) -> list[int]:
    return [y for y, row in enumerate(screen) if y > 2 and sign in (row[0].data, row[1].data)]


def test_a_console_without_an_alternate_screen_is_left_clear(service: dict[str, str]) -> None:
    """Before Linux had one, and in GNU screen's default, 1049 did nothing."""
    with Terminal({"TERM": "linux"}).session(service) as session:
        start(session)
        session.press("q")
        assert session.wait_for_end() == 0
        linux = Emulator(80, 24)
        linux.feed(re.sub(rb"\x1b\[\?1049[hl]", b"", bytes(session.raw)))
        assert linux.text.strip() == "0 accepted, 0 rejected, outbox empty"


@pytest.mark.parametrize("term", ["dumb", "unknown", "vt100", "vt52", ""])
def test_where_no_screen_can_be_drawn_a_sentence_says_so(term: str) -> None:
    with Session(gerra_tui(), environ={"TERM": term}) as session:
        assert session.wait_for_end() == 2
        told = bytes(session.raw).decode()
    assert told.startswith(f"gerra-tui: TERM={term}" if term else "gerra-tui: TERM is not set")
    assert "no screen can be drawn" in told
    assert "TERM=xterm gerra-tui" in told
    assert "\x1b" not in told
    assert told.count("\n") == 1


def test_a_terminal_newer_than_terminfo_is_trusted(service: dict[str, str]) -> None:
    with Terminal({"TERM": "newer-than-terminfo"}).session(service) as session:
        start(session)
        session.press("q")
        assert session.wait_for_end() == 0
        assert XTERMS.search(bytes(session.raw)) is None
