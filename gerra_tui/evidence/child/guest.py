"""What runs in the child: one job over bytes that the parent hands in, within small limits.

Started as `python -I guest.py` in an empty environment. The limits stand before the first foreign
byte is read and before any library is loaded.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from gerra_tui.evidence.child.remote import Remote

MEMORY: Final = 1 << 30  # bytes of address space
CPU: Final = 5  # seconds
OPEN_FILES: Final = 64

JOBS: Final = ("columns", "episodes", "tree", "picture", "frames")


class Job(Protocol):
    """What each module of a job has."""

    def run(self, remote: Remote, needs: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Facts and raw bytes; a ValueError's message is a sentence for the reviewer."""
        ...


def limit() -> None:
    """Bound what this process may take; it cannot raise the bounds again. It yields to others."""
    os.nice(5)
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
    ):
        _, hard = resource.getrlimit(kind)
        soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
        # The processor's soft limit kills with a signal that names it; the hard one would not.
        resource.setrlimit(kind, (soft, soft + 1 if kind == resource.RLIMIT_CPU else soft))


def main() -> None:
    """Do the one job that the first line of stdin orders."""
    limit()
    for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "ARROW_DEFAULT_MEMORY_POOL"):
        os.environ[threads] = "system" if threads.startswith("ARROW") else "1"
    sys.path.append(str(Path(__file__).parents[3]))
    from gerra_tui.evidence.child.confine import confine  # found by the line above
    from gerra_tui.evidence.child.remote import Remote

    confine()
    given, answers = sys.stdin.buffer, sys.stdout.buffer
    order = json.loads(given.readline())
    job: Job
    facts: dict[str, Any]
    raw = b""
    try:
        if order["job"] not in JOBS:
            raise ValueError("no such job")
        job = import_module(f"gerra_tui.evidence.child.{order['job']}")
        facts, raw = job.run(Remote(given, answers, order["size"]), order["needs"])
    except MemoryError:
        facts = {"problem": "the reader needed more than 1 GiB"}
    except Exception as error:  # noqa: BLE001 - whatever a library raises is one sentence there
        facts = {"problem": f"not readable: {str(error)[:200] or type(error).__name__}"}
    text = json.dumps(facts).encode()
    answers.write(b"J %d %d\n" % (len(text), len(raw)) + text + raw)
    answers.flush()
    os._exit(0)  # a library's own clean-up is not waited for


if __name__ == "__main__":
    main()
