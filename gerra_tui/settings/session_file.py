"""session.json and the rows kept for the next start: private files, one entry a service."""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from gerra_tui.domain.base_url import is_same
from gerra_tui.domain.columns import UnknownColumn, check_column
from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.moments import moment_of
from gerra_tui.domain.readable import is_nested_too_deep, readable
from gerra_tui.domain.urls import compared, kept
from gerra_tui.domain.view import Column, Sort
from gerra_tui.service.session import KeptRows, Session
from gerra_tui.settings.paths import make_private, write_private

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VERSION = 1
ROWS_KEPT = 200  # some screens full; more would slow the start down
MOST_ROWS = 2**31  # of a place in the list: a damaged file may say anything

# Whatever is wrong with a file, or with what stands in it.
NOT_UNDERSTOOD = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,
    RecursionError,
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
        entry = _unsigned(
            asdict(session) | {"marks": sorted(session.marks), "flags": sorted(session.flags)}
        )
        try:
            with self._locked():
                known = self._entries().items()
                entries = {url: one for url, one in known if not is_same(url, self._base_url)}
                entries[self._base_url] = entry
                text = json.dumps({"v": VERSION, "services": entries}, default=dict)
                write_private(self._session, text)
        except NOT_UNDERSTOOD as problem:
            log.warning("session not saved: %s", problem)

    def load_rows(self) -> KeptRows | None:
        try:
            found = _parsed(self._rows)
            as_of = moment_of(found["as_of"])
            if as_of is None:
                raise ValueError("no moment")
            return KeptRows(
                query=str(found["query"]),
                rows=tuple(_dataset(raw) for raw in found["rows"]),
                as_of=as_of,
            )
        except FileNotFoundError:
            return None
        except NOT_UNDERSTOOD as problem:
            log.warning("kept rows not read: %s", problem)
            return None

    def save_rows(self, rows: KeptRows) -> None:
        try:
            raw = [kept(row.raw) for row in rows.rows[:ROWS_KEPT] if isinstance(row, Dataset)]
            text = json.dumps(
                {
                    "v": VERSION,
                    "query": compared(rows.query),
                    "as_of": rows.as_of.isoformat(),
                    "rows": raw,
                }
            )
            make_private(self._rows.parent)
            write_private(self._rows, text)
        except NOT_UNDERSTOOD as problem:
            log.warning("rows not kept: %s", problem)

    def _entries(self) -> dict[str, Any]:
        try:
            services = _parsed(self._session)["services"]
        except FileNotFoundError:
            return {}
        except NOT_UNDERSTOOD as problem:
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


def _parsed(path: Path) -> Any:
    """JSON of a file. Raises what `NOT_UNDERSTOOD` names."""
    value = json.loads(path.read_text(encoding="utf-8"), parse_constant=lambda _: None)
    if is_nested_too_deep(value):
        raise ValueError("nested too deep")
    return value


def _unsigned(value: Any) -> Any:
    """What the reviewer typed, less the signatures that came in with a value of the list."""
    if isinstance(value, Mapping):
        return {name: _unsigned(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_unsigned(item) for item in value]
    return compared(value) if isinstance(value, str) else value


def _session(entry: dict[str, Any]) -> Session:
    try:
        sort = entry.get("sort")
        columns = entry.get("columns")
        query = entry.get("query")
        cursor_id = entry.get("cursor_id")
        return Session(
            view=_within(entry.get("view", 1), 9),
            query=str(query) if query is not None else None,
            sort=_sort(sort) if sort else None,
            columns=tuple(filter(_is_column, map(str, columns))) if columns else None,
            cursor_id=str(cursor_id) if cursor_id is not None else None,
            cursor_line=_within(entry.get("cursor_line", 0), MOST_ROWS),
            sorted_of=_within(entry.get("sorted_of", 0), MOST_ROWS),
            marks=frozenset(str(item) for item in entry.get("marks", ())),
            drafts={str(k): str(v) for k, v in dict(entry.get("drafts", {})).items()},
            history=tuple(str(item) for item in entry.get("history", ())),
            aside={str(k): str(v) for k, v in dict(entry.get("aside", {})).items()},
            flags=frozenset(str(item) for item in entry.get("flags", ())),
            detail_on=bool(entry.get("detail_on", True)),
            detail_right=bool(entry.get("detail_right", True)),
        )
    except NOT_UNDERSTOOD as problem:
        log.warning("session not understood: %s", problem)
        return Session()


def _within(value: Any, most: int) -> int:
    """Raises `ValueError`, or what `int` raises."""
    number = int(value)
    if not 0 <= number <= most:
        raise ValueError("a number beyond reason")
    return number


def _sort(entry: dict[str, Any]) -> Sort | None:
    column = str(entry["column"])
    known = _is_column(column)
    return Sort(column=column, descending=bool(entry["descending"])) if known else None


def _is_column(written: str) -> bool:
    """Whether this version has it: another one may have written the file."""
    try:
        check_column(Column.of(written).name)
    except UnknownColumn:
        return False
    return True


def _dataset(raw: Any) -> Dataset:
    """A kept row. It was checked by the API client before it was kept, and is never decided on.

    Raises `KeyError` for one without an id.
    """
    fields = {"status": "", "data_type": "", "name": ""} | readable(raw)
    return Dataset(id=fields.pop("id"), **fields, raw=raw)
