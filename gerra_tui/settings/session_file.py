"""session.json and the rows kept for the next start: private files, one entry a service."""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import re
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from gerra_tui.domain.base_url import is_same
from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.view import Sort
from gerra_tui.service.session import KeptRows, Session
from gerra_tui.settings.paths import make_private, write_private

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VERSION = 1
ROWS_KEPT = 200  # some screens full; more would slow the start down
# Names under which the service sends signed URLs, and what a signature looks like elsewhere.
SECRET_NAMES = frozenset({"signed_url", "download_url", "preview_urls", "gif", "pose_frame"})
SIGNED = re.compile(
    r"(https?://[^\s?#]+)\?[^\s]*(?:sig|token|signature|credential)[^\s]*", re.IGNORECASE
)

log = logging.getLogger(__name__)


class SessionFile:
    """The session of one service, in a file shared by all. A file that cannot be read or written
    costs the reviewer nothing but the place where they were: it is logged, never raised."""

    def __init__(self, session: Path, cache: Path, base_url: str) -> None:
        self._session = session
        self._base_url = base_url
        name = hashlib.sha256(base_url.encode()).hexdigest()[:16]
        self._rows = cache / f"rows-{name}.json"

    def load(self) -> Session:
        entries = self._entries()
        spelt = next((url for url in entries if is_same(url, self._base_url)), "")
        entry = entries.get(self._base_url, entries.get(spelt))
        return _session(entry) if isinstance(entry, dict) else Session()

    def save(self, session: Session) -> None:
        entry = asdict(session) | {
            "marks": sorted(session.marks),
            "flags": sorted(session.flags),
        }
        try:
            with self._locked():
                known = self._entries().items()
                entries = {url: one for url, one in known if not is_same(url, self._base_url)}
                entries[self._base_url] = entry
                text = json.dumps({"v": VERSION, "services": entries}, default=dict)
                write_private(self._session, text)
        except OSError as problem:
            log.warning("session not saved: %s", problem)

    def load_rows(self) -> KeptRows | None:
        try:
            kept = json.loads(self._rows.read_text(encoding="utf-8"))
            return KeptRows(
                query=kept["query"],
                rows=tuple(_dataset(raw) for raw in kept["rows"]),
                as_of=datetime.fromisoformat(kept["as_of"]),
            )
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
            log.warning("kept rows not read: %s", problem)
            return None

    def save_rows(self, rows: KeptRows) -> None:
        raw = [
            without_secrets(row.raw) for row in rows.rows[:ROWS_KEPT] if isinstance(row, Dataset)
        ]
        kept = {"v": VERSION, "query": rows.query, "as_of": rows.as_of.isoformat(), "rows": raw}
        try:
            make_private(self._rows.parent)
            write_private(self._rows, json.dumps(kept))
        except OSError as problem:
            log.warning("rows not kept: %s", problem)

    def _entries(self) -> dict[str, Any]:
        try:
            known = json.loads(self._session.read_text(encoding="utf-8"))
            services = known["services"]
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError) as problem:
            log.warning("session not read: %s", problem)
            return {}
        return services if isinstance(services, dict) else {}

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Two consoles that end at once must not drop each other's entry."""
        make_private(self._session.parent)
        lock = self._session.with_name(".session.lock")
        lock.touch(mode=0o600)
        with lock.open() as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield


def without_secrets(value: Any) -> Any:
    """A JSON value less its signed URLs, which are secrets for as long as they work."""
    if isinstance(value, dict):
        return {
            name: None if name in SECRET_NAMES else without_secrets(item)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [without_secrets(item) for item in value]
    if isinstance(value, str) and "?" in value:
        return SIGNED.sub(r"\1", value)
    return value


def _session(entry: dict[str, Any]) -> Session:
    try:
        sort = entry.get("sort")
        columns = entry.get("columns")
        query = entry.get("query")
        cursor_id = entry.get("cursor_id")
        return Session(
            view=int(entry.get("view", 1)),
            query=str(query) if query is not None else None,
            sort=Sort(column=str(sort["column"]), descending=bool(sort["descending"]))
            if sort
            else None,
            columns=tuple(str(name) for name in columns) if columns else None,
            cursor_id=str(cursor_id) if cursor_id is not None else None,
            cursor_line=int(entry.get("cursor_line", 0)),
            sorted_of=int(entry.get("sorted_of", 0)),
            marks=frozenset(str(item) for item in entry.get("marks", ())),
            drafts={str(k): str(v) for k, v in dict(entry.get("drafts", {})).items()},
            history=tuple(str(item) for item in entry.get("history", ())),
            aside={str(k): str(v) for k, v in dict(entry.get("aside", {})).items()},
            flags=frozenset(str(item) for item in entry.get("flags", ())),
            detail_on=bool(entry.get("detail_on", True)),
            detail_right=bool(entry.get("detail_right", True)),
        )
    except (KeyError, TypeError, ValueError) as problem:
        log.warning("session not understood: %s", problem)
        return Session()


def _dataset(raw: dict[str, Any]) -> Dataset:
    """A kept row. It was checked by the API client before it was kept, and is never decided on."""
    size = raw.get("data_byte_size")
    metadata = raw.get("metadata")
    return Dataset(
        id=str(raw["id"]),
        status=str(raw.get("status")),
        data_type=str(raw.get("data_type")),
        name=str(raw.get("name")),
        description=_text(raw.get("description")),
        organization_id=_text(raw.get("organization_id")),
        link=_text(raw.get("link")),
        data_byte_size=size if isinstance(size, int) else None,
        date_created=_moment(raw.get("date_created")),
        date_updated=_moment(raw.get("date_updated")),
        metadata=metadata if isinstance(metadata, dict) else None,
        raw=raw,
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
