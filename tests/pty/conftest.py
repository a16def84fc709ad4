"""A demo service, for each test or for a file's, and a console's own files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gerra_tui.demo.host import DemoHost

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The program runs in processes of its own: here its lines cannot be counted."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.no_cover)


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return tmp_path / "record.jsonl"


@pytest.fixture
def demo(record: Path) -> Iterator[DemoHost]:
    with DemoHost(["--datasets", "3000", "--record", str(record)]) as host:
        yield host


@pytest.fixture
def environ(demo: DemoHost, tmp_path: Path) -> dict[str, str]:
    return environ_of(demo, tmp_path)


@pytest.fixture(scope="module")
def service() -> Iterator[DemoHost]:
    """For tests that only read."""
    with DemoHost(["--datasets", "3000"]) as host:
        yield host


@pytest.fixture
def home(service: DemoHost, tmp_path: Path) -> dict[str, str]:
    """The environment of a reviewer of that service who has never started the console."""
    return environ_of(service, tmp_path)


def environ_of(service: DemoHost, directory: Path) -> dict[str, str]:
    own = {
        f"XDG_{name}_HOME": str(directory / name.lower())
        for name in ("CONFIG", "STATE", "CACHE", "DATA")
    }
    return {"GERRA_BASE_URL": service.base_url, "GERRA_API_KEY": service.api_key, **own}
