"""The key goes to the service's own origin, and nowhere else: not even into a traceback."""

from __future__ import annotations

import logging
import traceback
from typing import TYPE_CHECKING

import pytest

from gerra_tui.api.client import GerraClient
from gerra_tui.api.lane import Timeouts
from gerra_tui.service.failures import Failure, ServiceUnavailable, Unauthorized
from tests.api.bodies import ID, dataset
from tests.api.conftest import BASE_URL, KEY, PROMPT
from tests.api.wire import Connection, wire

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    import respx

HURRIED = Timeouts(connect=0.2, read=0.2, total=0.4)


def told_by(problem: BaseException | None) -> Iterator[str]:
    """All that any formatter of tracebacks could show of an exception and those behind it."""
    while problem is not None:
        lines = traceback.TracebackException.from_exception(problem, capture_locals=True)
        yield "".join(lines.format(chain=False))
        yield repr((problem, problem.args, vars(problem)))
        yield from told_by(problem.__cause__)
        problem = problem.__context__


async def cut(connection: Connection) -> None:
    await connection.request()


async def hang(connection: Connection) -> None:
    await connection.request()
    await connection.closed_by_the_client()


async def babble(connection: Connection) -> None:
    await connection.request()
    await connection.send(b"\0\0\r\n\r\n")


async def truncate(connection: Connection) -> None:
    await connection.request()
    await connection.send(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{")


async def refuse(connection: Connection) -> None:
    """Echoes what it was sent, as some gateways do."""
    request = await connection.request()
    await connection.answer({"detail": request.decode()}, status=401)


async def redirect(connection: Connection) -> None:
    await connection.request()
    await connection.send(
        b"HTTP/1.1 302 X\r\nlocation: https://x.test/\r\ncontent-length: 0\r\n\r\n"
    )


@pytest.mark.parametrize("serve", [cut, hang, babble, truncate, refuse, redirect])
@pytest.mark.parametrize("call", ["accept", "dataset", "dataset_once"])
async def test_no_traceback_and_no_log_shows_the_key(
    serve: Callable[[Connection], Awaitable[None]], call: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with wire(serve) as server:
        client = GerraClient(server.base_url, lambda: KEY, timeouts=HURRIED, retries=PROMPT)
        with pytest.raises(Failure) as caught:
            await getattr(client, call)(ID)
        await client.aclose()
    told = "\n".join([*told_by(caught.value), caplog.text, repr(client), repr(vars(client))])
    assert type(caught.value).__name__ in told
    assert KEY not in told


async def test_an_echoed_key_is_blotted_out(service: respx.MockRouter, client: GerraClient) -> None:
    service.get("/datasets/stats").respond(400, json={"detail": f"unknown key {KEY}!"})
    with pytest.raises(Failure, match=r"^unknown key \*\*\*!$"):
        await client.statistics()


@pytest.mark.parametrize("key", [None, "", "smuggled\r\nX-Evil: 1", "clé", " padded "])
async def test_without_a_key_that_can_be_sent_nothing_is_asked(
    service: respx.MockRouter, key: str | None
) -> None:
    client = GerraClient(BASE_URL, lambda: key, retries=PROMPT)
    with pytest.raises(Unauthorized) as caught:
        await client.accept(ID)
    await client.aclose()
    assert not service.calls
    assert not key or key not in repr((caught.value, vars(caught.value)))


async def test_a_key_typed_later_is_used_from_then_on(service: respx.MockRouter) -> None:
    current = {"key": "old"}
    client = GerraClient(BASE_URL, lambda: current["key"], retries=PROMPT)
    route = service.get("/datasets/dataset").respond(json=dataset())
    await client.dataset(ID)
    current["key"] = "new"
    await client.dataset(ID)
    await client.aclose()
    assert [call.request.headers["gerra-api-key"] for call in route.calls] == ["old", "new"]


@pytest.mark.parametrize(
    "base_url", ["http://api.gerra.com", "http://10.0.0.7:8000", "ftp://x.test", "api.gerra.com"]
)
def test_the_key_is_not_sent_in_the_clear_to_another_machine(base_url: str) -> None:
    with pytest.raises(ValueError, match="is not spoken to without https"):
        GerraClient(base_url, lambda: KEY)


@pytest.mark.parametrize("host", ["127.0.0.1:1", "localhost:1", "[::1]:1", "127.9.9.9:1"])
async def test_this_machine_may_be_spoken_to_in_the_clear_and_without_a_proxy(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://proxy.test:3128")
    from gerra_tui.api.route import Route

    assert Route.to(f"http://{host}").proxy is None
    assert Route.to(f"https://{host}").proxy is None


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


@pytest.mark.parametrize(
    ("environ", "proxy"),
    [
        ({}, None),
        ({"https_proxy": "http://proxy.test:3128"}, "http://proxy.test:3128"),
        ({"HTTPS_PROXY": "proxy.test:3128"}, "http://proxy.test:3128"),
        ({"all_proxy": "https://proxy.test"}, "https://proxy.test"),
        ({"http_proxy": "http://proxy.test:3128"}, None),
        ({"https_proxy": "http://proxy.test:3128", "no_proxy": ".gerra.com"}, None),
        ({"https_proxy": "http://proxy.test:3128", "no_proxy": "x.test"}, "http://proxy.test:3128"),
    ],
)
def test_the_environments_proxy_is_used_for_https(
    bare: pytest.MonkeyPatch, environ: dict[str, str], proxy: str | None
) -> None:
    for name, value in environ.items():
        bare.setenv(name, value)
    from gerra_tui.api.route import Route

    route = Route.to("https://api.gerra.com")
    assert route.proxy == proxy
    assert "proxy.test" not in repr(route), "a proxy's address may hold its password"


def test_a_proxy_that_cannot_be_used_is_named_by_its_kind(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("https_proxy", "socks5://me:secret@proxy.test")
    with pytest.raises(ServiceUnavailable, match="names a socks5 proxy") as caught:
        GerraClient("https://api.gerra.com", lambda: KEY)
    assert "secret" not in str(caught.value)


def test_certificates_that_cannot_be_read_are_a_sentence(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("SSL_CERT_FILE", "/nowhere/ca.pem")
    with pytest.raises(ServiceUnavailable, match="the certificates that SSL_CERT_FILE"):
        GerraClient("https://api.gerra.com", lambda: KEY)


@pytest.mark.parametrize("opens_the_tunnel", [True, False])
@pytest.mark.usefixtures("abandoned_handshakes")
async def test_a_proxy_never_sees_the_key_and_its_refusal_is_certain(
    bare: pytest.MonkeyPatch, opens_the_tunnel: bool
) -> None:
    seen = []

    async def proxy(connection: Connection) -> None:
        seen.append(await connection.request())
        if opens_the_tunnel:
            await connection.send(b"HTTP/1.1 200 OK\r\n\r\n")
            await connection.closed_by_the_client()
        await connection.answer({"detail": "who are you?"}, status=407)

    async with wire(proxy) as server:
        bare.setenv("https_proxy", server.base_url)
        for timeouts in (HURRIED, Timeouts(connect=30, read=30, total=0.3)):
            client = GerraClient("https://api.example.test", lambda: KEY, timeouts=timeouts)
            with pytest.raises(ServiceUnavailable) as caught:
                await client.accept(ID)
            await client.aclose()
            assert not caught.value.uncertain
    assert all(request.startswith(b"CONNECT api.example.test:443 ") for request in seen)
    assert KEY.encode() not in b"".join(seen)


async def test_a_netrc_is_never_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    async def look(connection: Connection) -> None:
        seen.append(await connection.request())
        await connection.answer(dataset())

    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login me password from-netrc\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(netrc))
    async with wire(look) as server:
        client = GerraClient(server.base_url, lambda: KEY)
        await client.dataset(ID)
        await client.aclose()
    assert b"authorization" not in seen[0].lower()


def test_a_program_without_a_log_hears_nothing_from_the_retries() -> None:
    assert any(
        isinstance(handler, logging.NullHandler)
        for handler in logging.getLogger("stamina").handlers
    )


@pytest.mark.parametrize("echo", [KEY, f"see https://b.s3.example/x?X-Amz-Signature={KEY}&sig=5"])
async def test_a_success_that_echoes_a_secret_brings_it_nowhere(
    service: respx.MockRouter, client: GerraClient, echo: str
) -> None:
    body = {"id": ID.upper(), "status": "accepted", "message": f"accepted by {echo}"}
    service.post(f"/datasets/{ID}/accept").respond(200, json=body)
    service.get("/datasets/dataset").respond(200, json={**dataset(), "name": echo})
    confirmed = await client.accept(ID)
    assert KEY not in confirmed.message
    assert "sig=5" not in confirmed.message
    assert confirmed.message.startswith("accepted by ")
    assert KEY not in repr((await client.dataset(ID)).raw)


async def test_a_failure_that_quotes_a_signed_url_is_told_without_what_opens_it(
    service: respx.MockRouter, client: GerraClient
) -> None:
    told = "no object https://b.s3.example/x.mcap?X-Amz-Signature=abc there"
    service.get("/datasets/stats").respond(400, json={"detail": told})
    with pytest.raises(Failure, match=r"^no object https://b\.s3\.example/x\.mcap there$"):
        await client.statistics()
