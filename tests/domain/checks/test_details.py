"""What was found fills the slots of a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gerra_tui.domain.checks.details import details_of
from gerra_tui.domain.evidence import fine, odd
from gerra_tui.domain.reasons import reasons_for

if TYPE_CHECKING:
    from gerra_tui.domain.evidence import Check

REASONS = {template.id: template for template in reasons_for("episode")}


def test_odd_checks_fill_the_slots_in_their_order() -> None:
    details = details_of(
        [
            fine("fps", "30 = declared", measured=30, declared=30),
            odd("size", "served 5 B, declared 2,100 B", measured=5, declared=2_100),
            odd("frames", "metadata 810, info.json 1,500", measured=1_500.0, declared=810.0),
            odd("fps", "metadata 29.97, info.json 30", measured=30.0, declared=29.97),
            odd("same", "the same contents as abc", measured="abcdef"),
        ]
    )

    assert REASONS["metadata"].fill(details) == (
        "Metadata contradicts the data: frames says 810, file has 1,500"
    )
    assert REASONS["damaged"].fill(details) == "File damaged or incomplete: 5 B of 2,100 B"
    assert REASONS["duplicate"].fill(details) == "Same content as abcdef"


def test_what_is_fine_or_says_something_else_fills_nothing() -> None:
    assert details_of([fine("size", "5 = declared", measured=5, declared=5)]) == {}
    assert details_of([odd("frames", "no frames", measured=0), odd("size", "0 bytes")]) == {}


@pytest.mark.parametrize(
    ("check", "template", "reason"),
    [
        (
            odd("complete", "1 file missing: meta/episodes.jsonl", measured=1),
            "missing",
            "Required part missing: meta/episodes.jsonl",
        ),
        (
            odd("channels", "imu.x, imu.y declared, not in the recording", measured=1, declared=3),
            "missing",
            "Required part missing: imu.x, imu.y",
        ),
        (
            odd("keys", "task missing, which its siblings have"),
            "missing",
            "Required part missing: task",
        ),
        (
            odd("gaps", "3, longest 83 ms at 5 s", measured=3),
            "timing",
            "Frames or samples lost or irregular: 3 gaps",
        ),
        (odd("idle", "idle for 81%", declared=0.81), "idle", "Too little happens: 81% idle"),
        (odd("stuck", "never changes"), "sensor", "Sensor fault: stuck"),
        (odd("nan", "12 values NaN", measured=12), "sensor", "Sensor fault: NaN"),
    ],
)
def test_each_finding_fills_the_sentence_that_is_about_it(
    check: Check, template: str, reason: str
) -> None:
    assert REASONS[template].fill(details_of([check])) == reason


def test_two_findings_never_share_a_sentence() -> None:
    first = odd("fps", "metadata 30, video 29.97", measured=29.97, declared=30)
    second = odd("robot", "metadata a, info.json b", measured="b", declared="a")
    assert details_of([first, second]) == {"field": "fps", "x": "30", "y": "29.97"}
