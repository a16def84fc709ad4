"""Marks are the reviewer's: by id, in their order, and never more than was seen."""

from __future__ import annotations

from gerra_tui.domain.dataset import Dataset
from gerra_tui.service.marks import Marks


def dataset(name: str, status: str = "pending") -> Dataset:
    return Dataset(id=name, status=status, data_type="episode", name=name)


A, B, C = dataset("a"), dataset("b"), dataset("c")


def test_marks_come_in_the_order_of_marking() -> None:
    marks = Marks()
    assert marks.toggle(B)
    assert marks.toggle(A)
    assert marks.ids == ("b", "a")
    assert not marks.toggle(B)
    assert (len(marks), "a" in marks, "b" in marks) == (1, True, False)
    marks.add(B, C)
    marks.discard(["a", "x"])
    assert marks.datasets == (B, C)
    marks.clear()
    assert len(marks) == 0


def test_restored_marks_are_inactive_until_they_are_kept() -> None:
    marks = Marks()
    marks.restore(["a", "b", "a"])
    assert (marks.restored, marks.datasets, len(marks)) == (("a", "b"), (), 2)
    assert "a" in marks
    marks.keep([A])
    assert (marks.restored, marks.ids) == ((), ("a",))
    marks.restore(["c"])
    marks.forget_restored()
    assert marks.ids == ("a",)


def test_a_mark_has_the_newest_body_that_was_shown() -> None:
    marks = Marks()
    marks.add(A)
    newer = dataset("a", "accepted")
    marks.renew(newer)
    marks.renew(B)
    assert marks.datasets == (newer,)


def test_marks_that_the_filter_hides_are_told_apart() -> None:
    marks = Marks()
    marks.set([A, B, C])
    assert marks.split(lambda one: one.id != "b") == ([A, C], [B])
