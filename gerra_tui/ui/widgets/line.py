"""Text as it is."""

from __future__ import annotations

from textual.widgets import Static


class Line(Static):
    """Text that is shown as it is: never parsed as markup. Clean foreign text before."""

    DEFAULT_CSS = """
    Line.-empty { display: none; }
    """

    def __init__(
        self,
        text: str = "",
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
    ) -> None:
        super().__init__(markup=False, id=id, classes=classes)
        self.say(text)

    def say(self, text: str) -> None:
        """Another text; with none the line takes no room."""
        self.set_class(not text, "-empty")
        self.update(text)
