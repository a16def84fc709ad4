"""What stands between the wire and a handler: counting, latency, faults, the record."""

from __future__ import annotations

import asyncio
from email.utils import format_datetime
from typing import TYPE_CHECKING

from gerra_tui.demo.wire.faults import Way
from gerra_tui.demo.wire.requests import hung_up, read

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from gerra_tui.demo.wire.answers import Answer
    from gerra_tui.demo.wire.connections import Connections
    from gerra_tui.demo.wire.faults import Fault, FaultBook
    from gerra_tui.demo.wire.ledger import Ledger
    from gerra_tui.demo.wire.record import Record
    from gerra_tui.demo.wire.requests import Handler, Request
    from gerra_tui.demo.world.clock import Clock


class _HungUp(Exception):
    """The reader has gone; nothing more needs to be done for it."""


class Front:
    """The ASGI application of one origin.

    `latency` is in seconds; half of it passes before the handling, half before the answer.
    """

    def __init__(
        self,
        handler: Handler,
        *,
        origin: str,
        clock: Clock,
        connections: Connections,
        faults: FaultBook,
        ledger: Ledger,
        record: Record,
        latency: float = 0.0,
    ) -> None:
        self._handler = handler
        self._origin = origin
        self._clock = clock
        self._connections = connections
        self._faults = faults
        self._ledger = ledger
        self._record = record
        self._latency = latency
        self._late: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = await read(self._origin, scope, receive)
        with self._ledger.watch(request):
            try:
                await self._pause(request, receive, self._latency / 2)
                await self._serve(request, receive, send)
            except _HungUp:
                self._ledger.hung_up()

    async def _serve(self, request: Request, receive: Receive, send: Send) -> None:
        fault = self._faults.take(request)
        if fault is None:
            answer = await self._handler(request)
            self._record.settle(request, answer.status)
            await self._pause(request, receive, self._latency / 2)
            await self._send(request, send, answer)
        elif fault.way is Way.LATE:
            self._connections.cut(request.scope)
            self._later(request, fault.seconds)
        else:
            await self._fail(request, receive, send, fault)

    async def _fail(self, request: Request, receive: Receive, send: Send, fault: Fault) -> None:
        if fault.way is Way.NO_RANGE:
            headers = [one for one in request.scope["headers"] if one[0] != b"range"]
            request.scope["headers"] = headers
        answer = await self._handler(request) if fault.effect else None
        answer = fault.substitute or answer
        whole = fault.way in {Way.ANSWER, Way.SLOW, Way.NO_RANGE}
        self._record.settle(request, answer.status if whole and answer else None)
        if fault.way in {Way.CUT, Way.RESET}:
            self._connections.cut(request.scope, reset=fault.way is Way.RESET)
        elif answer is None or fault.way is Way.HANG:
            await hung_up(receive)
        else:
            await self._pause(request, receive, self._latency / 2 + fault.seconds)
            await self._send(request, send, answer, truncated=fault.way is Way.TRUNCATE)

    def _later(self, request: Request, seconds: float) -> None:
        async def handle() -> None:
            await asyncio.sleep(seconds)
            await self._handler(request)
            self._record.settle(request, None)

        task = asyncio.create_task(handle())
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    async def _pause(self, request: Request, receive: Receive, seconds: float) -> None:
        """Raises _HungUp if a reader goes meanwhile; a verdict on its way arrives all the same."""
        if seconds <= 0:
            return
        if request.verdict:
            await asyncio.sleep(seconds)
            return
        try:
            async with asyncio.timeout(seconds):
                await hung_up(receive)
        except TimeoutError:
            return
        raise _HungUp

    async def _send(
        self, request: Request, send: Send, answer: Answer, *, truncated: bool = False
    ) -> None:
        date = format_datetime(self._clock.now(), usegmt=True)
        named = {**answer.headers, "content-length": str(answer.length), "date": date}
        headers = [(key.encode("latin-1"), value.encode("latin-1")) for key, value in named.items()]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        left = answer.length // 2 if truncated else answer.length
        for chunk in answer.chunks if answer.length else (b"",):
            if not self._connections.is_open(request.scope):
                raise _HungUp
            part = chunk[:left]
            left -= len(part)
            self._ledger.sent(request, len(part))
            more = truncated or left > 0
            await send({"type": "http.response.body", "body": part, "more_body": more})
            if not left:
                break
            await asyncio.sleep(0)  # or a client that has gone would not be noticed
        if truncated:
            self._connections.cut(request.scope)
