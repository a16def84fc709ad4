"""The dataset list: what is painted for which line, and where the cursor stays."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.app import App

from gerra_tui.domain.dataset import Dataset, UnreadableRow
from gerra_tui.domain.query import parse
from gerra_tui.domain.text import clean
from gerra_tui.domain.view import DEFAULT_COLUMNS, Column
from gerra_tui.ui.present.cells import fit
from gerra_tui.ui.present.columns import COLUMNS, EDGE, LEAD, Variety, fixed_by, layout, shown
from gerra_tui.ui.widgets.dataset_list import DatasetList
from tests.fakes import id_of
from tests.ui.stage import lines_of
from tests.virtual_time import NOON

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from textual.app import ComposeResult
    from textual.pilot import Pilot

    from gerra_tui.domain.dataset import Row


def dataset(number: int, name: str = "", **fields: object) -> Dataset:
    values: dict[str, object] = {
        "id": id_of(number),
        "status": "pending",
        "data_type": "synthetic_third_person",
        "name": name or f"Stack cups {number}",
        "data_byte_size": 2_100_000_000,
        "date_updated": NOON - timedelta(hours=5),
        "metadata": {"take": number, "sensor": {"type": "thermal"}},
        **fields,
    }
    return Dataset(**values)  # type: ignore[arg-type] # by name


class Rows:
    """`Lines` over a list in which null is a placeholder."""

    def __init__(self, rows: list[Row | None]) -> None:
        self.rows = rows
        self.divider: int | None = None
        self.signs: dict[str, str] = {}
        self.states: dict[str, str] = {}
        self.deciders: dict[str, str] = {}
        self.read_at: datetime = NOON

    @property
    def length(self) -> int:
        return len(self.rows)

    def row(self, line: int) -> Row | None:
        return self.rows[line] if 0 <= line < len(self.rows) else None

    def is_divider(self, line: int) -> bool:
        return line == self.divider

    def line_of(self, dataset_id: str) -> int | None:
        ids = [row.id if row else None for row in self.rows]
        return ids.index(dataset_id) if dataset_id in ids else None

    def word(self, row: Row) -> str:
        return self.states.get(row.id or "", "")

    def check(self, row: Row) -> str:
        return ""

    def by(self, row: Row) -> str:
        return self.deciders.get(row.id or "", "")

    def is_undecided(self, row: Row) -> bool:
        return self.word(row) == ""

    def sign(self, dataset_id: str) -> str:
        return self.signs.get(dataset_id, " ")


class Stage(App[None]):
    def __init__(self, rows: Rows, columns: tuple[str, ...] = DEFAULT_COLUMNS) -> None:
        super().__init__()
        self.list = DatasetList(rows, columns, id="list")
        self.moves = 0
        self.windows: list[tuple[int, int]] = []
        self.pilot: Pilot[None]

    def compose(self) -> ComposeResult:
        yield self.list

    def on_dataset_list_moved(self) -> None:
        self.moves += 1

    def on_dataset_list_window_changed(self, event: DatasetList.WindowChanged) -> None:
        self.windows.append((event.first, event.last))

    @property
    def lines(self) -> list[str]:
        return lines_of(self)

    @property
    def cursor_row(self) -> str:
        return next(line for line in self.lines if line.startswith(">"))


@asynccontextmanager
async def staged(
    rows: Rows, columns: tuple[str, ...] = DEFAULT_COLUMNS, size: tuple[int, int] = (100, 12)
) -> AsyncIterator[Stage]:
    stage = Stage(rows, columns)
    async with stage.run_test(size=size) as pilot:
        stage.pilot = pilot
        yield stage


def some(count: int = 100) -> Rows:
    return Rows([dataset(number) for number in range(count)])


# What a line shows


async def test_a_row_shows_type_name_size_and_age() -> None:
    async with staged(some()) as stage:
        row = stage.lines[1]
        assert row.startswith(">   3RD Stack cups 0 ")
        assert row.endswith(" 2.1 GB   5h")
        assert "pending" not in row


async def test_the_first_line_names_the_columns() -> None:
    async with staged(some()) as stage:
        assert stage.lines[0].split() == ["TYP", "NAME", "SIZE", "UPD"]
        assert stage.lines[0].index("TYP") == stage.lines[1].index("3RD")


async def test_the_cursor_marks_and_the_states_letter_stand_in_the_gutter() -> None:
    rows = some()
    rows.signs = {id_of(0): "*", id_of(1): "*", id_of(2): "!", id_of(3): "~"}
    rows.states = {id_of(0): "ACC held", id_of(1): "rejected", id_of(4): "elsewhere"}
    async with staged(rows) as stage:
        begun = [line[:4] for line in stage.lines[1:7]]
    assert begun == [">*a ", " *R ", " !  ", " ~  ", "  x ", "    "]


@pytest.mark.parametrize(
    ("word", "letter"),
    [
        ("saving", "s"),
        ("ACC held", "a"),
        ("REJ held", "r"),
        ("waiting", "w"),
        ("sending", "s"),
        ("REJ kept", "k"),
        ("unknown", "?"),
        ("accepted", "A"),
        ("rejected", "R"),
        ("refused", "!"),
        ("failed", "!"),
        ("elsewhere", "x"),
        ("for_admin_review", " "),
    ],
)
async def test_a_state_has_its_letter_and_its_word_at_the_end_of_the_name(
    word: str, letter: str
) -> None:
    rows = some()
    rows.states = {id_of(0): word}
    async with staged(rows) as stage:
        size = stage.lines[1].index("2.1 GB")
        assert stage.lines[1][:4] == f"> {letter} "
        assert stage.lines[1][:size].rstrip().endswith(f" {word}")
        assert stage.lines[1].index("2.1 GB") == stage.lines[2].index("2.1 GB")


async def test_a_name_is_cut_in_its_middle_and_keeps_its_end() -> None:
    name = "third_person_warehouse_aisle_cereal_box_with_a_long_name_take_639832.mp4"
    async with staged(Rows([dataset(0, name)]), size=(72, 12)) as stage:
        row = stage.lines[1]
        assert "third_person_warehouse_aisle_cereal_bo…639832.mp4 " in row


async def test_the_name_that_the_cursor_rests_on_is_bold() -> None:
    async with staged(some()) as stage:
        stage.list.move_to(2)
        stage.list.emphasize()
        await stage.pilot.pause()
        assert [bold_names(stage, line) for line in (1, 3)] == [False, True]
        stage.list.move_to(3)
        stage.list.emphasize()
        await stage.pilot.pause()
        assert [bold_names(stage, line) for line in (3, 4)] == [False, True]


def bold_names(stage: Stage, line: int) -> bool:
    (name,) = (part for part in stage.list.render_line(line) if "Stack cups" in part.text)
    return bool(name.style and name.style.bold)


async def test_who_decided_stands_in_a_column_of_its_own() -> None:
    rows = some()
    rows.deciders = {id_of(1): "you"}
    async with staged(rows, ("name", "meta.rejection_reason", "by")) as stage:
        assert stage.lines[0].split() == ["NAME", "REASON", "BY"]
        assert stage.lines[2].endswith(" you")


async def test_a_row_on_its_way_is_a_placeholder() -> None:
    async with staged(Rows([dataset(0), None])) as stage:
        assert stage.lines[2].strip() == "..."


async def test_an_unreadable_row_shows_its_id_and_why() -> None:
    row = UnreadableRow(id=id_of(0), problem="name: a number")
    async with staged(Rows([row])) as stage:
        assert "name: a number" in stage.lines[1]
        assert id_of(0)[:8] in stage.lines[1]


async def test_what_was_found_late_stands_under_a_divider() -> None:
    rows = Rows([dataset(0), None, dataset(2)])
    rows.divider = 1
    async with staged(rows) as stage:
        assert "found late" in stage.lines[2]


@pytest.mark.parametrize(
    "name", ["a\x1b[31mred", "b\x1b]0;title\x07", "c\u202edetrever", "[bold]d[/bold]", "e\nf\tg"]
)
async def test_foreign_text_is_shown_as_text(name: str) -> None:
    async with staged(Rows([dataset(0, name)])) as stage:
        row = stage.lines[1]
        assert name[0] in row
        assert row.isprintable()
        assert "[bold]" in row or name[0] != "["


async def test_wide_names_keep_the_columns_straight() -> None:
    rows = Rows([dataset(0, "日本語の名前" * 9), dataset(1)])
    async with staged(rows) as stage:
        columns = [cell_len(line[: line.index("2.1 GB")]) for line in stage.lines[1:3]]
        assert columns[0] == columns[1]


async def test_a_metadata_path_can_be_a_column() -> None:
    async with staged(some(), ("name", "meta.sensor.type")) as stage:
        assert "SENSOR.TYPE" in stage.lines[0]
        assert "thermal" in stage.lines[1]


async def test_a_row_that_was_replaced_is_painted_anew() -> None:
    rows = some()
    async with staged(rows) as stage:
        rows.rows[0] = dataset(0, "Another name")
        stage.list.refresh_lines(range(1))
        await stage.pilot.pause()
        assert "Another name" in stage.lines[1]


async def test_ages_count_from_the_page_and_not_from_the_clock() -> None:
    rows = some()
    async with staged(rows) as stage:
        rows.read_at = NOON + timedelta(hours=2)
        stage.list.refresh_lines(range(1))
        await stage.pilot.pause()
        assert stage.lines[1].endswith(" 7h")
        assert stage.lines[2].endswith(" 5h")


# Moving


async def test_the_window_follows_the_cursor() -> None:
    async with staged(some()) as stage:
        stage.list.move_to(50)
        await stage.pilot.pause()
        assert "Stack cups 50 " in stage.cursor_row
        assert stage.windows[-1][0] <= 50 < stage.windows[-1][1]


async def test_a_page_takes_the_window_along() -> None:
    async with staged(some()) as stage:
        stage.list.move_to(3)
        stage.list.move_by(stage.list.page)
        await stage.pilot.pause()
        assert stage.list.top == stage.list.page
        assert stage.list.cursor == stage.list.page + 3


@pytest.mark.parametrize(("by", "at"), [(-5, 0), (10**9, 99)])
async def test_there_is_nothing_beyond_the_ends(by: int, at: int) -> None:
    async with staged(some()) as stage:
        stage.list.move_by(by)
        assert stage.list.cursor == at


async def test_an_empty_list_has_no_row_under_the_cursor() -> None:
    async with staged(Rows([])) as stage:
        stage.list.move_by(1)
        assert stage.list.row_under_cursor() is None


async def test_a_row_not_painted_yet_is_not_under_the_cursor() -> None:
    rows: Rows = Rows([None, dataset(1)])
    async with staged(rows) as stage:
        rows.rows[0] = dataset(0)
        assert stage.list.row_under_cursor() is None
        stage.list.refresh_lines(range(1))
        await stage.pilot.pause()
        assert stage.list.row_under_cursor() is rows.rows[0]


async def test_the_mouse_puts_the_cursor_where_it_clicks() -> None:
    async with staged(some()) as stage:
        await stage.pilot.click("#list", offset=(5, 4))
        assert stage.list.cursor == 3


# Rows come and go


async def test_the_cursor_stays_on_its_dataset_when_rows_come_before_it() -> None:
    rows = some()
    async with staged(rows) as stage:
        stage.list.move_to(20)
        await stage.pilot.pause()
        at = stage.lines.index(stage.cursor_row)
        rows.rows[:0] = [dataset(200), dataset(201)]
        stage.list.restructured()
        await stage.pilot.pause()
        assert stage.list.cursor == 22
        assert "Stack cups 20 " in stage.cursor_row
        assert stage.lines.index(stage.cursor_row) == at


async def test_the_cursor_waits_for_its_dataset_when_the_page_is_on_its_way() -> None:
    rows = some()
    async with staged(rows) as stage:
        stage.list.move_to(50)
        rows.rows[40:] = [None] * 60
        stage.list.restructured()
        await stage.pilot.pause()
        rows.rows[40:] = [dataset(number - 2) for number in range(40, 100)]
        stage.list.refresh_lines(range(40, 100))
        assert stage.list.cursor == 52
        assert stage.list.cursor_id == id_of(50)


async def test_the_reviewer_s_move_ends_the_waiting() -> None:
    rows = Rows([None] * 100)
    async with staged(rows) as stage:
        stage.list.return_to(id_of(50), 50)
        stage.list.move_by(1)
        rows.rows = [dataset(number) for number in range(100, 0, -1)]
        stage.list.refresh_lines(range(100))
        assert stage.list.cursor == 51


async def test_a_list_that_became_shorter_keeps_the_cursor_within() -> None:
    rows = some()
    async with staged(rows) as stage:
        stage.list.move_to(99)
        del rows.rows[50:]
        stage.list.restructured()
        assert stage.list.cursor == 49
        assert stage.list.top <= 49


async def test_a_million_rows_cost_what_ten_do() -> None:
    class Million(Rows):
        @property
        def length(self) -> int:
            return 1_000_000

        def row(self, line: int) -> Row | None:
            return dataset(line)

    async with staged(Million([])) as stage:
        stage.list.move_to(999_999)
        await stage.pilot.pause()
        assert "Stack cups 999999 " in stage.cursor_row
        assert len(stage.list._strips) < 100


# Widths


WRITTEN = st.builds(
    "{}{}".format,
    st.sampled_from([*COLUMNS, "meta.a.b"]),
    st.just("") | st.integers(min_value=3, max_value=200).map(":{}".format),
)


@given(
    st.integers(min_value=20, max_value=250),
    st.lists(WRITTEN, min_size=1, unique_by=lambda text: text.partition(":")[0]).map(tuple),
)
def test_columns_never_reach_beyond_the_width(width: int, written: tuple[str, ...]) -> None:
    columns = layout(written, width)
    assert columns
    gaps = sum(column.gap for column in columns[:-1])
    assert LEAD + sum(column.width for column in columns) + gaps + EDGE <= width
    assert all(column.width > 0 for column in columns)


@given(st.lists(WRITTEN, min_size=1, unique_by=lambda text: text.partition(":")[0]).map(tuple))
def test_where_there_is_room_every_column_has_the_width_chosen(written: tuple[str, ...]) -> None:
    widths = {column.name: column.width for column in layout(written, 4000)}
    for text in written:
        name, width = Column.of(text)
        assert width is None or widths[name] == max(
            width, COLUMNS[name].least if name in COLUMNS else 0
        )


async def test_the_list_shows_a_column_as_wide_as_it_is_written() -> None:
    async with staged(some(), ("type:22", "name:6", "meta.sensor.type:4", "id")) as stage:
        assert stage.lines[0].split() == ["TYP", "NAME", "SEN…", "ID"]
        assert "synthetic_third_person Stack…  the…  " in stage.lines[1]


@pytest.mark.parametrize(("width", "least"), [(60, 37), (72, 48), (80, 56), (120, 97)])
def test_the_name_has_the_room_that_is_left(width: int, least: int) -> None:
    name = next(column for column in layout(DEFAULT_COLUMNS, width) if column.name == "name")
    assert name.width >= least


@given(st.text(max_size=40), st.integers(min_value=1, max_value=30), st.booleans())
def test_a_cell_is_exactly_as_wide_as_its_column(text: str, width: int, right: bool) -> None:
    assert cell_len(fit(clean(text), width, right=right)) == width


# What of the columns is worth its room


def test_what_the_query_says_of_every_row_is_no_column() -> None:
    query = parse("status:pending type:telemetry -org:lab size>1GB meta.k:1,2").query
    assert query is not None
    assert fixed_by(query) == {"status", "type"}
    assert shown(("type", "name", "size"), fixed_by(query)) == ("name", "size")
    assert shown(("type",), fixed_by(query)) == ("type",), "a list of nothing would help nobody"


def test_what_is_equal_in_every_loaded_row_is_no_column_until_one_differs() -> None:
    columns = ("type", "name", "size", "meta.sensor.type", "org")
    variety = Variety()
    variety.learn([dataset(0)], columns)
    assert not variety.same(), "one row says nothing"
    variety.learn([dataset(1)], columns)
    assert variety.same() == {"type", "meta.sensor.type", "org"}
    variety.learn([dataset(2, data_type="episode")], columns)
    assert variety.same() == {"meta.sensor.type", "org"}
    variety.learn([dataset(number) for number in range(3, 90)], columns)
    assert variety.same() == {"meta.sensor.type", "org"}, "what told rows apart goes on to"
