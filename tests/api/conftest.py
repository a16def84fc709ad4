"""A client whose service is a router of made-up answers."""

from __future__ import annotations

import gc
import warnings
from typing import TYPE_CHECKING

import pytest
import respx

from gerra_tui.api.client import GerraClient, RetryPolicy

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

BASE_URL = "https://api.example.test"
KEY = "k3y-that-nobody-may-see"
PROMPT = RetryPolicy(first_pause=0.0, longest_pause=0.0, longest_wish=0.05)


@pytest.fixture
def service() -> Iterator[respx.MockRouter]:
    with respx.mock(base_url=BASE_URL, assert_all_called=False) as router:
        yield router


@pytest.fixture
async def client(service: respx.MockRouter) -> AsyncIterator[GerraClient]:
    client = GerraClient(BASE_URL, lambda: KEY, retries=PROMPT)
    yield client
    await client.aclose()


@pytest.fixture
def abandoned_handshakes() -> Iterator[None]:
    """httpcore 1.0.9 leaves a connection whose TLS handshake was cancelled to the collector."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
