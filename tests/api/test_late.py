"""Whatever keeps the service from being asked is told as a failure, and asked again."""

from __future__ import annotations

import asyncio
import threading

import pytest

from gerra_tui.api.late import LateApi
from gerra_tui.domain.query.narrowing import Narrowing
from gerra_tui.service.failures import Failure, ServiceUnavailable, Unauthorized, Unexpected
from tests.api.bodies import ID
from tests.patience import PATIENCE

SECRET = "pr0xy-passw0rd"


class Access:
    """A key that is there, or not."""

    has_key = True
    source = "not found anywhere"

    def reveal(self) -> str:
        return "k3y"

    def look(self) -> None:
        """It is known already."""

    def leave(self) -> None:
        """Nobody is asked."""


class Bewildered(Access):
    def look(self) -> None:
        raise KeyError("a bug")


@pytest.mark.parametrize(
    "url",
    [
        "https://api.\u200bgerra.com",
        "https://api.gerra.com:99999999",
        "https://api.gerra.com:port",
        "https://[api",
        "https://api.gerra.com\r\n",
        "ftp://api.gerra.com",
        "",
    ],
)
async def test_an_address_that_is_none_is_told_at_each_call(url: str) -> None:
    api = LateApi(url, Access())
    for _ in range(2):
        with pytest.raises(ServiceUnavailable) as caught:
            await api.page(Narrowing(), limit=10, offset=0)
        assert caught.value.detail.endswith(".")
        assert "Traceback" not in caught.value.detail


@pytest.mark.parametrize(
    "proxy",
    [
        f"http://me:{SECRET}@proxy.test:3128\r",
        f"http://me:{SECRET}@proxy.test:99999999",
        f"http://me:{SECRET}@proxy.\u200btest",
        f"http://me:{SECRET}@[proxy",
    ],
)
async def test_a_proxy_that_cannot_be_is_told_without_its_password(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, proxy: str
) -> None:
    for name in ("http_proxy", "all_proxy", "no_proxy", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("https_proxy", proxy)
    with pytest.raises(ServiceUnavailable, match="proxy") as caught:
        await LateApi("https://api.gerra.com", Access()).dataset(ID)
    assert SECRET not in caught.value.detail + caplog.text


async def test_a_bug_while_the_key_is_looked_for_is_a_failure_with_its_traceback_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with pytest.raises(Unexpected, match="KeyError") as caught:
        await LateApi("https://api.gerra.com", Bewildered()).statistics()
    assert "Traceback" in caplog.text
    assert not caught.value.uncertain


async def test_a_bug_while_a_decision_is_sent_leaves_it_to_be_settled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from gerra_tui.api.client import GerraClient

    async def bewildered(client: GerraClient, dataset_id: str) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(GerraClient, "accept", bewildered)
    api = LateApi("https://api.gerra.com", Access())
    with pytest.raises(Unexpected) as caught:
        await api.accept(ID)
    assert caught.value.uncertain, "it may have been sent"
    await api.aclose()


class Slow(Access):
    """A key that must be unlocked."""

    def __init__(self) -> None:
        self.looks = 0
        self.left = threading.Event()

    def look(self) -> None:
        self.looks += 1
        self.left.wait(PATIENCE)

    def leave(self) -> None:
        self.left.set()


async def test_a_caller_that_goes_asks_nobody_for_the_key_again() -> None:
    access = Slow()
    api = LateApi("https://api.gerra.com", access)
    for _ in range(3):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await api.dataset(ID)
    assert access.looks == 1
    await api.aclose()
    assert access.left.is_set()


async def test_without_a_key_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    access = Access()
    access.has_key = False
    with pytest.raises(Unauthorized, match="not found anywhere"):
        await LateApi("https://api.gerra.com", access).dataset(ID)


def test_every_failure_of_the_service_has_a_kind_of_its_own() -> None:
    kinds = [one.kind for one in Failure.__subclasses__()]
    assert len(set(kinds)) == len(kinds)
