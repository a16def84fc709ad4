"""What a dataset says about itself: name, description and metadata, computed by row.

A family (the versions of one dataset) shares its task, its robot and its name; what differs from
version to version is drawn by row.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from gerra_tui.demo.world import vocabulary as words
from gerra_tui.demo.world.draws import Draws
from gerra_tui.demo.world.population import EPISODE, POV, REJECTED, TELEMETRY


class Content(NamedTuple):
    name: str
    description: str | None
    metadata: dict[str, Any] | None


def describe(
    key: bytes, row: int, *, family: int, data_type: int, status: int, version: int
) -> Content:
    """The content of one row; the same for the same arguments, always."""
    shared = Draws(key, b"family", family)
    own = Draws(key, b"row", row)
    if data_type == EPISODE:
        content = _episode(shared, own, version)
    elif data_type == TELEMETRY:
        content = _telemetry(shared, own)
    else:
        content = _synthetic(shared, own, version, pov=data_type == POV)
    if content.metadata is not None and status == REJECTED:
        content.metadata["rejection_reason"] = rejection_reason(key, row, data_type)
    return content


def rejection_reason(key: bytes, row: int, data_type: int) -> str:
    draws = Draws(key, b"reason", row)
    template = draws.pick(words.REASONS[data_type])
    return template.format(
        n=draws.between(2, 40),
        ms=draws.between(60, 900),
        s=draws.between(1, 59),
        d=draws.between(1, 9),
        p=draws.between(31, 98),
    )


def prompt(key: bytes, family: int, version: int, *, pov: bool) -> str:
    """What the generator was asked for; every version asks a little more."""
    return " ".join(_prompt_parts(Draws(key, b"prompt", family), pov=pov)[: 3 + version])


def _prompt_parts(draws: Draws, *, pov: bool) -> list[str]:
    thing, surface = draws.pick(words.OBJECTS), draws.pick(words.SURFACES)
    room, light = draws.pick(words.ROOMS), draws.pick(words.LIGHTS)
    if pov:
        hand = draws.pick(("Right", "Left"))
        opening = f"{hand} hand picks the {thing} and places it on the {surface},"
        camera = "head-mounted camera."
    else:
        opening = f"Robot arm moves the {thing} across the {surface},"
        camera = "fixed camera from the left."
    more = [f"Do not touch the {draws.pick(words.OBJECTS)}.", f"Keep the {thing} in view.",
            "No cuts, one continuous take.", "Shadows follow the hand.",
            "The gripper opens before it leaves the frame."]  # fmt: skip
    return [opening, f"{room}, {light},", camera, *more]


def _where(draws: Draws) -> dict[str, Any]:
    return {"site": draws.pick(words.SITES), "room": draws.pick(words.ROOMS)}


def _tags(draws: Draws) -> list[str]:
    first = draws.below(len(words.TAGS))
    return [words.TAGS[(first + 3 * step) % len(words.TAGS)] for step in range(draws.below(4))]


def _episode(shared: Draws, own: Draws, version: int) -> Content:
    robot, robot_type, joints = shared.pick(words.ROBOTS)
    task, instruction = shared.pick(words.TASKS)
    batch, operator = shared.between(1, 60), shared.pick(words.OPERATORS)
    camera = shared.pick(words.CAMERAS)
    style = shared.below(5)
    if style == 0:
        name = f"{robot} {task}, batch {batch}"
    elif style == 1:
        name = f"{task.capitalize()}, {camera} camera, take {batch}"
    elif style == 2:
        name = f"lerobot/{robot_type}_{task.replace(' ', '_')}_{shared.below(10_000):04}"
    elif style == 3:
        name = f"{robot_type}_{task.replace(' ', '-')}_ep{shared.below(1_000_000):06}"
    else:
        name = f"{robot} {task}, {shared.pick(words.SHIFTS)}, episode {batch * 17}"
    fps = shared.pick((30, 30, 30, 15, 50, 60))
    episodes = own.between(1, 50)
    frames = episodes * fps * own.between(8, 90)
    cameras = [words.CAMERAS[(shared.below(5) + step) % 5] for step in range(own.between(1, 3))]
    width, height = shared.pick(((640, 480), (640, 480), (1280, 720), (1920, 1080)))
    metadata: dict[str, Any] = {
        "codebase_version": shared.pick(("v2.1", "v2.1", "v3.0")),
        "robot_type": robot_type,
        "task": task,
        "fps": fps if own.below(20) else 29.97,
        "total_episodes": episodes,
        "total_frames": frames,
        "operator": operator,
        "location": _where(shared),
        "success": own.pick((True, True, True, False, None)),
        "cameras": {
            camera: {"width": width, "height": height, "codec": own.pick(words.CODECS)}
            for camera in dict.fromkeys(cameras)
        },
        "features": {
            "observation.state": {"dtype": "float32", "shape": [joints]},
            "action": {"dtype": "float32", "shape": [joints]},
        },
        "tags": _tags(own),
        "idle_fraction": own.between(0, 800) / 1000,
        "notes": None if own.below(4) else f"gripper pads changed before take {batch}",
    }
    if version:
        metadata["re_recorded_from"] = f"take {batch - 1}"
    description = _description(own, instruction, f"Operator {operator}, {robot}, {episodes} takes.")
    return Content(name, description, metadata)


def _synthetic(shared: Draws, own: Draws, version: int, *, pov: bool) -> Content:
    thing, surface = shared.pick(words.OBJECTS), shared.pick(words.SURFACES)
    room = shared.pick(words.ROOMS)
    seed = shared.below(100_000)
    style = shared.below(4)
    view = "pov" if pov else "third_person"
    if style == 0:
        name = f"{'POV' if pov else 'Third person'}: {thing} on the {surface}, seed {seed}"
    elif style == 1:
        name = f"{view}_{room}_{thing}_{shared.below(1_000_000):06}.mp4".replace(" ", "_")
    elif style == 2:
        name = f"{room.capitalize()}: {'hand' if pov else 'arm'} moves the {thing}"
    else:
        name = f"synth/{view}/{thing.replace(' ', '-')}/{seed:05}"
    frames = own.pick((120, 192, 240, 240, 480))
    fps = own.pick((24, 30, 30))
    metadata: dict[str, Any] = {
        "generator": {"model": shared.pick(words.GENERATORS), "steps": own.between(20, 60),
                      "guidance": own.between(30, 120) / 10},
        "seed": seed + version * 7,
        "viewpoint": "head" if pov else shared.pick(("left", "right", "front", "ceiling")),
        "fps": fps,
        "frames": frames,
        "duration_s": round(frames / fps, 3),
        "resolution": own.pick(([1280, 720], [1280, 720], [1920, 1080], [960, 544])),
        "scene": {"room": room, "surface": surface, "objects": [thing, own.pick(words.OBJECTS)],
                  "light": shared.pick(words.LIGHTS)},
        "hands_visible": pov,
        "physics_score": None if own.below(5) == 0 else own.between(300, 990) / 1000,
        "tags": _tags(own),
        "version_note": f"attempt {version + 1}" if version else None,
    }  # fmt: skip
    looks = "Generated; look for vanishing objects and wrong hands."
    description = _description(own, f"Scene: {room}, {thing} on the {surface}.", looks)
    return Content(name, description, metadata)


def _telemetry(shared: Draws, own: Draws) -> Content:
    sensor = shared.pick(words.SENSORS)
    robot, robot_type, joints = shared.pick(words.ROBOTS)
    day, hour = shared.between(1, 28), shared.below(24)
    cell, shift = shared.between(1, 9), shared.pick(words.SHIFTS)
    style = shared.below(4)
    if style == 0:
        name = f"telemetry_{robot_type}_{day:02}T{hour:02}_{shared.below(100_000):05}.mcap"
    elif style == 1:
        name = f"{sensor.replace('_', ' ').capitalize()} log, cell {cell}, {shift}"
    elif style == 2:
        name = f"{robot} {sensor} sweep, run {shared.below(997)}"
    else:
        name = f"rig-{cell}/{sensor}/{shared.below(100_000):05}"
    rate = own.pick((10, 50, 100, 100, 500, 1000))
    seconds = own.between(5, 7_200)
    channels = [f"{sensor}.{axis}" for axis in ("x", "y", "z", "t")[: own.between(1, 4)]]
    metadata: dict[str, Any] = {
        "sensor_type": sensor,
        "sample_rate_hz": rate,
        "channels": channels,
        "robot": {"type": robot_type, "serial": f"{shared.below(10**8):08}", "joints": joints},
        "location": _where(shared),
        "operator": shared.pick(words.OPERATORS),
        "duration_s": seconds,
        "clock": {"source": own.pick(("ptp", "ntp", "none")), "offset_ms": own.between(0, 80) / 10},
        "calibrated": own.pick((True, True, False, None)),
        "gaps": own.pick((0, 0, 0, 0, 2, 31)),
        "firmware": f"{own.between(1, 4)}.{own.below(20)}.{own.below(10)}",
        "tags": _tags(own),
    }
    unit = {"thermal": "°C", "force_torque": "N"}.get(sensor)
    if unit is not None:
        metadata["unit"] = unit
    description = _description(own, f"{sensor.replace('_', ' ').capitalize()} on {robot}.",
                               f"{rate} Hz for {seconds} s, {shift}.")  # fmt: skip
    return Content(name, description, None if own.below(60) == 7 else metadata)


_LONG = (
    "Recorded with the calibration of this week; the second camera was moved by 3 cm after the "
    "first third. The reviewer of the pilot asked for more light, so the blinds were opened. "
    "Known: the first two seconds are the operator's hand leaving the frame."
)


def _description(draws: Draws, first: str, second: str) -> str | None:
    kind = draws.below(10)
    if kind < 2:
        return None
    if kind < 6:
        return first
    if kind < 9:
        return f"{first} {second}"
    return f"{first}\n\n{second}\n\n{_LONG}"
