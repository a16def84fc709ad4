"""What evidence costs on the wire, where the link carries some 32 kB a second."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING

import numpy as np
import pytest
from textual.strip import Strip

from gerra_tui.domain.evidence import Cost
from gerra_tui.service.contents import SHEET, Shot
from gerra_tui.terminal.movement import Dialect
from gerra_tui.terminal.painter import Painter
from gerra_tui.ui.present.detail import Shown
from gerra_tui.ui.present.evidence import Looked
from gerra_tui.ui.present.halfblocks import steady
from gerra_tui.ui.present.pictures import Pictured, picture_lines, thumb
from gerra_tui.ui.widgets.detail_pane import _segments
from tests.laid import detail_lines
from tests.terminal.frames import frame
from tests.ui.test_detail import DATASET
from tests.ui.test_examining import LOOK
from tests.virtual_time import NOON

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.ui.present.halfblocks import Depth

COLUMNS, LINES = 60, 20
PANE = 62  # cells


def photograph(moment: int = 0, size: tuple[int, int] = (COLUMNS, 2 * LINES)) -> Shot:
    """A room with a lit wall, a table, some things on it and an arm that moves, seen by a camera
    with a noise of 3 in 255."""
    width, height = size
    x = np.linspace(0, 1, width)[None, :]
    y = np.linspace(0, 1, height)[:, None]
    light = 200 - 90 * (x - 0.3) ** 2 - 60 * y + 12 * np.sin(9 * x + 4 * y)
    scene: NDArray[np.float64] = np.stack([light, light * 0.97, light * 0.9], axis=-1)
    table = np.broadcast_to(y > 0.55, (height, width))
    scene[table] = (np.stack([150 - 40 * x + 6 * np.sin(40 * x + 9 * y), 108 - 30 * x + 0 * y,
                              70 - 15 * x + 0 * y], axis=-1))[table]  # fmt: skip
    for left, top, side, colour in ((0.1, 0.5, 0.12, (190, 40, 40)), (0.4, 0.6, 0.1, (40, 90, 170)),
                                    (0.75, 0.48, 0.15, (60, 140, 70))):  # fmt: skip
        scene[(abs(x - left) < side / 2) & (abs(y - top) < side)] = colour
    arm = 0.2 + 0.06 * moment
    scene[(abs(x - arm - 0.3 * y) < 0.04) & (y < 0.6)] = (225, 225, 228)
    noise = np.random.default_rng(moment).normal(0, 3, scene.shape)
    pixels = np.clip(scene + noise, 0, 255).astype(np.uint8)
    return Shot(width, height, pixels.tobytes())


class Terminal:
    """Counts what is sent to it."""

    def __init__(self) -> None:
        self._painter = Painter(120, 40, Dialect(), "utf-8", lambda: None)
        self.draw([Strip.blank(PANE)] * 34)

    def show(self, pictured: Pictured) -> int:
        lines = picture_lines(pictured, PANE)
        return self.draw([Strip(_segments(line, PANE), PANE) for line in lines])

    def draw(self, rows: list[Strip]) -> int:
        assert self._painter.take(frame(rows)) == ""
        return len(self._painter.difference().encode())


def alone(shot: Shot, depth: Depth) -> Pictured:
    return Pictured(told="1 of 24", shots=(("0:00.0", shot),), sheet=False, depth=depth,
                    columns=COLUMNS)  # fmt: skip


@pytest.mark.parametrize(("depth", "most"), [("palette", 15_000), ("rgb4", 28_000)])
def test_a_picture_of_60_by_20(depth: Depth, most: int) -> None:
    sent = Terminal().show(alone(photograph(), depth))
    assert most / 10 < sent <= most


@pytest.mark.parametrize(("depth", "most"), [("palette", 18_000), ("rgb4", 34_000)])
def test_a_contact_sheet(depth: Depth, most: int) -> None:
    columns, lines = thumb(COLUMNS, 27)
    shots = tuple((f"0:{n:04.1f}", photograph(n, (columns, 2 * lines))) for n in range(SHEET))
    sent = Terminal().show(Pictured(told="6 of 24", shots=shots, depth=depth, columns=columns))
    assert most / 10 < sent <= most


@pytest.mark.parametrize("depth", ["palette", "rgb4"])
def test_a_step_of_a_fixed_camera_is_what_moved(depth: Depth) -> None:
    terminal = Terminal()
    shot = photograph(0)
    terminal.show(alone(shot, depth))
    for moment in range(1, 6):
        shot = steady(photograph(moment), shot)
        sent = terminal.show(alone(shot, depth))
        assert 0 < sent <= 10_000
        assert terminal.show(alone(shot, depth)) == 0


def test_a_look_costs_little_more_than_the_characters_that_it_changes() -> None:
    terminal = Terminal()
    metadata = {"fps": 29.97, "robot": "koch", "task": "stack the cups", "operator": "op_04"}
    dataset = replace(DATASET, metadata=metadata)
    before = pane(dataset, Looked())
    cost = Cost(requests=3, bytes=79_000)
    after = pane(dataset, Looked(look=replace(LOOK, cost=cost), cost=cost, as_of=NOON))
    terminal.draw(before)
    sent = terminal.draw(after)
    pairs = zip_longest(*(map(str.rstrip, map(text_of, rows)) for rows in (before, after)))
    changed = sum(
        one != other
        for old, new in pairs
        for one, other in zip_longest(old or "", new or "", fillvalue=" ")
    )
    assert changed > 200
    assert sent <= 1.2 * changed


def pane(dataset: Dataset, looked: Looked) -> list[Strip]:
    shown = Shown(row=dataset, detail=None, decision=None, state="pending", now=NOON,
                  evidence=looked)  # fmt: skip
    lines = detail_lines(shown, 45)
    return [Strip(_segments(line, PANE), PANE) for line in lines[:34]]


def text_of(strip: Strip) -> str:
    return "".join(segment.text for segment in strip)


def test_what_a_steady_picture_keeps_is_no_more_than_noise() -> None:
    before, after = photograph(0), photograph(3)
    kept = steady(after, before)
    differences = [abs(one - other) for one, other in zip(kept.rgb, after.rgb, strict=True)]
    assert max(differences) <= 12
    assert steady(after, None) is after
    assert steady(after, photograph(0, (10, 10))) is after
