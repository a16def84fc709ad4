"""Whatever arrives in pieces, nobody has pressed a key that they did not press."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events

from gerra_tui.terminal.keys import KeyParser
from gerra_tui.terminal.replies import ALT, INCOMPLETE, LONE_ESCAPE, InputFilter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.message import Message

REPORT = b"\x1b[12;34R"
PASTE = "\x1b[200~a reason\r\nwith two lines, é and 漢\x1b[201~".encode()
KEYS = {
    b"\x1b[A": "up",
    b"\x1bOB": "down",
    b"\x1b[H": "home",
    b"\x1b[5~": "pageup",
    b"\x1bOP": "f1",
    b"\x1b[15~": "f5",
    b"\x1b[1;5C": "ctrl+right",
    b"\x1b[23$": "f23",
    b"\x1b[[A": "f1",
    b"\x1b[97;5u": "ctrl+a",
    b"\x1b[27u": "escape",
    b"\x1b[57399u": "0",
    b"\x1b[1081;;1081u": "й",
}
SILENT = [b"\x1b[<0;10;5M", b"\x1b[<35;7;9m", b"\x1b[M !!", b"\x1b[?2026;2$y", b"\x1b[I", PASTE]
UNKNOWN = [
    b"\x1b[?62;22c",
    b"\x1b[?997;1n",
    b"\x1b[8;40;120t",
    b"\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\",
    b"\x1b]11;rgb:1e1e/1e1e/1e1e\x07",
    b"\x1bP>|XTerm(354)\x1b\\",
    b"\x1b_Gi=31;OK\x1b\\",
    b"\x1b[99999999999u",
    b"\x1b[1081::113;;1081u",
]
PAUSES = (0.05, 0.1001, 0.2, 0.5)


class Reading:
    """Input that arrives at given times, and what becomes of it."""

    def __init__(self, awaited: int = 0) -> None:
        self.filter = InputFilter()
        self.keys = KeyParser()
        self.awaited = awaited
        self.now = 0.0
        self.events: list[Message] = []

    def wait(self, seconds: float) -> None:
        self.now += seconds
        if (deadline := self.filter.deadline) is not None and deadline <= self.now:
            self._take(self.filter.expire(deadline))

    def arrive(self, data: bytes) -> bool:
        passed = self.filter.feed(data, self.now, self.awaited)
        self.awaited -= passed.reports
        self._take(passed.pieces)
        return passed.doubtful

    def all(self, *chunks: bytes, pause: float) -> list[str]:
        for chunk in chunks:
            self.arrive(chunk)
            self.wait(pause)
        self.wait(10)
        return names(self.events)

    def _take(self, pieces: Iterable[bytes]) -> None:
        for piece in pieces:
            self.events += self.keys.events(piece)


def names(events_: Sequence[Message]) -> list[str]:
    return [event.key if isinstance(event, events.Key) else repr(event) for event in events_]


def pressed(events_: Sequence[Message]) -> list[str]:
    return [event.key for event in events_ if isinstance(event, events.Key)]


@pytest.mark.parametrize("pause", PAUSES)
@pytest.mark.parametrize("sequence", [*KEYS, *SILENT, *UNKNOWN, REPORT])
@pytest.mark.parametrize("awaited", [0, 1])
def test_a_sequence_cut_anywhere_is_what_it_is_in_one_piece(
    sequence: bytes, pause: float, awaited: int
) -> None:
    whole = Reading(awaited).all(sequence, pause=1)
    for cut in range(1, len(sequence)):
        assert Reading(awaited).all(sequence[:cut], sequence[cut:], pause=pause) == whole, cut


@pytest.mark.parametrize(("sequence", "key"), KEYS.items())
def test_keys_are_textuals(sequence: bytes, key: str) -> None:
    assert Reading().all(sequence, pause=1) == [key]


@pytest.mark.parametrize("sequence", [*SILENT, *UNKNOWN, REPORT])
def test_what_is_no_key_presses_none(sequence: bytes) -> None:
    reading = Reading()
    reading.all(sequence, b"", *[bytes([byte]) for byte in sequence], pause=0.3)
    assert pressed(reading.events) == []


@pytest.mark.parametrize("pause", PAUSES)
def test_every_byte_by_itself_is_still_the_sequence(pause: float) -> None:
    for sequence in (*KEYS, *SILENT, *UNKNOWN):
        whole = Reading().all(sequence, pause=1)
        assert Reading().all(*(bytes([byte]) for byte in sequence), pause=pause) == whole


@given(
    st.lists(st.sampled_from([*KEYS, *SILENT, *UNKNOWN, REPORT, b"x", "é".encode()]), max_size=8),
    st.data(),
)
def test_a_stream_cut_at_random_gives_the_same_keys(
    parts: list[bytes], data: st.DataObject
) -> None:
    stream = b"".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    chunks = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    awaited = parts.count(REPORT)
    whole, cut = Reading(awaited), Reading(awaited)
    assert cut.all(*(c for c in chunks if c), pause=0.4) == whole.all(stream, pause=1)
    assert whole.awaited == cut.awaited == 0


def test_a_report_that_was_asked_for_is_taken_out_and_counted() -> None:
    reading = Reading(awaited=2)
    assert reading.all(b"a" + REPORT + b"b" + REPORT + b"c", pause=1) == ["a", "b", "c"]
    assert reading.awaited == 0


def test_shift_f3_and_an_apps_own_report_pass_while_nothing_is_awaited() -> None:
    reading = Reading()
    reading.all(b"\x1b[1;2R", pause=1)
    assert isinstance(reading.events[0], events.CursorPosition)


def test_a_report_within_a_paste_leaves_the_paste_whole() -> None:
    for at in range(len(b"\x1b[200~"), len(PASTE) - len(b"\x1b[201~")):
        reading = Reading(awaited=1)
        reading.all(PASTE[:at] + REPORT + PASTE[at:], pause=1)
        assert reading.awaited == 0
        if at not in (29, 32, 33):  # within a character of several bytes the report cuts that too
            assert names(reading.events) == Reading().all(PASTE, pause=1)


def test_pasted_escapes_are_text_and_never_keys() -> None:
    text = b"\x1b[200~rm\x1b[Aq\x1b\r\x1bOP\x1b\x1b[201~"
    reading = Reading()
    for byte in text:
        reading.arrive(bytes([byte]))
        reading.wait(0.4)
    (event,) = reading.events
    assert isinstance(event, events.Paste)
    assert event.text == "rm[Aq\rOP"


def test_escape_is_certain_when_the_terminal_has_answered_behind_it() -> None:
    reading = Reading()
    assert reading.arrive(b"\x1b"), "asks"
    reading.awaited = 1
    reading.wait(0.3)
    reading.arrive(REPORT)
    assert reading.events == []
    reading.wait(0.0)
    assert pressed(reading.events) == ["escape"]


def test_escape_takes_a_tenth_of_a_second_where_the_terminal_answers_at_once() -> None:
    reading = Reading(awaited=1)
    reading.arrive(b"\x1b" + REPORT)
    reading.wait(ALT - 0.01)
    assert reading.events == []
    reading.wait(0.02)
    assert pressed(reading.events) == ["escape"]


@pytest.mark.parametrize("pause", PAUSES)
def test_answers_that_overtake_a_key_do_no_harm(pause: float) -> None:
    """An emulator that answers between the pieces of a key, which no terminal does over a link.

    Only a lone ESC and a pause may be taken for the Escape key, and even then not the rest.
    """
    for sequence, key in KEYS.items():
        for cut in range(1, len(sequence)):
            reading = Reading()
            for chunk in (sequence[:cut], sequence[cut:]):
                if reading.arrive(chunk):
                    reading.awaited += 1
                    reading.arrive(REPORT)
                reading.wait(pause)
            reading.wait(10)
            allowed = [["escape", key], [key]] if cut == 1 and pause >= ALT else [[key]]
            assert pressed(reading.events) in allowed, (sequence, cut)


def test_nothing_is_asked_while_an_answer_is_due_anyway() -> None:
    reading = Reading(awaited=1)
    assert not reading.arrive(b"\x1b")
    assert not reading.arrive(b"[")
    assert not Reading().arrive(b"\x1b[1;"), "nor where no key can begin like this"


def test_a_lone_escape_is_escape_where_the_terminal_never_answers() -> None:
    reading = Reading()
    reading.arrive(b"\x1b")
    reading.wait(LONE_ESCAPE - 0.01)
    assert reading.events == []
    reading.wait(0.02)
    assert pressed(reading.events) == ["escape"]


@pytest.mark.parametrize("tail", [b"[A", b"OB", REPORT[1:]])
@pytest.mark.parametrize("between", [b"", REPORT])
def test_what_follows_an_escape_given_up_too_early_is_not_typing(
    tail: bytes, between: bytes
) -> None:
    reading = Reading(awaited=2)
    reading.arrive(b"\x1b")
    reading.wait(LONE_ESCAPE + 0.1)
    reading.arrive(between)
    reading.arrive(tail)
    reading.wait(10)
    assert reading.events
    assert set(pressed(reading.events)) <= {"escape", "up", "down"}


def test_brackets_and_letters_typed_after_escape_are_typing() -> None:
    for typed, key in ((b"[", "left_square_bracket"), (b"O", "O"), (b"a", "a"), (b"\r", "enter")):
        for gap, answered in ((0.15, False), (0.15, True), (LONE_ESCAPE + 0.1, False)):
            reading = Reading(awaited=1)
            reading.arrive(b"\x1b" + REPORT if answered else b"\x1b")
            reading.wait(gap)
            reading.arrive(typed)
            reading.wait(LONE_ESCAPE)
            assert pressed(reading.events) == ["escape", key]


def test_alt_and_a_key_arrive_together() -> None:
    for sequence, key in (
        (b"\x1ba", "alt+a"),
        (b"\x1b\r", "alt+enter"),
        ("\x1bé".encode(), "alt+é"),
        (b"\x1b\x1b[A", "up"),
    ):
        assert Reading().all(sequence, pause=1)[-1] == key


def test_alt_and_what_begins_a_sequence_is_certain_when_answered_behind() -> None:
    for sequence, key in ((b"\x1bO", "alt+O"), (b"\x1b[", "alt+[")):
        reading = Reading()
        assert reading.arrive(sequence), "asks"
        reading.awaited = 1
        reading.arrive(REPORT)
        reading.wait(LONE_ESCAPE)
        assert pressed(reading.events) == [key]


def test_escape_and_a_key_within_a_packet_but_for_later_is_two_keys() -> None:
    assert Reading().all(b"\x1b", b"x", pause=0.15) == ["escape", "x"]


def test_half_a_sequence_is_dropped_in_the_end() -> None:
    for half in (b"\x1b[", b"\x1b[1;", b"\x1bO", b"\x1b]11;rgb", b"\x1bP>|", b"\x1b[M !"):
        reading = Reading()
        reading.arrive(half)
        reading.wait(INCOMPLETE + 0.1)
        reading.arrive(b"x")
        assert pressed(reading.events) == ["x"]


def test_a_sequence_that_breaks_off_takes_only_itself_along() -> None:
    assert Reading().all(b"\x1b[1;\x1b[A", pause=1) == ["up"]
    assert Reading().all(b"\x1b[12\rx", pause=1) == ["enter", "x"]
    assert Reading().all(b"\x1b]11;rgb\x1b[A", pause=1) == ["up"]
    assert Reading().all(b"\x1b\xffa", pause=1) == ["escape", "a"]


def test_nothing_is_waited_for_within_a_paste() -> None:
    reading = Reading()
    reading.arrive(b"\x1b[200~text\x1b[20")
    assert reading.filter.deadline is None
    reading.wait(60)
    reading.arrive(b"1~x")
    assert pressed(reading.events) == ["x"]
    assert isinstance(reading.events[0], events.Paste)


def test_a_string_without_end_is_not_kept_for_ever() -> None:
    reading = Reading()
    reading.arrive(b"\x1b]52;c;")
    for _ in range(80):
        reading.arrive(b"A" * 1024)
    reading.arrive(b"\x07x")
    assert pressed(reading.events)[-1] == "x"
