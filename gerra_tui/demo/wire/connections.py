"""Open connections, so that they can be cut as a broken network would cut them."""

from __future__ import annotations

import socket
import struct
from typing import TYPE_CHECKING

from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio

    from starlette.types import Scope

Ends = tuple[tuple[str, int], int]
"""The client's address and the server's port: what tells one connection from all others."""


class Connections:
    def __init__(self) -> None:
        self._open: dict[Ends, asyncio.Transport] = {}

    def protocol(self) -> type[asyncio.Protocol]:
        """uvicorn's HTTP protocol, whose connections are known here."""
        open_now = self._open

        class KnownProtocol(H11Protocol):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as H11Protocol has it
                super().connection_made(transport)
                open_now[_ends(transport)] = transport

            def connection_lost(self, exc: Exception | None) -> None:
                open_now.pop(_ends(self.transport), None)
                super().connection_lost(exc)

        return KnownProtocol

    def is_open(self, scope: Scope) -> bool:
        return _ends_of(scope) in self._open

    def cut(self, scope: Scope, *, reset: bool = False) -> None:
        """Closes at once, without a further byte; with `reset` the client gets a TCP RST."""
        transport = self._open.get(_ends_of(scope))
        if transport is None:
            return
        if reset:
            linger_no_time = struct.pack("ii", 1, 0)  # socket(7), SO_LINGER
            raw = transport.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_no_time)
        transport.abort()

    def cut_all(self) -> None:
        for transport in list(self._open.values()):
            transport.abort()


def _ends(transport: asyncio.Transport) -> Ends:
    peer, own = transport.get_extra_info("peername"), transport.get_extra_info("sockname")
    return (peer[0], peer[1]), own[1]


def _ends_of(scope: Scope) -> Ends:
    return tuple(scope["client"]), scope["server"][1]
