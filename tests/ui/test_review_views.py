"""Views, columns, sort and refresh."""

from __future__ import annotations

from gerra_tui.domain.view import SHIPPED_VIEWS, Sort, View
from gerra_tui.service.preferences import ViewsUnwritable
from gerra_tui.service.session import Session
from gerra_tui.ui.theme import CURSOR
from tests.fakes import id_of
from tests.ui.reviewing import Console, Service, Sessions


def mixed(count: int = 30) -> Service:
    service = Service(count)
    for number in range(count):
        service.touch(
            number,
            data_type="telemetry" if number % 3 == 0 else "episode",
            name=f"Stack {(number * 7) % count:02d} of batch {number}",
            metadata={"sensor": {"type": "thermal" if number % 2 else "lidar"}},
        )
    return service


def looking(console: Console) -> str:
    return console.app.review.listing.text


async def test_zero_is_always_everything_pending() -> None:
    async with Console(mixed(), views=(View(name="Mine", query="type:telemetry"),)).opened() as c:
        assert looking(c) == "type:telemetry"
        await c.press("0")
        await c.until(lambda: looking(c) == "status:pending")
        await c.press("2")
        assert "There is no view 2" in c.status


def tabs(console: Console) -> list[tuple[str, bool]]:
    """What the line of tabs says, and whether it is the current one."""
    spans = console.app.review.views.tabs()
    return [(span.text, span.style is CURSOR) for span in spans if span.text.strip()]


async def test_a_view_beyond_the_ninth_has_a_tab_while_it_is_shown_and_is_found_by_name() -> None:
    tenth = View(name="Tele", query="type:telemetry")
    async with Console(mixed(), views=(*SHIPPED_VIEWS, tenth)).opened() as console:
        await command(console, "views")
        await console.until_shown("10  Tele", "type:telemetry", " 9  All", "(everything)")
        await console.press("G", "enter")
        await console.until(lambda: looking(console) == "type:telemetry")
        assert any(text.startswith("10 Tele") and now for text, now in tabs(console))
        await console.press("1")
        assert not any(text.startswith("10 Tele") for text, _ in tabs(console))
        await command(console, "views")
        await console.until_shown("10  Tele")
        await console.press("escape")
        assert looking(console) == "status:pending"


async def test_the_tab_of_pending_ones_and_the_header_count_alike() -> None:
    async with Console(mixed(), hold=0).opened() as console:
        await console.until(lambda: "30 pending" in console.header)
        await console.press("a", "y")
        await console.until(lambda: "29 pending" in console.header)
        assert ("1 Pending 29", True) in tabs(console)


async def test_zero_comes_back_at_the_next_start() -> None:
    sessions = Sessions()
    mine = View(name="Mine", query="type:telemetry")
    async with Console(mixed(), sessions=sessions, views=(mine,)).opened() as console:
        await console.press("0")
        console.app.review.resuming.save()
    async with Console(mixed(), sessions=sessions, views=(mine,)).opened() as console:
        assert console.app.review.listing.view == 0
        assert looking(console) == "status:pending"


async def test_w_saves_the_current_query_as_a_view() -> None:
    async with Console(mixed()).opened() as console:
        await console.query("type:telemetry")
        await console.press("w")
        await console.until_shown("Save this view as")
        await console.type("Tele")
        await console.press("enter")
        await console.until_shown("Saved as view 10: Tele")
        assert console.views.saved[-1] == View(name="Tele", query="type:telemetry")


async def test_w_with_a_known_name_takes_that_view_s_place() -> None:
    async with Console(mixed()).opened() as console:
        await console.query("type:telemetry")
        await console.press("w")
        await console.until_shown("Save this view as")
        await console.type("Third")
        await console.press("enter")
        await console.until_shown("Saved as view 4: Third")
        assert len(console.views.saved) == 9


async def test_a_config_that_cannot_be_written_is_told() -> None:
    async with Console(mixed()).opened() as console:

        def save(views: tuple[View, ...]) -> None:
            raise ViewsUnwritable("config.toml cannot be written: nothing was changed.")

        console.views.save = save  # type: ignore[method-assign] # a disk that is full
        await console.press("w")
        await console.until_shown("Save this view as")
        await console.type("Tele")
        await console.press("enter")
        await console.until_shown("cannot be written")
        assert len(console.app.review.listing.views) == 9


async def command(console: Console, name: str) -> None:
    await console.press(":")
    await console.type(name)
    await console.press("enter")


# Columns


async def test_c_chooses_columns() -> None:
    async with Console(mixed()).opened() as console:
        await console.press("c")
        await console.until_shown("Columns", "meta.sensor.type")
        await console.press("plus")
        await console.until_shown("Path in the metadata")
        await console.type("sensor.type")
        await console.press("enter", "enter")
        await console.until_shown("SENSOR.TYPE", "lidar")


async def test_a_width_chosen_is_saved_with_the_view_and_there_at_the_next_start() -> None:
    sessions = Sessions()
    async with Console(mixed(), sessions=sessions).opened() as console:
        await console.press("c", "j", "<", "j", "space", "enter")
        chosen = console.app.review.listing.columns
        width = next(column.width for column in console.listing.columns if column.name == "name")
        assert chosen == ("type", f"name:{width}", "updated")
        await console.press("w")
        await console.until_shown("Save this view as")
        await console.type("Wide")
        await console.press("enter")
        await console.until_shown("Saved as view 10: Wide")
        assert console.views.saved[-1].columns == chosen
        console.app.review.resuming.save()
    async with Console(mixed(), sessions=sessions).opened() as console:
        assert console.app.review.listing.columns == chosen


# Sort


async def test_o_sorts_what_is_loaded_and_shift_o_turns_it_round() -> None:
    async with Console(mixed()).opened() as console:
        await console.press("o")
        await console.until_shown("Sort by")
        await console.press("j", "j", "enter")
        await console.until(lambda: "Stack 00" in console.lines[4])
        assert console.app.review.listing.sort == Sort(column="name")
        await console.press("O")
        await console.until(lambda: "Stack 29" in console.lines[4])


async def test_a_sort_keeps_the_cursor_on_its_dataset() -> None:
    async with Console(mixed()).opened() as console:
        await console.press("j", "o", "j", "enter")
        await console.until(lambda: console.app.review.listing.sort)
        assert console.listing.cursor_id == id_of(1)


async def test_a_sort_says_what_it_covers_and_loads_the_rest() -> None:
    async with Console(mixed(1000)).opened() as console:
        await console.press("o", "j", "j", "enter")
        await console.until(lambda: "sorted within" in console.status)
        assert "of 1,000" in console.status
        await command(console, "load_rest")
        await console.until(lambda: "Sorted within all 1,000" in console.status)
        assert "sorted within" not in console.status
        await console.press("g")
        await console.until(lambda: "Stack 00" in console.cursor_row)


async def test_a_sort_covers_as_much_at_the_next_start_and_the_cursor_comes_back() -> None:
    service, sessions = Service(4000), Sessions()
    for number in range(4000):
        service.touch(number, name=f"{abs(number - 350):04} of batch {number} ")
    sessions.session = Session(
        query="status:pending",
        sort=Sort(column="name"),
        cursor_id=id_of(350),
        cursor_line=0,
        sorted_of=400,
    )
    async with Console(service, sessions=sessions).opened() as console:
        await console.until(lambda: console.listing.cursor_id == id_of(350))
        assert console.listing.cursor == 0
        await console.until(lambda: "sorted within" in console.status)
        assert "sorted within 4,000" not in console.status
        console.app.review.resuming.save()
    assert sessions.session.sorted_of >= 400


async def test_a_sort_covers_no_more_where_another_list_was_asked_for() -> None:
    service, sessions = Service(4000), Sessions()
    sessions.session = Session(
        query="status:pending", sort=Sort(column="name"), cursor_id=id_of(350), sorted_of=2000
    )
    service.shut = True
    async with Console(service, sessions=sessions).opened(wait=False) as console:
        await console.press("9", "o", "j", "enter")
        service.open()
        await console.until(lambda: "sorted within" in console.status)
        await console.until(lambda: console.app.review.workplace.queue.at_rest)
        assert max(limit for _, limit in service.pages) < 1000


# Refresh


async def test_a_refresh_never_moves_the_cursor_to_another_dataset() -> None:
    service = mixed()
    async with Console(service).opened() as console:
        await console.press(*"jjjjj")
        for number in range(100, 103):
            newer = {**service.bodies[id_of(0)], "id": id_of(number), "name": f"New {number}"}
            service.bodies = {id_of(number): newer, **service.bodies}
        await console.press("R")
        await console.until_shown("New 102", "Refreshed")
        assert console.listing.cursor_id == id_of(5)
        assert "batch 5 " in console.cursor_row


async def test_esc_stops_a_scan_and_r_goes_on() -> None:
    service = mixed(3000)
    async with Console(service).opened() as console:
        service.shut = True
        await console.query("status:pending name~zebra")
        await console.until_shown("looking")
        await console.press("escape")
        await console.until_shown("stopped")
        service.open()
        await console.press("R")
        await console.until_shown("No match")
