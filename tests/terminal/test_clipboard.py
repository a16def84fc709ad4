"""What is copied arrives, and the notice says how, or why not."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from gerra_tui.terminal import clipboard
from gerra_tui.terminal.clipboard import OSC52_LIMIT, copy, desktop_tools, route_name

if TYPE_CHECKING:
    from pathlib import Path

INSIDE = "server,1,0"


class Desk:
    """A PATH with tools that keep what they are given."""

    def __init__(self, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._directory = directory
        self.environ = {"TERM": "xterm-256color", "PATH": str(directory)}
        self.written: list[str] = []
        monkeypatch.setenv("PATH", str(directory))

    def install(self, name: str, script: str = "") -> None:
        tool = self._directory / name
        kept = self._directory / name
        keep = f'/bin/cat > "{kept}.got"; echo "$@" > "{kept}.args"'
        tool.write_text(f"#!/bin/sh\n{script or keep}\n", encoding="utf-8")
        tool.chmod(0o755)

    def got(self, name: str) -> str:
        return (self._directory / f"{name}.got").read_text(encoding="utf-8")

    def arguments(self, name: str) -> str:
        return (self._directory / f"{name}.args").read_text(encoding="utf-8").strip()

    async def copy(self, text: str, **environ: str) -> str:
        return await copy(text, {**self.environ, **environ}, self.written.append)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(tmp_path, monkeypatch)


async def test_the_terminal_takes_it_where_there_is_no_tmux(desk: Desk) -> None:
    desk.install("xclip")
    assert await desk.copy("77aa01c9 é", DISPLAY=":0") == "Copied by the terminal (OSC 52)."
    (sequence,) = desk.written
    assert base64.b64decode(sequence.removeprefix("\x1b]52;c;").removesuffix("\x07")) == (
        "77aa01c9 é".encode()
    )


async def test_tmux_takes_it_where_the_terminals_way_is_lost(desk: Desk) -> None:
    desk.install("tmux")
    assert await desk.copy("77aa01c9", TMUX=INSIDE) == "Copied by tmux."
    assert desk.got("tmux") == "77aa01c9"
    assert desk.arguments("tmux") == "load-buffer -w -"
    assert desk.written == []


async def test_the_desktop_takes_what_tmux_does_not(desk: Desk) -> None:
    desk.install("tmux", "exit 1")
    desk.install("wl-copy")
    copied = await desk.copy("77aa01c9", TMUX=INSIDE, WAYLAND_DISPLAY="wayland-0")
    assert copied == "Copied by wl-copy."
    assert desk.got("wl-copy") == "77aa01c9"


async def test_the_desktop_takes_what_is_too_much_for_the_terminal(desk: Desk) -> None:
    desk.install("xclip", "exit 1")
    desk.install("xsel")
    most = "x" * (OSC52_LIMIT // 4 * 3)
    assert await desk.copy(most, DISPLAY=":0") == "Copied by the terminal (OSC 52)."
    assert await desk.copy(most + "xxxx", DISPLAY=":0") == "Copied by xsel."
    assert desk.got("xsel") == most + "xxxx"


async def test_all_that_was_in_vain_is_named(desk: Desk) -> None:
    desk.install("tmux", "exit 1")
    desk.install("xclip", "exit 1")
    told = await desk.copy("77aa01c9", TMUX=INSIDE, DISPLAY=":0")
    assert told == (
        "Not copied: tmux did not take it, xclip did not take it. Select it on the screen instead."
    )
    assert "56,250 bytes" in await desk.copy("x" * 56_250)


async def test_a_tool_that_hangs_is_not_waited_for(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clipboard, "SECONDS", 0.2)
    desk.install("tmux", "exec /bin/sleep 60")
    assert (await desk.copy("77aa01c9", TMUX=INSIDE)).startswith("Not copied: tmux")


async def test_a_tmux_that_is_not_there_is_no_error(desk: Desk) -> None:
    assert (await desk.copy("x", TMUX=INSIDE)).startswith("Not copied: tmux did not take it")


@pytest.mark.parametrize("environ", [{"TERM": "linux"}, {"TERM": "screen", "STY": "1.pts"}])
async def test_nothing_is_sent_to_a_terminal_that_has_no_clipboard(
    desk: Desk, environ: dict[str, str]
) -> None:
    assert "this terminal has no clipboard" in await desk.copy("x", **environ)
    assert desk.written == []
    assert route_name({**desk.environ, **environ}).startswith("none")
    desk.install("pbcopy")
    assert await desk.copy("x", **environ) == "Copied by pbcopy."
    assert route_name({**desk.environ, **environ}) == "pbcopy"


def test_the_route_is_named_beforehand(desk: Desk) -> None:
    assert route_name(desk.environ).startswith("OSC 52")
    assert route_name({**desk.environ, "TMUX": INSIDE}) == "tmux load-buffer -w"


def test_tools_of_a_display_are_tried_only_with_that_display(desk: Desk) -> None:
    for name in ("wl-copy", "xclip", "xsel"):
        desk.install(name)
    assert desktop_tools(desk.environ) == []
    assert [tool for tool, *_ in desktop_tools({**desk.environ, "DISPLAY": ":0"})] == [
        "xclip",
        "xsel",
    ]
