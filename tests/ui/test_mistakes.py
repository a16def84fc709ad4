"""A mistake in this program costs a sentence, and neither the console nor what was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Never

from tests.ui.reviewing import Console

if TYPE_CHECKING:
    import pytest


async def test_a_task_that_fails_is_told_of_and_can_be_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with Console().opened() as console:

        async def fails() -> Never:
            raise ZeroDivisionError

        monkeypatch.setattr(type(console.app.review.workplace.queue), "refresh", lambda _: fails())
        await console.press("R")
        await console.until_shown("failed by a mistake in this program (ZeroDivisionError")
        assert console.app.failed is None
        monkeypatch.undo()
        await console.press("R")
        await console.until_shown("Refreshed")
    assert "ZeroDivisionError" in caplog.text  # with its traceback
    caplog.clear()


async def test_a_crash_keeps_the_reason_being_typed_and_says_what_is_so() -> None:
    async with Console().opened() as console:
        await console.press("r", "0", *"dark")
        await console.until_shown("dark")
        console.app._keep_at_crash()
        assert console.app.kept == (
            "What was typed and where you were is kept. Nothing was waiting to be sent."
        )
        (draft,) = console.sessions.session.drafts.values()
        assert draft == "dark"
