"""What the detail pane shows: the single dataset and its iterations, fetched ahead and kept."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from gerra_tui.service.failures import Failure, NotFound, only_failures
from gerra_tui.service.in_flight import InFlight
from gerra_tui.service.looks import identity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.domain.iterations import Iterations
    from gerra_tui.service.ports import Clock, ReadingApi

KEPT: Final = 64
READING: Final = "Reading the dataset"
AT_ONCE: Final = 2  # of the four that reading has; the list needs the others


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """What is known of one dataset now. Null: not answered yet, or see the failure."""

    dataset_id: str
    dataset: Dataset | None = None
    dataset_failure: Failure | None = None
    iterations: Iterations | None = None
    iterations_failure: Failure | None = None  # NotFound: no history is available here
    asked_at: datetime | None = None  # a moment before `dataset` was asked for
    read_at: datetime | None = None  # when `dataset` was read; its signed URL works for an hour

    @property
    def complete(self) -> bool:
        """Claims that nothing is left to ask: a backend may have no iterations (docs/api.md)."""
        has_history = self.iterations is not None or isinstance(self.iterations_failure, NotFound)
        return self.dataset is not None and has_history


class Details:
    """A bounded cache of details. The one shown is fetched first, its neighbours after it."""

    def __init__(self, api: ReadingApi, clock: Clock) -> None:
        self._api = api
        self._clock = clock
        self._known: OrderedDict[str, Detail] = OrderedDict()
        self._listeners: list[Callable[[Detail], None]] = []
        self._wanted: list[str] = []
        self._in_flight = InFlight[str](
            self._fetch, self._failed, self._go_on, what=READING, most=AT_ONCE
        )

    @property
    def at_rest(self) -> bool:
        """Whether nothing is on its way."""
        return not len(self._in_flight)

    def subscribe(self, listener: Callable[[Detail], None]) -> None:
        self._listeners.append(listener)

    def get(self, dataset_id: str) -> Detail | None:
        """What is cached now, without fetching."""
        return self._known.get(dataset_id)

    def newest(self, dataset: Dataset) -> Dataset:
        """Its own answer where that is known, which has a signed URL; else as it is given."""
        known = self._known.get(dataset.id)
        if known is None or known.dataset is None or identity(known.dataset) != identity(dataset):
            return dataset
        return known.dataset

    def want(self, dataset_id: str | None, neighbours: Sequence[str] = ()) -> None:
        """The cursor settled here: fetch what is missing, cancel what is no longer wanted."""
        wanted = dict.fromkeys([dataset_id, *neighbours] if dataset_id else neighbours)
        self._wanted = [one for one in wanted if not self._is_complete(one)]
        self._go_on()

    def forget(self, dataset_id: str) -> None:
        """After a verdict or a refresh: what is cached is old."""
        self._known.pop(dataset_id, None)

    def forget_all(self) -> None:
        """After a refresh of the list."""
        self._known.clear()

    def forget_older(self, dataset: Dataset, elsewhere: str | None = None) -> None:
        """The list has this body, or the status of a decision made elsewhere: what was read
        before that is old."""
        known = self._known.get(dataset.id)
        if known is None or known.dataset is None:
            return
        before, now = known.dataset.date_updated, dataset.date_updated
        is_decided = elsewhere is not None and known.dataset.is_pending
        if is_decided or (before and now and before < now):
            self.forget(dataset.id)

    async def fresh_dataset(self, dataset_id: str) -> Dataset:
        """Read it now whatever is cached (for a fresh signed URL). Raises `Failure`."""
        asked = self._clock.now()
        dataset = await self._api.dataset(dataset_id)
        known = self._known.get(dataset_id, Detail(dataset_id=dataset_id))
        self._put(self._with(known, dataset, asked))
        return dataset

    async def close(self) -> None:
        self._wanted = []
        await self._in_flight.close()

    def _is_complete(self, dataset_id: str) -> bool:
        known = self._known.get(dataset_id)
        return known is not None and known.complete

    def _go_on(self) -> None:
        self._in_flight.want(self._wanted)

    async def _fetch(self, dataset_id: str) -> None:
        """Asked for once, however that ends: what failed is asked for when it is wanted anew."""
        try:
            await self._read(dataset_id)
        except Exception:
            self._asked(dataset_id)
            raise
        self._asked(dataset_id)

    def _asked(self, dataset_id: str) -> None:
        if dataset_id in self._wanted:
            self._wanted.remove(dataset_id)

    async def _read(self, dataset_id: str) -> None:
        known = self._known.get(dataset_id, Detail(dataset_id=dataset_id))
        if known.dataset is None:
            try:
                asked = self._clock.now()
                with only_failures(READING):
                    dataset = await self._api.dataset(dataset_id)
                known = self._with(known, dataset, asked)
            except Failure as failure:
                known = replace(known, dataset_failure=failure)
            self._put(known)
        if known.iterations is None:
            try:
                with only_failures(READING):
                    iterations = await self._api.iterations(dataset_id)
                known = replace(known, iterations=iterations, iterations_failure=None)
            except Failure as failure:
                known = replace(known, iterations_failure=failure)
            self._put(known)

    def _with(self, known: Detail, dataset: Dataset, asked: datetime) -> Detail:
        now = self._clock.now()
        return replace(known, dataset=dataset, dataset_failure=None, asked_at=asked, read_at=now)

    def _failed(self, failure: Failure) -> None:
        """What the calls raise is part of the detail; this is about all else, and in the log."""

    def _put(self, detail: Detail) -> None:
        self._known[detail.dataset_id] = detail
        self._known.move_to_end(detail.dataset_id)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        for listener in self._listeners:
            listener(detail)
