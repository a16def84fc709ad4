"""Views saved from inside the console, written into config.toml with its comments kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gerra_tui.domain.view import DEFAULT_COLUMNS, View
from gerra_tui.service.preferences import ViewsUnwritable
from gerra_tui.settings.config import print_sort
from gerra_tui.settings.paths import write_private

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tomlkit.items import AoT, Table


class ConfigViews:
    """The `[[views]]` tables of one config.toml."""

    def __init__(self, config_file: Path) -> None:
        self._file = config_file

    def save(self, views: Sequence[View]) -> None:
        """Replace all views. Raises `ViewsUnwritable`; the file is then as it was."""
        import tomlkit
        from tomlkit.exceptions import TOMLKitError

        try:
            text = self._file.read_text(encoding="utf-8-sig") if self._file.exists() else ""
            document = tomlkit.parse(text)
            existing = document.get("views")
            tables = existing if isinstance(existing, tomlkit.items.AoT) else tomlkit.aot()
            _write(tables, views)
            if existing is not tables:
                document["views"] = tables
            write_private(self._file, tomlkit.dumps(document))
        except (OSError, UnicodeDecodeError, TOMLKitError) as problem:
            raise ViewsUnwritable(
                f"The view was not saved: {self._file} cannot be written ({problem})."
            ) from None


def _write(tables: AoT, views: Sequence[View]) -> None:
    """Reuse a view's own table, so that the comments in it move along with it."""
    import tomlkit

    by_name = {str(table.get("name")): table for table in tables}
    wanted = [_fill(by_name.get(view.name) or tomlkit.table(), view) for view in views]
    while len(tables):
        del tables[-1]
    for table in wanted:
        tables.append(table)


def _fill(table: Table, view: View) -> Table:
    table["name"] = view.name
    table["query"] = view.query
    if view.columns != DEFAULT_COLUMNS or "columns" in table:
        table["columns"] = list(view.columns)
    if view.sort:
        table["sort"] = print_sort(view.sort)
    elif "sort" in table:
        del table["sort"]
    return table
