"""A sentence where the list would be: empty, no match, no network, no key."""

from __future__ import annotations

from textual.widgets import Static


class Message(Static):
    """Not there while there is nothing to say. Takes clean text; never parses markup."""

    DEFAULT_CSS = """
    Message { display: none; width: 1fr; height: auto; padding: 1 2; background: transparent; }
    Message.-said { display: block; }
    """

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__("", markup=False, id=id)
        self.said = ""

    def say(self, text: str) -> None:
        if text != self.said:
            self.said = text
            self.set_class(bool(text), "-said")
            self.update(text)
