"""console.log: what a bug report needs, and nothing that a terminal would obey or a thief use."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.text import clean_block
from gerra_tui.domain.urls import without_secrets
from gerra_tui.settings.paths import make_private

if TYPE_CHECKING:
    from pathlib import Path

LIMIT: Final = 1_000_000  # bytes a file, of three


class Cleaned(logging.Formatter):
    """Entries that can be read with `cat`: names and tracebacks may hold whatever was received."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        return clean_block(without_secrets(super().format(record)))


def keep_log(path: Path) -> None:
    """Private, rotated, without requests of libraries (they name URLs).

    Where it cannot be written there is none: the journal says what is wrong with the directory.
    """
    handler: logging.Handler
    try:
        make_private(path.parent)
        path.touch(mode=0o600)
        handler = RotatingFileHandler(path, maxBytes=LIMIT, backupCount=2, encoding="utf-8")
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(Cleaned())
    handler.addFilter(logging.Filter("gerra_tui"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
