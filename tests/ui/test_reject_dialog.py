"""What a reviewer can rely on when asked `Reject this dataset?`, and why."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from textual import events
from textual.geometry import Region

from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.reasons import EARLIER_FAULT, Template
from gerra_tui.service.decisions.decisions import Target
from gerra_tui.ui.dialogs.dialog import Place
from gerra_tui.ui.dialogs.reason_text import ReasonText
from gerra_tui.ui.dialogs.reject import Draft, RejectDialog, Rejection
from gerra_tui.ui.dialogs.subject import Subject
from tests.ui.stage import Stage, boxed, lines_of, press_at_once, text_of

ID = "77aa01c9-3f52-4e0e-9c38-0d6f5a1b2c3d"
SIZES = pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 15)])
REASONS = [
    Template(id=text, text=text)
    for text in (
        "File damaged or incomplete: {size served} of {declared}, {member} unreadable",
        "Required part missing: {file / stream / field}",
        "Blurred throughout",
        "Too little happens: {pct} idle, from {t0} to {t1}",
        "Task not completed, cut short or not the stated one: {what}",
        "Camera view unusable: {blur / dark / occluded / hand or gripper out of frame} at {t}",
        "Sensor fault in {channel}: {NaN / stuck / clipped / spikes}",
        "Streams out of step: {a} vs {b} by {ms}",
        "Shows a person, screen or private data at {t}",
    )
]
EARLIER = Template(
    id="same_fault",
    text='Earlier fault not fixed: "{last superseded_reason}"',
    needs_earlier_version=True,
)


MISSING = Template(id="missing", text="Required part missing: {what}")


def subject(name: str = "SO-101 stack cups", **changes: Any) -> Subject:
    dataset = Dataset(
        id=ID, status="pending", data_type="episode", name=name, data_byte_size=2_100_000_000
    )
    known = {"version": 2, "is_latest": True, "details": {}, **changes}
    target = Target(dataset=dataset, version=known["version"])
    return Subject(target, known["is_latest"], 3, known["details"])


async def unchanged(text: str) -> str:
    return text


def dialog(about: Subject | None = None, **changes: Any) -> RejectDialog:
    given: dict[str, Any] = {
        "hold": 10.0,
        "reasons": REASONS,
        "require_details": False,
        "draft": "",
        "edit": unchanged,
        **changes,
    }
    return RejectDialog(about or subject(), **given)


async def answers(*keys: str, opened: RejectDialog | None = None) -> list[Any]:
    stage = Stage(opened or dialog())
    async with stage.run_test(size=(80, 24)) as pilot:
        press_at_once(stage, *keys)
        await pilot.pause()
        await pilot.pause()
        return stage.answers


@SIZES
async def test_a_long_reason_with_details_left_out_hides_neither_dataset_nor_keys(
    size: tuple[int, int],
) -> None:
    stage = Stage(dialog(draft=""))
    async with stage.run_test(size=size) as pilot:
        await pilot.press("4", "end")
        stage.post_message(events.Paste("a long story " * 100))
        await pilot.pause()
        await pilot.pause()
        assert "{t1}" in stage.screen.query_one(ReasonText).text
        lines = boxed(stage)
        assert "Reject this dataset?" in lines[0]
        assert lines[-2] == "Enter reject   Esc keep draft"
        assert any(line.startswith("Sends: Too little happens") for line in lines)


@pytest.mark.parametrize("typed", ["", "0x", "1"])
async def test_a_terminal_that_shrinks_hides_neither_the_reason_nor_the_keys(typed: str) -> None:
    stage = Stage(dialog())
    async with stage.run_test(size=(120, 40)) as pilot:
        await pilot.press(*typed)
        await pilot.resize_terminal(60, 15)
        await pilot.pause()
        small = boxed(stage)
        assert small[-2] == "Enter reject   Esc keep draft"
        assert "Reject this dataset?" in small[0]
        if not typed:
            assert "0 free text" in text_of(stage)
        await pilot.resize_terminal(120, 40)
        await pilot.pause()
        assert boxed(stage)[-2] == "Enter reject   Esc keep draft"
        assert len(boxed(stage)) > len(small)


@SIZES
async def test_the_dialog_names_exactly_what_is_rejected(size: tuple[int, int]) -> None:
    stage = Stage(dialog())
    async with stage.run_test(size=size):
        lines = boxed(stage)
        assert lines[0].startswith("\u2500 Reject this dataset? \u2500")
        assert lines[1:4] == [
            f"id {ID}",
            "SO-101 stack cups",
            "type episode  version 3 of 3  size 2.1 GB",
        ]
        assert lines[4].startswith("Reason:")
        assert lines[-2] == "Enter reject   Esc keep draft"
        for number in "1234567890":
            assert any(f"{number} " in line for line in lines[5:])


async def test_a_digit_fills_in_the_template_and_enter_sends_it() -> None:
    assert await answers("3", "enter") == [Rejection("Blurred throughout")]


async def test_details_that_are_left_out_drop_out_with_their_words() -> None:
    assert await answers("1", "enter") == [Rejection("File damaged or incomplete")]
    assert await answers("7", "enter") == [Rejection("Sensor fault")]


async def test_details_are_typed_over_their_slots_and_tab_goes_to_the_next() -> None:
    keys = ["1", *"12", "tab", *"40", "tab", *"a.csv", "enter"]
    told = "File damaged or incomplete: 12 of 40, a.csv unreadable"
    assert await answers(*keys) == [Rejection(told)]


async def test_tab_goes_around_and_shift_tab_back() -> None:
    keys = ["4", "tab", *"0:10", "shift+tab", *"80%", "tab", *"0:30", "enter"]
    assert await answers(*keys) == [Rejection("Too little happens: 80% idle, from 0:10 to 0:30")]


async def test_what_is_typed_after_enter_is_no_part_of_the_reason() -> None:
    assert await answers("2", *"cup", "enter", *"jjj") == [Rejection("Required part missing: cup")]


async def test_a_repeated_enter_or_escape_answers_once() -> None:
    keys = ["3", *["enter"] * 5, *["escape"] * 5, "enter", "tab", "backspace", "ctrl+o"]
    assert await answers(*keys) == [Rejection("Blurred throughout")]
    assert await answers("x", *["escape"] * 5, "enter", "y") == [Draft("x")]


async def test_0_starts_free_text_in_which_digits_are_text() -> None:
    assert await answers("0", *"0123", "enter") == [Rejection("0123")]


async def test_a_letter_starts_free_text_too() -> None:
    assert await answers(*"mug1", "enter") == [Rejection("mug1")]


async def test_templates_can_be_picked_again_once_the_text_is_gone() -> None:
    keys = ["x", "backspace", "3", "enter"]
    assert await answers(*keys) == [Rejection("Blurred throughout")]


@pytest.mark.parametrize("typed", [["0"], ["0", "space", "space"], ["0", "alt+enter"]])
async def test_a_blank_reason_is_not_sent(typed: list[str]) -> None:
    stage = Stage(dialog())
    async with stage.run_test(size=(60, 15)) as pilot:
        await pilot.press(*typed, "enter", "enter")
        assert "A rejection needs a reason" in text_of(stage)
        await pilot.press("z")
        assert "A rejection needs a reason" not in text_of(stage)
    assert stage.answers == []


async def test_enter_alone_sends_nothing_and_says_what_to_do() -> None:
    stage = Stage(dialog())
    async with stage.run_test(size=(60, 15)) as pilot:
        await pilot.press("enter")
        assert "pick one by its digit, or type one" in text_of(stage)
    assert stage.answers == []


async def test_invisible_characters_alone_are_blank() -> None:
    assert await answers("enter", opened=dialog(draft="\u200b\u2060 ")) == []


@pytest.mark.parametrize(("length", "sent"), [(2_000, 1), (2_001, 0)])
async def test_at_most_2000_characters_are_sent(length: int, sent: int) -> None:
    stage = Stage(dialog(draft="x" * length))
    async with stage.run_test(size=(60, 15)) as pilot:
        await pilot.press("enter")
        await pilot.pause()
        assert len(stage.answers) == sent
        assert ("The reason has 2,001 characters: shorten" in text_of(stage)) == (not sent)


@pytest.mark.parametrize("key", ["alt+enter", "shift+enter", "ctrl+j"])
async def test_a_newline_can_be_typed(key: str) -> None:
    assert await answers(*"ab", key, *"c", "enter") == [Rejection("ab\nc")]


async def test_escape_keeps_the_draft() -> None:
    assert await answers(*"half a", "escape") == [Draft("half a")]


async def test_a_template_kept_as_a_draft_has_no_braces() -> None:
    keys = ["1", *"12", "escape"]
    assert await answers(*keys) == [Draft("File damaged or incomplete: 12")]


async def test_a_template_of_which_nothing_was_changed_is_no_draft() -> None:
    assert await answers("1", "escape") == [Draft("")]


async def test_backspace_on_an_untouched_template_goes_back_to_the_reasons() -> None:
    stage = Stage(dialog())
    async with stage.run_test(size=(120, 40)) as pilot:
        await pilot.press("1", "backspace")
        await pilot.pause()
        assert any(line.startswith("1 File damaged") for line in boxed(stage))
        await pilot.press("3", "backspace", "4", *"70 %", "enter")
        await pilot.pause()
    assert stage.answers == [Rejection("Too little happens: 70 % idle")]


async def test_backspace_in_what_was_typed_takes_a_letter_away() -> None:
    assert await answers("2", *"cups", "backspace", "enter") == [
        Rejection("Required part missing: cup")
    ]


async def test_a_dot_fills_in_the_reason_of_the_last_rejection() -> None:
    opened = dialog(last="Blurred from 0:04 on")
    stage = Stage(opened)
    async with stage.run_test(size=(120, 40)) as pilot:
        assert any(line.startswith(". as last time: Blurred from 0:04 on") for line in boxed(stage))
        await pilot.press(".", *"wards", "enter")
        await pilot.pause()
    assert stage.answers == [Rejection("Blurred from 0:04 onwards")]


async def test_a_dot_is_text_where_nothing_was_rejected_before() -> None:
    assert await answers(*"...", "enter") == [Rejection("...")]


async def test_the_same_again_is_filled_in_and_enter_sends_it() -> None:
    opened = dialog(last="Blurred from 0:04 on", again=True)
    assert await answers("enter", opened=opened) == [Rejection("Blurred from 0:04 on")]


async def test_the_same_again_can_be_left_for_the_reasons() -> None:
    opened = dialog(last="Blurred from 0:04 on", again=True)
    assert await answers("backspace", "3", "enter", opened=opened) == [
        Rejection("Blurred throughout")
    ]


async def test_the_same_again_costs_no_draft() -> None:
    opened = dialog(draft="half a", last="Blurred from 0:04 on", again=True)
    assert await answers("escape", opened=opened) == [Draft("half a")]


async def test_a_digit_rejects_at_once_where_that_is_wanted() -> None:
    assert await answers("3", opened=dialog(express=True)) == [
        Rejection("Blurred throughout", at_once=True)
    ]
    assert await answers("1", opened=dialog(express=True)) == [
        Rejection("File damaged or incomplete", at_once=True)
    ]


async def test_a_digit_does_not_reject_at_once_without_what_its_reason_requires() -> None:
    copied = Template("copy", "Same content as {dataset id}", required=frozenset({"dataset id"}))
    stage = Stage(dialog(reasons=[copied], express=True))
    async with stage.run_test(size=(120, 40)) as pilot:
        await pilot.press("1", "enter")
        assert "still to fill in: dataset id" in text_of(stage)
        assert stage.answers == []
        await pilot.press(*"77aa", "enter")
        await pilot.pause()
    assert stage.answers == [Rejection("Same content as 77aa")]


async def test_digits_in_a_text_reject_nothing_at_once() -> None:
    assert await answers("x", "3", "enter", opened=dialog(express=True)) == [Rejection("x3")]
    assert await answers("0", "3", "enter", opened=dialog(express=True)) == [Rejection("3")]


async def test_a_draft_is_gone_on_with_where_it_ended() -> None:
    opened = dialog(draft="The mug\nvanishes")
    keys = ["space", *"at 4", "enter"]
    assert await answers(*keys, opened=opened) == [Rejection("The mug\nvanishes at 4")]


async def test_the_burst_guard_closes_the_dialog_and_keeps_the_draft() -> None:
    opened = dialog()
    stage = Stage(opened)
    async with stage.run_test() as pilot:
        await pilot.press(*"half")
        opened.dismiss_as_no()
        await pilot.pause()
    assert stage.answers == [Draft("half")]


async def test_the_editor_is_given_the_text_and_its_answer_is_taken() -> None:
    seen = []

    async def edit(text: str) -> str:
        seen.append(text)
        return "first line\n\nsecond\x1b[31m line\n"

    stage = Stage(dialog(edit=edit))
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"abc", "ctrl+o")
        await pilot.press("enter")
        await pilot.pause()
    assert stage.answers == [Rejection("first line\n\nsecond[31m line")]
    assert seen == ["abc"]


async def test_an_enter_while_the_editor_opens_sends_nothing() -> None:
    closed = asyncio.Event()

    async def edit(text: str) -> str:
        await closed.wait()
        return f"{text} d"

    stage = Stage(dialog(edit=edit))
    async with stage.run_test(size=(80, 24)) as pilot:
        press_at_once(stage, *"abc", "ctrl+o", "enter", "ctrl+o", "enter")
        await pilot.pause()
        assert stage.answers == []
        closed.set()
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
    assert stage.answers == [Rejection("abc d")]


async def test_braces_never_leave_even_through_the_editor() -> None:
    seen = []

    async def edit(text: str) -> str:
        seen.append(text)
        return text.replace("{file / stream / field}", "{file / stream / field} again")

    stage = Stage(dialog(edit=edit))
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.press("2", "ctrl+o")
        await pilot.press("enter")
        await pilot.pause()
    assert seen == ["Required part missing: {file / stream / field}"]
    assert "{" not in stage.answers[0].reason


async def test_details_are_asked_for_where_the_reviewer_wants_it_so() -> None:
    stage = Stage(dialog(require_details=True))
    async with stage.run_test(size=(60, 15)) as pilot:
        await pilot.press("8", *"wrist", "enter")
        assert "still to fill in: b" in text_of(stage)
        await pilot.press(*"head", "tab", *"40 ms", "enter")
        await pilot.pause()
    assert stage.answers == [Rejection("Streams out of step: wrist vs head by 40 ms")]


async def test_what_will_be_sent_is_shown_while_details_are_open() -> None:
    stage = Stage(dialog())
    async with stage.run_test(size=(80, 24)) as pilot:
        await pilot.press("8", *"wrist")
        assert "Sends: Streams out of step: wrist" in text_of(stage)


@SIZES
async def test_in_the_list_the_box_lies_under_the_cursor_as_high_as_its_text(
    size: tuple[int, int],
) -> None:
    opened = dialog()
    listing = Region(0, 1, 72 if size[0] >= 110 else size[0], size[1] - 2)
    opened.place = lambda: Place(listing, 4)
    stage = Stage(opened)
    async with stage.run_test(size=size) as pilot:
        region = stage.screen.query_one(".box").region
        assert listing.contains_region(region)
        assert (region.x, region.width) == (listing.x, listing.width)
        await pilot.press("1")
        smaller = stage.screen.query_one(".box").region
        assert smaller.height < region.height
        assert (smaller.x, smaller.y, smaller.width) == (region.x, region.y, region.width)
        assert boxed(stage)[-2] == "Enter reject   Esc keep draft"


async def test_near_the_bottom_the_box_lies_above_the_cursor() -> None:
    opened = dialog()
    opened.place = lambda: Place(Region(0, 1, 72, 38), 37)
    stage = Stage(opened)
    async with stage.run_test(size=(120, 40)) as pilot:
        assert stage.screen.query_one(".box").region.bottom == 37
        await pilot.press("1")
        assert stage.screen.query_one(".box").region.bottom == 37


async def test_how_often_a_template_was_sent_today_stands_beside_it() -> None:
    stage = Stage(dialog(used=lambda template: 6 if template is REASONS[0] else 0))
    async with stage.run_test(size=(120, 40)):
        (first,) = (line for line in boxed(stage) if line.startswith("1 "))
        assert first.endswith("  6 today")
        assert text_of(stage).count("today") == 1


async def test_the_earlier_fault_is_filled_in_from_the_history() -> None:
    opened = dialog(subject(details={EARLIER_FAULT: "mug vanishes"}), reasons=[EARLIER])
    assert await answers("1", "enter", opened=opened) == [
        Rejection('Earlier fault not fixed: "mug vanishes"')
    ]


async def test_braces_in_what_was_found_are_no_slots() -> None:
    opened = dialog(subject(details={"what": "data/{evil}.csv"}), reasons=[MISSING])
    assert await answers("1", "enter", opened=opened) == [
        Rejection("Required part missing: data/(evil).csv")
    ]


async def test_the_earlier_fault_keeps_its_number_where_there_is_no_earlier_version() -> None:
    stage = Stage(dialog(subject(version=0), reasons=[EARLIER, *REASONS[:2]]))
    async with stage.run_test(size=(80, 24)) as pilot:
        assert "1 (first version)" in text_of(stage)
        await pilot.press("1", "3", "enter")
        await pilot.pause()
    assert stage.answers == [Rejection("Required part missing")]


async def test_more_than_nine_reasons_are_reached_by_the_down_arrow() -> None:
    further = [Template(id=str(n), text=f"Of my own, number {n}") for n in range(10, 13)]
    stage = Stage(dialog(reasons=[*REASONS, *further]))
    async with stage.run_test(size=(80, 24)) as pilot:
        assert "0 free text, Down 3 more" in text_of(stage)
        await pilot.press("down")
        assert "2 Of my own, number 11" in text_of(stage)
        await pilot.press("up", "down", "2", "enter")
        await pilot.pause()
    assert stage.answers == [Rejection("Of my own, number 11")]


async def test_pasted_text_is_text_and_never_picks_or_sends() -> None:
    stage = Stage(dialog())
    async with stage.run_test(size=(80, 24)) as pilot:
        stage.post_message(events.Paste("1\r\n\x1b]0;x\x07y"))
        await pilot.pause()
        assert stage.answers == []
        await pilot.press("enter")
        await pilot.pause()
    assert stage.answers == [Rejection("1\n]0;xy")]


@pytest.mark.parametrize("size", [(80, 24), (60, 15)])
async def test_everything_fits_even_with_a_warning_and_no_undo(size: tuple[int, int]) -> None:
    hostile = "\x1b[31m" + "長い名前" * 400
    twelve = [*REASONS, *REASONS[:3]]
    about = subject(hostile, version=0, is_latest=False)
    stage = Stage(dialog(about, hold=0, reasons=twelve))
    async with stage.run_test(size=size):
        lines = boxed(stage)
        assert "NOT THE LATEST: this is version 1 of 3" in lines
        assert "sent at once: there is no undo" in lines[0]
        assert lines[-2] == "Enter reject   Esc keep draft"
        region = stage.screen.query_one(".box").region
        assert all(
            line[region.x :].startswith("│")
            for line in lines_of(stage)[region.y + 1 : region.bottom - 1]
        )
