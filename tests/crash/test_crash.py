"""Not one decision lost, doubled or misdirected: consoles that are killed at every step, a service
that fails in every way, another reviewer, two kinds of backend. The truth is the service's record.

`make crash` runs the full length and prints the table.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import count
from queue import SimpleQueue
from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.crash.life import AFTER
from tests.crash.nursery import Nursery
from tests.crash.stories import (
    PHASES,
    SCENES,
    Scene,
    Stage,
    crowd,
    kill_at,
    kill_at_random,
    meet,
)
from tests.crash.truth import Backend, Row, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.processes

AT_ONCE = 4  # stories; they wait more than they work
FAULTS = (
    "cut-before", "cut-after", "reset-before", "reset-after", "500", "500-after", "502-html",
    "502-html-after", "503", "429:0.2", "hang", "hang-before", "truncate", "garbage", "empty",
    "late:0.3", "slow:0.3", "422", "404", "403", "400",
    "read 500", "read 502-html", "read 429:0.2", "read cut-before", "read truncate", "read hang",
    "read garbage", "read 404",
)  # fmt: skip
PASSING = [one for one in FAULTS if one[0] != "4" and not one.startswith("read")]


class Theatre:
    """Both backends, and a company of nurseries that play several stories at once."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._stages = count()
        self.backends = [Backend(directory, overwrite=overwrite) for overwrite in (False, True)]
        self._nurseries: SimpleQueue[Nursery] = SimpleQueue()
        self.company = [Nursery() for _ in range(AT_ONCE)]
        for nursery in self.company:
            self._nurseries.put(nursery)
        self.rows: dict[tuple[str, str], Row] = {}
        self.wrong: list[str] = []

    def close(self) -> None:
        for nursery in self.company:
            nursery.__exit__(None, None, None)
        for backend in self.backends:
            backend.close()

    def play(self, stories: list[tuple[Backend, str, Callable[[Stage], Row]]]) -> None:
        """Play them, and add up their rows by backend and label."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            rows = list(pool.map(self._play, stories))
        for (backend, label, _), row in zip(stories, rows, strict=True):
            total = self.rows.setdefault((backend.name, label), Row())
            for name in Row.__dataclass_fields__:
                setattr(total, name, getattr(total, name) + getattr(row, name))

    def stage(self, backend: Backend, nursery: Nursery) -> Stage:
        return Stage(backend, nursery, self.directory / f"stage-{next(self._stages)}")

    def _play(self, story: tuple[Backend, str, Callable[[Stage], Row]]) -> Row:
        backend, label, tell = story
        nursery = self._nurseries.get()
        stage = self.stage(backend, nursery)
        try:
            row = tell(stage)
        finally:
            self._nurseries.put(nursery)
        if row.wrong:
            self.wrong.append(f"{label}: {row}\n{stage.events()}\n{backend.posts(stage.given)}")
        return row

    def check(self) -> None:
        """The refusing backend: nothing wrong. The overwriting one: in the window at most."""
        assert not self.wrong, "\n\n".join(self.wrong)
        for (backend, _), row in self.rows.items():
            assert row.wrong == 0
            assert backend == "overwriting" or row.overwritten == 0

    @property
    def kills(self) -> int:
        return sum(row.kills for row in self.rows.values())


@pytest.fixture
def theatre(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Theatre]:
    theatre = Theatre(tmp_path)
    try:
        yield theatre
    finally:
        theatre.close()
        with capsys.disabled():
            sys.stdout.write(f"\n{table(theatre.rows)}\n")


def killing(scene: Scene, phase: str, seed: int) -> Callable[[Stage], Row]:
    return lambda stage: kill_at(stage, scene, phase, Random(seed))


def killing_at_random(seed: int, *, deaths: int, longest: float) -> Callable[[Stage], Row]:
    return lambda stage: kill_at_random(
        stage, Random(seed), PASSING, deaths=deaths, longest=longest
    )


def meeting(fault: str, seed: int, *, count: int, elsewhere: int) -> Callable[[Stage], Row]:
    return lambda stage: meet(stage, fault, Random(seed), count=count, elsewhere=elsewhere)


def scenes(rounds: int, *, both: bool) -> Iterator[tuple[Scene, str, int]]:
    """Each step, before and after it. Gives the number of the backend, too."""
    for number in range(rounds):
        for place, scene in enumerate(SCENES):
            for phase in PHASES:
                for backend in (0, 1) if both else ((place + number + (phase == AFTER)) % 2,):
                    yield scene, phase, 0 if scene.only_refusing else backend


def test_consoles_killed_at_each_step_lose_and_double_nothing(theatre: Theatre) -> None:
    theatre.play(
        [
            (theatre.backends[backend], "killed at each step", killing(scene, phase, seed))
            for seed, (scene, phase, backend) in enumerate(scenes(1, both=False))
        ]
        + [
            (backend, "killed at any moment", killing_at_random(seed, deaths=3, longest=0.5))
            for seed in range(3)
            for backend in theatre.backends
        ]
    )
    theatre.check()
    assert theatre.kills >= 2 * len(SCENES) > 40


def test_no_fault_loses_or_doubles_a_verdict(theatre: Theatre) -> None:
    theatre.play(
        [
            (backend, fault, meeting(fault, seed, count=4, elsewhere=1))
            for seed, fault in enumerate(FAULTS)
            for backend in theatre.backends
        ]
    )
    theatre.check()


def test_five_consoles_at_once_send_each_verdict_once(theatre: Theatre) -> None:
    with ExitStack() as exits:
        company = [exits.enter_context(Nursery()) for _ in range(5)]
        for backend in theatre.backends:
            directory = theatre.directory / f"crowd-{backend.name}"
            stages = [Stage(backend, nursery, directory, hold=0.02) for nursery in company]
            row = crowd(stages, Random(5), count=30, deaths=2)
            theatre.rows[backend.name, "five consoles, two killed"] = row
    theatre.check()


@pytest.mark.slow
def test_five_hundred_kills_lose_and_double_nothing(theatre: Theatre) -> None:
    theatre.play(
        [
            (theatre.backends[backend], "killed at each step", killing(scene, phase, seed))
            for seed, (scene, phase, backend) in enumerate(scenes(2, both=True))
        ]
        + [
            (backend, "killed at any moment", killing_at_random(seed, deaths=4, longest=0.6))
            for seed in range(40)
            for backend in theatre.backends
        ]
        + [
            (backend, fault, meeting(fault, seed, count=12, elsewhere=3))
            for seed, fault in enumerate(FAULTS)
            for backend in theatre.backends
        ]
    )
    theatre.check()
    assert theatre.kills >= 500


@pytest.mark.slow
def test_a_post_that_takes_effect_twenty_seconds_late_is_waited_for(theatre: Theatre) -> None:
    """With the pause that the console ships with."""
    faults = ["late:2", "late:10", "late:19", "late:20"]

    def late(stage: Stage) -> Row:
        stage.resend_after = 30.0
        return kill_at_random(stage, Random(stage.directory.name), faults, deaths=1, longest=8.0)

    theatre.play([(backend, "late", late) for backend in theatre.backends for _ in range(4)])
    theatre.check()
