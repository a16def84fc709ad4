"""Lives of consoles, one after the other on one state directory, and what each of them meets."""

from __future__ import annotations

import json
import signal
import sqlite3
import threading
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gerra_tui.journal.audit import audit_lines
from tests.crash.life import AFTER, BEFORE, Plan
from tests.crash.truth import Backend, Row, Wish

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from random import Random

    from tests.crash.nursery import Nursery

Kill = tuple[str, str, int]
RESEND_AFTER = 0.6  # seconds; the faults' delays below are in proportion to it
REASONS = ("The mug vanishes at 0:12", 'bad "label" \U0001f375', "x" * 1500)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """How to come to a step of the journal.

    `before` are the deaths that lead there, one for each earlier console. `then` is what the
    console does that comes to the step; the first console decides before that. `ID` is replaced.
    `elsewhere`: another reviewer decides, after those deaths, or once the decision was told to be
    recorded and so many readings were seen; then there is the file for which `wait` waits.
    """

    step: str
    posting: Sequence[str] = ()
    reading: Sequence[str] = ()
    skip: int = 0
    hold: float = 0.0
    before: Sequence[Kill] = ()
    then: Sequence[Sequence[Any]] = (("settle",),)
    elsewhere: int | None = None
    read_timeout: float = 0.5
    fails: bool = False
    withdraws: bool = False
    only_refusing: bool = False


ADDED = ("add", AFTER, 1)
MARKED = ("waiting>sending", AFTER, 1)
UNKNOWN = ("sending>unknown", AFTER, 1)
LONG = 30.0
MANY_500 = ("500",) * 40

SCENES = (
    Scene(step="add"),
    Scene(step="held>waiting", hold=0.05),
    Scene(step="waiting>sending"),
    Scene(step="sending>done"),
    Scene(step="recorded"),
    Scene(step="marked"),
    Scene(step="sending>unknown", posting=["cut-after"]),
    Scene(step="unknown>done", posting=["500-after"]),
    Scene(step="unknown>waiting", posting=["cut-before"]),
    Scene(step="waiting>done", posting=["late:0.3"]),
    Scene(step="sending>waiting", posting=["429:0.1"]),
    Scene(step="waiting>waiting", reading=["500"], skip=1),
    Scene(step="unknown>unknown", posting=["cut-after"], reading=["500"], skip=2),
    Scene(
        step="waiting>refused",
        hold=LONG,
        elsewhere=0,
        then=[("wait", "ELSEWHERE"), ("send",), ("settle",)],
    ),
    Scene(step="unknown>refused", posting=["cut-before"], before=[UNKNOWN], elsewhere=0),
    Scene(step="sending>failed", posting=["404"] * 9, fails=True),
    Scene(
        step="sending>refused",
        reading=["slow:2"],
        skip=1,
        elsewhere=2,
        read_timeout=10.0,
        only_refusing=True,
    ),
    Scene(step="waiting>failed", reading=["404"] * 9, skip=1, fails=True),
    Scene(step="unknown>failed", posting=["cut-before"], reading=["404"] * 9, skip=2, fails=True),
    Scene(step="held>taken_back", hold=LONG, then=[("take_back",)], withdraws=True),
    Scene(
        step="waiting>taken_back",
        reading=MANY_500,
        skip=1,
        then=[("until", "waiting", "ID"), ("take_back",)],
        withdraws=True,
    ),
    Scene(step="kept>taken_back", hold=LONG, before=[ADDED], then=[("take_back",)], withdraws=True),
    Scene(step="held>dropped", hold=LONG, then=[("drop",)], withdraws=True),
    Scene(
        step="waiting>dropped",
        reading=MANY_500,
        skip=1,
        then=[("until", "waiting", "ID"), ("drop",)],
        withdraws=True,
    ),
    Scene(step="kept>dropped", hold=LONG, before=[ADDED], then=[("drop",)], withdraws=True),
    Scene(
        step="unknown>dropped",
        posting=["cut-before"],
        reading=MANY_500,
        skip=2,
        then=[("until", "unknown", "ID"), ("drop",)],
        withdraws=True,
    ),
    Scene(step="held>kept", hold=LONG, then=[("keep",)]),
    Scene(step="held>kept", hold=LONG, before=[ADDED], then=[]),
    Scene(step="waiting>kept", before=[ADDED], then=[]),
    Scene(step="kept>waiting", hold=LONG, before=[ADDED], then=[("send",), ("settle",)]),
    Scene(step="adopt", hold=LONG, before=[ADDED], then=[("send",), ("settle",)]),
    Scene(step="sending>unknown", before=[MARKED], then=[]),
    Scene(
        step="waiting>unknown",
        posting=["cut-before"],
        before=[("unknown>waiting", AFTER, 1)],
        then=[],
    ),
    Scene(
        step="unknown>kept",
        posting=["cut-before"],
        before=[UNKNOWN],
        then=[("until", "kept", "ID")],
    ),
    Scene(
        step="kept>unknown",
        posting=["cut-before"],
        before=[UNKNOWN, ("unknown>kept", AFTER, 1)],
        then=[],
    ),
    Scene(step="recorded late", before=[("sending>done", AFTER, 1)], then=[]),
    Scene(step="marked", before=[("sending>done", AFTER, 1)], then=[]),
)


@dataclass(slots=True)
class Stage:
    """One state directory over one backend."""

    backend: Backend
    nursery: Nursery
    directory: Path
    hold: float = 0.0
    resend_after: float = RESEND_AFTER
    read_timeout: float = 0.5
    file_system: str | None = None
    kills: int = 0
    asked: list[Wish] = field(default_factory=list)
    given: list[str] = field(default_factory=list)

    @property
    def elsewhere(self) -> Path:
        """There once another reviewer has decided."""
        return self.directory / "elsewhere"

    def live(
        self,
        actions: Sequence[Sequence[Any]],
        *,
        kill: Kill | None = None,
        kill_after: float | None = None,
        stop: Kill | None = None,
        lock: Kill | None = None,
    ) -> bool:
        """One console's life; claims that it ended by itself."""
        self.directory.mkdir(parents=True, exist_ok=True)
        plan = Plan(
            base_url=self.backend.base_url,
            api_key=self.backend.api_key,
            state=str(self.directory / "state"),
            events=str(self.directory / "events"),
            actions=actions,
            kill=kill,
            stop=stop,
            lock=lock,
            hold=self.hold,
            resend_after=self.resend_after,
            read_timeout=self.read_timeout,
            file_system=self.file_system,
        )
        number = self.nursery.run(plan, kill_after=kill_after)
        assert number in (0, signal.SIGKILL)
        self.kills += number == signal.SIGKILL
        return number == 0

    def decide(self, ids: Sequence[str], random: Random) -> list[list[Any]]:
        """Actions of a reviewer that decides on each of these."""
        actions = []
        for one in ids:
            verdict = random.choice(("accept", "reject"))
            reason = random.choice(REASONS) if verdict == "reject" else None
            self.asked.append(Wish(one, verdict, reason))
            actions.append(["decide", verdict, reason, one])
        self.given += [one for one in ids if one not in self.given]
        return actions

    def events(self) -> list[dict[str, Any]]:
        path = self.directory / "events"
        lines = path.read_text().splitlines() if path.exists() else []
        return [json.loads(line) for line in lines]

    def told(self, what: str) -> set[str]:
        return {one for event in self.events() if event["what"] == what for one in event["ids"]}

    def finish(self) -> None:
        """The reviewer starts once more and says send."""
        assert self.live([["send"], ["settle"]])

    def judge(self, *, withdraws: bool = False, fails: bool = False) -> Row:
        wishes = [
            Wish(one, event["verdict"], event["reason"])
            for event in self.events()
            if event["what"] == "decided"
            for one in event["ids"]
        ]
        wishes = list(dict.fromkeys(wishes))  # some were wished again, by another console
        row = self.backend.judge(
            wishes,
            self.given,
            asked=self.asked,
            taken_back=self.told("taken back"),
            withdrawn=self.given if withdraws else (),
            failed=self.given if fails else (),
        )
        row.kills = self.kills
        self._check_log()
        return row

    def _check_log(self) -> None:
        """Every decision is at an end, and has one line."""
        with closing(sqlite3.connect(self.directory / "state" / "journal.db")) as connection:
            rows = connection.execute("SELECT id, state, settled_at FROM decisions").fetchall()
        assert all(settled_at for _, _, settled_at in rows), rows
        lines = [json.loads(line) for line in audit_lines(self.directory / "state" / "audit.jsonl")]
        assert sorted((one["decision_id"], one["result"]) for one in lines) == sorted(
            (decision_id, state) for decision_id, state, _ in rows
        )


def kill_at(stage: Stage, scene: Scene, phase: str, random: Random) -> Row:
    """Come to the scene's step, die before or after it, start again and send."""
    (one,) = stage.backend.fresh(1)
    stage.hold, stage.read_timeout = scene.hold, scene.read_timeout
    stage.backend.plan_faults(
        [one], posting=scene.posting, reading=scene.reading, skip_readings=scene.skip
    )
    actions: list[Sequence[Any]] = list(stage.decide([one], random))
    for death in scene.before:
        survived = stage.live([*actions, ["settle"]], kill=death)
        assert not survived, f"{scene.step}: the console did not come to {death}"
        actions = []
    with _another_reviewer(stage, scene, one):
        known = {"ID": one, "ELSEWHERE": str(stage.elsewhere)}
        then = [[known.get(word, word) for word in action] for action in scene.then]
        survived = stage.live([*actions, *then], kill=(scene.step, phase, 1))
        assert not survived, f"the console did not come to {scene.step}"
    if not stage.told("decided"):  # it died before it said so: the reviewer decides again
        (wish,) = stage.asked
        assert stage.live([["decide", wish.verdict, wish.reason, wish.dataset_id]])
    stage.finish()
    return stage.judge(withdraws=scene.withdraws, fails=scene.fails)


@contextmanager
def _another_reviewer(stage: Stage, scene: Scene, one: str) -> Iterator[None]:
    """Decides meanwhile, if the scene says so."""
    if scene.elsewhere is None:
        yield
        return
    readings = scene.elsewhere

    def decide() -> None:
        deadline = time.monotonic() + 30
        while one not in stage.told("decided") or stage.backend.readings(one) < readings:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        stage.backend.decide_elsewhere(one, "reject", "another's reason")
        stage.elsewhere.touch()

    if scene.before:
        decide()
        yield
        return
    thread = threading.Thread(target=decide)
    thread.start()
    yield
    thread.join()


def kill_at_random(
    stage: Stage, random: Random, faults: Sequence[str], *, deaths: int, longest: float
) -> Row:
    """Some verdicts, faults and another reviewer; consoles die at any instant of it."""
    ids = stage.backend.fresh(6)
    stage.hold = random.choice((0.0, 0.05))
    stage.file_system = random.choice(("ext4", "nfs4"))  # WAL, and SQLite's older journal
    for one in ids:
        stage.backend.plan_faults([one], posting=random.sample(faults, random.randint(0, 2)))
    timers = [
        threading.Timer(random.uniform(0, longest), stage.backend.decide_elsewhere, (one, "accept"))
        for one in random.sample(ids, 2)
    ]
    for timer in timers:
        timer.start()
    actions: list[Sequence[Any]] = list(stage.decide(ids, random))
    while stage.kills < deaths:
        if stage.live([*actions, ["send"], ["settle"]], kill_after=random.uniform(0.01, longest)):
            break  # it was through before its time
        told = stage.told("decided")
        actions = [action for action in actions if action[3] not in told]
    for timer in timers:
        timer.join()
    stage.live(actions) if actions else None
    stage.finish()
    return stage.judge()


def meet(stage: Stage, fault: str, random: Random, *, count: int, elsewhere: int) -> Row:
    """Verdicts that all meet one fault, others deciding on some at any moment; nobody dies."""
    ids = stage.backend.fresh(count)
    reads = fault.startswith("read ")
    name = fault.removeprefix("read ")
    stage.backend.plan_faults(
        ids, posting=() if reads else [name], reading=[name] if reads else (), skip_readings=1
    )
    timers = [
        threading.Timer(random.uniform(0, 0.5), stage.backend.decide_elsewhere, (one, "accept"))
        for one in ids[:elsewhere]
    ]
    for timer in timers:
        timer.start()
    assert stage.live([*stage.decide(ids, random), ["settle"]])
    for timer in timers:
        timer.join()
    return stage.judge(fails=name in ("400", "403", "404", "422"))


PHASES = (BEFORE, AFTER)


def crowd(stages: Sequence[Stage], random: Random, *, count: int, deaths: int) -> Row:
    """Several consoles on one state directory decide on the same datasets, each in an order of its
    own; some die on the way, and one more sends what they left."""
    first = stages[0]
    ids = first.backend.fresh(count)
    decided = first.decide(ids, random)
    errors: list[BaseException] = []

    def review(stage: Stage, place: int) -> None:
        mine = random.sample(decided, len(decided))
        death = random.uniform(0.2, 1.0) if place < deaths else None
        try:
            stage.live([*mine, ["send"], ["settle"]], kill_after=death)
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            errors.append(error)

    threads = [
        threading.Thread(target=review, args=(stage, place)) for place, stage in enumerate(stages)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors, errors
    first.finish()
    first.kills = sum(stage.kills for stage in stages)
    return first.judge()
