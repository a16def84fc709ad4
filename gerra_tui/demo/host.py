"""The demo service as a child process, for `--demo` and for tests.

Only the standard library is imported here: a console that does not ask for the demo pays nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
from select import select
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

START_SECONDS = 30


class DemoUnavailable(Exception):
    """The service could not be started; the message is a sentence for the user."""


class DemoHost:
    """Starts the service in a process of its own and stops it at the end of the `with` block.

    The child reads its standard input and ends at its end, so it also ends when this process is
    killed. It is in a session of its own: keys pressed at this terminal send it no signals.

    `arguments` are those of `gerra-tui demo-server`. `api_key` is this service's only secret.
    Raises DemoUnavailable where the extra `demo` is not installed or nothing listens in time.
    """

    def __init__(self, arguments: Sequence[str] = ()) -> None:
        self._errors: IO[bytes] = TemporaryFile()  # noqa: SIM115 - lives as long as the child
        self._process = subprocess.Popen(
            [sys.executable, "-m", "gerra_tui.demo", "--stop-on-eof", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            start_new_session=True,
        )
        try:
            line = self._first_line()
        except DemoUnavailable:
            self.stop()
            raise
        self.base_url: str = line["base_url"]
        self.api_key: str = line["api_key"]
        self.storage_url: str = line["storage_url"]
        self.pid: int = line["pid"]

    def stop(self) -> None:
        """Ends the service; more than once does no harm."""
        process = self._process
        if process.stdin is not None and not process.stdin.closed:
            process.stdin.close()
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()
        self._errors.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _first_line(self) -> Any:
        stdout = self._process.stdout
        if stdout is None or not select([stdout], [], [], START_SECONDS)[0]:
            raise DemoUnavailable(f"The demo service did not start within {START_SECONDS} s.")
        raw = stdout.readline()
        if not raw:
            self._process.wait()
            self._errors.seek(0)
            said = self._errors.read().decode(errors="replace").strip().splitlines()
            raise DemoUnavailable(said[-1] if said else "The demo service ended at once.")
        return json.loads(raw)
