"""What a key costs on the wire, at 120x40, where the link carries some 32 kB a second."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.terminal.session import Session, list_app

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.pty


@pytest.fixture
def session() -> Iterator[Session]:
    with Session(list_app("cells", 1_000_000)) as session:
        session.wait_for("ready")
        session.settle()
        yield session


def cost(session: Session, key: str, shows: str, times: int = 1) -> float:
    """The bytes of a press, from its first to the screen at rest."""
    before = len(session.raw)
    for _ in range(times):
        session.press(key)
        session.settle()
    session.wait_for(shows)
    session.settle()
    return (len(session.raw) - before) / times


def test_the_first_screen(session: Session) -> None:
    assert len(session.raw) <= 6_000


def test_the_cursor_moves(session: Session) -> None:
    assert cost(session, "Down", " 11/1,000,000", times=10) <= 64


def test_the_list_scrolls_by_a_line(session: Session) -> None:
    cost(session, "PageDown", " 40/")
    assert cost(session, "Down", " 50/", times=10) <= 250


def test_the_list_scrolls_beside_the_detail_pane(session: Session) -> None:
    session.press("d")
    cost(session, "PageDown", " 40/")
    assert cost(session, "Down", " 50/", times=10) <= 1_500


def test_a_page(session: Session) -> None:
    assert cost(session, "PageDown", " 196/", times=5) <= 3_000


def test_a_dialog_opens_and_closes(session: Session) -> None:
    opening = cost(session, "a", "Accept this dataset?")
    assert opening + cost(session, "n", "batch 20 ") <= 3_200


def test_one_rows_state_changes(session: Session) -> None:
    assert cost(session, "t", "pending    SO-101 stack cups, batch 5 ") <= 200


def test_the_detail_costs_little_more_than_its_changed_characters(session: Session) -> None:
    session.press("d", "Down")
    session.wait_for(" 2/")
    session.settle()
    before = session.emulator.display
    sent = cost(session, "Down", " 3/")
    after = session.emulator.display
    changed = sum(
        a != b
        for old, new in zip(before, after, strict=True)
        for a, b in zip(old[80:], new[80:], strict=True)
    )
    assert changed > 80
    assert sent <= 1.2 * changed + 64, "64 for the cursor's move"
