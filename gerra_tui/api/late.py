"""The service, with its client imported and built at the first call, in a thread.

httpx and pydantic are three fifths of the start; the first screen is drawn without them.
"""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Protocol, TypeVar

from gerra_tui.domain.text import ended
from gerra_tui.service.failures import ServiceUnavailable, Unauthorized, only_failures

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from gerra_tui.api.client import GerraClient
    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.domain.iterations import Iterations
    from gerra_tui.domain.page import Page
    from gerra_tui.domain.query.narrowing import Narrowing
    from gerra_tui.domain.statistics import Statistics
    from gerra_tui.service.ports import Confirmation

T = TypeVar("T")


class Access(Protocol):
    """Where the key comes from. `look` finds it, and may take its time."""

    @property
    def has_key(self) -> bool: ...

    @property
    def source(self) -> str: ...

    def reveal(self) -> str: ...

    def look(self) -> None: ...

    def leave(self) -> None:
        """Whoever waits for the key goes: `look` ends at once."""
        ...


class LateApi:
    """What is asked before `drawn` is set waits for it. Raises `Failure` and nothing else."""

    def __init__(self, base_url: str, access: Access, drawn: asyncio.Event | None = None) -> None:
        self._base_url = base_url
        self._access = access
        self._drawn = drawn
        self._client: GerraClient | None = None
        self._making: asyncio.Task[None] | None = None

    async def page(self, narrowing: Narrowing, *, limit: int, offset: int) -> Page:
        return await self._read(lambda api: api.page(narrowing, limit=limit, offset=offset))

    async def dataset(self, dataset_id: str) -> Dataset:
        return await self._read(lambda api: api.dataset(dataset_id))

    async def dataset_once(self, dataset_id: str) -> Dataset:
        return await self._read(lambda api: api.dataset_once(dataset_id))

    async def iterations(self, dataset_id: str) -> Iterations:
        return await self._read(lambda api: api.iterations(dataset_id))

    async def statistics(self) -> Statistics:
        return await self._read(lambda api: api.statistics())

    async def accept(
        self, dataset_id: str, *, is_fresh: Callable[[], bool] = lambda: True
    ) -> Confirmation:
        return await self._decide(lambda api: api.accept(dataset_id, is_fresh=is_fresh))

    async def reject(
        self, dataset_id: str, reason: str, *, is_fresh: Callable[[], bool] = lambda: True
    ) -> Confirmation:
        return await self._decide(lambda api: api.reject(dataset_id, reason, is_fresh=is_fresh))

    async def ask_with(self, key: str) -> None:
        """The smallest call, with this key in place of the one in use."""
        from gerra_tui.domain.query.narrowing import Narrowing

        with only_failures("Asking the service"):
            client = await asyncio.to_thread(self._client_of, lambda: key)
            try:
                await client.page(Narrowing(), limit=1, offset=0)
            finally:
                await client.aclose()

    async def aclose(self) -> None:
        if self._making is not None:
            self._making.cancel()
            await asyncio.gather(self._making, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()

    async def _read(self, call: Callable[[GerraClient], Awaitable[T]]) -> T:
        client = await self._ready()
        with only_failures("Asking the service"):
            return await call(client)

    async def _decide(self, call: Callable[[GerraClient], Awaitable[T]]) -> T:
        client = await self._ready()
        with only_failures("Sending the decision", uncertain=True):
            return await call(client)

    async def _ready(self) -> GerraClient:
        """Callers that go do not stop the others' waiting, nor start what asks for a key anew."""
        with only_failures("Preparing to ask the service"):
            if self._client is None:
                if self._making is None or self._making.done():
                    self._making = asyncio.create_task(self._make())
                    self._making.add_done_callback(_note)  # all who waited may have gone
                await asyncio.shield(self._making)
        if self._client is None or not self._access.has_key:
            raise Unauthorized(f"No API key: {ended(self._access.source)}")
        return self._client

    async def _make(self) -> None:
        if self._drawn is not None:
            await self._drawn.wait()
        try:
            self._client = await asyncio.to_thread(self._build)
        except asyncio.CancelledError:  # the program ends
            self._access.leave()
            raise

    def _build(self) -> GerraClient:
        self._access.look()
        return self._client_of(self._access.reveal)

    def _client_of(self, key: Callable[[], str]) -> GerraClient:
        # It would read the metadata of every installed distribution, a fifth of this import.
        os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
        from gerra_tui.api.client import GerraClient

        try:
            return GerraClient(self._base_url, key)
        except ValueError as problem:
            raise ServiceUnavailable(str(problem)) from None


def _note(task: asyncio.Task[None]) -> None:
    if not task.cancelled():
        task.exception()
