"""Routes to the reviewer's clipboard, tried in order; the outcome is a sentence that names the route.

Inside tmux with its default settings a bare OSC 52 and one wrapped for pass-through are both lost;
`tmux load-buffer -w -` arrives. OSC 52: xterm's ctlseqs, "Manipulate Selection Data".
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


async def copy(text: str, environ: Mapping[str, str], write: Callable[[str], None]) -> str:
    """Put the text on the clipboard; gives a sentence for the reviewer. Never raises `OSError`.

    `write` sends a sequence to the terminal, for OSC 52.
    """
    data = text.encode("utf-8", "surrogatepass")
    if environ.get("TMUX") and await _fed(TMUX, data):
        return "Copied by tmux."
    encoded = base64.b64encode(data).decode("ascii")
    if not environ.get("TMUX") and len(encoded) <= OSC52_LIMIT:
        write(f"\x1b]52;c;{encoded}\x07")
        return "Copied by the terminal (OSC 52)."
    for command in desktop_tools(environ):
        if await _fed(command, data):
            return f"Copied by {command[0]}."
    if len(encoded) > OSC52_LIMIT:
        return f"Not copied: {len(data):,} bytes are too many for the terminal."
    return "Not copied: tmux did not take it, and no clipboard tool is here."


def desktop_tools(environ: Mapping[str, str]) -> list[Sequence[str]]:
    """The tools of this machine's own desktop that are installed."""
    tools: list[Sequence[str]] = []
    if environ.get("WAYLAND_DISPLAY"):
        tools.append(("wl-copy",))
    if environ.get("DISPLAY"):
        tools += [("xclip", "-selection", "clipboard"), ("xsel", "--clipboard", "--input")]
    tools.append(("pbcopy",))
    return [tool for tool in tools if shutil.which(tool[0])]


def route_name(environ: Mapping[str, str]) -> str:
    """The route that would be taken first."""
    if environ.get("TMUX"):
        return "tmux load-buffer -w"
    return "OSC 52, if the terminal allows it"


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
