"""When the outbox may talk to the service, why not, and how long to wait before trying again."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gerra_tui.service.failures import ServiceUnavailable, Unauthorized
from gerra_tui.service.ports import IN_FLIGHT

if TYPE_CHECKING:
    from gerra_tui.service.failures import Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Pauses that grow from `first` to `longest` seconds, jittered so that consoles spread out."""

    first: float = 1.0
    longest: float = 60.0

    def pause(self, tries: int, wished: float | None = None) -> float:
        """Seconds after so many tries without success; not less than the service's wish."""
        pause = min(self.longest, self.first * 2.0 ** min(max(tries - 1, 0), 16))
        jittered = pause * random.uniform(0.5, 1.0)  # noqa: S311 - no secret
        return jittered if wished is None else wished + jittered


class Pace:
    """Pauses that end by themselves (no connection, 429, 5xx), and the one that needs a key.

    Times are seconds by a monotonic clock. After a pause one call goes ahead alone.
    """

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._tries = 0
        self._until = 0.0
        self.failure: Failure | None = None  # that nothing, or not everything, can be sent for
        self.needs_key = False

    def failed(self, failure: Failure, now: float) -> None:
        if isinstance(failure, Unauthorized):
            self.needs_key, self.failure = True, failure
        elif isinstance(failure, ServiceUnavailable):
            if now >= self._until:  # those in flight at the same time failed for the same reason
                self._tries += 1
                self._until = now + self._patience.pause(self._tries)
            if failure.retry_after is not None:
                self._until = max(self._until, now + self._patience.pause(1, failure.retry_after))
            self.failure = failure

    def went_well(self, now: float) -> None:
        if now >= self._until:
            self._tries = 0
            self.failure = None

    def resume(self) -> None:
        """The reviewer says: try now."""
        if self.needs_key:
            self.needs_key, self.failure = False, None
        self._until = 0.0

    def opens_in(self, now: float) -> float | None:
        """Seconds until something may be sent, 0 for now, null if that needs a key."""
        return None if self.needs_key else max(0.0, self._until - now)

    @property
    def limit(self) -> int:
        return 1 if self._tries else IN_FLIGHT

    @property
    def reason(self) -> str | None:
        """A sentence while nothing, or not everything, can be sent."""
        if self.needs_key:
            return "Key refused (401): nothing is sent until you type another one."
        if self.failure is None:
            return None
        return f"{self.failure.detail.rstrip('.')}. Sending goes on by itself."
