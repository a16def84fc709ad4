"""What the metadata says against itself."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gerra_tui.domain.checks.declared import declared
from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.evidence import Mark
from gerra_tui.domain.siblings import ENOUGH, Siblings


def dataset(metadata: dict[str, Any] | None = None, **more: Any) -> Dataset:
    values: dict[str, Any] = {"data_byte_size": 5, "data_type": "episode"} | more
    return Dataset(id="i", status="pending", name="n", metadata=metadata, **values)


def marks(metadata: dict[str, Any], **more: Any) -> dict[str, Mark]:
    return {check.id: check.mark for check in declared(dataset(metadata, **more))}


@pytest.mark.parametrize(
    ("metadata", "found"),
    [
        ({"frames": 480, "fps": 30, "duration_s": 16.0}, {"frames": Mark.OK}),
        ({"frames": 480, "fps": 30, "duration_s": 12.0}, {"frames": Mark.ODD}),
        ({"frames": 480, "fps": 30}, {}),
        ({"frames": True, "fps": "30", "duration_s": None}, {}),
        ({"frames": 10**400, "fps": 30, "duration_s": 1}, {}),
        ({"success": False}, {"success": Mark.ODD}),
        ({"success": True, "calibrated": None}, {}),
        ({"calibrated": False}, {"calibrated": Mark.ODD}),
        ({"idle_fraction": 0.727}, {"idle": Mark.ODD}),
        ({"idle_fraction": 0.3}, {}),
        ({"idle_fraction": 1.3}, {"idle": Mark.ODD}),
        ({"gaps": 0}, {}),
        ({"gaps": 2}, {"gaps": Mark.ODD}),
        ({"total_episodes": 15, "total_frames": 9450}, {"episodes": Mark.OK}),
        ({"total_episodes": 15, "total_frames": 9}, {"episodes": Mark.ODD}),
        ({"fps": 0}, {"amounts": Mark.ODD}),
        ({"channels": []}, {"channels": Mark.ODD}),
        ({}, {}),
    ],
)
def test_facts_that_contradict_each_other_are_odd(
    metadata: dict[str, Any], found: dict[str, Mark]
) -> None:
    assert marks(metadata) == found


def test_a_dataset_of_no_bytes_is_odd() -> None:
    assert marks({}, data_byte_size=0) == {"bytes": Mark.ODD}
    assert marks({}, data_byte_size=None) == {}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
KEYS = (
    "frames",
    "fps",
    "duration_s",
    "gaps",
    "idle_fraction",
    "success",
    "channels",
    "total_frames",
)


@given(st.dictionaries(st.sampled_from(KEYS), JSON))
def test_whatever_the_metadata_holds_the_checks_are_told(metadata: dict[str, Any]) -> None:
    assert all(check.text for check in declared(dataset(metadata)))


def test_keys_that_the_siblings_have_are_missed_once_there_are_enough() -> None:
    siblings = Siblings()
    for number in range(ENOUGH - 1):
        siblings.learn(dataset({"fps": 30, "clock": "ptp", f"own{number}": 1}))
    assert siblings.missing(dataset({"fps": 30})) == ()
    siblings.learn(dataset({"fps": 30, "clock": "ptp"}))
    assert siblings.missing(dataset({"fps": 30})) == ("clock",)
    assert siblings.missing(dataset({"fps": 30, "clock": None})) == ()
    assert siblings.missing(dataset({}, data_type="telemetry")) == ()
    (check,) = declared(dataset({"fps": 30}), siblings.missing(dataset({"fps": 30})))
    assert check.text == "clock missing, which its siblings have"
