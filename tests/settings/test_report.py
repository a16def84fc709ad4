"""`gerra-tui config` tells what is in force and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gerra_tui.settings.effective import Options, effective
from gerra_tui.settings.paths import Paths
from gerra_tui.settings.report import lines

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """
[profiles.default]
api_key = "gk_made_up"
[decide]
hold = 3
[keys.list]
accept = ["A"]
reject = []
[reject.episode]
reasons = ["Too dark"]
[evidence]
rules = ["missing meta.task", "size < 1MB"]
[evidence.limits]
duration = 0.1
"""


def test_each_setting_is_shown_with_its_source(tmp_path: Path) -> None:
    paths = Paths.within(tmp_path)
    paths.config.mkdir()
    paths.config_file.write_text(CONFIG)
    settings = effective(Options(read_only=True), {"GERRA_BASE_URL": "https://e.x"}, paths)
    shown = list(lines(settings))
    assert shown[0] == f"config file: {paths.config_file}"
    assert "base_url = https://e.x   (environment variable GERRA_BASE_URL)" in shown
    assert "read_only = true   (--read-only)" in shown
    assert f"decide.hold = 3 s   ({paths.config_file}: decide.hold)" in shown
    assert "search = off   (profile default)" in shown
    assert "keys.list.accept = A" in shown
    assert "keys.list.reject = none" in shown
    limits = "size 0, fps 0.0009, frames 0, episodes 0, duration 0.1, shared 0.9"
    assert f"evidence.limits = {limits}   ({paths.config_file}: evidence.limits)" in shown
    rules = "missing meta.task; size < 1MB"
    assert f"evidence.rules = {rules}   ({paths.config_file}: evidence.rules)" in shown
    assert "reject.episode.reasons = 1 of your own" in shown
    assert "gk_made_up" not in "\n".join(shown)


def test_it_says_when_there_is_no_file(tmp_path: Path) -> None:
    settings = effective(Options(hold="manual"), {}, Paths.within(tmp_path))
    shown = list(lines(settings))
    assert shown[0].endswith("(there is none)")
    assert "decide.hold = manual   (--hold)" in shown


def test_no_name_of_a_view_or_profile_is_obeyed_by_the_terminal(tmp_path: Path) -> None:
    paths = Paths.within(tmp_path)
    paths.config.mkdir()
    owned = r"\u001b]0;owned\u0007\u202e"
    paths.config_file.write_text(
        f'[profiles."{owned}"]\n[[views]]\nname = "{owned}"\n'
        f'[keys."{owned}"]\n"{owned}" = ["{owned}"]\n'
        f'[reject."{owned}"]\nreasons = ["{owned}"]\n'
    )
    settings = effective(Options(profile="\x1b]0;owned\x07\u202e"), {}, paths)
    shown = list(lines(settings))
    assert all(line.isprintable() for line in shown)
    assert "views = ^[]0;owned^G<U+202E>" in "\n".join(shown)
