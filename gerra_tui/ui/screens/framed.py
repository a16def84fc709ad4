"""The frame of every screen beside the review: a title, a body, and the keys, generated."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingsMap
from textual.containers import VerticalScroll

from gerra_tui.service.marks import Marks
from gerra_tui.ui.dialogs.dialog import AnswersOnce, key_hints
from gerra_tui.ui.keys.names import shown
from gerra_tui.ui.keys.registry import Registry
from gerra_tui.ui.present.status import header_spans
from gerra_tui.ui.widgets.bar import Bar
from gerra_tui.ui.widgets.line import Line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.widget import Widget

    from gerra_tui.domain.decision import Decision
    from gerra_tui.ui.workplace import Workplace


def bindings_of(registry: Registry, context: str) -> Iterator[Binding]:
    """A binding for each command that has a key, to the action of its name."""
    for command in registry.in_context(context):
        if keys := registry.keys_of(command.name, context):
            yield Binding(
                ",".join(keys),
                command.name,
                command.footer or "",
                show=command.footer is not None,
                key_display=shown(keys[0]),
            )


class Page(VerticalScroll):
    """Text to scroll through with the list's keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "go(1)", show=False),
        Binding("k,up", "go(-1)", show=False),
        Binding("g,home", "go(-1000000)", show=False),
        Binding("G,end", "go(1000000)", show=False),
        Binding("pagedown", "go_page(1)", show=False),
        Binding("pageup", "go_page(-1)", show=False),
        Binding("ctrl+d", "go_page(0.5)", show=False),
        Binding("ctrl+u", "go_page(-0.5)", show=False),
    ]
    DEFAULT_CSS = """
    Page { height: 1fr; scrollbar-size: 0 0; }
    """

    def action_go(self, lines: int) -> None:
        self.scroll_relative(y=lines, animate=False, immediate=True)

    def action_go_page(self, pages: float) -> None:
        self.action_go(int(self.size.height * pages))


class FramedScreen(AnswersOnce[None]):
    """Each command of the context `CONTEXT` is an action by its name.

    With a workplace the console's header stands on top: where one is, and what is on its way.
    """

    CONTEXT: ClassVar[str]

    DEFAULT_CSS = """
    FramedScreen {
        background: ansi_default;
        & > .title { width: 100%; text-style: bold; }
        & > .keys { dock: bottom; width: 100%; height: 1; }
        & Line { width: 100%; height: auto; }
        & .warning { text-style: bold; }
    }
    """

    def __init__(
        self, workplace: Workplace | None = None, registry: Registry | None = None
    ) -> None:
        super().__init__()
        keymap = workplace.preferences.keymap if workplace is not None else {}
        self.registry = registry or Registry.of(keymap)
        mine = BindingsMap(bindings_of(self.registry, self.CONTEXT))
        self._bindings = BindingsMap.merge([mine, self._bindings])
        self._place = workplace
        self._unsubscribe: Callable[[], None] = lambda: None

    def compose(self) -> ComposeResult:
        if self._place is not None:
            yield Bar(id="header", grows=True)
        yield Line(id="title", classes="title")
        yield from self.body()
        yield Line(key_hints(bindings_of(self.registry, self.CONTEXT)), id="keys", classes="keys")

    def on_mount(self) -> None:
        self.tell_header()
        if self._place is not None:
            self._unsubscribe = self._place.decisions.subscribe(self._decision_changed)

    def on_unmount(self) -> None:
        self._unsubscribe()

    def _decision_changed(self, _: Decision) -> None:
        if self.is_running:
            self.call_later(self.decisions_changed)  # in the screen's own task

    def body(self) -> Iterable[Widget]:
        """What stands between title and keys."""
        return ()

    def set_title(self, text: str) -> None:
        self.query_one("#title", Line).say(text)

    def tell_header(self) -> None:
        """Bring the header up to what is so now."""
        if self._place is not None and self.is_attached:
            self.query_one("#header", Bar).show(*header_spans(self._place, Marks(), None))

    def decisions_changed(self) -> None:
        """Something in the outbox changed."""
        self.tell_header()

    def action_leave(self) -> None:
        self.dismiss(None)
