"""The frame of the last session is shown to the start that would show the same, and to no other."""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import struct
import termios
from typing import TYPE_CHECKING

import pytest

from gerra_tui.cli.first_screen import FirstScreen
from gerra_tui.settings.kept_frame import KeptFrame
from gerra_tui.settings.paths import Paths

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FRAME = KeptFrame("\x1b[1;1Hrows of before", "\x1b[1;1Hrows of before\x1b[1;1H")
SIZE = (80, 24)
ENVIRON = {"TERM": "xterm", "LANG": "C.UTF-8"}


@pytest.fixture
def tty() -> Iterator[int]:
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    yield slave
    os.close(master)
    os.close(slave)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    found = Paths.within(tmp_path)
    for path in (found.config_file, found.session):
        path.parent.mkdir(mode=0o700)
        path.write_text("", encoding="utf-8")
    return found


def first(paths: Paths, environ: dict[str, str] | None = None, **options: object) -> FirstScreen:
    return FirstScreen(argparse.Namespace(**options), environ or ENVIRON, paths)


def is_shown(screen: FirstScreen, tty: int) -> bool:
    found = screen.show(tty, tty)
    if found is None:
        return False
    early, frame = found
    assert frame == FRAME
    early.leave()
    return True


def test_the_same_start_shows_it(paths: Paths, tty: int) -> None:
    assert not is_shown(first(paths), tty)
    first(paths).keep(FRAME, SIZE)
    assert is_shown(first(paths), tty)
    assert (paths.cache / "frame").stat().st_mode & 0o777 == 0o600


def test_a_start_that_would_show_something_else_does_not(paths: Paths, tty: int) -> None:
    first(paths).keep(FRAME, SIZE)
    others = [
        first(paths, fresh=True),
        first(paths, query="size>1GB"),
        first(paths, profile="other"),
        first(paths, base_url="https://other.example"),
        first(paths, read_only=True),
        first(paths, {**ENVIRON, "TERM": "linux"}),
        first(paths, {**ENVIRON, "NO_COLOR": "1"}),
        first(paths, {**ENVIRON, "LC_ALL": "C"}),
        first(paths, {**ENVIRON, "GERRA_BASE_URL": "https://other.example"}),
        first(paths, {**ENVIRON, "GERRA_PROFILE": "other"}),
    ]
    assert [is_shown(other, tty) for other in others] == [False] * len(others)


def test_another_size_does_not_show_it(paths: Paths, tty: int) -> None:
    first(paths).keep(FRAME, (120, 40))
    assert not is_shown(first(paths), tty)


@pytest.mark.parametrize("changed", ["config_file", "session"])
def test_other_settings_or_a_later_session_do_not_show_it(
    paths: Paths, tty: int, changed: str
) -> None:
    first(paths).keep(FRAME, SIZE)
    path: Path = getattr(paths, changed)
    path.write_text("# changed", encoding="utf-8")
    assert not is_shown(first(paths), tty)


def test_no_address_stands_in_its_file(paths: Paths) -> None:
    environ = {**ENVIRON, "GERRA_BASE_URL": "https://me:hunter2@api.example"}
    first(paths, environ).keep(FRAME, SIZE)
    assert b"hunter2" not in (paths.cache / "frame").read_bytes()


def test_a_frame_that_may_not_be_kept_takes_the_old_one_away(paths: Paths, tty: int) -> None:
    first(paths).keep(FRAME, SIZE)
    first(paths).keep(KeptFrame("\x1b]0;title\x07", ""), SIZE)
    assert not (paths.cache / "frame").exists()
    assert not is_shown(first(paths), tty)


def test_without_a_terminal_nothing_is_shown(paths: Paths) -> None:
    first(paths).keep(FRAME, SIZE)
    source, target = os.pipe()
    assert first(paths).show(source, target) is None
    os.close(source)
    os.close(target)
