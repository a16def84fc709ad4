"""Where the key comes from, and that it goes nowhere else."""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from gerra_tui.settings.asking import Asking
from gerra_tui.settings.config import Profile
from gerra_tui.settings.keys import FoundKey, Secret, find_key

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

KEY = "gk_made_up_0123456789"
OURS = "https://api.gerra.com"


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)


def found(
    tmp_path: Path,
    environ: Mapping[str, str],
    *,
    base_url: str = OURS,
    profile: Profile | None = None,
    config: bool = True,
) -> FoundKey:
    file = tmp_path / "config.toml"
    if config:
        file.touch(mode=0o600)
    return find_key(
        environ,
        base_url=base_url,
        profile=profile or Profile(name="default"),
        config_file=file,
    )


def revealed(answer: FoundKey) -> str | None:
    return answer.key.reveal() if answer.key else None


def test_the_environment_comes_first(tmp_path: Path) -> None:
    profile = Profile(name="default", api_key_env="OTHER")
    answer = found(tmp_path, {"GERRA_API_KEY": KEY, "OTHER": "no"}, profile=profile)
    assert revealed(answer) == KEY
    assert answer.source == "environment variable GERRA_API_KEY"


def test_the_environments_key_belongs_to_the_environments_service(tmp_path: Path) -> None:
    environ = {"GERRA_API_KEY": KEY, "GERRA_BASE_URL": "https://staging.example"}
    assert revealed(found(tmp_path, environ, base_url="https://staging.example/v1")) == KEY
    assert revealed(found(tmp_path, environ)) is None


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example", "http://api.gerra.com", "https://api.gerra.com:8443"]
)
def test_another_origin_never_gets_the_environments_key(tmp_path: Path, elsewhere: str) -> None:
    answer = found(tmp_path, {"GERRA_API_KEY": KEY}, base_url=elsewhere)
    assert answer.key is None
    assert "GERRA_API_KEY belongs to api.gerra.com, so it is not used here" in answer.remarks


def test_another_origin_never_gets_a_profiles_key(tmp_path: Path) -> None:
    for profile in (
        Profile(name="lab", base_url="https://lab.example", api_key_env="LAB"),
        Profile(name="lab", api_key_env="LAB"),
        Profile(name="lab", base_url="https://lab.example", api_key_command="echo secret"),
    ):
        answer = found(tmp_path, {"LAB": KEY}, base_url="https://evil.example", profile=profile)
        assert answer.key is None
        assert any("is not used here" in remark for remark in answer.remarks)


def test_a_command_prints_the_key(tmp_path: Path) -> None:
    profile = Profile(name="lab", api_key_command=f"printf '{KEY}\\n'")
    answer = found(tmp_path, {}, profile=profile)
    assert revealed(answer) == KEY
    assert answer.source == "command of profile lab"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("false", "failed with exit code 1"),
        ("true", "did not print one line with a key"),
        ("printf 'a\\nb\\n'", "did not print one line with a key"),
        ("/nowhere/at/all", "cannot be run"),
        ("'unclosed", "cannot be run"),
    ],
)
def test_a_command_that_gives_no_key_is_named(tmp_path: Path, command: str, said: str) -> None:
    answer = found(tmp_path, {}, profile=Profile(name="lab", api_key_command=command))
    assert answer.key is None
    assert said in answer.remarks[0]


def test_an_empty_variable_is_named(tmp_path: Path) -> None:
    answer = found(tmp_path, {}, profile=Profile(name="lab", api_key_env="LAB_KEY"))
    assert answer.remarks == ("the environment variable LAB_KEY is empty",)


def test_a_config_file_that_others_can_read_is_refused_with_its_mend(tmp_path: Path) -> None:
    profile = Profile(name="default", api_key=KEY)
    file = tmp_path / "config.toml"
    file.write_text("")
    file.chmod(0o640)
    answer = found(tmp_path, {}, profile=profile)
    assert answer.key is None
    assert f"chmod 0600 {file}" in answer.remarks[0]
    assert "mode 0640" in answer.remarks[0]
    file.chmod(0o600)
    assert revealed(found(tmp_path, {}, profile=profile)) == KEY


def test_a_config_file_that_is_gone_gives_no_key(tmp_path: Path) -> None:
    answer = found(tmp_path, {}, profile=Profile(name="default", api_key=KEY), config=False)
    assert answer.key is None
    assert "cannot be checked" in answer.remarks[0]


KEYRING = """
import os, time
from pathlib import Path

class NoKeyringError(RuntimeError):
    pass

def get_password(service, name):
    Path(__file__).with_name("asked").write_text(f"{service} {name}")
    return eval(os.environ["KEYRING_DOES"])
"""


@pytest.fixture
def keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A keyring whose answer is an expression in the environment."""
    place = tmp_path / "lib"
    place.mkdir()
    (place / "keyring.py").write_text(KEYRING)
    monkeypatch.delitem(sys.modules, "keyring")
    monkeypatch.syspath_prepend(place)
    monkeypatch.setenv("PYTHONPATH", str(place))
    return place


@pytest.mark.parametrize(
    ("does", "key", "remarks"),
    [
        (repr(KEY), KEY, ()),
        (repr(f"{KEY}\n"), KEY, ()),
        ("None", None, ()),
        ("(_ for _ in ()).throw(NoKeyringError())", None, ()),
        ("1 / 0", None, ("the system keyring cannot be read (ZeroDivisionError)",)),
        ("os._exit(3)", None, ("the system keyring cannot be read (no answer)",)),
    ],
)
def test_the_system_keyring_is_asked_by_the_services_address(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    keyring: Path,
    does: str,
    key: str | None,
    remarks: tuple[str, ...],
) -> None:
    monkeypatch.setenv("KEYRING_DOES", does)
    answer = found(tmp_path, {})
    assert (revealed(answer), answer.remarks) == (key, remarks)
    assert (keyring / "asked").read_text() == f"gerra-tui {OURS}"


@pytest.mark.parametrize("source", ["keyring", "command"])
def test_what_does_not_answer_can_be_left_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keyring: Path, source: str
) -> None:
    monkeypatch.setenv("KEYRING_DOES", "time.sleep(600)")
    profile = Profile(name="lab", api_key_command="sleep 600" if source == "command" else None)
    (tmp_path / "config.toml").touch(mode=0o600)
    asking = Asking()
    started = time.monotonic()
    leaving = threading.Timer(0.5, asking.leave)
    leaving.start()
    answer = find_key(
        {}, base_url=OURS, profile=profile, config_file=tmp_path / "config.toml", asking=asking
    )
    assert answer.key is None
    assert time.monotonic() - started < 5


def test_the_commands_last_words_are_told(tmp_path: Path) -> None:
    script = "echo first >&2; printf 'vault is \\033[31msealed\\n\\n' >&2; exit 7"
    profile = Profile(name="lab", api_key_command=f'sh -c "{script}"')
    answer = found(tmp_path, {}, profile=profile)
    assert answer.remarks == (
        "the api_key_command of profile lab failed with exit code 7: vault is ^[[31msealed",
    )


def test_what_a_command_started_does_not_keep_the_reviewer(tmp_path: Path) -> None:
    profile = Profile(name="lab", api_key_command=f"sh -c 'sleep 60 & echo {KEY}'")
    started = time.monotonic()
    assert revealed(found(tmp_path, {}, profile=profile)) == KEY
    assert time.monotonic() - started < 10


def test_a_secret_never_shows_itself() -> None:
    secret = Secret(KEY)
    assert KEY not in f"{secret} {secret!r} {FoundKey(secret, 'somewhere')!r}"
    assert KEY not in repr(Profile(name="default", api_key=KEY))
