"""What the reviewer saw, compared with what is there now."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.revision import AS_RECEIVED, Revision

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
        "metadata.nested.a is gone, was null",
        'metadata.sensor is "rgb", was "thermal"',
        "metadata.takes is gone, was [1,2]",
    )


def test_a_date_that_came_or_went_is_a_change() -> None:
    assert changes(date_updated=None) == ("date_updated is null",)
    seen_without = Revision.of({**SEEN, "date_updated": None})
    assert seen_without.changes(now()) == ("date_updated is 2026-11-21T08:00:00Z",)
    assert seen_without.changes(now(date_updated=None)) == ()


def test_metadata_that_came_or_went_is_a_change() -> None:
    assert changes(metadata=None) == ("metadata is null",)
    assert changes(metadata={})[0] == "metadata.nested.a is gone, was null"


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


exact_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    max_leaves=20,
)


@given(exact_values, exact_values)
def test_other_metadata_has_another_hash(one: Any, other: Any) -> None:
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    hashes = {Revision.of({**SEEN, "metadata": each}).metadata_sha256 for each in (one, other)}
    assert len(hashes) == (1 if same else 2)


def test_half_a_character_can_be_hashed() -> None:
    assert Revision.of({**SEEN, "metadata": {"cut": "\ud83c"}}).metadata_sha256


@pytest.mark.parametrize(
    ("sent", "back"),
    [
        ("30.0", "30"),
        ("9007199254740993", "9007199254740992"),
        ("1e400", "1.7976931348623157e+308"),
        ("-0.0", "-0"),
        ("NaN", "null"),
        ("Infinity", "null"),
        ("1" * 400, "1.7976931348623157e+308"),
        ('"\\ud83c"', '"\\ufffd"'),
        ("1.10", "1.1"),
    ],
)
def test_what_went_through_other_json_tools_has_not_changed(sent: str, back: str) -> None:
    seen = Revision.of({**SEEN, "metadata": json.loads(f'{{"a":{{"n":[{sent}]}},"z":1}}')})
    read = json.loads(f'{{"z":1.0,"a":{{"n":[{back}]}}}}')
    assert seen.changes(now(metadata=read)) == ()
    assert Revision.of({**SEEN, "metadata": read}) == seen


AWS = (
    "https://b.s3.example/x.mp4?X-Amz-Algorithm=A&X-Amz-Credential=c&X-Amz-Date={0}"
    "&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature={0}"
)
GOOGLE = "https://storage.example/x?X-Goog-Signature={0}&X-Goog-Date={0}&X-Goog-Expires=60"
AZURE = "https://a.blob.example/x?sv=2024&se={0}&sr=b&sp=r&sig={0}"
CLOUDFRONT = "https://d1.example/x?Policy={0}&Signature={0}&Key-Pair-Id=K1"
SUPABASE = "https://p.supabase.example/storage/v1/object/sign/b/x.png?token={0}"


@pytest.mark.parametrize("url", [AWS, GOOGLE, AZURE, CLOUDFRONT, SUPABASE])
def test_a_url_that_was_signed_anew_has_not_changed(url: str) -> None:
    first, again = ({"previews": [{"gif": url.format(sign)}]} for sign in ("AAA", "BBB"))
    seen = Revision.of({**SEEN, "metadata": first, "link": url.format("AAA")})
    assert seen.changes(now(metadata=again, link=url.format("BBB"))) == ()
    other = {"previews": [{"gif": url.format("BBB").replace("/x", "/y")}]}
    (told,) = seen.changes(now(metadata=other, link=url.format("BBB")))
    assert told.startswith("metadata.previews ")


@pytest.mark.parametrize("url", [AWS, GOOGLE, AZURE, CLOUDFRONT, SUPABASE])
def test_nothing_that_opens_a_url_is_kept_or_told(url: str) -> None:
    signed = url.format("SECRET-1")
    seen = Revision.of({**SEEN, "link": signed, "metadata": {"gif": signed, signed: "x"}})
    assert "SECRET" not in repr(seen)
    told = seen.changes(now(link=f"{signed}2&v=2", metadata={"gif": f"{signed}&v=2", signed: "y"}))
    assert told
    assert "SECRET" not in "".join(told)


def test_another_file_under_the_same_metadata_is_a_change() -> None:
    seen = Revision.of({**SEEN, "link": "s3://b/one.mcap", "data_byte_size": 5})
    assert seen.changes(now(link="s3://b/one.mcap", data_byte_size=5.0)) == ()
    assert seen.changes(now(link="s3://b/two.mcap", data_byte_size=6)) == (
        'link is "s3://b/two.mcap", was "s3://b/one.mcap"',
        "data_byte_size is 6, was 5",
    )
    assert seen.changes(now(link=None, data_byte_size=None)) == (
        'link is null, was "s3://b/one.mcap"',
        "data_byte_size is null, was 5",
    )


def test_a_long_value_is_told_to_have_changed_and_not_repeated() -> None:
    seen = Revision.of({**SEEN, "metadata": {"note": "x" * 5000, "take": 1}})
    changed = {"note": "x" * 4999 + "y", "take": 1}
    assert seen.changes(now(metadata=changed)) == ("metadata.note changed, and begins as before",)
    assert seen.metadata is not None
    assert len(seen.metadata["note"]) < 120


def test_of_many_changes_a_few_are_told() -> None:
    seen = Revision.of({**SEEN, "metadata": {f"k{number}": number for number in range(5000)}})
    told = seen.changes(now(metadata={f"k{number}": -number for number in range(5000)}))
    assert len(told) == 4
    assert told[-1].endswith("more keys of the metadata changed")
    assert seen.metadata is not None
    assert len(seen.metadata) < 1000
    beyond = {f"k{number}": number for number in range(5000)} | {"zzz": 1}
    assert seen.changes(now(metadata=beyond)) == ("metadata changed",)


def test_what_a_value_holds_cannot_paint_over_the_refusal() -> None:
    told = changes(metadata={**SEEN["metadata"], "\x1b[2Jkey": "\u202ereversed\x07"})
    assert all(one.isprintable() and "\u202e" not in one for one in told)


def test_what_was_seen_and_is_lacking_is_named() -> None:
    seen = Revision.of({**SEEN, "link": "s3://b/x", "data_byte_size": None})
    assert seen.lacking(now(link="other", data_byte_size=7)) == ()
    assert seen.lacking(now(metadata=..., date_updated=...)) == (
        "date_updated", "link", "data_byte_size", "the metadata",
    )  # fmt: skip
    assert Revision.of({"id": SEEN["id"]}).lacking(now()) == ()


def test_what_the_version_before_kept_is_compared_as_it_kept_it() -> None:
    def before(metadata: Any) -> Revision:
        text = json.dumps(metadata, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return Revision(
            dataset_id=SEEN["id"],
            status="pending",
            date_updated=SEEN["date_updated"],
            metadata_sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
            form=AS_RECEIVED,
        )

    for metadata in (SEEN["metadata"], None, {"ratio": 30.0, "url": AWS.format("A")}):
        seen = before(metadata)
        there = now(metadata=metadata, link="s3://b/x", data_byte_size=5)
        assert seen.changes(there) == ()
        assert seen.lacking(there) == ()
        assert seen.changes(now(metadata={"take": 99})) == ("metadata changed",)
