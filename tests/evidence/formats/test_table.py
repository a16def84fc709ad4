"""Texts: columns, guessed types, rows and keys, and what the first 64 kB leave open."""

from __future__ import annotations

import json

import pytest

from gerra_tui.domain.evidence import Mark
from tests.evidence.looked import check, checks, looked, looked_further


def csv(rows: int, delimiter: str = ",") -> bytes:
    lines = [["time", "joint", "grip", "label"]]
    lines += [[f"{n / 100:.2f}", str(n), f"{n / 7:.4f}", f"step {n}"] for n in range(rows)]
    return "\n".join(delimiter.join(line) for line in lines).encode() + b"\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
async def test_columns_types_and_rows_are_told(delimiter: str) -> None:
    look = await looked(csv(50, delimiter))

    assert look.kind == "csv"
    assert look.facts["columns"] == {
        "time": "float", "joint": "int", "grip": "float", "label": "text",
    }  # fmt: skip
    assert look.facts["rows"] == 50
    assert look.facts["first_rows"][0] == ["0.00", "0", "0.0000", "step 0"]
    assert not checks(look, Mark.ODD)


async def test_line_ends_within_a_field_end_no_row() -> None:
    text = "name,note\n" + 'a,"two\nlines"\n' * 5 + "b,one\u2028line\n" * 5

    look = await looked(text.encode())

    assert look.facts["rows"] == 10
    assert not checks(look, Mark.ODD)


async def test_a_long_table_is_judged_by_its_beginning_and_says_so() -> None:
    data = csv(20_000)

    look, further = await looked(data), await looked_further(data)

    assert look.facts["rows"] is None
    assert check(look, "rows").scope == "first 64 kB only"
    assert check(look, "rest").mark is Mark.UNCHECKED
    assert look.more[0].bytes == len(data)
    assert further.facts["rows"] == 20_000


async def test_a_table_without_a_header_numbers_its_columns() -> None:
    look = await looked(b"1,2,3\n4,5,6\n7,8,9\n")

    assert list(look.facts["columns"]) == ["column 1", "column 2", "column 3"]
    assert look.facts["rows"] == 3


async def test_rows_of_another_width_nan_and_twice_the_same_column_are_told() -> None:
    rows = b"".join(b"%d,2,3\n" % n for n in range(20))

    odd = checks(await looked(b"a,b,b\n" + rows + b"1,2\nnan,inf,3\n"), Mark.ODD)

    assert odd["rows"].startswith("1 of 22 rows have another number of fields")
    assert odd["nan"] == "2 values NaN or infinite: a, b"
    assert odd["columns"] == "twice or more: b"


async def test_a_clock_that_jumps_and_goes_back_is_told() -> None:
    times = [n / 100 for n in range(100)]
    times[60:] = [time + 2 for time in times[60:]]
    times[30] = 0.1
    data = "time,x\n" + "".join(f"{time},1\n" for time in times)

    odd = checks(await looked(data.encode()), Mark.ODD)

    assert odd["order"] == "time goes back 1 time"
    assert odd["gaps"].startswith("2 in time, longest 2.01 at row 61")


async def test_json_lines_tell_their_columns_and_rows() -> None:
    rows: list[dict[str, object]] = [{"t": 1, "x": 1.5, "ok": True}, {"t": 2.5, "name": None}]

    look = await looked("".join(json.dumps(row) + "\n" for row in rows * 20).encode())

    assert look.kind == "jsonl"
    assert look.facts["columns"] == {"t": "float", "x": "float", "ok": "bool", "name": "null"}
    assert look.facts["rows"] == 40


async def test_lines_that_are_no_json_are_told_by_number() -> None:
    data = b'{"a": 1}\n' * 10 + b'{"a": \n' + b'{"a": NaN}\n'

    odd = checks(await looked(data), Mark.ODD)

    assert odd["rows"] == "1 of 12 lines are no JSON, the first is 11"
    assert odd["nan"] == "1 value NaN or infinite"


async def test_json_tells_its_keys() -> None:
    look = await looked(json.dumps({"fps": 30, "robot": "so101"}, indent=2).encode())

    assert look.kind == "json"
    assert look.facts["keys"] == ["fps", "robot"]


async def test_a_long_json_tells_the_keys_that_it_has_seen() -> None:
    data = json.dumps({"first": [1] * 10, "second": "x" * 300_000, "third": 3}).encode()

    look, further = await looked(data), await looked_further(data)

    assert look.facts["keys"] == ["first", "second"]
    assert check(look, "document").mark is Mark.UNCHECKED
    assert further.facts["keys"] == ["first", "second", "third"]


@pytest.mark.parametrize("text", ["[" * 50_000, '{"a":' * 20_000, '{"n": ' + "9" * 5_000 + "}"])
async def test_hostile_json_is_one_sentence(text: str) -> None:
    look = await looked(text.encode())

    assert look.kind in ("json", "text")


async def test_a_wide_or_long_text_is_shown_in_part() -> None:
    look = await looked(("word " * 5_000 + "\n").encode() * 2)

    assert look.kind == "text"
    assert look.facts["lines"] == 2
    assert all(len(line) <= 200 for line in look.facts["first_lines"])
