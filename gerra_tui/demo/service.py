"""The demo service put together: API and storage, two origins of one uvicorn server."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import uvicorn

from gerra_tui.demo.calls.api import create_api, keyed
from gerra_tui.demo.calls.control import create_control
from gerra_tui.demo.calls.quirks import Quirks
from gerra_tui.demo.calls.statistics import Statistics
from gerra_tui.demo.storage.objects import Objects
from gerra_tui.demo.storage.signing import Signer
from gerra_tui.demo.storage.storage import Storage
from gerra_tui.demo.wire.connections import Connections
from gerra_tui.demo.wire.faults import FaultBook
from gerra_tui.demo.wire.front import Front
from gerra_tui.demo.wire.ledger import Ledger
from gerra_tui.demo.wire.record import Record
from gerra_tui.demo.wire.requests import API, STORAGE, handled_by
from gerra_tui.demo.world.catalogue import Catalogue
from gerra_tui.demo.world.clock import Clock
from gerra_tui.demo.world.colleagues import Colleagues
from gerra_tui.demo.world.planted import record
from gerra_tui.demo.world.verdicts import Verdicts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from socket import socket

    from starlette.types import Receive, Scope, Send

    from gerra_tui.demo.options import Options
    from gerra_tui.demo.wire.requests import Handler


class _Server(uvicorn.Server):
    """Leaves the signals to `main`."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Service:
    """Everything but the wire; an ASGI application that tells the origins apart by their port."""

    def __init__(self, options: Options, api_key: str, storage_url: str) -> None:
        self._connections = Connections()
        self._options = options
        self._storage_port = urlsplit(storage_url).port
        self._clock = clock = Clock(options.clock)
        self._catalogue = catalogue = Catalogue(options.seed, options.datasets, clock)
        signer = Signer(catalogue.key, clock, storage_url)
        objects = Objects(catalogue)
        verdicts = Verdicts(catalogue, overwrite=options.overwrite)
        self._colleagues = Colleagues(options.seed, catalogue, verdicts)
        self._record = Record(options.record)
        faults = FaultBook(options.seed, options.fail)
        ledger = Ledger(api_key)
        quirks = Quirks()
        api = create_api(catalogue, signer, Statistics(catalogue, clock), verdicts, quirks)
        control = create_control(
            catalogue,
            clock=clock,
            verdicts=verdicts,
            colleagues=self._colleagues,
            faults=faults,
            ledger=ledger,
            objects=objects,
            quirks=quirks,
        )
        self._api = self._front(keyed(handled_by(api), api_key), API, faults, ledger)
        self._storage = self._front(Storage(catalogue, objects, signer), STORAGE, faults, ledger)
        self._control = Front(
            keyed(handled_by(control), api_key),
            origin=API,
            clock=clock,
            connections=self._connections,
            faults=FaultBook(0, 0.0),
            ledger=Ledger(api_key),
            record=Record(None),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["server"][1] == self._storage_port:
            await self._storage(scope, receive, send)
        elif scope["path"].startswith("/_demo/"):
            await self._control(scope, receive, send)
        else:
            await self._api(scope, receive, send)

    async def run(self, sockets: Sequence[socket], ended: asyncio.Future[int]) -> None:
        """Serves on the two listening sockets, API first, until `ended`; closes everything."""
        config = uvicorn.Config(
            self,
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            http=self._connections.protocol(),
            proxy_headers=False,
            date_header=False,
            timeout_keep_alive=120,
            timeout_graceful_shutdown=1,
        )
        server = _Server(config)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(server.serve(sockets=list(sockets)))
            work = self._colleagues.work(self._options.others, self._options.arrivals)
            life = tasks.create_task(work)
            planted = tasks.create_task(record(self._catalogue, self._options.record_faults))
            await ended
            life.cancel()
            planted.cancel()
            server.should_exit = server.force_exit = True
            self._connections.cut_all()
        self._record.close()

    def _front(self, handler: Handler, origin: str, faults: FaultBook, ledger: Ledger) -> Front:
        return Front(
            handler,
            origin=origin,
            clock=self._clock,
            connections=self._connections,
            faults=faults,
            ledger=ledger,
            record=self._record,
            latency=self._options.latency,
        )
