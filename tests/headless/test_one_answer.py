"""`gerra-tui show`, `stats` and `log`: every key, every format, every exit code."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from gerra_tui.domain.iterations import Iteration, Iterations
from gerra_tui.domain.statistics import Statistics
from gerra_tui.headless.exit_code import ExitCode
from gerra_tui.headless.log import log
from gerra_tui.headless.show import show
from gerra_tui.headless.stats import stats
from gerra_tui.service.failures import BadResponse, Failure, ServiceUnavailable, Unauthorized
from tests.fakes import Disk, FakeJournal, id_of
from tests.headless.stage import Listing, Process, StillClock, closed_pipe, dataset, uuid_of
from tests.headless.test_decide import Shell
from tests.headless.test_outbox import RECORD
from tests.virtual_time import in_virtual_time

if TYPE_CHECKING:
    from collections.abc import Iterator

HISTORY = Iterations(
    group_id="g",
    total_versions=2,
    latest_version=1,
    versions=(
        Iteration(
            dataset_id=uuid_of(9),
            version=0,
            status="superseded",
            created_at=datetime(2026, 11, 20, 12, tzinfo=UTC),
            prompt="stack\x1b[2J the cups",
            superseded_reason="mug vanishes",
        ),
        Iteration(dataset_id=uuid_of(1), version=1, status="pending", regeneration_reason="again"),
    ),
    raw={"iteration_group_id": "g", "iterations": [{"odd": "\u202e"}]},
)


async def shown(
    listing: Listing, dataset_id: str, *, as_json: bool = True, disk: Disk | None = None
) -> tuple[ExitCode, Process]:
    process = Process()
    code = await show(
        dataset_id,
        as_json=as_json,
        api=listing,
        journal=FakeJournal(disk or Disk()),
        clock=StillClock(),
        streams=process.streams,
    )
    return code, process


async def test_show_is_one_object_with_every_key() -> None:
    one = dataset(1, signed_url="https://s.test/x?sig=1")
    listing = Listing([one])
    listing.history = HISTORY
    code, process = await shown(listing, uuid_of(1))
    (line,) = process.out
    assert code == ExitCode.DONE
    assert json.loads(line) == {
        "dataset": one.raw,
        "iterations": HISTORY.raw,
        "iterations_error": None,
        "decision": None,
    }
    assert list(json.loads(line)) == ["dataset", "iterations", "iterations_error", "decision"]
    assert "\\u202e" in line


async def test_show_without_a_history_is_done_all_the_same() -> None:
    listing = Listing([dataset(1)])
    code, process = await shown(listing, uuid_of(1))
    assert code == ExitCode.DONE
    assert json.loads(process.out[0])["iterations"] is None
    assert json.loads(process.out[0])["iterations_error"] == "No history"
    code, process = await shown(listing, uuid_of(1), as_json=False)
    assert code == ExitCode.DONE
    assert process.err == "gerra-tui: No history is available: No history.\n"


@in_virtual_time
async def test_show_tells_what_is_decided_here() -> None:
    shell = Shell()
    shell.service.posting.extend(["429"] * 200)
    await shell.accept(1)
    listing = Listing([dataset(1, id=id_of(1))])
    _, process = await shown(listing, id_of(1), disk=shell.disk)
    decision = json.loads(process.out[0])["decision"]
    assert list(decision) == RECORD
    assert (decision["dataset_id"], decision["state"]) == (id_of(1), "waiting")
    _, process = await shown(listing, id_of(1), disk=shell.disk, as_json=False)
    assert "decided here  accept, waiting" in process.out


async def test_show_keeps_every_signed_url_to_host_and_path() -> None:
    urls = {"a": {"gif": "https://s.test/a.gif?X-Sig=secret"}}
    one = dataset(1, link="https://s.test/l?s=secret", description="https://s.test/d?s=secret")
    two = dataset(2, metadata=urls, signed_url="https://s.test/x?s=secret")
    for row in (one, two):
        code, process = await shown(Listing([row]), row.id, as_json=False)
        assert code == ExitCode.DONE
        assert "https://s.test/" in "\n".join(process.out)
        assert "secret" not in "\n".join(process.out)


async def test_show_does_not_need_the_journal() -> None:
    code, process = await shown(Listing([dataset(1)]), uuid_of(1), disk=Disk(full=True))
    assert code == ExitCode.DONE
    assert "The disk is full" in process.err
    assert json.loads(process.out[0])["decision"] is None


async def test_show_of_an_unknown_id_is_not_found() -> None:
    code, process = await shown(Listing([]), uuid_of(1))
    assert (code, process.out) == (ExitCode.FAILED, [])
    assert process.err == "gerra-tui: Dataset not found.\n"


async def test_show_for_a_person_is_clean_and_keeps_secrets() -> None:
    one = dataset(
        1,
        name="esc \x1b[31m",
        description="line one\nline \x1b two",
        signed_url="https://s.test/x.zip?sig=secret",
        link="https://s.test/y.zip?sig=secret",
        metadata={"robot": {"type": "SO-101"}, "esc\x1b": "\u202e"},
        date_updated=None,
    )
    listing = Listing([one])
    listing.history = HISTORY
    _, process = await shown(listing, uuid_of(1), as_json=False)
    text = "\n".join(process.out)
    assert "secret" not in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "name          esc ^[[31m" in process.out
    assert "size          2.1 GB (2,100,000,000 bytes)" in process.out
    assert "created       2026-11-20 10:00:00 UTC (3 d ago)" in process.out
    assert "updated       -" in process.out
    assert "https://s.test/x.zip (valid till " in text
    assert "              line ^[ two" in process.out
    assert '                "robot": {' in process.out
    assert (
        f"version 1     superseded; 3 d ago; {uuid_of(9)}; "
        "prompt: stack^[[2J the cups; superseded: mug vanishes"
    ) in process.out
    assert "version 2     pending; -; regenerated: again" in process.out


async def test_show_copes_with_a_dataset_that_has_little() -> None:
    one = dataset(1, data_byte_size=None, metadata=None, link=None, organization_id=None)
    _, process = await shown(Listing([one]), uuid_of(1), as_json=False)
    assert "link          -" in process.out
    assert "organization  -" in process.out


COUNTED = Statistics(
    total_datasets=7_312,
    total_size_bytes=10**12,
    by_status={"pending": 1_987, "accep\x1bted": 5},
    by_data_type={"episode": 7_312},
    daily_volume=(("2026-11-21", 3),),
    further={"hours": 12.5, "note": "x\x1b"},
    raw={"total_datasets": 7_312, "hours": 12.5},
)


async def test_stats_json_is_as_received() -> None:
    process, listing = Process(), Listing([])
    listing.counted = COUNTED
    assert (
        await stats(as_json=True, api=listing, clock=StillClock(), streams=process.streams)
        == ExitCode.DONE
    )
    assert process.out == ['{"total_datasets":7312,"hours":12.5}']


async def test_stats_for_a_person_are_a_table() -> None:
    process, listing = Process(), Listing([])
    listing.counted = COUNTED
    assert await stats(api=listing, clock=StillClock(), streams=process.streams) == ExitCode.DONE
    assert process.out == [
        "datasets  7,312",
        "size      1.0 TB",
        "by status",
        "  pending     1,987",
        "  accep^[ted      5",
        "by type",
        "  episode  7,312",
        "by day",
        "  2026-11-21  3",
        "hours  12.5",
        "note  x^[",
    ]


async def test_stats_of_nothing_are_no_lines() -> None:
    process = Process()
    assert (
        await stats(api=Listing([]), clock=StillClock(), streams=process.streams) == ExitCode.DONE
    )
    assert process.out == []


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (ServiceUnavailable("Cannot reach x: refused."), ExitCode.UNREACHABLE),
        (Unauthorized("Invalid API key", http_status=401), ExitCode.NO_KEY),
        (BadResponse("odd"), ExitCode.FAILED),
    ],
)
async def test_stats_that_fail_say_why(failure: Failure, code: ExitCode) -> None:
    process, listing = Process(), Listing([])
    listing.counted = failure
    assert await stats(api=listing, clock=StillClock(), streams=process.streams) == code
    assert failure.detail.rstrip(".") in process.err


def audit_line(**changes: Any) -> bytes:
    entry = {
        "v": 1,
        "time": "2026-11-23T12:00:00.000Z",
        "dataset_id": uuid_of(1),
        "verdict": "reject",
        "reason": "mug\\u001b vanishes",
        "user": "kim",
        "via": "console",
        "result": "done",
        "detail": None,
    }
    return json.dumps(entry | changes, ensure_ascii=False).encode()


def test_log_json_is_the_lines_themselves() -> None:
    process = Process()
    lines = [audit_line(), audit_line(reason="ü")]
    assert log(lines, as_json=True, streams=process.streams) == ExitCode.DONE
    assert [line.encode() for line in process.out] == lines


def test_log_for_a_person_is_separated_by_tabs() -> None:
    process = Process()
    assert log([audit_line(reason="esc\x1b")], streams=process.streams) == ExitCode.DONE
    assert process.out == [
        f"2026-11-23T12:00:00.000Z\treject\tdone\t{uuid_of(1)}\tkim\tconsole\tesc^[\t"
    ]


def test_an_empty_log_is_no_line_at_all() -> None:
    process = Process()
    assert log([], streams=process.streams) == ExitCode.DONE
    assert process.out == []


@pytest.mark.parametrize("torn", [b'{"v":1', b"[]", b"\xff", b"", b'{"a":' * 100_000])
def test_a_torn_line_is_counted_and_the_rest_is_shown(torn: bytes) -> None:
    process = Process()
    code = log([audit_line(), torn, audit_line()], as_json=True, streams=process.streams)
    assert code == ExitCode.FAILED
    assert len(process.out) == 2
    assert process.err == "gerra-tui: 1 lines of the audit log could not be read.\n"


def test_a_log_that_cannot_be_opened_is_a_sentence() -> None:
    def lines() -> Iterator[bytes]:
        yield audit_line()
        raise PermissionError(13, "Permission denied")

    process = Process()
    assert log(lines(), streams=process.streams) == ExitCode.FAILED
    assert process.err == "gerra-tui: The audit log cannot be read: Permission denied.\n"


def test_a_log_into_a_closed_pipe_is_left_to_the_caller() -> None:
    with pytest.raises(BrokenPipeError):
        log([audit_line()], streams=closed_pipe(reads=0))
