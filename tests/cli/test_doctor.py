"""What `doctor` finds out by trying."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from gerra_tui.cli import doctor

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("number", "why", "mend"),
    [
        (errno.EROFS, "its file system is read-only", "for writing, or set XDG_STATE_HOME"),
        (errno.ENOSPC, "no space is left there", "Make room on the file system"),
        (errno.EACCES, "does not permit it", "writable, or set XDG_STATE_HOME"),
    ],
)
def test_a_directory_that_takes_no_file_is_found_and_its_mend_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, why: str, mend: str
) -> None:
    def deny(**_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(doctor, "NamedTemporaryFile", deny)
    found = doctor._directory("state", tmp_path / "gerra-tui", "decisions are refused")
    assert why in found.says
    assert found.mend is not None
    assert mend in found.mend


def test_trying_leaves_nothing_behind(tmp_path: Path) -> None:
    found = doctor._directory("state", tmp_path / "gerra-tui", "decisions are refused")
    assert found.mend is None
    assert list(tmp_path.iterdir()) == []
