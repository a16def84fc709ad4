"""Two versions side by side: what differs first, then what is the same."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

from rich.cells import cell_len

from gerra_tui.domain.text import clean, clean_block
from gerra_tui.ui.present.cells import fit, wrapped
from gerra_tui.ui.present.lines import DetailLine, heading
from gerra_tui.ui.present.metadata import inline
from gerra_tui.ui.theme import DIM, WARNING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gerra_tui.domain.iterations import Iteration

LABEL: Final = 18  # cells of a key's name
GAP: Final = "  "
ABSENT: Final = "-"


def compared_lines(
    before: Iteration, after: Iteration, metadata: Mapping[str, Any], width: int
) -> Iterator[DetailLine]:
    """`metadata`: of the later version, as it was read last."""
    names = (f"v{before.version + 1}", f"v{after.version + 1}")
    yield heading("COMPARED", f"{names[0]} and {names[1]}: what differs, then what is the same")
    yield from _row("", *names, width, differs=False)
    sides = [
        ("status", before.status, after.status),
        ("prompt", before.prompt, after.prompt),
        ("superseded", before.superseded_reason, after.superseded_reason),
    ]
    earlier = dict(before.metadata or {})
    keys = dict.fromkeys((*metadata, *earlier))
    sides += [(key, earlier.get(key, ABSENT), metadata.get(key, ABSENT)) for key in keys]
    sides = [side for side in sides if side[1:] not in ((None, None), (ABSENT, ABSENT))]
    for differs in (True, False):
        for key, old, new in sides:
            if (old != new) is differs:
                yield from _row(key, _told(old), _told(new), width, differs=differs)
        yield DetailLine("")


def _told(value: Any) -> str:
    return clean_block(value) if isinstance(value, str) else inline(value)


def _row(key: str, old: str, new: str, width: int, *, differs: bool) -> Iterator[DetailLine]:
    label = fit(f"{'*' if differs else ' '}{clean(key, 60)}", LABEL)
    left = (width - LABEL - 2 * len(GAP)) // 2
    right = width - LABEL - 2 * len(GAP) - left
    for number, (one, other) in enumerate(
        zip_longest(wrapped(old, left), wrapped(new, right), fillvalue="")
    ):
        start = " " * LABEL if number else label
        text = f"{start}{GAP}{one}{' ' * (left - cell_len(one))}{GAP}{other}"
        line = DetailLine(text.rstrip())
        yield line.marked(0, len(start), WARNING if differs else DIM)
