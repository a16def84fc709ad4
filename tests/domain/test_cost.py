"""What comes from outside costs what its length is, and no more."""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING

import pytest

from gerra_tui.domain import urls
from gerra_tui.domain.text import clean, clean_block, compact_json, escaped
from gerra_tui.headless.forms import Aligned, Csv, Json, Piped
from gerra_tui.ui.present.cells import wrapped
from gerra_tui.ui.present.detail import Shown
from gerra_tui.ui.present.values import value_text
from tests.headless.stage import NOW, dataset
from tests.laid import detail_lines

if TYPE_CHECKING:
    from collections.abc import Callable

# What counts the lines would be most of what is measured.
pytestmark = pytest.mark.no_cover

REPEATED = {
    "letters": "a",
    "Chinese": "中",
    "emoji": "👍🏽",
    "escapes": "\x1b",
    "marks": "e\u0301",
    "marks alone": "\u0301",
    "joiners": "\u200d",
    "overrides": "\u202e",
    "blanks": "x ",
    "lines": "\n",
    "quotes": '"',
    "schemes": "https://",
    "odd schemes": "a://",
    "queries": "?",
    "signatures": "?signature=",
    "addresses": "https://a/b?c ",
}


def _detail(**field: object) -> list[object]:
    row = dataset(1, **field)
    shown = Shown(row=row, detail=None, decision=None, state="pending", now=NOW)
    return list(detail_lines(shown, 60))


ON_SCREEN: dict[str, Callable[[str], object]] = {
    "a line": clean,
    "a block": clean_block,
    "a value": value_text,
    "wrapped": lambda text: list(wrapped(clean_block(text), 60)),
    "a description": lambda text: _detail(description=text),
    "metadata": lambda text: _detail(metadata={"k": text, text[:300]: {"k": [text]}}),
    "a name": lambda text: _detail(name=text),
    "an address": lambda text: _detail(signed_url=text, link=text),
}
FOR_MACHINES: dict[str, Callable[[str], object]] = {
    "JSON": lambda text: Json().lines([dataset(1, name=text)]),
    "CSV": lambda text: Csv().lines([dataset(1, name=text, metadata={"k": text})]),
    "a pipe": lambda text: Piped().lines([dataset(1, name=text)]),
    "a terminal": lambda text: Aligned(100, NOW).lines([dataset(1, name=text)]),
    "escaped": escaped,
    "compact": compact_json,
    "kept": urls.kept,
    "compared": urls.compared,
}


def seconds(work: Callable[[str], object], text: str) -> float:
    """Of the processor: other programs of the machine count for nothing, nor does what else this
    process holds. The best of nine.
    """

    def once() -> float:
        began = time.process_time()
        work(text)
        return time.process_time() - began

    gc.disable()
    try:
        return min(once() for _ in range(9))
    finally:
        gc.enable()


@pytest.mark.parametrize("kind", REPEATED)
@pytest.mark.parametrize("shown", ON_SCREEN)
def test_no_value_keeps_a_key_waiting(shown: str, kind: str) -> None:
    text = REPEATED[kind] * 20_000
    text = (text * (140_000 // len(text) + 1))[:140_000]
    assert seconds(ON_SCREEN[shown], text) < 0.2  # a tenth on a machine of today


@pytest.mark.parametrize("kind", REPEATED)
@pytest.mark.parametrize("form", FOR_MACHINES)
def test_twice_the_length_costs_twice_the_time(form: str, kind: str) -> None:
    text = REPEATED[kind] * (40_000 // len(REPEATED[kind]))
    once, twice = (seconds(FOR_MACHINES[form], text * times) for times in (1, 2))
    assert twice < 3 * once + 0.01
