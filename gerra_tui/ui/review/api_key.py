"""The API key: asked for where there is none, and typed anew."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from gerra_tui.service.changing_key import change_key
from gerra_tui.service.failures import Unauthorized

if TYPE_CHECKING:
    from gerra_tui.ui.dialogs.key import KeyDialog
    from gerra_tui.ui.review.desk import Desk
    from gerra_tui.ui.review.listing import Listing


class ApiKey:
    """`:key`, and the question that opens by itself once."""

    def __init__(self, desk: Desk, listing: Listing) -> None:
        self._desk = desk
        self._workplace = desk.workplace
        self._listing = listing
        self._asked = False

    def do_key(self) -> None:
        self._desk.start(self._type())

    async def _type(self) -> None:
        """Masked, for this session only; what waits in the outbox goes on with it."""
        failure = self._workplace.queue.status.failure
        dialog = self._dialog(failure if isinstance(failure, Unauthorized) else None)
        self._typed(await self._desk.ask(dialog))

    def ask_for_first(self) -> None:
        """There is none: asked once, as soon as nobody types anything."""
        if not self._asked:
            self._asked = True
            self._desk.work(self._ask_for_first(), "key")

    async def _ask_for_first(self) -> None:
        while not self._workplace.access.has_key:
            await self._desk.quiet.second(lambda: self._desk.has_the_keys)
            dialog = self._dialog(None)
            dialog.unasked = True
            typed = await self._desk.ask(dialog)
            if not dialog.stepped_aside:
                self._typed(typed)
                return

    def _dialog(self, failure: Unauthorized | None) -> KeyDialog:
        from gerra_tui.ui.dialogs.key import KeyDialog

        access, ask_with = self._workplace.access, self._workplace.ask_with
        return KeyDialog(access.source, partial(change_key, access, ask_with), failure)

    def _typed(self, typed: bool | None) -> None:
        if typed:
            self._workplace.decisions.resume()
            self._listing.show_again()
