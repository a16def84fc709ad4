"""A program in a pseudo-terminal over a link of given speed, and the moment of each byte.

What arrives is stamped when it is read; the emulator, which is slow, sees it afterwards, when
there is nothing to read. Queries are answered at once, as a terminal would: the console asks where
its cursor is to learn when its frames have arrived.
"""

from __future__ import annotations

import os
import re
import select
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.patience import PATIENCE
from tests.terminal.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

now = time.perf_counter

_QUERY: Final = re.compile(rb"\x1b\[(?:6n|c|0c|\?u|\?2026\$p)")
_QUERY_BEGUN: Final = re.compile(rb"\x1b(?:\[[?0-9$]*)?$")
_ANSWERS: Final = {
    b"\x1b[6n": b"\x1b[1;1R",
    b"\x1b[c": b"\x1b[?62;22c",
    b"\x1b[0c": b"\x1b[?62;22c",
    b"\x1b[?u": b"\x1b[?0u",
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",
}
_CONGESTED: Final = 65_536  # bytes that wait before the link before the program is made to wait
_UNREAD: Final = 0.003  # seconds without output after which the emulator may take its time


@dataclass(frozen=True, slots=True)
class Link:
    """`rate` in bytes a second towards the terminal, 0 for any; `rtt` in seconds, both ways."""

    rate: float = 0.0
    rtt: float = 0.0


@dataclass(frozen=True, slots=True)
class Press:
    """A key's answer: bytes, and seconds from the key to its last byte."""

    size: int
    last: float


@dataclass(frozen=True, slots=True)
class Moment:
    """Seconds since the program's start, and the bytes that it had sent by then."""

    after: float
    size: int


class Line(Session):
    """A session (see there) over a link. `last_seen` is when the terminal had the last byte."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        environ: Mapping[str, str] | None = None,
        link: Link | None = None,
    ) -> None:
        self._link = link or Link()
        self._free = 0.0  # when the link will have carried all that was read so far
        self._tail = b""
        self._fed = 0
        self._text = 0, ""
        self._unfed: deque[tuple[float, bytes]] = deque()
        self.begun = now()
        self.last_seen = self.begun
        super().__init__(command, environ=environ)

    @property
    def text(self) -> str:
        self.show()
        fed, text = self._text
        if fed != self._fed:  # reading the screen takes as long as a key's answer
            text = super().text
            self._text = self._fed, text
        return text

    @property
    def pid(self) -> int:
        return self.process.pid

    def send(self, data: bytes) -> None:
        self._send_from(now(), data)

    def pump(self, seconds: float) -> bool:
        deadline = now() + seconds
        while True:
            self._deliver()
            moment = now()
            wait = deadline - moment
            if self._on_their_way:
                wait = min(wait, self._on_their_way[0][0] - moment)
            if congested := self._is_congested(moment):
                wait = min(wait, 0.005)
            sources = [] if congested else [self._master]
            if select.select(sources, [], [], max(wait, 0.0))[0]:
                self._read()
                return True
            if now() >= deadline:
                return False

    def settle(self, quiet: float = 0.2, *, seconds: float = PATIENCE) -> int:
        """Read until the terminal got nothing for `quiet` seconds; gives the number of bytes."""
        before, begun = len(self.raw), now()
        while (left := max(self.last_seen, begun) + quiet - now()) > 0 or self._on_their_way:
            assert now() < begun + seconds, f"no end of output:\n{self.text}"
            self.pump(max(left, 0.0) if not self._on_their_way else 0.01)
        return len(self.raw) - before

    def key(self, name: str, *, quiet: float = 0.06, patience: float = 3.0) -> Press:
        """Press a key and read its answer: till `quiet` seconds bring nothing more."""
        while self.pump(0.0):
            pass
        before, pressed = len(self.raw), now()
        self.press(name)
        while len(self.raw) == before and now() < pressed + patience + self._link.rtt:
            self.pump(0.02)
        if len(self.raw) > before:
            self.settle(quiet)
        return Press(len(self.raw) - before, max(self.last_seen - pressed, 0.0))

    def moment(self, holds: Callable[[str], bool], *, seconds: float = PATIENCE) -> Moment:
        """When the piece of output came with which it holds of the screen's text."""
        deadline = now() + seconds
        while True:
            while self._unfed and not self._reads(_UNREAD):
                seen = self._feed_one()
                if holds(super().text):
                    return Moment(seen - self.begun, self._fed)
            assert now() < deadline, f"the screen never showed it:\n{self.text}"
            self.pump(0.05)

    def repeat(self, name: str, *, rate: float, seconds: float, patience: float = 60.0) -> float:
        """Hold a key down; gives the seconds from its release to the last byte, or `patience`."""
        begun = now()
        count = int(rate * seconds)
        for number in range(count):
            due = begun + number / rate
            while (left := due - now()) > 0:
                self.pump(left)
            self.press(name)
        released = now()
        quiet = 0.3 + 2 * self._link.rtt
        while (moment := now()) < max(self.last_seen, released) + quiet:
            if moment > released + patience:
                return patience
            self.pump(0.02)
        return max(self.last_seen - released, 0.0)

    def _reads(self, seconds: float) -> bool:
        return bool(select.select([self._master], [], [], seconds)[0]) and self.pump(0.0)

    def _read(self) -> None:
        data = os.read(self._master, 65_536)
        arrived = now()
        if self._link.rate:
            arrived = self._free = max(self._free, arrived) + len(data) / self._link.rate
        self.last_seen = arrived + self._link.rtt / 2
        self.raw += data
        self._unfed.append((self.last_seen, data))
        seen = self._tail + data
        done = 0
        for query in _QUERY.finditer(seen):
            self._send_from(self.last_seen, _ANSWERS[query[0]])
            done = query.end()
        begun = _QUERY_BEGUN.search(seen, done)
        self._tail = begun[0] if begun else b""

    def _send_from(self, moment: float, data: bytes) -> None:
        self._on_their_way.append((moment + self._link.rtt / 2, data))
        self._deliver()

    def _deliver(self) -> None:
        while self._on_their_way and self._on_their_way[0][0] <= now():
            os.write(self._master, self._on_their_way.popleft()[1])

    def _is_congested(self, moment: float) -> bool:
        return (self._free - moment) * self._link.rate > _CONGESTED

    def show(self) -> None:
        """Bring the emulator up to what was read."""
        while self._unfed:
            self._feed_one()

    def _feed_one(self) -> float:
        seen, data = self._unfed.popleft()
        self._fed += len(data)
        self.emulator.feed(data)
        return seen

    def _answered(self, data: bytes) -> None:
        """The emulator's own answers come too late: `_read` has answered."""
