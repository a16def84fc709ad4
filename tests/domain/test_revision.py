"""What the reviewer saw, compared with what is there now."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.revision import Revision

SEEN: dict[str, Any] = {
    "id": "0b8e1b9e-1111-4000-8000-00000000000a",
    "status": "pending",
    "date_updated": "2026-11-21T08:00:00Z",
    "metadata": {"sensor": "thermal", "takes": [1, 2], "nested": {"a": None}},
}
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    max_leaves=20,
)


def now(**changes: Any) -> Dataset:
    raw = {**SEEN, **changes}
    raw = {name: value for name, value in raw.items() if value is not ...}
    return Dataset(id=raw["id"], status=raw["status"], data_type="episode", name="n", raw=raw)


def changes(**what: Any) -> tuple[str, ...]:
    return Revision.of(SEEN).changes(now(**what))


def test_the_same_body_has_not_changed() -> None:
    assert changes() == ()
    assert changes(id=SEEN["id"].upper()) == ()
    assert changes(name="another name", signed_url="https://storage.example/x?sig=1") == ()


@pytest.mark.parametrize(
    "spelled",
    ["2026-11-21T08:00:00+00:00", "2026-11-21T08:00:00.000Z", "2026-11-21T09:00:00+01:00",
     "2026-11-21T08:00:00"],
)  # fmt: skip
def test_one_instant_has_many_spellings(spelled: str) -> None:
    assert changes(date_updated=spelled) == ()


def test_each_change_is_told() -> None:
    told = changes(
        id="0b8e1b9e-2222-4000-8000-00000000000a",
        status="for_admin_review",
        date_updated="2026-11-21T08:00:01Z",
        metadata={"sensor": "rgb"},
    )
    assert told == (
        "id is 0b8e1b9e-2222-4000-8000-00000000000a",
        "status is for_admin_review, was pending",
        "date_updated is 2026-11-21T08:00:01Z",
        "metadata changed",
    )


def test_a_date_that_came_or_went_is_a_change() -> None:
    assert changes(date_updated=None) == ("date_updated is null",)
    seen_without = Revision.of({**SEEN, "date_updated": None})
    assert seen_without.changes(now()) == ("date_updated is 2026-11-21T08:00:00Z",)
    assert seen_without.changes(now(date_updated=None)) == ()


def test_metadata_that_came_or_went_is_a_change() -> None:
    assert changes(metadata=None) == ("metadata changed",)
    assert changes(metadata={}) == ("metadata changed",)


def test_what_the_body_lacked_is_not_compared() -> None:
    seen = Revision.of({"id": SEEN["id"]})
    assert (seen.status, seen.date_updated, seen.metadata_sha256) == (None, None, None)
    assert seen.changes(now(status="superseded", metadata={"x": 1})) == ()
    assert changes(metadata=..., date_updated=...) == ()


def test_a_date_that_is_none_is_compared_as_text() -> None:
    seen = Revision.of({**SEEN, "date_updated": "yesterday"})
    assert seen.changes(now(date_updated="yesterday")) == ()
    assert seen.changes(now(date_updated="today")) == ("date_updated is today",)


def test_a_status_that_is_no_text_counts_as_not_seen() -> None:
    assert Revision.of({"id": 5, "status": 7}) == Revision(
        dataset_id="5", status=None, date_updated=None, metadata_sha256=None
    )


@given(json_values)
def test_the_order_of_the_keys_does_not_matter(metadata: Any) -> None:
    def reordered(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: reordered(value[key]) for key in reversed(list(value))}
        return [reordered(item) for item in value] if isinstance(value, list) else value

    seen = Revision.of({**SEEN, "metadata": metadata})
    assert seen == Revision.of({**SEEN, "metadata": reordered(metadata)})
    again = json.loads(json.dumps(metadata))
    assert seen.changes(now(metadata=again)) == ()


@given(json_values, json_values)
def test_other_metadata_has_another_hash(one: Any, other: Any) -> None:
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    hashes = {Revision.of({**SEEN, "metadata": each}).metadata_sha256 for each in (one, other)}
    assert len(hashes) == (1 if same else 2)


def test_half_a_character_can_be_hashed() -> None:
    assert Revision.of({**SEEN, "metadata": {"cut": "\ud83c"}}).metadata_sha256
