"""Whose datasets the key in use can read: a decision is sent only to the organization it was made
against, and what became of it is read only there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.query.narrowing import Narrowing
from gerra_tui.service.failures import Forbidden, NotFound, OtherOrganization

if TYPE_CHECKING:
    from gerra_tui.domain.decision import Decision
    from gerra_tui.service.ports import ReadingApi


async def read_again(api: ReadingApi, decision: Decision) -> Dataset:
    """The dataset as it is now. Raises `Failure`, `OtherOrganization` if the key is another's.

    A service says 403 or 404 to that, as it does to a dataset that nobody may read any more: no
    call tells the organization of a key, but each dataset that it lists does.
    """
    try:
        return await api.dataset_once(decision.dataset_id)
    except (Forbidden, NotFound) as failure:
        theirs = decision.origin.organization_id
        if theirs is None or (ours := await _organization(api)) in (None, theirs):
            raise
        raise OtherOrganization(
            f"Decided for organization {theirs}, and this key is of {ours}: it is kept until a key "
            f"of the first is used (profile {decision.origin.profile}).",
            http_status=failure.http_status,
        ) from failure


async def _organization(api: ReadingApi) -> str | None:
    """Null where the key lists nothing that tells."""
    try:
        page = await api.page(Narrowing(), limit=1, offset=0)
    except (Forbidden, NotFound):
        return None
    rows = (row for row in page.rows if isinstance(row, Dataset))
    return next((row.organization_id for row in rows), None)
