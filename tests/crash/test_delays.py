"""What lies between a reading and its verdict, or between a hold and its end, with a real journal
that is locked and a real process that is stopped. The truth is the service's record."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.crash.life import AFTER, BEFORE
from tests.crash.nursery import Nursery
from tests.crash.stories import Stage
from tests.crash.truth import Backend
from tests.patience import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.crash.stories import Kill

pytestmark = pytest.mark.processes

AWAY = 2.6  # seconds: longer than a reading is worth something, and than a hold may go unseen
MARKING = "waiting>sending"


@pytest.fixture(scope="module")
def overwriting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    backend = Backend(tmp_path_factory.mktemp("record"), overwrite=True)
    yield backend
    backend.close()


@pytest.fixture
def stage(overwriting: Backend, tmp_path: Path) -> Iterator[Stage]:
    with Nursery() as nursery:
        yield Stage(overwriting, nursery, tmp_path / "stage")


class Delay:
    """One life in which the journal is locked, or the process is stopped, for some seconds."""

    def __init__(self, stage: Stage, verdict: str = "accept") -> None:
        self.stage = stage
        (self.id,) = stage.backend.fresh(1)
        stage.given.append(self.id)
        self._decide = ["decide", verdict, None, self.id]
        self.went_on = datetime.min.replace(tzinfo=UTC)

    def live(
        self,
        then: Sequence[Sequence[Any]] = (("settle",),),
        *,
        rival: bool = False,
        away: float = AWAY,
        stop: Kill | None = None,
        lock: Kill | None = None,
    ) -> list[dict[str, Any]]:
        """Gives what was posted on the dataset."""
        with ThreadPoolExecutor(1) as pool:
            life = pool.submit(self.stage.live, [self._decide, *then], stop=stop, lock=lock)
            what = "stopped" if lock is None else "locking"
            pid = self._when_told(what)["pid"]
            if what == "locking":
                self._lock(away, rival=rival)
            else:
                self._be_away(away, rival=rival)
                os.kill(pid, signal.SIGCONT)
            self.went_on = datetime.now(UTC)
            assert life.result(timeout=PATIENCE)
        return self.stage.backend.posts([self.id])[self.id]

    def _be_away(self, away: float, *, rival: bool) -> None:
        time.sleep(away / 2)
        if rival:
            assert self.stage.backend.decide_elsewhere(self.id, "reject", "another's reason")
        time.sleep(away / 2)

    def _lock(self, away: float, *, rival: bool) -> None:
        state = self.stage.directory / "state"
        with closing(sqlite3.connect(state / "journal.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            (state / "locked").touch()
            self._be_away(away, rival=rival)
            other.execute("ROLLBACK")

    def _when_told(self, what: str) -> dict[str, Any]:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for event in self.stage.events():
                if event["what"] == what:
                    return event
            time.sleep(0.02)
        raise AssertionError(f"the console was never {what}")

    def state(self) -> str:
        with closing(sqlite3.connect(self.stage.directory / "state" / "journal.db")) as connection:
            (state,) = connection.execute("SELECT state FROM decisions").fetchone()
        return str(state)


MOMENTS: tuple[tuple[Kill | None, Kill | None], ...] = (
    (None, (MARKING, BEFORE, 1)),
    ((MARKING, BEFORE, 1), None),
    ((MARKING, AFTER, 1), None),
)


@pytest.mark.parametrize(("stop", "lock"), MOMENTS, ids=str)
def test_another_verdict_made_between_reading_and_post_is_not_overwritten(
    stage: Stage, stop: Kill | None, lock: Kill | None
) -> None:
    delay = Delay(stage)
    posts = delay.live(rival=True, stop=stop, lock=lock)
    assert posts == []
    assert delay.state() == "refused"


@pytest.mark.parametrize(("stop", "lock"), MOMENTS, ids=str)
def test_a_verdict_rests_on_a_reading_of_the_last_second(
    stage: Stage, stop: Kill | None, lock: Kill | None
) -> None:
    delay = Delay(stage)
    posts = delay.live(stop=stop, lock=lock)
    assert [post["took_effect"] for post in posts] == [True]
    row = stage.judge()
    assert max(row.windows_ms) <= 1000
    assert delay.state() == "done"


PAUSES = [
    (how, (step, phase, 1))
    for how in ("stop", "lock")
    for step in ("add", "held>waiting", MARKING, "sending>done", "recorded", "marked")
    for phase in (BEFORE, AFTER)
]
# What is marked as being sent needs the journal no more until it was.
SENT = [
    pause
    for pause in PAUSES
    if pause[1][0] in ("sending>done", "recorded", "marked")
    or pause == ("lock", (MARKING, AFTER, 1))
]
UNSENT = [pause for pause in PAUSES if pause not in SENT]


def paused(stage: Stage, how: str, at: Kill, *, rival: bool = False) -> tuple[list[Any], str]:
    """Whether each post took effect, and the decision's state at the end."""
    stage.hold = 0.05
    delay = Delay(stage)
    if how == "stop":
        posts = delay.live(rival=rival, stop=at)
    else:
        posts = delay.live(rival=rival, away=9.0, lock=at)
    return [post["took_effect"] for post in posts], delay.state()


@pytest.mark.slow
@pytest.mark.parametrize(("how", "at"), PAUSES, ids=str)
def test_a_pause_at_any_step_only_delays_a_verdict(stage: Stage, how: str, at: Kill) -> None:
    assert paused(stage, how, at) == ([True], "done")
    assert max(stage.judge().windows_ms) <= 1000


@pytest.mark.slow
@pytest.mark.parametrize(("how", "at"), UNSENT, ids=str)
def test_a_pause_at_any_step_before_the_post_overwrites_nothing(
    stage: Stage, how: str, at: Kill
) -> None:
    assert paused(stage, how, at, rival=True) == ([], "refused")


@pytest.mark.parametrize("before_its_end", [0.3, 0.05])
def test_a_hold_that_ran_out_while_the_process_was_stopped_leaves_five_seconds(
    stage: Stage, before_its_end: float
) -> None:
    stage.hold = 1.0
    delay = Delay(stage)
    posts = delay.live([("rest", 1.0 - before_its_end), ("stop",), ("settle",)])
    (post,) = posts
    assert post["took_effect"]
    assert (datetime.fromisoformat(post["time"]) - delay.went_on).total_seconds() >= 4.9


def test_what_was_taken_back_after_such_a_stop_is_never_sent(stage: Stage) -> None:
    stage.hold = 1.0
    delay = Delay(stage)
    posts = delay.live([("rest", 0.8), ("stop",), ("rest", 2.0), ("take_back",), ("settle",)])
    assert posts == []
    assert delay.state() == "taken_back"
