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

    def do_only(self) -> None:
        self._narrow("Only", lambda query, offer: query.with_only(*offer))

    def do_without(self) -> None:
        self._narrow("Without", lambda query, offer: query.without(*offer))

    def _narrow(self, title: str, change: Callable[[Query, Offer], Query]) -> None:
        query, before = self._listing.query, self._listing.query.text
        try:
            offers = {key: (offer, change(query, offer).text) for key, offer in self._offers()}
        except KeyError as problem:  # metadata with an empty key
            self._desk.notice(f"No query can ask for {clean(str(problem), 60)}.")
            return
        changing = {key: (offer, text) for key, (offer, text) in offers.items() if text != before}
        if not offers:
            self._desk.notice("There is no value under the cursor.")
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
            *zip(DIGITS, self._of_columns(row), strict=False),
        ]

    def _of_columns(self, row: Dataset) -> Iterator[Offer]:
        """The values of the metadata that are shown; each element of a list by itself."""
        for column, _ in map(Column.of, self._listing.columns):
            if column.startswith(META):
                values = scalars_at(row.metadata, column.removeprefix(META))
                different = {text_of(value): value for value in values}
                yield from (Offer(column, value) for value in different.values() or (None,))
