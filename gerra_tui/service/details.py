"""What the detail pane shows: the single dataset and its iterations, fetched ahead and kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.domain.iterations import Iterations
    from gerra_tui.service.failures import Failure
    from gerra_tui.service.ports import Clock, ReadingApi


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
    def complete(self) -> bool: ...


class Details:
    """A bounded cache of details. The one shown is fetched first, its neighbours after it."""

    def __init__(self, api: ReadingApi, clock: Clock) -> None: ...

    def subscribe(self, listener: Callable[[Detail], None]) -> None: ...

    def get(self, dataset_id: str) -> Detail | None:
        """What is cached now, without fetching."""

    def want(self, dataset_id: str | None, neighbours: Sequence[str] = ()) -> None:
        """The cursor settled here: fetch what is missing, cancel what is no longer wanted."""

    def forget(self, dataset_id: str) -> None:
        """After a verdict or a refresh: what is cached is old."""

    async def fresh_dataset(self, dataset_id: str) -> Dataset:
        """Read it now whatever is cached (for a fresh signed URL). Raises `Failure`."""
        ...

    async def close(self) -> None: ...
