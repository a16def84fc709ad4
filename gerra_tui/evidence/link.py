"""One file behind a signed URL, a ranged GET at a time, and one version of it only."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import httpx

from gerra_tui.evidence.answers import Version, part_of, told_size
from gerra_tui.evidence.storage import expect
from gerra_tui.evidence.unreached import why
from gerra_tui.evidence.window import Reply, StorageFailure

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from gerra_tui.evidence.storage import Storage

FORBIDDEN: Final = (401, 403)  # an expired link is 403; some gateways say 401
NO_SUFFIX: Final = (200, 400, 416, 501)  # what a server may say that knows no "the last N bytes"


@dataclass(frozen=True, slots=True)
class _Refused:
    """An answer without the part: its status, and the size of the file where it told one."""

    status: int
    size: int | None
    sentence: str


class Link:
    """`window.Source` over a signed URL of a file of `declared` bytes.

    `fresh` gives the URL signed anew: where there is none yet, and once a range after a 403.
    """

    def __init__(
        self,
        storage: Storage,
        url: str | None,
        *,
        declared: int | None = None,
        fresh: Callable[[], Awaitable[str | None]] | None = None,
    ) -> None:
        self._storage = storage
        self._url = url or ""
        self._declared = declared
        self._fresh = fresh
        self._seen: Version | None = None

    async def get(self, start: int | None, stop: int) -> Reply:
        if not self._url and self._fresh:
            self._url = await self._fresh() or ""
        if not self._url:
            raise StorageFailure("the service gives no link to the data", requests=0)
        outcome = await self._ask(start, stop, 1)
        requests = 1
        if isinstance(outcome, _Refused) and outcome.status in FORBIDDEN and self._fresh:
            self._url = await self._fresh() or self._url
            outcome = await self._ask(start, stop, 2)
            requests = 2
            if isinstance(outcome, _Refused) and outcome.status in FORBIDDEN:
                raise StorageFailure(f"refused ({outcome.status}) with a fresh link", requests=2)
        if isinstance(outcome, _Refused) and start is None and outcome.status in NO_SUFFIX:
            return await self._last(stop, outcome, requests)
        return _part(outcome, requests)

    async def _last(self, wanted: int, refused: _Refused, requests: int) -> Reply:
        """The last bytes, for storage that knows no suffix ranges: by the size it is said to be.

        What was declared may be wrong; what storage told then is not.
        """
        size = self._declared if refused.size is None else refused.size
        outcome: Reply | _Refused = refused
        for _ in range(2):
            if not size:
                break
            requests += 1
            outcome = await self._ask(max(0, size - wanted), size, requests)
            if outcome.size in (size, None):
                break
            size = outcome.size
        if size == 0 and isinstance(outcome, _Refused) and outcome.size == 0:
            return Reply(0, b"", 0, requests)
        return _part(outcome, requests)

    async def _ask(self, start: int | None, stop: int, requests: int) -> Reply | _Refused:
        """One request. Raises StorageFailure for what no other request would mend."""
        patience = self._storage.patience
        try:
            async with asyncio.timeout(patience.whole + (stop - (start or 0)) / patience.slowest):
                return await self._exchange(start, stop)
        except StorageFailure as failure:
            sentence, received = str(failure), failure.bytes
            requests += failure.requests - 1  # an address that is not asked costs none
        except Exception as error:  # noqa: BLE001 (its frames and arguments may hold the URL)
            sentence, received = why(error, patience.silence), 0
        # Here, so that the error of httpx is not its context.
        raise StorageFailure(sentence, requests=requests, received=received)

    async def _exchange(self, start: int | None, stop: int) -> Reply | _Refused:
        headers = {"Range": f"bytes=-{stop}" if start is None else f"bytes={start}-{stop - 1}"}
        if self._seen is not None and self._seen.strong:
            headers["If-Range"] = self._seen.strong
        async with self._storage.answer(self._url, headers) as response:
            status, told = response.status_code, told_size(response.headers)
            try:
                part = part_of(status, response.headers, start=start, stop=stop, seen=self._seen)
            except StorageFailure as failure:
                return _Refused(status, told, str(failure))
            expect(response, part.stop - part.start)
            data = await _body(response, part.stop - part.start)
        if len(data) < part.stop - part.start:
            raise StorageFailure(
                f"storage broke off after {len(data):,} of {part.stop - part.start:,} bytes",
                received=len(data),
            )
        self._seen = part.version
        return Reply(part.start, data, part.version.size, etag=part.version.etag or None)


def _part(outcome: Reply | _Refused, requests: int) -> Reply:
    if isinstance(outcome, _Refused):
        raise StorageFailure(outcome.sentence, requests=requests)
    return replace(outcome, requests=requests)


async def _body(response: httpx.Response, length: int) -> bytes:
    """The body as it came, and never more of it than was asked for.

    Read to its announced end, a connection can be used again.
    """
    body = bytearray()
    announced = response.headers.get("content-length") == str(length)
    with suppress(httpx.RemoteProtocolError):  # it ended before its announced length
        async for piece in response.aiter_raw():
            body += piece
            if len(body) >= length and not announced:
                break
    return bytes(body[:length])
