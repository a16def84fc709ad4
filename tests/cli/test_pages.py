"""`gerra-tui help` and `gerra-tui keys`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from gerra_tui import docs
from gerra_tui.cli.main import main
from gerra_tui.ui.keys.registry import EVERYWHERE

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


def test_help_says_which_pages_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help"]) == 0
    told = capsys.readouterr().out
    assert all(topic in told for topic in docs.topics())


def test_help_shows_a_page_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help", "queries"]) == 0
    assert capsys.readouterr().out == docs.page("queries")


def test_a_page_misspelt_is_wrong_usage_and_says_what_was_meant(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["help", "quereis"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "Did you mean queries?" in told.err


def test_keys_are_those_in_force(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    config = tmp_path / "gerra-tui" / "config.toml"
    config.parent.mkdir(mode=0o700)
    config.write_text('[keys.list]\naccept = ["x"]\n', encoding="utf-8")
    config.chmod(0o600)
    assert main(["keys"]) == 0
    lines = capsys.readouterr().out.splitlines()
    headings = [line for line in lines if re.fullmatch(r"\[\w+\]", line)]
    assert headings == [f"[{name}]" for name in EVERYWHERE]
    assert any(line.split()[:2] == ["x", "accept"] for line in lines)


def test_keys_of_a_read_only_console_decide_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "--read-only"]) == 0
    assert "  accept  " not in capsys.readouterr().out


def test_a_keymap_that_cannot_be_is_wrong_usage_and_names_the_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    config = tmp_path / "gerra-tui" / "config.toml"
    config.parent.mkdir(mode=0o700)
    config.write_text('[keys.list]\nacept = ["x"]\n', encoding="utf-8")
    config.chmod(0o600)
    assert main(["keys"]) == 2
    assert f"{config}: keys.list.acept" in capsys.readouterr().err
