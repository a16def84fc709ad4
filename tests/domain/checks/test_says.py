"""Is a dataset what the service says: its metadata beside what the look found."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gerra_tui.domain.checks.limits import Limits
from gerra_tui.domain.checks.says import says
from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.evidence import Check, Mark

VIDEO: dict[str, Any] = {
    "kind": "mp4",
    "fps": 29.97003,
    "frames": 240,
    "duration_s": 8.008,
    "width": 1280,
    "height": 720,
}
LEROBOT: dict[str, Any] = {
    "kind": "zip",
    "lerobot": {
        "robot": "so100_follower",
        "fps": 30,
        "episodes": 100,
        "frames": 35_965,
        "cameras": ["observation.images.front"],
        "features": {"observation.images.front": "video[480,640,3]"},
    },
}


def told(metadata: dict[str, Any] | None, facts: dict[str, Any], **limits: float) -> list[Check]:
    dataset = Dataset(id="a", status="pending", data_type="x", name="a", metadata=metadata)
    return list(says(dataset, facts, Limits(**limits)))  # type: ignore[arg-type]


def marks(metadata: dict[str, Any] | None, facts: dict[str, Any]) -> dict[str, Mark]:
    return {check.id: check.mark for check in told(metadata, facts)}


def test_metadata_that_fits_its_video_is_fine() -> None:
    metadata = {"fps": 29.97, "frames": 240, "duration_s": 8.0, "resolution": [1280, 720]}

    assert marks(metadata, VIDEO) == dict.fromkeys(
        ("fps", "frames", "duration", "resolution"), Mark.OK
    )


@pytest.mark.parametrize(
    ("metadata", "id_", "text"),
    [
        ({"fps": 30}, "fps", "metadata 30, video 29.97"),
        ({"frames": 239}, "frames", "metadata 239, video 240"),
        ({"duration_s": 9}, "duration", "metadata 9 s, video 8.008 s"),
        ({"resolution": "720x1280"}, "resolution", "metadata 720x1280, video 1280x720"),
    ],
)
def test_metadata_that_contradicts_its_video_is_odd(
    metadata: dict[str, Any], id_: str, text: str
) -> None:
    (check,) = told(metadata, VIDEO)

    assert (check.id, check.mark, check.text) == (id_, Mark.ODD, text)


def test_a_video_that_is_played_turned_has_its_sides_either_way() -> None:
    turned = VIDEO | {"rotation": 90}

    assert marks({"resolution": [720, 1280]}, turned) == {"resolution": Mark.OK}


@pytest.mark.parametrize(
    ("metadata", "id_", "mark"),
    [
        ({"fps": 29.97}, "fps", Mark.ODD),
        ({"fps": 30.0}, "fps", Mark.OK),
        ({"total_frames": 35_964}, "frames", Mark.ODD),
        ({"total_episodes": 100}, "episodes", Mark.OK),
        ({"robot_type": "SO-100"}, "robot", Mark.OK),
        ({"robot": {"type": "aloha"}}, "robot", Mark.ODD),
        ({"cameras": ["front", "wrist"]}, "cameras", Mark.ODD),
        ({"cameras": {"front": {"width": 640, "height": 480}}}, "cameras", Mark.OK),
        ({"cameras": {"front": {"width": 1920, "height": 1080}}}, "resolution", Mark.ODD),
        ({"resolution": {"width": 640, "height": 480}}, "resolution", Mark.OK),
    ],
)
def test_a_lerobot_dataset_is_held_against_its_metadata(
    metadata: dict[str, Any], id_: str, mark: Mark
) -> None:
    assert marks(metadata, LEROBOT)[id_] is mark
    assert {check.scope for check in told(metadata, LEROBOT)} == {"meta/info.json"}


def test_a_declared_channel_that_no_topic_has_is_named() -> None:
    facts = {"kind": "mcap", "topics": {"/force": {}, "/battery.v": {}}}

    assert marks({"channels": ["force.x", "force.y"]}, facts) == {"channels": Mark.OK}
    (check,) = told({"channels": ["force.x", "thermal.x"]}, facts)
    assert check.text == "thermal.x declared, not in the recording"
    assert told({"channels": ["a", "b"]}, facts) == []


def test_the_file_that_an_archive_wraps_is_the_content() -> None:
    facts = {"kind": "zip", "inside": {"name": "clip.mp4", **VIDEO}}

    (check,) = told({"fps": 24}, facts)

    assert (check.mark, check.scope) == (Mark.ODD, "clip.mp4")


def test_limits_are_the_reviewers() -> None:
    assert told({"fps": 30}, VIDEO, fps=0.01)[0].mark is Mark.OK


ODDITIES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.just(10**400),
    st.just(math.nan),
    st.lists(st.one_of(st.integers(), st.text())),
    st.dictionaries(st.text(), st.integers()),
)
KEYS = ("fps", "frames", "total_episodes", "duration_s", "resolution", "width", "height",
        "robot_type", "robot", "cameras", "channels")  # fmt: skip
FACTS = ("kind", "fps", "frames", "duration_s", "width", "height", "rotation", "topics", "columns",
         "lerobot", "inside")  # fmt: skip


@given(
    st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, ODDITIES)),
    st.fixed_dictionaries({}, optional=dict.fromkeys(FACTS, ODDITIES)),
)
def test_nothing_that_is_no_value_ever_contradicts_anything(
    metadata: dict[str, Any], facts: dict[str, Any]
) -> None:
    assert told(metadata, {}) == []
    assert told(None, facts) == []
    assert told({}, facts) == []
    for check in told(metadata, VIDEO) + told(metadata, LEROBOT) + told(metadata, facts):
        assert check.text.isprintable()
        assert check.measured is not None
        assert check.declared is not None
