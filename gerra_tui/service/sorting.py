"""An order of this side over the rows that are loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gerra_tui.domain.dataset import Dataset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gerra_tui.domain.dataset import Row
    from gerra_tui.domain.view import Sort

KEYS: dict[str, Callable[[Dataset], Any]] = {
    "name": lambda row: row.name.casefold(),
    "type": lambda row: row.data_type,
    "status": lambda row: row.status,
    "state": lambda row: row.status,
    "size": lambda row: row.data_byte_size,
    "created": lambda row: row.date_created,
    "updated": lambda row: row.date_updated or row.date_created,
    "id": lambda row: row.id,
    "desc": lambda row: row.description,
    "org": lambda row: row.organization_id,
    "link": lambda row: row.link,
}


def sorted_rows(rows: Iterable[Row], sort: Sort) -> list[Row]:
    """Stable; by typed values, numbers before texts; rows without a value last either way."""
    key = KEYS.get(sort.column) or _metadata_key(sort.column.removeprefix("meta."))
    with_value: list[tuple[tuple[int, Any], Row]] = []
    without: list[Row] = []
    for row in rows:
        value = key(row) if isinstance(row, Dataset) else None
        if value is None:
            without.append(row)
        else:
            with_value.append((_comparable(value), row))
    with_value.sort(key=lambda pair: pair[0], reverse=sort.descending)
    return [row for _, row in with_value] + without


def _metadata_key(path: str) -> Callable[[Dataset], Any]:
    def key(row: Dataset) -> Any:
        value: Any = row.metadata
        for part in path.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        return value

    return key


def _comparable(value: Any) -> tuple[int, Any]:
    if isinstance(value, bool | int | float):
        return (0, value)
    if isinstance(value, str):
        return (1, value.casefold())
    if isinstance(value, dict | list):
        return (3, str(value))
    return (2, value)
