"""What really happened, by the service's own record; and the table of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from threading import Lock
from typing import TYPE_CHECKING, Any

import httpx

from gerra_tui.demo.host import DemoHost
from tests.patience import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Wish:
    """A verdict that a reviewer confirmed, and was told to be recorded."""

    dataset_id: str
    verdict: str
    reason: str | None


@dataclass(slots=True)
class Row:
    """One line of the table. `others` counts datasets that another reviewer decided first."""

    tried: int = 0
    kills: int = 0
    done: int = 0
    others: int = 0
    failed: int = 0
    withdrawn: int = 0
    lost: int = 0
    doubled: int = 0
    misdirected: int = 0
    overwritten: int = 0
    windows_ms: list[float] = field(default_factory=list)

    @property
    def wrong(self) -> int:
        return self.lost + self.doubled + self.misdirected


class Backend:
    """A demo service with its record, and another reviewer's hand on it."""

    def __init__(self, directory: Path, *, overwrite: bool, datasets: int = 3000) -> None:
        self.name = "overwriting" if overwrite else "refusing"
        self.overwrites = overwrite
        self.record = directory / f"record-{self.name}.jsonl"
        arguments = ["--datasets", str(datasets), "--record", str(self.record)]
        self._host = DemoHost([*arguments, *(["--overwrite"] if overwrite else [])])
        self.base_url, self.api_key = self._host.base_url, self._host.api_key
        self._http = httpx.Client(
            base_url=self.base_url,
            headers={"Gerra-Api-Key": self.api_key},
            trust_env=False,
            timeout=PATIENCE,
        )
        self._turn = Lock()
        self._fresh: list[str] = []
        self.elsewhere: dict[str, str] = {}

    def close(self) -> None:
        self._http.close()
        self._host.stop()

    def fresh(self, count: int) -> list[str]:
        """Ids of pending datasets that no one was given yet."""
        with self._turn:
            if len(self._fresh) < count:
                wanted = {"count": 500, "data_type": "episode"}
                self._fresh += self._post("arrive", wanted)["ids"]
            taken, self._fresh = self._fresh[:count], self._fresh[count:]
            return taken

    def plan_faults(
        self,
        ids: Iterable[str],
        *,
        posting: Sequence[str] = (),
        reading: Sequence[str] = (),
        skip_readings: int = 0,
    ) -> None:
        """Each id's next POSTs, and its next single readings after so many good ones."""
        rules: list[dict[str, Any]] = []
        for one in ids:
            post = {"method": "POST", "path": f"/datasets/{one}/*"}
            read = {"method": "GET", "path": "/datasets/dataset", "query": {"id": one}}
            rules += [{"fault": fault, "match": post} for fault in posting]
            rules += [{"fault": fault, "match": read, "skip": skip_readings} for fault in reading]
        if rules:
            self._post("faults", rules)

    def decide_elsewhere(self, dataset_id: str, verdict: str, reason: str | None = None) -> bool:
        answer = self._http.post(
            "/_demo/decide", json={"id": dataset_id, "verdict": verdict, "reason": reason}
        )
        if answer.status_code == 200:
            self.elsewhere[dataset_id] = verdict
        return answer.status_code == 200

    def judge(
        self,
        wishes: Sequence[Wish],
        given: Sequence[str],
        *,
        asked: Iterable[Wish] = (),
        taken_back: Collection[str] = (),
        withdrawn: Collection[str] = (),
        failed: Collection[str] = (),
    ) -> Row:
        """Count over these datasets, by the record alone.

        `asked` are verdicts that a console was told to make and may not have told to be recorded.
        `taken_back` were told to be: not one POST of them may be there. `withdrawn` may have been
        taken back or dropped, `failed` may have been refused by the service for good.
        """
        posts = self.posts(given)
        row = Row(tried=len(wishes))
        meant = {*wishes, *asked}
        for one in given:
            effective = [post for post in posts[one] if post["took_effect"]]
            row.misdirected += sum(not _is_meant(one, post, meant) for post in posts[one])
            row.misdirected += len(posts[one]) if one in taken_back else 0
            if effective:
                row.doubled += len(posts[one]) - posts[one].index(effective[0]) - 1
        for wish in wishes:
            took_effect = any(
                post["took_effect"]
                and Wish(wish.dataset_id, post["verdict"], post["reason"]) == wish
                for post in posts[wish.dataset_id]
            )
            if took_effect:
                row.done += 1
            elif wish.dataset_id in withdrawn or wish.dataset_id in taken_back:
                row.withdrawn += 1
            elif wish.dataset_id in self.elsewhere:
                row.others += 1
            elif wish.dataset_id in failed:
                row.failed += 1
            else:
                row.lost += 1
        self._count_windows(row, set(given))
        return row

    def posts(self, given: Collection[str]) -> dict[str, list[dict[str, Any]]]:
        """The record's lines of these datasets."""
        posts: dict[str, list[dict[str, Any]]] = {one: [] for one in given}
        for line in self.record.read_text().splitlines():
            post = json.loads(line)
            if post["dataset_id"] in posts:
                posts[post["dataset_id"]].append(post)
        return posts

    def readings(self, dataset_id: str) -> int:
        """How often this dataset was read, as far back as the service remembers."""
        return len(_requests(self._state(), dataset_id)[0])

    def _count_windows(self, row: Row, given: set[str]) -> None:
        """Of each verdict that took effect: the time from the reading before its POST to the POST,
        and whether it took the place of another reviewer's, made after that reading."""
        state = self._state()
        taken = state["verdicts"]
        for place, ours in enumerate(taken):
            one = ours["dataset_id"]
            if ours["by"] != "post" or one not in given:
                continue
            readings, posts = _requests(state, one)
            posted = max(at for at in posts if at <= _instant(ours["time"]))
            read = max(at for at in readings if at <= posted)
            row.windows_ms.append((posted - read).total_seconds() * 1000)
            if ours["status_before"] == "pending":
                continue
            theirs = [
                it for it in taken[:place] if it["dataset_id"] == one and it["by"] == "others"
            ]
            row.overwritten += 1
            row.misdirected += not theirs or _instant(theirs[-1]["time"]) < read

    def _state(self) -> Any:
        return self._http.get("/_demo/state").raise_for_status().json()

    def _post(self, call: str, content: Any) -> Any:
        return self._http.post(f"/_demo/{call}", json=content).raise_for_status().json()


HEAD = (
    "backend", "fault", "tried", "kills", "done", "others", "failed", "withdrawn",
    "lost", "doubled", "misdirected", "overwritten", "window ms: median", "most",
)  # fmt: skip


def _is_meant(one: str, post: Any, meant: Collection[Wish]) -> bool:
    """A console that dies while it posts may leave half of a body, which the service refuses."""
    cut_short = post["verdict"] == "reject" and post["reason"] is None
    return (cut_short and not post["took_effect"]) or (
        Wish(one, post["verdict"], post["reason"]) in meant
    )


def _requests(state: Any, dataset_id: str) -> tuple[list[datetime], list[datetime]]:
    """When this dataset was read, and when a verdict on it was posted."""
    readings, posts = [], []
    for request in state["recent"]:
        if request["method"] == "POST" and f"/{dataset_id}/" in request["path"]:
            posts.append(_instant(request["time"]))
        elif request["path"] == "/datasets/dataset" and dataset_id in request["query"]:
            readings.append(_instant(request["time"]))
    return readings, posts


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def table(rows: dict[tuple[str, str], Row]) -> str:
    """All rows, and their sum for each backend."""
    lines: list[tuple[str, ...]] = [HEAD]
    sums: dict[str, Row] = {}
    for (backend, fault), row in rows.items():
        lines.append(_cells(backend, fault, row))
        total = sums.setdefault(backend, Row())
        for name in Row.__dataclass_fields__:
            setattr(total, name, getattr(total, name) + getattr(row, name))
    lines += [_cells(backend, "all", row) for backend, row in sums.items()]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _cells(backend: str, fault: str, row: Row) -> tuple[str, ...]:
    counts = (row.tried, row.kills, row.done, row.others, row.failed, row.withdrawn,
              row.lost, row.doubled, row.misdirected, row.overwritten)  # fmt: skip
    windows = row.windows_ms
    return (
        backend,
        fault,
        *map(str, counts),
        f"{median(windows):.1f}" if windows else "-",
        f"{max(windows):.1f}" if windows else "-",
    )
