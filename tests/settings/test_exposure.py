"""No key, and above all no command, is taken from a file that others may write."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from gerra_tui.settings import exposure as module
from gerra_tui.settings.config import Profile
from gerra_tui.settings.exposure import exposure
from gerra_tui.settings.keys import find_key

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://api.gerra.com"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "config" / "gerra-tui" / "config.toml"
    file.parent.mkdir(parents=True, mode=0o700)
    file.touch(mode=0o600)
    return file


def ran(file: Path) -> tuple[bool, str]:
    """Whether the command of this file was run, and what is said."""
    trace = file.parent / "ran"
    profile = Profile(name="default", api_key_command=f"touch {trace}")
    found = find_key({}, base_url=URL, profile=profile, config_file=file)
    return trace.exists(), "; ".join(found.remarks)


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o400])
def test_a_command_of_ones_own_file_is_run(file: Path, mode: int) -> None:
    file.chmod(mode)
    assert ran(file)[0]


@pytest.mark.parametrize("mode", [0o666, 0o620, 0o602, 0o777])
def test_no_command_is_run_from_a_file_that_others_may_write(file: Path, mode: int) -> None:
    file.chmod(mode)
    was_run, said = ran(file)
    assert not was_run
    assert f"mode {mode:04o}" in said
    assert f"chmod 0600 {file}" in said


@pytest.mark.parametrize(("above", "mode"), [(0, 0o702), (1, 0o722), (1, 0o702)])
def test_nor_from_a_directory_in_which_others_may_replace_it(
    file: Path, above: int, mode: int
) -> None:
    directory = file.parents[above]
    directory.chmod(mode)
    was_run, said = ran(file)
    assert not was_run
    assert f"chmod 0700 {directory}" in said
    directory.chmod(0o1777 if above else 0o700)  # in a sticky directory only owners rename
    assert ran(file)[0]


def test_nor_through_a_link_that_others_may_lead_elsewhere(file: Path, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "config.toml").symlink_to(file)
    assert ran(shared / "config.toml")[0]
    shared.chmod(0o777)
    assert str(shared) in ran(shared / "config.toml")[1]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
def test_nor_from_another_users_file_or_directory(file: Path) -> None:
    for path in (file, file.parent):
        os.chown(path, 4711, -1)
        was_run, said = ran(file)
        assert not was_run
        assert f"{path} belongs to another user" in said
        os.chown(path, os.geteuid(), -1)


def test_a_group_of_ones_own_is_nobody_else(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.parent.chmod(0o770)
    for own, said in ((True, None), (False, "can be written by others (mode 0770)")):
        monkeypatch.setattr(module, "_is_ones_own", lambda _, own=own: own)
        found = exposure(file, "api_key_command", secret=False)
        assert (found is None) == (said is None)
        assert said is None or said in str(found)


def test_a_variable_named_by_a_file_of_others_is_not_given_away(file: Path) -> None:
    file.chmod(0o666)
    profile = Profile(name="default", api_key_env="THEIRS")
    found = find_key({"THEIRS": "k"}, base_url=URL, profile=profile, config_file=file)
    assert found.key is None
    assert "its api_key_env is not used: chmod 0600" in found.remarks[0]


def test_a_key_in_a_file_that_others_may_replace_is_not_used(file: Path) -> None:
    file.parent.chmod(0o777)
    profile = Profile(name="default", api_key="k")
    found = find_key({}, base_url=URL, profile=profile, config_file=file)
    assert found.key is None
    assert f"chmod 0755 {file.parent}" in found.remarks[0]


def test_a_link_that_leads_nowhere_is_said(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    assert "cannot be checked" in str(exposure(loop, "api_key", secret=True))
