"""A few connections to the service, used by one kind of call; httpx's errors end here."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx

from gerra_tui import __version__
from gerra_tui.api.answer import Answer
from gerra_tui.api.connections import Connections, Progress
from gerra_tui.api.failures import TooLarge, of_answer, of_exception
from gerra_tui.api.unpacking import ACCEPTED, unpacked
from gerra_tui.service.failures import Failure, InvalidRequest, ReadingTooOld, Unauthorized
from gerra_tui.service.ports import IN_FLIGHT

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

    from gerra_tui.api.route import Route

KEY_HEADER = "Gerra-Api-Key"
# Longer than a reviewer looks at one dataset: no connection is made anew for each. Balancers keep
# idle connections for 60 s and more; one that was closed meanwhile is noticed before it is used.
KEEP_ALIVE = 55.0
LONGEST_BODY = 16 * 2**20  # bytes, unpacked: a page of 1,000 rows is about 1 MiB
SHORTEST_SECRET = 8  # characters; a shorter one is part of other words
LONGEST_REFUSAL = 64 * 2**10  # bytes, unpacked, of an error's body


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds: for a connection, between two pieces of an answer, and for the whole call."""

    connect: float = 5.0
    read: float = 10.0
    total: float = 30.0


class _Key(httpx.Auth):
    """Puts the key on each request. It is in no variable here: tracebacks may show those."""

    def __init__(self, key: Callable[[], str | None]) -> None:
        self._key = key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers[KEY_HEADER] = self._key() or ""
        yield request


class Lane:
    """At most `IN_FLIGHT` calls at once; further callers wait their turn. Never retries."""

    def __init__(
        self,
        route: Route,
        key: Callable[[], str | None],
        timeouts: Timeouts,
        transport: httpx.AsyncBaseTransport | None,
    ) -> None:
        self._host, self._way = route.host, route.way
        self._key = key
        self._total = timeouts.total
        self._turns = asyncio.Semaphore(IN_FLIGHT)
        self._closes_behind_answers = False
        self._connections = Connections(
            lambda: httpx.AsyncClient(
                base_url=route.url,
                auth=_Key(key),
                headers={
                    "Accept": "application/json",
                    "Accept-Encoding": ACCEPTED,
                    "User-Agent": f"gerra-tui/{__version__}",
                },
                timeout=httpx.Timeout(timeouts.read, connect=timeouts.connect, pool=None),
                limits=httpx.Limits(
                    max_connections=IN_FLIGHT,
                    max_keepalive_connections=IN_FLIGHT,
                    keepalive_expiry=KEEP_ALIVE,
                ),
                follow_redirects=False,  # httpx would take the key's header to another origin
                trust_env=False,  # what is wanted of it is said here, and nothing else
                verify=route.trust,
                proxy=route.proxy if transport is None else None,
                transport=transport,
            )
        )

    async def get(self, path: str, params: Sequence[tuple[str, str]] = ()) -> Answer:
        """A 2xx answer. Raises `Failure`."""
        return await self._call("GET", path, params=params)

    async def post(
        self,
        path: str,
        body: Mapping[str, str] | None = None,
        *,
        is_fresh: Callable[[], bool] = lambda: True,
    ) -> Answer:
        """A 2xx answer. Raises `Failure`, which says if the POST may have been carried out."""
        return await self._call("POST", path, body=body, is_fresh=is_fresh)

    async def close(self) -> None:
        await self._connections.close()

    async def _call(
        self,
        method: str,
        path: str,
        *,
        params: Sequence[tuple[str, str]] = (),
        body: Mapping[str, str] | None = None,
        is_fresh: Callable[[], bool] = lambda: True,
    ) -> Answer:
        self._check_key()
        async with self._turns:
            progress = Progress(is_fresh)
            if self._closes_behind_answers:
                self._connections.renew()
            async with self._connections.client(progress) as http:
                request = _request(http, method, path, params, body)
                request.extensions["trace"] = progress.trace
                outcome = await self._outcome(http, request, progress)
        # Raised here and not where it happened: the frames of httpx hold the key, and an error
        # raised while another is handled takes them along as its context.
        if isinstance(outcome, Failure):
            raise outcome
        if not 200 <= outcome.status < 300:
            raise of_answer(outcome, now=datetime.now(UTC))
        return outcome

    async def _outcome(
        self, http: httpx.AsyncClient, request: httpx.Request, progress: Progress
    ) -> Answer | Failure:
        try:
            async with asyncio.timeout(self._total):
                return await self._exchange(http, request, progress)
        except ReadingTooOld as failure:
            return failure
        except Exception as problem:  # noqa: BLE001 (its frames hold the key: they go no further)
            if isinstance(problem, httpx.NetworkError | httpx.RemoteProtocolError):
                self._learn_from_a_cut(progress)
            return of_exception(
                problem,
                host=self._host,
                way=self._way,
                to_a_post=request.method == "POST",
                written=progress.written,
                answered=progress.answered,
            )

    async def _exchange(
        self, http: httpx.AsyncClient, request: httpx.Request, progress: Progress
    ) -> Answer:
        started = time.monotonic()
        response = await http.send(request, stream=True)
        try:
            progress.answered = response.status_code
            body = await _whole(response)
        finally:
            await response.aclose()
        return Answer(
            method=request.method,
            status=response.status_code,
            headers=response.headers,
            body=self._without_key(body),
            size_bytes=response.num_bytes_downloaded,
            seconds=time.monotonic() - started,
        )

    def _learn_from_a_cut(self, progress: Progress) -> None:
        """Without a byte of an answer, on a connection that had carried calls before: it was being
        closed, and so may be the others. A POST follows its reading at once and would meet that
        again and again: from now on each call has a connection to itself."""
        if progress.opened or progress.answered is not None:
            return
        self._closes_behind_answers = self._closes_behind_answers or progress.written
        self._connections.renew()

    def _check_key(self) -> None:
        if not self._key():
            raise Unauthorized("There is no API key.")
        if not _fits_a_header(self._key() or ""):
            raise Unauthorized("The API key has characters that cannot be sent: is it whole?")

    def _without_key(self, body: bytes) -> bytes:
        """Answers are shown, quoted and kept, and an echoing one must not bring the key there."""
        key = (self._key() or "").encode()
        for spelled in (key, key.replace(b"/", rb"\/")):
            if len(spelled) >= SHORTEST_SECRET:
                body = body.replace(spelled, b"***")
        return body


def _request(
    http: httpx.AsyncClient,
    method: str,
    path: str,
    params: Sequence[tuple[str, str]],
    body: Mapping[str, str] | None,
) -> httpx.Request:
    try:
        return http.build_request(method, path, params=tuple(params) or None, json=body)
    except UnicodeEncodeError:  # half of a character: it came from an argument's raw bytes
        raise InvalidRequest("The text has characters that are not valid Unicode.") from None


async def _whole(response: httpx.Response) -> bytes:
    """The body, unpacked. An error's body is cut at its limit, a good one's must fit."""
    limit = LONGEST_BODY if response.is_success else LONGEST_REFUSAL
    body = bytearray()
    async for piece in unpacked(response):
        body += piece
        if len(body) > limit:
            if not response.is_success:
                break
            raise TooLarge(limit)
    return bytes(body[:limit])


def _fits_a_header(key: str) -> bool:
    return key.isascii() and key.isprintable() and key == key.strip()
