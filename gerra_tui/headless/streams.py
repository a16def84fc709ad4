"""What a command is given of the process: its three streams, and which of them is a terminal."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from io import TextIOWrapper
from typing import TYPE_CHECKING, TextIO

from gerra_tui.domain.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_REMARK = 1000  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Streams:
    """`width` is that of the terminal, in cells."""

    stdin: TextIO
    stdout: TextIO
    stderr: TextIO
    stdin_is_terminal: bool = False
    stdout_is_terminal: bool = False
    stderr_is_terminal: bool = False
    width: int = 80

    @classmethod
    def of_process(cls) -> Streams:
        """Into a pipe or file goes UTF-8 whatever the locale is; a terminal is given its own."""
        out_is_terminal = sys.stdout.isatty()
        for stream, is_terminal in ((sys.stdout, out_is_terminal), (sys.stdin, False)):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(
                    encoding=stream.encoding if is_terminal else "utf-8",
                    errors="surrogateescape" if stream is sys.stdin else "backslashreplace",
                )
        return cls(
            stdin=sys.stdin,
            stdout=sys.stdout,
            stderr=sys.stderr,
            stdin_is_terminal=sys.stdin.isatty(),
            stdout_is_terminal=out_is_terminal,
            stderr_is_terminal=sys.stderr.isatty(),
            width=shutil.get_terminal_size().columns,
        )

    def write(self, lines: Iterable[str]) -> None:
        """Lines of the result, out at once. Raises `BrokenPipeError` if nobody reads on."""
        self.stdout.writelines(f"{line}\n" for line in lines)
        self.stdout.flush()

    def remark(self, sentence: str) -> None:
        """A line on standard error, cleaned."""
        self.stderr.write(f"gerra-tui: {clean(sentence, LONGEST_REMARK)}\n")
        self.stderr.flush()

    def ask(self, question: str) -> bool:
        """A question to a person at the terminal; anything but yes is no."""
        self.stderr.write(f"{clean(question, LONGEST_REMARK)} [y/N] ")
        self.stderr.flush()
        return self.stdin.readline().strip().lower() in ("y", "yes")
