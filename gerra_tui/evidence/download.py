"""A whole file on its way to the disk, in pieces that outlast a broken connection. Not unpacked."""

from __future__ import annotations

import asyncio
import shutil
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import httpx

from gerra_tui.evidence.answers import refusal, told_range, told_size
from gerra_tui.evidence.link import FORBIDDEN
from gerra_tui.evidence.part_file import PartFile, file_name
from gerra_tui.evidence.storage import expect
from gerra_tui.evidence.unreached import why
from gerra_tui.evidence.window import StorageFailure
from gerra_tui.service.downloads import NotFetched

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.evidence.storage import Storage

PIECE: Final = 1_000_000  # bytes that are written at once
SPARE: Final = 100_000_000  # bytes that are left free on the disk
SIGNED_FOR: Final = 50 * 60.0  # seconds: a link works for an hour
TRIES: Final = 6  # in a row that brought nothing
PAUSES: Final = (0.0, 1.0, 2.0, 5.0, 10.0, 20.0)  # seconds before each
PASSING: Final = (408, 425, 429, 500, 502, 503, 504)


class _Lost(Exception):
    """The connection ended too early, or storage cannot serve now: try again. A sentence."""


class FileDownload:
    """`service.downloads.Fetching`. `sign` gives the link anew."""

    def __init__(
        self,
        storage: Storage,
        dataset: Dataset,
        directory: Path,
        *,
        sign: Callable[[], Awaitable[str | None]],
        pauses: tuple[float, ...] = PAUSES,
    ) -> None:
        self._storage = storage
        self._dataset = dataset
        self._directory = directory
        self._sign = sign
        self._pauses = pauses
        self._link: str | None = None
        self._signed_at = 0.0
        self.received = 0
        self.size: int | None = dataset.data_byte_size

    async def run(self) -> Path:
        try:
            part = await asyncio.to_thread(PartFile, self._directory, file_name(self._dataset))
            try:
                await self._until_whole(part)
                return await asyncio.to_thread(part.finish)
            finally:
                part.close()
        except OSError as problem:
            words = (problem.strerror or type(problem).__name__).lower()
        raise NotFetched(f"it cannot be written: {words}")

    async def _until_whole(self, part: PartFile) -> None:
        tries = 0
        while True:
            before = part.length
            try:
                if await self._fetch(part):
                    return
                lost = "the link was refused"
            except _Lost as problem:
                lost = str(problem)
            tries = 1 if part.length > before else tries + 1
            if tries >= TRIES:
                raise NotFetched(f"{lost}; {part.length:,} B are kept")
            await asyncio.sleep(self._pauses[min(tries, len(self._pauses) - 1)])

    async def _fetch(self, part: PartFile) -> bool:
        """Go on with what is here. Whether it is whole now; raises _Lost, NotFetched, OSError."""
        fresh = await self._sign_if_old()
        headers = {}
        if part.length and part.etag and not part.etag.startswith("W/"):
            headers = {"Range": f"bytes={part.length}-", "If-Range": part.etag}
        try:
            async with self._storage.answer(self._link or "", headers) as response:
                if response.status_code in FORBIDDEN:
                    self._link = None
                    if fresh:
                        raise NotFetched(f"refused ({response.status_code}) with a fresh link")
                    return False
                if not await self._prepared(part, response):
                    return True
                await self._take(part, response)
        except StorageFailure as problem:
            raise NotFetched(str(problem)) from None
        except (httpx.TransportError, TimeoutError) as problem:
            lost = why(problem, self._storage.patience.silence)
        else:
            if part.size is None or part.length == part.size:
                return True
            lost = f"storage broke off after {part.length:,} of {part.size:,} B"
        raise _Lost(lost)

    async def _sign_if_old(self) -> bool:
        """Whether the link is new."""
        if self._link is not None and time.monotonic() - self._signed_at < SIGNED_FOR:
            return False
        try:
            self._link = await self._sign()
        except StorageFailure as problem:
            raise NotFetched(str(problem)) from None
        self._signed_at = time.monotonic()
        if not self._link:
            raise NotFetched("the service gives no link to the data")
        return True

    async def _prepared(self, part: PartFile, response: httpx.Response) -> bool:
        """Set the part to where the answer begins; false where there is nothing left to come."""
        status, headers = response.status_code, response.headers
        told = told_range(headers)
        if status == 416 and told_size(headers) == part.length == part.size:
            return False
        if headers.get("content-encoding", "identity").lower() not in ("", "identity"):
            raise NotFetched("storage packed the file, unasked")
        if status == 206 and told and told[0] == part.length and told[2] == part.size:
            pass
        elif status == 200:
            length = headers.get("content-length", "")
            size = int(length) if length.isascii() and length.isdigit() else None
            await asyncio.to_thread(part.begin, headers.get("etag"), size)
        elif status in (206, 416):  # of another version than it says: from the start
            await asyncio.to_thread(part.begin, None, None)
            raise _Lost("the file changed while it was fetched")
        elif status in PASSING:
            raise _Lost(refusal(status, headers))
        else:
            raise NotFetched(refusal(status, headers))
        self.received, self.size = part.length, part.size
        await self._check_room(part)
        return True

    async def _check_room(self, part: PartFile) -> None:
        usage: Any = await asyncio.to_thread(shutil.disk_usage, self._directory)
        missing = (part.size or self._dataset.data_byte_size or 0) - part.length
        if missing + SPARE > usage.free:
            raise NotFetched(f"{missing:,} B are missing, and the disk has {usage.free:,} B free")

    async def _take(self, part: PartFile, response: httpx.Response) -> None:
        expect(response, PIECE)
        pending = bytearray()
        try:
            with suppress(httpx.RemoteProtocolError):  # it ended before its announced length
                async for piece in response.aiter_raw():
                    pending += piece
                    if part.size is not None and part.length + len(pending) > part.size:
                        raise NotFetched("storage sent more than it announced")
                    if len(pending) >= PIECE:
                        await self._write(part, pending)
        finally:
            await asyncio.shield(self._write(part, pending))

    async def _write(self, part: PartFile, pending: bytearray) -> None:
        data = bytes(pending)
        pending.clear()
        await asyncio.to_thread(part.append, data)
        self.received = part.length
