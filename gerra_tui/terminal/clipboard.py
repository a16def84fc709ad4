"""Routes to the reviewer's clipboard, tried in order; what comes of it names the route.

Inside tmux with its default settings a bare OSC 52 and one wrapped for pass-through are both lost;
`tmux load-buffer -w -` arrives. OSC 52: xterm's ctlseqs, "Manipulate Selection Data". It is not
answered, so whether the terminal took it (some must be allowed to first) cannot be told.
"""

from __future__ import annotations

import asyncio
import base64
import shutil
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

OSC52_LIMIT: Final = 74_994  # bytes, encoded: what the tightest terminal in use takes
SECONDS: Final = 3.0  # a tool without its display may hang
TMUX: Final = ("tmux", "load-buffer", "-w", "-")
_DESKTOP: Final[Sequence[tuple[str, tuple[str, ...]]]] = (
    ("WAYLAND_DISPLAY", ("wl-copy",)),
    ("DISPLAY", ("xclip", "-selection", "clipboard")),
    ("DISPLAY", ("xsel", "--clipboard", "--input")),
    ("", ("pbcopy",)),
)


async def copy(text: str, environ: Mapping[str, str], write: Callable[[str], None]) -> str:
    """Put the text on the clipboard; gives a sentence for the reviewer, with the route taken.

    `write` sends a sequence to the terminal, for OSC 52. Takes at most some `SECONDS` for each
    tool that hangs. Never raises `OSError`.
    """
    data = text.encode("utf-8", "surrogatepass")
    in_vain = []
    if environ.get("TMUX"):
        if await _fed(TMUX, data):
            return "Copied by tmux."
        in_vain.append("tmux did not take it")
    elif _takes_osc52(environ):
        encoded = base64.b64encode(data).decode("ascii")
        if len(encoded) <= OSC52_LIMIT:
            write(f"\x1b]52;c;{encoded}\x07")
            return "Copied by the terminal (OSC 52)."
        in_vain.append(f"{len(data):,} bytes are too many for the terminal")
    else:
        in_vain.append("this terminal has no clipboard")
    for command in desktop_tools(environ):
        if await _fed(command, data):
            return f"Copied by {command[0]}."
        in_vain.append(f"{command[0]} did not take it")
    return f"Not copied: {', '.join(in_vain)}. Select it on the screen instead."


def desktop_tools(environ: Mapping[str, str]) -> list[tuple[str, ...]]:
    """The tools of this machine's own desktop that are installed."""
    path = environ.get("PATH")
    return [
        command
        for variable, command in _DESKTOP
        if (not variable or environ.get(variable)) and shutil.which(command[0], path=path)
    ]


def route_name(environ: Mapping[str, str]) -> str:
    """The route that is tried first, for a person."""
    if environ.get("TMUX"):
        return "tmux load-buffer -w"
    if _takes_osc52(environ):
        return "OSC 52, if the terminal allows it"
    tools = desktop_tools(environ)
    return tools[0][0] if tools else "none: neither the terminal nor a tool takes anything"


def _takes_osc52(environ: Mapping[str, str]) -> bool:
    """The Linux console has no clipboard, and GNU screen lets nothing through to the terminal's."""
    return environ.get("TERM") != "linux" and not environ.get("STY")


async def _fed(command: Sequence[str], data: bytes) -> bool:
    """Claims that the command took the data on its standard input."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError:
        return False
    try:
        async with asyncio.timeout(SECONDS):
            await process.communicate(data)
    except TimeoutError:
        process.kill()
        await process.wait()
        return False
    return process.returncode == 0
