"""What the detail pane shows: the single dataset and its iterations, fetched ahead and kept."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from gerra_tui.service.failures import Failure, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.domain.iterations import Iterations
    from gerra_tui.service.ports import Clock, ReadingApi

KEPT: Final = 64
IN_FLIGHT: Final = 2  # of the four that reading has; the list needs the others


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """What is known of one dataset now. Null: not answered yet, or see the failure."""

    dataset_id: str
    dataset: Dataset | None = None
    dataset_failure: Failure | None = None
    iterations: Iterations | None = None
    iterations_failure: Failure | None = None  # NotFound: no history is available here
    read_at: datetime | None = None  # when `dataset` was read; its signed URL works for an hour

    @property
    def complete(self) -> bool:
        """Claims that nothing is left to ask: a backend without iterations has none (API.md)."""
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
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def subscribe(self, listener: Callable[[Detail], None]) -> None:
        self._listeners.append(listener)

    def get(self, dataset_id: str) -> Detail | None:
        """What is cached now, without fetching."""
        return self._known.get(dataset_id)

    def want(self, dataset_id: str | None, neighbours: Sequence[str] = ()) -> None:
        """The cursor settled here: fetch what is missing, cancel what is no longer wanted."""
        wanted = dict.fromkeys([dataset_id, *neighbours] if dataset_id else neighbours)
        self._wanted = [one for one in wanted if not self._is_complete(one)]
        for one in [one for one in self._tasks if one not in wanted]:
            self._tasks.pop(one).cancel()
        self._start()

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
        dataset = await self._api.dataset(dataset_id)
        known = self._known.get(dataset_id, Detail(dataset_id=dataset_id))
        self._put(replace(known, dataset=dataset, dataset_failure=None, read_at=self._clock.now()))
        return dataset

    async def close(self) -> None:
        tasks = list(self._tasks.values())
        self._wanted = []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _is_complete(self, dataset_id: str) -> bool:
        known = self._known.get(dataset_id)
        return known is not None and known.complete

    def _start(self) -> None:
        for dataset_id in [one for one in self._wanted if one not in self._tasks]:
            if len(self._tasks) >= IN_FLIGHT:
                return
            self._wanted.remove(dataset_id)
            task = asyncio.create_task(self._fetch(dataset_id))
            self._tasks[dataset_id] = task
            task.add_done_callback(partial(self._landed, dataset_id))

    def _landed(self, dataset_id: str, done: asyncio.Task[None]) -> None:
        if self._tasks.get(dataset_id) is done:
            del self._tasks[dataset_id]
        if done.cancelled():
            return
        if (bug := done.exception()) is not None:
            asyncio.get_running_loop().call_exception_handler(
                {"message": "reading a detail failed", "exception": bug, "task": done}
            )
        self._start()

    async def _fetch(self, dataset_id: str) -> None:
        known = self._known.get(dataset_id, Detail(dataset_id=dataset_id))
        if known.dataset is None:
            try:
                dataset = await self._api.dataset(dataset_id)
                now = self._clock.now()
                known = replace(known, dataset=dataset, dataset_failure=None, read_at=now)
            except Failure as failure:
                known = replace(known, dataset_failure=failure)
            self._put(known)
        if known.iterations is None:
            try:
                iterations = await self._api.iterations(dataset_id)
                known = replace(known, iterations=iterations, iterations_failure=None)
            except Failure as failure:
                known = replace(known, iterations_failure=failure)
            self._put(known)

    def _put(self, detail: Detail) -> None:
        self._known[detail.dataset_id] = detail
        self._known.move_to_end(detail.dataset_id)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        for listener in self._listeners:
            listener(detail)
