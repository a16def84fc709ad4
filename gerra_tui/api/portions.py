"""Pages that are too big for the service, a gateway or us, read in parts, down to the single row.

A gateway refuses an answer of some megabytes (6 MB is a common limit), a slow line does not carry
it in time, and a row that the service cannot serialize takes its whole page with it (docs/api.md).
What is read in parts was not there at one moment: parts overlap, and where they do not meet the
page ends with what surely belongs together.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Protocol

from gerra_tui.api.answer import Unparsable
from gerra_tui.api.failures import Oversized, Unfinished
from gerra_tui.domain.dataset import UnreadableRow, stand_in
from gerra_tui.domain.page import Page
from gerra_tui.service.failures import Failure
from gerra_tui.service.ports import LARGEST_PAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gerra_tui.domain.dataset import Row

TOO_MUCH: Final = frozenset({413, 500, 502, 503, 504})
MOST_REQUESTS: Final = 64  # for one page
OVERLAP: Final = 5  # rows of two parts: more seldom leave in between
RECOVERED_AFTER: Final = 16  # pages, until twice as many rows are tried again


class Fetch(Protocol):
    """One request for a page. `patient`: tried again a few times. Raises `Failure`."""

    async def __call__(self, limit: int, offset: int, *, patient: bool) -> Page: ...


class Portions:
    """Reads pages, and remembers how many rows at once were too many."""

    def __init__(self) -> None:
        self._most = LARGEST_PAGE
        self._went_well = 0

    async def page(self, fetch: Fetch, limit: int, offset: int) -> Page:
        """As many rows as one request would give. `limit` of the page is smaller where parts did
        not meet. Raises `Failure`."""
        size = min(limit, self._most)
        reading = _Reading(fetch, limit, offset, size)
        page = await reading.page()
        if reading.ceiling < size:
            self._most, self._went_well = reading.ceiling, 0
            return page
        self._went_well += 1
        if self._went_well == RECOVERED_AFTER:
            self._most, self._went_well = min(LARGEST_PAGE, 2 * self._most), 0
        return page


class _Reading:
    """One page on its way. `ceiling`: more rows at once were too many."""

    def __init__(self, fetch: Fetch, limit: int, offset: int, size: int) -> None:
        self._fetch = fetch
        self._limit = limit
        self._offset = offset
        self._size = self.ceiling = self._first_size = size
        self._rows: list[Row] = []
        self._run = 0  # rows at the end so far that the service can give
        self._requests = 0
        self._bytes = 0
        self._total: int | None = None
        self._met = True

    async def page(self) -> Page:
        ended = False
        while len(self._rows) < self._limit and self._met and not ended:
            if self._requests >= MOST_REQUESTS and self._rows:
                self._met = False
                break
            try:
                ended = await self._part()
            except Failure as failure:
                await self._ask_for_less(failure)
        return Page(
            rows=tuple(self._rows),
            total=self._total,
            offset=self._offset,
            limit=self._limit if self._met else len(self._rows),
            size_bytes=self._bytes,
            received_at=datetime.now(UTC),
        )

    @property
    def _wanted(self) -> int:
        return min(self._size, self._limit - len(self._rows))

    async def _part(self) -> bool:
        """Read on; whether the listing ends there."""
        back = min(OVERLAP, self._run, 1 + self._wanted // 4)
        asked, at = self._wanted + back, self._offset + len(self._rows) - back
        first, self._requests = not self._requests, self._requests + 1
        part = await self._fetch(asked, at, patient=first)
        self._total, self._bytes = part.total, self._bytes + part.size_bytes
        following = _following(part.rows, self._rows[-1]) if back else part.rows
        if following is None:
            self._met = False
            return False
        self._rows += following[: self._limit - len(self._rows)]
        self._run += len(following)
        self._size = min(self.ceiling, 2 * self._size)
        return len(part.rows) < asked

    async def _ask_for_less(self, failure: Failure) -> None:
        """Half as many rows; a single one is given up. Raises what it cannot help."""
        if not _is_too_much(failure):
            raise failure
        wanted, first = self._wanted, self._requests == 1
        if (first or wanted == 1) and not await self._answers(self._offset + len(self._rows)):
            if not self._rows:
                raise failure
            self._met = False
        elif wanted > 1:
            self._size = wanted // 2
            if failure.http_status != 500:
                self.ceiling = self._size
        else:
            self._rows.append(UnreadableRow(id=await self._name(), problem=failure.detail))
            self._run = 0
            self.ceiling = self._first_size  # it was this row, and not how many there were

    async def _answers(self, failed: int) -> bool:
        """Whether the service gives a row here or there, if not that from which on it failed."""
        last = self._offset + max(1, self._limit - 1)
        places = dict.fromkeys((self._offset, last, 0))
        if self._wanted == 1:
            places.pop(failed, None)
        for place in places:
            if await self._single(place) is not None:
                return True
        return False

    async def _name(self) -> str:
        """An identity for the next row that stays while the list shifts: what it comes behind."""
        at = self._offset + len(self._rows)
        before = self._rows[-1:]
        if at and not before:
            before = list(await self._single(at - 1) or ())
        return stand_in(["behind", before[0].id] if before else ["at", at])

    async def _single(self, offset: int) -> Sequence[Row] | None:
        self._requests += 1
        try:
            return (await self._fetch(1, offset, patient=False)).rows
        except Failure:
            return None


def _is_too_much(failure: Failure) -> bool:
    if isinstance(failure, Oversized | Unfinished | Unparsable):
        return True
    return failure.http_status in TOO_MUCH and failure.retry_after is None


def _following(rows: Sequence[Row], last: Row) -> Sequence[Row] | None:
    """What comes behind that row; null if it is not among them."""
    for index, row in enumerate(rows):
        if row.id == last.id:
            return rows[index + 1 :]
    return None
