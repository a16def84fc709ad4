"""Foreign text: what a reviewer sees of it, and what a machine gets."""

from __future__ import annotations

import json
import math
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gerra_tui.domain.text import clean, clean_block, compact_json, is_blank

# Any code point, lone surrogates included, with those that do harm drawn often.
HARMFUL = (
    "\x00\x07\x1b\x7f\x85\x9b\r\n\t\u200b\u200d\u202e\u2066\u2028\ufeff\ufe0f\u0301\ud800\ue000"
)
any_text = st.text(st.one_of(st.characters(), st.sampled_from(HARMFUL)), max_size=80)
every_character = [chr(code) for code in range(0x110000)]


def is_harmful(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("SO-101 stack cups, batch 44", "SO-101 stack cups, batch 44"),
        ("Küche wischen, Griff 7", "Küche wischen, Griff 7"),
        ("机器人 叠杯子", "机器人 叠杯子"),
        ("\x1b]0;owned\x07Kitchen", "^[]0;owned^GKitchen"),
        ("\x1b[2J\x1b[31mred", "^[[2J^[[31mred"),
        ("\x9b2J", "<U+009B>2J"),
        ("del\x7f", "del^?"),
        ("safe\u202egpj.exe", "safe<U+202E>gpj.exe"),
        ("\u2066isolated\u2069", "<U+2066>isolated<U+2069>"),
        ("zero\u200bwidth\ufeff", "zero<U+200B>width<U+FEFF>"),
        ("two\nlines\r\nand\ttabs\u2028end", "two lines and tabs end"),
        ("no\u00a0break\u3000wide", "no break wide"),
        ("lone\ud800surrogate", "lone<U+D800>surrogate"),
        ("private\ue0b0use", "private<U+E0B0>use"),
        ("hangul\u3164filler", "hangul<U+3164>filler"),
        ("tag\U000e0041", "tag<U+E0041>"),
        ("[bold]markup[/bold] [@click=app.quit]", "[bold]markup[/bold] [@click=app.quit]"),
        ("ok 👍🏽 🤖", "ok 👍🏽 🤖"),
        ("heart ❤\ufe0f", "heart ❤"),
        ("👨\u200d👩\u200d👧", "👨👩👧"),
        ("a\u200dccepted", "a<U+200D>ccepted"),
        ("क्\u200dष", "क्ष"),
        ("e\u0301", "e\u0301"),
        ("z" + "\u0300" * 40 + "algo", "z" + "\u0300" * 4 + "algo"),
        ("z" + "\u0300\ufe0f" * 40, "z" + "\u0300" * 4),
        ("\u0301orphan", "\u25cc\u0301orphan"),
        ("\u1112\u1161\u11ab", "\u1112\u1161\u11ab"),
        ("\u1112" + "\u1161" * 40, "\u1112" + "\u1161" * 4),
        ("", ""),
    ],
)
def test_a_name_is_shown_on_one_line_without_harm(raw: str, shown: str) -> None:
    assert clean(raw) == shown


def test_a_long_name_is_cut_with_an_ellipsis() -> None:
    assert clean("a" * 501) == "a" * 499 + "…"
    assert clean("a" * 500) == "a" * 500
    assert clean("ä" * 20, limit=10) == "ä" * 9 + "…"
    assert clean("\x1b" * 6, limit=10) == "^[^[^[^[^…"
    assert clean("abc", limit=1) == "…"
    assert clean("abc", limit=0) == ""


def test_what_is_hidden_behind_very_many_dropped_characters_is_not_hidden() -> None:
    shown = clean("a" + "\ufe0f" * 1_000_000 + "b", limit=10)
    assert shown.startswith("a")
    assert shown.endswith("…")


def test_a_description_keeps_its_lines() -> None:
    raw = "one\r\ntwo\rthree\u2028four\n\n\tindented \x1b[1mbold\n\u0301"
    assert clean_block(raw) == "one\ntwo\nthree\nfour\n\n    indented ^[[1mbold\n\u25cc\u0301"
    assert clean_block("line\n" * 9, limit=10) == "line\nline…"


@given(any_text, st.integers(0, 60))
def test_nothing_shown_can_steer_a_terminal_or_hide(text: str, limit: int) -> None:
    for shown in (clean(text, limit), clean_block(text, limit)):
        assert not any(is_harmful(char) for char in shown.replace("\n", ""))
        assert len(shown) <= limit
    assert "\n" not in clean(text, limit)


@given(any_text, st.integers(0, 60))
def test_cleaning_what_is_clean_changes_nothing(text: str, limit: int) -> None:
    shown = clean(text, limit)
    assert clean(shown, limit) == shown
    block = clean_block(text, limit)
    assert clean_block(block, limit) == block


@pytest.mark.no_cover  # the same lines thousands of times
def test_no_character_at_all_gets_through_that_could_do_harm() -> None:
    shown = "".join(clean(char) for char in every_character)
    assert not {char for char in set(shown) if is_harmful(char)}


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n\t", "\u00a0\u3000", "\u200b\u200d\ufeff", "\u3164", "\u2800", "\ufe0f", "\x00"],
)
def test_a_reason_that_nobody_can_see_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["x", " x ", ".", "\u200bx", "ж", "🤖", "\U000105c0"])
def test_a_reason_that_can_be_seen_is_not_blank(text: str) -> None:
    assert not is_blank(text)


@given(any_text)
def test_machines_get_one_line_without_control_and_bidi_characters(text: str) -> None:
    line = compact_json({"name": text, text: [text]})
    assert json.loads(line) == {"name": text, text: [text]}
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in line)
    line.encode("utf-8")


def test_machines_get_every_character_that_could_do_harm_escaped() -> None:
    for char in every_character:
        if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
            assert compact_json(char).isascii()


def test_what_can_be_read_is_written_as_it_is() -> None:
    assert compact_json({"name": "Küche 机器 🤖", "n": [1, None, True, 0.5]}) == (
        '{"name":"Küche 机器 🤖","n":[1,null,true,0.5]}'
    )
    assert compact_json("\x1b\x7f\x85\u202e\ud800\U000e0041") == (
        r'"\u001b\u007f\u0085\u202e\ud800\udb40\udc41"'
    )


@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf])
def test_a_number_that_json_does_not_have_becomes_null(odd: float) -> None:
    value: dict[str, Any] = {"a": odd, "b": [odd, (1.5, odd)], "c": "NaN"}
    assert compact_json(value) == '{"a":null,"b":[null,[1.5,null]],"c":"NaN"}'
