"""The connections of one lane, and new ones where a cancelled call may have lost one of them."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gerra_tui.service.failures import ReadingTooOld

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    import httpx

_CONNECTING = ("connection.connect_tcp.started", "connection.start_tls.started")


@dataclass(slots=True)
class Progress:
    """How far a request got, by httpcore's trace extension.

    `is_fresh` is asked before the first byte of a POST: `ReadingTooOld` is raised where it says no.
    """

    is_fresh: Callable[[], bool] = lambda: True
    written: bool = False  # a POST that may have been carried out
    owned: bool = False  # its connection is closed if the call is cancelled now
    opened: bool = False  # its connection was made for it
    answered: int | None = None

    async def trace(self, event: str, info: Mapping[str, Any]) -> None:
        # Through a proxy the CONNECT that opens the tunnel passes here too.
        if event == "http11.send_request_headers.started" and info["request"].method != b"CONNECT":
            is_post = info["request"].method == b"POST"
            if is_post and not self.is_fresh():
                raise ReadingTooOld("There was a pause before the verdict could be written.")
            self.written = is_post
            self.owned = True
        elif event.startswith("connection."):
            self.owned = event in _CONNECTING
            self.opened = self.opened or event in _CONNECTING


class Connections:
    """An httpx client that is replaced when a cancelled call may have left it a connection short.

    httpcore 1.0.9 never takes back a connection that a call was given and had not begun to use
    when it was cancelled (https://github.com/encode/httpcore/issues/1093); once that has happened
    to all of them, calls wait for ever for one that is free.
    """

    def __init__(self, connect: Callable[[], httpx.AsyncClient]) -> None:
        self._connect = connect
        self._newest = connect()
        self._calls: Counter[httpx.AsyncClient] = Counter()
        self._closing: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def client(self, progress: Progress) -> AsyncIterator[httpx.AsyncClient]:
        """The client for one call, which tells its progress."""
        client = self._newest
        self._calls[client] += 1
        whole = False
        try:
            yield client
            whole = True
        except Exception:
            whole = True  # httpcore has seen to it
            raise
        finally:
            if not (whole or progress.owned) and client is self._newest:
                self._newest = self._connect()
            self._calls[client] -= 1
            if not self._calls[client]:
                del self._calls[client]
                if client is not self._newest:
                    self._retire(client)

    def renew(self) -> None:
        """Calls from here on make connections of their own; those under way keep theirs."""
        left, self._newest = self._newest, self._connect()
        if not self._calls[left]:
            del self._calls[left]
            self._retire(left)

    async def close(self) -> None:
        """Close all, also what calls are still under way on."""
        for client in {self._newest, *self._calls}:
            self._retire(client)
        await asyncio.gather(*self._closing)

    def _retire(self, client: httpx.AsyncClient) -> None:
        # In a task of its own: httpcore forgets the connections that are left when closing them
        # is cancelled.
        closing = asyncio.create_task(client.aclose())
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)
