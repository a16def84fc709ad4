"""What a decision hangs on is on the screen: measured on the demo's pending datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from rich.cells import cell_len

from gerra_tui.api.decoding import read_dataset, read_iterations
from gerra_tui.demo.host import DemoHost
from gerra_tui.service.details import Detail
from gerra_tui.ui.present.columns import layout
from gerra_tui.ui.present.detail import Shown, lay
from tests.virtual_time import NOON

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gerra_tui.domain.dataset import Dataset
    from gerra_tui.domain.iterations import Iterations

EVERY = 12
HEIGHT = 36  # lines of the pane at 120x40
WIDTH = 46  # its cells


@pytest.fixture(scope="module")
def pending() -> Iterator[list[tuple[Dataset, Iterations]]]:
    """Some of each thousand, with their histories."""
    with DemoHost(["--seed", "1", "--clock", "2026-11-28T14:02:31Z"]) as demo:
        headers = {"Gerra-Api-Key": demo.api_key}
        with httpx.Client(base_url=demo.base_url, headers=headers) as client:

            def answer(path: str, **parameters: Any) -> Any:
                return client.get(path, params=parameters).raise_for_status().json()

            rows = [
                row
                for offset in (0, 1000)
                for row in answer("/datasets", status="pending", limit=1000, offset=offset)[
                    "datasets"
                ]
            ]
            yield [
                (read_dataset(row), read_iterations(answer(f"/datasets/{row['id']}/iterations")))
                for row in rows[::EVERY]
            ]


def grounds(dataset: Dataset, iterations: Iterations) -> int:
    """Lines above the description, the head included."""
    detail = Detail(dataset_id=dataset.id, dataset=dataset, iterations=iterations)
    shown = Shown(row=dataset, detail=detail, decision=None, state="pending", now=NOON)
    laid = lay(shown, WIDTH)
    (body,) = laid.columns
    at = next(n for n, line in enumerate(body) if line.anchor == "description")
    return len(laid.head) + at - 1  # the blank line before it may be the first that is not there


def test_for_nine_of_ten_all_that_a_decision_hangs_on_is_on_the_screen(
    pending: list[tuple[Dataset, Iterations]],
) -> None:
    lines = [grounds(dataset, iterations) for dataset, iterations in pending]
    fitting = sum(count <= HEIGHT for count in lines)
    print(f"{fitting / len(lines):.1%} of {len(lines)}, longest {max(lines)}")  # noqa: T201
    assert fitting >= 0.9 * len(lines)


@pytest.mark.parametrize(("width", "most"), [(72, 0.1), (80, 0.06), (120, 0.0)])
def test_names_are_hardly_cut(
    pending: list[tuple[Dataset, Iterations]], width: int, most: float
) -> None:
    """At 120x40 beside the pane, at 80x24, at 200x60."""
    room = next(c.width for c in layout(("type", "name", "size", "updated"), width)[1:2])
    cut = sum(cell_len(dataset.name) > room for dataset, _ in pending)
    print(f"{cut / len(pending):.1%} of names cut in {room} cells")  # noqa: T201
    assert cut <= most * len(pending)
