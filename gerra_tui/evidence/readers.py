"""Which module looks at which kind; each is imported when a file of its kind comes."""

from __future__ import annotations

import logging
from importlib import import_module
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.evidence import odd, unchecked
from gerra_tui.evidence.findings import FormatLook
from gerra_tui.evidence.window import OverBudget, StorageFailure

if TYPE_CHECKING:
    from gerra_tui.evidence.members import Archive
    from gerra_tui.evidence.window import Window

log = logging.getLogger(__name__)

_MODULES: Final = {
    "zip": "archive",
    "tar": "tar",
    "gzip": "tar",
    "zstd": "tar",
    "mp4": "mp4",
    "mcap": "mcap",
    "bag": "bag",
    "parquet": "parquet",
    "npz": "npz",
    "npy": "npz",
    "hdf5": "hdf5",
    "image": "image",
    "db3": "db3",
    "csv": "table",
    "json": "table",
    "jsonl": "table",
    "text": "table",
    "lerobot": "lerobot",
}


async def look_inside(subject: Window | Archive, kind: str) -> FormatLook:
    """What the module for `kind` finds; an archive is the subject for `lerobot` alone.

    Raises StorageFailure, and nothing else for any bytes.
    """
    module = _MODULES.get(kind)
    if module is None:
        return FormatLook(
            kind=kind, checks=[unchecked("content", f"{_named(kind)}: no look at it")]
        )
    try:
        found: FormatLook = await import_module(f"gerra_tui.evidence.formats.{module}").look(
            subject
        )
    except StorageFailure:
        raise
    except OverBudget as refused:
        told = f"not looked at: {refused.requests} requests, {refused.bytes:,} bytes"
        return FormatLook(kind=kind, checks=[unchecked("content", told)])
    except Exception as bug:  # noqa: BLE001 (foreign bytes must not stop the console)
        log.warning("a look at a file of kind %s failed: %s", kind, type(bug).__name__)
        told = f"damaged beyond what can be read here ({type(bug).__name__})"
        return FormatLook(kind=kind, checks=[odd("content", told)])
    return found


def _named(kind: str) -> str:
    return "of no known kind" if kind == "unknown" else kind
