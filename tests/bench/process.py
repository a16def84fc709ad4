"""What a process costs, from /proc (Linux)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_VOLUNTARY: Final = re.compile(r"^voluntary_ctxt_switches:\s+(\d+)", re.MULTILINE)
_MEMORY: Final = re.compile(r"^(Rss|Pss):\s+(\d+) kB", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Spent:
    """CPU in seconds, and how often a thread woke up, of all threads since their start."""

    cpu: float
    wakeups: int

    def __sub__(self, earlier: Spent) -> Spent:
        return Spent(self.cpu - earlier.cpu, self.wakeups - earlier.wakeups)


def spent(pid: int) -> Spent:
    """`schedstat` counts nanoseconds on a CPU; a voluntary switch is followed by one wakeup."""
    cpu = wakeups = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            ran, status = (task / "schedstat").read_text(), (task / "status").read_text()
        except (FileNotFoundError, ProcessLookupError):  # it ended between two looks
            continue
        cpu += int(ran.split()[0])
        found = _VOLUNTARY.search(status)
        wakeups += int(found[1]) if found else 0
    return Spent(cpu / 1e9, wakeups)


@dataclass(frozen=True, slots=True)
class Memory:
    """In MiB: resident, and resident with shared pages divided among those who share them."""

    rss: float
    pss: float


def memory(pid: int) -> Memory:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = {name: int(number) / 1024 for name, number in _MEMORY.findall(text)}
    return Memory(found["Rss"], found["Pss"])
