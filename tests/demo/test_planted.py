"""The demo's datasets under the first look: clean ones are found clean, planted faults are found.

`python -m tests.demo.test_planted` prints the table of `gerra_tui/docs/evidence.md`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from gerra_tui.demo.options import Options
from gerra_tui.demo.world.catalogue import Catalogue
from gerra_tui.demo.world.clock import Clock
from gerra_tui.docs import page
from tests.demo.conftest import API_KEY, serving, until

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

pytestmark = pytest.mark.processes

CLEAN = 200
LAST = "time goes back"  # as rare as any, so that the record is whole when it is there

Look = dict[str, Any]


class Found(NamedTuple):
    fault: str
    look: Look
    by_key: bool

    @property
    def odd(self) -> list[str]:
        ids = [check["id"] for check in self.look["checks"] if check["mark"] == "odd"]
        return list(dict.fromkeys(ids))

    @property
    def line(self) -> str:
        cost = self.look["cost"]
        price = f"{cost['requests']} | {cost['bytes'] / 1000:.0f}"
        step = " (with `--more`)" if self.by_key else ""
        return f"| {self.fault} | {self.look['kind']} | {', '.join(self.odd)}{step} | {price} |"


class Outcome(NamedTuple):
    clean: list[Look]
    planted: list[Found]

    @property
    def table(self) -> str:
        head = ("| fault | kind | odd | requests | kB |", "|---|---|---|---|---|")
        return "\n".join([*head, *(found.line for found in self.planted)])


def looked_at(folder: Path) -> Outcome:
    """A first look at clean datasets, and at one for each fault; and with `--more` at what that
    left."""
    record = folder / "faults.jsonl"
    options = Options(record_faults=record)
    with serving(options) as demo:
        until(lambda: record.exists() and f'"{LAST}"' in record.read_text())
        lines = [json.loads(line) for line in record.read_text().splitlines()]
        planted: dict[str, str] = {}
        for line in lines:
            planted.setdefault(line["fault"], line["dataset_id"])
        faulty = {line["dataset_id"] for line in lines}
        ids = [*dict.fromkeys([*islice(_spread(faulty), CLEAN), *_twins(planted.values())])]
        looks = _looks(demo.base_url, folder, [*ids, *planted.values()])
        found = [Found(fault, looks[one], by_key=False) for fault, one in sorted(planted.items())]
        left = [planted[one.fault] for one in found if not one.odd]
        further = _looks(demo.base_url, folder, left, "--more")
    return Outcome(
        clean=[looks[one] for one in ids],
        planted=[
            one if one.odd else Found(one.fault, further[planted[one.fault]], by_key=True)
            for one in found
        ],
    )


def _spread(faulty: set[str]) -> Iterator[str]:
    """Clean datasets of the whole catalogue, of every kind and size."""
    catalogue = Catalogue(Options().seed, Options().datasets, Clock())
    broken = set(catalogue.broken_ids())
    for row in range(0, Options().datasets, 29):
        dataset_id = catalogue.identity.dataset_id(row)
        if dataset_id not in faulty | broken:
            yield dataset_id


def _twins(ids: Collection[str]) -> Iterator[str]:
    """The datasets that these are copies of."""
    catalogue = Catalogue(Options().seed, Options().datasets, Clock())
    rows = (row for row in range(Options().datasets)
            if catalogue.identity.dataset_id(row) in set(ids))  # fmt: skip
    for row in rows:
        if (twin := catalogue.twin(row)) is not None:
            yield catalogue.identity.dataset_id(twin)


def _looks(base_url: str, home: Path, ids: Sequence[str], *words: str) -> dict[str, Look]:
    program = [sys.executable, "-m", "gerra_tui", "evidence", "-", "--json", *words]
    environ = {
        "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(home),
        "GERRA_BASE_URL": base_url, "GERRA_API_KEY": API_KEY,
    }  # fmt: skip
    done = subprocess.run(program, input="\n".join(ids), env=environ, text=True,
                          capture_output=True, check=False)  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    looks = [json.loads(line) for line in done.stdout.splitlines()]
    return {look["dataset_id"]: look for look in looks}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return looked_at(tmp_path_factory.mktemp("planted"))


def test_a_clean_dataset_is_not_called_odd(outcome: Outcome) -> None:
    false = {
        look["dataset_id"]: odd or look["error"]
        for look in outcome.clean
        if (odd := Found("", look, by_key=False).odd) or look["error"]
    }
    assert len(outcome.clean) >= CLEAN
    assert len(false) <= 1, false
    kinds = {look["kind"] for look in outcome.clean}
    assert kinds >= {"zip", "tar", "mp4", "mcap", "bag", "parquet", "hdf5", "npz", "csv", "image"}


def test_a_first_look_stays_within_its_price(outcome: Outcome) -> None:
    looks = [*outcome.clean, *(found.look for found in outcome.planted if not found.by_key)]
    assert max(look["cost"]["requests"] for look in looks) <= 3
    assert max(look["cost"]["bytes"] for look in looks) <= 256_000


def test_planted_faults_are_found(outcome: Outcome) -> None:
    found = [one for one in outcome.planted if one.odd]
    assert len(found) == len(outcome.planted) >= 20
    assert sum(not one.by_key for one in found) >= 0.9 * len(found)


def test_the_page_says_what_was_found(outcome: Outcome) -> None:
    assert outcome.table in page("evidence")


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        sys.stdout.write(f"{looked_at(Path(folder)).table}\n")
