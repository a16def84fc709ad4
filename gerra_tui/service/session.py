"""Where the reviewer was: view, query, cursor, marks, drafts, history, and the rows last seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from gerra_tui.domain.dataset import Row
    from gerra_tui.domain.view import Sort


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What the next start comes back to."""

    view: int = 1
    query: str | None = None
    sort: Sort | None = None
    columns: tuple[str, ...] | None = None
    cursor_id: str | None = None
    cursor_line: int = 0
    sorted_of: int = 0  # rows that had been read where the list was sorted
    marks: frozenset[str] = frozenset()
    drafts: Mapping[str, str] = field(default_factory=dict)  # dataset id -> reason typed so far
    history: tuple[str, ...] = ()  # queries, newest first
    aside: Mapping[str, str] = field(default_factory=dict)  # dataset id -> note
    flags: frozenset[str] = frozenset()
    detail_on: bool = True
    detail_right: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRows:
    query: str
    rows: tuple[Row, ...]
    as_of: datetime


class SessionStore(Protocol):
    """Session and rows on disk, 0600, for one origin. Signed URLs are never written."""

    def load(self) -> Session: ...

    def save(self, session: Session) -> None: ...

    def load_rows(self) -> KeptRows | None: ...

    def save_rows(self, rows: KeptRows) -> None: ...
