"""A sentence that ends in foreign words has one mark at its end."""

from __future__ import annotations

import pytest

from gerra_tui.domain.text import ended


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("timed out", "timed out."),
        ("timed out.", "timed out."),
        ("timed out...", "timed out."),
        ("timed out. ", "timed out."),
        ("is it whole?", "is it whole?"),
        ("stop!", "stop!"),
        ("a long sto…", "a long sto…"),
    ],
)
def test_foreign_words_end_a_sentence_with_one_mark(words: str, shown: str) -> None:
    assert ended(words) == shown
