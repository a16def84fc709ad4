"""Pictures of an album, fetched and brought into the pane in the room and the colours there are."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from gerra_tui.service.contents import NotShown, spread
from gerra_tui.terminal.capabilities import Capabilities
from gerra_tui.ui.present.detail import body_width
from gerra_tui.ui.present.evidence import price
from gerra_tui.ui.present.halfblocks import cropped_to, depth_of, steady
from gerra_tui.ui.present.pictures import GAP, Pictured, thumb

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.service.contents import Album, Shot
    from gerra_tui.ui.present.halfblocks import Depth
    from gerra_tui.ui.review.desk import Desk
    from gerra_tui.ui.review.displayed import Displayed

ZOOMS: Final = (1, 2, 4)
WITHOUT_ASKING: Final = 1_000_000  # bytes of pictures
ABOVE: Final = 8  # lines of the pane that are no picture: its head, headings and labels
TALLEST: Final = 27  # lines of a picture


@dataclass(slots=True)
class Showing:
    """The album of one dataset, and where in it the reviewer is."""

    dataset: Dataset
    pictured: Pictured
    album: Album | None = None
    videos: Sequence[str] = ()  # of the file, as far as there are several
    video: int = 0  # the one that is shown
    second: Album | None = None  # another camera, shown beside it
    of_file: bool = True  # of what of it shows most, rather than of one member or a preview
    remark: str = ""
    sheet: bool = True
    index: int = 0
    zoom: int = 0  # of ZOOMS
    agreed: bool = False  # to what it costs
    last: Shot | None = None  # the one that was shown alone


class Drawing:
    """`stand_in` is told of an album that shows nothing, and may put another one in its place."""

    def __init__(
        self,
        desk: Desk,
        displayed: Displayed,
        stand_in: Callable[[Showing, str], Awaitable[bool]],
    ) -> None:
        self._desk = desk
        self._displayed = displayed
        self._stand_in = stand_in
        self._preferences = desk.workplace.preferences
        self.showing: Showing | None = None
        displayed.pictured_of = self._pictured

    def begin(self, dataset: Dataset) -> Showing:
        self.showing = Showing(dataset, Pictured(told="opening ...", depth=self._depth))
        return self.showing

    def failed(self, showing: Showing, problem: str) -> None:
        self._put(showing, Pictured(problem=problem, depth=self._depth))

    async def draw(self, showing: Showing) -> None:
        album = showing.album
        if album is None:
            return
        chosen = spread(album.count) if showing.sheet else [showing.index]
        pictured = self._told(showing, album)
        labels = [album.label(index) for index in chosen]
        if pictured.depth == "off":
            self._put(showing, replace(pictured, shots=tuple((label, None) for label in labels)))
            return
        if not await self._agreed(showing, album, chosen):
            self._put(showing, replace(pictured, told="not fetched"))
            return
        beside = showing.second if not showing.sheet else None
        columns, lines = self._box(sheet=showing.sheet, beside=beside is not None)
        zoom = ZOOMS[showing.zoom]
        problem = ""
        shots: list[Shot | None] = []
        try:
            shots = await album.shots(chosen, columns * zoom, 2 * lines * zoom)
            if beside is not None:
                moment = min(showing.index, beside.count - 1)
                labels.append(beside.label(moment))
                shots += await beside.shots([moment], columns * zoom, 2 * lines * zoom)
        except NotShown as failure:
            problem = str(failure)
            if await self._stand_in(showing, problem):
                await self.draw(showing)
                return
        cropped = [one and cropped_to(one, columns, 2 * lines) for one in shots]
        if len(cropped) == 1 and cropped[0] is not None:
            cropped = [steady(cropped[0], showing.last)]
            showing.last = cropped[0]
        cost = price(album.cost.requests, album.cost.bytes)
        self._put(
            showing,
            replace(
                pictured,
                told=f"{pictured.told}  {cost}",
                problem=problem,
                shots=tuple(zip(labels, cropped, strict=False)),
                columns=columns,
            ),
        )

    def _told(self, showing: Showing, album: Album) -> Pictured:
        told = f"{len(spread(album.count))} of {album.count:,}"
        if not showing.sheet:
            zoom = f"  {ZOOMS[showing.zoom]}x" if showing.zoom else ""
            told = f"{showing.index + 1:,} of {album.count:,}{zoom}"
        if len(showing.videos) > 1:
            told = f"{told}  video {showing.video + 1:,} of {len(showing.videos):,}"
        second = None if showing.sheet else showing.second
        return Pictured(
            title=album.title if second is None else f"{album.title}  beside  {second.title}",
            told=told,
            remark=showing.remark,
            sheet=showing.sheet or second is not None,
            depth=self._depth,
        )

    async def _agreed(self, showing: Showing, album: Album, chosen: list[int]) -> bool:
        requests, size = album.price(chosen)
        if size <= WITHOUT_ASKING or showing.agreed:
            return True
        from gerra_tui.ui.dialogs.confirm import ConfirmDialog

        question = ConfirmDialog("Fetch these pictures?", detail=price(requests, size))
        showing.agreed = await self._desk.ask(question) or False
        return showing.agreed

    def _put(self, showing: Showing, pictured: Pictured) -> None:
        showing.pictured = pictured
        if showing is self.showing:
            self._displayed.show_detail()

    def _pictured(self, dataset_id: str) -> Pictured | None:
        showing = self.showing
        return (
            showing.pictured if showing is not None and showing.dataset.id == dataset_id else None
        )

    def _box(self, *, sheet: bool, beside: bool) -> tuple[int, int]:
        """Cells of a picture."""
        size = self._desk.screen.query_one("#panes").size  # all of it, at full width
        columns, lines = body_width(size.width), max(4, min(TALLEST, size.height - ABOVE))
        if sheet:
            return thumb(columns, lines)
        return (columns - GAP) // 2 if beside else columns, lines

    @property
    def _depth(self) -> Depth:
        width = self._desk.screen.app.size.width
        able = Capabilities.of(os.environ)
        colours = able.colors if able.unicode and self._preferences.theme != "mono" else 0
        return depth_of(self._preferences.images, colours, width)
