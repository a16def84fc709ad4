"""`python -m tests.moment`: the console at one fixed moment, for pictures and comparisons."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from gerra_tui import bootstrap
from gerra_tui.api.late import LateApi
from gerra_tui.cli.main import main as main_of_the_program

if TYPE_CHECKING:
    from gerra_tui.domain.page import Page
    from gerra_tui.domain.query.narrowing import Narrowing

CLOCK: Final = "2026-11-23T14:02:31+00:00"


class FixedClock:
    """One moment on the wall; seconds that pass all the same."""

    def now(self) -> datetime:
        return datetime.fromisoformat(CLOCK)

    def monotonic(self) -> float:
        return time.monotonic()


class DatedApi(LateApi):
    """Answers that say that they came at the fixed moment."""

    async def page(self, narrowing: Narrowing, *, limit: int, offset: int) -> Page:
        page = await super().page(narrowing, limit=limit, offset=offset)
        return replace(page, received_at=datetime.fromisoformat(CLOCK))


def main() -> int:
    bootstrap.SystemClock = FixedClock  # type: ignore[misc,assignment]  # for this process
    bootstrap.LateApi = DatedApi  # type: ignore[attr-defined]  # the same
    return main_of_the_program()


if __name__ == "__main__":
    sys.exit(main())
