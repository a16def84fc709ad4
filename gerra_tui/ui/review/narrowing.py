"""Only, or without, the value under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.query.metadata import scalars_at, text_of
from gerra_tui.domain.text import clean
from gerra_tui.domain.view import Column
from gerra_tui.ui.keys.commands import DETAIL
from gerra_tui.ui.present.values import value_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gerra_tui.domain.query import Query
    from gerra_tui.ui.review.desk import Desk
    from gerra_tui.ui.review.displayed import Displayed
    from gerra_tui.ui.review.listing import Listing

META: Final = "meta."
DIGITS: Final = "123456789"
OFFER_WIDTH: Final = 54  # cells that a menu has for a line
COMPARED: Final = 100  # rows


class Offer(NamedTuple):
    """A field with the value that the row has there, null for none."""

    field: str
    value: Any

    @property
    def text(self) -> str:
        value = "(none)" if self.value is None else value_text(self.value)
        return clean(f"{self.field}: {value}", OFFER_WIDTH)


class Narrowing:
    """The keys `,` and `;`: in the detail at once, in the list by a menu of the row's values."""

    def __init__(self, desk: Desk, displayed: Displayed, listing: Listing) -> None:
        self._desk = desk
        self._displayed = displayed
        self._listing = listing
        self._workplace = desk.workplace

    def do_only(self) -> None:
        self._narrow("Only", lambda query, offer: query.with_only(*offer))

    def do_without(self) -> None:
        self._narrow("Without", lambda query, offer: query.without(*offer))

    def _narrow(self, title: str, change: Callable[[Query, Offer], Query]) -> None:
        query, before = self._listing.query, self._listing.query.text
        offers: dict[str, tuple[Offer, str]] = {}
        unnameable = ""
        for key, offer in self._offers():
            try:
                offers[key] = offer, change(query, offer).text
            except KeyError as problem:  # metadata with an empty key
                unnameable = f"No query can ask for {clean(str(problem), 60)}."
        changing = {key: (offer, text) for key, (offer, text) in offers.items() if text != before}
        if not offers:
            self._desk.notice(unnameable or "There is no value under the cursor.")
        elif not changing:
            self._desk.notice("The query says so already.")
        elif len(changing) == 1:
            ((_, text),) = changing.values()
            self._listing.apply(text)
        else:
            self._desk.start(self._choose(title, changing))

    async def _choose(self, title: str, offers: dict[str, tuple[Offer, str]]) -> None:
        from gerra_tui.ui.dialogs.narrow import NarrowMenu

        menu = NarrowMenu(title, {key: offer.text for key, (offer, _) in offers.items()})
        if (chosen := await self._desk.ask(menu)) is not None:
            self._listing.apply(offers[chosen][1])

    def _offers(self) -> list[tuple[str, Offer]]:
        """What there is under the cursor, each under its key in the menu."""
        if self._displayed.context == DETAIL:
            line = self._desk.detail.line
            return [("", Offer(line.field, line.value))] if line and line.field else []
        row = self._desk.list.row_under_cursor()
        if not isinstance(row, Dataset):
            return []
        return [
            ("t", Offer("type", row.data_type)),
            ("s", Offer("status", row.status)),
            ("o", Offer("org", row.organization_id)),
            ("n", Offer("name", row.name)),
            *zip(DIGITS, self._of_metadata(row), strict=False),
        ]

    def _of_metadata(self, row: Dataset) -> Iterator[Offer]:
        """The values that are columns, then those that some other rows have too, and not all of
        them; each element of a list by itself."""
        names = [column for column, _ in map(Column.of, self._listing.columns)]
        shown = [name.removeprefix(META) for name in names if name.startswith(META)]
        for path in shown:
            values = self._values_at(row, path)
            yield from (Offer(f"{META}{path}", value) for value in values or (None,))
        loaded = self._workplace.queue.loaded_rows()[:COMPARED]
        others = [one for one in loaded if isinstance(one, Dataset) and one.id != row.id]
        for path in self._paths(row):
            if path not in shown:
                for value in self._values_at(row, path):
                    have = sum(value in self._values_at(other, path) for other in others)
                    if 0 < have < len(others):
                        yield Offer(f"{META}{path}", value)

    def _paths(self, row: Dataset) -> Iterator[str]:
        """Those of the row's metadata: what comes first in the pane comes first here."""
        keys = dict.fromkeys((*self._workplace.preferences.pane_first, *(row.metadata or {})))
        for key in keys:
            yield from (
                path for path in self._desk.known.paths if path == key or path.startswith(f"{key}.")
            )

    def _values_at(self, row: Dataset, path: str) -> list[Any]:
        return list({text_of(value): value for value in scalars_at(row.metadata, path)}.values())
