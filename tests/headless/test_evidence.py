"""`gerra-tui evidence`: what a script is told of the data behind its datasets."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from gerra_tui.domain.checks.rules import read_rule
from gerra_tui.evidence.evidence import StorageEvidence
from gerra_tui.evidence.facts import FactFiles
from gerra_tui.headless.evidence import evidence
from gerra_tui.service.failures import NotFound, ServiceUnavailable, Unauthorized
from gerra_tui.service.looks import Looks
from tests.evidence.range_server import RangeServer, serving
from tests.headless.stage import (
    PREFERENCES,
    Listing,
    Process,
    StillClock,
    closed_pipe,
    dataset,
    no_looks,
    unreadable,
    uuid_of,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from gerra_tui.domain.dataset import Dataset, Row
    from gerra_tui.headless.exit_code import ExitCode


def zipped(*names: str, content: bytes = b"") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, content)
    return file.getvalue()


DATA = zipped("a.bin", "b.bin", "c.bin")


@pytest.fixture
async def storage() -> AsyncIterator[RangeServer]:
    async with serving(RangeServer(DATA)) as server:
        yield server


def row(number: int, storage: RangeServer, **changes: Any) -> Dataset:
    usual = {"signed_url": storage.url, "data_byte_size": len(DATA), "link": "s3://b/x.zip"}
    return dataset(number, **{**usual, **changes})


async def told(
    *words: str, rows: list[Row] | None = None, api: Listing | None = None, **options: Any
) -> tuple[ExitCode, Process]:
    process = options.pop("process", None) or Process()
    api = api or Listing(rows or [])
    at = StorageEvidence(api)
    looks = options.pop("looks", None) or no_looks()
    try:
        code = await evidence(
            words,
            api=api,
            at=at,
            kept=looks,
            clock=options.pop("clock", None) or StillClock(),
            preferences=options.pop("preferences", PREFERENCES),
            streams=options.pop("streams", process.streams),
            **options,
        )
    finally:
        await at.aclose()
    return code, process


async def test_a_check_is_a_line_of_four_fields(storage: RangeServer) -> None:
    code, process = await told(uuid_of(1), rows=[row(1, storage)])

    assert code == 0
    assert process.out == [
        f"{uuid_of(1)}\tok\tsize\t{len(DATA)} = declared",
        f"{uuid_of(1)}\tok\tarchive\t3 members, none unsafe",
    ]
    assert "1 looked at, 0 odd, 0 could not be: 1 request," in process.err


async def test_a_dataset_that_has_the_contents_of_one_before_it_is_odd() -> None:
    data = zipped("a.bin", content=b"the same")
    async with serving(RangeServer(data)) as server:
        rows: list[Row] = [row(number, server, data_byte_size=len(data)) for number in (1, 2)]
        code, process = await told(uuid_of(1), uuid_of(2), rows=rows)

    assert code == 1
    (line,) = [line for line in process.out if "\tsame\t" in line]
    assert line == f"{uuid_of(2)}\t!\tsame\tthe same contents as {uuid_of(1)[:8]}"


async def test_json_has_every_key_of_the_contract(storage: RangeServer) -> None:
    code, process = await told(uuid_of(1), rows=[row(1, storage)], as_json=True)

    (look,) = map(json.loads, process.out)
    assert code == 0
    assert list(look) == ["dataset_id", "kind", "facts", "checks", "cost", "error"]
    assert look["dataset_id"] == uuid_of(1)
    assert look["kind"] == "zip"
    assert (look["facts"]["size"], look["facts"]["members"]) == (len(DATA), 3)
    assert look["checks"][0] == {
        "id": "size",
        "mark": "ok",
        "text": f"{len(DATA)} = declared",
        "measured": len(DATA),
        "declared": len(DATA),
        "scope": None,
    }
    assert list(look["cost"]) == ["requests", "bytes", "seconds"]
    assert look["error"] is None


async def test_something_odd_makes_the_exit_code_1(storage: RangeServer) -> None:
    rows: list[Row] = [row(1, storage), row(2, storage, data_byte_size=2_100_000_000)]
    code, process = await told(uuid_of(1), uuid_of(2), rows=rows)

    assert code == 1
    assert f"{uuid_of(2)}\t!\tsize\tserved {len(DATA)} B, declared 2,100,000,000 B" in process.out


async def test_looks_come_out_in_the_order_of_the_ids(storage: RangeServer) -> None:
    numbers = [5, 3, 9, 1, 7, 2]
    rows: list[Row] = [row(number, storage) for number in range(10)]
    _, process = await told(*map(uuid_of, numbers), rows=rows, as_json=True)

    ids = [json.loads(line)["dataset_id"] for line in process.out]
    assert ids == [uuid_of(number) for number in numbers]


async def test_ids_come_from_standard_input(storage: RangeServer) -> None:
    first, second = row(1, storage), row(2, storage)
    piped = f"{uuid_of(1)}\tpending\tepisode\n\n{json.dumps(second.raw)}\n{uuid_of(1)}\n"
    _, process = await told("-", rows=[first, second], process=Process(stdin=piped), as_json=True)

    assert [json.loads(line)["dataset_id"] for line in process.out] == [uuid_of(1), uuid_of(2)]


async def test_a_dataset_that_is_not_there_is_told_and_the_rest_is_done(
    storage: RangeServer,
) -> None:
    code, process = await told(uuid_of(9), uuid_of(1), rows=[row(1, storage)], as_json=True)

    missing, found = map(json.loads, process.out)
    assert code == 1
    assert missing["dataset_id"] == uuid_of(9)
    assert missing["kind"] == "unknown"
    assert missing["error"] == "Dataset not found."
    assert found["error"] is None


async def test_a_dataset_without_a_link_cannot_be_looked_at(storage: RangeServer) -> None:
    code, process = await told(uuid_of(1), rows=[row(1, storage, signed_url=None)])

    assert code == 1
    assert process.out == [f"{uuid_of(1)}\t?\terror\tthe service gives no link to the data"]


async def test_a_link_that_expired_is_signed_anew_by_the_service(storage: RangeServer) -> None:
    storage.odd = lambda server, _start, _stop: (
        None if "fresh" in server.requests[-1].target else (403, {}, b"")
    )

    class Signing(Listing):
        async def dataset(self, dataset_id: str) -> Dataset:
            await super().dataset(dataset_id)
            return row(1, storage, signed_url=f"{storage.url}&fresh=1")

    api = Signing([row(1, storage)])
    code, process = await told(api=api, query="status:pending", as_json=True)

    assert code == 0
    assert json.loads(process.out[0])["cost"]["requests"] == 2


async def test_rows_of_a_list_have_no_link_and_are_given_one(storage: RangeServer) -> None:
    class Unsigned(Listing):
        async def dataset(self, dataset_id: str) -> Dataset:
            found = await super().dataset(dataset_id)
            return row(int(found.id[:8]), storage)

    api = Unsigned([row(number, storage, signed_url=None) for number in range(3)])
    code, process = await told(api=api, query="", as_json=True)

    assert code == 0
    assert [json.loads(line)["cost"]["requests"] for line in process.out] == [1, 1, 1]


async def test_a_query_looks_at_all_that_it_fits(storage: RangeServer) -> None:
    rows: list[Row] = [row(number, storage, name=f"arm {number % 2}") for number in range(9)]
    code, process = await told(rows=rows, query='name:"arm 1"', as_json=True)

    assert code == 0
    assert [json.loads(line)["dataset_id"] for line in process.out] == [
        uuid_of(number) for number in (1, 3, 5, 7)
    ]
    assert "9 datasets, up to 27 requests, 2.3 MB" in process.err


async def test_a_query_that_broke_off_goes_on_where_it_ended(
    storage: RangeServer, tmp_path: Path
) -> None:
    clock = StillClock()
    rows: list[Row] = [row(number, storage) for number in range(20)]

    def looks() -> Looks:
        return Looks(FactFiles(tmp_path, "https://api.gerra.com"), clock)

    with pytest.raises(BrokenPipeError):
        await told(rows=rows, query="", looks=looks(), streams=closed_pipe(6))
    before = len(storage.requests)
    assert 6 <= before < 20

    code, process = await told(rows=rows, query="", looks=looks(), as_json=True)
    assert code == 0
    assert len(process.out) == 20
    assert len(storage.requests) <= 24
    costs = [json.loads(line)["cost"]["requests"] for line in process.out]
    assert sum(costs) == len(storage.requests) - before
    assert f"20 looked at ({costs.count(0)} of them before), 0 odd" in process.err

    _, by_id = await told(uuid_of(0), rows=rows, looks=looks(), as_json=True)
    assert json.loads(by_id.out[0])["cost"]["requests"] == 1

    clock.moment += timedelta(hours=2)
    _, later = await told(rows=rows, query="", looks=looks(), clock=clock)
    assert "of them before" not in later.err


async def test_rules_and_limits_of_the_config_are_checks(storage: RangeServer) -> None:
    preferences = replace(
        PREFERENCES, rules=(read_rule("missing meta.calibration"), read_rule("meta.take < 5"))
    )
    code, process = await told(
        uuid_of(7), rows=[row(7, storage)], as_json=True, preferences=preferences
    )
    checks = json.loads(process.out[0])["checks"]
    assert code == 1
    assert [(check["mark"], check["text"]) for check in checks if check["id"] == "rule"] == [
        ("odd", "missing meta.calibration"),
        ("ok", "not meta.take < 5 (meta.take 7)"),
    ]


async def test_a_query_asks_what_earlier_looks_found(storage: RangeServer, tmp_path: Path) -> None:
    rows: list[Row] = [row(number, storage, link=f"s3://b/{number}.bag") for number in range(2)]
    rows += [row(number, storage) for number in range(2, 6)]

    def looks() -> Looks:
        return Looks(FactFiles(tmp_path, "https://api.gerra.com"), StillClock())

    _, process = await told(rows=rows, query="check:odd", looks=looks())
    assert process.out == []
    assert "No look at any dataset is kept" in process.err

    await told(*(uuid_of(number) for number in range(4)), rows=rows, looks=looks())
    code, process = await told(rows=rows, query="check:odd", looks=looks(), as_json=True)
    assert code == 1
    assert [json.loads(line)["dataset_id"] for line in process.out] == [uuid_of(0), uuid_of(1)]
    _, process = await told(rows=rows, query="check:none", looks=looks(), as_json=True)
    assert [json.loads(line)["dataset_id"] for line in process.out] == [uuid_of(4), uuid_of(5)]


async def test_an_unreadable_row_is_told_with_its_id(storage: RangeServer) -> None:
    code, process = await told(rows=[unreadable(4), row(1, storage)], query="", as_json=True)

    first, second = map(json.loads, process.out)
    assert code == 1
    assert first["dataset_id"] == uuid_of(4)
    assert "cannot be read as a dataset" in first["error"]
    assert second["error"] is None


async def test_four_are_looked_at_at_once(storage: RangeServer) -> None:
    storage.latency = 0.02
    rows: list[Row] = [row(number, storage) for number in range(20)]
    code, process = await told(rows=rows, query="")

    assert code == 0
    assert len({line.split("\t")[0] for line in process.out}) == 20
    assert storage.most_at_once == 4


async def test_a_local_file_takes_the_same_path(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(DATA)
    code, process = await told(file=tmp_path / "x.zip", as_json=True)

    look = json.loads(process.out[0])
    assert code == 0
    assert look["dataset_id"] is None
    assert (look["kind"], look["cost"]["requests"], look["cost"]["bytes"]) == ("zip", 1, len(DATA))


async def test_a_local_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    code, process = await told(file=tmp_path / "nothing")

    assert code == 1
    assert process.out[0].endswith("\t?\terror\tthe file cannot be read: no such file or directory")


async def test_more_names_its_price_first(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(30_000):
            archive.writestr(f"{number:060}", b"")
    (tmp_path / "x.zip").write_bytes(file.getvalue())

    _, first = await told(file=tmp_path / "x.zip", as_json=True)
    _, more = await told(file=tmp_path / "x.zip", as_json=True, more=True)

    assert json.loads(first.out[0])["facts"]["unsafe"] is None
    assert json.loads(more.out[0])["facts"]["unsafe"] == 0
    assert "list 30,000 members, 1 request, 3.1 MB" in more.err
    assert "list 30,000 members" not in first.err


async def test_no_look_reads_more_bytes_than_it_may(tmp_path: Path) -> None:
    (tmp_path / "x.bin").write_bytes(bytes(1_000_000))
    for most in (0, 1, 100, 70_000, 200_000):
        code, process = await told(file=tmp_path / "x.bin", as_json=True, more=True, most=most)

        look = json.loads(process.out[0])
        assert look["cost"]["bytes"] <= most
        assert (look["error"] is not None) == (most == 0)
        assert code == int(most == 0)


async def test_few_bytes_are_enough_to_know_a_small_directory(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(zipped("a", "b"))
    (tmp_path / "y.zip").write_bytes(zipped(*(f"{number}.bin" for number in range(2_000))))
    _, small = await told(file=tmp_path / "x.zip", as_json=True, most=4_000)
    _, large = await told(file=tmp_path / "y.zip", as_json=True, most=4_000)

    assert json.loads(small.out[0])["facts"]["members"] == 2
    look = json.loads(large.out[0])
    assert (look["kind"], look["facts"]["members"]) == ("zip", 2_000)
    assert look["cost"]["bytes"] == 4_000


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"words": ["a"], "query": "b"},
        {"query": "status:pending", "file": "x"},
        {"query": "nofield:1"},
    ],
)
async def test_wrong_usage_looks_at_nothing(options: dict[str, Any]) -> None:
    words = options.pop("words", [])
    code, process = await told(*words, **options)

    assert code == 2
    assert not process.out
    assert process.err.startswith("gerra-tui: ")


class Refusing(Listing):
    def __init__(self, failure: Exception) -> None:
        super().__init__([])
        self.failure = failure
        self.tries = 0

    async def dataset(self, dataset_id: str) -> Dataset:
        self.tries += 1
        raise self.failure

    async def page(self, *_: Any, **__: Any) -> Any:
        raise self.failure


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (Unauthorized("bad key", http_status=401), 3),
        (ServiceUnavailable("no route"), 4),
        (NotFound("none", http_status=404), 1),
    ],
)
async def test_the_exit_code_tells_why_nothing_was_looked_at(failure: Any, code: int) -> None:
    api = Refusing(failure)
    by_ids = await told(*map(uuid_of, range(30)), api=api)
    by_query = await told(api=Refusing(failure), query="")

    assert by_ids[0] == by_query[0] == code
    assert len(by_ids[1].out) == 30
    assert api.tries <= (30 if code == 1 else 4)


async def test_a_reader_that_has_enough_ends_the_looks(storage: RangeServer) -> None:
    rows: list[Row] = [row(number, storage) for number in range(50)]
    with pytest.raises(BrokenPipeError):
        await told(rows=rows, query="", streams=closed_pipe())

    assert len(storage.requests) <= 8


async def test_the_lines_hold_nothing_that_moves_a_terminal(storage: RangeServer) -> None:
    storage.data = zipped("../\x1b[2J\u202e")
    _, process = await told(uuid_of(1), rows=[row(1, storage)])
    _, as_json = await told(uuid_of(1), rows=[row(1, storage)], as_json=True)

    assert all(line.isprintable() or "\t" in line for line in process.out)
    for output in ("".join(process.out), "".join(as_json.out)):
        assert "\x1b" not in output
        assert "\u202e" not in output
