"""`gerra-tui doctor`: what is wrong here, and its mend. Each check is a line."""

from __future__ import annotations

import asyncio
import os
import shlex
import sqlite3
import stat
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TextIO

from gerra_tui.api import trust
from gerra_tui.domain.query.narrowing import Narrowing
from gerra_tui.domain.text import clean
from gerra_tui.journal.files import (
    LOCAL_FILE_SYSTEMS,
    file_system_of,
    sync_directory,
    unwritable,
)
from gerra_tui.journal.opening import open_for_reading, open_for_writing
from gerra_tui.journal.presence import Presence
from gerra_tui.journal.sqlite import sentence
from gerra_tui.service.failures import Failure, Forbidden, ServiceUnavailable, Unauthorized
from gerra_tui.service.ports import JournalUnwritable
from gerra_tui.settings import proxies
from gerra_tui.settings.exposure import exposure
from gerra_tui.settings.paths import write_private
from gerra_tui.settings.tables import WrongConfig

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from gerra_tui.service.ports import Clock, ReadingApi
    from gerra_tui.settings.access import KeyAccess
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
    config = Finding("config", f"{settings.config_file}", _config_mend(settings))
    await _looked(access)
    found = [config, *_tried("key", lambda: [_key(access)])]
    found += _tried("proxy", lambda: _way(settings, environ))
    try:
        found.append(await _service(settings, access, api, clock))
    except Exception as problem:  # noqa: BLE001 - what is wrong is what is asked for
        found.append(_failed("service", problem))
    found += _tried("terminal", lambda: _terminal(environ))
    return [*found, *_tried("files", lambda: _files(settings))]


def _tried(subject: str, check: Callable[[], list[Finding]]) -> list[Finding]:
    """A check that fails is itself a finding."""
    try:
        return check()
    except Exception as problem:  # noqa: BLE001 - what is wrong is what is asked for
        return [_failed(subject, problem)]


def _failed(subject: str, problem: Exception) -> Finding:
    says = f"cannot be checked ({type(problem).__name__}: {problem})"
    return Finding(subject, says, "This is a fault of gerra-tui: please report it.")


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


async def _looked(access: KeyAccess) -> None:
    """Ctrl-C is heard meanwhile."""
    try:
        await asyncio.to_thread(access.look)
    except asyncio.CancelledError:
        access.leave()
        raise


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


def _way(settings: Settings, environ: Mapping[str, str]) -> list[Finding]:
    """What lies between here and the service."""
    url = settings.preferences.base_url
    try:
        proxy = proxies.proxy_for(url, environ)
        says = "none" if proxy is None else f"{proxies.shown(proxy)}, by the environment"
        by = Finding("proxy", says)
    except WrongConfig as problem:
        by = Finding("proxy", str(problem), "Set https_proxy or no_proxy right.", exit_code=2)
    if not url.startswith("https:"):
        return [by]
    try:
        trust.trusted(environ)
    except trust.NoCertificates as problem:
        mend = "Name a file with certificates in PEM form, or unset the variable."
        return [by, Finding("certificates", str(problem), mend, exit_code=2)]
    return [by, Finding("certificates", trust.told(environ))]


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
    return [
        _directory("state", paths.state, "decisions are refused while they cannot be kept"),
        _directory("cache", paths.cache, "the next start has no rows to show until then"),
        _journal(settings),
    ]


def _journal(settings: Settings) -> Finding:
    path = settings.paths.journal
    kind = file_system_of(_existing(path.parent))
    says = f"{path} on {kind}"
    if kind not in LOCAL_FILE_SYSTEMS:
        says += ", which may be a network's: SQLite's DELETE mode is used, as safe and slower"
    try:
        if (opened := open_for_reading(path, Presence(path.parent / "consoles"))) is not None:
            opened.connection.close()
    except (OSError, sqlite3.Error, JournalUnwritable) as problem:
        return Finding("journal", f"{says}: {_words(problem, path)}", "Start gerra-tui again.")
    return Finding("journal", says)


def _directory(name: str, directory: Path, otherwise: str) -> Finding:
    existing = _existing(directory)
    try:
        try_in(existing)
    except (OSError, sqlite3.Error, JournalUnwritable) as problem:
        says = f"{directory} cannot be used: {_words(problem, existing)}"
        mend = f"Make {existing} writable, or set XDG_{name.upper()}_HOME: {otherwise}."
        return Finding(name, says, mend)
    if existing == directory and stat.S_IMODE(directory.stat().st_mode) & 0o077:
        mend = f"chmod 0700 {shlex.quote(str(directory))}"
        return Finding(name, f"{directory} can be read by others", mend)
    return Finding(name, str(directory))


def try_in(directory: Path) -> None:
    """What the journal and the other files need, on the same file system: a file and its sync,
    locks of both kinds, a transaction, a new name. Leaves nothing behind.

    Raises `OSError`, `sqlite3.Error`, `JournalUnwritable`.
    """
    with TemporaryDirectory(dir=directory, prefix=".gerra-tui-doctor-") as scratch:
        place = Path(scratch) / "state"
        presence = Presence(place / "consoles")
        try:
            open_for_writing(place / "journal.db", presence).connection.close()
        finally:
            presence.leave()
        write_private(place / "file", "tried")
        sync_directory(place)


def _words(problem: Exception, path: Path) -> str:
    match problem:
        case OSError():
            return str(unwritable(problem, path))
        case sqlite3.Error():
            return sentence(problem, path)
    return str(problem)


def _existing(directory: Path) -> Path:
    """The directory, or the nearest one above it that exists."""
    # `Path.exists` raises where a directory above may not be entered.
    return next(path for path in (directory, *directory.parents) if os.path.exists(path))  # noqa: PTH110
