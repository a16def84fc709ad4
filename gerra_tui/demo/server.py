"""The demo service's process: two listening sockets, one event loop, a quick end."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import signal
import socket
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

from gerra_tui.demo.options import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gerra_tui.demo.service import Service

MISSING_EXTRA = "The demo service needs the extra `demo`: pip install 'gerra-tui[demo]'"
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(argv: list[str] | None = None) -> int:
    """`gerra-tui demo-server`: serves until a signal comes, and gives the exit code.

    0 at the end of its input (only asked for by the console), 1 if it cannot serve, 128 + N after
    signal N; wrong arguments raise SystemExit(2).
    """
    options = parse(argv)
    if any(find_spec(name) is None for name in ("fastapi", "uvicorn", "PIL")):
        print(MISSING_EXTRA, file=sys.stderr)  # noqa: T201 - a command's own output
        return 1
    try:
        for file in (options.record, options.record_faults):
            if file is not None:
                file.open("a", encoding="utf-8").close()
        sockets = listen(options.port)
    except OSError as error:
        where = error.filename or f"port {options.port}"
        print(f"The demo service cannot use {where}: {error.strerror}", file=sys.stderr)  # noqa: T201 - as above
        return 1
    for number in _SIGNALS:
        signal.signal(number, _leave)
    api_key = secrets.token_urlsafe(24)
    base_url, storage_url = (f"http://127.0.0.1:{one.getsockname()[1]}" for one in sockets)
    line = {
        "base_url": base_url,
        "api_key": api_key,
        "storage_url": storage_url,
        "pid": os.getpid(),
    }
    # The sockets listen already: a client may connect while the libraries are still being read.
    print(json.dumps(line), flush=True)  # noqa: T201 - a command's own output
    from gerra_tui.demo.service import Service

    service = Service(options, api_key, storage_url)
    return asyncio.run(_serve(service, sockets, stop_on_eof=options.stop_on_eof))


def listen(port: int) -> list[socket.socket]:
    """Listening sockets for the API and the storage. Raises OSError."""
    api = socket.create_server(("127.0.0.1", port), backlog=512)
    try:
        storage = socket.create_server(("127.0.0.1", port + 1 if port else 0), backlog=512)
    except (OSError, OverflowError):
        storage = socket.create_server(("127.0.0.1", 0), backlog=512)
    for one in (api, storage):
        # Connections inherit it. asyncio does so itself only for sockets that name their protocol;
        # without it a body waits 40 ms for the acknowledgement of its headers.
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return [api, storage]


async def _serve(service: Service, sockets: Sequence[socket.socket], *, stop_on_eof: bool) -> int:
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[int] = loop.create_future()

    def end(code: int) -> None:
        if not ended.done():
            ended.set_result(code)

    for number in _SIGNALS:
        loop.add_signal_handler(number, end, 128 + number)
    if stop_on_eof:
        loop.add_reader(0, _end_at_eof, lambda: end(0))
    await service.run(sockets, ended)
    return await ended


def _leave(number: int, _frame: object) -> None:
    """Until the loop listens to signals: nothing is open yet that would have to be closed."""
    os._exit(128 + number)


def _end_at_eof(end: Callable[[], None]) -> None:
    try:
        left = os.read(0, 4096)
    except OSError:
        left = b""
    if not left:
        asyncio.get_running_loop().remove_reader(0)
        end()
