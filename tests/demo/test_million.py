"""A million datasets: what a console of any size is tried against."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from gerra_tui.demo.host import DemoHost
from tests.patience import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.processes

MILLION = 1_000_000
MIB = 1024  # in KiB, the unit of /proc/PID/status


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoHost]:
    with DemoHost(["--datasets", str(MILLION)]) as host:
        yield host


@pytest.fixture(scope="module")
def api(demo: DemoHost) -> Iterator[httpx.Client]:
    key = {"Gerra-Api-Key": demo.api_key}
    with httpx.Client(base_url=demo.base_url, headers=key, timeout=PATIENCE) as client:
        assert client.get("/datasets").json()["total"] == MILLION
        yield client


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("offset=900000", 1000),
        ("offset=200000&status=pending", 1000),
        ("offset=20000&status=discarded", 1000),
        ("offset=100000&status=accepted&data_type=episode", 1000),
    ],
)
def test_a_page_far_down_comes_as_fast_as_the_first(
    demo: DemoHost, api: httpx.Client, query: str, rows: int
) -> None:
    seconds = []
    for _ in range(5):
        before = busy(demo.pid)
        page = api.get(f"/datasets?limit=1000&{query}")
        seconds.append(busy(demo.pid) - before)
        assert len(page.json()["datasets"]) == rows
    assert min(seconds) < 0.5  # 0.2 s is the goal on an idle machine; this one may be shared


def busy(pid: int) -> float:
    """Seconds of CPU, over all threads: how fast it is, whatever else the machine does."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((one / "schedstat").read_text().split()[0]) for one in threads) / 1e9


def test_memory_stays_under_300_mib_whatever_is_asked(demo: DemoHost, api: httpx.Client) -> None:
    assert api.get("/datasets/stats").json()["total_datasets"] == MILLION
    for row in api.get("/datasets?status=pending&limit=300").json()["datasets"]:
        assert api.post(f"/datasets/{row['id']}/accept").status_code == 200
        api.get(f"/datasets/{row['id']}/iterations")
    status = Path(f"/proc/{demo.pid}/status").read_text()
    peak = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    assert int(peak) < 300 * MIB
