"""The screen that stands before the imports: whose it is, and when it may be shown.

Imported at every start of the console, so the standard library alone.
"""

from __future__ import annotations

import hashlib
import os
import sys
from typing import TYPE_CHECKING, Final

from gerra_tui import __version__
from gerra_tui.settings.kept_frame import KeptFrame, frame_file, read_frame
from gerra_tui.terminal.early import EarlyScreen

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from gerra_tui.settings.paths import Paths

NAME: Final = "frame"
# What decides how a screen looks, or whose rows are on it.
TERMINAL: Final = (
    "TERM",
    "COLORTERM",
    "NO_COLOR",
    "LC_ALL",
    "LC_CTYPE",
    "LANG",
    "TMUX",
    "STY",
    "GERRA_RAW",
)
SERVICE: Final = ("GERRA_BASE_URL", "GERRA_PROFILE")
OPTIONS: Final = ("base_url", "profile", "config", "read_only", "query")


class FirstScreen:
    """The frame of the last session, for a start that would show the same."""

    def __init__(
        self, options: argparse.Namespace, environ: Mapping[str, str], paths: Paths
    ) -> None:
        self._options = options
        self._environ = dict(environ)
        self._config = getattr(options, "config", None) or paths.config_file
        self._session = paths.session
        self._path = paths.cache / NAME
        self._fresh = bool(getattr(options, "fresh", False))

    def show(self, source: int, target: int) -> tuple[EarlyScreen, KeptFrame] | None:
        """Draw it on the terminal of these descriptors; None where there is nothing to show."""
        if self._fresh:
            return None
        try:
            size = os.get_terminal_size(target)
        except OSError:
            return None
        frame = read_frame(self._path, self._signature(size))
        if frame is None:
            return None
        screen = EarlyScreen(source, target)
        screen.show(frame.sent.encode(sys.stderr.encoding or "utf-8", "replace"))
        return (screen, frame) if screen.is_shown else None

    def keep(self, frame: KeptFrame, size: tuple[int, int]) -> None:
        """For the next start, after the session was saved. Raises `OSError`."""
        from gerra_tui.settings.paths import write_private

        text = frame_file(frame, self._signature(size))
        if text is None:
            self._path.unlink(missing_ok=True)
        else:
            write_private(self._path, text)

    def _signature(self, size: tuple[int, int]) -> str:
        """Equal for two starts that show the same; a hash, since addresses may hold a password."""
        told = "\0".join(map(repr, self._ingredients(size)))
        return hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest()

    def _ingredients(self, size: tuple[int, int]) -> Iterator[object]:
        yield __version__
        yield tuple(size)
        yield from (self._environ.get(name) for name in (*TERMINAL, *SERVICE))
        yield from (getattr(self._options, name, None) for name in OPTIONS)
        yield from (_stamp(path) for path in (self._config, self._session))


def _stamp(path: Path) -> tuple[int, int] | None:
    """When it was written, and how long it is; None where there is none."""
    try:
        about = path.stat()
    except OSError:
        return None
    return about.st_mtime_ns, about.st_size
