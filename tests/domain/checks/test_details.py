"""What was found fills the slots of a reason."""

from __future__ import annotations

from gerra_tui.domain.checks.details import details_of
from gerra_tui.domain.evidence import fine, odd
from gerra_tui.domain.reasons import reasons_for

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
