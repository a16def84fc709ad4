"""`gerra-tui doctor`: what is wrong here, and its mend. Each check is a line."""

from __future__ import annotations

import asyncio
import errno
import stat
from dataclasses import dataclass
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, TextIO

from gerra_tui.domain.query.narrowing import Narrowing
from gerra_tui.domain.text import clean
from gerra_tui.journal.files import LOCAL_FILE_SYSTEMS, file_system_of
from gerra_tui.service.failures import Failure, Forbidden, ServiceUnavailable, Unauthorized
from gerra_tui.settings.exposure import exposure

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from gerra_tui.bootstrap import KeyAccess
    from gerra_tui.service.ports import Clock, ReadingApi
    from gerra_tui.settings.effective import Settings

SLOW_ROUND_TRIP = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class Finding:
    """One check's outcome. `mend`: what to do, null if all is well; `exit_code`: its weight."""

    subject: str
    says: str
    mend: str | None = None
    exit_code: int = 0


async def examine(
    settings: Settings,
    access: KeyAccess,
    api: ReadingApi,
    clock: Clock,
    environ: Mapping[str, str],
) -> list[Finding]:
    """All checks, in the order in which a new user meets their subjects."""
    await asyncio.to_thread(access.look)
    return [
        Finding("config", f"{settings.config_file}", _config_mend(settings)),
        _key(access),
        await _service(settings, access, api, clock),
        *_terminal(environ),
        *_files(settings),
    ]


def report(findings: Iterable[Finding], out: TextIO) -> int:
    """Print one line a finding and its mend below it; gives the exit code."""
    worst = 0
    for finding in findings:
        mark = "ok" if finding.mend is None else "!!"
        out.write(f"{mark}  {finding.subject:<12} {clean(finding.says, 400)}\n")
        if finding.mend is not None:
            out.write(f"    {'':<12} -> {clean(finding.mend, 400)}\n")
            worst = max(worst, finding.exit_code or 1)
    return worst


def _config_mend(settings: Settings) -> str | None:
    """A key in the file is worth protecting even where another source comes first."""
    profile, file = settings.profile, settings.config_file
    if profile.api_key:
        return exposure(file, "api_key", secret=True)
    for setting in ("api_key_command", "api_key_env"):
        if getattr(profile, setting):
            return exposure(file, setting, secret=False)
    return None


def _key(access: KeyAccess) -> Finding:
    if access.has_key:
        return Finding("key", access.source)
    return Finding(
        "key",
        access.source,
        "Set GERRA_API_KEY, or api_key_command of the profile (gerra-tui config --example).",
        exit_code=3,
    )


async def _service(settings: Settings, access: KeyAccess, api: ReadingApi, clock: Clock) -> Finding:
    url = settings.preferences.base_url
    if not access.has_key:
        return Finding("service", f"{url}: not asked, there is no key")
    try:
        await api.page(Narrowing(), limit=1, offset=0)  # connects: not what a key would wait for
        started = clock.monotonic()
        page = await api.page(Narrowing(), limit=1, offset=0)
    except Failure as failure:
        return _unwell(url, failure)
    seconds = clock.monotonic() - started
    says = f"{url}: answers in {seconds * 1000:.0f} ms, {page.total or len(page.rows):,} datasets"
    if seconds > SLOW_ROUND_TRIP:
        says += "; that is slow, but no key waits for it"
    return Finding("service", says)


def _unwell(url: str, failure: Failure) -> Finding:
    match failure:
        case Unauthorized():
            mend = "Key refused (401): check that the key is whole, current and for this service."
            return Finding("service", f"{url}: {failure.detail}", mend, exit_code=3)
        case Forbidden():
            mend = "The key is known but may not list datasets (403): ask who issued it."
            return Finding("service", f"{url}: {failure.detail}", mend)
        case ServiceUnavailable():
            mend = "Check the network, a proxy (https_proxy) or a VPN, then the service's status."
            return Finding("service", f"{url}: {failure.detail}", mend, exit_code=4)
    return Finding("service", f"{url}: {failure.detail}", "Is this the Datasets API's address?")


def _terminal(environ: Mapping[str, str]) -> list[Finding]:
    from gerra_tui.terminal.capabilities import Capabilities
    from gerra_tui.terminal.clipboard import route_name

    able = Capabilities.of(environ)
    what = f"TERM={environ.get('TERM', '')}, {able.colors} colours"
    what += ", Unicode" if able.unicode else ", ASCII"
    return [
        Finding("terminal", what, able.unusable),
        Finding("tmux", "inside tmux" if able.tmux else "no tmux"),
        Finding("clipboard", route_name(environ)),
    ]


def _files(settings: Settings) -> list[Finding]:
    paths = settings.paths
    findings = [
        _directory("state", paths.state, "decisions are refused while they cannot be kept"),
        _directory("cache", paths.cache, "the next start has no rows to show until then"),
    ]
    kind = file_system_of(_existing(paths.state))
    says = f"{paths.journal} on {kind}"
    if kind not in LOCAL_FILE_SYSTEMS:
        says += ", which may be a network's: SQLite's DELETE mode is used, as safe and slower"
    return [*findings, Finding("journal", says)]


def _directory(name: str, directory: Path, otherwise: str) -> Finding:
    existing = _existing(directory)
    try:
        _write_in(existing)
    except OSError as problem:
        why, mend = _unwritable(existing, problem)
        says = f"{directory} cannot be written: {why}"
        return Finding(name, says, f"{mend}, or set XDG_{name.upper()}_HOME: {otherwise}.")
    if existing == directory and stat.S_IMODE(directory.stat().st_mode) & 0o077:
        return Finding(name, f"{directory} can be read by others", f"chmod 0700 {directory}")
    return Finding(name, str(directory))


def _write_in(directory: Path) -> None:
    """Make a file and remove it: access(2) promises root what a file system then denies.

    Raises `OSError`.
    """
    with NamedTemporaryFile(dir=directory, prefix=".gerra-tui-doctor-") as file:
        file.write(b"\n")
        file.flush()


def _unwritable(existing: Path, problem: OSError) -> tuple[str, str]:
    """Why, and what to do."""
    match problem.errno:
        case errno.EROFS:
            return "its file system is read-only", f"Mount the one of {existing} for writing"
        case errno.ENOSPC | errno.EDQUOT:
            return "no space is left there", f"Make room on the file system of {existing}"
        case errno.ENOTDIR:
            return f"{existing} is not a directory", f"Move {existing} away"
        case errno.EACCES | errno.EPERM:
            return f"{existing} does not permit it", f"Make {existing} writable"
    return f"no file can be made in {existing}", f"Make {existing} writable"


def _existing(directory: Path) -> Path:
    """The directory, or the nearest one above it that exists."""
    return next(path for path in (directory, *directory.parents) if path.exists())
