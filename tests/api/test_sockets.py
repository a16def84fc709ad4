"""The client on a real socket, with a service that breaks off wherever it can."""

from __future__ import annotations

import asyncio
import gzip
import socket
from contextlib import asynccontextmanager
from random import Random
from typing import TYPE_CHECKING

import pytest

from gerra_tui.api.client import GerraClient, RetryPolicy
from gerra_tui.api.lane import Timeouts
from gerra_tui.service.failures import BadResponse, Failure, ReadingTooOld, ServiceUnavailable
from gerra_tui.service.ports import IN_FLIGHT
from tests.api.bodies import ID, dataset
from tests.api.conftest import KEY, PROMPT
from tests.api.wire import Connection, wire
from tests.patience import PATIENCE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = pytest.mark.processes

HURRIED = Timeouts(connect=PATIENCE, read=0.2, total=PATIENCE)
PATIENT = Timeouts(connect=PATIENCE, read=PATIENCE, total=PATIENCE)
HURRIED_IN_ALL = Timeouts(connect=PATIENCE, read=PATIENCE, total=1.0)
CONFIRMED = {"id": ID, "status": "accepted", "message": "ok"}


@asynccontextmanager
async def speaking_to(base_url: str, timeouts: Timeouts = PATIENT) -> AsyncIterator[GerraClient]:
    client = GerraClient(base_url, lambda: KEY, timeouts=timeouts, retries=PROMPT)
    try:
        yield client
    finally:
        await client.aclose()


async def failure_of_accepting(base_url: str, timeouts: Timeouts = PATIENT) -> Failure:
    async with speaking_to(base_url, timeouts) as client:
        with pytest.raises(Failure) as caught:
            await client.accept(ID)
    return caught.value


async def test_a_service_that_is_not_there_was_certainly_not_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    failure = await failure_of_accepting(f"http://127.0.0.1:{port}")
    assert isinstance(failure, ServiceUnavailable)
    assert failure.detail == f"Cannot reach 127.0.0.1:{port}: connection refused."
    assert not failure.uncertain


@pytest.mark.parametrize(
    "timeouts", [Timeouts(connect=0.2, read=PATIENCE, total=PATIENCE), HURRIED_IN_ALL]
)
@pytest.mark.usefixtures("abandoned_handshakes")
async def test_a_handshake_that_hangs_was_certainly_not_told(timeouts: Timeouts) -> None:
    async def silent(connection: Connection) -> None:
        await connection.closed_by_the_client()

    async with wire(silent) as server:
        failure = await failure_of_accepting(f"https://{server.address}", timeouts)
    assert isinstance(failure, ServiceUnavailable)
    assert not failure.uncertain


@pytest.mark.parametrize("timeouts", [HURRIED, HURRIED_IN_ALL])
async def test_a_verdict_without_an_answer_in_time_is_uncertain(timeouts: Timeouts) -> None:
    async def hang(connection: Connection) -> None:
        await connection.request()
        await connection.closed_by_the_client()

    async with wire(hang) as server:
        failure = await failure_of_accepting(server.base_url, timeouts)
    assert isinstance(failure, ServiceUnavailable)
    assert failure.uncertain


async def test_a_verdict_whose_connection_is_cut_is_uncertain() -> None:
    async def cut(connection: Connection) -> None:
        await connection.request()

    async with wire(cut) as server:
        failure = await failure_of_accepting(server.base_url)
        assert server.connections == 1
    assert isinstance(failure, ServiceUnavailable)
    assert failure.uncertain


@pytest.mark.parametrize(
    "answer",
    [
        b'HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{"id": "77',
        b'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"id"',
        b"HTTP/1.1 422 X\r\ncontent-length: 900\r\n\r\n{",
    ],
)
async def test_a_verdict_whose_answer_is_cut_off_is_uncertain(answer: bytes) -> None:
    async def truncate(connection: Connection) -> None:
        await connection.request()
        await connection.send(answer)

    async with wire(truncate) as server:
        failure = await failure_of_accepting(server.base_url)
    assert isinstance(failure, BadResponse)
    assert "was cut off" in failure.detail
    assert failure.uncertain


async def test_a_verdict_answered_by_something_else_than_http_is_uncertain() -> None:
    async def babble(connection: Connection) -> None:
        await connection.request()
        await connection.send(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")

    async with wire(babble) as server:
        failure = await failure_of_accepting(server.base_url)
    assert failure.uncertain


async def test_reading_survives_cuts() -> None:
    async def cut_twice(connection: Connection) -> None:
        await connection.request()
        if connection.number == 1:
            return
        if connection.number == 2:
            await connection.send(b'HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{"id": "77')
            return
        await connection.answer(dataset())

    async with wire(cut_twice) as server, speaking_to(server.base_url) as client:
        assert (await client.dataset(ID)).id == ID
        assert server.connections == 3


async def test_an_answer_that_trickles_for_ever_ends_with_the_whole_calls_limit() -> None:
    async def trickle(connection: Connection) -> None:
        await connection.request()
        await connection.send(b"HTTP/1.1 200 OK\r\ncontent-length: 900000\r\n\r\n")
        while True:
            await connection.send(b" ")
            await asyncio.sleep(0.02)

    async with wire(trickle) as server, speaking_to(server.base_url, HURRIED_IN_ALL) as client:
        with pytest.raises(ServiceUnavailable, match="no whole answer in time"):
            await client.dataset_once(ID)


async def test_an_answer_that_unpacks_to_no_end_is_dropped() -> None:
    bomb = gzip.compress(b" " * (17 * 2**20), 1)

    async def explode(connection: Connection) -> None:
        await connection.request()
        head = f"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {len(bomb)}\r\n\r\n"
        await connection.send(head.encode() + bomb)

    async with wire(explode) as server, speaking_to(server.base_url) as client:
        with pytest.raises(BadResponse, match="is larger than 16 MiB"):
            await client.statistics()


@pytest.mark.parametrize("packing", ["gzip, gzip", "gzip,gzip,gzip", "br", "deflate", "zstd, gzip"])
async def test_what_is_packed_otherwise_than_asked_for_is_not_unpacked(packing: str) -> None:
    nested = gzip.compress(gzip.compress(gzip.compress(b" " * 2**24)))
    assert len(nested) < 500

    async def serve(connection: Connection) -> None:
        await connection.request()
        head = f"HTTP/1.1 200 OK\r\ncontent-encoding: {packing}\r\n"
        await connection.send(f"{head}content-length: {len(nested)}\r\n\r\n".encode() + nested)

    async with wire(serve) as server, speaking_to(server.base_url) as client:
        with pytest.raises(BadResponse, match="cannot be unpacked"):
            await client.statistics()


async def test_keys_are_taken_while_an_answer_is_unpacked() -> None:
    bomb = gzip.compress(b" " * (40 * 2**20))

    async def explode(connection: Connection) -> None:
        await connection.request()
        head = f"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {len(bomb)}\r\n\r\n"
        await connection.send(head.encode() + bomb)

    async with wire(explode) as server, speaking_to(server.base_url) as client:
        call = asyncio.create_task(client.statistics())
        turns = 0
        while not call.done():
            turns += 1
            await asyncio.sleep(0)
        with pytest.raises(BadResponse, match="is larger than 16 MiB"):
            await call
    assert turns > 16, "each MiB lets others have their turn"


async def test_a_packed_answer_is_counted_as_it_came() -> None:
    packed = gzip.compress(b'{"datasets": [], "total": 0' + b" " * 5000 + b"}")

    async def pack(connection: Connection) -> None:
        request = await connection.request()
        assert b"gzip" in request.lower()
        head = f"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {len(packed)}\r\n\r\n"
        await connection.send(head.encode() + packed)

    from gerra_tui.domain.query.narrowing import Narrowing

    async with wire(pack) as server, speaking_to(server.base_url) as client:
        page = await client.page(Narrowing(), limit=10, offset=0)
    assert (page.total, page.size_bytes) == (0, len(packed))


async def test_a_walk_keeps_its_connection() -> None:
    async def serve(connection: Connection) -> None:
        while True:
            await connection.request()
            await connection.answer(dataset())

    async with wire(serve) as server, speaking_to(server.base_url) as client:
        for _ in range(20):
            await client.dataset(ID)
        assert server.connections == 1


async def test_at_most_four_are_read_at_once_and_deciding_does_not_wait_for_them() -> None:
    arrived: asyncio.Queue[bytes] = asyncio.Queue()
    gate = asyncio.Event()

    async def serve(connection: Connection) -> None:
        while True:
            request = await connection.request()
            arrived.put_nowait(request)
            if request.startswith(b"POST"):
                await connection.answer(CONFIRMED)
                continue
            await gate.wait()
            await connection.answer(dataset())

    async with wire(serve) as server, speaking_to(server.base_url) as client:
        readers = [asyncio.create_task(client.dataset(ID)) for _ in range(12)]
        for _ in range(4):
            await arrived.get()
        assert (await client.accept(ID)).status == "accepted"
        assert (await arrived.get()).startswith(b"POST")
        assert arrived.empty(), "a fifth reader waits its turn"
        gate.set()
        assert {found.id for found in await asyncio.gather(*readers)} == {ID}
        assert server.connections == 5


async def test_a_reader_that_is_no_longer_wanted_leaves_the_wire() -> None:
    began, left = asyncio.Event(), asyncio.Event()

    async def hang(connection: Connection) -> None:
        await connection.request()
        began.set()
        await connection.closed_by_the_client()
        left.set()

    async with wire(hang) as server, speaking_to(server.base_url) as client:
        reader = asyncio.create_task(client.dataset(ID))
        await began.wait()
        reader.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reader
        await asyncio.wait_for(left.wait(), PATIENCE)


@pytest.mark.parametrize("seed", range(4))
async def test_calls_cancelled_at_any_moment_leave_the_way_free_for_the_next(seed: int) -> None:
    random = Random(seed)

    async def serve(connection: Connection) -> None:
        while True:
            await connection.request()
            await connection.answer(dataset())

    async with wire(serve) as server, speaking_to(server.base_url) as client:
        for _ in range(60):
            calls = [
                asyncio.create_task(client.dataset(ID))
                for _ in range(random.randint(1, 2 * IN_FLIGHT))
            ]
            for call in calls:
                for _ in range(random.randrange(14)):
                    await asyncio.sleep(0)
                call.cancel()
            await asyncio.gather(*calls, return_exceptions=True)
            assert (await asyncio.wait_for(client.dataset(ID), PATIENCE)).id == ID


async def test_a_pause_between_tries_can_be_cancelled() -> None:
    refused = asyncio.Event()

    async def refuse(connection: Connection) -> None:
        await connection.request()
        await connection.answer({"detail": "later"}, status=503)
        refused.set()

    async with wire(refuse) as server:
        patient = RetryPolicy(first_pause=600, longest_pause=600)
        client = GerraClient(server.base_url, lambda: KEY, retries=patient)
        reader = asyncio.create_task(client.dataset(ID))
        await refused.wait()
        reader.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reader
        await client.aclose()


async def test_a_closed_client_says_so_as_a_failure() -> None:
    async def never(connection: Connection) -> None:
        raise AssertionError("nothing may be sent")

    async with wire(never) as server:
        async with speaking_to(server.base_url) as client:
            pass
        with pytest.raises(ServiceUnavailable, match="RuntimeError in the HTTP client") as caught:
            await client.accept(ID)
    assert not caught.value.uncertain


async def test_a_service_that_closes_behind_each_answer_still_gets_a_verdict() -> None:
    """The verdict would always be written into the connection that its reading came by."""
    methods: list[tuple[int, bytes]] = []

    async def close_behind(connection: Connection) -> None:
        first = await connection.request()
        methods.append((connection.number, first.split()[0]))
        await connection.answer(CONFIRMED if first.startswith(b"POST") else dataset())
        second = await connection.request()  # it is taken, and cut without a byte
        methods.append((connection.number, second.split()[0]))

    async with wire(close_behind) as server, speaking_to(server.base_url) as client:
        await client.dataset_once(ID)
        with pytest.raises(ServiceUnavailable) as cut:
            await client.accept(ID)
        assert cut.value.uncertain
        for _ in range(2):
            await client.dataset_once(ID)
            assert (await client.accept(ID)).status == "accepted"
    assert methods[:2] == [(1, b"GET"), (1, b"POST")]
    assert [number for number, _ in methods[2:]] == [2, 3, 4, 5], "no other call shares one"


async def test_what_is_not_fresh_any_more_once_there_is_a_connection_is_not_written() -> None:
    received: list[bytes] = []

    async def serve(connection: Connection) -> None:
        while True:
            received.append(await connection.request())
            await connection.answer(CONFIRMED)

    async with wire(serve) as server, speaking_to(server.base_url) as client:
        with pytest.raises(ReadingTooOld) as late:
            await client.accept(ID, is_fresh=lambda: False)
        assert not late.value.uncertain
        with pytest.raises(ReadingTooOld):
            await client.reject(ID, "blurred", is_fresh=lambda: False)
        assert (await client.accept(ID, is_fresh=lambda: True)).status == "accepted"
    assert [one.split()[0] for one in received] == [b"POST"]
