"""`gerra-tui ls`: formats, exit codes, and what standard error says."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

import pytest

from gerra_tui.domain.evidence import Check, Look, Mark
from gerra_tui.headless.exit_code import ExitCode
from gerra_tui.headless.ls import ls
from gerra_tui.service.failures import (
    BadResponse,
    Failure,
    Forbidden,
    RateLimited,
    ServiceUnavailable,
    Unauthorized,
)
from tests.headless.stage import (
    NOW,
    PREFERENCES,
    Listing,
    Process,
    StillClock,
    closed_pipe,
    dataset,
    no_looks,
    unreadable,
    uuid_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from gerra_tui.domain.dataset import Row
    from gerra_tui.headless.streams import Streams
    from gerra_tui.service.looks import Looks

Form = Literal["text", "json", "csv"]


async def listed(
    rows: list[Row] | Listing,
    streams: Streams,
    query: str | None = None,
    form: Form = "text",
    limit: int | None = None,
    looks: Looks | None = None,
) -> ExitCode:
    return await ls(
        query,
        form=form,
        limit=limit,
        api=rows if isinstance(rows, Listing) else Listing(rows),
        kept=looks or no_looks(),
        clock=StillClock(),
        preferences=PREFERENCES,
        streams=streams,
    )


async def test_without_a_query_the_pending_ones_are_listed() -> None:
    process = Process()
    rows: list[Row] = [dataset(1), dataset(2, status="accepted"), dataset(3)]
    assert await listed(rows, process.streams) == ExitCode.DONE
    assert [line.split("\t")[0] for line in process.out] == [uuid_of(1), uuid_of(3)]
    assert process.err == ""


async def test_what_looks_found_is_asked_of_those_that_are_kept() -> None:
    rows: list[Row] = [dataset(number) for number in range(3)]
    looks = no_looks()
    odd = Check(id="size", mark=Mark.ODD, text="0 bytes")
    await looks.keep(dataset(1), Look(dataset_id=uuid_of(1), kind="mcap", checks=(odd,)))
    for query, numbers in (
        ("check:odd", [1]),
        ("check.size:odd kind:mcap", [1]),
        ("check:none", [0, 2]),
    ):
        process = Process()
        assert await listed(rows, process.streams, query, looks=looks) == ExitCode.DONE
        assert [line.split("\t")[0] for line in process.out] == [uuid_of(n) for n in numbers]
        assert process.err == ""


async def test_where_no_look_is_kept_a_query_for_one_says_so() -> None:
    process = Process()
    assert await listed([dataset(1)], process.streams, "-check:none") == ExitCode.DONE
    assert process.out == []
    assert "No look at any dataset is kept: `check` and `kind` speak of" in process.err


async def test_an_empty_query_is_all_of_them() -> None:
    process = Process()
    rows: list[Row] = [dataset(1), dataset(2, status="accepted")]
    assert await listed(rows, process.streams, "") == ExitCode.DONE
    assert len(process.out) == 2


async def test_terms_of_this_side_are_checked_and_the_others_narrow() -> None:
    process = Process()
    listing = Listing([dataset(number) for number in range(30)])
    code = await listed(listing, process.streams, "status:pending meta.take>27", "json")
    assert code == ExitCode.DONE
    assert [json.loads(line)["metadata"]["take"] for line in process.out] == [28, 29]
    assert {narrowing.status for narrowing, _, _ in listing.asked} == {"pending"}


async def test_json_is_each_dataset_as_received_on_one_line() -> None:
    process = Process()
    odd = dataset(
        1,
        name="esc \x1b[31m bidi \u202e line\nend ü",
        new_field={"b": [1, None]},
        signed_url="https://s.test/x?sig=1",
    )
    assert await listed([odd], process.streams, form="json") == ExitCode.DONE
    (line,) = process.out
    assert json.loads(line) == odd.raw
    assert list(json.loads(line)) == list(odd.raw)
    assert "\\u001b[31m bidi \\u202e line\\nend ü" in line
    assert ": " not in line


async def test_into_a_pipe_go_tabs_and_raw_numbers() -> None:
    process = Process()
    rows: list[Row] = [
        dataset(1, date_updated="2026-11-23T10:00:00.123456+02:00"),
        dataset(2, name="two\twords\nand a line \x1b[2J", data_byte_size=None, date_updated=None),
    ]
    assert await listed(rows, process.streams) == ExitCode.DONE
    first = "pending\tepisode\t2100000000\t2026-11-23T08:00:00.123456Z\tStack cups, batch 1"
    assert process.out == [
        f"{uuid_of(1)}\t{first}",
        f"{uuid_of(2)}\tpending\tepisode\t\t\ttwo words and a line ^[[2J",
    ]


async def test_csv_has_its_header_and_no_signed_url() -> None:
    process = Process()
    rows: list[Row] = [
        dataset(
            1,
            name='say "cup", twice',
            description="two\nlines",
            link="https://s.test/x.zip?sig=secret",
            signed_url="https://s.test/y?sig=secret",
            metadata={"a": [1, "ü\u202e"]},
        ),
        dataset(2, name="esc \x1b and \u202e", metadata=None, data_byte_size=None),
    ]
    assert await listed(rows, process.streams, form="csv") == ExitCode.DONE
    text = "\n".join(process.out)
    first, second = csv.DictReader(io.StringIO(text))
    assert process.out[0] == (
        "id,status,data_type,name,data_byte_size,date_created,date_updated,"
        "organization_id,link,description,metadata"
    )
    assert first == {
        "id": uuid_of(1),
        "status": "pending",
        "data_type": "episode",
        "name": 'say "cup", twice',
        "data_byte_size": "2100000000",
        "date_created": "2026-11-20T10:00:00Z",
        "date_updated": "2026-11-23T23:00:00Z",
        "organization_id": "df211a38-04b6-4e50-9730-f3fb533ba6f1",
        "link": "https://s.test/x.zip",
        "description": "two\nlines",
        "metadata": '{"a":[1,"ü\\u202e"]}',
    }
    assert (second["name"], second["metadata"]) == ("esc \\u001b and \\u202e", "")
    assert "secret" not in text


async def test_csv_keeps_a_signed_url_in_the_metadata_to_host_and_path() -> None:
    process = Process()
    urls = {
        "preview": ["https://s.test/a.gif?X-Sig=secret", {"b": "see HTTPS://s.test/b?t=secret"}]
    }
    text = "from https://s.test/c?sig=secret, is it good?"
    rows: list[Row] = [dataset(1, metadata=urls, description=text)]
    assert await listed(rows, process.streams, form="csv") == ExitCode.DONE
    (row,) = csv.DictReader(io.StringIO("\n".join(process.out)))
    assert json.loads(row["metadata"]) == {
        "preview": ["https://s.test/a.gif", {"b": "see HTTPS://s.test/b"}]
    }
    assert row["description"] == "from https://s.test/c is it good?"


async def test_csv_of_nothing_is_its_header() -> None:
    process = Process()
    assert await listed([], process.streams, form="csv") == ExitCode.DONE
    assert len(process.out) == 1


async def test_on_a_terminal_columns_are_aligned_humane_and_clean() -> None:
    process = Process(out_is_terminal=True, width=140)
    rows: list[Row] = [
        dataset(1, date_updated="2026-11-23T08:00:00Z"),
        dataset(
            2,
            name="\x1b]0;title\x07 wide 界界",
            data_type="synthetic_third_person",
            date_updated="2026-11-20T08:00:00Z",
        ),
        dataset(3, name="long " * 40, data_byte_size=None, date_updated=None),
    ]
    assert await listed(rows, process.streams) == ExitCode.DONE
    first, second, third = process.out
    assert first == (
        f"{uuid_of(1)}  pending     episode                   2.1 GB  4 h ago         "
        "Stack cups, batch 1"
    )
    assert first.index("Stack") == second.index("^[]0;title^G wide 界界")
    assert third.endswith("…")
    assert len(third) == 140
    assert "\x1b" not in "".join(process.out)


async def test_a_narrow_terminal_still_shows_some_of_the_name() -> None:
    process = Process(out_is_terminal=True, width=60)
    assert await listed([dataset(1, name="界" * 30)], process.streams) == ExitCode.DONE
    assert process.out[0].endswith("界" * 9 + "…")


@pytest.mark.parametrize("form", ["text", "json", "csv"])
async def test_unreadable_rows_are_listed_and_standard_error_says_so(form: Form) -> None:
    process = Process()
    rows: list[Row] = [unreadable(1, name=None, status="pending"), dataset(2), unreadable(None)]
    assert await listed(rows, process.streams, form=form) == ExitCode.DONE
    lines = process.out[1 if form == "csv" else 0 :]
    assert len(lines) == 3
    assert uuid_of(1) in lines[0]
    assert process.err == "gerra-tui: 2 of the rows could not be read as datasets.\n"


async def test_unreadable_rows_say_so_on_a_terminal() -> None:
    process = Process(out_is_terminal=True)
    await listed([unreadable(1, name=None)], process.streams)
    assert process.out[0].startswith(f"{uuid_of(1)}  unreadable")
    assert process.out[0].endswith("name: no text")


async def test_a_limit_ends_the_listing_and_asks_for_no_more_than_that() -> None:
    process = Process()
    listing = Listing([dataset(number) for number in range(5000)])
    assert await listed(listing, process.streams, limit=3) == ExitCode.DONE
    assert len(process.out) == 3
    assert {limit for _, limit, _ in listing.asked} == {3}
    process = Process()
    assert await listed(listing, process.streams, "meta.take>3", limit=1500) == ExitCode.DONE
    assert len(process.out) == 1500
    assert len(listing.asked) <= 4


async def test_each_id_comes_once_though_pages_shift() -> None:
    def arrive(asked: int) -> None:
        listing.rows.insert(0, dataset(100_000 + asked))

    listing = Listing([dataset(number) for number in range(2500)], before_each=arrive)
    process = Process()
    assert await listed(listing, process.streams) == ExitCode.DONE
    ids = [line.split("\t")[0] for line in process.out]
    assert len(ids) == len(set(ids))
    assert set(ids) >= {uuid_of(number) for number in range(2500)}


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("sieze:5", "In the query, at 'sieze': There is no field `sieze`"),
        ("size>many", "In the query, at "),
    ],
)
async def test_a_wrong_query_is_wrong_usage_and_shows_where(query: str, told: str) -> None:
    process = Process()
    listing = Listing([])
    assert await listed(listing, process.streams, query) == ExitCode.WRONG_USAGE
    assert told in process.err
    assert process.out == []
    assert listing.asked == []


async def test_a_doubtful_query_is_run_with_a_warning() -> None:
    process = Process()
    assert await listed([dataset(1)], process.streams, "type:nosuch") == ExitCode.DONE
    assert "No type nosuch is known." in process.err
    assert process.out == []


def failing(at: int, failure: Failure) -> Callable[[int], None]:
    def fail(asked: int) -> None:
        if asked >= at:
            raise failure

    return fail


WISH = (NOW + timedelta(seconds=90)).astimezone()


@pytest.mark.parametrize(
    ("failure", "code", "told"),
    [
        (ServiceUnavailable("Cannot reach api.test: refused."), ExitCode.UNREACHABLE, "Cannot"),
        (
            ServiceUnavailable("502 from the CDN", http_status=502),
            ExitCode.UNREACHABLE,
            "The service is not available: 502 from the CDN.",
        ),
        (
            RateLimited("Slow down", http_status=429),
            ExitCode.UNREACHABLE,
            "The service asks to wait (429): Slow down. It does not say how long: try again",
        ),
        (
            RateLimited("Slow down", http_status=429, retry_after=90.0),
            ExitCode.UNREACHABLE,
            f"asks to wait until {WISH:%H:%M:%S} (429): Slow down. Try again then.",
        ),
        (
            RateLimited("429 Too Many Requests", http_status=429),
            ExitCode.UNREACHABLE,
            "The service asks to wait (429): Too Many Requests. It does",
        ),
        (
            RateLimited("Slow down", http_status=429, retry_after=1e12),
            ExitCode.UNREACHABLE,
            "asks to wait until 20",
        ),
        (
            ServiceUnavailable("Resting", http_status=503, retry_after=90.0),
            ExitCode.UNREACHABLE,
            f"not available: Resting. It asks to wait until {WISH:%H:%M:%S}.",
        ),
        (Unauthorized("Is it whole?"), ExitCode.NO_KEY, "gerra-tui: Is it whole?\n"),
        (BadResponse("It broke off..."), ExitCode.FAILED, "gerra-tui: It broke off.\n"),
        (Unauthorized("There is no API key."), ExitCode.NO_KEY, "There is no API key."),
        (
            Unauthorized("Invalid API key", http_status=401),
            ExitCode.NO_KEY,
            "Key refused (401): Invalid API key.",
        ),
        (Forbidden("not yours"), ExitCode.FAILED, "not yours."),
        (BadResponse("unreadable \x1b[2J"), ExitCode.FAILED, "unreadable ^[[2J."),
    ],
)
async def test_a_listing_that_never_began_says_why(
    failure: Failure, code: ExitCode, told: str
) -> None:
    process = Process()
    listing = Listing([], before_each=failing(1, failure))
    assert await listed(listing, process.streams, form="csv") == code
    assert told in process.err
    assert process.err.count("\n") == 1
    assert process.out == []


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (ServiceUnavailable("Cannot reach api.test: refused."), ExitCode.FAILED),
        (Unauthorized("Invalid API key", http_status=401), ExitCode.NO_KEY),
    ],
)
async def test_a_listing_that_breaks_off_says_how_far_it_came(
    failure: Failure, code: ExitCode
) -> None:
    process = Process()
    listing = Listing([dataset(number) for number in range(2500)], before_each=failing(2, failure))
    assert await listed(listing, process.streams, "meta.take<5") == code
    assert len(process.out) == 5
    assert process.err.startswith(
        "gerra-tui: The list broke off after 5 datasets (1,000 of 2,500 looked at): "
    )


async def test_progress_is_for_a_terminal_that_does_not_show_the_list_itself() -> None:
    rows: list[Row] = [dataset(number) for number in range(1200)]
    watched = Process(err_is_terminal=True)
    await listed(rows, watched.streams, "meta.take<7", "json")
    assert "\r1,000 of 1,200 looked at, 7 listed" in watched.err
    assert watched.err.endswith(" \r"), "nothing of it is left on the screen"
    for quiet in (Process(), Process(out_is_terminal=True, err_is_terminal=True)):
        await listed(rows, quiet.streams, "meta.take<7", "json")
        assert quiet.err == ""


async def test_a_list_that_never_rested_is_not_called_complete() -> None:
    import random

    shuffle = random.Random(1).shuffle
    listing = Listing(
        [dataset(number) for number in range(4000)], before_each=lambda _: shuffle(listing.rows)
    )
    process = Process()
    assert await listed(listing, process.streams, "meta.take<1") == ExitCode.FAILED
    assert "some datasets may be missing" in process.err


async def test_nothing_goes_on_behind_a_closed_pipe() -> None:
    listing = Listing([dataset(number) for number in range(9000)])
    with pytest.raises(BrokenPipeError):
        await listed(listing, closed_pipe(reads=3))
    assert len(listing.asked) <= 4


def test_every_form_is_fit_for_any_row() -> None:
    from gerra_tui.headless.forms import Aligned, Csv, Json, Piped

    odd: list[Any] = [unreadable(None), unreadable(3, status=[1], name={"a": "\x1b"})]
    odd[0] = type(odd[0])(id=None, problem="no object", raw="text")
    for form in (Json(), Csv(), Piped(), Aligned(80, NOW)):
        lines = form.lines(odd)
        assert len(lines) == 2
        assert "\x1b" not in "".join(lines)
    assert Aligned(80, NOW).lines([]) == []
