"""Whatever JSON stands in any field of any answer, the commands and what is painted go on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gerra_tui.api.client import GerraClient, RetryPolicy
from gerra_tui.domain.query import parse
from gerra_tui.domain.view import Sort
from gerra_tui.headless.exit_code import ExitCode
from gerra_tui.headless.ls import ls
from gerra_tui.headless.show import show
from gerra_tui.headless.stats import stats
from gerra_tui.service.details import Detail
from gerra_tui.service.failures import Failure
from gerra_tui.service.listing.ordering import Ordering
from gerra_tui.ui.present.detail import Shown
from tests.api.bodies import ID, dataset, iteration
from tests.api.test_schemas import STATISTICS
from tests.fakes import Disk, FakeJournal
from tests.headless.stage import NOW, PREFERENCES, Process, StillClock, no_looks
from tests.laid import detail_lines
from tests.ui.test_presentation import cell

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")
C = TypeVar("C", bound=GerraClient)

DEEP: Any = "deep"
for _ in range(300):
    DEEP = [DEEP]
ODD = st.sampled_from(
    [
        int("9" * 310),
        2**63,
        -(10**30),
        1e308,
        float("nan"),
        float("inf"),
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999-14:00",
        "https://[redacted]/x",
        "https://a\u200bb:99999999/?sig=s",
        "\ud83d",
        "\x1b[201~ay",
        "\u202e" * 50,
        "中" * 3000,
        "https://" * 3000,
        DEEP,
    ]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | ODD
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
HISTORY = {
    "iteration_group_id": "g",
    "total_versions": 2,
    "latest_version": 1,
    "iterations": [iteration(1, dataset_id=ID), iteration(0)],
}
QUERIES = ["", "status:pending mug", "size>1GB updated<7d", "meta.robot:SO-101", "-desc~x id:77"]


def changed(body: dict[str, Any]) -> st.SearchStrategy[Any]:
    """`body` with some fields replaced by anything; seldom something else altogether."""
    fields = st.dictionaries(st.sampled_from(sorted(body)), ANYTHING, max_size=3)
    return fields.map(lambda replaced: body | replaced) | ANYTHING


ANSWERS = st.fixed_dictionaries(
    {
        "page": st.lists(changed(dataset()), max_size=3).map(
            lambda rows: {"datasets": rows, "total": len(rows)}
        )
        | changed({"datasets": [dataset()], "total": 1}),
        "dataset": changed(dataset()),
        "iterations": st.lists(changed(iteration(3)), max_size=3).map(
            lambda entries: HISTORY | {"iterations": entries}
        )
        | changed(HISTORY),
        "stats": changed(STATISTICS),
        "verdict": changed({"id": ID, "status": "accepted", "message": "ok"}),
    }
)


def service(answers: dict[str, Any], kind: type[C] = GerraClient) -> C:  # type: ignore[assignment]
    def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.path
        call = "verdict" if request.method == "POST" else path.rpartition("/")[2]
        if path == "/datasets" and int(request.url.params["offset"]) > 0:
            body: Any = {"datasets": []}
        else:
            body = answers["page" if path == "/datasets" else call]
        return httpx.Response(200, stream=httpx.ByteStream(json.dumps(body).encode()))

    return kind(
        "https://api.example.test",
        lambda: "k3y-that-nobody-may-see",
        retries=RetryPolicy(attempts=1),
        transport=httpx.MockTransport(answer),
    )


async def run(answers: dict[str, Any], query: str) -> None:
    api: GerraClient = service(answers)
    try:
        for terminal in (True, False):
            await commands(api, query, terminal=terminal)
        await painted(api)
        for call in (api.accept(ID), api.reject(ID, "dark")):
            confirmed, failure = await told(call)
            assert confirmed is not None or (failure is not None and failure.uncertain)
    finally:
        await api.aclose()


async def told(call: Awaitable[T]) -> tuple[T | None, Failure | None]:
    """What a call gives, or its failure; nothing else is raised."""
    try:
        return await call, None
    except Failure as failure:
        return None, failure


async def commands(api: GerraClient, query: str, *, terminal: bool) -> None:
    process = Process(out_is_terminal=terminal)
    common: dict[str, Any] = {"api": api, "clock": StillClock(), "streams": process.streams}
    codes = [
        await ls(query, form=form, kept=no_looks(), preferences=PREFERENCES, **common)
        for form in ("text", "json", "csv")
    ]
    for as_json in (True, False):
        codes.append(await show(ID, as_json=as_json, journal=FakeJournal(Disk()), **common))
        codes.append(await stats(as_json=as_json, **common))
    assert set(codes) <= {ExitCode.DONE, ExitCode.FAILED}
    said = "".join(process.out) + process.err
    assert "Traceback" not in said
    assert "\x1b" not in said
    assert "\u202e" not in said


async def painted(api: GerraClient) -> None:
    """Every column, the detail pane, and each order of the rows."""
    from gerra_tui.domain.query.narrowing import Narrowing

    page, _ = await told(api.page(Narrowing(), limit=100, offset=0))
    detail = Detail(
        dataset_id=ID,
        dataset=(await told(api.dataset(ID)))[0],
        iterations=(await told(api.iterations(ID)))[0],
        read_at=NOW,
    )
    rows = page.rows if page else ()
    for row in rows:
        for column in COLUMNS:
            assert "\x1b" not in cell(row, column, NOW)
        for detailed in (None, detail):
            shown = Shown(row=row, detail=detailed, decision=None, state="pending", now=NOW)
            assert detail_lines(shown, 40)
    for column in SORTED:
        for descending in (True, False):
            order = Ordering(Sort(column=column, descending=descending))
            order.note(rows)
            order.arrange()
            assert len(order) == len({row.id for row in rows})


COLUMNS = ("name", "type", "size", "updated", "created", "id", "status", "desc", "org", "link",
           "meta.robot.type")  # fmt: skip
SORTED = (*COLUMNS, "state")
CASES: Callable[[Any], Any] = given(ANSWERS, st.sampled_from(QUERIES))


@pytest.mark.no_cover  # the same lines thousands of times
@settings(max_examples=300, deadline=None)
@CASES
async def test_no_answer_ends_a_command_or_what_is_painted(
    answers: dict[str, Any], query: str
) -> None:
    await run(answers, query)


@pytest.mark.slow
@settings(max_examples=20_000, deadline=None)
@CASES
async def test_no_answer_ends_a_command_or_what_is_painted_in_thousands_of_cases(
    answers: dict[str, Any], query: str
) -> None:
    await run(answers, query)


@pytest.mark.parametrize("query", QUERIES)
def test_the_queries_of_this_test_are_queries(query: str) -> None:
    assert parse(query).query is not None
