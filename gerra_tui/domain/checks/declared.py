"""What a dataset's metadata says against itself: checks that need no look at its bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gerra_tui.domain.checks.numbers import number
from gerra_tui.domain.evidence import Check, fine, odd
from gerra_tui.domain.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gerra_tui.domain.dataset import Dataset

TOLERATED: Final = 0.02  # of the length: declared times are rounded
SHORTEST: Final = 0.051  # seconds: one frame at 20 a second, and rounding to a tenth
SCOPE: Final = "declared"
# A flag that says itself that something is wrong, by the value that says so.
FLAGS: Final = {"success": False, "calibrated": False}
IDLE: Final = 0.7  # of the time: most of it shows nothing
NAMED: Final = 3  # missing keys that are named


def declared(dataset: Dataset, missing: Sequence[str] = ()) -> Iterator[Check]:
    """`missing`: see `lacking`."""
    metadata = dataset.metadata or {}
    yield from _length(metadata)
    yield from _flags(metadata)
    yield from _counts(metadata)
    yield from _size(dataset)
    yield from lacking(missing)


def lacking(missing: Sequence[str]) -> Iterator[Check]:
    """The keys that nearly all of the dataset's type have, and it has not."""
    if missing:
        more = f" and {len(missing) - NAMED} more" if len(missing) > NAMED else ""
        names = ", ".join(clean(name, 30) for name in missing[:NAMED])
        yield odd("keys", f"{names}{more} missing, which its siblings have", scope=SCOPE)


def _length(metadata: Mapping[str, Any]) -> Iterator[Check]:
    """Frames against frames a second and seconds."""
    frames, fps, seconds = (number(metadata.get(key)) for key in ("frames", "fps", "duration_s"))
    if frames is None or fps is None or seconds is None or fps <= 0:
        return
    computed = frames / fps
    told = f"{frames:g} frames at {fps:g} fps are {computed:.1f} s"
    if abs(computed - seconds) <= max(SHORTEST, TOLERATED * abs(seconds)):
        yield fine("frames", told, measured=computed, declared=seconds, scope=SCOPE)
    else:
        text = f"{told}, declared {seconds:.1f} s"
        yield odd("frames", text, measured=computed, declared=seconds, scope=SCOPE)


def _flags(metadata: Mapping[str, Any]) -> Iterator[Check]:
    for key, wrong in FLAGS.items():
        if metadata.get(key) is wrong:
            yield odd(key, f"{key} is {str(wrong).lower()}", declared=wrong, scope=SCOPE)
    idle = number(metadata.get("idle_fraction"))
    if idle is not None and not 0 <= idle <= 1:
        yield odd("idle", f"idle_fraction {idle:g} is no fraction", declared=idle, scope=SCOPE)
    elif idle is not None and idle >= IDLE:
        yield odd("idle", f"idle for {idle:.0%} of the time", declared=idle, scope=SCOPE)
    gaps = number(metadata.get("gaps"))
    if gaps:
        text = f"{gaps:g} gap{'s' if gaps != 1 else ''} in the recording"
        yield odd("gaps", text, declared=gaps, scope=SCOPE)


def _counts(metadata: Mapping[str, Any]) -> Iterator[Check]:
    """Frames against episodes, and what can only be more than nothing."""
    episodes, frames = number(metadata.get("total_episodes")), number(metadata.get("total_frames"))
    if episodes is not None and frames is not None and episodes > 0:
        text = f"{frames:,.0f} in {episodes:,.0f} episodes"
        made = odd if frames < episodes else fine
        yield made("episodes", text, measured=frames, declared=episodes, scope=SCOPE)
    for key in ("fps", "frames", "duration_s", "sample_rate_hz", "total_frames", "total_episodes"):
        value = number(metadata.get(key))
        if value is not None and value <= 0:
            yield odd("amounts", f"{key} is {value:g}", declared=value, scope=SCOPE)
    channels = metadata.get("channels")
    if isinstance(channels, list) and not channels:
        yield odd("channels", "no channel is declared", declared=0, scope=SCOPE)


def _size(dataset: Dataset) -> Iterator[Check]:
    """Bytes, where there must be some."""
    size = dataset.data_byte_size
    if size is not None and size <= 0:
        yield odd("bytes", f"{size:,} bytes for all of it", declared=size, scope=SCOPE)
