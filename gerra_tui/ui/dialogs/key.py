"""Asking for the API key, where none was found or the service refused it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import Binding
from textual.containers import Horizontal

from gerra_tui.domain.text import clean, ended
from gerra_tui.service.failures import Unauthorized
from gerra_tui.ui.dialogs.dialog import Dialog
from gerra_tui.ui.widgets.field import SecretField
from gerra_tui.ui.widgets.line import Line

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from textual import events
    from textual.binding import BindingType
    from textual.widget import Widget

    from gerra_tui.service.failures import Failure

MALFORMED = "A key is printable ASCII without spaces: this is something else."


class KeyDialog(Dialog[bool | None]):
    """Gives true once a key was taken; false for Esc, and the key in use stays.

    `source` says where a key comes from or was looked for, `problem` what was wrong with it.
    `use` takes a key into use, or gives why it was not.
    """

    AUTO_FOCUS = "#key"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "go on without", key_display="Esc"),
    ]

    def __init__(
        self,
        source: str,
        use: Callable[[str], Awaitable[Failure | None]],
        problem: Failure | None = None,
    ) -> None:
        super().__init__()
        self._source = source
        self._use = use
        self._problem = problem
        self._asking = False

    def lines(self) -> Iterable[Widget]:
        yield Line("The service needs an API key", classes="title")
        if self._problem:
            yield Line(_told(self._problem), classes="warning")
        yield Line(self._source)
        with Horizontal(classes="entry"):
            yield Line("Key: ")
            yield SecretField(id="key")
        yield Line("Used until this console ends, and stored nowhere.")
        yield Line("", id="complaint", classes="warning")

    def box_classes(self) -> str:
        return "box wide"

    def hinted(self) -> Iterable[Binding]:
        return Binding("enter", "", "use it", key_display="Enter"), *super().hinted()

    @on(SecretField.Submitted)
    def _entered(self, event: SecretField.Submitted) -> None:
        key = event.value.strip()
        if not key or self._asking:
            return
        # A header's value: RFC 9110 allows more, but no key has been seen that needs it.
        if not all("!" <= character <= "~" for character in key):
            self._complain(MALFORMED)
            return
        self._asking = True
        self._complain("Asking the service ...")
        self._ask_with(key)

    @work
    async def _ask_with(self, key: str) -> None:
        failure = await self._use(key)
        self._asking = False
        if failure is None:
            self.dismiss(True)
            return
        if isinstance(failure, Unauthorized):
            self.query_one(SecretField).value = ""
        self._complain(_told(failure))

    def is_for_beneath(self, event: events.Key) -> bool:
        """It opens after a quiet second, so that a key, typed or pasted, is taken at once; but none
        begins as a query or a command does."""
        begins = not self.query_one(SecretField).value
        return begins and event.is_printable and not (event.character or "").isalnum()

    def _complain(self, text: str) -> None:
        self.query_one("#complaint", Line).say(text)

    def action_leave(self) -> None:
        self.dismiss(False)


def _told(failure: Failure) -> str:
    refused = isinstance(failure, Unauthorized) and failure.http_status is not None
    detail = ended(clean(failure.detail, 300))
    return f"Key refused (401): {detail}" if refused else detail
