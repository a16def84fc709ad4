"""Where the API key comes from. The key itself never leaves these objects but by `reveal`."""

from __future__ import annotations

import importlib
import shlex
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gerra_tui.settings.exposure import exposure
from gerra_tui.settings.origins import host_of, of_environment, same_origin

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gerra_tui.settings.config import Profile

KEY_VARIABLE = "GERRA_API_KEY"
KEYRING_SERVICE = "gerra-tui"
COMMAND_SECONDS = 30  # a password manager may have to be unlocked


class Secret:
    """A text that shows itself only when asked to."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return "Secret(***)"


@dataclass(frozen=True, slots=True)
class FoundKey:
    """`key` null: none was found, and `remarks` say what was tried and what is wrong."""

    key: Secret | None
    source: str
    remarks: tuple[str, ...] = ()


def find_key(
    environ: Mapping[str, str], *, base_url: str, profile: Profile, config_file: Path
) -> FoundKey:
    """The first key that belongs to `base_url`. May start a command and read the keyring: slow.

    Order: GERRA_API_KEY, the profile's api_key_env or api_key_command, the keyring, the config
    file. A key is given only to the origin it was meant for.
    """
    remarks: list[str] = []
    if key := environ.get(KEY_VARIABLE, "").strip():
        meant_for = of_environment(environ)
        if same_origin(meant_for, base_url):
            return FoundKey(Secret(key), f"environment variable {KEY_VARIABLE}")
        remarks.append(f"{KEY_VARIABLE} belongs to {host_of(meant_for)}, so it is not used here")
    # A profile that names no service speaks to the environment's or the default one.
    meant_for = profile.base_url or of_environment(environ)
    belongs = same_origin(meant_for, base_url)
    if belongs and (found := _named_by_profile(environ, profile, config_file, remarks)):
        return found
    stored, problem = _from_keyring(base_url)
    if stored:
        return FoundKey(Secret(stored), "system keyring")
    if problem:
        remarks.append(problem)
    if belongs and profile.api_key:
        if problem := exposure(config_file, "api_key", secret=True):
            remarks.append(problem)
        else:
            return FoundKey(Secret(profile.api_key.strip()), f"config file {config_file}")
    if not belongs and (profile.api_key or profile.api_key_env or profile.api_key_command):
        remarks.append(
            f"the key of profile {profile.name} belongs to {host_of(meant_for)}, "
            "so it is not used here"
        )
    return FoundKey(None, f"no key for {host_of(base_url)}", tuple(remarks))


def _named_by_profile(
    environ: Mapping[str, str], profile: Profile, config_file: Path, remarks: list[str]
) -> FoundKey | None:
    setting = "api_key_env" if profile.api_key_env else "api_key_command"
    if not (profile.api_key_env or profile.api_key_command):
        return None
    if problem := exposure(config_file, setting, secret=False):
        remarks.append(problem)
        return None
    if profile.api_key_env:
        if key := environ.get(profile.api_key_env, "").strip():
            return FoundKey(Secret(key), f"environment variable {profile.api_key_env}")
        remarks.append(f"the environment variable {profile.api_key_env} is empty")
    if profile.api_key_command:
        printed, problem = _from_command(profile.api_key_command)
        if printed:
            return FoundKey(Secret(printed), f"command of profile {profile.name}")
        remarks.append(f"the api_key_command of profile {profile.name} {problem}")
    return None


def _from_command(command: str) -> tuple[str | None, str]:
    try:
        answer = subprocess.run(
            shlex.split(command),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None, f"gave no answer within {COMMAND_SECONDS} s"
    except (OSError, ValueError) as problem:
        return None, f"cannot be run: {problem}"
    if answer.returncode:
        return None, f"failed with exit code {answer.returncode}"
    key = answer.stdout.strip()
    return (key, "") if key and "\n" not in key else (None, "did not print one line with a key")


def _from_keyring(base_url: str) -> tuple[str | None, str | None]:
    try:
        keyring = importlib.import_module("keyring")
    except ImportError:
        return None, None  # the extra is not installed: nothing to remark
    try:
        key = keyring.get_password(KEYRING_SERVICE, base_url)
    except Exception as problem:  # noqa: BLE001 - backends raise whatever their system raises
        if type(problem).__name__ == "NoKeyringError":
            return None, None
        return None, f"the system keyring cannot be read ({type(problem).__name__})"
    return key, None
