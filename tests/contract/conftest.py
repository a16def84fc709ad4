"""The service under contract: `GERRA_CONTRACT_BASE_URL` with the key in `GERRA_API_KEY`, else the
demo. Verdicts cannot be taken back: beyond the demo they are sent only if `GERRA_CONTRACT_WRITES`
says so.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx
import pytest

from gerra_tui.api.client import GerraClient
from gerra_tui.demo.host import DemoHost

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

KEY_HEADER = "Gerra-Api-Key"


@dataclass(frozen=True, kw_only=True)
class Service:
    base_url: str
    key: str = field(repr=False)
    takes_verdicts: bool


@pytest.fixture(scope="session")
def service() -> Iterator[Service]:
    base_url = os.environ.get("GERRA_CONTRACT_BASE_URL", "")
    if not base_url:
        with DemoHost(["--datasets", "2000"]) as demo:
            yield Service(base_url=demo.base_url, key=demo.api_key, takes_verdicts=True)
        return
    key = os.environ.get("GERRA_API_KEY", "")
    if not key:
        pytest.fail("GERRA_API_KEY must hold the key of the service under contract")
    wished = os.environ.get("GERRA_CONTRACT_WRITES", "").lower()
    yield Service(base_url=base_url, key=key, takes_verdicts=wished in ("1", "true", "yes"))


@pytest.fixture
async def client(service: Service) -> AsyncIterator[GerraClient]:
    client = GerraClient(service.base_url, lambda: service.key)
    yield client
    await client.aclose()


@pytest.fixture
async def wire(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    """The service without our client between: what it really answers."""
    headers = {KEY_HEADER: service.key}
    async with httpx.AsyncClient(
        base_url=service.base_url, headers=headers, trust_env=False, timeout=30
    ) as http:
        yield http


@pytest.fixture(autouse=True)
def _writes_are_opt_in(request: pytest.FixtureRequest, service: Service) -> None:
    if request.node.get_closest_marker("writes") and not service.takes_verdicts:
        pytest.skip("sends verdicts, which cannot be taken back: set GERRA_CONTRACT_WRITES=1")
