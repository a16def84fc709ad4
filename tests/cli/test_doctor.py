"""What `doctor` finds out by trying."""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
from typing import TYPE_CHECKING

import pytest

from gerra_tui.api.late import LateApi
from gerra_tui.bootstrap import SystemClock
from gerra_tui.cli import doctor
from gerra_tui.settings.access import KeyAccess
from gerra_tui.settings.effective import Options, effective
from gerra_tui.settings.paths import Paths

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LOST = "decisions are refused"


def state(directory: Path) -> doctor.Finding:
    return doctor._directory("state", directory / "gerra-tui", LOST)


@pytest.mark.parametrize(
    ("number", "why"),
    [
        (errno.EROFS, "is read-only"),
        (errno.ENOSPC, "The disk is full"),
        (errno.EACCES, "may not be written"),
        (errno.ENOLCK, "has no locks"),
    ],
)
@pytest.mark.parametrize("call", ["mkdir", "fsync", "flock", "rename"])
def test_a_directory_that_lacks_what_the_journal_needs_is_found_and_its_mend_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, why: str, call: str
) -> None:
    def deny(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr({"flock": fcntl}.get(call, os), {"rename": "replace"}.get(call, call), deny)
        found = state(tmp_path)
    assert why in found.says
    assert found.mend is not None
    assert f"or set XDG_STATE_HOME: {LOST}." in found.mend


def test_a_database_that_cannot_be_locked_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deny(*_: object, **__: object) -> None:
        problem = sqlite3.OperationalError("locking protocol")
        problem.sqlite_errorcode = sqlite3.SQLITE_PROTOCOL
        raise problem

    monkeypatch.setattr("gerra_tui.journal.opening.connect", deny)
    assert "locking protocol" in state(tmp_path).says


def test_trying_leaves_nothing_behind(tmp_path: Path) -> None:
    assert state(tmp_path).mend is None
    assert list(tmp_path.iterdir()) == []


async def examined(
    tmp_path: Path, environ: Mapping[str, str], config: str = ""
) -> dict[str, doctor.Finding]:
    paths = Paths.within(tmp_path / "own")
    paths.config.mkdir(parents=True, exist_ok=True)
    paths.config_file.write_text(config)
    settings = effective(Options(), {"GERRA_BASE_URL": "http://127.0.0.1:1", **environ}, paths)
    access = KeyAccess(settings, environ)
    api = LateApi(settings.preferences.base_url, access)
    found = await doctor.examine(settings, access, api, SystemClock(), environ)
    await api.aclose()
    return {one.subject: one for one in found}


async def test_a_journal_that_is_damaged_is_told(tmp_path: Path) -> None:
    file = tmp_path / "own" / "state" / "journal.db"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"no journal at all\n" * 500)
    found = await examined(tmp_path, {})
    assert "is damaged" in found["journal"].says
    assert found["journal"].mend


async def test_a_check_that_fails_is_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("what now")

    for name in ("_terminal", "_files", "_key", "_way", "_service"):
        monkeypatch.setattr(doctor, name, fail)
    found = await examined(tmp_path, {})
    for subject in ("key", "proxy", "service", "terminal", "files"):
        assert "RuntimeError: what now" in found[subject].says
        assert found[subject].mend


async def test_the_way_to_the_service_is_told(tmp_path: Path) -> None:
    environ = {
        "GERRA_BASE_URL": "https://api.example.test",
        "https_proxy": "http://me:SECRET@127.0.0.1:1",
        "SSL_CERT_FILE": "/nowhere/ca.pem",
    }
    found = await examined(tmp_path, environ)
    assert found["proxy"].says == "127.0.0.1:1, by the environment"
    assert "SSL_CERT_FILE names cannot be read" in found["certificates"].says
    assert found["certificates"].exit_code == 2
