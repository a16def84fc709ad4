"""What a reviewer's screen and the service's own record tell of a review."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import httpx

from gerra_tui.ui.dialogs.confirm import TYPED_AHEAD
from tests.patience import PATIENCE

if TYPE_CHECKING:
    from pathlib import Path

    from gerra_tui.demo.host import DemoHost
    from tests.pty.session import TerminalSession

LOOKED = r"CHECKS  \d requests?, \d+ kB"  # once the data of the row was looked at
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


def posts(record: Path) -> list[dict[str, Any]]:
    if not record.exists():
        return []
    return [json.loads(line) for line in record.read_text().splitlines()]


def sent(record: Path, count: int, seconds: float = PATIENCE) -> list[dict[str, Any]]:
    """The verdicts that the service got, once there are that many."""
    deadline = time.monotonic() + seconds
    while len(posts(record)) < count:
        assert time.monotonic() < deadline, f"only {len(posts(record))} verdicts arrived"
        time.sleep(0.05)
    return posts(record)


def under_cursor(terminal: TerminalSession) -> str:
    """The full id in the status line."""
    terminal.settle(0.15)
    return terminal.wait_for(rf" [\d,]+/[\d,?]+ +({UUID})")[1]


def control(demo: DemoHost, call: str, content: object) -> Any:
    """One of the demo's own calls, as `gerra_tui.demo.calls.control` has them."""
    answer = httpx.post(
        f"{demo.base_url}/_demo/{call}",
        headers={"Gerra-Api-Key": demo.api_key},
        json=content,
    )
    return answer.raise_for_status().json()


def listed(demo: DemoHost, count: int) -> list[str]:
    """The ids of the first pending datasets, in the service's order."""
    answer = httpx.get(
        f"{demo.base_url}/datasets",
        headers={"Gerra-Api-Key": demo.api_key},
        params={"status": "pending", "limit": count},
    )
    return [one["id"] for one in answer.raise_for_status().json()["datasets"]]


def send_all(terminal: TerminalSession) -> None:
    """In the outbox: the key, and the second one once its question was read."""
    terminal.press("N")
    terminal.wait_for("y send   n no")
    terminal.read_for(2 * TYPED_AHEAD)
    terminal.press("y")
