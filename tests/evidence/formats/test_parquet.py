"""Parquet: what its footer tells, and the values of a small file. Made by pyarrow."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from gerra_tui.domain.evidence import Mark
from gerra_tui.evidence.child import host
from tests.evidence.looked import check, checks, looked, looked_further

if TYPE_CHECKING:
    import pytest

ROWS = 200


def written(table: pa.Table, **options: Any) -> bytes:
    file = io.BytesIO()
    pq.write_table(table, file, **options)
    return file.getvalue()


def episode(**columns: Any) -> pa.Table:
    """An episode as LeRobot writes them, with columns replaced."""
    usual = {
        "observation.state": pa.array(
            [[0.1 * row, 1.0, float(row % 7)] for row in range(ROWS)], pa.list_(pa.float32(), 3)
        ),
        "action": pa.array(
            [[0.2 * row, float(row % 5)] for row in range(ROWS)], pa.list_(pa.float32())
        ),
        "timestamp": pa.array([row / 30 for row in range(ROWS)], pa.float32()),
        "frame_index": pa.array(range(ROWS), pa.int64()),
        "task_index": pa.array([0] * ROWS, pa.int64()),
    }
    return pa.table(usual | columns)


async def test_rows_columns_types_and_recorded_ranges_are_told() -> None:
    look = await looked(written(episode(), row_group_size=50))

    assert look.kind == "parquet"
    assert (look.facts["rows"], look.facts["row_groups"]) == (ROWS, 4)
    assert look.facts["columns"] == {
        "observation.state": "list<float>", "action": "list<float>", "timestamp": "float",
        "frame_index": "int64", "task_index": "int64",
    }  # fmt: skip
    assert look.facts["recorded"]["frame_index"] == {"min": 0, "max": ROWS - 1, "nulls": 0}
    assert not checks(look, Mark.ODD)


async def test_every_type_has_the_name_that_pyarrow_gives_it() -> None:
    kinds = {
        "i8": pa.int8(), "i16": pa.int16(), "u8": pa.uint8(), "u32": pa.uint32(),
        "u64": pa.uint64(), "f64": pa.float64(), "b": pa.bool_(), "s": pa.string(),
        "bin": pa.binary(), "fixed": pa.binary(16), "day": pa.date32(), "ms": pa.timestamp("ms"),
        "us": pa.timestamp("us", "UTC"), "time": pa.time64("us"), "half": pa.float16(),
        "decimal": pa.decimal128(10, 2), "lists": pa.list_(pa.list_(pa.int32())),
        "struct": pa.struct([("x", pa.float32()), ("y", pa.list_(pa.string()))]),
    }  # fmt: skip
    table = pa.table({name: pa.array([None], kind) for name, kind in kinds.items()})

    look = await looked(written(table, store_schema=False))

    assert look.facts["columns"] == {
        name: str(kind).replace("element: ", "").replace("item: ", "")
        for name, kind in kinds.items()
    }


async def test_a_map_and_a_struct_in_a_list_have_a_type() -> None:
    kind = pa.map_(pa.string(), pa.int64())
    people = pa.list_(pa.struct([("name", pa.string())]))
    table = pa.table({"m": pa.array([[("a", 1)]], kind), "l": pa.array([[{"name": "x"}]], people)})

    look = await looked(written(table))

    assert look.facts["columns"] == {
        "m": "map<key: string, value: int64>",
        "l": "list<struct<name: string>>",
    }


async def test_a_file_of_gigabytes_costs_its_footer_alone() -> None:
    table = pa.table({f"c{n}": pa.array(range(20_000), pa.int64()) for n in range(20)})
    data = written(table, compression="none", use_dictionary=False)
    assert len(data) > 3_000_000

    look = await looked(data)

    assert look.facts["rows"] == 20_000
    assert look.facts["recorded"]["c7"] == {"min": 0, "max": 19_999, "nulls": 0}
    assert look.cost.requests <= 2
    assert checks(look, Mark.UNCHECKED)["values"].startswith("NaN, stuck, clipped")


async def test_values_of_a_longer_file_come_with_the_key() -> None:
    data = written(pa.table({"x": pa.array([float(n) for n in range(50_000)])}), compression="none")
    assert len(data) > 200_000

    first, further = await looked(data), await looked_further(data)

    assert "values" not in first.facts
    assert further.facts["values"]["x"]["max"] == 49_999


async def test_nan_and_missing_values_are_told_by_column() -> None:
    state = [[float(row), math.nan if row == 7 else 1.0] for row in range(ROWS)]
    table = episode(
        action=pa.array(state, pa.list_(pa.float32())),
        frame_index=pa.array([None, *range(1, ROWS)], pa.int64()),
    )

    odd = checks(await looked(written(table)), Mark.ODD)

    assert odd["nan"] == "1 value NaN or infinite: action.1"
    assert odd["nulls"] == "1 value missing: frame_index"


async def test_lost_time_and_time_that_goes_back_are_told() -> None:
    times = [row / 30 for row in range(ROWS)]
    times[100:] = [time + 0.5 for time in times[100:]]
    times[50] = times[48]

    odd = checks(await looked(written(episode(timestamp=pa.array(times)))), Mark.ODD)

    assert odd["order"] == "timestamp goes back 1 time"
    assert odd["gaps"].startswith("2 in timestamp, longest 533.3 ms")


async def test_an_action_that_never_changes_is_told() -> None:
    still = pa.array([[1.0, 2.0]] * ROWS, pa.list_(pa.float32()))

    odd = checks(await looked(written(episode(action=still))), Mark.ODD)

    assert odd["stuck"] == "stands still half of the time or more: action"


async def test_an_action_that_freezes_half_way_is_told() -> None:
    rows = [[float(min(row, 90)), 2.0 * min(row, 90)] for row in range(ROWS)]
    frozen = pa.array(rows, pa.list_(pa.float32()))

    odd = checks(await looked(written(episode(action=frozen))), Mark.ODD)

    assert odd["stuck"] == "stands still half of the time or more: action"
    assert odd["idle"] == "action still for 2 rows at the start, 111 at the end: 56%"


async def test_a_sensor_at_its_limits_is_told_and_a_gripper_is_not() -> None:
    force = [max(-65.0, min(65.0, 90 * math.sin(row / 9))) for row in range(ROWS)]
    grip = [float(row // 20 % 2) * 2 - 1 for row in range(ROWS)]

    table = episode().append_column("force", pa.array(force)).append_column("grip", pa.array(grip))
    odd = checks(await looked(written(table)), Mark.ODD)

    assert odd["clipped"] == "cut off at both ends alike: force"


async def test_rest_at_the_ends_is_shown_and_is_no_fault() -> None:
    rows = [[float(min(max(row - 20, 0), 150))] * 2 for row in range(ROWS)]

    look = await looked(written(episode(action=pa.array(rows, pa.list_(pa.float32())))))

    assert check(look, "idle").mark is Mark.OK
    assert check(look, "idle").text.startswith("action still for 24 rows at the start, 33")


async def test_one_joint_that_stands_still_is_no_fault() -> None:
    assert not checks(await looked(written(episode())), Mark.ODD)


async def test_a_page_with_a_wrong_checksum_is_told() -> None:
    data = bytearray(
        written(episode(), write_page_checksum=True, compression="none", use_dictionary=False)
    )
    data[200] ^= 0xFF

    odd = checks(await looked(bytes(data)), Mark.ODD)

    assert "CRC checksum verification failed" in odd["values"]


async def test_without_pyarrow_the_footer_is_told_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(host.LIBRARIES, "columns", ("no_such_library", "data"))

    look = await looked(written(episode()))

    assert look.facts["rows"] == ROWS
    assert checks(look, Mark.UNCHECKED)["values"] == "NaN, stuck, gaps: needs gerra-tui[data]"


async def test_a_file_cut_off_says_so() -> None:
    look = await looked(written(episode())[:-3])

    assert checks(look, Mark.ODD)["footer"] == "cut off: no footer at its end"


async def test_pages_that_are_gone_are_told() -> None:
    data = written(episode(), compression="none")
    middle = len(data) // 4

    look = await looked(b"PAR1" + data[middle:])

    assert check(look, "media").mark is Mark.ODD


async def test_a_footer_longer_than_the_file_is_damage() -> None:
    look = await looked(b"PAR1" + bytes(100) + b"\xff\xff\xff\x7fPAR1")

    assert checks(look, Mark.ODD)["footer"].startswith("the footer is damaged: it promises")


async def test_an_encrypted_footer_says_so() -> None:
    look = await looked(b"PARE" + bytes(100) + b"\x10\x00\x00\x00PARE")

    assert checks(look, Mark.UNCHECKED)["footer"].startswith("encrypted")


async def test_a_table_without_rows_is_told() -> None:
    look = await looked(written(episode().slice(0, 0)))

    assert checks(look, Mark.ODD)["rows"] == "no rows"
