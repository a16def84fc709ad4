"""One row read by its id, where no page brings it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gerra_tui.domain.dataset import UnreadableRow
from gerra_tui.service.failures import BadResponse, Forbidden, InvalidRequest, NotFound

if TYPE_CHECKING:
    from gerra_tui.domain.dataset import Row
    from gerra_tui.service.ports import ReadingApi


async def read_row(api: ReadingApi, dataset_id: str) -> Row:
    """The dataset, or an unreadable row where asking again would not help. Raises `Failure`."""
    try:
        return await api.dataset(dataset_id)
    except NotFound:
        return UnreadableRow(id=dataset_id, problem="no longer there")
    except (BadResponse, Forbidden, InvalidRequest) as failure:
        return UnreadableRow(id=dataset_id, problem=failure.detail)
