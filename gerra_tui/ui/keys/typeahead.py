"""Input is taken piece by piece: a slow link delivers `y` and the `j` typed behind it in one go."""

from __future__ import annotations

import time
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.app import App
    from textual.dom import DOMNode
    from textual.events import Event

LOST_AFTER: Final = 0.5  # seconds; where it was going may be gone, and with it what comes back


class TypeAhead:
    """Keys and pastes wait until the one before has been acted on, wherever it went.

    Textual posts a key to what has the focus, from where it climbs to the app. Meanwhile the next
    would be given to the same screen, though that is about to close. So a callback climbs behind
    each key, through the same queues.
    """

    def __init__(self, app: App[None], take: Callable[[Event], Awaitable[None]]) -> None:
        self._app = app
        self._take = take
        self._waiting: deque[Event] = deque()
        self._climbing_since: float | None = None

    async def arrived(self, event: Event) -> None:
        """To be called in the app's own task, in the order of arrival."""
        self._waiting.append(event)
        since = self._climbing_since
        if since is None or time.monotonic() - since > LOST_AFTER:
            await self._go_on()

    def posted_to(self, node: DOMNode) -> None:
        """What is being taken was posted to this node: the next waits until it has climbed."""
        self._climbing_since = time.monotonic()
        self._follow(node)

    def _follow(self, node: DOMNode) -> None:
        above = node.parent
        behind = self._go_on if above is None else partial(self._follow, above)
        if not node.call_later(behind):  # it is closed
            self._app.call_later(self._go_on)

    async def _go_on(self) -> None:
        self._climbing_since = None
        while self._waiting and self._climbing_since is None:
            await self._take(self._waiting.popleft())
