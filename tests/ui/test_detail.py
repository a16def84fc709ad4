"""The detail pane: everything of a dataset, its history, and what must not be seen of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from rich.cells import cell_len

from gerra_tui.domain.dataset import Dataset, UnreadableRow
from gerra_tui.domain.decision import DecisionState, Trouble, Verdict
from gerra_tui.domain.evidence import Cost, Look, Step, fine, unchecked
from gerra_tui.domain.iterations import Iteration, Iterations
from gerra_tui.service.decisions.target import Target, new_decision
from gerra_tui.service.details import Detail
from gerra_tui.service.failures import NotFound, ServiceUnavailable
from gerra_tui.ui.present.detail import Shown, lay
from gerra_tui.ui.present.evidence import Looked
from tests.fakes import ORIGIN, id_of
from tests.laid import detail_lines
from tests.ui.reviewing import Console, Service
from tests.virtual_time import NOON

if TYPE_CHECKING:
    from gerra_tui.domain.dataset import Row
    from gerra_tui.ui.present.lines import DetailLine

DATASET = Dataset(
    id=id_of(0),
    status="pending",
    data_type="episode",
    name="Stack cups, batch 0",
    description="First line.\nSecond line.",
    organization_id=id_of(99),
    link="s3://gerra/a.zip",
    signed_url="https://storage.gerra.example/a.zip?X-Signature=secret",
    data_byte_size=2_100_000_000,
    date_created=NOON - timedelta(days=2),
    date_updated=NOON - timedelta(hours=5),
    metadata={"robot": {"arm": "left", "joints": [1, 2]}, "fps": 30, "note": None},
    raw={"id": id_of(0), "quality": {"score": 0.5}, "preview": "https://x.example/p?sig=secret"},
)
HISTORY = Iterations(
    group_id="g",
    total_versions=2,
    latest_version=1,
    versions=(
        Iteration(
            dataset_id=id_of(7),
            version=0,
            status="superseded",
            created_at=NOON - timedelta(days=3),
            prompt="Stack the cups",
            superseded_reason="mug vanishes at 0:07",
            metadata={"rejection_reason": "too dark"},
        ),
        Iteration(
            dataset_id=id_of(0),
            version=1,
            status="pending",
            created_at=NOON - timedelta(days=2),
            prompt="Stack the cups slowly",
            regeneration_reason="keep the mug",
            preview_gif="https://x.example/p.gif?sig=secret",
        ),
    ),
)


def shown(row: Row = DATASET, **more: Any) -> Shown:
    values: dict[str, Any] = {"detail": None, "decision": None, "state": "pending", "now": NOON}
    return Shown(row=row, **(values | more))


def lines(row: Row = DATASET, width: int = 60, **more: Any) -> list[DetailLine]:
    return detail_lines(shown(row, **more), width)


def text(row: Row = DATASET, width: int = 60, **more: Any) -> str:
    return "\n".join(line.text for line in lines(row, width, **more))


def known(**fields: Any) -> Detail:
    return Detail(dataset_id=id_of(0), **fields)


def test_every_field_of_the_dataset_is_shown() -> None:
    told = text()
    for part in (
        "Stack cups, batch 0", "EPI  2.1 GB  30 fps  2d old", "episode", "2,100,000,000 bytes",
        id_of(0), id_of(99), "s3://gerra/a.zip", "2026-11-21 12:00:00 UTC",
        "2026-11-23 07:00:00 UTC", "First line.", "Second line.", "left; joints: 1, 2",
        "fps        30", "note       null",
    ):  # fmt: skip
        assert part in told


def test_fields_that_this_console_does_not_know_are_shown_too() -> None:
    assert "FURTHER FIELDS" in text()
    assert 'quality: {"score": 0.5}' in text()


def test_no_signed_url_is_shown_with_its_query() -> None:
    told = text(detail=known(dataset=DATASET, iterations=HISTORY, read_at=NOON), width=200)
    assert "storage.gerra.example/a.zip" in told
    assert "valid till" in told
    assert "preview available" in told
    assert "secret" not in told


def test_the_newest_body_is_shown() -> None:
    newer = replace(DATASET, description="Changed meanwhile.")
    assert "Changed meanwhile." in text(detail=known(dataset=newer))


def test_an_id_stands_on_one_line_beside_the_list_at_120_columns() -> None:
    assert any(line.text.endswith(id_of(0)) for line in lines(width=45))


@pytest.mark.parametrize("width", [45, 58, 118])
def test_no_line_is_wider_than_the_pane(width: int) -> None:
    wide = replace(DATASET, name="日本語" * 40, description="word " * 100)
    detail = known(dataset=wide, iterations=HISTORY)
    assert all(cell_len(line.text) <= width for line in lines(wide, width, detail=detail))


# Metadata


def test_the_metadata_is_a_line_for_each_key_that_unfolds() -> None:
    assert "robot      left; joints: 1, 2" in text()
    (branch,) = (line for line in lines() if line.text.startswith("robot"))
    assert branch.fold == ("robot",)
    unfolded = text(unfolded=frozenset({("robot",)}))
    assert "robot\n  arm: left\n  joints\n    0: 1\n    1: 2" in unfolded
    assert "fps        30" in unfolded


def test_what_is_known_to_matter_comes_first() -> None:
    keys = [line.text.split()[0] for line in lines() if (line.field or "").startswith("meta.")]
    assert keys == ["fps", "note"]
    fields = [line.field or "" for line in lines(first=("note",))]
    assert [name for name in fields if name.startswith("meta.")] == ["meta.note", "meta.fps"]


def test_what_differs_from_the_version_before_is_marked_with_what_it_was() -> None:
    metadata = {"fps": 24, "robot": {"arm": "left", "joints": [1]}, "gone": 5, "note": None}
    before = replace(HISTORY.versions[0], metadata=metadata)
    history = replace(HISTORY, versions=(before, HISTORY.versions[1]))
    told = text(detail=known(dataset=DATASET, iterations=history))
    assert "METADATA  * differs from v1" in told
    assert "*fps       30   was 24" in told
    assert "*robot     left; joints: 1, 2   was joints: 1" in told
    assert "*gone      (gone)   was 5" in told
    assert "*note" not in told
    assert "rejection_reason" not in text(detail=known(dataset=DATASET, iterations=HISTORY))


def test_without_a_version_before_nothing_is_marked() -> None:
    assert "*" not in text()


def test_a_line_knows_what_a_query_calls_its_value() -> None:
    unfolded = frozenset({("robot",)})
    asked = {line.field: line.value for line in lines(unfolded=unfolded) if line.field}
    assert asked["meta.robot.arm"] == "left"
    assert asked["meta.robot.joints"] == 2  # elements of a list are asked for by the list's path
    assert asked["meta.fps"] == 30
    assert asked["type"] == "episode"


def test_metadata_as_deep_as_a_well_is_drawn_all_the_same() -> None:
    deep: Any = "bottom"
    for _ in range(500):
        deep = {"down": deep}
    assert "down" in text(replace(DATASET, metadata=deep))


def test_metadata_with_many_members_is_cut_with_a_hint() -> None:
    told = text(replace(DATASET, metadata={f"k{n}": n for n in range(1000)}))
    assert "800 more (e shows all)" in told
    assert "k999" not in told


def test_hostile_metadata_is_text() -> None:
    told = text(replace(DATASET, metadata={"a\x1b[2J": "b\x07\u202ec", "[red]": "[/]"}))
    assert "\x1b" not in told
    assert "\u202e" not in told
    assert "[red]      [/]" in told


# History


def test_the_history_is_a_timeline_newest_first() -> None:
    told = text(detail=known(dataset=DATASET, iterations=HISTORY))
    assert "v1 superseded > [v2]" in told
    assert "BEFORE  2 versions" in told
    assert told.index("> v2 pending  2 d ago latest") < told.index("v1 superseded  3 d ago")
    for part in ("Stack the cups slowly", "keep the mug", "mug vanishes at 0:07", "too dark"):
        assert part in told


def test_the_fault_of_the_version_before_comes_first_below_the_head() -> None:
    detail = known(dataset=DATASET, iterations=HISTORY)
    laid = lay(shown(detail=detail), 60)
    assert laid.columns[0][0].text == "REDONE  mug vanishes at 0:07  v1, 3d ago"
    assert [line.text for line in laid.head] == [
        "Stack cups, batch 0",
        "EPI  2.1 GB  30 fps  2d old",
        "v1 superseded > [v2]",
        "",
    ]


def test_a_long_fault_is_told_to_its_end() -> None:
    fault = " ".join(f"the mug 日本 vanishes {number}" for number in range(20))
    long = replace(HISTORY.versions[0], superseded_reason=fault)
    history = replace(HISTORY, versions=(long, HISTORY.versions[1]))
    told = text(width=45, detail=known(dataset=DATASET, iterations=history))
    assert f"REDONE  {fault}  v1" in " ".join(told.split()).replace("REDONE ", "REDONE  ").replace(
        " v1, 3d", "  v1, 3d"
    )


def test_the_words_that_are_new_in_the_prompt_are_marked() -> None:
    told = text(detail=known(dataset=DATASET, iterations=HISTORY))
    assert "PROMPT  since v1: 1 word new\nStack the cups +slowly" in told
    (line,) = (
        line
        for line in lines(detail=known(dataset=DATASET, iterations=HISTORY))
        if "+slowly" in line.text and line.runs
    )
    assert [line.text[start:end] for start, end, _ in line.runs] == ["+slowly"]


def test_the_task_stands_where_there_is_no_prompt() -> None:
    told = text(replace(DATASET, metadata={"task": "water the plant"}))
    assert "TASK    water the plant" in told


def test_facts_that_contradict_each_other_are_told() -> None:
    metadata = {"frames": 480, "fps": 30, "duration_s": 12, "success": False, "gaps": 2}
    told = text(replace(DATASET, metadata=metadata), missing=("clock",))
    assert "! frames    480 frames at 30 fps are 16.0 s, declared 12.0 s" in told
    assert "! success   success is false" in told
    assert "! gaps      2 gaps in the recording" in told
    assert "! keys      clock missing, which its siblings have" in told


def test_what_a_look_found_stands_with_the_checks() -> None:
    checks = (fine("size", "as declared"), unchecked("motion", "t fetches 38 kB"))
    step = Step(key="t", words="pictures", requests=6, bytes=95_000)
    look = Look(
        dataset_id=DATASET.id, kind="zip", facts={"size": 246_103_434}, checks=checks, more=(step,)
    )
    told = text(evidence=Looked(look=look, cost=Cost(requests=3, bytes=79_123), as_of=NOON))
    assert f"EVIDENCE zip 246.1 MB{'3 requests, 79 kB':>39}\n" in told
    assert "CHECKS  3 requests, 79 kB" in told
    assert (
        "\u2713 size      as declared\n? motion    t fetches 38 kB\n"
        "? pictures  t  6 requests, 95 kB\n"
    ) in told


def test_below_the_list_all_is_told_in_few_lines() -> None:
    metadata = {"frames": 480, "fps": 30, "duration_s": 16, "note": "a\nb", "gaps": 1}
    detail = known(dataset=replace(DATASET, metadata=metadata), iterations=HISTORY)
    laid = lay(shown(detail=detail), 78, below=True, compact=True)
    rule, versions = (line.text for line in laid.head)
    assert rule.startswith("\u2500\u2500 Stack cups, batch 0 \u2500")
    assert rule.endswith(" EPI 2.1 GB 16.0 s 30 fps \u2500\u2500")
    assert cell_len(rule) == 78
    assert versions == "v1 superseded > [v2]"
    assert [line.text for line in laid.columns[0][:4]] == [
        "REDONE mug vanishes at 0:07",
        "PROMPT Stack the cups +slowly",
        "CHECKS \u2713 frames ! gaps: 1 gap in the recording",
        "gaps 1*  fps 30*  frames 480*  duration_s 16*  note a b*",
    ]


def test_a_wide_pane_has_two_columns() -> None:
    laid = lay(shown(detail=known(dataset=DATASET, iterations=HISTORY)), 118)
    left, right = ([line.text for line in column] for column in laid.columns)
    assert left[0].startswith("REDONE")
    assert right[0].startswith("METADATA")
    assert "RECORD  y copies" in right


def test_two_versions_stand_side_by_side_with_what_differs_first() -> None:
    metadata = {"fps": 24, "robot": {"arm": "left", "joints": [1, 2]}, "gone": 5}
    before = replace(HISTORY.versions[0], metadata=metadata)
    history = replace(HISTORY, versions=(before, HISTORY.versions[1]))
    detail = known(dataset=DATASET, iterations=history)
    told = text(width=100, detail=detail, compared=True).splitlines()
    at = {line.split()[0]: number for number, line in enumerate(told) if line.strip()}
    assert told[at["*prompt"]].split("  ")[-1].strip() == "Stack the cups slowly"
    assert told[at["*fps"]].split()[1:] == ["24", "30"]
    assert told[at["*gone"]].split()[1:] == ["5", "-"]
    assert at["*fps"] < at["robot"]
    assert all(cell_len(line) <= 100 for line in told)


async def test_the_equals_sign_compares_full_width_and_esc_goes_back() -> None:
    service = Service()
    service.give_history(50, 51, 0)
    async with Console(service).opened() as console:
        await console.until_shown("> [v3]")
        await console.press("equals_sign")
        await console.until_shown("COMPARED  v2 and v3", "Stack the cups, try 1")
        assert console.app.review.desk.detail.size.width == 120
        await console.press("escape")
        await console.until(lambda: "COMPARED" not in console.text)
        assert console.app.review.displayed.full
        await console.press("escape")
        await console.until(lambda: not console.app.review.displayed.full)


def test_what_is_decided_from_comes_before_the_record() -> None:
    told = text(detail=known(dataset=DATASET, iterations=HISTORY))
    titles = ["REDONE", "PROMPT", "METADATA", "DESCRIPTION", "BEFORE", "RECORD", "FURTHER FIELDS"]
    assert sorted(titles, key=told.index) == titles


def test_an_older_version_says_that_it_is_not_the_latest() -> None:
    older = replace(DATASET, id=id_of(7))
    detail = Detail(dataset_id=id_of(7), dataset=older, iterations=HISTORY)
    told = text(older, detail=detail)
    assert "NOT THE LATEST" in told
    assert "> v1 superseded" in told


def test_a_backend_without_iterations_costs_nothing_else() -> None:
    told = text(detail=known(dataset=DATASET, iterations_failure=NotFound("Not Found")))
    assert "no history is available" in told
    assert "left; joints" in told


def test_what_could_not_be_read_says_why() -> None:
    failure = ServiceUnavailable("Cannot reach it.")
    told = text(detail=known(dataset_failure=failure, iterations_failure=failure))
    assert "Not read again: Cannot reach it." in told
    assert "Not read: Cannot reach it." in told


def test_before_the_answer_the_history_is_a_placeholder() -> None:
    assert text().split("BEFORE\n")[1].startswith("...")


# Decision and remark


def test_a_decision_is_shown_with_its_reason_and_what_became_of_it() -> None:
    target = Target(dataset=DATASET)
    decision = new_decision(Verdict.REJECT, target, origin=ORIGIN, now=NOON, reason="too dark")
    trouble = Trouble(kind="unavailable", detail="Service unavailable")
    decision = replace(decision, state=DecisionState.WAITING, last_error=trouble)
    told = text(decision=decision, state="waiting")
    for part in ("DECISION", "reject at", "waiting", "reason: too dark", "Service unavailable"):
        assert part in told


def test_the_reviewer_s_own_note_is_shown() -> None:
    assert "Set aside: ask Mira" in text(remark="Set aside: ask Mira")


def test_an_unreadable_row_is_shown_as_it_came() -> None:
    row = UnreadableRow(id="?", problem="name: a number", raw={"name": 5})
    told = text(row)
    assert "cannot be read" in told
    assert '{"name": 5}' in told


# In the console


async def test_the_detail_follows_when_the_cursor_rests() -> None:
    async with Console().opened() as console:
        await console.press("j", "j")
        await console.until(lambda: "take       2" in console.detail)


async def test_rows_passed_by_are_never_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    service = Service(400)
    async with Console(service).opened() as console:
        await console.until(lambda: "take       0" in console.detail)
        monkeypatch.setattr("gerra_tui.ui.review.displayed.SETTLE_SECONDS", 2.0)  # keys come sooner
        await console.press(*["pagedown"] * 4)
        await console.until(lambda: console.listing.cursor_id and console.detail)
        last = console.listing.cursor
        await console.until(lambda: f"take       {last}" in console.detail)
    read = {number for _, what, number in service.calls if what == "read"}
    near = {id_of(number) for number in (*range(3), *range(last - 2, last + 3))}
    assert read <= near


async def test_neighbours_are_there_before_the_cursor_is() -> None:
    service = Service()
    async with Console(service).opened() as console:
        await console.until(lambda: len([c for c in service.calls if c[1] == "read"]) >= 3)
        asked = {number for _, what, number in service.calls if what == "read"}
        assert asked == {id_of(0), id_of(1), id_of(2)}


async def test_the_detail_shows_what_the_list_knows_until_its_answer_comes() -> None:
    service = Service()
    async with Console(service).opened() as console:
        service.latency = 60
        await console.press(*"jjjjj")
        await console.until(lambda: "take       5" in console.detail)
        assert "BEFORE\n...\n" in console.detail


async def test_enter_opens_the_detail_full_width_and_q_goes_back() -> None:
    async with Console().opened() as console:
        await console.press("enter")
        await console.until(lambda: console.app.review.desk.detail.size.width == 120)
        assert "UPD" not in console.text
        await console.press("q")
        await console.until(lambda: console.listing.size.width > 60)


async def test_enter_folds_a_branch_of_the_metadata() -> None:
    service = Service()
    service.touch(0, metadata={"robot": {"arm": "left"}})
    async with Console(service).opened() as console:
        await console.until(lambda: "robot      left" in console.detail)
        await console.press("tab")
        head = 4
        at = console.detail.splitlines().index("robot      left") - head
        await console.press(*["j"] * at, "enter")
        await console.until(lambda: "robot\n  arm: left" in console.detail)
        await console.press("enter")
        await console.until(lambda: "robot      left" in console.detail)


async def test_i_goes_to_the_iterations() -> None:
    service = Service()
    service.touch(0, description="\n".join(map(str, range(20))))
    service.give_history(9, 0)
    async with Console(service).opened(size=(120, 20)) as console:
        await console.until(lambda: "BEFORE  2 versions" in console.detail)
        assert "BEFORE  2 versions" not in console.text
        await console.press("i")
        await console.until_shown("BEFORE  2 versions", "mug vanishes")


async def test_j_and_k_scroll_the_detail_from_the_list() -> None:
    service = Service()
    service.touch(0, description="\n".join(map(str, range(7))))
    async with Console(service).opened(size=(120, 15)) as console:
        await console.until(lambda: "take       0" in console.detail)
        before = console.cursor_row
        assert "take       0" in console.text
        await console.press(*"JJJ")
        await console.until(lambda: "take       0" not in console.text)
        assert any("Stack cups, batch 0" in line[72:] for line in console.lines[:4]), "it stays"
        assert console.cursor_row[:60] == before[:60]
        await console.press(*"KKK")
        await console.until_shown("take       0", "J ")


async def test_what_changed_meanwhile_is_shown_after_a_refresh_of_neighbours_too() -> None:
    service = Service()
    async with Console(service).opened() as console:
        details = console.app.review.workplace.details
        await console.until(lambda: details.get(id_of(1)) and details.get(id_of(0)))
        service.touch(1, description="told anew")
        await console.press("R")
        await console.until(lambda: "Refreshed" in console.status)
        await console.press("j")
        await console.until(lambda: "told anew" in console.detail)


async def test_a_version_that_cannot_be_read_says_so_in_the_place_of_nothing() -> None:
    service = Service()
    service.give_history(70, 0)  # there is no such dataset any more
    async with Console(service).opened() as console:
        await console.until(lambda: "BEFORE  2 versions" in console.detail)
        await console.press("less_than_sign")
        await console.until(lambda: "cannot be read" in console.detail)


@pytest.mark.parametrize("key", ["less_than_sign", "greater_than_sign"])
async def test_there_is_no_version_beyond_the_ends(key: str) -> None:
    async with Console(service := Service()).opened() as console:
        service.give_history(0)
        console.app.review.workplace.details.forget(id_of(0))
        console.app.review.displayed.settle()
        await console.until(lambda: "[v1]" in console.detail)
        await console.press(key)
        assert "This is the" in console.status


async def test_the_mouse_wheel_scrolls_the_pane_under_it() -> None:
    service = Service()
    service.touch(0, description="\n".join(map(str, range(100))))
    async with Console(service).opened(size=(120, 20)) as console:
        await console.until(lambda: "99" in console.detail.splitlines())
        pane = console.app.review.desk.detail
        first = console.lines[9]
        pane.scroll_by(6)
        await console.until(lambda: console.lines[9] != first)
        assert console.listing.cursor == 0
