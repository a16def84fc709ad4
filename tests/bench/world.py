"""What a measurement runs in: demo services, throw-away profiles, and the same rows as files."""

from __future__ import annotations

import csv
import json
import mailbox
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Self

from gerra_tui.demo.host import DemoHost

if TYPE_CHECKING:
    from types import TracebackType

TITLES = ("state", "name", "type", "size", "updated", "id")
PAGE = 1_000  # the most that the service gives at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """How long a run measures. `million` is the length of the long list; without `all_peers`
    some rows have the console alone."""

    presses: int = 40
    starts: int = 11
    idle_seconds: float = 20.0
    repeat_seconds: float = 5.0
    patience: float = 60.0  # seconds that a screen is waited for after a key was let go
    million: int = 1_000_000
    scanned: int = 100_000
    all_peers: bool = True


QUICK = Length(
    presses=10,
    starts=2,
    idle_seconds=5.0,
    repeat_seconds=1.5,
    patience=3.0,
    million=100_000,
    scanned=10_000,
    all_peers=False,
)


class Service:
    """A demo service in a process of its own, and what it was asked."""

    def __init__(self, host: DemoHost) -> None:
        self._host = host
        self.environ = {"GERRA_BASE_URL": host.base_url, "GERRA_API_KEY": host.api_key}

    def call(self, path: str, *, method: str = "GET", body: object = None) -> Any:
        """The JSON answer."""
        request = urllib.request.Request(  # noqa: S310 - the demo's own http
            f"{self._host.base_url}{path}",
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={"Gerra-Api-Key": self._host.api_key, "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - as above
            return json.load(answer)

    def forget_requests(self) -> None:
        self.call("/_demo/requests", method="DELETE")

    def asked(self) -> tuple[int, int]:
        """Requests, and bytes of bodies answered, since they were last forgotten."""
        state = self.call("/_demo/state")
        return sum(state["requests"].values()), int(state["bytes_sent"]["api"])

    def pending(self, count: int) -> list[dict[str, Any]]:
        """The first rows of the list that is measured."""
        rows: list[dict[str, Any]] = []
        while len(rows) < count:
            path = f"/datasets?status=pending&limit={PAGE}&offset={len(rows)}"
            page = self.call(path)["datasets"]
            assert page, f"the service has {len(rows)} pending datasets, not {count}"
            rows += page
        return rows[:count]


class World:
    """Starts what is asked for once, and ends it with the `with` block."""

    def __init__(self, length: Length) -> None:
        self.length = length
        self._stack = ExitStack()
        self._folder = Path(self._stack.enter_context(TemporaryDirectory(prefix="bench-")))
        self._services: dict[tuple[int, int], Service] = {}
        self._profiles = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def service(self, datasets: int, *, latency_ms: int = 0) -> Service:
        """The one of that size and slowness."""
        key = (datasets, latency_ms)
        if key not in self._services:
            arguments = ["--datasets", str(datasets), "--latency-ms", str(latency_ms)]
            host = self._stack.enter_context(DemoHost(arguments))
            service = self._services[key] = Service(host)
            service.call("/datasets?limit=1")  # it listens before it is ready
        return self._services[key]

    def profile(self) -> dict[str, str]:
        """Environment of a user who has never started anything here."""
        self._profiles += 1
        home = self._folder / f"home-{self._profiles}"
        home.mkdir()
        folders = {
            f"XDG_{name}_HOME": str(home / name.lower())
            for name in ("CONFIG", "STATE", "CACHE", "DATA")
        }
        return {"HOME": str(home), **folders}

    def table(self, count: int) -> Path:
        """The pending datasets as tab-separated text; beyond 10,000 they repeat."""
        path = self._folder / f"rows-{count}.tsv"
        if not path.exists():
            rows = [_cells(row) for row in self._rows(count)]
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, delimiter="\t")
                writer.writerow(TITLES)
                writer.writerows(rows[number % len(rows)] for number in range(count))
        return path

    def mailbox(self, count: int) -> Path:
        """The same as mails in an mbox: the type is the sender, the name the subject."""
        path = self._folder / f"rows-{count}.mbox"
        if not path.exists():
            box = mailbox.mbox(path)
            for row in self._rows(count):
                message = Message()
                message["From"] = f"{row['data_type']} <{row['data_type']}@localhost>"
                message["Date"] = "Mon, 23 Nov 2026 12:00:00 +0000"
                message["Subject"] = row["name"].encode("ascii", "replace").decode()
                message["Message-ID"] = f"<{row['id']}@localhost>"
                message.set_payload(f"{row['id']}\n")
                box.add(message)
            box.close()
        return path

    def file(self, name: str, text: str) -> Path:
        path = self._folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def _rows(self, count: int) -> list[dict[str, Any]]:
        few = min(count, 10_000)
        return self.service(DATASETS).pending(few)


DATASETS = 40_000  # of which some 11,000 are pending: the list of most measurements


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    """As wide as the console shows them on 120 columns; ASCII, since peers differ in the rest."""
    name = "".join(letter if " " <= letter <= "~" else "?" for letter in row["name"])[:50]
    updated = str(row["date_updated"] or "")[:16].replace("T", " ")
    size = f"{row['data_byte_size'] or 0:,}"
    return row["status"], name, row["data_type"], size, updated, row["id"][:8]
