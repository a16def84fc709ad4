"""A list of the same rows in Textual's own DataTable, with a pane and a dialog: the nearest peer.

`python datatable_app.py ROWS.tsv`. Keys: p pane, a dialog, n closes it, s changes a state, q ends.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import ClassVar

from rich.markup import escape
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.screen import ModalScreen
from textual.widgets import DataTable, Static

PANE_LINES = 34


class Question(ModalScreen[None]):
    DEFAULT_CSS = """
    Question { align: center middle; }
    Question Static { width: 60; height: 11; border: round $primary; }
    """
    BINDINGS: ClassVar = [Binding("n", "dismiss")]

    def __init__(self, row: list[str]) -> None:
        super().__init__()
        self._row = row

    def compose(self) -> ComposeResult:
        yield Static("Accept this dataset?\n\n" + "\n".join(self._row) + "\n\ny accept   n no")


class TableApp(App[None]):
    CSS = (
        "#pane { width: 40; border-left: solid grey; display: none; } .pane #pane {display: block}"
    )
    BINDINGS: ClassVar = [
        Binding("p", "pane"),
        Binding("a", "ask"),
        Binding("s", "change"),
        Binding("q", "quit"),
    ]

    def __init__(self, path: str) -> None:
        super().__init__()
        with Path(path).open(encoding="utf-8", newline="") as file:
            self._rows = list(csv.reader(file, delimiter="\t"))

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield DataTable[str](cursor_type="row")
            yield Static(id="pane", markup=False)

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        for title in self._rows[0]:
            table.add_column(title, key=title)
        table.add_rows([escape(cell) for cell in row] for row in self._rows[1:])
        table.focus()

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """The pane says the row's fields and as many lines of metadata as a dataset has."""
        if not self.screen.has_class("pane"):
            return
        row = self._rows[event.cursor_row + 1]
        lines = [*row, *(f"  field {n}: {row[-1][n % 8 :]}" for n in range(PANE_LINES - len(row)))]
        self.query_one("#pane", Static).update("\n".join(lines))

    def action_pane(self) -> None:
        self.screen.toggle_class("pane")

    def action_ask(self) -> None:
        self.push_screen(Question(self._rows[self.query_one(DataTable).cursor_row + 1]))

    def action_change(self) -> None:
        table = self.query_one(DataTable)
        key = table.coordinate_to_cell_key(table.cursor_coordinate).row_key
        table.update_cell(key, self._rows[0][0], "accepted")


if __name__ == "__main__":
    TableApp(sys.argv[1]).run(mouse=False)
