"""Directories that this program makes are its user's alone, and no other is touched."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from gerra_tui.settings.paths import Paths, make_private, write_private
from gerra_tui.settings.tables import WrongConfig

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.parametrize(
    "make", [make_private, lambda directory: write_private(directory / "file", "text")]
)
def test_every_directory_that_is_made_on_the_way_is_private(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "cache" / "deep" / "gerra-tui")
    made = (tmp_path / "cache", tmp_path / "cache/deep", tmp_path / "cache/deep/gerra-tui")
    assert [mode(path) for path in made] == [0o700, 0o700, 0o700]


def test_a_directory_above_that_exists_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir(mode=0o755)
    make_private(tmp_path / "shared" / "deep" / "gerra-tui")
    assert mode(tmp_path / "shared") == 0o755
    assert mode(tmp_path / "shared/deep") == 0o700


def test_our_own_directory_is_closed_to_others_again(tmp_path: Path) -> None:
    (tmp_path / "gerra-tui").mkdir(mode=0o755)
    make_private(tmp_path / "gerra-tui")
    assert mode(tmp_path / "gerra-tui") == 0o700


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container that is run under a number of its own."""

    def getpwuid(number: int) -> None:
        raise KeyError(number)

    monkeypatch.setattr("pwd.getpwuid", getpwuid)


@pytest.mark.usefixtures("nobody")
def test_a_user_without_a_home_needs_the_four_directories_alone(tmp_path: Path) -> None:
    environ = {f"XDG_{name}_HOME": str(tmp_path) for name in ("CONFIG", "STATE", "CACHE", "DATA")}
    assert Paths.of(environ).journal == tmp_path / "gerra-tui" / "journal.db"
    del environ["XDG_STATE_HOME"]
    with pytest.raises(WrongConfig, match="Set XDG_STATE_HOME, or HOME"):
        Paths.of(environ)
    with pytest.raises(WrongConfig):
        Paths.of({"HOME": "relative"})
