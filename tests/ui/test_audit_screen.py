"""The audit log as a reviewer reads, searches and exports it."""

from __future__ import annotations

import csv
import json
import stat
from typing import TYPE_CHECKING, Any

import pytest
from textual import events

from gerra_tui.journal.audit import audit_files
from gerra_tui.ui.screens import audit
from gerra_tui.ui.screens.audit import AuditScreen, details, row
from gerra_tui.ui.screens.audit_reading import (
    BLOCK,
    FIELDS,
    PIECE,
    AuditSearch,
    newest_first,
    oldest_first,
)
from tests.fakes import FakeService, id_of
from tests.ui.stage import Stage, lines_of, text_of
from tests.ui.workplaces import until, workplace_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from textual.pilot import Pilot

SIZES = pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 15)])


def entry(number: int, **changes: Any) -> dict[str, Any]:
    given = {
        "v": 1,
        "time": "2026-11-23T12:00:00Z",
        "dataset_id": id_of(number),
        "verdict": "reject",
        "reason": f"dark at 0:{number:02}",
        "result": "done",
        "via": "console",
        **changes,
    }
    return {field: given.get(field) for field in FIELDS}


def write(path: Path, entries: Sequence[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in entries), encoding="utf-8")
    return path


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """A rotated file with 0 to 9, the current one with 10 to 19."""
    return [
        write(tmp_path / "audit.00001.jsonl", [entry(n) for n in range(10)]),
        write(tmp_path / "audit.jsonl", [entry(n) for n in range(10, 20)]),
    ]


def screen(files: Sequence[Path]) -> AuditScreen:
    return AuditScreen(workplace_of(FakeService(0), audit_files=lambda: files))


async def export_to(pilot: Pilot[None], target: Path) -> None:
    await pilot.press("x", "ctrl+u")
    pilot.app.post_message(events.Paste(str(target)))
    await pilot.press("enter")


@SIZES
async def test_the_newest_entry_comes_first_and_is_shown_in_full(
    files: list[Path], size: tuple[int, int]
) -> None:
    stage = Stage(screen(files))
    async with stage.run_test(size=size) as pilot:
        await until(pilot, lambda: "Audit log   20 of 20 lines looked at" in text_of(stage))
        assert "done        reject  00000013  dark at 0:19" in lines_of(stage)[2]
        assert f"dataset_id {id_of(19)}" in text_of(stage)
        await pilot.press("G")
        assert f"dataset_id {id_of(0)}" in text_of(stage)
        assert lines_of(stage)[-1] == "/ search   x export   R refresh   ? help   Esc back"


async def test_a_log_that_is_rotated_meanwhile_is_read_in_full(tmp_path: Path) -> None:
    current = write(tmp_path / "audit.jsonl", [entry(n) for n in range(10)])
    workplace = workplace_of(FakeService(0), audit_files=lambda: audit_files(current))
    stage = Stage(AuditScreen(workplace))
    async with stage.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Audit log   10 of 10 lines looked at" in text_of(stage))
        current.rename(tmp_path / "audit.00001.jsonl")
        write(current, [entry(n) for n in range(10, 15)])
        await pilot.press("R")
        await until(pilot, lambda: "Audit log   15 of 15 lines looked at" in text_of(stage))


async def test_a_search_looks_through_all_files_and_escape_gives_all_back(
    files: list[Path],
) -> None:
    stage = Stage(screen(files))
    async with stage.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "20 of 20 lines" in text_of(stage))
        await pilot.press("/", *"DARK", "space", *"0:05", "enter")
        await until(pilot, lambda: "Audit log   1 of 20 lines" in text_of(stage))
        assert f"dataset_id {id_of(5)}" in text_of(stage)
        await pilot.press("escape")
        await until(pilot, lambda: "Audit log   20 of 20 lines looked at" in text_of(stage))
        await pilot.press("escape")
        await pilot.pause()
        assert "Kitchen wipe, take 0" in text_of(stage)


@pytest.mark.parametrize("name", ["found.csv", "found.jsonl"])
async def test_what_is_found_is_exported_to_a_private_file_oldest_first(
    files: list[Path], tmp_path: Path, name: str
) -> None:
    target = tmp_path / name
    stage = Stage(screen(files))
    async with stage.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "20 of 20 lines" in text_of(stage))
        await pilot.press("/", *"0:1", "enter")
        await until(pilot, lambda: "10 of 20 lines" in text_of(stage))
        await export_to(pilot, target)
        await until(pilot, lambda: "10 lines written on this machine to" in text_of(stage))
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    text = target.read_text(encoding="utf-8")
    if name.endswith("csv"):
        ids = [line["dataset_id"] for line in csv.DictReader(text.splitlines())]
    else:
        ids = [json.loads(line)["dataset_id"] for line in text.splitlines()]
    assert ids == [id_of(n) for n in range(10, 20)]


async def test_an_export_never_overwrites_and_says_why_it_cannot(
    files: list[Path], tmp_path: Path
) -> None:
    stage = Stage(screen(files))
    async with stage.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "20 of 20 lines" in text_of(stage))
        await export_to(pilot, files[0])
        await until(pilot, lambda: "Not written, it exists already" in text_of(stage))
        await export_to(pilot, tmp_path / "none" / "x.csv")
        await until(pilot, lambda: "Not written (No such file or directory)" in text_of(stage))
        await pilot.press("x", "escape", "x", "ctrl+u", "enter")
        await pilot.pause()
    assert len(files[0].read_text(encoding="utf-8").splitlines()) == 10


async def test_a_log_that_was_never_written_is_empty(tmp_path: Path) -> None:
    stage = Stage(screen([tmp_path / "audit.jsonl"]))
    async with stage.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Audit log   nothing was decided here yet" in text_of(stage))
        await pilot.press("j", "enter", "G")


async def test_a_log_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    directory = tmp_path / "audit.jsonl"
    directory.mkdir()
    stage = Stage(screen([directory]))
    async with stage.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "The log cannot be read: Is a directory." in text_of(stage))


async def test_lines_cut_short_are_counted_and_the_others_shown(tmp_path: Path) -> None:
    path = write(tmp_path / "audit.jsonl", [entry(1)])
    with path.open("a", encoding="utf-8") as file:
        file.write('{"v":1,"dataset\n17\n' + json.dumps(entry(2)))
    stage = Stage(screen([path]))
    async with stage.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "2 of 4 lines looked at, 2 unreadable" in text_of(stage))
        await pilot.press("j")
        assert f"dataset_id {id_of(1)}" in text_of(stage)


async def test_r_reads_what_was_written_meanwhile(files: list[Path]) -> None:
    stage = Stage(screen(files))
    async with stage.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "20 of 20 lines" in text_of(stage))
        write(files[1], [entry(n) for n in range(10, 21)])
        await pilot.press("R")
        await until(pilot, lambda: "21 of 21 lines" in text_of(stage))


async def test_of_a_big_log_only_the_newest_are_kept_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "MOST", 50)
    path = write(tmp_path / "audit.jsonl", [entry(n % 60) for n in range(PIECE + 500)])
    stage = Stage(screen([path]))
    async with stage.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "the newest 50 of 2,000 lines looked at" in text_of(stage))
        assert "older ones: search or export" in text_of(stage)


@pytest.mark.parametrize("length", [0, 1, BLOCK - 200, BLOCK, BLOCK + 1, 3 * BLOCK])
def test_reading_backwards_gives_the_same_lines_whatever_their_length(
    tmp_path: Path, length: int
) -> None:
    path = tmp_path / "audit.jsonl"
    lines = [b"a", b"x" * length, b"b", b"y" * (length // 3), b"c"]
    path.write_bytes(b"\n".join(lines))
    told = [line for line in lines if line]
    assert list(newest_first([path])) == told[::-1]
    assert [line.rstrip(b"\n") for line in oldest_first([path]) if line != b"\n"] == told


def test_a_big_log_is_read_in_pieces(tmp_path: Path) -> None:
    path = write(tmp_path / "audit.jsonl", [entry(n % 60) for n in range(PIECE + 1)])
    search = AuditSearch(newest_first([path]))
    first, second = search.next_piece(), search.next_piece()
    assert first is not None
    assert second is not None
    assert (first.looked_at, second.looked_at, search.next_piece()) == (PIECE, 1, None)


def test_hostile_entries_stay_in_their_lines() -> None:
    bad = entry(1, reason="\x1b[31m\u202e\n" + "長" * 900, result=["x"], time="soon")
    line = row(bad, 58)
    assert not {"\x1b", "\u202e", "\n"} & set(line)
    assert line.startswith("?")
    assert not {"\x1b", "\u202e"} & set("".join(details(bad, 60)))
