"""Ids of a million lines, found at once and in few bytes."""

from __future__ import annotations

import sys
import tracemalloc
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gerra_tui.service.listing.id_table import IdTable

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

# The same lines thousands of times: counting them would take as long again.
pytestmark = pytest.mark.no_cover

IDS = st.one_of(st.uuids().map(str), st.text(max_size=8))


@given(st.lists(IDS), st.lists(IDS, unique=True), IDS)
def test_it_is_a_list_of_distinct_ids(later: list[str], earlier: list[str], other: str) -> None:
    table = IdTable()
    model: list[str] = []
    for one in later:
        assert table.append(one) is (one not in model)
        if one not in model:
            model.append(one)
    fresh = [one for one in earlier if one not in model]
    table.prepend(fresh)
    model = [*fresh, *model]
    assert list(table) == model
    assert len(table) == len(model)
    assert [table.find(one) for one in model] == list(range(len(model)))
    assert (other in table) is (other in model)


@given(st.lists(st.tuples(st.booleans(), st.lists(IDS, max_size=40)), max_size=12))
def test_it_grows_at_both_ends(steps: list[tuple[bool, list[str]]]) -> None:
    table = IdTable()
    model: list[str] = []
    for in_front, ids in steps:
        fresh = [one for one in dict.fromkeys(ids) if one not in model]
        if in_front:
            table.prepend(fresh)
            model = [*fresh, *model]
        else:
            other = IdTable(fresh)
            table.extend(other)
            model += fresh
    assert list(table) == model
    assert [table[place] for place in range(len(model))] == model
    assert [table.find(one) for one in model] == list(range(len(model)))


@pytest.mark.parametrize(
    "odd",
    [
        "0B0E8A52-2C0F-4E2B-8C39-5B9C7D3F0001",
        "0b0e8a522c0f4e2b8c395b9c7d3f0001",
        "0b0e8a52-2c0f-4e2b-8c39-5b9c7d3f000g",
        "0b0e8a5-22c0f-4e2b-8c39-5b9c7d3f0001",
        "{0b0e8a52-2c0f-4e2b-8c39-5b9c7d3f01}",
        "0b0e8a52-2c0f-4e2b-8c39-5b9c7d3f 1 2",
    ],
)
def test_an_id_that_only_looks_like_another_is_another(odd: str) -> None:
    plain = "0b0e8a52-2c0f-4e2b-8c39-5b9c7d3f0001"
    table = IdTable([plain])
    assert odd not in table
    assert table.append(odd)
    assert list(table) == [plain, odd]


def test_growing_in_front_costs_no_more_than_growing_behind() -> None:
    """Counted in keys hashed: a table that is built again for each page hashes all of them."""

    def hashed(grow: Callable[[IdTable, list[str]], object]) -> int:
        calls = 0

        def count(frame: FrameType, event: str, arg: object) -> None:
            nonlocal calls
            calls += event == "c_call" and arg is hash

        table = IdTable()
        sys.setprofile(count)
        for first in range(0, 10_000, 100):
            grow(table, [str(UUID(int=n * 7919 + 2**80)) for n in range(first, first + 100)])
        sys.setprofile(None)
        assert len(table) == 10_000
        return calls

    behind = hashed(lambda table, page: [table.append(one) for one in page])
    in_front = hashed(lambda table, page: table.prepend(page))
    assert in_front <= behind <= 40_000


def test_one_table_goes_behind_another() -> None:
    one, other = IdTable(["a", "b"]), IdTable(["b", "c"])
    one.extend(other)
    assert list(one) == ["a", "b", "c"]


def test_a_shown_row_costs_at_most_32_bytes() -> None:
    count = 100_000
    ids = [str(UUID(int=number * 7919 + 2**80)) for number in range(count)]
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    table = IdTable()
    for one in ids:
        table.append(one)
    used = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert table.find(ids[-1]) == count - 1
    assert used <= 32 * count
