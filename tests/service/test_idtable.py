"""Ids of a million lines, found at once and in few bytes."""

from __future__ import annotations

import tracemalloc
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from gerra_tui.service.idtable import IdTable

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
