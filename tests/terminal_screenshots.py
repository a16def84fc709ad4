"""What terminals with less than most show: pictures of a real console in an emulator of each."""

from __future__ import annotations

import sys
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from tests.terminal.picture import svg
from tests.terminal.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

COLUMNS, LINES = 80, 24
TERMINALS: Final[Mapping[str, Mapping[str, str]]] = {
    "terminal-linux": {"TERM": "linux"},
    "terminal-nocolor": {"NO_COLOR": "1"},
    "terminal-ascii": {"TERM": "linux", "LC_ALL": "C"},
}
# A held decision, two marks, and a dialog about them.
KEYS: Final = (("a", "y accept"), ("y", "1 held"), (" ", "1 marked"), (" ", "2 marked"),
               ("k", " 3/"), ("a", "Accept 2 datasets?"))  # fmt: skip


def pictures(environ: Mapping[str, str], only: set[str]) -> Iterator[tuple[str, str]]:
    """Each one's name, with its size, and SVG."""
    for name, terminal in TERMINALS.items():
        if not only or name in only:
            yield f"{name}-{COLUMNS}x{LINES}", _picture({**environ, "COLORTERM": "", **terminal})


def _picture(environ: Mapping[str, str]) -> str:
    with TemporaryDirectory() as home:
        folders = {f"XDG_{name}_HOME": home for name in ("CONFIG", "STATE", "CACHE", "DATA")}
        command = [sys.executable, "-m", "tests.moment", "--hold", "60"]
        with Session(
            command, columns=COLUMNS, lines=LINES, environ={**environ, **folders}
        ) as session:
            session.wait_for("as of")
            session.wait_for("DESCRIPTION")
            session.settle(0.5)
            for key, told in KEYS:
                session.press(key)
                session.wait_for(told)
                session.settle(0.5)
            return svg(session.emulator)
