"""Reading by ranges: what costs a request, what does not, and what is refused."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gerra_tui.evidence.spans import Spans
from gerra_tui.evidence.window import Budget, OverBudget, Reply, StorageFailure, opened
from tests.evidence.memory import MemorySource

DATA = bytes(range(256)) * 4096  # 1 MiB, every place of a page tells where it is


@pytest.fixture
def source() -> MemorySource:
    return MemorySource(DATA)


async def test_the_first_request_asks_for_the_last_64_kb(source: MemorySource) -> None:
    window = await opened(source)

    assert source.ranges == [(len(DATA) - 65_536, len(DATA))]
    assert window.size == len(DATA)
    assert window.held(len(DATA) - 65_536, len(DATA)) == DATA[-65_536:]
    assert window.held(len(DATA) - 65_537, len(DATA)) is None
    assert (window.cost.requests, window.cost.bytes) == (1, 65_536)
    assert window.room() == (2, 256_000 - 65_536)


async def test_what_was_read_is_not_asked_for_again(source: MemorySource) -> None:
    window = await opened(source)

    assert await window.read(100, 300) == DATA[100:300]
    assert await window.read(150, 250) == DATA[150:250]
    assert source.ranges[1:] == [(100, 300)]


async def test_only_the_missing_part_is_asked_for(source: MemorySource) -> None:
    window = await opened(source)
    tail = len(DATA) - 65_536

    assert await window.read(tail - 10, tail + 10) == DATA[tail - 10 : tail + 10]
    assert source.ranges[1:] == [(tail - 10, tail)]


async def test_a_range_beyond_the_end_is_cut_there(source: MemorySource) -> None:
    window = await opened(source)

    assert await window.read(len(DATA) - 5, len(DATA) + 99) == DATA[-5:]
    assert await window.read(len(DATA) + 5, len(DATA) + 99) == b""
    assert await window.read(-7, 3) == DATA[:3]
    assert await window.read(9, 3) == b""


async def test_neighbours_come_in_one_request(source: MemorySource) -> None:
    window = await opened(source)

    parts = await window.read_all([(30_000, 30_010), (0, 10), (300_000, 300_004)])

    assert parts == [DATA[30_000:30_010], DATA[:10], DATA[300_000:300_004]]
    assert source.ranges[1:] == [(0, 30_010), (300_000, 300_004)]


async def test_all_ranges_are_affordable_or_none_is_asked_for(source: MemorySource) -> None:
    window = await opened(source)

    with pytest.raises(OverBudget):
        await window.read_all([(0, 10), (100_000, 100_010), (200_000, 200_010)])

    assert len(source.ranges) == 1


async def test_a_read_beyond_the_budget_is_refused_before_it_is_sent(source: MemorySource) -> None:
    window = await opened(source)

    with pytest.raises(OverBudget) as refused:
        await window.read(0, 200_000)

    assert (refused.value.requests, refused.value.bytes) == (1, 200_000)
    assert len(source.ranges) == 1


async def test_a_directory_may_be_read_beyond_the_bytes_of_the_budget(source: MemorySource) -> None:
    window = await opened(source)

    assert await window.read(0, 400_000, exempt=True) == DATA[:400_000]
    assert window.room() == (1, 256_000 - 65_536)
    assert window.cost.bytes == 465_536


async def test_no_look_sends_more_requests_than_it_may(source: MemorySource) -> None:
    window = await opened(source)
    await window.read(0, 1)
    await window.read(10, 11)

    with pytest.raises(OverBudget):
        await window.read(20, 21)
    with pytest.raises(OverBudget):
        await window.read(20, 21, exempt=True)


async def test_more_room_goes_on_with_what_was_read(source: MemorySource) -> None:
    window = await opened(source)
    window.grant(Budget(requests=9, bytes=2_000_000))

    await window.read(0, len(DATA))

    assert source.ranges == [(len(DATA) - 65_536, len(DATA)), (0, len(DATA) - 65_536)]


async def test_a_part_larger_than_what_is_kept_is_read_whole(source: MemorySource) -> None:
    source.data *= 10
    window = await opened(source, Budget(requests=9, bytes=20_000_000))

    assert await window.read(0, len(source.data)) == source.data


async def test_parts_that_are_more_than_what_is_kept_come_once(source: MemorySource) -> None:
    source.data *= 30
    window = await opened(source, Budget(requests=9, bytes=30_000_000))
    ranges = [(start, start + 4_000_000) for start in range(0, 25_000_000, 5_000_000)]

    parts = await window.read_all(ranges)

    assert parts == [source.data[start:stop] for start, stop in ranges]
    assert source.ranges[1:] == ranges
    assert await window.read(10_000_000, 14_000_000) == parts[2]
    assert window.held(0, 4_000_000) is None


async def test_a_request_that_was_given_up_is_in_the_meter_and_not_in_the_budget() -> None:
    class Slow(MemorySource):
        async def get(self, start: int | None, stop: int) -> Reply:
            reply = await super().get(start, stop)
            await asyncio.sleep(0.01 if start is None else 60)
            return reply

    window = await opened(Slow(DATA))
    for _ in range(3):
        reading = asyncio.create_task(window.read(0, 10))
        await asyncio.sleep(0.01)
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)

    assert window.cost.requests == 4
    assert window.room()[0] == 2


async def test_a_member_is_a_window_in_a_window(source: MemorySource) -> None:
    window = await opened(source)
    member = window.inside(1_000, 500)
    part = member.inside(100, 9_999)

    assert (member.size, part.size) == (500, 400)
    assert await part.read(0, 9_999) == DATA[1_100:1_500]
    assert window.held(1_100, 1_500) == DATA[1_100:1_500]
    assert part.room() == window.room()


async def test_an_empty_file_has_no_bytes() -> None:
    source = MemorySource(b"")
    window = await opened(source)

    assert window.size == 0
    assert await window.read(0, 10) == b""
    assert len(source.ranges) == 1


class Changing(MemorySource):
    """Storage whose file changes after the first request."""

    async def get(self, start: int | None, stop: int) -> Reply:
        if self.ranges:
            self.ranges.append((start or 0, stop))
            raise StorageFailure("the file changed while it was read; look again", received=7)
        return await super().get(start, stop)


async def test_a_file_that_changed_is_not_read_on() -> None:
    source = Changing(DATA)
    window = await opened(source)
    for _ in range(2):
        with pytest.raises(StorageFailure, match="changed"):
            await window.read(0, 10)

    assert len(source.ranges) == 2
    assert (window.cost.requests, window.cost.bytes) == (2, 65_543)


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 60)), max_size=12), st.data())
def test_spans_give_back_what_was_put_in(
    added: list[tuple[int, int]], drawn: st.DataObject
) -> None:
    spans = Spans()
    there: set[int] = set()
    for start, length in added:
        spans.add(start, DATA[start : start + length])
        there |= set(range(start, start + length))
    start = drawn.draw(st.integers(0, 360))
    stop = drawn.draw(st.integers(start, 360))
    wanted = set(range(start, stop))

    assert spans.held(start, stop) == (DATA[start:stop] if wanted <= there else None)
    missing = sorted(wanted - there)
    assert spans.missing(start, stop) == ((missing[0], missing[-1] + 1) if missing else None)


def test_what_is_kept_of_a_file_is_bounded() -> None:
    spans = Spans(limit=100)
    for start in range(0, 1_000, 60):
        spans.add(start, DATA[start : start + 60])
        spans.trim()

    assert spans.held(960, 1_020) == DATA[960:1_020]
    assert spans.held(0, 60) is None
