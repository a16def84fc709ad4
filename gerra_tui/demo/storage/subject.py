"""From what a dataset says of itself to what was recorded, so that both agree."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from gerra_tui.demo.storage.recording import Recording
from gerra_tui.demo.world.vocabulary import ROBOTS

if TYPE_CHECKING:
    from collections.abc import Mapping

_JOINTS = {robot_type: joints for _, robot_type, joints in ROBOTS}
_SPREAD = 4  # of an episode's length: one part more or less


def recorded(name: str, metadata: Mapping[str, Any], seed: int) -> Recording:
    """`metadata` is that of any type; what it lacks is as a small rig records it."""
    robot = metadata.get("robot")
    robot_type = metadata.get("robot_type") or (robot or {}).get("type") or "so101_follower"
    fps = float(metadata.get("fps") or 30)
    cameras = metadata.get("cameras") or {}
    resolution = metadata.get("resolution") or (1280, 720)
    pixels = {camera: (about["width"], about["height"]) for camera, about in cameras.items()}
    episodes = metadata.get("total_episodes") or 1
    frames = metadata.get("total_frames") or metadata.get("frames") or 240
    return Recording(
        seed=seed,
        name=name,
        task=str(metadata.get("task") or name),
        robot=robot_type,
        version=metadata.get("codebase_version") or "v2.1",
        joints=_JOINTS[robot_type],
        fps=fps,
        lengths=_lengths(episodes, frames, seed),
        cameras=pixels or {"": (resolution[0], resolution[1])},
        codecs={camera: about["codec"] for camera, about in cameras.items()},
        channels=tuple(metadata.get("channels") or ("value.x", "value.y")),
        rate=float(metadata.get("sample_rate_hz") or 100),
        seconds=float(metadata.get("duration_s") or 60),
        index_first=seed % 3 == 0,
    )


def _lengths(episodes: int, frames: int, seed: int) -> tuple[int, ...]:
    """Episodes of about one length that have all frames together: what one has more, the next has
    less."""
    random = Random(seed)
    each, rest = divmod(frames, episodes)
    lengths = [each] * episodes
    for index in range(0, episodes - 1, 2):
        more = random.randrange(max(1, each // _SPREAD))
        lengths[index] += more
        lengths[index + 1] -= more
    lengths[-1] += rest
    return tuple(lengths)
