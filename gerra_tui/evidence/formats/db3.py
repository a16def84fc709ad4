"""ROS 2 bags in SQLite: recognised, and not read.

A table's pages lie anywhere in the file (sqlite.org/fileformat), so even counting would need most
of it. Its first page says how long it should be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gerra_tui.domain.evidence import fine, odd, unchecked
from gerra_tui.evidence.findings import FormatLook
from gerra_tui.evidence.formats.binary import Cursor, Damaged
from gerra_tui.evidence.window import OverBudget

if TYPE_CHECKING:
    from gerra_tui.evidence.window import Window

_HEADER: Final = 100  # bytes of the database header


async def look(window: Window) -> FormatLook:
    """Its length against its header's. Raises StorageFailure."""
    found = FormatLook(kind="db3")
    found.checks.append(
        unchecked("topics", f"SQLite: topics and counts would need all {window.size:,} bytes")
    )
    try:
        header = Cursor(await window.read(0, _HEADER), 16)
        page = header.u16()
        header.skip(6)
        changed, pages = header.u32(), header.u32()
        header.skip(60)
        valid_for = header.u32()
    except (OverBudget, Damaged):
        found.checks.append(unchecked("pages", "its header was not read"))
        return found
    declared = (65_536 if page == 1 else page) * pages
    if not declared or valid_for != changed:  # written by a version that kept no page count
        found.checks.append(unchecked("pages", "its header does not say how long it is"))
    elif declared > window.size:
        found.checks.append(
            odd("pages", f"cut off: {declared - window.size:,} bytes of its pages missing",
                measured=window.size, declared=declared)
        )  # fmt: skip
    else:
        found.checks.append(fine("pages", "as long as its header says",
                                 measured=window.size, declared=declared))  # fmt: skip
    return found
