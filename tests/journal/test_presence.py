"""Who is running: true whatever way a console ended, and whatever number it had."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from gerra_tui.journal.presence import Presence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.processes

ENTER = """
import sys, time
from pathlib import Path
from gerra_tui.journal.presence import Presence
presence = Presence(Path(sys.argv[1]))
presence.enter()
print(presence.id, flush=True)
time.sleep(60)
"""


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Presence]:
    presence = Presence(tmp_path)
    presence.enter()
    yield presence
    presence.leave()


def test_a_console_counts_as_running_from_its_entering_to_its_leaving(tmp_path: Path) -> None:
    one, other = Presence(tmp_path), Presence(tmp_path)
    assert not other.is_alive(one.id)
    assert not one.is_alive(one.id)
    one.enter()
    other.enter()
    assert other.is_alive(one.id)
    assert one.is_alive(one.id)
    assert other.others() == [one.id]
    one.leave()
    assert not other.is_alive(one.id)
    one.leave()
    other.leave()
    assert list(tmp_path.iterdir()) == []


def test_asking_does_not_make_others_look_alive(here: Presence, tmp_path: Path) -> None:
    dead = tmp_path / "dead.lock"
    dead.touch()
    with dead.open() as file:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_SH)
        assert not here.is_alive("dead")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_console_is_dead_at_once_though_its_file_stays(
    here: Presence, tmp_path: Path, number: int
) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", ENTER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    with child:
        assert child.stdout is not None
        console = child.stdout.readline().strip()
        assert here.is_alive(console)
        child.send_signal(signal.SIGSTOP)
        assert here.is_alive(console)
        child.send_signal(number)
        child.send_signal(signal.SIGCONT)
        child.wait()
    assert (tmp_path / f"{console}.lock").exists()
    assert not here.is_alive(console)
    here.sweep()
    assert [one.stem for one in tmp_path.iterdir()] == [here.id]


def test_a_file_that_is_swept_before_it_is_locked_is_made_again(tmp_path: Path) -> None:
    presence = Presence(tmp_path)
    path = tmp_path / f"{presence.id}.lock"
    real = os.open
    swept: list[Path] = []

    def sweeping(*args: object, **kwargs: object) -> int:
        descriptor = real(*args, **kwargs)  # type: ignore[arg-type] # passed on as it came
        if not swept:
            path.unlink()
            swept.append(path)
        return descriptor

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "open", sweeping)
        presence.enter()
    other = Presence(tmp_path)
    assert other.is_alive(presence.id)
    presence.leave()


def test_a_child_of_the_console_does_not_keep_it_alive(tmp_path: Path) -> None:
    """$PAGER goes on after the console was killed."""
    script = ENTER.replace(
        "time.sleep(60)",
        "import subprocess; subprocess.Popen(['sleep', '30'], stdout=subprocess.DEVNULL);"
        "print('started', flush=True); time.sleep(60)",
    )
    child = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with child:
        assert child.stdout is not None
        console = child.stdout.readline().strip()
        child.stdout.readline()
        child.kill()
        child.wait()
        assert not Presence(tmp_path).is_alive(console)
        os.killpg(child.pid, signal.SIGKILL)


def test_a_console_ends_also_where_its_file_cannot_be_removed_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = Presence(tmp_path), Presence(tmp_path)
    one.enter()

    def unlink(_: Path, missing_ok: bool = False) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("pathlib.Path.unlink", unlink)
    one.leave()
    assert not other.is_alive(one.id)
    other.sweep()
    monkeypatch.undo()
    other.sweep()
    assert list(tmp_path.iterdir()) == []
