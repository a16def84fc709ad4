"""Where files lie, by the XDG Base Directory Specification 0.8."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

PROGRAM = "gerra-tui"


@dataclass(frozen=True, slots=True)
class Paths:
    """The four directories of this program. Nothing is created by asking for a path."""

    config: Path
    state: Path
    cache: Path
    data: Path

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Paths:
        """By the environment. The specification has relative paths ignored.

        Raises `WrongConfig` where one is not named and there is no home to put it in.
        """

        def base(variable: str, default: str) -> Path:
            named = Path(environ.get(variable, ""))
            return (named if named.is_absolute() else _home(environ, variable) / default) / PROGRAM

        return cls(
            config=base("XDG_CONFIG_HOME", ".config"),
            state=base("XDG_STATE_HOME", ".local/state"),
            cache=base("XDG_CACHE_HOME", ".cache"),
            data=base("XDG_DATA_HOME", ".local/share"),
        )

    @classmethod
    def within(cls, directory: Path) -> Paths:
        """All four below one directory, for the demo's throw-away ones."""
        return cls(*(directory / name for name in ("config", "state", "cache", "data")))

    @property
    def config_file(self) -> Path:
        return self.config / "config.toml"

    @property
    def journal(self) -> Path:
        return self.state / "journal.db"

    @property
    def audit(self) -> Path:
        return self.state / "audit.jsonl"

    @property
    def session(self) -> Path:
        return self.state / "session.json"

    @property
    def editing(self) -> Path:
        return self.state / "editing"

    @property
    def evidence(self) -> Path:
        return self.cache / "evidence"

    @property
    def downloads(self) -> Path:
        return self.data / "downloads"

    @property
    def log(self) -> Path:
        return self.state / "console.log"


def _home(environ: Mapping[str, str], variable: str) -> Path:
    named = Path(environ.get("HOME", ""))
    if named.is_absolute():
        return named
    try:
        return Path(pwd.getpwuid(os.getuid()).pw_dir)
    except KeyError:
        from gerra_tui.settings.tables import WrongConfig  # the first screen stands before it

        raise WrongConfig(
            f"There is no place for files: HOME and {variable} are not set, and this user has no "
            f"entry in the user database. Set {variable}, or HOME."
        ) from None


def make_private(directory: Path) -> None:
    """Create a directory that only its owner can enter, as are those made above it.

    Raises `OSError`.
    """
    # `Path.mkdir(parents=True)` would give its mode to the last one alone. What exists above is
    # not this program's.
    for missing in reversed([path for path in directory.parents if not path.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)
    directory.mkdir(mode=0o700, exist_ok=True)
    if directory.stat().st_mode & 0o077:
        directory.chmod(0o700)


def write_private(path: Path, text: str) -> None:
    """Replace a file by one that only its owner can read, whole or not at all.

    Raises `OSError`; the old file is then untouched. A symbolic link keeps pointing where it did.
    """
    target = path.resolve()
    make_private(target.parent) if not target.parent.exists() else None
    partial = target.with_name(f".{target.name}.new")
    partial.unlink(missing_ok=True)
    partial.touch(mode=0o600, exist_ok=False)
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(target)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
