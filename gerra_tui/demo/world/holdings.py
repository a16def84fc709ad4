"""What each dataset holds: in which container its data lies, and what is wrong with it.

Most are clean: what lies behind their link is what their metadata says. One in sixteen has one of
the flaws below, which storage works into its bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from gerra_tui.demo.world.draws import Draws
from gerra_tui.demo.world.population import EPISODE, TELEMETRY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FLAWED: Final = 16  # one in so many
HOSTILE: Final = "unsafe names"
NO_METADATA: Final = "no metadata"
COPIED: Final = "same as another"
_SIBLINGS: Final = 5  # episodes, that one of them can be smaller than usual

_SMALL: Final = 20_000_000  # bytes: what a picture may have
_ROOMY: Final = 50_000_000  # bytes: what archives need that cannot pack, or have very many members

SUFFIXES: Final = {
    "lerobot": "zip", "members": "zip", "film": "zip", "capture": "zip", "tar": "tar",
    "tar.gz": "tar.gz", "tar.zst": "tar.zst", "hdf5": "hdf5", "npz": "npz", "mp4": "mp4",
    "png": "png", "jpg": "jpg", "gif": "gif", "mcap": "mcap", "bag": "bag", "csv": "csv",
    "jsonl": "jsonl", "json": "json", "log": "txt", "parquet": "parquet",
}  # fmt: skip
KINDS: Final = {
    "tar.gz": "tar", "tar.zst": "tar", "txt": "text", "png": "image", "jpg": "image",
    "gif": "image",
}  # fmt: skip
"""Containers by suffix, where they are not called the same."""

_EPISODES: Final = (
    (72, "lerobot"), (78, "tar"), (82, "tar.gz"), (86, "tar.zst"), (91, "hdf5"), (96, "npz"),
    (100, "members"),
)  # fmt: skip
_TELEMETRY: Final = (
    (34, "mcap"), (50, "bag"), (64, "csv"), (76, "parquet"), (81, "jsonl"), (84, "json"),
    (87, "log"), (91, "npz"), (95, "hdf5"), (100, "capture"),
)  # fmt: skip
_SYNTHETIC: Final = ((60, "mp4"), (90, "film"), (93, "png"), (96, "jpg"), (100, "gif"))

_ANY: Final = ("cut off", "empty", "another kind")
_COMMON: Final = (*_ANY, COPIED)
_ZIP: Final = ("junk before", "encrypted", HOSTILE, "name twice")
_TOLD: Final = ("other fps", "other frames", "other episodes", "other robot", "other resolution")
_TOPICS: Final = ("clock not set", "other duration", "channel missing")
FLAWS: Final[Mapping[str, tuple[str, ...]]] = {
    "v2.1": (*_COMMON, *_ZIP, *_TOLD, "data missing", "camera missing", "list missing",
             "small video", "sum of episodes", "still joint", "dark camera", "no number",
             "lost frames"),
    "v3.0": (*_COMMON, *_ZIP, *_TOLD, "data missing", "camera missing", "list missing"),
    "members": ("cut off", "empty", "another kind"),
    "film": (*_COMMON, *_ZIP),
    "capture": (*_COMMON, *_ZIP),
    "mp4": (*_COMMON, "other fps", "other frames", "other resolution", "dropped frames", "no index",
            "no media"),
    "mcap": (*_COMMON, *_TOPICS, "time goes back"),
    "bag": (*_COMMON, *_TOPICS),
    "csv": (*_COMMON, "channel missing"),
    "jsonl": (*_COMMON, "channel missing"),
    "parquet": (*_COMMON, "channel missing"),
}  # fmt: skip
"""By container, and for LeRobot's by version; elsewhere those of `_ANY` alone."""


class Holding(NamedTuple):
    """`flaw` is None where nothing is wrong."""

    container: str
    flaw: str | None

    @property
    def suffix(self) -> str:
        return SUFFIXES[self.container]

    @property
    def kind(self) -> str:
        return KINDS.get(self.suffix, self.suffix)


def holding(
    key: bytes,
    row: int,
    data_type: int,
    declared: int | None,
    metadata: Callable[[], Mapping[str, Any] | None],
) -> Holding:
    """Of one row; the same for the same arguments, always. `declared` is its size in bytes; its
    metadata are asked for where they matter."""
    draws = Draws(key, b"holding", row)
    container = _container(draws.below(100), data_type, declared)
    flawed = not draws.below(FLAWED)
    told = metadata() if flawed or data_type == TELEMETRY else {}
    if told is None:
        return Holding(container, NO_METADATA)
    if not flawed:
        return Holding(container, None)
    version = str(told.get("codebase_version"))
    flaws = FLAWS.get(version if container == "lerobot" else container, _ANY)
    return Holding(container, draws.pick([one for one in flaws if _can(one, declared, told)]))


def hostile(data_type: int) -> Holding:
    """Of a dataset that harms a terminal: its file is an archive that does, too."""
    container = {EPISODE: "lerobot", TELEMETRY: "capture"}.get(data_type, "film")
    return Holding(container, HOSTILE)


def _can(flaw: str, declared: int | None, metadata: Mapping[str, Any]) -> bool:
    """Whether it would show: what is not declared cannot be contradicted."""
    if flaw == "cut off":
        return declared is not None
    if flaw == "channel missing":
        return len(metadata["channels"]) > 1
    if flaw == "small video":
        return int(metadata["total_episodes"]) >= _SIBLINGS
    return True


def _container(share: int, data_type: int, declared: int | None) -> str:
    shares = {EPISODE: _EPISODES, TELEMETRY: _TELEMETRY}.get(data_type, _SYNTHETIC)
    container = next(name for end, name in shares if share < end)
    size = declared or 0
    if container in {"png", "jpg", "gif"} and not 0 < size < _SMALL:
        return "mp4"
    if container in {"tar", "tar.gz", "tar.zst", "hdf5", "npz", "members"} and size < _ROOMY:
        return "lerobot" if data_type == EPISODE else "csv" if size < _SMALL else container
    return container
