"""The console twice, with the same keys: once with Textual's own driver, once with ours."""

from __future__ import annotations

import re
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Self

from gerra_tui.demo.host import DemoHost
from gerra_tui.terminal.shown import UNTOLD
from tests.pty.conftest import environ_of
from tests.pty.session import gerra_tui
from tests.terminal.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from types import TracebackType

    from tests.terminal.emulator import Cell

QUIET = 0.15  # seconds; the detail is drawn 120 ms after the cursor has settled
TIME = re.compile(r"\d\d:\d\d(:\d\d)?")


def still_service() -> DemoHost:
    """Ages are told in days, so that they do not change between two looks at the screen."""
    day = datetime.now(UTC) - timedelta(days=100, hours=12)
    return DemoHost(["--datasets", "3000", "--clock", day.isoformat()])


class Pair:
    """Both consoles on one service. Nothing is sent to it: `--hold manual`."""

    def __init__(
        self, service: DemoHost, directory: Path, environ: Mapping[str, str] | None = None
    ) -> None:
        self._stack = ExitStack()
        self.plain, self.ours = (
            self._stack.enter_context(
                Session(
                    gerra_tui("--hold", "manual"),
                    environ={
                        **environ_of(service, directory / name),
                        "GERRA_RAW": raw,
                        **(environ or {}),
                    },
                )
            )
            for name, raw in (("plain", "1"), ("ours", "0"))
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def __iter__(self) -> Iterator[Session]:
        return iter((self.plain, self.ours))

    def begin(self) -> None:
        """Wait for live rows, and till Textual's driver lets keys decide on them: it never hears
        what the terminal has shown, so they count a second after the cursor got its dataset."""
        self.rest(" as of ")
        time.sleep(UNTOLD)

    def step(self, shows: str, *keys: str) -> None:
        """Press the keys in both; wait until both show the text, and compare them at rest."""
        for session in self:
            session.press(*keys)
        self.rest(shows)

    def resize(self, shows: str, columns: int, lines: int) -> None:
        for session in self:
            session.resize(columns, lines)
        self.rest(shows)

    def rest(self, shows: str) -> None:
        for session in self:
            session.wait_for(shows)
        self.plain.settle(QUIET)
        self.ours.settle(0.02)  # it had that time too
        self.ours.wait_until(
            lambda: not self.plain.pump(0) and look(self.ours) == look(self.plain),
            f"not as with Textual's driver, which shows\n{self.plain.text}\nbut",
        )
        assert self.ours.emulator.unknown == self.plain.emulator.unknown


def look(session: Session) -> list[list[Cell]]:
    """The cells, less the time of day."""
    rows = session.emulator.cells
    for y, text in enumerate(session.emulator.display):
        if len(text) == len(rows[y]):
            for found in TIME.finditer(text):
                for x in range(*found.span()):
                    rows[y][x] = rows[y][x]._replace(data="0")
    return rows
