"""When to look: at the dataset under the cursor, at the one ahead, and at all that a query fits."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.evidence import Cost
from gerra_tui.service.contents import NotShown
from gerra_tui.service.looks import identity

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Callable, Coroutine

    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.domain.evidence import Look
    from gerra_tui.service.contents import Contents
    from gerra_tui.service.looks import Evidence, Identity, Looking, Looks
    from gerra_tui.service.preferences import Auto

REST: Final = 0.3  # seconds that the cursor stays before a look is worth its requests
OPEN: Final = 4  # files whose bytes are kept to go on from, 8 MB each at most
# Looks of a sweep: four read while four wait for their links. Storage is asked for four parts at
# once, and the service for four datasets.
AT_ONCE: Final = 8
HOPELESS: Final = 20  # looks that failed one after the other: storage is away, or the key refused

log = logging.getLogger(__name__)


class FirstLook:
    """Looks at the dataset under the cursor once it rests, and then at the one ahead.

    `changed` is told each dataset id of which there is something new. `auto`: "rest" looks by
    itself, "open" where the detail is opened, "off" when asked.
    """

    def __init__(
        self,
        evidence: Evidence,
        looks: Looks,
        *,
        auto: Auto = "rest",
        rest: float = REST,
        changed: Callable[[str], None],
    ) -> None:
        self._evidence = evidence
        self._looks = looks
        self._auto = auto
        self._rest = rest
        self._changed = changed
        self._open: OrderedDict[Identity, Looking] = OrderedDict()
        self._under_way: dict[Identity, asyncio.Task[None]] = {}
        self._arriving: dict[Identity, Look] = {}
        self._coming: asyncio.Task[None] | None = None

    def at(self, dataset: Dataset, *, ahead: Dataset | None = None, opened: bool = False) -> None:
        """The cursor came to a dataset; `ahead` is the next one in the direction of travel.

        What else is under way is given up, but not a look ahead at this very one.
        """
        self._give_up(but=dataset)
        if self._auto == "off" or (self._auto == "open" and not opened):
            return
        self._coming = asyncio.create_task(self._come_to(dataset, ahead))

    def recall(self, dataset: Dataset) -> None:
        """The cursor is at a dataset of which only what is kept is to be told."""
        self._give_up(but=dataset)
        if self._looks.of(dataset) is None:
            self._start(dataset, self._recall(dataset))

    def ask(self, dataset: Dataset) -> None:
        """Look now, and anew, whatever is known."""
        self._give_up()
        self._open.pop(identity(dataset), None)
        self._start(dataset, self._look(dataset))

    def go_on(self, dataset: Dataset) -> None:
        """Take the steps beyond the first look, whose price they named."""
        self._give_up()
        self._start(dataset, self._look_further(dataset))

    async def contents(self, dataset: Dataset) -> Contents:
        """What is in the file, going on from what was read of it. Raises NotShown."""
        if (under_way := self._under_way.get(identity(dataset))) is not None:
            await asyncio.wait({under_way})  # which keeps to its own budget
        try:
            return await self._opened(dataset).contents()
        except NotShown:  # the next one begins anew
            self._open.pop(identity(dataset), None)
            raise

    def leave(self, to: Dataset | None = None) -> None:
        """The cursor goes elsewhere; a look ahead at where it goes `to` stays."""
        self._give_up(but=to)

    def arriving(self, dataset: Dataset) -> tuple[Look | None, Cost] | None:
        """What is known meanwhile, and what it cost so far; none where no look is under way."""
        key = identity(dataset)
        if key not in self._under_way:
            return None
        looking = self._open.get(key)
        return self._arriving.get(key), looking.cost if looking is not None else Cost()

    async def aclose(self) -> None:
        tasks = [*self._under_way.values(), *([self._coming] if self._coming else [])]
        self._give_up()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _come_to(self, dataset: Dataset, ahead: Dataset | None) -> None:
        if identity(dataset) not in self._under_way:
            await asyncio.sleep(self._rest)
        for one in (dataset, ahead):
            if one is None:
                continue
            task = self._under_way.get(identity(one))
            if task is None:
                task = self._start(one, self._look_unless_known(one))
            await asyncio.wait({task})  # which is not cancelled with this

    def _start(self, dataset: Dataset, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        key = identity(dataset)
        task = asyncio.create_task(work)
        self._under_way[key] = task

        def ended(done: asyncio.Task[None]) -> None:
            if self._under_way.get(key) is done:
                del self._under_way[key]
                self._arriving.pop(key, None)
            if not done.cancelled() and (bug := done.exception()) is not None:
                log.error("a look failed", exc_info=bug)
            self._changed(dataset.id)

        task.add_done_callback(ended)
        return task

    def _give_up(self, but: Dataset | None = None) -> None:
        if self._coming is not None:
            self._coming.cancel()
            self._coming = None
        for key, task in list(self._under_way.items()):
            if but is None or key != identity(but):
                task.cancel()

    async def _recall(self, dataset: Dataset) -> None:
        await self._looks.recall(dataset)

    async def _look_unless_known(self, dataset: Dataset) -> None:
        kept = await self._looks.recall(dataset)
        if kept is None or kept.look.error is not None:
            await self._look(dataset)

    async def _look(self, dataset: Dataset) -> None:
        def arrived(look: Look) -> None:
            self._arriving[identity(dataset)] = look
            self._changed(dataset.id)

        looking = self._opened(dataset)
        look = await looking.first(arrived)
        if look.error is not None:  # the next one begins anew
            self._open.pop(identity(dataset), None)
        await self._looks.keep(dataset, look)

    async def _look_further(self, dataset: Dataset) -> None:
        if identity(dataset) not in self._open:  # what is known is of an earlier session
            await self._look(dataset)
        await self._looks.keep(dataset, await self._opened(dataset).more())

    def _opened(self, dataset: Dataset) -> Looking:
        """The file as far as it was read, for a look that goes on."""
        key = identity(dataset)
        if key not in self._open:
            self._open[key] = self._evidence.at(dataset)
        self._open.move_to_end(key)
        while len(self._open) > OPEN:
            self._open.popitem(last=False)
        return self._open[key]


class Sweep:
    """The first look at many datasets; what is known already costs nothing.

    `changed` is told each dataset id as its look ends. Cancelling `run` ends what is under way,
    and another run goes on where this one ended. `trouble`: it was given up, and why.
    """

    def __init__(self, evidence: Evidence, looks: Looks, *, changed: Callable[[str], None]) -> None:
        self._evidence = evidence
        self._looks = looks
        self._changed = changed
        self.done = self.known = self.odd = self.failed = 0
        self.requests = self.bytes = 0
        self.trouble: str | None = None
        self._failed_in_a_row = 0

    async def run(self, datasets: AsyncIterable[Dataset]) -> None:
        turns = asyncio.Semaphore(AT_ONCE)
        async with asyncio.TaskGroup() as group:
            async for dataset in datasets:
                await turns.acquire()
                if self._failed_in_a_row >= HOPELESS:
                    break
                looking = group.create_task(self._look(dataset))
                looking.add_done_callback(lambda _: turns.release())

    async def _look(self, dataset: Dataset) -> None:
        kept = await self._looks.recall(dataset)
        if kept is not None and kept.look.error is None:
            look = kept.look
            self.known += 1
        else:
            look = await self._evidence.at(dataset).first()
            await self._looks.keep(dataset, look)
            self.requests += look.cost.requests
            self.bytes += look.cost.bytes
        self.done += 1
        self.odd += look.odd > 0
        self.failed += look.error is not None
        self._failed_in_a_row = self._failed_in_a_row + 1 if look.error is not None else 0
        if self._failed_in_a_row >= HOPELESS:
            self.trouble = f"given up, the last {HOPELESS} failed: {look.error}"
        self._changed(dataset.id)
