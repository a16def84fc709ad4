"""Where the API key comes from. The key itself never leaves these objects but by `reveal`."""

from __future__ import annotations

import importlib.util
import json
import shlex
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gerra_tui.settings.asking import Asking
from gerra_tui.settings.exposure import exposure
from gerra_tui.settings.origins import host_of, of_environment, same_origin

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping
    from pathlib import Path

    from gerra_tui.settings.config import Profile

KEY_VARIABLE = "GERRA_API_KEY"
KEYRING_SERVICE = "gerra-tui"
KEYRING_SILENT = "the system keyring cannot be read"
# Backends raise whatever their system raises.
ASK_KEYRING = """
import json, sys
try:
    import keyring
    answer = {"key": keyring.get_password(sys.argv[1], sys.argv[2])}
except Exception as problem:
    answer = {"problem": type(problem).__name__}
print(json.dumps(answer))
"""
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


def take_keys_out(environ: MutableMapping[str, str], profile: Profile) -> Mapping[str, str]:
    """Takes what names a key out of this process's environment, and so out of that of every program
    that it starts; gives the environment as it was, for `find_key`."""
    whole = dict(environ)
    for name in (KEY_VARIABLE, profile.api_key_env):
        environ.pop(name or KEY_VARIABLE, None)
    return whole


def find_key(
    environ: Mapping[str, str],
    *,
    base_url: str,
    profile: Profile,
    config_file: Path,
    asking: Asking | None = None,
) -> FoundKey:
    """The first key that belongs to `base_url`. May start a command and read the keyring: slow.

    Order: GERRA_API_KEY, the profile's api_key_env or api_key_command, the keyring, the config
    file. A key is given only to the origin it was meant for. What is started ends with `asking`.
    """
    asking = asking or Asking()
    remarks: list[str] = []
    if key := environ.get(KEY_VARIABLE, "").strip():
        meant_for = of_environment(environ)
        if same_origin(meant_for, base_url):
            return FoundKey(Secret(key), f"environment variable {KEY_VARIABLE}")
        remarks.append(f"{KEY_VARIABLE} belongs to {host_of(meant_for)}, so it is not used here")
    # A profile that names no service speaks to the environment's or the default one.
    meant_for = profile.base_url or of_environment(environ)
    belongs = same_origin(meant_for, base_url)
    if belongs and (found := _named_by_profile(environ, profile, config_file, remarks, asking)):
        return found
    stored, problem = _from_keyring(base_url, asking)
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
    environ: Mapping[str, str],
    profile: Profile,
    config_file: Path,
    remarks: list[str],
    asking: Asking,
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
        what = f"the api_key_command of profile {profile.name}"
        printed, problem = _from_command(profile.api_key_command, what, asking, environ)
        if printed:
            return FoundKey(Secret(printed), f"command of profile {profile.name}")
        remarks.append(f"{what} {problem}")
    return None


def _from_command(
    command: str, what: str, asking: Asking, environ: Mapping[str, str]
) -> tuple[str | None, str]:
    """The key, or what is wrong."""
    try:
        answer = asking.ask(
            shlex.split(command), seconds=COMMAND_SECONDS, word=what, environ=environ
        )
    except (OSError, ValueError, IndexError) as problem:
        return None, f"cannot be run: {problem}"
    key = answer.output.strip()
    words = answer.last_words.replace(key, "***") if key else answer.last_words
    said = f": {words}" if words else ""
    if answer.exit_code is None:
        return None, f"gave no answer within {COMMAND_SECONDS} s{said}"
    if answer.exit_code:
        return None, f"failed with exit code {answer.exit_code}{said}"
    if not key or "\n" in key:
        return None, f"did not print one line with a key{said}"
    return key, ""


def _from_keyring(base_url: str, asking: Asking) -> tuple[str | None, str | None]:
    """In a process of its own: a keyring that waits for an unlocking window can then be left."""
    if importlib.util.find_spec("keyring") is None:
        return None, None  # the extra is not installed: nothing to remark
    command = [sys.executable, "-c", ASK_KEYRING, KEYRING_SERVICE, base_url]
    try:
        answer = asking.ask(command, seconds=COMMAND_SECONDS, word="the system keyring", aside=True)
        found = json.loads(answer.output) if answer.exit_code == 0 else {"problem": "no answer"}
    except (OSError, ValueError) as problem:
        found = {"problem": type(problem).__name__}
    if why := found.get("problem"):
        return None, None if why == "NoKeyringError" else f"{KEYRING_SILENT} ({why})"
    return (found.get("key") or "").strip() or None, None
