"""The members of the data's file, listed and looked into in the pane."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from gerra_tui.domain.evidence import FILES
from gerra_tui.service.contents import NotShown
from gerra_tui.ui.present.evidence import price
from gerra_tui.ui.present.files import Filed, opened_members, tree_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.domain.evidence import Step
    from gerra_tui.service.contents import Contents, Peek
    from gerra_tui.ui.review.desk import Desk
    from gerra_tui.ui.review.displayed import Displayed
    from gerra_tui.ui.review.examining import Examining

GROUP = "files"  # of its work
PART = "files"  # of the pane


@dataclass(slots=True)
class _Listed:
    """The members of one dataset's file, as far as they are known."""

    dataset: Dataset
    filed: Filed = field(default_factory=Filed)
    contents: Contents | None = None
    looked_into: dict[str, Peek | str | None] = field(default_factory=dict)


class Filing:
    """The key `b`. What Enter opens in the pane is fetched when it is first shown."""

    def __init__(self, desk: Desk, displayed: Displayed, examining: Examining) -> None:
        self._desk = desk
        self._displayed = displayed
        self._examining = examining
        self._listed: _Listed | None = None
        displayed.filed_of = self._filed
        displayed.on_left.append(self._left)

    def do_files(self) -> None:
        dataset = self._displayed.dataset
        if dataset is None:
            self._desk.notice("not loaded yet")
            return
        looked = self._examining.of(dataset)
        steps = [step for step in looked.steps if step.key == FILES] if looked else []
        if steps and not self._is_listed(dataset):
            self._desk.start(self._ask(dataset, steps))
        else:
            self._open(dataset)

    async def _ask(self, dataset: Dataset, steps: Sequence[Step]) -> None:
        from gerra_tui.ui.dialogs.confirm import ConfirmDialog

        words = ", ".join(f"{step.words}: {price(step.requests, step.bytes)}" for step in steps)
        if await self._desk.ask(ConfirmDialog("List the members?", detail=words)):
            self._open(dataset)

    def _open(self, dataset: Dataset) -> None:
        if not self._is_listed(dataset):
            self._listed = _Listed(dataset)
            self._desk.work(self._list(self._listed), GROUP, alone=True)
        self._displayed.open_part(PART)

    def _is_listed(self, dataset: Dataset) -> bool:
        listed = self._listed
        return listed is not None and listed.dataset.id == dataset.id and not listed.filed.problem

    async def _list(self, listed: _Listed) -> None:
        try:
            listed.contents = contents = await self._examining.contents(listed.dataset)
        except NotShown as problem:
            listed.filed = Filed(told="not listed", problem=str(problem))
        else:
            tree = await asyncio.to_thread(tree_of, contents.entries)
            listed.filed = Filed(tree=tree, whole=contents.whole)
            self._tell_cost(listed)
        self._displayed.show_detail()

    def _filed(self, dataset_id: str) -> Filed | None:
        listed = self._listed
        if listed is None or listed.dataset.id != dataset_id:
            return None
        wanted = set(opened_members(self._displayed.unfolded))
        for name in wanted - listed.looked_into.keys():
            listed.looked_into[name] = None
            self._desk.work(self._look_into(listed, name), GROUP)
        return replace(listed.filed, looked_into=dict(listed.looked_into))

    async def _look_into(self, listed: _Listed, name: str) -> None:
        if listed.contents is None:
            return
        try:
            listed.looked_into[name] = await listed.contents.peek(name)
        except NotShown as problem:
            listed.looked_into[name] = str(problem)
        self._tell_cost(listed)
        self._displayed.show_detail()

    def _tell_cost(self, listed: _Listed) -> None:
        if listed.contents is not None and listed.filed.tree is not None:
            count, cost = listed.filed.tree.count, listed.contents.cost
            told = f"{count:,} member{'s' if count != 1 else ''}"
            told = f"{told}  {price(cost.requests, cost.bytes)}"
            listed.filed = replace(listed.filed, told=told)

    def _left(self) -> None:
        if self._listed is not None:
            self._listed = None
            self._desk.cancel(GROUP)
