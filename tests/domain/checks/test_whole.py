"""Is a dataset's file whole: what was served beside what the service says."""

from __future__ import annotations

import pytest

from gerra_tui.domain.checks import compared
from gerra_tui.domain.checks.limits import Limits
from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.evidence import Check, Mark


def found(
    served: int | None, declared: int | None, kind: str | None = "zip", link: str | None = None
) -> list[Check]:
    dataset = Dataset(
        id="a",
        status="pending",
        data_type="episode",
        name="a",
        data_byte_size=declared,
        link=link,
    )
    return list(compared(dataset, {"size": served, "kind": kind}, Limits()))


def test_the_declared_size_is_the_one_that_is_served() -> None:
    (check,) = found(246_103_434, 246_103_434)

    assert (check.id, check.mark) == ("size", Mark.OK)
    assert check.text == "246,103,434 = declared"
    assert (check.measured, check.declared) == (246_103_434, 246_103_434)


@pytest.mark.parametrize("served", [1_204, 246_103_433, 246_103_435])
def test_another_size_than_declared_is_odd(served: int) -> None:
    (check,) = found(served, 246_103_434)

    assert check.mark is Mark.ODD
    assert check.text == f"served {served:,} B, declared 246,103,434 B"


def test_no_bytes_are_odd_whatever_is_declared() -> None:
    assert [check.text for check in found(0, 0) + found(0, None)] == ["0 bytes"] * 2
    assert found(0, 0)[0].mark is Mark.ODD


def test_without_a_declared_size_nothing_was_checked() -> None:
    (check,) = found(1_204, None)
    (local,) = compared(None, {"size": 1_204, "kind": "zip"}, Limits())

    assert check.mark is local.mark is Mark.UNCHECKED


def test_what_could_not_be_read_says_nothing() -> None:
    assert found(None, 5, kind=None, link="s3://bucket/a.zip") == []


@pytest.mark.parametrize(
    ("link", "kind"),
    [
        ("s3://bucket/a.zip", "zip"),
        ("s3://bucket/a.zip", "npz"),
        ("s3://bucket/A.TAR", "tar"),
        ("https://host/a.mp4?token=a.zip", "mp4"),
        ("s3://bucket/without", "mcap"),
        ("s3://bucket/a.of_no_kind", "mcap"),
        (None, "mcap"),
    ],
)
def test_a_file_of_the_kind_that_its_name_promises_is_no_news(link: str | None, kind: str) -> None:
    assert [check.id for check in found(5, 5, kind, link)] == ["size"]


def test_a_file_of_another_kind_than_its_name_promises_is_odd() -> None:
    check = found(5, 5, "rar", "s3://bucket/a.zip?SECRET")[1]

    assert (check.id, check.mark) == ("kind", Mark.ODD)
    assert check.text == "not a zip: its bytes are those of rar"
    assert (check.measured, check.declared) == ("rar", ".zip")


def test_a_packed_archive_of_another_kind_than_its_name_promises_is_odd() -> None:
    link = "s3://bucket/77aa.tar.gz"
    assert found(None, 5, kind="gzip", link=link) == []
    assert [check.mark for check in found(None, 5, kind="rar", link=link)] == [Mark.ODD]
