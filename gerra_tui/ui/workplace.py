"""What the screens are given: the use cases behind one console."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING

from gerra_tui.settings.editing import EditedTexts

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.service.decisions.decisions import Decisions
    from gerra_tui.service.details import Details
    from gerra_tui.service.downloads import Fetching
    from gerra_tui.service.listing.queue import ReviewQueue
    from gerra_tui.service.looks import Evidence, Looks
    from gerra_tui.service.ports import Clock, ReadingApi
    from gerra_tui.service.preferences import Access, Preferences, ViewStore
    from gerra_tui.service.session import SessionStore


def _anywhere() -> EditedTexts:
    return EditedTexts(Path(gettempdir(), f"gerra-tui-{os.getuid()}"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """Made by bootstrap. Nothing here has touched the network yet."""

    preferences: Preferences
    api: ReadingApi
    queue: ReviewQueue
    details: Details
    decisions: Decisions
    evidence: Evidence
    looks: Looks
    fetch: Callable[[Dataset], Fetching]  # a file on its way to `downloads`, once it is run
    downloads: Path
    sessions: SessionStore
    views: ViewStore
    access: Access
    ask_with: Callable[[str], Awaitable[object]]  # a call with this key; raises `Failure`
    clock: Clock
    audit_files: Callable[[], Sequence[Path]]  # as they are now, the oldest lines first
    user: str = ""  # as the audit log names who decides here
    editing: EditedTexts = field(default_factory=_anywhere)
