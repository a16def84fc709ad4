"""Data behind links that is looked at in no time or in half a second, and a shelf for what was
found."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gerra_tui.domain.evidence import Cost, Look, Summary
from gerra_tui.service.contents import PEEK, Entry, NotShown, Peek, Shot
from gerra_tui.service.downloads import NotFetched
from gerra_tui.service.looks import KeptLook, identity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.service.contents import Album, Contents
    from gerra_tui.service.looks import Identity

TAKES = 0.5  # seconds of a first look


class File:
    """`service.looks.Looking` whose look takes half a second, and asks for 3 requests."""

    def __init__(self, evidence: Files, dataset: Dataset) -> None:
        self._evidence = evidence
        self._dataset = dataset
        self.cost = Cost()

    async def first(self, arrived: Callable[[Look], None] | None = None) -> Look:
        files = self._evidence
        files.begun.append(self._dataset.id)
        files.at_once += 1
        files.most_at_once = max(files.most_at_once, files.at_once)
        try:
            self.cost = Cost(requests=1, bytes=65_536)
            if arrived is not None:
                arrived(Look(dataset_id=self._dataset.id, kind="zip", cost=self.cost))
            await asyncio.sleep(TAKES)
        finally:
            files.at_once -= 1
        files.ended.append(self._dataset.id)
        self.cost = Cost(requests=3, bytes=100_000)
        return replace(files.look, dataset_id=self._dataset.id, cost=self.cost)

    async def more(self) -> Look:
        self._evidence.further.append(self._dataset.id)
        return replace(await self.first(), kind="more")

    async def contents(self) -> Contents:
        if self._evidence.contents is None:
            raise NotShown("there are no pictures in it")
        return self._evidence.contents


class Files:
    """`service.looks.Evidence`."""

    def __init__(self) -> None:
        self.look = Look(dataset_id=None, kind="zip")
        self.begun: list[str] = []
        self.ended: list[str] = []
        self.further: list[str] = []
        self.at_once = self.most_at_once = 0
        self.contents: Contents | None = None
        self.previews: dict[str, Album] = {}

    def at(self, dataset: Dataset, *, most: int | None = None) -> File:
        return File(self, dataset)

    def at_file(self, path: Path, *, most: int | None = None) -> File:
        raise AssertionError("no local file is looked at from the list")

    async def album_at(self, url: str, name: str) -> Album:
        if url not in self.previews:
            raise NotShown("refused (403) with a fresh link")
        return self.previews[url]


class Members:
    """`service.contents.Contents` of texts in memory, with one album for all of it."""

    def __init__(self, members: dict[str, bytes], album: Album | None = None) -> None:
        self._members = members
        self._album = album
        self.entries = [Entry(name, len(data), len(data)) for name, data in members.items()]
        self.whole = True
        self.videos: Sequence[str] = ()
        self.cost = Cost(requests=2, bytes=80_000)
        self.asked: list[str | None] = []

    async def peek(self, name: str) -> Peek:
        data = self._members[name]
        return Peek(data[:PEEK], whole=len(data) <= PEEK)

    async def album(self, name: str | None = None) -> Album:
        self.asked.append(name)
        if self._album is None:
            raise NotShown("no video and no picture among its members")
        return self._album


class Reel:
    """`service.contents.Album` of plain pictures, each in a grey of its own."""

    def __init__(self, count: int = 24, *, size: int = 6_000) -> None:
        self.title = "cam_high  av1 640x480"
        self.count = count
        self.cost = Cost(requests=4, bytes=95_000)
        self.broken = False
        self.asked: list[tuple[tuple[int, ...], int, int]] = []
        self._size = size

    def label(self, index: int) -> str:
        return f"0:{index:04.1f}"

    def price(self, chosen: Sequence[int]) -> tuple[int, int]:
        return len(chosen), len(chosen) * self._size

    async def shots(self, chosen: Sequence[int], width: int, height: int) -> list[Shot | None]:
        self.asked.append((tuple(chosen), width, height))
        if self.broken:
            raise NotShown("no picture in its frames")
        high = min(height, width * 3 // 4)
        return [Shot(width, high, bytes([10 * one]) * (3 * width * high)) for one in chosen]


class Arriving:
    """`service.downloads.Fetching` that comes as far as the test lets it."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._moved = asyncio.Event()
        self.received = 0
        self.size: int | None = 100_000_000
        self.problem: str | None = None
        self.runs = 0

    def come(self, received: int, problem: str | None = None) -> None:
        self.received, self.problem = received, problem
        self._moved.set()

    async def run(self) -> Path:
        self.runs += 1
        while self.received != self.size:
            self._moved.clear()
            await self._moved.wait()
            if self.problem is not None:
                raise NotFetched(self.problem)
        return Path("/downloads") / self._dataset.id


class Shelf:
    """`service.looks.FactStore` in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, KeptLook] = {}
        self.datasets: dict[str, Dataset] = {}

    def load(self, dataset: Dataset) -> KeptLook | None:
        return self.kept.get(dataset.id)

    def summaries(self) -> list[tuple[Identity, Summary]]:
        return [
            (identity(self.datasets[id_]), Summary.of(kept.look)) for id_, kept in self.kept.items()
        ]

    def keep(self, dataset: Dataset, look: Look, *, now: datetime) -> None:
        if look.error is None:
            self.datasets[dataset.id] = dataset
            self.kept[dataset.id] = KeptLook(look, now)
