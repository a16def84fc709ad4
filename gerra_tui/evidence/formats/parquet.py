"""Parquet: rows, row groups, columns and types, recorded min, max and nulls, from the footer.

A file of up to 128 kB, as LeRobot's episodes are, is read whole, and a child looks at its values.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.evidence import MORE, Step, fine, odd, unchecked
from gerra_tui.evidence.findings import FormatLook
from gerra_tui.evidence.formats.binary import Damaged
from gerra_tui.evidence.formats.parquet_footer import Footer, read_footer
from gerra_tui.evidence.formats.small import read_whole
from gerra_tui.evidence.formats.values import judge_columns
from gerra_tui.evidence.window import OverBudget

if TYPE_CHECKING:
    from gerra_tui.evidence.window import Window

FACTS: Final = ("rows", "row_groups", "columns")
MAGIC: Final = b"PAR1"
ENCRYPTED: Final = b"PARE"

_END: Final = 8  # bytes: the footer's length, and the magic
_LONGEST: Final = 16_000_000  # bytes of footer on a key


async def look(window: Window) -> FormatLook:
    """What a Parquet footer tells, and the values of a small file. Raises StorageFailure."""
    found = FormatLook(kind="parquet", facts=dict.fromkeys(FACTS))
    try:
        footer = await _footer(window, found)
    except OverBudget as over:
        found.checks.append(
            unchecked("footer", f"its footer of {over.bytes:,} bytes is beyond the budget")
        )
        found.more.append(
            Step(key=MORE, words="the footer", requests=over.requests, bytes=over.bytes)
        )
        return found
    except Damaged as damage:
        found.checks.append(odd("footer", f"the footer is damaged: {damage}"))
        return found
    if footer is not None and footer.rows:
        await _values(window, found)
    return found


async def _footer(window: Window, found: FormatLook) -> Footer | None:
    end = await window.read(window.size - _END, window.size)
    if end[-4:] == ENCRYPTED:
        found.checks.append(unchecked("footer", "encrypted: it cannot be read without its key"))
        return None
    if end[-4:] != MAGIC or len(end) < _END:
        found.checks.append(odd("footer", "cut off: no footer at its end"))
        return None
    length = int.from_bytes(end[:4], "little")
    start = window.size - _END - length
    if start < len(MAGIC):
        raise Damaged(f"it promises {length:,} bytes in a file of {window.size:,}")
    if length > _LONGEST:
        found.checks.append(unchecked("footer", f"a footer of {length:,} bytes is not read"))
        return None
    data = await window.read(start, window.size - _END)
    footer = await asyncio.to_thread(read_footer, data)
    _tell(found, footer, start)
    return footer


def _tell(found: FormatLook, footer: Footer, data_end: int) -> None:
    facts, checks = found.facts, found.checks
    facts |= {"rows": footer.rows, "row_groups": footer.groups, "columns": footer.columns}
    facts |= {"created_by": footer.created_by, "codecs": footer.codecs}
    facts["recorded"] = {
        name: {"min": leaf.minimum, "max": leaf.maximum, "nulls": leaf.nulls}
        for name, leaf in footer.leaves.items()
    }
    if footer.groups_rows != footer.rows:
        checks.append(
            odd("rows", f"{footer.groups_rows:,} rows in its groups, the footer says"
                f" {footer.rows:,}", measured=footer.groups_rows, declared=footer.rows)
        )  # fmt: skip
    elif not footer.rows:
        checks.append(odd("rows", "no rows", measured=0))
    else:
        checks.append(fine("rows", f"{footer.rows:,}, the sum over its groups",
                           measured=footer.groups_rows, declared=footer.rows))  # fmt: skip
    if footer.end > data_end:
        checks.append(
            odd("media", f"column pages promised up to byte {footer.end:,}, data ends at"
                f" {data_end:,}", measured=data_end, declared=footer.end)
        )  # fmt: skip
    elif footer.leaves:
        checks.append(fine("media", "every column's pages lie within the file"))
    strange = [name for name, leaf in footer.leaves.items() if leaf.nan]
    if strange:
        checks.append(
            odd("recorded", f"recorded min or max is NaN: {', '.join(strange[:5])}",
                measured=len(strange), scope="the footer's statistics")
        )  # fmt: skip
    if not any(leaf.minimum is not None for leaf in footer.leaves.values()):
        checks.append(unchecked("range", "min and max were not recorded"))


async def _values(window: Window, found: FormatLook) -> None:
    if await read_whole(window) is None:
        found.checks.append(unchecked("values", "NaN, stuck, clipped: would need its pages"))
        if window.size <= _LONGEST:
            found.more.append(
                Step(key=MORE, words="every column's values", requests=1, bytes=window.size)
            )
        return
    await judge_columns(window, found)
