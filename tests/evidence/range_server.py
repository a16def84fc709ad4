"""Storage on loopback that counts what it is asked for, and can be as odd as real ones."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Answer = tuple[int, dict[str, str], bytes]
Odd = Callable[["RangeServer", int | None, int], Answer | None]


@dataclass
class Request:
    method: str
    target: str
    headers: dict[str, str]


@dataclass
class RangeServer:
    """Serves `data` by ranges, with a strong ETag; `odd` answers in its place where it likes.

    `odd` is given the range (None: the last bytes) and gives an answer, or none for the usual
    one. `sent` counts bytes of bodies.
    """

    data: bytes
    odd: Odd | None = None
    etag: str = '"v1"'
    stall: bool = False
    announced: int = 0  # bytes of body that are announced and never sent
    cuts: list[int] = field(default_factory=list)  # bytes of body before the connection ends
    hang: int | None = None  # bytes of a body after which nothing comes any more
    latency: float = 0.0
    port: int = 0
    sent: int = 0
    most_at_once: int = 0
    _at_once: int = 0
    requests: list[Request] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/bucket/file?X-Amz-Signature=SECRET"

    @property
    def ranges(self) -> list[str]:
        return [request.headers.get("range", "") for request in self.requests]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # What was written and lies in buffers is not what anybody has read.
        connection = writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_096)
        writer.transport.set_write_buffer_limits(4_096)
        try:
            while request := await self._read(reader):
                self.requests.append(request)
                self._at_once += 1
                self.most_at_once = max(self.most_at_once, self._at_once)
                await asyncio.sleep(self.latency)
                self._at_once -= 1
                if self.stall:
                    await asyncio.sleep(60)
                status, headers, body = self._answer(request)
                headers = {"Content-Length": str(len(body) + self.announced), **headers}
                head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
                writer.write(f"HTTP/1.1 {status} x\r\n{head}\r\n".encode())
                cut = self.cuts.pop(0) if self.cuts else len(body)
                for start in range(0, min(cut, len(body)), 16_384):
                    piece = body[start : min(cut, start + 16_384)]
                    if self.hang is not None and start >= self.hang:
                        await asyncio.sleep(60)
                    writer.write(piece)
                    await writer.drain()
                    self.sent += len(piece)
                if self.announced or cut < len(body):
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> Request | None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        except asyncio.IncompleteReadError:
            return None
        first, *lines = head.strip().split("\r\n")
        method, target, _ = first.split(" ")
        fields = (line.split(": ", 1) for line in lines)
        return Request(method, target, {name.lower(): value for name, value in fields})

    def _answer(self, request: Request) -> Answer:
        match = re.fullmatch(r"bytes=(\d*)-(\d*)", request.headers.get("range", ""))
        if request.method != "GET":
            return 403, {}, b"<Error><Code>SignatureDoesNotMatch</Code></Error>"
        start = int(match[1]) if match and match[1] else None
        stop = int(match[2]) + (start is not None) if match and match[2] else len(self.data)
        if self.odd is not None and (answer := self.odd(self, start, stop)) is not None:
            return answer
        if match is None:
            return 200, {"ETag": self.etag}, self.data
        return self.part(start, stop, request.headers.get("if-range"))

    def part(self, start: int | None, stop: int, if_range: str | None = None) -> Answer:
        size = len(self.data)
        headers = {"ETag": self.etag, "Accept-Ranges": "bytes"}
        if if_range not in (None, self.etag):
            return 200, headers, self.data
        begin = max(0, size - stop) if start is None else start
        end = size if start is None else min(stop, size)
        if begin >= end:
            return 416, {"Content-Range": f"bytes */{size}"}, b""
        headers["Content-Range"] = f"bytes {begin}-{end - 1}/{size}"
        return 206, headers, self.data[begin:end]


@asynccontextmanager
async def serving(server: RangeServer) -> AsyncIterator[RangeServer]:
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
