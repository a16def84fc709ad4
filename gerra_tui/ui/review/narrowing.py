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
    from gerra_tui.ui.review.screen import ReviewScreen

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

    def __init__(self, screen: ReviewScreen) -> None:
        self._screen = screen
        self._looking = screen.looking

    def do_only(self) -> None:
        self._narrow("Only", lambda query, offer: query.with_only(*offer))

    def do_without(self) -> None:
        self._narrow("Without", lambda query, offer: query.without(*offer))

    def _narrow(self, title: str, change: Callable[[Query, Offer], Query]) -> None:
        query, before = self._looking.query, self._looking.query.text
        try:
            offers = {key: (offer, change(query, offer).text) for key, offer in self._offers()}
        except KeyError as problem:  # metadata with an empty key
            self._screen.notice(f"No query can ask for {clean(str(problem), 60)}.")
            return
        changing = {key: (offer, text) for key, (offer, text) in offers.items() if text != before}
        if not offers:
            self._screen.notice("There is no value under the cursor.")
        elif not changing:
            self._screen.notice("The query says so already.")
        elif len(changing) == 1:
            ((_, text),) = changing.values()
            self._looking.apply(text)
        else:
            self._screen.start(self._choose(title, changing))

    async def _choose(self, title: str, offers: dict[str, tuple[Offer, str]]) -> None:
        from gerra_tui.ui.dialogs.narrow import NarrowMenu

        menu = NarrowMenu(title, {key: offer.text for key, (offer, _) in offers.items()})
        if (chosen := await self._screen.ask(menu)) is not None:
            self._looking.apply(offers[chosen][1])

    def _offers(self) -> list[tuple[str, Offer]]:
        """What there is under the cursor, each under its key in the menu."""
        if self._screen.context == DETAIL:
            line = self._screen.detail.line
            return [("", Offer(line.field, line.value))] if line and line.field else []
        row = self._screen.list.row_under_cursor()
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
        for column, _ in map(Column.of, self._looking.columns):
            if column.startswith(META):
                values = scalars_at(row.metadata, column.removeprefix(META))
                different = {text_of(value): value for value in values}
                yield from (Offer(column, value) for value in different.values() or (None,))
