"""Values to text: the words that checks and reviewers look for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from gerra_tui.domain.dataset import Dataset, UnreadableRow
from gerra_tui.domain.decision import DecisionState, Verdict
from gerra_tui.domain.text import clean
from gerra_tui.service.decisions.decisions import BatchProgress, OutboxStatus
from gerra_tui.service.decisions.target import Target, new_decision
from gerra_tui.service.failures import (
    BadResponse,
    Forbidden,
    RateLimited,
    ServiceUnavailable,
    Unauthorized,
)
from gerra_tui.service.preferences import Preferences
from gerra_tui.ui.filters import in_ascii
from gerra_tui.ui.present.cells import fit_middle, wrapped
from gerra_tui.ui.present.columns import Around, Column
from gerra_tui.ui.present.status import trouble
from gerra_tui.ui.present.values import (
    age,
    batch_words,
    byte_size,
    outbox_words,
    place,
    short_age,
    short_size,
    size,
    state_word,
    summary,
    type_letters,
    value_text,
)
from tests.fakes import ORIGIN, body, dataset_of
from tests.virtual_time import NOON

if TYPE_CHECKING:
    from gerra_tui.domain.dataset import Row
    from gerra_tui.domain.decision import Decision
    from gerra_tui.service.failures import Failure

DATASET = dataset_of(body(0))


def cell(row: Row, column: str, now: datetime) -> str:
    return Column(column, 200).text(row, Around(now))


def decision(verdict: Verdict, state: DecisionState) -> Decision:
    made = new_decision(verdict, Target(dataset=DATASET), origin=ORIGIN, now=NOON, reason="dark")
    return replace(made, state=state)


@pytest.mark.parametrize(
    ("verdict", "state", "word"),
    [
        (Verdict.ACCEPT, DecisionState.HELD, "ACC held"),
        (Verdict.REJECT, DecisionState.HELD, "REJ held"),
        (Verdict.ACCEPT, DecisionState.WAITING, "waiting"),
        (Verdict.ACCEPT, DecisionState.SENDING, "sending"),
        (Verdict.ACCEPT, DecisionState.UNKNOWN, "unknown"),
        (Verdict.ACCEPT, DecisionState.DONE, "accepted"),
        (Verdict.REJECT, DecisionState.DONE, "rejected"),
        (Verdict.ACCEPT, DecisionState.REFUSED, "refused"),
        (Verdict.ACCEPT, DecisionState.FAILED, "failed"),
        (Verdict.ACCEPT, DecisionState.TAKEN_BACK, "pending"),
        (Verdict.ACCEPT, DecisionState.DROPPED, "pending"),
    ],
)
def test_the_state_column_says_what_became_of_the_decision(
    verdict: Verdict, state: DecisionState, word: str
) -> None:
    assert state_word(DATASET, decision(verdict, state), None, saving=False) == word


def test_a_row_without_a_decision_shows_the_service_s_status() -> None:
    assert state_word(DATASET, None, None, saving=False) == "pending"
    reviewed = replace(DATASET, status="for_admin_review")
    assert state_word(reviewed, None, None, saving=False) == "for_admin_review"


def test_a_pending_row_that_others_decided_is_elsewhere() -> None:
    assert state_word(DATASET, None, "accepted", saving=False) == "elsewhere"
    assert state_word(DATASET, None, "pending", saving=False) == "pending"


def test_saving_comes_before_everything() -> None:
    held = decision(Verdict.ACCEPT, DecisionState.HELD)
    assert state_word(DATASET, held, "accepted", saving=True) == "saving"


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({}, "outbox empty"),
        ({DecisionState.HELD: 0}, "outbox empty"),
        ({DecisionState.FAILED: 1, DecisionState.HELD: 2}, "outbox: 2 held 1 failed"),
        (
            {
                DecisionState.UNKNOWN: 1,
                DecisionState.SENDING: 1,
                DecisionState.WAITING: 1,
                DecisionState.HELD: 2,
                DecisionState.FAILED: 1,
            },
            "outbox: 2 held 1 waiting 1 sending 1 unknown 1 failed",
        ),
    ],
)
def test_the_outbox_is_told_by_states_that_are_not_zero(
    counts: dict[DecisionState, int], words: str
) -> None:
    assert outbox_words(OutboxStatus(counts=counts)) == words


def test_the_place_is_profile_and_host() -> None:
    assert place(Preferences()) == "default @ api.gerra.com"
    assert place(Preferences(profile="lab\x1b[2J")) == "lab^[[2J @ api.gerra.com"


def test_the_closing_line_sums_up() -> None:
    done = {Verdict.ACCEPT: 34, Verdict.REJECT: 6}
    assert summary(done, OutboxStatus(counts={})) == "34 accepted, 6 rejected, outbox empty"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "just now"),
        (59, "just now"),
        (60, "1 min ago"),
        (5 * 3600, "5 h ago"),
        (86_400 * 3, "3 d ago"),
        (86_400 * 70, "2 mo ago"),
        (86_400 * 800, "2 y ago"),
        (-7200, "in 2 h"),
    ],
)
def test_ages_have_one_unit(seconds: int, text: str) -> None:
    assert age(NOON - timedelta(seconds=seconds), NOON) == text


def test_what_is_unknown_is_a_dash() -> None:
    assert age(None, NOON) == "-"
    assert size(DATASET) == "-"
    assert cell(DATASET, "link", NOON) == "-"
    assert cell(DATASET, "meta.no.such", NOON) == "-"


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 Bytes"), (2_100_000_000, "2.1 GB"), (10**40, "1.0e+40 B")]
)
def test_sizes_are_decimal(count: int, text: str) -> None:
    assert byte_size(count) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (None, "-"),
        (0, "0 B"),
        (999, "999 B"),
        (18_000, "18 kB"),
        (3_201_455, "3.2 MB"),
        (37_700_000, "37.7 MB"),
        (612_367_340, "612 MB"),
        (999_970_000, "1.0 GB"),
        (10**40, "1e+40B"),
        (10**300, "1e+300B"),
    ],
)
def test_a_size_takes_seven_cells_at_most(count: int | None, text: str) -> None:
    told = short_size(replace(DATASET, data_byte_size=count))
    assert told == text
    assert len(told) <= 7


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_an_age_takes_three_cells_at_most(seconds: int) -> None:
    moment = datetime(1970, 1, 1, tzinfo=UTC)
    now = moment + timedelta(seconds=seconds % (3 * 10**9))
    assert len(short_age(moment, now)) <= 3
    assert len(short_age(now, moment)) <= 3


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (3, "now"),
        (60, "1m"),
        (3_599, "59m"),
        (3_600, "1h"),
        (10 * 86_400, "10d"),
        (150 * 86_400, "4mo"),
        (330 * 86_400, "47w"),
        (800 * 86_400, "2y"),
        (-300, "+5m"),
        (-10 * 86_400, "+++"),
    ],
)
def test_a_short_age_has_one_unit(seconds: int, text: str) -> None:
    assert short_age(NOON - timedelta(seconds=seconds), NOON) == text


@given(st.text(max_size=80), st.integers(min_value=1, max_value=60))
def test_a_name_cut_in_its_middle_has_its_cells_and_its_end(name: str, width: int) -> None:
    name = clean(name)
    cut = fit_middle(name, width)
    assert cell_len(cut) == width
    if cell_len(name) > width >= 20 and name.isascii():
        assert cut.endswith(name[-10:])


@pytest.mark.parametrize(
    ("data_type", "letters"),
    [
        ("episode", "EPI"),
        ("telemetry", "TEL"),
        ("synthetic_pov", "POV"),
        ("synthetic_third_person", "3RD"),
        ("lidar_sweep", "LID"),
        ("", "???"),
    ],
)
def test_a_type_has_three_letters(data_type: str, letters: str) -> None:
    assert type_letters(data_type) == letters


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("meta.take", "0"),
        ("meta.robot.arm", "left"),
        ("meta.robot.arm.x", "-"),
        ("meta.calib.date", "2026-11-20"),
        ("meta.joints.name", "wrist, elbow"),
    ],
)
def test_a_column_reaches_into_the_metadata(path: str, text: str) -> None:
    metadata = {"take": 0, "robot": {"arm": "left"}, "calib.date": "2026-11-20"}
    row = replace(DATASET, metadata=metadata | {"joints": [{"name": "wrist"}, {"name": "elbow"}]})
    assert cell(row, path, NOON) == text


def test_an_unreadable_row_has_its_problem_for_a_name() -> None:
    row = UnreadableRow(id="?", problem="name:\na number")
    assert cell(row, "name", NOON) == "?  name: a number"
    assert cell(row, "id", NOON) == "?"
    assert cell(row, "size", NOON) == "-"
    assert state_word(row, None, None, saving=False) == "unreadable"


@pytest.mark.parametrize(
    "value",
    [
        "https://storage.gerra.example/a/b.zip?X-Signature=secret",
        {"preview": "https://storage.gerra.example/a/b.gif?sig=secret&x=1"},
        ["text with https://storage.gerra.example/c?token=secret in it"],
    ],
)
def test_the_query_of_a_url_is_not_shown(value: Any) -> None:
    text = value_text(value)
    assert "secret" not in text
    assert "storage.gerra.example" in text


@given(st.text())
def test_whatever_is_shown_is_one_printable_line(text: str) -> None:
    assert all(character.isprintable() for character in value_text(text))
    row = Dataset(id="i" * 36, status=text, data_type=text, name=text, link=text)
    for column in ("name", "type", "status", "link", "desc", "org"):
        assert all(character.isprintable() for character in cell(row, column, NOON))


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (Unauthorized("Invalid API key", http_status=401), "Key refused (401): Invalid API key."),
        (Unauthorized("No API key: none."), "No API key: none. Type one with :key."),
        (Forbidden("not yours", http_status=403), "(403): not yours. Ask who issued it."),
        (ServiceUnavailable("timed out"), "Cannot reach api.gerra.com: timed out. Trying again"),
        (ServiceUnavailable("Cannot reach it."), "Cannot reach it. Trying again"),
        (ServiceUnavailable("oops", http_status=502), "in trouble (502): oops. Trying again."),
        (ServiceUnavailable("Is the network up?"), "Is the network up? Trying again"),
        (RateLimited("slow", http_status=429), "(429): slow. Trying again"),
        (BadResponse("no JSON", http_status=200), "no JSON. R tries again."),
    ],
)
def test_trouble_is_a_sentence_with_what_to_do(failure: Failure, words: str) -> None:
    assert words in trouble(failure, "api.gerra.com")


# Wrapping


@given(st.text(alphabet="ab 日", max_size=200), st.integers(min_value=8, max_value=40))
def test_wrapped_lines_fit_and_lose_no_letter(text: str, width: int) -> None:
    lines = list(wrapped(text, width))
    assert all(cell_len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_lines_break_at_blanks() -> None:
    assert list(wrapped("the mug vanishes at 0:07", 12)) == ["the mug", "vanishes at", "0:07"]


# ASCII


def test_what_has_a_likeness_keeps_it() -> None:
    assert in_ascii("┌─ lab-zürich… │") == "+- lab-zurich~ |"
    assert in_ascii("日本") == "????"


@given(st.text(alphabet=st.characters(exclude_categories=("C", "M", "Z"))))
def test_ascii_takes_as_many_cells_as_the_text_it_stands_for(text: str) -> None:
    shown = in_ascii(text)
    assert shown.isascii()
    assert len(shown) == cell_len(text)


def test_a_batch_tells_how_it_ended_and_what_is_left_to_do() -> None:
    batch = BatchProgress(
        batch_id="b", total=100, done=93, failed=5, refused=2, taken_back=0, remaining=0
    )
    told = "100 settled: 93 done, 5 failed, 2 decided elsewhere. 7 still marked: $ says why."
    assert batch_words(batch) == told
    went_well = replace(batch, done=100, failed=0, refused=0)
    assert batch_words(went_well) == "100 settled: 100 done."
    stopped = replace(batch, done=0, failed=3, refused=0, remaining=97, stopped=True)
    assert batch_words(stopped) == "Three in a row failed: the other 97 wait for your word ($)."
