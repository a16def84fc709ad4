"""What the console sends over the link, at 120x40, with a real service behind it.

The limits are for a link of 256 kbit/s: 32 kB a second. `make bench` has the same figures beside
those of other programs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from gerra_tui.demo.host import DemoHost
from tests.pty.conftest import environ_of
from tests.pty.session import ROW, gerra_tui
from tests.terminal.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.pty

MOVE = 48
FRAME_END = b"\x1b[6n"  # the console asks whether its frame has arrived


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoHost]:
    with DemoHost(["--datasets", "3000"]) as host:
        yield host


@pytest.fixture(scope="module")
def environ(demo: DemoHost, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folders = {
        f"XDG_{name}_HOME": str(tmp_path_factory.mktemp(name))
        for name in ("CONFIG", "STATE", "CACHE", "DATA")
    }
    return {"GERRA_BASE_URL": demo.base_url, "GERRA_API_KEY": demo.api_key, **folders}


@pytest.fixture(scope="module")
def started(environ: dict[str, str]) -> Iterator[Session]:
    """On live rows, some pages of them in memory."""
    with Session(gerra_tui(), environ=environ) as session:
        until_live(session)
        for line in (36, 71, 106, 141, 176):
            session.press("PageDown")
            session.wait_for(f" {line}/")
            session.settle()
        yield session


@pytest.fixture
def console(started: Session) -> Session:
    """On the first row, beside the detail pane."""
    if "METADATA" not in started.text:
        started.press("p")
    started.press("g")
    started.wait_for(" 1/")
    started.wait_for("METADATA")
    started.settle(0.5)
    return started


def until_live(session: Session) -> None:
    session.wait_for("as of")
    session.wait_for("METADATA")
    session.settle(1.0)


def list_alone(session: Session) -> None:
    session.press("p")
    session.wait_until(lambda: "METADATA" not in session.text, "the pane stays")
    session.settle()


def cost(session: Session, key: str, shows: str = "") -> int:
    """The bytes of a press, till the screen is at rest and the pane is drawn."""
    before = len(session.raw)
    session.press(key)
    session.wait_until(lambda: len(session.raw) > before and shows in session.text)
    session.settle(0.5)
    return len(session.raw) - before


def down_to_the_edge(session: Session) -> None:
    session.press("PageDown")
    session.wait_for(" 36/")
    for line in range(37, 71):
        session.press("Down")
        session.wait_for(f" {line}/")
    session.settle(0.5)


def test_the_cursor_moves(console: Session) -> None:
    list_alone(console)
    for line in range(2, 7):
        before = len(console.raw)
        console.press("Down")
        console.wait_for(f" {line}/")
        moved, *_ = bytes(console.raw[before:]).split(FRAME_END)
        assert len(moved) + len(FRAME_END) <= MOVE
        console.settle(0.5)


def test_the_id_and_the_bold_name_follow_the_cursor(console: Session) -> None:
    """Once it rests, for the price of two names and an id."""
    list_alone(console)
    for line in range(2, 7):
        assert cost(console, "Down", f" {line}/") <= MOVE + 250


def test_the_list_scrolls_by_a_line(console: Session) -> None:
    list_alone(console)
    down_to_the_edge(console)
    for line in range(71, 74):
        assert cost(console, "Down", f" {line}/") <= 260


def test_the_list_scrolls_beside_the_detail_pane_that_follows(console: Session) -> None:
    """Together: neither the list's scrolling nor the pane's text is repeated."""
    down_to_the_edge(console)
    for line in range(71, 74):
        assert cost(console, "Down", f" {line}/") <= 1_500 + 1_500


def test_a_page_beside_the_detail_pane(console: Session) -> None:
    costs = []
    for line in (36, 71, 106):
        before = len(console.raw)
        console.press("PageDown")
        console.wait_for(f" {line}/")
        costs.append(len(console.raw) - before)
        console.settle(0.5)
    assert min(costs) <= 3_000, "on a busy machine what came before may be counted too"


def test_a_page_of_the_list_alone(console: Session) -> None:
    """Hardly a character of a page stays, so it costs what its characters and the colours of its
    types cost."""
    list_alone(console)
    for line in (36, 71, 106):
        before = characters(console)
        sent = cost(console, "PageDown", f" {line}/")
        after = characters(console)
        changed = sum(one != other for one, other in zip(before, after, strict=True))
        assert sent <= 1.65 * changed


def characters(session: Session) -> list[str]:
    return [cell.data for row in session.emulator.cells for cell in row]


def test_a_dialog_opens_and_closes(console: Session) -> None:
    opened = cost(console, "a", "Accept this dataset?")
    assert opened + cost(console, "n") <= 3_200


def test_a_rows_state_changes(tmp_path: Path) -> None:
    """When it is accepted its row is dimmed, and the header counts again: one frame.

    On a service of its own: the console of the other tests would tell of the change, later.
    """
    with (
        DemoHost(["--datasets", "3000"]) as demo,
        Session(gerra_tui("--hold", "2"), environ=environ_of(demo, tmp_path)) as session,
    ):
        until_live(session)
        list_alone(session)
        cost(session, "a", "Accept this dataset?")
        session.press("y")
        session.wait_for("1 held")
        before = len(session.raw)
        session.wait_for("outbox empty")
        session.wait_until(lambda: b"accepted" in session.raw[before:], "the row stays as it was")
        session.settle(0.5)
        frames = bytes(session.raw[before:]).split(FRAME_END)
        (accepted,) = (frame for frame in frames if b"accepted" in frame)
        assert len(accepted) + len(FRAME_END) <= 200


def test_the_first_screen(environ: dict[str, str]) -> None:
    """With the rows that the session before has kept: list, pane, header, tabs and status line."""
    with Session(gerra_tui(), environ=environ) as session:
        until_live(session)
        session.press("q")
        session.wait_for_end()
    with Session(gerra_tui(), environ=environ) as session:
        session.wait_until(lambda: re.search(ROW, session.text) is not None)
        assert len(session.raw) <= 6_000


def test_nothing_is_sent_while_nothing_happens(console: Session) -> None:
    assert console.settle(3.0) == 0
