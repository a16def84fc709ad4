"""A demo service of its own for each test, and a console's own files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gerra_tui.demo.host import DemoHost

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return tmp_path / "record.jsonl"


@pytest.fixture
def demo(record: Path) -> Iterator[DemoHost]:
    with DemoHost(["--datasets", "3000", "--record", str(record)]) as host:
        yield host


@pytest.fixture
def environ(demo: DemoHost, tmp_path: Path) -> dict[str, str]:
    own = {
        f"XDG_{name}_HOME": str(tmp_path / name.lower())
        for name in ("CONFIG", "STATE", "CACHE", "DATA")
    }
    return {"GERRA_BASE_URL": demo.base_url, "GERRA_API_KEY": demo.api_key, **own}
