"""What Tab offers, and what the console remembers of rows to offer it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gerra_tui.domain.query import parse
from gerra_tui.domain.query.completion import complete
from gerra_tui.domain.query.known import (
    EVERY,
    LONGEST,
    MOST_CHOICES,
    MOST_PATHS,
    MOST_VALUES,
    READ_WHOLE,
    Known,
)
from gerra_tui.domain.statistics import Statistics
from tests.domain.query.rows import row, with_metadata
from tests.domain.query.strategies import datasets


@pytest.fixture(name="known", scope="module")
def _known() -> Known:
    known = Known()
    for number in range(10):
        known.learn(
            with_metadata(
                sensor_type="thermal" if number % 3 else "rgb",
                fps=30 if number % 2 else 60,
                robot={"arm": "left side", "joints": [{"name": "wrist"}, {"name": "elbow"}]},
                ok=True,
                note=None,
                **{"key with space": "x\x1b"},
            )
        )
    known.count(
        Statistics(
            by_status={"pending": 1987, "accepted": 3000, "archived": 7},
            by_data_type={"episode": 4000},
        )
    )
    return known


def offered(query: str, known: Known) -> list[str]:
    """The query after each completion; `|` is the cursor."""
    text, cursor = query.replace("|", ""), query.index("|")
    return [text[: c.start] + c.text + text[c.end :] for c in complete(text, cursor, known)]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("sta|", ["status:"]),
        ("STA|", ["status:"]),
        ("-ty|", ["-type:"]),
        ("mug up|", ["mug updated<"]),
        ("u|:x", ["updated:x"]),
        ("siz|", ["size>"]),
        ("m|", ["meta."]),
        ("size|", ["size>", "size<", "size<=", "size>=", "size:", "size="]),
        ("status|", ["status:", "status=", "status~"]),
        ("status|:pending", []),
        ("|status:pending", []),
        ("zzz|", []),
        ('"mug|', []),
        # values, the frequent first, without those that the term has
        ("status:|", ["status:accepted", "status:pending", "status:archived", "status:discarded"]),
        ("status:p|", ["status:pending", "status:accepted", "status:superseded"]),
        ("STATUS=P|", ["STATUS=pending", "STATUS=accepted", "STATUS=superseded"]),
        ("status:pe|nd mug", ["status:pending mug"]),
        ("-status:pending,accepted,a|", ["-status:pending,accepted,archived"]),
        ("status:p|,pending", ["status:accepted,pending", "status:superseded,pending"]),
        ("type:|", ["type:episode", "type:synthetic_pov", "type:synthetic_third_person"]),
        # metadata
        ("meta.r|", ["meta.robot.joints.name:", "meta.robot.arm:", "meta.sensor_type:"]),
        ("meta.key|", ['meta."key with space":']),
        ('meta."key w|', ['meta."key with space":']),
        ("meta.sens|:x", ["meta.sensor_type:x"]),
        ("meta.sensor_type:|", ["meta.sensor_type:thermal", "meta.sensor_type:rgb"]),
        ("-meta.sensor_type=R|", ["-meta.sensor_type=rgb", "-meta.sensor_type=thermal"]),
        ("meta.robot.arm:l|", ['meta.robot.arm:"left side"']),
        ('meta.robot.arm:"left s|', ['meta.robot.arm:"left side"']),
        ('meta.robot.arm:"le|ft" x', ['meta.robot.arm:"left side" x']),
        ('meta."key with space":|', ['meta."key with space":"x\\u{1b}"']),
        ("meta.robot.joints.name:|", ["meta.robot.joints.name:elbow"]),
        ("meta.fps>|", ["meta.fps>30", "meta.fps>60"]),
        ("meta.sensor_type>|", []),
        ("meta.note:|", []),
        ("meta.ok:t|", ["meta.ok:true"]),
        ("meta.:|", []),
        ("meta.unheard:|", []),
        # sizes and ages
        ("size>|", ["size>1MB", "size>100MB", "size>1GB", "size>10GB"]),
        ("size>10|", ["size>10MB", "size>10GB", "size>10MiB"]),
        ("size:1,2.5|", ["size:1,2.5MB"]),
        ("updated<|", ["updated<1h", "updated<12h", "updated<1d", "updated<7d"]),
        ("updated<7|", ["updated<7h", "updated<7d", "updated<7w", "updated<7min"]),
        ("created:|", []),
        ("name~|", []),
        ("id:7|", []),
        ("colour:|", []),
        ("size>|=1", []),
    ],
)
def test_tab_offers_what_can_stand_there(query: str, first: list[str], known: Known) -> None:
    found = offered(query, known)
    assert found[: len(first)] == first
    assert bool(found) == bool(first)


def test_an_empty_line_offers_every_field(known: Known) -> None:
    fields = "status: type: name~ desc~ id: link~ org~ size> created< updated<"
    fields += " check: kind: check. meta."
    assert offered("|", known) == fields.split()
    assert offered("mug |", known) == [f"mug {field}" for field in fields.split()]
    assert offered("mug -|", known) == [f"mug -{field}" for field in fields.split()]


def test_a_completion_says_how_frequent_it_is(known: Known) -> None:
    notes = {c.text: c.note for c in complete("status:", 7, known)}
    assert notes["accepted"] == "3,000"
    assert notes["discarded"] == ""
    assert {c.text: c.note for c in complete("meta.sensor_type:", 17, known)} == {
        "thermal": "6",
        "rgb": "4",
    }


@given(
    st.text(alphabet='stauspenigmobrhlc :=~<>,.-"\\x', max_size=30),
    st.integers(0, 30),
    st.lists(datasets(), max_size=3),
)
def test_no_text_breaks_completion(text: str, cursor: int, rows: list[Any]) -> None:
    known = Known()
    for dataset in rows:
        known.learn(dataset)
    cursor = min(cursor, len(text))
    for completion in complete(text, cursor, known):
        assert 0 <= completion.start <= cursor <= completion.end <= len(text)
        assert completion.text != text[completion.start : completion.end]


@given(st.lists(datasets(), min_size=1, max_size=4), st.data())
def test_a_completed_value_can_be_read(rows: list[Any], data: st.DataObject) -> None:
    known = Known()
    for dataset in rows:
        known.learn(dataset)
    for head in complete("meta.", 5, known):
        for value in complete(head.text, len(head.text), known):
            assert parse(head.text + value.text).errors == ()


def test_statuses_and_types_are_learned_from_rows_and_counts() -> None:
    known = Known()
    known.count(Statistics(by_status={"pending": 5}))
    known.learn(row(status="archived", data_type="lidar"))
    known.learn(row(status="pending"))
    assert known.statuses["pending"] == 5
    assert known.statuses["archived"] is None
    assert "lidar" in known.types
    known.count(Statistics(by_status={"archived": 2}))
    assert known.statuses["archived"] == 2


def test_memory_is_bounded_whatever_the_service_sends() -> None:
    known = Known()
    for number in range(500):
        known.learn(
            row(
                status=f"status {number}",
                data_type="x" * (LONGEST + 1),
                metadata={
                    "same": f"value {number}",
                    f"key {number}": 1,
                    "k" * (LONGEST + 1): 1,
                    "long": "x" * (LONGEST + 1),
                    "": "unnamed",
                    "deep": {"a": {"b": {"c": {"d": {"e": 1, "f": {"g": "too deep"}}}}}},
                },
            )
        )
    assert len(known.statuses) == MOST_CHOICES
    assert "x" * (LONGEST + 1) not in known.types
    assert len(known.paths) == MOST_PATHS
    assert max(map(len, known.paths)) <= LONGEST
    assert len(known.values("same")) == MOST_VALUES
    assert known.paths["same"] == 500
    assert known.paths["long"] == 500
    assert known.values("long") == {}
    assert known.values("deep.a.b.c.d.e") == {"1": 500}
    assert "deep.a.b.c.d.f.g" not in known.paths
    assert "" not in known.paths


def test_a_long_scan_is_only_sampled() -> None:
    known = Known()
    for _ in range(READ_WHOLE + 10 * EVERY):
        known.learn(with_metadata(k=1))
    assert READ_WHOLE + 9 <= known.paths["k"] <= READ_WHOLE + 11


def test_the_counts_beside_other_terms_are_those_of_the_query() -> None:
    known = Known()
    known.count(Statistics(by_data_type={"episode": 4000, "telemetry": 900}))
    known.count_query("status:pending type:telemetry", 471)

    def told(text: str) -> dict[str, str]:
        return {one.text: one.note for one in complete(text, len(text), known)}

    assert told("type:")["telemetry"] == "900"
    assert told("status:pending type:") | {"telemetry": "471", "episode": ""} == told(
        "status:pending type:"
    )
    assert told("mug type:")["telemetry"] == ""
