"""`gerra-tui outbox`: what is decided here and not yet settled."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from gerra_tui.domain.decision import DecisionState
from gerra_tui.headless.exit_code import ExitCode
from gerra_tui.headless.outbox import drop, outbox, send
from tests.fakes import FakeJournal, id_of
from tests.headless.stage import PREFERENCES, Process
from tests.headless.test_decide import Shell
from tests.virtual_time import in_virtual_time

if TYPE_CHECKING:
    from collections.abc import Callable

RECORD = [
    "decision_id",
    "dataset_id",
    "name",
    "data_type",
    "version",
    "verdict",
    "reason",
    "state",
    "decided_at",
    "send_at",
    "attempts",
    "last_error",
    "base_url",
    "organization_id",
    "profile",
    "batch_id",
    "owner",
    "revision",
]


async def left_over(*numbers: int, posting: str = "429") -> Shell:
    """A shell whose last command could not send these."""
    shell = Shell()
    for number in numbers:
        shell.service.posting.extend([posting] * 200)
        await shell.accept(number)
        shell.service.posting.clear()
    return shell


async def listed(shell: Shell, *, as_json: bool = True) -> list[Any]:
    shell.process = Process()
    code = await outbox(
        as_json=as_json, journal=FakeJournal(shell.disk), streams=shell.process.streams
    )
    assert code == ExitCode.DONE
    return [json.loads(line) for line in shell.process.out] if as_json else shell.process.out


async def changed(
    command: Callable[..., Any], shell: Shell, *ids: str, process: Process | None = None
) -> ExitCode:
    shell.process = process or Process()
    async with shell.dispatch() as (dispatch, journal):
        code = await command(
            ids,
            as_json=True,
            journal=journal,
            dispatch=dispatch,
            preferences=replace(PREFERENCES, read_only=shell.read_only),
            streams=shell.process.streams,
        )
        assert isinstance(code, ExitCode)
        return code


@in_virtual_time
async def test_an_empty_outbox_is_no_line_at_all() -> None:
    assert await listed(Shell()) == []
    assert await listed(Shell(), as_json=False) == []


@in_virtual_time
async def test_each_decision_is_a_line_with_every_key() -> None:
    first, second = await listed(await left_over(1, 2))
    assert list(first) == RECORD
    assert (first["dataset_id"], second["dataset_id"]) == (id_of(1), id_of(2))
    assert (first["verdict"], first["state"], first["reason"]) == ("accept", "waiting", None)
    assert first["decided_at"].endswith("Z")
    assert first["last_error"] == {
        "kind": "rate_limited",
        "http_status": 429,
        "detail": "Too many requests",
    }
    assert first["owner"] == {"pid": 1, "alive": False}
    assert set(first["revision"]) == {"status", "date_updated", "metadata_sha256"}


@in_virtual_time
async def test_text_is_one_line_each() -> None:
    (line,) = await listed(await left_over(1), as_json=False)
    fields = line.split("\t")
    assert fields[:3] == [id_of(1), "waiting", "accept"]
    assert fields[4:] == ["Stack cups, batch 1", "", "Too many requests"]


@in_virtual_time
async def test_sending_all_settles_what_was_left() -> None:
    shell = await left_over(1, 2)
    assert await changed(send, shell) == ExitCode.DONE
    assert shell.lines == [
        {"dataset_id": id_of(n), "verdict": "accept", "result": "done", "detail": "done"}
        for n in (1, 2)
    ]
    assert await listed(shell) == []
    assert len(shell.service.effective()) == 2


@in_virtual_time
async def test_sending_nothing_is_done() -> None:
    assert await changed(send, Shell()) == ExitCode.DONE


@in_virtual_time
async def test_only_what_is_named_is_sent() -> None:
    shell = await left_over(1, 2)
    assert await changed(send, shell, id_of(2).upper()) == ExitCode.DONE
    assert [one["dataset_id"] for one in await listed(shell)] == [id_of(1)]


@in_virtual_time
async def test_an_id_that_is_not_in_the_outbox_is_not_found() -> None:
    shell = await left_over(1)
    assert await changed(send, shell, id_of(1), id_of(9)) == ExitCode.FAILED
    assert f"{id_of(9)}: nothing in the outbox." in shell.process.err
    assert shell.results == ["done"]
    assert await changed(drop, shell, id_of(9)) == ExitCode.FAILED


@in_virtual_time
async def test_a_running_consoles_decisions_are_never_touched() -> None:
    shell = await left_over(1, 2)
    console = FakeJournal(shell.disk, pid=77)
    await console.open()
    await console.adopt([row.decision.id for row in shell.disk.rows.values()])
    for command in (send, drop):
        assert await changed(command, shell, id_of(1)) == ExitCode.FAILED
        assert "a running console (process " in shell.process.err
        assert shell.process.out == []
    assert await changed(send, shell) == ExitCode.DONE
    assert set(shell.disk.states().values()) == {DecisionState.WAITING}


@in_virtual_time
async def test_a_refused_one_is_not_sent_again_by_this_command() -> None:
    shell = Shell()
    shell.service.posting.append("403")
    await shell.accept(1)
    assert [one["state"] for one in await listed(shell)] == ["failed"]
    assert await changed(send, shell, id_of(1)) == ExitCode.FAILED
    assert "to try again, decide again" in shell.process.err
    assert await changed(send, shell) == ExitCode.DONE
    assert shell.process.err == ""
    assert await changed(drop, shell, id_of(1)) == ExitCode.DONE
    assert await listed(shell) == []


@in_virtual_time
async def test_what_still_cannot_be_sent_is_kept() -> None:
    shell = await left_over(1, 2, 3)
    shell.service.reading.extend(["refused"] * 1000)
    assert await changed(send, shell) == ExitCode.UNREACHABLE
    assert shell.results == ["waiting"] * 3
    assert "the rest is kept" in shell.process.err
    shell.service.reading.clear()
    assert await changed(send, shell) == ExitCode.DONE


@in_virtual_time
async def test_a_refused_key_leaves_all_where_they_are() -> None:
    shell = await left_over(*range(6))
    shell.service.reading.extend(["401"] * 100)
    assert await changed(send, shell) == ExitCode.NO_KEY
    assert shell.results == ["waiting"] * 6
    assert shell.lines[-1]["detail"] == "not tried: the key was refused"


@in_virtual_time
async def test_dropping_what_is_named_needs_no_question() -> None:
    shell = await left_over(1, 2)
    assert await changed(drop, shell, id_of(1)) == ExitCode.DONE
    assert shell.lines == [
        {"dataset_id": id_of(1), "verdict": "accept", "result": "dropped", "detail": None}
    ]
    assert [one["dataset_id"] for one in await listed(shell)] == [id_of(2)]


@in_virtual_time
async def test_dropping_what_was_posted_comes_with_a_warning() -> None:
    shell = Shell()
    shell.service.posting.extend(["cut"] * 50)
    shell.service.reading.extend(["ok", "ok", *["refused"] * 100])
    await shell.accept(1)
    shell.service.reading.clear()
    assert await changed(drop, shell, id_of(1)) == ExitCode.DONE
    assert f"{id_of(1)}: it was posted, and may have taken effect." in shell.process.err


@in_virtual_time
async def test_dropping_all_without_a_terminal_is_wrong_usage() -> None:
    shell = await left_over(1)
    assert await changed(drop, shell) == ExitCode.WRONG_USAGE
    assert len(await listed(shell)) == 1


@pytest.mark.parametrize(
    ("typed", "code", "left"),
    [("y\n", ExitCode.DONE, 0), ("yes\n", ExitCode.DONE, 0), ("\n", ExitCode.FAILED, 2),
     ("n\n", ExitCode.FAILED, 2), ("", ExitCode.FAILED, 2)],
)  # fmt: skip
def test_dropping_all_asks_at_a_terminal(typed: str, code: ExitCode, left: int) -> None:
    @in_virtual_time
    async def asked() -> None:
        shell = await left_over(1, 2)
        terminal = Process(stdin=typed, in_is_terminal=True, err_is_terminal=True)
        assert await changed(drop, shell, process=terminal) == code
        assert "Drop these 2 decisions? They are never sent. [y/N]" in terminal.err
        assert id_of(1) in terminal.err
        assert len(await listed(shell)) == left

    asked()


@in_virtual_time
async def test_read_only_changes_nothing() -> None:
    shell = await left_over(1)
    shell.read_only = True
    for command in (send, drop):
        assert await changed(command, shell, id_of(1)) == ExitCode.FAILED
        assert "read-only" in shell.process.err
    assert len(await listed(shell)) == 1


@in_virtual_time
async def test_a_journal_that_cannot_be_written_is_a_sentence() -> None:
    shell = await left_over(1)
    shell.disk.full = True
    for command in (send, drop):
        assert await changed(command, shell, id_of(1)) == ExitCode.FAILED
        assert "The disk is full" in shell.process.err
    process = Process()
    code = await outbox(journal=FakeJournal(shell.disk), streams=process.streams)
    assert code == ExitCode.FAILED
    assert "The disk is full" in process.err
