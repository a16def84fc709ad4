"""Pictures of the data, on request: a contact sheet, one after the other, and nearer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from gerra_tui.domain.evidence import FILES
from gerra_tui.domain.text import clean
from gerra_tui.service.contents import NotShown
from gerra_tui.ui.keys.commands import DETAIL
from gerra_tui.ui.present.files import MEMBER
from gerra_tui.ui.review.drawing import ZOOMS, Drawing

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.domain.iterations import Iteration
    from gerra_tui.service.contents import Album
    from gerra_tui.ui.review.desk import Desk
    from gerra_tui.ui.review.displayed import Displayed
    from gerra_tui.ui.review.drawing import Showing
    from gerra_tui.ui.review.examining import Examining

GROUP: Final = "pictures"  # of its work
PART: Final = "pictures"  # of the pane
PLAYED: Final = 2  # pictures a second


class Picturing:
    """The keys `t`, `[`, `]`, `z`, `Z`, `h`, `l`, `|`, Space at full width, and `x`."""

    def __init__(self, desk: Desk, displayed: Displayed, examining: Examining) -> None:
        self._desk = desk
        self._displayed = displayed
        self._examining = examining
        self._workplace = desk.workplace
        self._drawing = Drawing(desk, displayed, self._stand_in)
        self._playing = False
        displayed.on_left.append(self._left)

    def do_pictures(self) -> None:
        if (name := self._member) is not None and (dataset := self._displayed.dataset) is not None:
            self.show(dataset, name)
            return
        if self._drawing.showing is not None and not self._drawing.showing.of_file:
            self._drawing.showing = None
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

    def do_beside(self) -> None:
        """The next camera beside this one, at the same moment; again: this one alone."""
        if (showing := self._begun("t")) is None:
            return
        if showing.second is not None:
            showing.second = None
            self._draw(showing)
        elif len(showing.videos) < 2:
            self._desk.notice("There is no other video to put beside it.")
        else:
            self._desk.work(self._beside(showing), GROUP, alone=True)

    async def _beside(self, showing: Showing) -> None:
        other = showing.videos[(showing.video + 1) % len(showing.videos)]
        try:
            showing.second = await (await self._examining.contents(showing.dataset)).album(other)
        except NotShown as problem:
            self._desk.notice(f"Not shown beside it: {clean(str(problem), 200)}")
            return
        showing.sheet = False
        await self._drawing.draw(showing)

    def do_play(self) -> None:
        """Two pictures a second, from the one that is shown to the last, once."""
        showing = self._drawing.showing
        if self._playing:
            self._desk.cancel(GROUP)
        elif showing is None or showing.album is None:
            self._desk.notice("There are no pictures here yet: t shows some.")
        else:
            showing.sheet = False
            self._desk.work(self._play(showing, showing.album.count), GROUP, alone=True)

    def do_pose_frame(self) -> None:
        dataset = self._displayed.dataset
        version = self._version(dataset) if dataset is not None else None
        if dataset is None or version is None or not version.preview_pose_frame:
            self._desk.notice("There is no pose frame of this version.")
            return
        showing = self._drawing.begin(dataset)
        showing.sheet, showing.of_file = False, False
        showing.remark = "pose frame, not from the file"
        url = version.preview_pose_frame
        self._work(showing, lambda: self._workplace.evidence.album_at(url, "pose frame"))

    def show(self, dataset: Dataset, name: str) -> None:
        """The pictures of one member of the dataset's file."""
        showing = self._drawing.begin(dataset)
        showing.of_file = False

        async def opened() -> Album:
            return await (await self._examining.contents(dataset)).album(name)

        self._work(showing, opened)

    def resized(self) -> None:
        if self._drawing.showing is not None and self._drawing.showing.album is not None:
            self._draw(self._drawing.showing)

    # What there is

    @property
    def _member(self) -> str | None:
        """The name of the member of the file under the pane's cursor."""
        line = self._desk.detail.line if self._displayed.context == DETAIL else None
        fold = line.fold if line is not None else None
        return fold[1] if fold and fold[0] == MEMBER else None

    def _begun(self, key: str) -> Showing | None:
        """What is shown already; else a sheet is begun, and none is given."""
        dataset = self._displayed.dataset
        if dataset is None:
            self._desk.notice("not loaded yet")
            return None
        looked = self._examining.of(dataset)
        if looked is not None and any(step.key == FILES for step in looked.steps):
            self._desk.notice(f"Its members are to be listed first, with b; then {key} shows.")
            return None
        showing = self._drawing.showing
        if showing is not None and showing.dataset.id == dataset.id and showing.album is not None:
            self._displayed.open_part(PART)
            return showing
        showing = self._drawing.begin(dataset)
        self._work(showing, lambda: self._opened(showing))
        return None

    async def _opened(self, showing: Showing) -> Album:
        """What is in the file; where that shows nothing, the preview."""
        try:
            contents = await self._examining.contents(showing.dataset)
            showing.videos = contents.videos
            return await contents.album()
        except NotShown as problem:
            if await self._stand_in(showing, str(problem)) and showing.album is not None:
                return showing.album
            raise

    async def _stand_in(self, showing: Showing, problem: str) -> bool:
        """Whether the producer's preview takes the place of what the file does not show."""
        version = self._version(showing.dataset)
        if showing.remark or not showing.of_file or version is None or not version.preview_gif:
            return False
        try:
            album = await self._workplace.evidence.album_at(version.preview_gif, "preview")
        except NotShown:
            return False
        showing.album, showing.videos, showing.index = album, (), 0
        showing.remark = f"preview, not from the file: {problem}"
        return True

    def _version(self, dataset: Dataset) -> Iteration | None:
        shown = self._desk.detail.shown
        history = shown.detail.iterations if shown is not None and shown.detail else None
        return history.version_of(dataset.id) if history else None

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
        after = self._drawing.begin(showing.dataset)
        after.videos, after.video, after.sheet = showing.videos, video, showing.sheet
        after.index, after.zoom = showing.index, showing.zoom  # the same moment, nearly
        name = after.videos[video]

        async def opened() -> Album:
            album = await (await self._examining.contents(after.dataset)).album(name)
            after.index = min(after.index, album.count - 1)
            return album

        self._work(after, opened)

    async def _play(self, showing: Showing, count: int) -> None:
        self._playing = True
        try:
            for index in range(showing.index, count):
                showing.index = index
                await asyncio.gather(self._drawing.draw(showing), asyncio.sleep(1 / PLAYED))
        finally:
            self._playing = False

    def _zoom(self, step: int) -> None:
        if (showing := self._begun("z")) is not None:
            zoom = 0 if showing.sheet else showing.zoom + step
            showing.sheet = False
            showing.zoom = max(0, min(len(ZOOMS) - 1, zoom))
            self._draw(showing)

    def _work(self, showing: Showing, opened: Callable[[], Awaitable[Album]]) -> None:
        async def work() -> None:
            try:
                showing.album = await opened()
            except NotShown as problem:
                self._drawing.failed(showing, str(problem))
                return
            await self._drawing.draw(showing)

        self._displayed.open_part(PART)
        self._desk.work(work(), GROUP, alone=True)

    def _draw(self, showing: Showing) -> None:
        self._desk.work(self._drawing.draw(showing), GROUP, alone=True)

    def _left(self) -> None:
        if self._drawing.showing is not None:
            self._drawing.showing = None
            self._desk.cancel(GROUP)
