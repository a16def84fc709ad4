"""The quiet look at the head of a listing: what has come since it was begun, what has gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gerra_tui.domain.dataset import PENDING, Dataset
from gerra_tui.service.failures import Failure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gerra_tui.domain.dataset import Row
    from gerra_tui.domain.page import Page
    from gerra_tui.service.listing.pager import Pager
    from gerra_tui.service.ports import ReadingApi

LOOKED_AT: Final = 50  # rows
STATUSES_READ: Final = 5  # rows that left the head, read one by one


async def head_of(api: ReadingApi, pager: Pager) -> Page:
    """One small request, never a full list. Raises `Failure`."""
    return await api.page(pager.narrowing, limit=LOOKED_AT, offset=0)


def arrivals(head: Page, pager: Pager) -> tuple[int, bool]:
    """How many rows of the head wait to be let in, and whether these are all: the head reaches
    down to rows that were there when the listing was begun.

    A dataset may be older than the listing and new to it: it has become pending since. What is
    new may stand behind rows without a date, which come first: the risen total tells of these.
    """
    unknown = [row for row in head.rows if row.id not in pager.layout]
    count = sum(1 for row in unknown if not pager.is_settled(row) and pager.fits(row))
    risen = pager.risen(head)
    dated = [row for row in head.rows if isinstance(row, Dataset) and row.date_updated]
    whole = head.is_short or any(map(pager.is_settled, dated)) or not (dated or count)
    return max(count, risen), whole and risen <= count


async def decided_elsewhere(
    api: ReadingApi, pager: Pager, head: Page, shown: Iterable[Row | None]
) -> list[Dataset]:
    """Of the first rows shown, those that the head of the listing no longer has, read again."""
    if pager.narrowing.status != PENDING:
        return []
    there = {row.id for row in head.rows}
    gone = [row.id for row in shown if isinstance(row, Dataset) and row.id not in there]
    read = []
    for dataset_id in gone[:STATUSES_READ]:
        try:
            read.append(await api.dataset(dataset_id))
        except Failure:
            break
    return [dataset for dataset in read if dataset.status != PENDING]
