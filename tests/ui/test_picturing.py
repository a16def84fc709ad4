"""Pictures of the data: the sheet, one frame after the other, nearer, and where there are none."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.fakes import id_of
from tests.service.files import Members, Reel
from tests.ui.reviewing import Console
from tests.ui.stage import boxed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from gerra_tui.service.preferences import Images

UPPER, LOWER, FULL = "▀▄█"


@pytest.fixture(autouse=True)
def _a_terminal_of_256_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.delenv("NO_COLOR", raising=False)


def filmed(images: Images = "palette", reel: Reel | None = None) -> tuple[Console, Reel]:
    console = Console(images=images)
    reel = reel or Reel()
    console.files.contents = Members({}, reel)
    return console, reel


async def test_t_opens_a_sheet_of_six_at_full_width_beside_the_ground_of_the_decision() -> None:
    console, reel = filmed()
    async with console.opened():
        await console.press("t")
        await console.until(lambda: "PICTURES  6 of 24  4 requests, 95 kB" in console.detail)
        assert reel.asked[-1] == ((0, 5, 9, 14, 18, 23), 18, 2 * 12)
        assert "cam_high  av1 640x480" in console.detail
        assert "0:00.0" in console.text
        assert "0:23.0" in console.text
        assert "METADATA" in console.text
        await console.press("escape")
        await console.until(lambda: "PICTURES" not in console.text)
        asked = len(reel.asked)
        await console.press("t")
        await console.until(lambda: len(reel.asked) > asked)
        assert console.files.contents is not None


async def test_brackets_step_from_frame_to_frame_and_stop_at_both_ends() -> None:
    console, reel = filmed()
    async with console.opened():
        await console.press("t")
        await console.until(lambda: "PICTURES  6 of 24" in console.detail)
        await console.press("right_square_bracket")
        await console.until(lambda: "PICTURES  1 of 24" in console.detail)
        await console.press("right_square_bracket")
        await console.until(lambda: "PICTURES  2 of 24" in console.detail)
        assert reel.asked[-1][0] == (1,)
        await console.press("left_square_bracket", "left_square_bracket")
        assert "This is the first one." in console.status


async def test_z_goes_nearer_to_the_middle_of_the_same_picture() -> None:
    console, reel = filmed()
    async with console.opened():
        await console.press("t")
        await console.until(lambda: "PICTURES  6 of 24" in console.detail)
        await console.press("z")
        await console.until(lambda: "PICTURES  1 of 24" in console.detail)
        whole = reel.asked[-1]
        await console.press("z")
        await console.until(lambda: "PICTURES  1 of 24  2x" in console.detail)
        assert reel.asked[-1] == (whole[0], 2 * whole[1], 2 * whole[2])
        await console.press("Z")
        await console.until(lambda: "PICTURES  1 of 24  4 requests" in console.detail)


async def test_pictures_that_cost_much_name_their_price_first() -> None:
    console, reel = filmed(reel=Reel(size=400_000))
    async with console.opened():
        await console.press("t")
        await console.until(lambda: "Fetch these pictures?" in console.text)
        assert "6 requests, 2.4 MB" in " ".join(boxed(console.app))
        await console.press("n")
        await console.until(lambda: "PICTURES  not fetched" in console.detail)
        assert reel.asked == []


async def test_without_pictures_each_is_a_line_of_text() -> None:
    console, reel = filmed("off")
    async with console.opened():
        await console.press("t")
        await console.until(lambda: "0:23.0" in console.detail)
        assert reel.asked == []
        assert not any(block in console.text for block in (UPPER, LOWER, FULL))


async def test_without_colours_pictures_are_drawn_in_letters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    console, _ = filmed()
    async with console.opened():
        await console.press("t")
        await console.until(lambda: "0:23.0" in console.text)
        assert "#" * 18 in console.text
        assert UPPER not in console.text


async def test_a_terminal_without_blocks_gets_letters_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.ISO-8859-1")
    console, _ = filmed()
    async with console.opened():
        await console.press("t")
        await console.until(lambda: "0:23.0" in console.text)
        assert "#" * 18 in console.text


async def test_a_narrow_terminal_has_the_pictures_above_the_rest() -> None:
    console, reel = filmed()
    async with console.opened((80, 24)):
        await console.press("t")
        await console.until(lambda: "PICTURES  6 of 24" in console.text)
        assert reel.asked[-1][1] == 25
        assert FULL in console.text or "▀" in console.text or " " * 25 in console.text


async def test_where_the_file_shows_nothing_the_preview_does_and_says_so() -> None:
    console = Console(images="palette")
    console.service.give_history(1, 0)
    history = console.service.histories[id_of(0)]
    preview = "https://previews.example/0.gif?sig=secret"
    versions = tuple(replace(one, preview_gif=preview) for one in history.versions)
    console.service.histories[id_of(0)] = replace(history, versions=versions)
    console.files.previews[preview] = Reel()
    async with console.opened():
        await console.until(lambda: "v1 superseded" in console.detail)
        await console.press("t")
        await console.until(lambda: "preview, not from the file" in console.detail)
        assert "secret" not in console.text


async def test_what_cannot_be_decoded_is_stood_in_for_by_the_preview() -> None:
    console, reel = filmed()
    reel.broken = True
    console.service.give_history(1, 0)
    history = console.service.histories[id_of(0)]
    preview = "https://previews.example/0.gif"
    versions = tuple(replace(one, preview_gif=preview) for one in history.versions)
    console.service.histories[id_of(0)] = replace(history, versions=versions)
    console.files.previews[preview] = Reel(8)
    async with console.opened():
        await console.until(lambda: "v1 superseded" in console.detail)
        await console.press("t")
        await console.until(lambda: "PICTURES  6 of 8" in console.detail)
        told = console.detail.replace("\n", " ")
        assert "preview, not from the file: no picture in its frames" in told


async def test_where_nothing_shows_anything_a_sentence_does() -> None:
    async with Console().opened() as console:
        await console.press("t")
        await console.until(lambda: "? there are no pictures in it" in console.detail)
        await console.press("escape", "x")
        assert "There is no pose frame of this version." in console.status


async def test_x_shows_the_pose_frame_and_t_the_file_again() -> None:
    console, _ = filmed()
    console.service.give_history(1, 0)
    history = console.service.histories[id_of(0)]
    url = "https://previews.example/0.png"
    versions = tuple(replace(one, preview_pose_frame=url) for one in history.versions)
    console.service.histories[id_of(0)] = replace(history, versions=versions)
    console.files.previews[url] = Reel(1)
    async with console.opened():
        await console.until(lambda: "v1 superseded" in console.detail)
        await console.press("x")
        await console.until(lambda: "pose frame, not from the file" in console.detail)
        await console.press("t")
        await console.until(lambda: "PICTURES  6 of 24" in console.detail)


@asynccontextmanager
async def at_the_second_frame_of_two_cameras() -> AsyncIterator[tuple[Console, Members, Reel]]:
    console, reel = filmed()
    contents = Members({}, reel)
    contents.videos = ["cam_high/0.mp4", "cam_low/0.mp4"]
    console.files.contents = contents
    async with console.opened():
        await console.press("t")
        await console.until(lambda: "video 1 of 2" in console.detail)
        await console.press("right_square_bracket", "right_square_bracket")
        await console.until(lambda: "PICTURES  2 of 24" in console.detail)
        yield console, contents, reel


async def test_l_and_h_go_to_another_camera_at_the_same_frame() -> None:
    async with at_the_second_frame_of_two_cameras() as (console, contents, _):
        await console.press("l")
        await console.until(lambda: "video 2 of 2" in console.detail)
        assert contents.asked[-1] == "cam_low/0.mp4"
        assert "PICTURES  2 of 24" in console.detail
        await console.press("l")
        assert "There is no other video that way." in console.status
        await console.press("h")
        await console.until(lambda: "video 1 of 2" in console.detail)


async def test_two_cameras_stand_beside_each_other_at_the_same_moment() -> None:
    async with at_the_second_frame_of_two_cameras() as (console, contents, reel):
        await console.press("vertical_line")
        await console.until(lambda: "beside" in console.detail)
        assert contents.asked[-1] == "cam_low/0.mp4"
        assert [asked for asked, *_ in reel.asked[-2:]] == [(1,), (1,)]
        assert sum(line.count("0:01.0") for line in console.lines) == 2
        await console.press("vertical_line")
        await console.until(lambda: "beside" not in console.detail)


async def test_without_a_second_video_none_stands_beside_it() -> None:
    console, _ = filmed()
    async with console.opened():
        await console.press("t")
        await console.until(lambda: "PICTURES  6 of 24" in console.detail)
        await console.press("vertical_line")
        assert "There is no other video" in console.status


async def test_space_plays_once_to_the_end_and_no_faster_than_two_a_second() -> None:
    console, reel = filmed(reel=Reel(4))
    async with console.opened():
        await console.press("t")
        await console.until(lambda: "PICTURES  4 of 4" in console.detail)
        began = asyncio.get_running_loop().time()
        await console.press("space")
        await console.until(lambda: "PICTURES  4 of 4  4 req" in console.detail
                            and reel.asked[-1][0] == (3,))  # fmt: skip
        assert asyncio.get_running_loop().time() - began >= 1.5
        assert [asked for asked, *_ in reel.asked[1:]] == [(0,), (1,), (2,), (3,)]


async def test_another_key_stops_what_plays() -> None:
    console, reel = filmed()
    async with console.opened():
        await console.press("t")
        await console.until(lambda: "PICTURES  6 of 24" in console.detail)
        await console.press("space")
        await console.until(lambda: reel.asked[-1][0] == (1,))
        await console.press("space")
        asked = len(reel.asked)
        await asyncio.sleep(1.2)
        assert len(reel.asked) == asked
        await console.press("t")
        await console.until(lambda: "PICTURES  6 of 24" in console.detail)


async def test_another_dataset_has_none_of_them() -> None:
    console, _ = filmed()
    async with console.opened():
        await console.press("t")
        await console.until(lambda: "PICTURES  6 of 24" in console.detail)
        await console.press("n")
        await console.until(lambda: "PICTURES" not in console.detail)


async def test_a_verdict_can_be_given_while_pictures_are_looked_at() -> None:
    console, _ = filmed()
    async with console.opened():
        await console.press("t")
        await console.until(lambda: "PICTURES  6 of 24" in console.detail)
        await console.press("a", "y")
        await console.until(lambda: console.decision(0) is not None)
