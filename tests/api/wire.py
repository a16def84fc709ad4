"""A server that does with its connections whatever a test says, byte by byte."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    Serve = Callable[["Connection"], Awaitable[None]]


class Connection:
    """One connection, from the server's side."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int
    ) -> None:
        self.number = number
        self._reader = reader
        self._writer = writer

    async def request(self) -> bytes:
        """The next request, whole. Raises `asyncio.IncompleteReadError` at the end."""
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = next(
            (
                int(line.split(b":")[1])
                for line in head.split(b"\r\n")
                if line.lower().startswith(b"content-length:")
            ),
            0,
        )
        return head + await self._reader.readexactly(length)

    async def send(self, content: bytes) -> None:
        self._writer.write(content)
        await self._writer.drain()

    async def answer(self, body: Any, *, status: int = 200) -> None:
        content = json.dumps(body).encode()
        head = f"HTTP/1.1 {status} X\r\ncontent-length: {len(content)}\r\n\r\n"
        await self.send(head.encode() + content)

    async def closed_by_the_client(self) -> None:
        while await self._reader.read(1024):
            pass


class Wire:
    def __init__(self, address: str) -> None:
        self.address = address
        self.connections = 0

    @property
    def base_url(self) -> str:
        return f"http://{self.address}"


@asynccontextmanager
async def wire(serve: Serve) -> AsyncIterator[Wire]:
    """Listen on loopback; `serve` handles each connection, which is closed when it returns."""
    running: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        found.connections += 1
        try:
            await serve(Connection(reader, writer, found.connections))
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass  # the client is gone, or the test is over
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    found = Wire(f"{host}:{port}")
    try:
        yield found
    finally:
        server.close()
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
