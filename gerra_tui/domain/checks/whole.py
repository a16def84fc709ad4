"""Is it whole: the size that was served, and the kind that the link's name promises."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.evidence import fine, odd, unchecked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gerra_tui.domain.checks.limits import Limits
    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.domain.evidence import Check, Facts

PROMISED: Final = {
    ".zip": ("zip", "npz"),
    ".npz": ("npz",),
    ".npy": ("npy",),
    ".tar": ("tar",),
    ".tgz": ("gzip", "tar"),
    ".gz": ("gzip", "tar"),
    ".zst": ("zstd", "tar"),
    ".mp4": ("mp4",),
    ".mov": ("mp4",),
    ".mkv": ("mkv",),
    ".webm": ("mkv",),
    ".mcap": ("mcap",),
    ".bag": ("bag",),
    ".db3": ("db3",),
    ".parquet": ("parquet",),
    ".hdf5": ("hdf5",),
    ".h5": ("hdf5",),
    ".json": ("json", "jsonl"),
    ".jsonl": ("jsonl", "json"),
    ".csv": ("csv", "text"),
    ".png": ("image",),
    ".jpg": ("image",),
    ".jpeg": ("image",),
    ".gif": ("image",),
}


def size(dataset: Dataset | None, facts: Facts, limits: Limits) -> Iterator[Check]:
    """The size served beside the one declared."""
    served = facts.get("size")
    if not isinstance(served, int):
        return
    declared = dataset.data_byte_size if dataset else None
    if served == 0:
        yield odd("size", "0 bytes", measured=0, declared=declared)
    elif declared is None:
        yield unchecked("size", f"{served:,} B, none declared", measured=served)
    elif abs(served - declared) > limits.size:
        told = f"served {served:,} B, declared {declared:,} B"
        yield odd("size", told, measured=served, declared=declared)
    else:
        yield fine("size", f"{served:,} = declared", measured=served, declared=declared)


def kind(dataset: Dataset | None, facts: Facts) -> Iterator[Check]:
    """The kind that the bytes show, where the link's name promises another one."""
    found = facts.get("kind")
    link = (dataset.link if dataset else None) or ""
    suffix = PurePosixPath(link.partition("?")[0]).suffix.lower()
    promised = PROMISED.get(suffix)
    if promised and found and found not in promised:
        told = f"not a {suffix.removeprefix('.')}: its bytes are those of {found}"
        yield odd("kind", told, measured=found, declared=suffix)
