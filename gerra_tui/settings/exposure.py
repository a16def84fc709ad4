"""Who else may read or write the config file: it can hold a key, and name a command to be run."""

from __future__ import annotations

import grp
import os
import pwd
import shlex
import stat
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

WRITABLE: Final = 0o022  # by the group, by all
ANY: Final = 0o077


def exposure(config_file: Path, setting: str, *, secret: bool) -> str | None:
    """Why `setting` of this file is not used, and the mode to set; null if others can neither
    write the file nor put another in its place, nor, where it is `secret`, read it.

    As OpenSSH asks of its files (sshd_config(5), StrictModes), up to the root.
    """
    try:
        facts = config_file.stat()
        places = [config_file.absolute(), config_file.resolve()]
        owners = {one: one.lstat() for place in places for one in (place, *place.parents)}
    except (OSError, RuntimeError) as problem:
        reason = getattr(problem, "strerror", None) or "its links lead nowhere"
        return f"{config_file} cannot be checked: {reason}"
    if facts.st_uid not in _trusted():
        return f"{config_file} belongs to another user, so its {setting} is not used"
    if facts.st_mode & (ANY if secret else WRITABLE):
        what = "read" if not facts.st_mode & WRITABLE else "written"
        return (
            f"{config_file} can be {what} by others (mode {_mode(facts)}), so its {setting} is "
            f"not used: chmod 0600 {shlex.quote(str(config_file))}"
        )
    for path, facts in owners.items():
        if stat.S_ISLNK(facts.st_mode) or not stat.S_ISDIR(facts.st_mode):
            continue
        if facts.st_uid not in _trusted():
            return (
                f"{path} belongs to another user, who can replace {config_file.name} in it, so "
                f"its {setting} is not used"
            )
        if _may_be_changed(facts):
            return (
                f"{path} can be written by others (mode {_mode(facts)}), who can replace "
                f"{config_file.name} below it, so its {setting} is not used: "
                f"chmod {stat.S_IMODE(facts.st_mode) & ~WRITABLE:04o} {shlex.quote(str(path))}"
            )
    return None


def _trusted() -> tuple[int, int]:
    return os.geteuid(), 0


def _may_be_changed(directory: os.stat_result) -> bool:
    """Whether others may replace what is in it. With the sticky bit they may not."""
    if directory.st_mode & stat.S_ISVTX:
        return False
    by_group = directory.st_mode & stat.S_IWGRP and not _is_ones_own(directory.st_gid)
    return bool(directory.st_mode & stat.S_IWOTH or by_group)


def _is_ones_own(gid: int) -> bool:
    """Whether it is a group of one's own, as distributions with umask 0002 give each user."""
    try:
        user, group = pwd.getpwuid(os.geteuid()), grp.getgrgid(gid)
    except KeyError:
        return False
    mine = user.pw_gid == gid and group.gr_name == user.pw_name
    return mine and set(group.gr_mem) <= {user.pw_name}


def _mode(facts: os.stat_result) -> str:
    return f"{stat.S_IMODE(facts.st_mode):04o}"
