"""Texts that are open in an editor: files in the state directory until they were read back."""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from gerra_tui.settings.paths import make_private

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

log = logging.getLogger(__name__)

LONGEST = 1_000_000  # characters; more is no reason that somebody wrote


class EditedTexts:
    """Private files, named by the process that has them open and what they are about."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def put(self, about: str, text: str, suffix: str, *, read_only: bool = False) -> Path:
        """A new file with the text. Raises `OSError`."""
        make_private(self._directory)
        file = self._directory / f"{os.getpid()}-{quote(about, safe='')[:120]}{suffix}"
        file.unlink(missing_ok=True)
        file.touch(mode=0o600, exist_ok=False)
        try:
            file.write_text(text, encoding="utf-8", errors="replace")
        except OSError:
            file.unlink()
            raise
        if read_only:
            file.chmod(0o400)
        return file

    def read(self, file: Path) -> str:
        """What the editor left. Raises `OSError`."""
        with file.open(encoding="utf-8", errors="replace") as stream:
            return stream.read(LONGEST).rstrip("\n")

    def remove(self, file: Path) -> None:
        """It was read back, or is not wanted. Never raises."""
        with suppress(OSError):
            file.unlink()

    def left(self, suffix: str) -> Iterator[tuple[str, str]]:
        """What consoles that are gone had open: what each is about, and its text. It is theirs no
        more: the files are removed. Never raises."""
        try:
            files = sorted(self._directory.glob(f"*{suffix}"))
        except OSError:
            return
        for file in files:
            owner, _, about = file.name.removesuffix(suffix).partition("-")
            if not owner.isdecimal() or _is_alive(int(owner)):
                continue
            try:
                yield unquote(about), self.read(file)
            except OSError as problem:
                log.warning("what was being edited cannot be read: %s", problem)
                continue
            self.remove(file)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return process != os.getpid()
