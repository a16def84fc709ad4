"""Keys in the config are understood as people write them, and nothing else is taken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gerra_tui.ui.keys.names import NAMED, NoSuchKey, key_named, shown
from gerra_tui.ui.keys.registry import EVERYWHERE, FORBIDDEN, Registry, WrongKeymap

USUAL = {
    "ctrl+r": ["^r", "^R", "C-r", "c-r", "Ctrl+R", "ctrl-r", "Control+r", "<C-r>", "ctrl+r",
               "Ctrl + R"],
    "pagedown": ["PgDn", "pgdn", "PgDown", "Page Down", "page_down", "PageDown", "<PageDown>",
                 "pagedown"],
    "pageup": ["PgUp", "Page-Up"],
    "space": ["Space", " ", "<Space>", "SPC"],
    "f2": ["F2", "f2", "<F2>"],
    "shift+tab": ["Shift-Tab", "S-Tab", "BackTab", "shift+tab", "<S-Tab>"],
    "enter": ["Enter", "Return", "RET", "^m", "C-m"],
    "escape": ["Esc", "ESC", "escape", "^["],
    "tab": ["Tab", "^i"],
    "up": ["Up", "\u2191", "Arrow Up", "up arrow"],
    "delete": ["Del", "Delete"],
    "backspace": ["BS", "Backspace", "^?"],
    "A": ["A", "Shift-a", "S-a", "shift+A"],
    "a": ["a"],
    "?": ["?", "question_mark"],
    "-": ["-", "minus"],
    "+": ["+", "plus"],
    "^": ["^"],
    "<": ["<"],
    "$": ["$", "dollar_sign"],
    "ctrl+up": ["C-Up", "ctrl+up"],
    "shift+down": ["Shift+Down"],
    "ctrl+shift+left": ["Ctrl-Shift-Left"],
    "ctrl+backslash": ["^\\", "ctrl+backslash"],
    "ctrl+@": ["^@", "^ ", "C-Space", "ctrl+space", "Ctrl+@"],
    "alt+a": ["Alt-a", "M-a", "alt+a", "Option-a"],
    "\u00e9": ["\u00e9", "e\u0301"],
}  # fmt: skip


@pytest.mark.parametrize(("key", "written"), [(k, w) for k, ws in USUAL.items() for w in ws])
def test_usual_spellings_are_understood(key: str, written: str) -> None:
    assert key_named(written) == key


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("foo", "There are characters"),
        ("", "There are characters"),
        ("gg", "There are characters"),
        ("pgedown", "Did you mean PgDn?"),
        ("Spce", "Did you mean Space?"),
        ("F25", "Did you mean F"),
        ("Shift-Tabb", "Did you mean Shift-Tab?"),
        ("Super-a", ""),
        ("C-1", ""),
        ("Ctrl-Shift-r", ""),
        ("\x1b", ""),
        ("\u200b", ""),
    ],
)
def test_any_other_is_refused_with_what_was_probably_meant(written: str, meant: str) -> None:
    with pytest.raises(NoSuchKey, match="is no key that a terminal sends") as refused:
        key_named(written)
    assert meant in str(refused.value)


def test_what_is_shown_can_be_written() -> None:
    for context in EVERYWHERE:
        for command in Registry.of().in_context(context):
            for key in command.keys:
                assert key_named(shown(key)) == key
    for key in NAMED:
        assert key_named(shown(key)) == key


@given(st.text(max_size=20))
def test_no_text_makes_it_fail_otherwise(text: str) -> None:
    try:
        key = key_named(text)
    except NoSuchKey:
        return
    assert key_named(shown(key)) == key


@pytest.mark.parametrize(
    "written", ["^a", "C-a", "Ctrl+A", "<C-a>", "^ ", "C-Space", "ctrl+@", "^\\", "ctrl-backslash",
                "^S", "Control-q", "^h", "^J", "ctrl+K", "^l"],
)  # fmt: skip
def test_a_forbidden_key_is_refused_in_every_spelling(written: str) -> None:
    assert key_named(written) in FORBIDDEN
    with pytest.raises(WrongKeymap, match="taken by tmux or terminals"):
        Registry.of({"list": {"refresh": (written,)}})


def test_a_key_of_the_config_works_however_it_is_written() -> None:
    registry = Registry.of({"list": {"refresh": ("^r", "F5"), "page_down": ("PgDn", "f")}})
    assert registry.keys_of("refresh") == ("ctrl+r", "f5")
    assert registry.command_for("list", "ctrl+r") is registry.named("refresh")
    assert registry.keys_of("page_down") == ("pagedown", "f")


def test_a_key_that_does_not_exist_is_told_by_its_place() -> None:
    with pytest.raises(WrongKeymap, match=r"keys\.list\.refresh: 'pgedown' is no key .* PgDn\?"):
        Registry.of({"list": {"refresh": ("pgedown",)}})


def test_two_spellings_of_one_key_are_one_key() -> None:
    with pytest.raises(WrongKeymap, match=r"\^r is bound to refresh as well"):
        Registry.of({"list": {"refresh": ("^r",), "reverse": ("Ctrl+R",)}})
