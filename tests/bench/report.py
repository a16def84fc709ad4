"""The table in plain text and in Markdown, and the figures as JSON."""

from __future__ import annotations

import os
import platform
import re
import textwrap
from dataclasses import asdict
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from tests.bench.programs import PEERS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tests.bench.figures import Figure

WIDTH: Final = 100
_NUMBERS: Final = (9, 8, 9, 8, 8, 6, 7, 3)
_WHAT: Final = WIDTH - sum(_NUMBERS) - len(_NUMBERS)
TITLES: Final = ("", "console", *PEERS, "ratio", "goal", "met")
LEGEND: Final = (
    "Less is better everywhere. ratio: the best peer's figure for one of the console's.",
    "Textual: the console on Textual's own driver; at the start the smallest Textual program.",
)


def cells(figure: Figure) -> tuple[str, ...]:
    """One row, in the order of `TITLES`."""
    cap = figure.cap
    peers = (number(figure.peers[name], cap) if name in figure.peers else "" for name in PEERS)
    return (
        f"{figure.what}, {figure.unit}" if figure.unit else figure.what,
        number(figure.console, cap),
        *peers,
        f"{number(figure.ratio)}x" if figure.ratio is not None else "",
        number(figure.goal) if figure.goal is not None else "",
        {None: "", True: "yes", False: "NO"}[figure.met],
    )


def number(value: float, cap: float | None = None) -> str:
    """Three digits that count; `>` before what was not waited for."""
    if cap is not None and value >= cap:
        return f">{cap:,.0f}"
    if value == 0 or value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def plain(figures: Sequence[Figure], remarks: Sequence[str]) -> str:
    """The table of `WIDTH` columns, a line under each group, and what is to be said of it."""
    lines = [_line(TITLES)]
    group = ""
    for figure in figures:
        if figure.group != group:
            group = figure.group
            lines.append("-" * WIDTH)
        lines.append(_line(cells(figure)))
    lines.append("-" * WIDTH)
    for remark in remarks:
        lines += textwrap.wrap(remark, WIDTH, subsequent_indent="  ")
    return "\n".join([*lines, ""])


def _line(texts: Sequence[str]) -> str:
    what, *rest = texts
    columns = (f"{text:>{width}}" for text, width in zip(rest, _NUMBERS, strict=True))
    return f"{what[:_WHAT]:<{_WHAT}} {' '.join(columns)}".rstrip()


def markdown(figures: Sequence[Figure], remarks: Sequence[str]) -> str:
    """The same for the docs."""
    rows = [TITLES, ("---", *("--:" for _ in TITLES[1:])), *map(cells, figures)]
    table = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([*table, "", *(f"- {remark}" for remark in remarks), ""])


def into_page(text: str, block: str, name: str = "bench") -> str:
    """The page with the block of that name replaced. Raises ValueError where it has none."""
    begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    whole = re.compile(f"{begin}.*?{end}", re.DOTALL)
    replaced, count = whole.subn(lambda _: f"{begin}{block}{end}", text)
    if count != 1:
        raise ValueError(f"the page has no block between {begin.rstrip()} and {end}")
    return replaced


def document(figures: Sequence[Figure], remarks: Sequence[str], at: datetime) -> dict[str, Any]:
    """What is kept in bench-results."""
    rows = [
        {**asdict(figure), "peers": dict(figure.peers), "met": figure.met, "ratio": figure.ratio}
        for figure in figures
    ]
    return {"at": at.isoformat(), "machine": machine(), "figures": rows, "remarks": list(remarks)}


def machine() -> dict[str, Any]:
    return {
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "textual": version("textual"),
    }


def where_and_when(at: datetime) -> str:
    """One sentence."""
    found = machine()
    return (
        f"Measured on {at:%Y-%m-%d} at 120x40 in truecolor on {found['cores']} cores of a "
        f"{found['system']} machine, Python {found['python']}, Textual {found['textual']}."
    )
