"""What was asked of the service: for tests of frugality and of secrets kept."""

from __future__ import annotations

from collections import Counter, deque
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from gerra_tui.demo.wire.requests import API, STORAGE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gerra_tui.demo.wire.requests import Request

_KEPT = 5_000  # the newest requests; more would cost memory in a soak


class Ledger:
    def __init__(self, api_key: str) -> None:
        self._api_key = api_key.encode()
        self.clear()

    def clear(self) -> None:
        self._calls: Counter[str] = Counter()
        self._recent: deque[dict[str, Any]] = deque(maxlen=_KEPT)
        self._now: Counter[str] = Counter()
        self._most: Counter[str] = Counter()
        self._sent: Counter[str] = Counter()
        self._hung_up = 0
        self._keys_at_storage = 0

    @contextmanager
    def watch(self, request: Request) -> Iterator[None]:
        """Counts the request, and as in flight while the block runs."""
        self._note(request)
        lane = _lane(request)
        self._now[lane] += 1
        self._most[lane] = max(self._most[lane], self._now[lane])
        try:
            yield
        finally:
            self._now[lane] -= 1

    def hung_up(self) -> None:
        """A reader closed its connection before it had its answer."""
        self._hung_up += 1

    def sent(self, request: Request, count: int) -> None:
        """So many bytes of an answer's body were sent."""
        self._sent[request.origin] += count

    def report(self) -> dict[str, Any]:
        return {
            "requests": dict(sorted(self._calls.items())),
            "recent": list(self._recent),
            "most_in_flight": {lane: self._most[lane] for lane in ("reading", "deciding", STORAGE)},
            "in_flight": {lane: self._now[lane] for lane in ("reading", "deciding", STORAGE)},
            "bytes_sent": {origin: self._sent[origin] for origin in (API, STORAGE)},
            "hung_up": self._hung_up,
            "keys_at_storage": self._keys_at_storage,
        }

    def _note(self, request: Request) -> None:
        at_storage = request.origin == STORAGE
        call = f"{STORAGE} {request.method}" if at_storage else request.call
        self._calls[call] += 1
        self._recent.append(
            {
                "time": datetime.now(UTC).isoformat(),
                "origin": request.origin,
                "method": request.method,
                "path": request.path,
                "query": "" if at_storage else request.scope["query_string"].decode("latin-1"),
                "range": (request.header(b"range") or b"").decode("latin-1") or None,
            }
        )
        if at_storage and self._carries_key(request):
            self._keys_at_storage += 1

    def _carries_key(self, request: Request) -> bool:
        sent = [request.scope["query_string"], request.scope["raw_path"], request.body]
        sent += [value for _, value in request.scope["headers"]]
        named = request.header(b"gerra-api-key") is not None
        return named or any(self._api_key in value for value in sent)


def _lane(request: Request) -> str:
    if request.origin == STORAGE:
        return STORAGE
    return "deciding" if request.verdict else "reading"
