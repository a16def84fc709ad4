"""The demo service in a thread of the tests, behind real sockets."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import pytest

from gerra_tui.demo.options import Options, parse
from gerra_tui.demo.server import listen
from gerra_tui.demo.service import Service
from tests.patience import PATIENCE

API_KEY = "demo-key-of-the-tests"


def until(true: Callable[[], bool]) -> None:
    """Waits for what another process or thread will do."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


class Demo:
    """A running service; `api` sends the key, `storage` never does."""

    def __init__(self, base_url: str, storage_url: str) -> None:
        self.base_url = base_url
        self.storage_url = storage_url
        self.api = httpx.Client(
            base_url=base_url, headers={"Gerra-Api-Key": API_KEY}, timeout=PATIENCE, trust_env=False
        )
        self.storage = httpx.Client(timeout=PATIENCE, trust_env=False)

    def list(self, **params: Any) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.page(**params)["datasets"]
        return rows

    def page(self, **params: Any) -> dict[str, Any]:
        answer = self.api.get("/datasets", params=params)
        assert answer.status_code == 200, answer.text
        page: dict[str, Any] = answer.json()
        return page

    def pending_id(self, offset: int = 0) -> str:
        return str(self.list(status="pending", limit=1, offset=offset)[0]["id"])

    def one(self, dataset_id: str) -> dict[str, Any]:
        answer = self.api.get("/datasets/dataset", params={"id": dataset_id})
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def accept(self, dataset_id: str) -> httpx.Response:
        return self.api.post(f"/datasets/{dataset_id}/accept")

    def reject(self, dataset_id: str, reason: str) -> httpx.Response:
        return self.api.post(f"/datasets/{dataset_id}/reject", json={"reason": reason})

    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = self.api.get("/_demo/state").json()
        return state

    def do(self, what: str, body: Any) -> Any:
        answer = self.api.post(f"/_demo/{what}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def plan(self, fault: str, *, times: int | None = 1, skip: int = 0, **match: Any) -> None:
        self.do("faults", [{"fault": fault, "match": match, "times": times, "skip": skip}])

    def close(self) -> None:
        self.api.close()
        self.storage.close()


@contextmanager
def serving(options: Options) -> Iterator[Demo]:
    """Runs the service in a thread until the end of the block."""
    sockets = listen(options.port)
    base_url, storage_url = (f"http://127.0.0.1:{one.getsockname()[1]}" for one in sockets)
    ready = threading.Event()
    stops: list[Callable[[], object]] = []

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        ended: asyncio.Future[int] = loop.create_future()
        stops.append(lambda: loop.call_soon_threadsafe(ended.set_result, 0))
        ready.set()
        await Service(options, API_KEY, storage_url).run(sockets, ended)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(PATIENCE)
    demo = Demo(base_url, storage_url)
    try:
        yield demo
    finally:
        demo.close()
        stops[0]()
        thread.join(PATIENCE)


Start = Callable[..., Demo]


@pytest.fixture(scope="module")
def start() -> Iterator[Start]:
    """Starts services with the command's arguments; all end with the module."""
    with ExitStack() as running:
        yield lambda *arguments: running.enter_context(serving(parse(arguments)))
