"""Storage over a real socket: what is asked of it, and a sentence for every way it fails."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import pytest

from gerra_tui.evidence.address import proxy_to
from gerra_tui.evidence.link import Link
from gerra_tui.evidence.storage import Patience, Storage
from gerra_tui.evidence.window import OverBudget, StorageFailure, opened
from tests.evidence.range_server import Answer, RangeServer, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

DATA = bytes(range(256)) * 4_000  # 1,024,000 bytes


@pytest.fixture
async def storage() -> AsyncIterator[Storage]:
    storage = Storage(patience=Patience(connect=2, silence=0.3, whole=2))
    yield storage
    await storage.aclose()


async def failure(server: RangeServer, storage: Storage, *, declared: int | None = None) -> str:
    """What a look is told that reads the tail and then the head."""

    async def look() -> None:
        window = await opened(Link(storage, server.url, declared=declared))
        await window.read(0, 65_536)

    async with serving(server):
        with pytest.raises(StorageFailure) as failed:
            await look()
    assert "SECRET" not in repr(failed.value)
    assert failed.value.__context__ is None
    assert len(server.requests) <= 4
    assert server.sent <= 256_000
    return str(failed.value)


async def test_a_file_is_read_by_its_end_and_then_by_its_parts(storage: Storage) -> None:
    async with serving(RangeServer(DATA)) as server:
        window = await opened(Link(storage, server.url))

        assert window.size == len(DATA)
        assert await window.read(10, 20) == DATA[10:20]
        assert server.ranges == ["bytes=-65536", "bytes=10-19"]
        assert server.sent == window.cost.bytes == 65_546
        assert window.cost.requests == 2


async def test_every_request_after_the_first_is_for_the_same_version(storage: Storage) -> None:
    async with serving(RangeServer(DATA)) as server:
        window = await opened(Link(storage, server.url))
        await window.read(10, 20)

        first, second = server.requests
        assert "if-range" not in first.headers
        assert second.headers["if-range"] == '"v1"'


async def test_storage_is_sent_nothing_but_what_a_get_needs(storage: Storage) -> None:
    def with_cookie(server: RangeServer, start: int | None, stop: int) -> Answer:
        status, headers, body = server.part(start, stop)
        return status, {"Set-Cookie": "session=1", **headers}, body

    async with serving(RangeServer(DATA, odd=with_cookie)) as server:
        window = await opened(Link(storage, server.url))
        await window.read(0, 10)

    assert {request.method for request in server.requests} == {"GET"}
    for request in server.requests:
        assert set(request.headers) <= {
            "host", "accept", "accept-encoding", "user-agent", "range", "if-range", "connection",
        }  # fmt: skip
        assert request.headers["accept-encoding"] == "identity"


async def test_one_connection_is_kept_for_all_looks(storage: Storage) -> None:
    async with serving(RangeServer(DATA)) as server:
        peers = set[object]()
        serve = server.serve

        async def counted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            peers.add(writer.get_extra_info("peername"))
            await serve(reader, writer)

        listening = await asyncio.start_server(counted, "127.0.0.1", 0)
        server.port = listening.sockets[0].getsockname()[1]
        for _ in range(3):
            window = await opened(Link(storage, server.url))
            await window.read(0, 10)
        listening.close()

    assert len(peers) == 1


async def test_storage_that_serves_no_parts_is_not_read(storage: Storage) -> None:
    server = RangeServer(DATA, odd=lambda server, _start, _stop: (200, {}, server.data * 20))

    assert await failure(server, storage) == "storage does not serve parts (200); nothing read"


async def test_storage_that_serves_no_parts_is_not_read_by_its_declared_size_either(
    storage: Storage,
) -> None:
    server = RangeServer(DATA, odd=lambda server, _start, _stop: (200, {}, server.data))

    told = await failure(server, storage, declared=len(DATA))

    assert told == "storage does not serve parts (200); nothing read"


@pytest.mark.parametrize("status", [200, 400, 416, 501])
@pytest.mark.parametrize("declared", [len(DATA), len(DATA) + 99, len(DATA) - 99_999])
async def test_storage_without_suffix_ranges_is_read_by_the_declared_size(
    storage: Storage, status: int, declared: int
) -> None:
    def refusing(server: RangeServer, start: int | None, stop: int) -> Answer | None:
        return (status, {}, b"no") if start is None else None

    async with serving(RangeServer(DATA, odd=refusing)) as server:
        window = await opened(Link(storage, server.url, declared=declared))

        assert window.size == len(DATA)
        assert window.held(len(DATA) - 65_536, len(DATA)) == DATA[-65_536:]
        assert window.cost.requests == len(server.requests) <= 3


async def test_an_empty_file_is_one_of_no_bytes(storage: Storage) -> None:
    async with serving(RangeServer(b"")) as server:
        assert (await opened(Link(storage, server.url))).size == 0
        assert (await opened(Link(storage, server.url, declared=7))).size == 0


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (302, "storage points to another address (302), not followed"),
        (403, "storage refused (403)"),
        (404, "storage has no such file (404)"),
        (416, "storage refuses this range (416)"),
        (429, "storage is busy (429); look again later"),
        (500, "storage failed (500)"),
        (503, "storage is busy (503); look again later"),
    ],
)
async def test_each_refusal_has_a_sentence_of_its_own(
    storage: Storage, status: int, told: str
) -> None:
    elsewhere = {"Location": "http://169.254.169.254/?SECRET"}
    server = RangeServer(DATA, odd=lambda _server, _start, _stop: (status, elsewhere, b"SECRET"))

    assert await failure(server, storage) == told
    assert len(server.requests) == 1


async def test_a_link_that_expired_is_signed_anew_once(storage: Storage) -> None:
    asked = list[str]()
    server = RangeServer(DATA)

    def expired(_server: RangeServer, _start: int | None, _stop: int) -> Answer | None:
        return None if "again" in server.requests[-1].target else (403, {}, b"")

    async def fresh() -> str:
        asked.append("fresh")
        return f"{server.url}&again=1"

    server.odd = expired
    async with serving(server):
        window = await opened(Link(storage, server.url, fresh=fresh))
        await window.read(0, 10)

    assert asked == ["fresh"]
    assert window.cost.requests == len(server.requests) == 3


async def test_a_fresh_link_that_is_refused_too_is_not_tried_on(storage: Storage) -> None:
    server = RangeServer(DATA, odd=lambda _server, _start, _stop: (403, {}, b""))

    async def fresh() -> str:
        return server.url

    async with serving(server):
        with pytest.raises(StorageFailure, match=r"^refused \(403\) with a fresh link$") as failed:
            await opened(Link(storage, server.url, fresh=fresh))

    assert failed.value.requests == len(server.requests) == 2


async def test_a_file_that_changes_meanwhile_is_not_mixed_with_what_it_was(
    storage: Storage,
) -> None:
    def changing(server: RangeServer, _start: int | None, _stop: int) -> Answer | None:
        server.etag = f'"v{len(server.requests)}"'
        return None

    server = RangeServer(DATA, odd=changing)
    assert await failure(server, storage) == "the file changed while it was read; look again"


@pytest.mark.parametrize("header", ["ETag", "Last-Modified", "Content-Range"])
async def test_a_change_is_noticed_without_a_strong_tag_too(storage: Storage, header: str) -> None:
    def changing(server: RangeServer, start: int | None, stop: int) -> Answer | None:
        status, headers, body = server.part(start, stop)
        number = len(server.requests)
        del headers["ETag"]
        match header:
            case "ETag":
                headers["ETag"] = f'W/"{number}"'
            case "Last-Modified":
                headers["Last-Modified"] = f"Sat, 28 Nov 2026 09:00:0{number} GMT"
            case _:
                headers["Content-Range"] += str(number)
        return status, headers, body

    server = RangeServer(DATA, odd=changing)
    if header == "Content-Range":
        assert "sent another part" in await failure(server, storage)
    else:
        assert "the file changed" in await failure(server, storage)


async def test_storage_that_falls_silent_is_not_waited_for(storage: Storage) -> None:
    assert await failure(RangeServer(DATA, stall=True), storage) == "storage silent for 0.3 s"


async def test_a_body_that_ends_early_says_how_far_it_came(storage: Storage) -> None:
    def short(server: RangeServer, start: int | None, stop: int) -> Answer | None:
        status, headers, body = server.part(start, stop)
        server.announced = 5_000
        return status, headers, body[:-5_000]

    told = await failure(RangeServer(DATA, odd=short), storage)

    assert told == "storage broke off after 60,536 of 65,536 bytes"


async def test_no_more_is_read_than_was_asked_for(storage: Storage) -> None:
    def endless(server: RangeServer, start: int | None, stop: int) -> Answer | None:
        status, headers, body = server.part(start, stop)
        return status, headers, body + DATA * 30

    async with serving(RangeServer(DATA, odd=endless)) as server:
        window = await opened(Link(storage, server.url))
        assert window.held(len(DATA) - 65_536, len(DATA)) == DATA[-65_536:]
        assert window.cost.bytes == 65_536


@pytest.mark.parametrize(
    "wrong",
    [
        {"Content-Range": "bytes 5-9/10"},
        {"Content-Range": "bytes 0-65535/*"},
        {"Content-Range": "bytes 99999999999999999999999-1/5"},
        {"Content-Range": "lines 0-65535/1024000"},
        {"Content-Range": ""},
        {"Content-Encoding": "gzip"},
    ],
)
async def test_a_part_that_is_not_the_one_asked_for_is_not_taken(
    storage: Storage, wrong: dict[str, str]
) -> None:
    def odd(server: RangeServer, start: int | None, stop: int) -> Answer | None:
        status, headers, body = server.part(start, stop)
        return status, headers | wrong, body

    assert (await failure(RangeServer(DATA, odd=odd), storage)).endswith("; nothing read")


async def test_what_is_no_http_has_a_sentence(storage: Storage) -> None:
    async def banner(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
        await writer.drain()
        writer.close()

    listening = await asyncio.start_server(banner, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    with pytest.raises(StorageFailure, match=r"does not speak HTTP|connection to storage was lost"):
        await opened(Link(storage, f"http://127.0.0.1:{port}/x?SECRET"))
    with pytest.raises(StorageFailure, match="no secure connection can be made"):
        await opened(Link(storage, f"https://127.0.0.1:{port}/x?SECRET"))
    listening.close()


async def test_nobody_listening_has_a_sentence(storage: Storage) -> None:
    with pytest.raises(StorageFailure, match=r"^cannot reach storage: connection refused$"):
        await opened(Link(storage, "http://127.0.0.1:9/x?SECRET"))


@pytest.mark.parametrize(
    "link",
    [
        "http://storage.example/file",
        "http://10.0.0.1/file",
        "https://10.0.0.1/file",
        "https://192.168.1.1/file",
        "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:10.0.0.1]/file",
        "https://[fe80::1]/file",
        "https://0.0.0.0/file",
        "https://user:password@storage.example/file",
        "ftp://storage.example/file",
        "file:///etc/passwd",
        "https://storage.example:99999/file",
        "https://[::1/file",
        "https:///file",
        "",
        "\x00",
    ],
)
async def test_an_address_that_reaches_inwards_is_not_asked(storage: Storage, link: str) -> None:
    with pytest.raises(StorageFailure) as refused:
        await opened(Link(storage, f"{link}?SECRET"))

    assert "nothing read" in str(refused.value)
    assert "SECRET" not in str(refused.value)
    assert "password@" not in str(refused.value)
    assert refused.value.requests == 0 or "web address" in str(refused.value)


@pytest.mark.parametrize(
    ("proxy", "told"),
    [
        ("socks5://me:SECRET@proxy.test", "https_proxy names a socks5 proxy"),
        ("http://proxy test", "https_proxy is no proxy's address"),
    ],
)
async def test_a_proxy_that_cannot_be_used_is_a_sentence(
    storage: Storage, monkeypatch: pytest.MonkeyPatch, proxy: str, told: str
) -> None:
    monkeypatch.setenv("https_proxy", proxy)
    with pytest.raises(StorageFailure, match=told) as caught:
        await opened(Link(storage, "https://storage.example/x?SECRET"))
    assert str(caught.value).endswith("; nothing read")
    assert "SECRET" not in str(caught.value)


async def test_storage_is_reached_without_a_proxy_where_the_environment_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.test:3128")
    monkeypatch.setenv("no_proxy", "*.storage.example:8443, 10.0.0.0/8")
    assert proxy_to("https://b.storage.example") == "http://proxy.test:3128"
    assert proxy_to("https://b.storage.example:8443") is None
    assert proxy_to("https://10.1.2.3") is None
    assert proxy_to("http://127.0.0.1:9") is None


async def test_a_name_that_stands_for_an_inward_address_is_not_asked(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "*")
    loop = asyncio.get_running_loop()
    resolve = loop.getaddrinfo

    async def inward(host: object, port: object, **options: object) -> object:
        return await resolve("127.0.0.1", port, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(loop, "getaddrinfo", inward)
    async with serving(RangeServer(DATA)) as server:
        link = f"https://storage.example:{server.port}/x?SECRET"
        with pytest.raises(StorageFailure, match="address of a private network; nothing read"):
            await opened(Link(storage, link))
        assert not server.requests


async def test_a_look_that_was_left_costs_no_connection(storage: Storage) -> None:
    async with serving(RangeServer(DATA, latency=0.02)) as server:
        for moment in range(24):
            look = asyncio.create_task(opened(Link(storage, server.url)))
            await asyncio.sleep(moment / 1000)
            look.cancel()
            await asyncio.gather(look, return_exceptions=True)
        async with asyncio.timeout(2):
            windows = await asyncio.gather(*(opened(Link(storage, server.url)) for _ in range(8)))

    assert [window.size for window in windows] == [len(DATA)] * 8


async def test_no_log_has_the_signature_of_a_link(
    storage: Storage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with serving(RangeServer(DATA)) as server:
        await opened(Link(storage, server.url))
        server.odd = lambda _server, _start, _stop: (500, {}, b"")
        with pytest.raises(StorageFailure):
            await opened(Link(storage, server.url))

    assert "SECRET" not in caplog.text


async def test_a_look_never_reads_beyond_its_cap(storage: Storage) -> None:
    async with serving(RangeServer(DATA)) as server:
        window = await opened(Link(storage, server.url))
        for start in range(0, 900_000, 70_000):
            try:
                await window.read(start, start + 69_000)
            except OverBudget:
                continue

        assert len(server.requests) <= 3
        assert server.sent <= 256_000
