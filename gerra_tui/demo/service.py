"""The demo service put together: catalogue, API and storage behind one uvicorn server."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn

from gerra_tui.demo.api import create_api
from gerra_tui.demo.catalogue import Catalogue
from gerra_tui.demo.clock import Clock
from gerra_tui.demo.gateway import Gateway
from gerra_tui.demo.signing import Signer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from socket import socket

    from gerra_tui.demo.options import Options


class _Server(uvicorn.Server):
    """Leaves the signals to `main`."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def run(
    options: Options,
    sockets: Sequence[socket],
    *,
    api_key: str,
    storage_url: str,
    ended: asyncio.Future[int],
) -> None:
    """Serves on the two sockets, API first, until `ended`."""
    clock = Clock(options.clock)
    catalogue = Catalogue(options.seed, options.datasets, clock)
    signer = Signer(catalogue.key, clock, storage_url)
    app = Gateway(create_api(catalogue, signer, overwrite=options.overwrite), api_key)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        http="h11",
        proxy_headers=False,
        timeout_keep_alive=120,
        timeout_graceful_shutdown=1,
    )
    server = _Server(config)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(server.serve(sockets=list(sockets)))
        await ended
        server.should_exit = server.force_exit = True
