"""Programs that are asked for a key: a password manager, the system's keyring. Each may hang."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST: Final = 65_536  # bytes of an answer
TOLD_AFTER: Final = 1.0  # seconds
TICK: Final = 0.1  # seconds until a program that is to be left is ended


@dataclass(frozen=True, slots=True)
class Answer:
    """`exit_code` null: there was no end in time, or it was left. `last_words`: the last line of
    standard error, cleaned."""

    exit_code: int | None
    output: str
    last_words: str = ""


class Asking:
    """One program at a time, which `leave` ends at once, from whatever thread."""

    def __init__(self) -> None:
        self._left = threading.Event()
        self.word: str | None = None  # what is being asked

    def leave(self) -> None:
        """The program that runs is ended, and no other one is started."""
        self._left.set()

    def ask(
        self,
        command: Sequence[str],
        *,
        seconds: float,
        word: str,
        environ: Mapping[str, str] | None = None,
        aside: bool = False,
    ) -> Answer:
        """Run it to its end, at most so long. `word` is said on a terminal that waits for it.

        `aside`: it has no terminal to ask at; else what it says there is seen, as without us.
        Raises `OSError` where it cannot be run.
        """
        with subprocess.Popen(
            command,
            env=environ,
            stdin=subprocess.DEVNULL if aside else None,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=aside,
        ) as process:
            self.word = word
            try:
                return self._read(process, time.monotonic() + seconds, "" if aside else word)
            finally:
                self.word = None
                if process.poll() is None:
                    _end(process, group=aside)

    def _read(self, process: subprocess.Popen[bytes], deadline: float, word: str) -> Answer:
        assert process.stdout is not None  # noqa: S101 - they are pipes
        assert process.stderr is not None  # noqa: S101
        said, words = bytearray(), bytearray()
        told_at = time.monotonic() + TOLD_AFTER if word and _is_seen() else deadline
        with selectors.DefaultSelector() as selector:
            for stream, kept in ((process.stdout, said), (process.stderr, words)):
                selector.register(stream, selectors.EVENT_READ, kept)
            while selector.get_map():
                now = time.monotonic()
                if self._left.is_set() or now > deadline:
                    return Answer(None, "", _last_line(words))
                if now > told_at and not words:
                    sys.stderr.write(f"gerra-tui: waiting for {word} (^c leaves) ...\n")
                    told_at = deadline
                came = selector.select(TICK)
                for key, _ in came:
                    piece = os.read(key.fd, MOST)
                    key.data.extend(piece)
                    del key.data[:-MOST]
                    if not piece:
                        selector.unregister(key.fileobj)
                    elif key.data is words and word and _is_seen():
                        sys.stderr.buffer.write(piece)
                        sys.stderr.flush()
                if not came and process.poll() is not None:
                    break  # what it started has its pipes, and goes on
        try:
            code = process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            return Answer(None, "", _last_line(words))
        return Answer(code, said.decode(errors="replace"), _last_line(words))


def _end(process: subprocess.Popen[bytes], *, group: bool) -> None:
    with suppress(ProcessLookupError, PermissionError):
        if group:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def _is_seen() -> bool:
    with suppress(OSError, ValueError, AttributeError):
        return sys.stderr.isatty()
    return False


def _last_line(words: bytearray) -> str:
    lines = [line for line in words.decode(errors="replace").splitlines() if line.strip()]
    return clean(lines[-1].strip(), 200) if lines else ""
