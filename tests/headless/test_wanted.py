"""Which datasets a person means, by arguments or through a pipe."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from gerra_tui.domain.dataset_id import NO_ID
from gerra_tui.headless.wanted import Wanted, WrongUsage, read_words, wanted
from tests.fakes import body, id_of
from tests.headless.stage import Process

if TYPE_CHECKING:
    from pathlib import Path


async def test_a_dash_stands_for_the_lines_of_standard_input() -> None:
    streams = Process(stdin=f"{id_of(2)}\n\n  \n{id_of(3)}").streams
    assert await read_words([id_of(1), "-", id_of(4)], streams) == [id_of(n) for n in (1, 2, 3, 4)]


async def test_a_byte_order_mark_before_standard_input_belongs_to_no_id() -> None:
    """As Windows' tools write files."""
    streams = Process(stdin=f"\ufeff{id_of(2)}\r\n{id_of(3)}\r\n").streams
    found = wanted(await read_words(["-"], streams))
    assert [(one.dataset_id, one.problem) for one in found] == [(id_of(2), None), (id_of(3), None)]


async def test_without_a_dash_standard_input_is_left_alone() -> None:
    streams = Process(stdin="x").streams
    assert await read_words(["y"], streams) == ["y"]
    assert streams.stdin.read() == "x"


async def test_a_slow_pipe_is_waited_for_and_can_be_left() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading) as stdin, os.fdopen(writing, "wb", buffering=0) as producer:
        streams = replace(Process().streams, stdin=stdin)
        left = asyncio.create_task(read_words(["-"], streams))
        await asyncio.sleep(0)
        left.cancel()
        await asyncio.gather(left, return_exceptions=True)
        words = asyncio.create_task(read_words(["-"], streams))
        for piece in (b"one\ntw", b"o\nb\xc3", b"\xbc\nodd \xff"):
            await asyncio.sleep(0.01)
            producer.write(piece)
        producer.close()
        assert await words == ["one", "two", "b\u00fc", "odd \udcff"]


async def test_a_file_is_read_to_its_end(tmp_path: Path) -> None:
    ids = tmp_path / "ids"
    ids.write_text("one\ntwo\n")
    with ids.open() as stdin:
        assert await read_words(["-"], replace(Process().streams, stdin=stdin)) == ["one", "two"]


def test_each_dataset_is_meant_once_in_the_order_given() -> None:
    words = [id_of(10), id_of(2), id_of(10).upper(), json.dumps(body(2)), id_of(1)]
    assert [one.dataset_id for one in wanted(words)] == [id_of(10), id_of(2), id_of(1)]


def test_a_line_of_ls_into_a_pipe_begins_with_the_id() -> None:
    line = f"{id_of(1)}\tpending\tepisode\t5\t2026-11-23T08:00:00Z\tStack cups"
    assert wanted([line, "  "]) == [
        Wanted(dataset_id=id_of(1)),
        Wanted(dataset_id="", problem=NO_ID),
    ]


def test_a_line_of_ls_json_tells_what_was_seen() -> None:
    (one,) = wanted([json.dumps(body(1))])
    assert one.seen is not None
    assert (one.seen.id, one.seen.status, one.seen.name) == (
        id_of(1),
        "pending",
        "Stack cups, batch 1",
    )
    assert one.seen.raw == body(1)
    assert one.problem is None


@pytest.mark.parametrize(
    "change",
    [
        {"name": None},
        {"status": 1},
        {"data_type": []},
        {"metadata": []},
        {"organization_id": 1},
        {"organization_id": "\ud800"},
    ],
)
def test_an_unreadable_row_is_none_to_decide_on(change: dict[str, Any]) -> None:
    (one,) = wanted([json.dumps(body(1) | change)])
    assert one == Wanted(
        dataset_id=id_of(1), seen=None, problem="the line cannot be read as a dataset"
    )


def test_an_id_that_no_journal_can_keep_is_none_to_decide_on() -> None:
    (one,) = wanted([json.dumps(body(1) | {"id": "\ud800"})])
    assert (one.seen, one.problem) == (None, NO_ID)


@pytest.mark.parametrize("line", ["{}", '{"id": null}', '{"id": ""}', '{"id": 5}'])
def test_a_row_without_an_id_names_no_dataset(line: str) -> None:
    assert wanted([line]) == [Wanted(dataset_id="", problem="the line names no dataset")]


@pytest.mark.parametrize("line", ['{"id": "x"', "{", "{'id': 1}", '{"a":' * 100_000])
def test_a_line_that_was_cut_off_stops_everything(line: str) -> None:
    with pytest.raises(WrongUsage, match="Line 2 is not whole JSON"):
        wanted([id_of(1), line])


@pytest.mark.parametrize("word", ["no-uuid", "17", "?0b8e1b9e", "../stats"])
def test_what_is_no_id_is_told_at_once(word: str) -> None:
    for given in (word, json.dumps(body(1) | {"id": word})):
        (one,) = wanted([given])
        assert (one.seen, one.problem) == (None, NO_ID)


def test_an_id_without_dashes_is_the_same_dataset() -> None:
    (one,) = wanted([id_of(1).replace("-", ""), id_of(1), id_of(1).upper()])
    assert one == Wanted(dataset_id=id_of(1))


def test_a_line_that_is_nested_beyond_comparing_is_none_to_decide_on() -> None:
    nested = json.dumps(body(1)).replace('"take": 1', '"take": ' + "[" * 700 + "]" * 700)
    (one,) = wanted([nested])
    assert (one.seen, one.problem) == (None, "the line cannot be read as a dataset")
