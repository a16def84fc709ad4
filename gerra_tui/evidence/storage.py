"""Signed URLs, read by ranges: GET only, without key, cookies, redirects or `.netrc`.

A transport of httpx's and no client: what a client adds by itself (cookies, authentication,
redirects, a log line with the whole URL) must never come to a signed URL. A HEAD would be refused:
the method is part of the signature.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections import Counter
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import httpx

from gerra_tui import __version__
from gerra_tui.domain.base_url import is_loopback
from gerra_tui.evidence.address import check_link, is_inward, proxy_to
from gerra_tui.evidence.window import StorageFailure

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

# httpcore 1.0.9 asks for it nine times a request, and where it is not installed Python searches all
# of its path each time: a third of what a look costs this process.
if find_spec("sniffio") is None:
    sys.modules["sniffio"] = None  # type: ignore[assignment] # "there is none", as sys.modules has it

CONNECTIONS: Final = 4  # to one storage host: what a sweep looks at at once
# Bytes that may come before they are read: few are lost where storage sends the whole file.
ON_THE_WAY: Final = 64_000
KEEP_ALIVE: Final = 55.0  # seconds; longer than a reviewer looks at one dataset


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds: for a connection, without a byte, and for a whole answer of 64 kB or so."""

    connect: float = 5.0
    silence: float = 10.0
    whole: float = 30.0
    slowest: float = 20_000.0  # bytes a second that a longer answer is granted


@dataclass(slots=True)
class _Exchange:
    """How far a request got, by httpcore's trace extension."""

    outward: bool  # the address connected to must be one of the public internet
    owned: bool = False  # its connection is closed if the call is cancelled now
    inward: bool = False

    async def trace(self, event: str, info: Mapping[str, Any]) -> None:
        if event == "connection.connect_tcp.complete" and self.outward:
            address = info["return_value"].get_extra_info("server_addr")
            self.inward = bool(address) and is_inward(str(address[0]))
            if self.inward:
                await info["return_value"].aclose()
                raise httpx.ConnectError("inward")
        if event.startswith("http11."):
            self.owned = True
        elif event.startswith("connection."):
            self.owned = event.endswith(("connect_tcp.started", "start_tls.started"))


class Storage:
    """Connections to storage hosts, kept between looks. `private` allows private networks."""

    def __init__(self, *, private: bool = False, patience: Patience | None = None) -> None:
        self._private = private
        self.patience = patience or Patience()
        self._newest: dict[str, httpx.AsyncBaseTransport] = {}
        self._calls: Counter[httpx.AsyncBaseTransport] = Counter()
        self._closing: set[asyncio.Task[None]] = set()

    async def aclose(self) -> None:
        for transport in {*self._newest.values(), *self._calls}:
            self._retire(transport)
        await asyncio.gather(*self._closing)

    @asynccontextmanager
    async def answer(self, link: str, headers: Mapping[str, str]) -> AsyncIterator[httpx.Response]:
        """The head of storage's answer; its body can be read. Raises StorageFailure, httpx's."""
        host = check_link(link, private=self._private)
        parts = urlsplit(link)
        origin = f"{parts.scheme}://{parts.netloc}"
        proxy = proxy_to(origin)
        exchange = _Exchange(outward=not (self._private or is_loopback(host) or proxy is not None))
        request = httpx.Request(
            "GET",
            link,
            headers={
                "Accept": "*/*",
                "Accept-Encoding": "identity",
                "User-Agent": f"gerra-tui/{__version__}",
                **headers,
            },
            extensions={
                "trace": exchange.trace,
                "timeout": {
                    "connect": self.patience.connect,
                    "read": self.patience.silence,
                    "write": self.patience.silence,
                    "pool": None,
                },
            },
        )
        async with self._transport(origin, proxy, exchange) as transport:
            try:
                response = await transport.handle_async_request(request)
            except httpx.ConnectError:
                if exchange.inward:
                    raise StorageFailure(
                        f"{host} is at an address of a private network; nothing read", requests=0
                    ) from None
                raise
            response.request = request
            async with aclosing(response):
                yield response

    @asynccontextmanager
    async def _transport(
        self, origin: str, proxy: str | None, exchange: _Exchange
    ) -> AsyncIterator[httpx.AsyncBaseTransport]:
        """One for a call; replaced where a cancelled call may have left it a connection short.

        httpcore 1.0.9 never takes back a connection that a call was given and had not begun to
        use when it was cancelled (https://github.com/encode/httpcore/issues/1093).
        """
        if origin not in self._newest:
            self._newest[origin] = httpx.AsyncHTTPTransport(
                proxy=proxy,
                verify=origin.startswith("https:"),
                socket_options=[(socket.SOL_SOCKET, socket.SO_RCVBUF, ON_THE_WAY)],
                limits=httpx.Limits(
                    max_connections=CONNECTIONS,
                    max_keepalive_connections=CONNECTIONS,
                    keepalive_expiry=KEEP_ALIVE,
                ),
            )
        transport = self._newest[origin]
        self._calls[transport] += 1
        whole = False
        try:
            yield transport
            whole = True
        except Exception:
            whole = True
            raise
        finally:
            if not (whole or exchange.owned) and self._newest.get(origin) is transport:
                del self._newest[origin]
            self._calls[transport] -= 1
            if not self._calls[transport]:
                del self._calls[transport]
                if self._newest.get(origin) is not transport:
                    self._retire(transport)

    def _retire(self, transport: httpx.AsyncBaseTransport) -> None:
        closing = asyncio.create_task(transport.aclose())
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)


def expect(response: httpx.Response, length: int) -> None:
    """Let more than usual be on its way, for a part that is worth it: a long one at 80 ms a round
    trip would come at 0.8 MB a second."""
    connection = response.extensions["network_stream"].get_extra_info("socket")
    if connection is not None and length > ON_THE_WAY:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, length)
