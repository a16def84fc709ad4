"""Looks that outlast the console, in private files."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from gerra_tui.domain.checks.limits import Limits
from gerra_tui.domain.evidence import Check, Cost, Look, Mark, Step
from gerra_tui.evidence import facts
from gerra_tui.evidence.facts import FactFiles
from gerra_tui.service.looks import identity
from tests.headless.stage import dataset

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
BASE = "https://api.gerra.com"
LOOK = Look(
    dataset_id=dataset(1).id,
    kind="zip",
    facts={"size": 5, "topics": {"/a": {"type": "b", "count": None}}},
    checks=(Check(id="size", mark=Mark.ODD, text="0 bytes", measured=0, declared=5),),
    cost=Cost(requests=3, bytes=79_000, seconds=0.25),
    more=(Step(key="+", words="list", requests=1, bytes=7),),
    etag='"v1"',
)


@pytest.fixture
def files(tmp_path: Path) -> FactFiles:
    return FactFiles(tmp_path / "cache" / "evidence", BASE)


def test_a_look_is_there_again_with_its_age(files: FactFiles) -> None:
    files.keep(dataset(1), LOOK, now=NOW)
    kept = files.load(dataset(1))

    assert kept is not None
    assert kept.look == LOOK
    assert kept.as_of == NOW
    assert files.load(dataset(2)) is None


@pytest.mark.parametrize(
    "changes", [{"date_updated": "2026-11-28T10:00:00Z"}, {"data_byte_size": 7}]
)
def test_a_look_at_what_a_dataset_was_is_not_one_at_what_it_is(
    files: FactFiles, changes: dict[str, object]
) -> None:
    files.keep(dataset(1), LOOK, now=NOW)

    assert files.load(dataset(1, **changes)) is None


def test_a_look_belongs_to_its_service(files: FactFiles, tmp_path: Path) -> None:
    files.keep(dataset(1), LOOK, now=NOW)

    assert FactFiles(tmp_path / "cache" / "evidence", "https://other").load(dataset(1)) is None


def test_a_look_of_an_older_reader_is_made_anew(
    files: FactFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.keep(dataset(1), LOOK, now=NOW)
    monkeypatch.setattr(facts, "READER", facts.READER + 1)

    assert files.load(dataset(1)) is None


def test_a_look_that_failed_is_not_kept(files: FactFiles) -> None:
    files.keep(dataset(1), Look(dataset_id="a", kind="unknown", error="silent"), now=NOW)

    assert files.load(dataset(1)) is None


def test_what_is_kept_is_private_and_has_no_link(files: FactFiles, tmp_path: Path) -> None:
    signed = dataset(1, signed_url="https://storage/a?X-Amz-Signature=SECRET")
    files.keep(signed, LOOK, now=NOW)

    directory = tmp_path / "cache" / "evidence"
    (file,) = directory.iterdir()
    assert directory.stat().st_mode & 0o777 == 0o700
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"SECRET" not in file.read_bytes()


@pytest.mark.parametrize(
    "spoiled",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"reader": 1}',
        b"[" * 100_000,
        json.dumps({"reader": facts.READER, "key": [], "look": {}, "as_of": ""}).encode(),
        b" " * 2_000_000,
    ],
    ids=range(8),
)
def test_a_spoiled_file_costs_another_look_and_no_more(
    files: FactFiles, tmp_path: Path, spoiled: bytes
) -> None:
    files.keep(dataset(1), LOOK, now=NOW)
    (file,) = (tmp_path / "cache" / "evidence").iterdir()
    file.write_bytes(spoiled)

    assert files.load(dataset(1)) is None
    files.keep(dataset(1), LOOK, now=NOW)
    assert files.load(dataset(1)) is not None


def test_a_look_whose_parts_are_spoiled_is_made_anew(files: FactFiles, tmp_path: Path) -> None:
    files.keep(dataset(1), LOOK, now=NOW)
    (file,) = (tmp_path / "cache" / "evidence").iterdir()
    file.write_text(file.read_text().replace('"odd"', '"splendid"'))

    assert files.load(dataset(1)) is None


def test_a_directory_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    files = FactFiles(tmp_path / "file", BASE)
    files.keep(dataset(1), LOOK, now=NOW)

    assert files.load(dataset(1)) is None


def test_the_oldest_go_where_there_is_too_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = FactFiles(tmp_path, BASE)
    for number in range(20):
        files.keep(dataset(number), LOOK, now=NOW)
    paths = sorted(tmp_path.iterdir())
    size = paths[0].stat().st_size
    for age, path in enumerate(paths):
        os.utime(path, (1_000 - age, 1_000 - age))
    (tmp_path / "not_ours.txt").write_bytes(bytes(9_000))
    monkeypatch.setattr(facts, "KEPT", 6 * size)
    monkeypatch.setattr(facts, "SWEPT_EVERY", 2)
    files.keep(dataset(20), LOOK, now=NOW)

    left = {path.name for path in tmp_path.iterdir()}
    assert {path.name for path in paths[:4]} < left
    assert len(left) == 7


def test_all_kept_looks_are_summed_up(files: FactFiles, tmp_path: Path) -> None:
    for number in range(3):
        files.keep(dataset(number), LOOK, now=NOW)
    FactFiles(tmp_path / "cache" / "evidence", "https://other.example").keep(
        dataset(7), LOOK, now=NOW
    )
    (tmp_path / "cache" / "evidence" / "damaged.json").write_text("{")
    (tmp_path / "cache" / "evidence" / "odd.json").write_text(
        json.dumps({"reader": facts.READER, "key": 5, "look": {}})
    )
    found = dict(files.summaries())
    assert set(found) == {identity(dataset(number)) for number in range(3)}
    assert {summary.label for summary in found.values()} == {"!1"}


def test_where_nothing_was_kept_there_is_nothing_to_sum_up(files: FactFiles) -> None:
    assert list(files.summaries()) == []


def test_what_was_found_by_other_limits_is_not_known(files: FactFiles, tmp_path: Path) -> None:
    files.keep(dataset(1), LOOK, now=NOW)
    stricter = FactFiles(tmp_path / "cache" / "evidence", BASE, Limits(frames=3))
    assert stricter.load(dataset(1)) is None
    assert list(stricter.summaries()) == []
