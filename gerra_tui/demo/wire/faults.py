"""What can go wrong with a request, by name, and which request it goes wrong with.

Names, as `POST /_demo/faults` takes them:

- `CODE`, `CODE-html`: 400 401 403 404 422 429 500 501 502 503 504 520 522, as the service's JSON or
  as a CDN's page, instead of handling the request. `CODE-after`, `CODE-html-after`: the same once
  the request has taken effect. 429 and 503 carry `Retry-After`: `429:SECONDS` (default 1).
- `cut-before`, `cut-after`: the connection is closed without an answer, before the request is
  handled or once it took effect; `reset-before`, `reset-after` with a TCP reset.
- `hang`: takes effect and is never answered; `hang-before`: neither.
- `truncate`: takes effect, half of the answer arrives, then the connection is cut.
- `garbage`: takes effect, the answer is 200 and no JSON. `empty`: 200 without a body.
- `late:SECONDS`: the connection is cut at once, the request takes effect that much later (to 60 s).
- `slow:SECONDS`: takes effect at once, is answered that much later.
- `redirect:URL`: 307 to this place, without effect.
- On the storage origin also `no-range`: parts are not served, the answer is 200 and whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase
from random import Random
from typing import TYPE_CHECKING, Final

from gerra_tui.demo.wire.answers import Answer, cdn_page, detail, storage_error, whole
from gerra_tui.demo.wire.requests import STORAGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gerra_tui.demo.wire.requests import Request

_TITLES: Final = {
    400: "Bad request",
    401: "Invalid API key",
    403: "Dataset belongs to another organization",
    404: "Dataset not found",
    422: "Dataset is not pending",
    429: "Too many requests",
    500: "Internal server error",
    501: "Not implemented",
    502: "Bad gateway",
    503: "Service unavailable",
    504: "Gateway time-out",
    520: "Web server returned an unknown error",
    522: "Connection timed out",
}
_ANSWERING = re.compile(r"(\d{3})(-html)?(-after)?(?::(\d+(?:\.\d+)?))?")
_LONGEST_WAIT = 60.0


class Way(Enum):
    ANSWER = "answer"
    CUT = "cut"
    RESET = "reset"
    HANG = "hang"
    TRUNCATE = "truncate"
    LATE = "late"
    SLOW = "slow"
    NO_RANGE = "no-range"


@dataclass(frozen=True, slots=True)
class Fault:
    """`effect` tells whether the request is handled at all; `seconds` is for LATE and SLOW.

    `substitute` is the answer in the place of the true one.
    """

    name: str
    way: Way
    effect: bool = True
    seconds: float = 0.0
    substitute: Answer | None = None


def fault(name: str, origin: str = "api") -> Fault:
    """The fault of a name in the module's list. Raises ValueError for any other name."""
    if answering := _ANSWERING.fullmatch(name):
        return _answering(name, answering, origin)
    if fixed := _FIXED.get(name):
        return fixed
    kind, _, value = name.partition(":")
    if kind in {"late", "slow"}:
        return Fault(name, Way(kind), seconds=min(float(value), _LONGEST_WAIT))
    if kind == "redirect" and value:
        moved = whole(307, "text/plain", b"", location=value)
        return Fault(name, Way.ANSWER, effect=False, substitute=moved)
    raise ValueError(f"no such fault: {name}")


_FIXED: Final = {
    one.name: one
    for one in (
        Fault("cut-before", Way.CUT, effect=False),
        Fault("cut-after", Way.CUT),
        Fault("reset-before", Way.RESET, effect=False),
        Fault("reset-after", Way.RESET),
        Fault("hang-before", Way.HANG, effect=False),
        Fault("hang", Way.HANG),
        Fault("truncate", Way.TRUNCATE),
        Fault("no-range", Way.NO_RANGE),
        Fault("empty", Way.ANSWER, substitute=whole(200, "application/json", b"")),
        Fault("garbage", Way.ANSWER, substitute=whole(200, "application/json", b'{"datasets": [{')),
    )
}


def _answering(name: str, parts: re.Match[str], origin: str) -> Fault:
    status = int(parts[1])
    title = _TITLES.get(status)
    if title is None:
        raise ValueError(f"no such fault: {name}")
    headers = {"retry_after": parts[4] or "1"} if status in {429, 503} else {}
    if parts[2]:
        answer = cdn_page(status, title, **headers)
    elif origin == STORAGE:
        answer = storage_error(status, "SlowDown" if status == 503 else "DemoFault", title)
    else:
        answer = detail(status, title, **headers)
    return Fault(name, Way.ANSWER, effect=bool(parts[3]), substitute=answer)


@dataclass(slots=True)
class Rule:
    """The next `times` requests that match, after `skip` others, meet the fault.

    `method` and `path` are shell patterns; each pair of `query` must be in the request's. `times`
    None is for ever.
    """

    fault: Fault
    origin: str = "api"
    method: str = "*"
    path: str = "*"
    query: Mapping[str, str] | None = None
    times: int | None = 1
    skip: int = 0

    def matches(self, request: Request) -> bool:
        return (
            request.origin == self.origin
            and fnmatchcase(request.method, self.method)
            and fnmatchcase(request.path, self.path)
            and all(pair in request.query for pair in (self.query or {}).items())
        )


_READING = ("500", "500", "502-html", "503", "429", "429", "cut-before", "reset-before",
            "truncate", "504-html")  # fmt: skip
_DECIDING = ("500", "500-after", "502-html", "502-html-after", "429", "503", "cut-before",
             "cut-after", "cut-after", "reset-after", "truncate", "late:3")  # fmt: skip
_FROM_STORAGE = ("500", "503", "cut-before", "truncate")
_HANGS = 0.05  # of the random faults: each costs a client its whole time-out


class FaultBook:
    """Which fault, if any, the next request meets: asked-for ones first, then those of the rate."""

    def __init__(self, seed: int, rate: float) -> None:
        self._random = Random(seed)
        self._rate = rate
        self._rules: list[Rule] = []

    def add(self, rules: Iterable[Rule]) -> None:
        self._rules.extend(rules)

    def clear(self) -> None:
        """Takes back what was asked for; the faults of the rate go on."""
        self._rules.clear()

    def names(self) -> list[str]:
        """What was asked for and has not happened often enough yet."""
        return [rule.fault.name for rule in self._rules]

    def take(self, request: Request) -> Fault | None:
        for rule in self._rules:
            if not rule.matches(request):
                continue
            if rule.skip:
                rule.skip -= 1
                continue
            if rule.times is not None:
                rule.times -= 1
                if rule.times <= 0:
                    self._rules.remove(rule)
            return rule.fault
        return self._by_chance(request) if self._rate else None

    def _by_chance(self, request: Request) -> Fault | None:
        if self._random.random() >= self._rate:
            return None
        if self._random.random() < _HANGS:
            return fault("hang")
        if request.origin == STORAGE:
            return fault(self._random.choice(_FROM_STORAGE), STORAGE)
        return fault(self._random.choice(_DECIDING if request.verdict else _READING))
