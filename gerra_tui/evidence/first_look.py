"""A look at one file: its kind, what its format tells, and what that says of the dataset."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.checks import compared
from gerra_tui.domain.checks.limits import SHIPPED
from gerra_tui.domain.evidence import Cost, Look
from gerra_tui.evidence.findings import FormatLook
from gerra_tui.evidence.kinds import UNKNOWN, kind_of
from gerra_tui.evidence.readers import look_inside
from gerra_tui.evidence.window import Budget, OverBudget, StorageFailure, first_look, more, opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from gerra_tui.domain.checks.limits import Limits
    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.evidence.contents import FileContents
    from gerra_tui.evidence.window import Source, Window

NOTHING_AFFORDED: Final = "not even its end may be read: no bytes are allowed"


class Looking:
    """Looks at one source, each going on with what was read before. Never raises for its bytes.

    `most` bytes are the cap of all looks together. What is read stays in memory while this does.
    """

    def __init__(
        self,
        source: Source,
        dataset: Dataset | None = None,
        *,
        limits: Limits | None = None,
        most: int | None = None,
    ) -> None:
        self._source = source
        self._dataset = dataset
        self._limits = limits or SHIPPED
        self._most = most
        self._window: Window | None = None

    @property
    def cost(self) -> Cost:
        """So far, while a look is under way too."""
        return self._window.cost if self._window else Cost()

    async def first(self, arrived: Callable[[Look], None] | None = None) -> Look:
        """At most 3 requests and 256 kB; a zip's directory up to 1.25 MB.

        `arrived` is given what is known meanwhile: the size, then the kind.
        """
        return await self._look(self._capped(first_look()), arrived)

    async def more(self) -> Look:
        """What the steps of the first look offer, up to 16 MB in all."""
        return await self._look(self._capped(more()))

    async def contents(self) -> FileContents:
        """What is in the file. Raises NotShown."""
        from gerra_tui.evidence.albums import told
        from gerra_tui.evidence.contents import contents_of

        with told():
            if self._window is None:
                self._window = await opened(self._source, self._capped(first_look()))
        return await contents_of(self._window)

    def _capped(self, budget: Budget) -> Budget:
        if self._most is None:
            return budget
        return Budget(budget.requests, min(budget.bytes, self._most), strict=True)

    async def _look(self, budget: Budget, arrived: Callable[[Look], None] | None = None) -> Look:
        found, kind, error, cost = FormatLook(kind=UNKNOWN), None, None, Cost()
        try:
            if self._window is None:
                self._window = await opened(self._source, budget)
            self._window.grant(budget)
            if arrived is not None:
                arrived(self._told(found, None))
            found.kind = kind = await kind_of(self._window)
            if arrived is not None:
                arrived(self._told(found, kind))
            found = await look_inside(self._window, kind)
        except StorageFailure as failure:
            error = str(failure)
            cost = Cost(requests=failure.requests, bytes=failure.bytes)
        except OverBudget:
            error = NOTHING_AFFORDED
        look = self._told(found, kind and found.kind)
        return replace(look, error=error, cost=self.cost if self._window else cost)

    def _told(self, found: FormatLook, kind: str | None) -> Look:
        """What is known; `kind` is null before it is."""
        window = self._window
        facts = {"size": window.size if window else None, **found.facts}
        told = compared(self._dataset, {**facts, "kind": kind}, self._limits)
        return Look(
            dataset_id=self._dataset.id if self._dataset else None,
            kind=found.kind,
            facts=facts,
            checks=(*told, *found.checks),
            cost=self.cost,
            more=tuple(found.more),
            etag=window.etag if window else None,
        )
