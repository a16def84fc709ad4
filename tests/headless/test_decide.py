"""`gerra-tui accept` and `gerra-tui reject`: outcomes, formats, exit codes."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from gerra_tui.domain.decision import DecisionState, Verdict
from gerra_tui.headless.decide import decide
from gerra_tui.headless.exit_code import ExitCode
from gerra_tui.service.decisions.dispatch import Dispatch
from gerra_tui.service.decisions.pace import Patience
from gerra_tui.service.decisions.records import outbox_record
from tests.fakes import ORIGIN, Disk, FakeAuditLog, FakeJournal, FakeService, body, id_of
from tests.headless.stage import PREFERENCES, Process
from tests.virtual_time import LoopClock, in_virtual_time

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

QUICK = Patience(first=1.0, longest=8.0)


@dataclass
class Shell:
    """What stays from one command to the next."""

    service: FakeService = field(default_factory=FakeService)
    disk: Disk = field(default_factory=Disk)
    process: Process = field(default_factory=Process)
    read_only: bool = False

    @asynccontextmanager
    async def dispatch(self) -> AsyncIterator[tuple[Dispatch, FakeJournal]]:
        journal = FakeJournal(self.disk)
        dispatch = Dispatch(
            journal=journal,
            audit=FakeAuditLog(self.disk),
            api=self.service,
            clock=LoopClock(),
            origin=ORIGIN,
            patience=QUICK,
            read_only=self.read_only,
        )
        try:
            yield dispatch, journal
        finally:
            await dispatch.close()

    async def run(
        self,
        verdict: Verdict,
        words: Sequence[str],
        *,
        reason: str | None = None,
        dry_run: bool = False,
        as_json: bool = True,
    ) -> ExitCode:
        self.process = Process()
        async with self.dispatch() as (dispatch, _):
            return await decide(
                verdict,
                words,
                reason=reason,
                dry_run=dry_run,
                as_json=as_json,
                api=self.service,
                dispatch=dispatch,
                clock=LoopClock(),
                preferences=replace(PREFERENCES, read_only=self.read_only),
                streams=self.process.streams,
            )

    async def accept(self, *numbers: int, **options: Any) -> ExitCode:
        return await self.run(Verdict.ACCEPT, [id_of(number) for number in numbers], **options)

    async def reject(self, *numbers: int, reason: str = "The mug vanishes") -> ExitCode:
        words = [id_of(number) for number in numbers]
        return await self.run(Verdict.REJECT, words, reason=reason)

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.process.out]

    @property
    def results(self) -> list[str]:
        return [line["result"] for line in self.lines]

    @property
    def posted(self) -> list[str]:
        return [one.dataset_id for one in self.service.posts if one.by == "post"]


@in_virtual_time
async def test_an_accepted_dataset_is_a_line_of_json() -> None:
    shell = Shell()
    assert await shell.accept(1) == ExitCode.DONE
    assert shell.lines == [
        {"dataset_id": id_of(1), "verdict": "accept", "result": "done", "detail": "done"}
    ]
    assert list(shell.lines[0]) == ["dataset_id", "verdict", "result", "detail"]
    assert shell.service.status(1) == "accepted"
    assert shell.process.err == ""
    assert len(shell.disk.lines) == 1
    (row,) = shell.disk.rows.values()
    assert (row.decision.via, row.decision.state) == ("cli", DecisionState.DONE)


@in_virtual_time
async def test_the_same_as_text_is_separated_by_tabs() -> None:
    shell = Shell()
    assert await shell.accept(1, as_json=False) == ExitCode.DONE
    assert shell.process.out == [f"{id_of(1)}\taccept\tdone\tdone"]


@in_virtual_time
async def test_a_rejection_takes_its_reason_along() -> None:
    shell = Shell()
    assert await shell.reject(1, 2, reason="The mug “vanishes”") == ExitCode.DONE
    assert [one.reason for one in shell.service.posts] == ["The mug “vanishes”"] * 2
    assert shell.results == ["done", "done"]


@pytest.mark.parametrize("reason", [None, "", "  \n\t", "\u200b", "x" * 2001])
@in_virtual_time
async def test_a_rejection_without_a_fit_reason_is_wrong_usage(reason: str | None) -> None:
    shell = Shell()
    code = await shell.run(Verdict.REJECT, [id_of(1)], reason=reason)
    assert code == ExitCode.WRONG_USAGE
    assert "reason" in shell.process.err
    assert shell.service.calls == []


@in_virtual_time
async def test_a_torn_line_of_input_is_wrong_usage() -> None:
    shell = Shell()
    assert await shell.run(Verdict.ACCEPT, [id_of(1), '{"id": "']) == ExitCode.WRONG_USAGE
    assert "Line 2 is not whole JSON: nothing was decided." in shell.process.err
    assert shell.service.calls == []


@in_virtual_time
async def test_many_are_decided_in_order_and_duplicates_once() -> None:
    shell = Shell(service=FakeService(60))
    numbers = [*range(50), *range(20)]
    assert await shell.accept(*numbers) == ExitCode.DONE
    assert [line["dataset_id"] for line in shell.lines] == [id_of(number) for number in range(50)]
    assert sorted(shell.posted) == sorted(id_of(number) for number in range(50))
    assert shell.service.most_in_flight <= 8, "4 readers and 4 decisions"


@in_virtual_time
async def test_what_we_decided_before_is_done_without_a_post() -> None:
    shell = Shell()
    await shell.accept(1)
    assert await shell.accept(1) == ExitCode.DONE
    assert shell.results == ["done"]
    assert shell.posted == [id_of(1)]
    assert len(shell.disk.lines) == 1


@in_virtual_time
async def test_what_others_decided_is_refused() -> None:
    shell = Shell()
    shell.service.decide_elsewhere(1, Verdict.ACCEPT)
    for verdict in (shell.accept(1, 2), shell.reject(1, 3)):
        assert await verdict == ExitCode.FAILED
        assert shell.results == ["refused", "done"]
        assert "accepted" in shell.lines[0]["detail"]
    assert shell.posted == [id_of(2), id_of(3)]


@in_virtual_time
async def test_what_we_decided_otherwise_is_refused() -> None:
    shell = Shell()
    await shell.accept(1)
    assert await shell.reject(1) == ExitCode.FAILED
    assert shell.results == ["refused"]
    assert shell.service.status(1) == "accepted"


@in_virtual_time
async def test_a_line_of_ls_json_is_the_revision_that_counts() -> None:
    shell = Shell()
    seen = [json.dumps(body(1)), json.dumps(body(2))]
    shell.service.touch(2, metadata={"take": 99}, date_updated="2026-11-22T08:00:00Z")
    assert await shell.run(Verdict.ACCEPT, seen) == ExitCode.FAILED
    assert shell.results == ["done", "refused"]
    assert "metadata.take is 99, was 2" in shell.lines[1]["detail"]
    assert shell.posted == [id_of(1)]
    reads = [which for _, what, which in shell.service.calls if what == "read"]
    assert reads == [id_of(1), id_of(2)], "what was seen need not be read first"


@in_virtual_time
async def test_rows_that_nobody_can_read_are_never_decided_on() -> None:
    shell = Shell()
    words = [json.dumps(body(1) | {"name": None}), '{"id": null}', id_of(2)]
    assert await shell.run(Verdict.ACCEPT, words) == ExitCode.FAILED
    assert shell.results == ["failed", "failed", "done"]
    assert shell.posted == [id_of(2)]


@in_virtual_time
async def test_an_unknown_id_fails_and_the_rest_is_done() -> None:
    shell = Shell(service=FakeService(5))
    assert await shell.accept(100, 101, 102, 103, 1) == ExitCode.FAILED
    assert shell.results == ["failed"] * 4 + ["done"]
    assert shell.lines[0]["detail"] == "Dataset not found"


@in_virtual_time
async def test_a_dry_run_sends_nothing_and_keeps_nothing() -> None:
    shell = Shell()
    await shell.accept(3)
    posts, rows = len(shell.service.posts), len(shell.disk.rows)
    assert await shell.accept(1, 3, dry_run=True) == ExitCode.DONE
    assert shell.results == ["would_send", "done"]
    shell.service.decide_elsewhere(2, Verdict.REJECT, "no")
    assert await shell.accept(1, 2, 100, dry_run=True) == ExitCode.FAILED
    assert shell.results == ["would_send", "refused", "failed"]
    assert (len(shell.posted), len(shell.disk.rows)) == (posts, rows)


@in_virtual_time
async def test_read_only_sends_nothing() -> None:
    shell = Shell(read_only=True)
    assert await shell.accept(1) == ExitCode.FAILED
    assert "read-only" in shell.process.err
    assert shell.service.calls == []
    assert await shell.accept(1, dry_run=True) == ExitCode.DONE
    assert shell.posted == []


@in_virtual_time
async def test_a_refused_key_stops_at_once() -> None:
    shell = Shell()
    shell.service.reading.extend(["ok", "ok", *["401"] * 50])
    assert await shell.accept(*range(10)) == ExitCode.NO_KEY
    assert "failed" in shell.results
    assert shell.lines[-1]["detail"] == "not tried: the key was refused"
    assert "were not tried because the key was refused" in shell.process.err
    assert len(shell.service.calls) < 12


@in_virtual_time
async def test_what_could_never_be_read_waits_for_the_same_command() -> None:
    shell = Shell()
    shell.service.reading.extend(["refused"] * 1000)
    assert await shell.accept(*range(10)) == ExitCode.UNREACHABLE
    assert shell.results == ["waiting"] * 4 + ["failed"] * 6
    assert shell.lines[-1]["detail"] == "not tried: the service cannot be reached"
    assert 30 < asyncio.get_running_loop().time() < 100
    kept = [row.decision for row in shell.disk.rows.values()]
    assert sorted(one.dataset_id for one in kept) == [id_of(number) for number in range(4)]
    assert {one.state for one in kept} == {DecisionState.WAITING}
    assert outbox_record(kept[0])["name"] is None
    shell.service.reading.clear()
    assert await shell.accept(*range(10)) == ExitCode.DONE
    assert_decided_once(shell, range(10))


@in_virtual_time
async def test_what_waits_unread_is_sent_only_while_it_is_pending() -> None:
    shell = Shell()
    shell.service.reading.extend(["500"] * 1000)
    assert await shell.reject(1, 2) == ExitCode.UNREACHABLE
    assert shell.results == ["waiting", "waiting"]
    shell.service.reading.clear()
    shell.service.decide_elsewhere(1, Verdict.ACCEPT)
    async with shell.dispatch() as (dispatch, journal):
        await dispatch.start()
        sent = [await dispatch.send(one) for one in await journal.open_decisions()]
    assert {one.dataset_id: one.result for one in sent} == {id_of(1): "refused", id_of(2): "done"}
    assert [(one.dataset_id, one.reason) for one in shell.service.posts if one.by == "post"] == [
        (id_of(2), "The mug vanishes")
    ]
    assert len(shell.disk.lines) == 2


@in_virtual_time
async def test_an_unread_id_is_never_a_second_decision() -> None:
    shell = Shell()
    shell.service.posting.extend(["429"] * 1000)
    await shell.accept(1)
    await shell.accept(2)
    shell.service.reading.extend(["refused"] * 1000)
    rows = len(shell.disk.rows)
    assert await shell.accept(1, dry_run=True) == ExitCode.UNREACHABLE
    assert shell.results == ["failed"]
    assert await shell.accept(1) == ExitCode.UNREACHABLE
    assert shell.results == ["waiting"]
    assert await shell.reject(2) == ExitCode.UNREACHABLE
    assert shell.results == ["waiting"]
    assert "already decided here (accept, waiting, in the outbox)" in shell.lines[0]["detail"]
    assert len(shell.disk.rows) == rows


@in_virtual_time
async def test_what_is_done_is_not_journaled_again_while_the_service_is_away() -> None:
    shell = Shell()
    await shell.accept(1)
    shell.service.reading.extend(["refused"] * 1000)
    assert await shell.accept(1) == ExitCode.UNREACHABLE
    assert shell.results == ["failed"]
    assert len(shell.disk.rows) == 1


@in_virtual_time
async def test_a_service_that_was_reached_and_lost_leaves_decisions_waiting() -> None:
    shell = Shell()
    shell.service.posting.extend(["429"] * 1000)
    assert await shell.accept(1) == ExitCode.FAILED
    assert shell.results == ["waiting"]
    assert shell.service.status(1) == "pending"
    shell.service.posting.clear()
    assert await shell.accept(1) == ExitCode.DONE
    assert shell.results == ["done"]
    assert len(shell.service.effective()) == 1


@in_virtual_time
async def test_a_hiccup_is_waited_out() -> None:
    shell = Shell()
    shell.service.reading.extend(["500", "cut", "429:2"])
    shell.service.posting.extend(["429", "cut-after"])
    assert await shell.accept(1, 2, 3) == ExitCode.DONE
    assert shell.results == ["done"] * 3
    assert len(shell.service.effective()) == 3


@in_virtual_time
async def test_three_failures_in_a_row_leave_the_rest_alone() -> None:
    shell = Shell()
    shell.service.posting.extend(["403"] * 100)
    assert await shell.accept(*range(20)) == ExitCode.FAILED
    assert len(shell.posted) <= 6, "those in flight at the third failure at most"
    assert shell.lines[-1]["detail"] == "not tried: 3 in a row failed"
    assert "mend that, then run it again with the same ids" in shell.process.err


@in_virtual_time
async def test_failures_that_are_not_in_a_row_stop_nothing() -> None:
    shell = Shell(service=FakeService(40))
    shell.service.posting.extend(["ok", "403", "ok", "404"] * 10)
    assert await shell.accept(*range(40)) == ExitCode.FAILED
    assert shell.results.count("done") == 20
    assert len(shell.results) == 40


@in_virtual_time
async def test_a_full_disk_decides_nothing() -> None:
    shell = Shell()
    shell.disk.full = True
    assert await shell.accept(1) == ExitCode.FAILED
    assert "The disk is full" in shell.process.err
    assert shell.service.calls == []


@in_virtual_time
async def test_a_disk_that_fills_up_stops_before_the_next_verdict() -> None:
    shell = Shell()

    def fill(_: str) -> None:
        shell.disk.full = True

    shell.service.on_read = fill
    assert await shell.accept(*range(10)) == ExitCode.FAILED
    assert set(shell.results) == {"failed"}
    assert "The disk is full" in shell.lines[0]["detail"]
    assert shell.posted == []


@in_virtual_time
async def test_a_log_that_lags_behind_is_told_of() -> None:
    shell = Shell()
    shell.disk.audit_full = True
    assert await shell.accept(1) == ExitCode.DONE
    assert "The audit log is behind" in shell.process.err


@in_virtual_time
async def test_an_interrupted_run_is_finished_by_the_same_command() -> None:
    shell = Shell(service=FakeService(200))
    numbers = range(200)
    for _ in range(6):
        shell.service.posting.extend(["ok", "cut-after", "429", "ok", "cut"])
        task = asyncio.create_task(shell.accept(*numbers))
        await asyncio.sleep(1.5)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    shell.service.posting.clear()
    assert await shell.accept(*numbers) == ExitCode.DONE
    assert shell.results == ["done"] * 200
    assert_decided_once(shell, numbers)


@in_virtual_time
async def test_what_is_cut_again_and_again_waits_for_the_same_command() -> None:
    """Each cut costs half a minute of a decision's one: two are too many, or one from before."""
    shell = Shell()
    for cuts in (2, 1):
        shell.service.posting.extend(["cut"] * cuts)
        assert await shell.accept(1) == ExitCode.FAILED
        assert shell.results == ["waiting"]
    assert await shell.accept(1) == ExitCode.DONE
    assert_decided_once(shell, [1])


def assert_decided_once(shell: Shell, numbers: Sequence[int]) -> None:
    effective = [one.dataset_id for one in shell.service.effective()]
    assert sorted(effective) == sorted(map(id_of, numbers))
    assert len(shell.disk.lines) == len(set(shell.disk.lines)) == len(numbers)


@in_virtual_time
async def test_an_open_decision_of_another_kind_is_left_as_it_is() -> None:
    shell = Shell()
    shell.service.posting.extend(["429"] * 1000)
    await shell.accept(1)
    assert await shell.reject(1) == ExitCode.FAILED
    assert shell.results == ["waiting"]
    assert "see gerra-tui outbox" in shell.lines[0]["detail"]
