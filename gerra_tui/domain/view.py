"""A saved way to look at the list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

DEFAULT_COLUMNS: Final = ("state", "name", "type", "size", "updated", "id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """An order of this side: `column` is a column's name or `meta.PATH`."""

    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """`query` is the query line's text; `sort` null is the service's own order."""

    name: str
    query: str
    columns: tuple[str, ...] = DEFAULT_COLUMNS
    sort: Sort | None = None


SHIPPED_VIEWS: Final = (
    View(name="Pending", query="status:pending"),
    View(name="Episode", query="status:pending type:episode"),
    View(name="POV", query="status:pending type:synthetic_pov"),
    View(name="Third", query="status:pending type:synthetic_third_person"),
    View(name="Telemetry", query="status:pending type:telemetry"),
    View(name="Accepted", query="status:accepted"),
    View(name="Rejected", query="status:rejected"),
    View(name="Other", query="-status:pending,accepted,rejected"),
    View(name="All", query=""),
)
