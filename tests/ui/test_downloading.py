"""`d`: the file on this machine, and how to get it from there."""

from __future__ import annotations

from tests.fakes import id_of
from tests.ui.reviewing import Console
from tests.ui.stage import boxed


async def begun(console: Console) -> None:
    await console.press("d", "y")
    await console.until(lambda: console.arriving and console.arriving[-1].runs)


async def test_a_download_asks_says_how_far_it_is_and_ends_with_an_scp_line() -> None:
    async with Console().opened() as console:
        await console.press("d")
        told = " ".join(boxed(console.app))
        assert "Download this file? -, Stack cups, batch 0, into /downloads" in told
        assert console.arriving == []
        await console.press("y")
        await console.until(lambda: "DOWNLOAD  0 % of 100.0 MB   d pauses" in console.detail)
        console.arriving[0].come(45_000_000)
        await console.until(lambda: "fetched 45 % of 100.0 MB" in console.header)
        await console.until(lambda: "45 % of 100.0 MB" in console.detail)
        console.arriving[0].come(100_000_000)
        await console.until(lambda: "Downloaded: scp " in console.status)
        assert "fetched" not in console.header
        assert f"/downloads/{id_of(0)}" in console.detail.replace("\n", "")
        await console.press("d")
        assert "It is here: scp " in console.status
        assert len(console.arriving) == 1


async def test_a_download_that_is_declined_fetches_nothing() -> None:
    async with Console().opened() as console:
        await console.press("d", "n", "j")
        assert console.arriving == []


async def test_the_key_pauses_and_goes_on() -> None:
    async with Console().opened() as console:
        await begun(console)
        console.arriving[0].come(10_000_000)
        await console.press("d")
        await console.until(lambda: "DOWNLOAD  paused at 10 %   d goes on" in console.detail)
        await console.press("d")
        await console.until(lambda: console.arriving[0].runs == 2)
        console.arriving[0].come(100_000_000)
        await console.until(lambda: "Downloaded" in console.status)


async def test_others_wait_for_their_turn_and_ctrl_c_pauses_all() -> None:
    async with Console().opened() as console:
        await begun(console)
        await console.press("j", "d", "y")
        await console.until(lambda: "waits for its turn" in console.detail)
        await console.until(lambda: ", 1 wait" in console.header)
        await console.press("ctrl+c")
        await console.until(lambda: "DOWNLOAD  paused" in console.detail)
        assert "Cancelled." in console.status
        assert [one.runs for one in console.arriving] == [1, 0]


async def test_a_failure_is_a_sentence_and_the_key_tries_again() -> None:
    async with Console().opened() as console:
        await begun(console)
        console.arriving[0].come(5, "storage broke off after 5 B; 5 B are kept")
        await console.until(lambda: "Not downloaded: storage broke off" in console.status)
        assert "DOWNLOAD  not fetched   d tries again" in console.detail
        assert "! storage broke off after 5 B" in console.detail
        await console.press("d", "y")
        await console.until(lambda: len(console.arriving) == 2)


async def test_the_end_of_the_console_leaves_no_download_behind() -> None:
    async with Console().opened() as console:
        await begun(console)
        await console.press("q")
        await console.until(lambda: not console.app.is_running)
