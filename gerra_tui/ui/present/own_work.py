"""The page about the reviewer: today, its hours, the days before, reasons and types."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.text import clean
from gerra_tui.service.own_work import DAYS
from gerra_tui.ui.present.cells import fit
from gerra_tui.ui.present.pace import duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gerra_tui.service.own_work import OwnWork

STEPS: Final = "▁▂▃▄▅▆▇█"
LABEL: Final = 26  # cells
LONGEST: Final = 40  # a bar
REASONS: Final = 8
NOT_KNOWN: Final = "(type not known here)"


def own_lines(work: OwnWork, width: int) -> Iterator[str]:
    """The lines of the page, at most `width` cells each."""
    if not work.days:
        yield f"Nothing of the last {DAYS} days: no verdict of yours took effect here."
        return
    accepted, rejected = work.verdicts["accept"], work.verdicts["reject"]
    yield f"TODAY  {accepted + rejected:,} decided: {accepted:,} accepted, {rejected:,} rejected"
    if work.seconds_each is not None and work.slowest is not None:
        each, slowest = duration(work.seconds_each), duration(work.slowest)
        yield f"       {each} each (median), the slowest {slowest}"
    if sum(work.hours):
        yield from ("", "TODAY BY HOUR", *_hours(work.hours))
    yield from ("", f"LAST {DAYS} DAYS")
    days = [work.today - timedelta(days=ago) for ago in range(DAYS)]
    last = max(ago for ago, day in enumerate(days) if work.days[day])
    most = max(work.days.values())
    for day in days[: last + 1]:
        yield _bar(f"{day} {day:%a}", work.days[day], most, width)
    if work.reasons:
        yield from ("", "REASONS")
        for reason, count in work.reasons.most_common(REASONS):
            yield _counted(reason, count, width)
    yield from ("", f"{'BY TYPE':<{LABEL}} {'accepted':>9} {'rejected':>9}")
    for kind, verdicts in sorted(work.types.items(), key=lambda item: -item[1].total()):
        name = fit(clean(kind) or NOT_KNOWN, LABEL)
        yield fit(f"{name} {verdicts['accept']:>9,} {verdicts['reject']:>9,}", width).rstrip()


def sparkline(counts: Sequence[int]) -> str:
    """A cell each, as high as its share of the most; a blank for none."""
    most = max(counts, default=0)
    return "".join(
        STEPS[min(len(STEPS) - 1, count * len(STEPS) // (most + 1))] if count else " "
        for count in counts
    )


def _hours(hours: Sequence[int]) -> Iterator[str]:
    """From the first that has any to the last, two cells each."""
    there = [hour for hour, count in enumerate(hours) if count]
    first, last = there[0], there[-1]
    shown = "".join(cell * 2 for cell in sparkline(hours)[first : last + 1])
    most = max(hours)
    yield f"{first:02}:00 {shown} {last + 1:02}:00   {most:,} in the busiest"


def _bar(label: str, count: int, most: int, width: int) -> str:
    text = f"{fit(label, LABEL)} {count:>9,}"
    room = min(LONGEST, width - len(text) - 2)
    length = max(1, round(room * count / most)) if count and room > 0 else 0
    return f"{text}  {STEPS[-1] * length}".rstrip()


def _counted(text: str, count: int, width: int) -> str:
    return f"{count:>5,}  {fit(clean(text), max(1, width - 8))}".rstrip()
