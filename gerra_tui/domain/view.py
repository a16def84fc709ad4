"""A saved way to look at the list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from gerra_tui.domain.columns import BY, REASON

if TYPE_CHECKING:
    from collections.abc import Iterable

LEAST_WIDTH: Final = 3  # cells: a letter or two beside the ellipsis
MOST_WIDTH: Final = 200
# Keys of the metadata that come first: what they say is known to matter.
PANE_FIRST: Final = (
    *("success", "calibrated", "gaps", "idle_fraction", "fps", "frames", "duration_s"),
)
DEFAULT_COLUMNS: Final = ("type", "name", "size", "updated")


class Column(NamedTuple):
    """A column as it is written: `NAME`, or `NAME:40` for a width of 40 cells.

    `name` is a field's or `meta.PATH`; `width` is null where nobody chose one.
    """

    name: str
    width: int | None = None

    @classmethod
    def of(cls, text: str) -> Column:
        """Read `NAME:WIDTH`; what is no width from 3 to 200 belongs to the name."""
        written = re.fullmatch(r"(.+):([0-9]{1,3})", text, re.DOTALL)
        if written and LEAST_WIDTH <= int(written[2]) <= MOST_WIDTH:
            return cls(written[1], int(written[2]))
        return cls(text)

    def __str__(self) -> str:
        return self.name if self.width is None else f"{self.name}:{self.width}"


def names(written: Iterable[str]) -> frozenset[str]:
    """Of columns as they are written."""
    return frozenset(Column.of(text).name for text in written)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """An order of this side: `column` is a column's name or `meta.PATH`."""

    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """`query` is the query line's text; `columns` are written as `Column` reads them; `sort` null
    is the service's own order."""

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
    View(name="Accepted", query="status:accepted", columns=("type", "name", "size", BY, "updated")),
    View(name="Rejected", query="status:rejected", columns=("type", "name", REASON, BY, "updated")),
    View(name="Other", query="-status:pending,accepted,rejected"),
    View(name="All", query=""),
)
