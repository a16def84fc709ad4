"""Whatever JSON the service answers with, the console goes on, on every screen."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import given, settings

from gerra_tui.api.client import GerraClient
from gerra_tui.ui.review.screen import ReviewScreen
from tests.headless.test_any_answer import ANSWERS, service
from tests.ui.reviewing import Console
from tests.ui.stage import text_of

# Every screen, dialog and pane, and the keys in them that read what the service said.
WALK: Final = (
    *("j", "k", "G", "g", "tab", "j", "enter", "j", "enter", "tab", "J", "K"),
    *("i", "less_than_sign", "greater_than_sign", "equals_sign", "escape", "enter", "n", "q"),
    *("space", "v", "v", "m", "f", "comma", "escape", "semicolon", "escape"),
    *("c", "escape", "o", "escape", "O", "R", "y", "escape", "p", "p", "P", "P"),
    *("a", "n", "a", "y", "r", "3", "backspace", "escape", "u", "full_stop", "escape"),
    *("dollar_sign", "escape", "S", "tab", "escape", "L", "escape", "question_mark", "escape"),
    *("slash", "tab", "tab", "escape", "7", "9", "1", "escape"),
)


class Client(GerraClient):
    async def ask_with(self, _: str) -> object:
        return await self.statistics()


async def walk(answers: dict[str, Any], size: tuple[int, int]) -> None:
    client = service(answers, Client)
    console = Console(client)  # type: ignore[arg-type] # as the fake one, of what is asked here
    async with console.opened(size=size, wait=False):
        for key in WALK:
            await console.press(key)
            assert console.app.failed is None
            assert "\x1b" not in text_of(console.app)
        for _ in range(6):
            if isinstance(console.app.screen, ReviewScreen):
                break
            await console.press("escape")
        assert isinstance(console.app.screen, ReviewScreen)
        await console.press("j", "k")
    await client.aclose()
    assert console.app.failed is None


@settings(max_examples=4, deadline=None)
@given(ANSWERS)
async def test_no_answer_ends_the_console_on_any_screen(answers: dict[str, Any]) -> None:
    await walk(answers, (120, 40))


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(ANSWERS)
async def test_no_answer_ends_the_console_in_hundreds_of_cases(answers: dict[str, Any]) -> None:
    await walk(answers, (80, 24))
