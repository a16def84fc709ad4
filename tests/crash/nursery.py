"""Console processes on demand: a process that has imported everything forks one for each plan, so
that a life costs milliseconds instead of the time to start Python."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from typing import TYPE_CHECKING, Any, Self

from tests.patience import PATIENCE

if TYPE_CHECKING:
    from types import TracebackType

    from tests.crash.life import Plan

LONGEST_LIFE = 240  # seconds; a life that takes longer hangs, and says where


class Nursery:
    """One life at a time. `run` gives the number of the signal that ended it, or 0."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, plan: Plan, *, kill_after: float | None = None) -> int:
        """`kill_after`: seconds from its birth to its death by SIGKILL, if it still lives then."""
        self._write(plan.as_json())
        pid = self._read()["pid"]
        if kill_after is not None:
            timer = threading.Timer(kill_after, os.kill, (pid, signal.SIGKILL))
            timer.start()
        status = self._read()["status"]
        if kill_after is not None:
            timer.cancel()
            timer.join()
        self._write("")  # from here on the process is gone, and its number is free
        if os.WIFSIGNALED(status):
            return os.WTERMSIG(status)
        assert os.WEXITSTATUS(status) == 0, "the console failed: see its traceback above"
        return 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.stdin.close()  # type: ignore[union-attr] # it has pipes
        self._process.wait(timeout=PATIENCE)
        self._process.stdout.close()  # type: ignore[union-attr] # it has pipes

    def _write(self, line: str) -> None:
        stdin = self._process.stdin
        assert stdin is not None
        stdin.write(f"{line}\n")
        stdin.flush()

    def _read(self) -> Any:
        stdout = self._process.stdout
        assert stdout is not None
        line = stdout.readline()
        assert line, "the nursery ended"
        return json.loads(line)


def main() -> None:
    from tests.crash.life import live

    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _live(live, line)
        _say({"pid": pid})
        # The status is told before the child is reaped: till then its number cannot be another's.
        info = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        killed = info is not None and info.si_code != os.CLD_EXITED
        status = 0 if info is None else info.si_status
        _say({"status": status if killed else status << 8})
        sys.stdin.readline()
        os.waitpid(pid, 0)


def _live(live: Any, line: str) -> None:
    signal.alarm(LONGEST_LIFE)
    try:
        live(json.loads(line))
    except BaseException:  # noqa: BLE001 - a forked child must never return into the loop
        traceback.print_exc()
        time.sleep(0)
        os._exit(1)
    os._exit(0)


def _say(what: dict[str, int]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
