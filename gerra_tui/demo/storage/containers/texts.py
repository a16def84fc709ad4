"""Tables and logs as text: lines of one width, so that any of them can be made alone."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gerra_tui.demo.storage.sparse import Made, Sparse

if TYPE_CHECKING:
    from collections.abc import Callable

    from gerra_tui.demo.storage.recording import Recording


def csv(recording: Recording, length: int) -> Sparse:
    """The last number has as many more digits as the length needs."""
    head = ",".join(["t", *recording.channels]) + "\n"
    return _lines(recording, length, head, lambda t, values: ",".join([t, *values]) + "\n", "\n")


def jsonl(recording: Recording, length: int) -> Sparse:
    names = [json.dumps(name) for name in recording.channels]

    def line(t: str, values: list[str]) -> str:
        told = "".join(f", {name}: {value}" for name, value in zip(names, values, strict=True))
        return f'{{"t": {t}{told}}}\n'

    return _lines(recording, length, "", line, "}\n")


def document(recording: Recording, length: int) -> Sparse:
    """One JSON object, with an array for every sample."""
    head = json.dumps({"robot": recording.robot, "channels": recording.channels})[:-1]
    last = "]\n  ]\n}\n"
    made = _lines(
        recording,
        length - len(last) + 3,
        f'{head}, "samples": [\n',
        lambda t, values: f"    [{', '.join([t, *values])}],\n",
        "],\n",
    )
    return Sparse(made.shortened(made.length - 3), last.encode())


def log(recording: Recording, length: int) -> Sparse:
    names = recording.channels

    def line(t: str, values: list[str]) -> str:
        stamp = datetime.fromtimestamp(float(t), UTC).isoformat(timespec="milliseconds")
        told = " ".join(f"{name}={value}" for name, value in zip(names, values, strict=True))
        return f"{stamp} INFO rig {told}\n"

    return _lines(recording, length, "", line, "\n")


def _lines(
    recording: Recording,
    length: int,
    head: str,
    line: Callable[[str, list[str]], str],
    ending: str,
) -> Sparse:
    """`ending` is what follows the last number of a line."""
    wave = recording.wave(512)
    width = len(line(_time(recording, 0, 1), ["3.0000"] * len(recording.channels)).encode())
    first = head.encode()
    lines = max(2, (length - len(first)) // width)

    def made(number: int) -> bytes:
        values = [
            f"{3 + wave[(number + 17 * column) % len(wave)]:.4f}"
            for column in range(len(recording.channels))
        ]
        return line(_time(recording, number, lines), values).encode()

    last, end = made(lines - 1), ending.encode()
    digits = b"0" * max(0, length - len(first) - lines * width)
    return Sparse(first, Made(width, lines - 1, made), last[: -len(end)], digits, end)


def _time(recording: Recording, number: int, lines: int) -> str:
    """Seconds since 1970, as long as the recording is."""
    return f"{recording.start + recording.seconds * number / max(1, lines - 1):.6f}"
