"""Why a goal is missed where it is: found with a profile or by taking the output apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.bench.figures import Figure

REASONS: Final = {
    "PageDown, full width": "some 2,400 characters of a page differ from the page before, in about "
    "105 pieces; the ways between them are the rest. neomutt's rows have fewer columns.",
    "detail pane at rest": "neighbours share the pane's labels, so that some 35 short pieces "
    "change; the way to each is a quarter of the bytes. Where all its text changes it is 1.2.",
    "Down held, of a core": "most of it is Textual's messages and compositor, as on its own "
    "driver; finding what differs takes 5 %.",
    "PageDown held, settles after": "1,050 rows a second are fetched meanwhile, and those of the "
    "last page are still on their way when the key is let go.",
    "PageDown held, of a core": "besides painting, 1,050 rows a second are fetched, checked and "
    "parsed.",
    "start to first useful screen": "145 modules of the console's own are imported before it, a "
    "third of that time for making its record types; the paint itself costs what the smallest "
    "program's does.",
    "start to live rows": "httpx and pydantic are imported after the first screen, half of the "
    "time between the two.",
    "to the end of": "what a PageDown takes: 35 new rows through Textual's compositor. The list's "
    "length does not matter.",
    "memory, ": "59 MiB are Python and libraries (Textual 17, httpx and pydantic 15), the rest "
    "the 1,000 rows that are kept and the screens. A row that was seen adds at most 32 bytes.",
}


def reasons(figures: Iterable[Figure]) -> list[str]:
    """A sentence for each missed goal of which a reason is known."""
    missed = [figure.what for figure in figures if figure.met is False]
    return [
        f"Missed: {what}: {reason}"
        for what in missed
        for begin, reason in REASONS.items()
        if what.startswith(begin)
    ]
