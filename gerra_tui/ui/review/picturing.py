"""Pictures of the data, on request: a contact sheet, one after the other, and nearer."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.evidence import FILES
from gerra_tui.service.contents import NotShown, Shot, spread
from gerra_tui.terminal.capabilities import Capabilities
from gerra_tui.ui.keys.commands import DETAIL
from gerra_tui.ui.present.detail import body_width
from gerra_tui.ui.present.evidence import price
from gerra_tui.ui.present.files import MEMBER
from gerra_tui.ui.present.halfblocks import steady
from gerra_tui.ui.present.pictures import Pictured, thumb

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.service.contents import Album
    from gerra_tui.ui.present.halfblocks import Depth
    from gerra_tui.ui.review.desk import Desk
    from gerra_tui.ui.review.displayed import Displayed
    from gerra_tui.ui.review.examining import Examining

GROUP: Final = "pictures"  # of its work
PART: Final = "pictures"  # of the pane
PLAYED: Final = 2  # pictures a second
ZOOMS: Final = (1, 2, 4)
WITHOUT_ASKING: Final = 1_000_000  # bytes of pictures
NARROWEST: Final = 60  # columns of a terminal in which a picture says something
ABOVE: Final = 8  # lines of the pane that are no picture: its head, headings and labels
TALLEST: Final = 27  # lines of a picture


@dataclass(slots=True)
class _Showing:
    """The album of one dataset, and where in it the reviewer is."""

    dataset: Dataset
    pictured: Pictured
    album: Album | None = None
    videos: Sequence[str] = ()  # of the file, as far as there are several
    video: int = 0  # the one that is shown
    of_file: bool = True  # of what of it shows most, rather than of one member or a preview
    remark: str = ""
    sheet: bool = True
    index: int = 0
    zoom: int = 0  # of ZOOMS
    agreed: bool = False  # to what it costs
    last: Shot | None = None  # the one that was shown alone


class Picturing:
    """The keys `t`, `[`, `]`, `z`, `Z`, `h`, `l`, Space at full width, and `x`."""

    def __init__(self, desk: Desk, displayed: Displayed, examining: Examining) -> None:
        self._desk = desk
        self._displayed = displayed
        self._examining = examining
        self._workplace = desk.workplace
        self._showing: _Showing | None = None
        self._playing = False
        displayed.pictured_of = self._pictured
        displayed.on_left.append(self._left)

    def do_pictures(self) -> None:
        if (name := self._member) is not None and (dataset := self._displayed.dataset) is not None:
            self.show(dataset, name)
            return
        if self._showing is not None and not self._showing.of_file:
            self._showing = None
        if (showing := self._begun("t")) is not None:
            showing.sheet, showing.zoom = True, 0
            self._draw(showing)

    def do_next_frame(self) -> None:
        self._step(1)

    def do_previous_frame(self) -> None:
        self._step(-1)

    def do_zoom_in(self) -> None:
        self._zoom(1)

    def do_zoom_out(self) -> None:
        self._zoom(-1)

    def do_next_video(self) -> None:
        self._turn(1)

    def do_previous_video(self) -> None:
        self._turn(-1)

    def do_play(self) -> None:
        """Two pictures a second, from the one that is shown to the last, once."""
        showing = self._showing
        if self._playing:
            self._desk.cancel(GROUP)
        elif showing is None or showing.album is None:
            self._desk.notice("There are no pictures here yet: t shows some.")
        else:
            showing.sheet = False
            self._desk.work(self._play(showing, showing.album.count), GROUP, alone=True)

    def do_pose_frame(self) -> None:
        dataset = self._displayed.dataset
        shown = self._desk.detail.shown
        detail = shown.detail if shown is not None else None
        history = detail.iterations if detail is not None else None
        version = history.version_of(dataset.id) if history and dataset else None
        if dataset is None or version is None or not version.preview_pose_frame:
            self._desk.notice("There is no pose frame of this version.")
            return
        showing = self._begin(dataset)
        showing.sheet, showing.of_file = False, False
        showing.remark = "pose frame, not from the file"
        url = version.preview_pose_frame
        self._work(showing, lambda: self._workplace.evidence.album_at(url, "pose frame"))

    def show(self, dataset: Dataset, name: str) -> None:
        """The pictures of one member of the dataset's file."""
        showing = self._begin(dataset)
        showing.of_file = False

        async def opened() -> Album:
            return await (await self._examining.contents(dataset)).album(name)

        self._work(showing, opened)

    def resized(self) -> None:
        if self._showing is not None and self._showing.album is not None:
            self._draw(self._showing)

    # What there is

    @property
    def _member(self) -> str | None:
        """The name of the member of the file under the pane's cursor."""
        line = self._desk.detail.line if self._displayed.context == DETAIL else None
        fold = line.fold if line is not None else None
        return fold[1] if fold and fold[0] == MEMBER else None

    def _pictured(self, dataset_id: str) -> Pictured | None:
        showing = self._showing
        return (
            showing.pictured if showing is not None and showing.dataset.id == dataset_id else None
        )

    def _begun(self, key: str) -> _Showing | None:
        """What is shown already; else a sheet is begun, and none is given."""
        dataset = self._displayed.dataset
        if dataset is None:
            self._desk.notice("not loaded yet")
            return None
        looked = self._examining.of(dataset)
        if looked is not None and any(step.key == FILES for step in looked.steps):
            self._desk.notice(f"Its members are to be listed first, with b; then {key} shows.")
            return None
        showing = self._showing
        if showing is not None and showing.dataset.id == dataset.id and showing.album is not None:
            self._displayed.open_part(PART)
            return showing
        showing = self._begin(dataset)
        self._work(showing, lambda: self._opened(showing))
        return None

    def _begin(self, dataset: Dataset) -> _Showing:
        told = "opening ..."
        self._showing = _Showing(dataset, Pictured(told=told, depth=self._depth))
        return self._showing

    async def _opened(self, showing: _Showing) -> Album:
        """What is in the file; where that shows nothing, the preview."""
        dataset = showing.dataset
        try:
            contents = await self._examining.contents(dataset)
            showing.videos = contents.videos
            return await contents.album()
        except NotShown as problem:
            shown = self._desk.detail.shown
            history = shown.detail.iterations if shown is not None and shown.detail else None
            version = history.version_of(dataset.id) if history else None
            if version is None or not version.preview_gif:
                raise
            showing.remark = f"preview, not from the file: {problem}"
            return await self._workplace.evidence.album_at(version.preview_gif, "preview")

    # What is done

    def _step(self, step: int) -> None:
        if (showing := self._begun("]")) is None:
            return
        assert showing.album is not None  # noqa: S101 - that is what begun means
        index = showing.index if showing.sheet else showing.index + step
        if not 0 <= index < showing.album.count:
            self._desk.notice("This is the last one." if step > 0 else "This is the first one.")
            return
        showing.sheet, showing.index = False, index
        self._draw(showing)

    def _turn(self, step: int) -> None:
        if (showing := self._begun("t")) is None:
            return
        video = showing.video + step
        if not 0 <= video < len(showing.videos):
            self._desk.notice("There is no other video that way.")
            return
        after = self._begin(showing.dataset)
        after.videos, after.video, after.sheet = showing.videos, video, showing.sheet
        after.index, after.zoom = showing.index, showing.zoom  # the same moment, nearly
        name = after.videos[video]

        async def opened() -> Album:
            album = await (await self._examining.contents(after.dataset)).album(name)
            after.index = min(after.index, album.count - 1)
            return album

        self._work(after, opened)

    async def _play(self, showing: _Showing, count: int) -> None:
        self._playing = True
        try:
            for index in range(showing.index, count):
                showing.index = index
                await asyncio.gather(self._fetch(showing), asyncio.sleep(1 / PLAYED))
        finally:
            self._playing = False

    def _zoom(self, step: int) -> None:
        if (showing := self._begun("z")) is not None:
            zoom = 0 if showing.sheet else showing.zoom + step
            showing.sheet = False
            showing.zoom = max(0, min(len(ZOOMS) - 1, zoom))
            self._draw(showing)

    def _work(self, showing: _Showing, opened: Callable[[], Awaitable[Album]]) -> None:
        async def work() -> None:
            try:
                showing.album = await opened()
            except NotShown as problem:
                self._put(showing, Pictured(problem=str(problem), depth=self._depth))
                return
            await self._fetch(showing)

        self._displayed.open_part(PART)
        self._desk.work(work(), GROUP, alone=True)

    def _draw(self, showing: _Showing) -> None:
        self._desk.work(self._fetch(showing), GROUP, alone=True)

    async def _fetch(self, showing: _Showing) -> None:
        album = showing.album
        if album is None:
            return
        chosen = spread(album.count) if showing.sheet else [showing.index]
        pictured = self._frame(showing, album)
        labels = [album.label(index) for index in chosen]
        if pictured.depth == "off":
            self._put(showing, replace(pictured, shots=tuple((label, None) for label in labels)))
            return
        if not await self._agreed(showing, album, chosen):
            self._put(showing, replace(pictured, told="not fetched"))
            return
        columns, lines = self._box(sheet=showing.sheet)
        zoom = ZOOMS[showing.zoom]
        problem = ""
        shots: list[Shot | None] = []
        try:
            shots = await album.shots(chosen, columns * zoom, 2 * lines * zoom)
        except NotShown as failure:
            problem = str(failure)
        cropped = [one and cropped_to(one, columns, 2 * lines) for one in shots]
        if not showing.sheet and cropped and cropped[0] is not None:
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

    def _frame(self, showing: _Showing, album: Album) -> Pictured:
        told = f"{min(album.count, len(spread(album.count)))} of {album.count:,}"
        if not showing.sheet:
            zoom = f"  {ZOOMS[showing.zoom]}x" if showing.zoom else ""
            told = f"{showing.index + 1:,} of {album.count:,}{zoom}"
        if len(showing.videos) > 1:
            told = f"{told}  video {showing.video + 1:,} of {len(showing.videos):,}"
        return Pictured(
            title=album.title,
            told=told,
            remark=showing.remark,
            sheet=showing.sheet,
            depth=self._depth,
        )

    async def _agreed(self, showing: _Showing, album: Album, chosen: list[int]) -> bool:
        requests, size = album.price(chosen)
        if size <= WITHOUT_ASKING or showing.agreed:
            return True
        from gerra_tui.ui.dialogs.confirm import ConfirmDialog

        question = ConfirmDialog("Fetch these pictures?", detail=price(requests, size))
        showing.agreed = await self._desk.ask(question) or False
        return showing.agreed

    def _put(self, showing: _Showing, pictured: Pictured) -> None:
        showing.pictured = pictured
        if showing is self._showing:
            self._displayed.show_detail()

    def _left(self) -> None:
        if self._showing is not None:
            self._showing = None
            self._desk.cancel(GROUP)

    def _box(self, *, sheet: bool) -> tuple[int, int]:
        """Cells of a picture."""
        size = self._desk.screen.query_one("#panes").size  # all of it, at full width
        columns, lines = body_width(size.width), max(4, min(TALLEST, size.height - ABOVE))
        return thumb(columns, lines) if sheet else (columns, lines)

    @property
    def _depth(self) -> Depth:
        """By wish and by what the terminal can."""
        wish = self._workplace.preferences.images
        colours = Capabilities.of(os.environ).colors
        if wish == "off" or self._desk.screen.app.size.width < NARROWEST:
            return "off"
        if colours < 256 or self._workplace.preferences.theme == "mono":
            return "mono"
        return "palette" if colours < 2**24 else wish


def cropped_to(shot: Shot, width: int, height: int) -> Shot:
    """Its middle, where it is larger."""
    wide, high = min(width, shot.width), min(height, shot.height)
    if (wide, high) == (shot.width, shot.height):
        return shot
    left, top = (shot.width - wide) // 2, (shot.height - high) // 2
    starts = (3 * ((top + y) * shot.width + left) for y in range(high))
    return Shot(wide, high, b"".join(shot.rgb[at : at + 3 * wide] for at in starts))
