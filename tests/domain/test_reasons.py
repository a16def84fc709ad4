"""Rejection reasons: what the digits fill in, and what is sent of a template."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gerra_tui.domain.dataset import KNOWN_TYPES
from gerra_tui.domain.iterations import Iteration, Iterations
from gerra_tui.domain.reasons import (
    EARLIER_FAULT,
    MAX_REASON,
    Template,
    known_details,
    problem_with,
    reasons_for,
)

SHIPPED = {
    template.id: template
    for data_type in (*KNOWN_TYPES, "a new type")
    for template in reasons_for(data_type)
}

# The details that are given, and what is sent.
SENT = {
    "damaged": [
        ({}, "File damaged or incomplete"),
        ({"size served": "1.2 GB"}, "File damaged or incomplete: 1.2 GB"),
        ({"declared": "2.1 GB"}, "File damaged or incomplete: 2.1 GB"),
        ({"member": "a.mp4"}, "File damaged or incomplete: a.mp4 unreadable"),
        (
            {"size served": "1.2 GB", "declared": "2.1 GB"},
            "File damaged or incomplete: 1.2 GB of 2.1 GB",
        ),
        (
            {"size served": "1.2 GB", "member": "a.mp4"},
            "File damaged or incomplete: 1.2 GB, a.mp4 unreadable",
        ),
        (
            {"size served": "1.2 GB", "declared": "2.1 GB", "member": "a.mp4"},
            "File damaged or incomplete: 1.2 GB of 2.1 GB, a.mp4 unreadable",
        ),
    ],
    "missing": [
        ({}, "Required part missing"),
        ({"file / stream / field": "wrist camera"}, "Required part missing: wrist camera"),
    ],
    "metadata": [
        ({}, "Metadata contradicts the data"),
        ({"field": "fps"}, "Metadata contradicts the data: fps"),
        ({"x": "30"}, "Metadata contradicts the data: says 30"),
        ({"y": "15"}, "Metadata contradicts the data: file has 15"),
        ({"field": "fps", "x": "30"}, "Metadata contradicts the data: fps says 30"),
        ({"field": "fps", "y": "15"}, "Metadata contradicts the data: fps, file has 15"),
        ({"x": "30", "y": "15"}, "Metadata contradicts the data: says 30, file has 15"),
        (
            {"field": "fps", "x": "30", "y": "15"},
            "Metadata contradicts the data: fps says 30, file has 15",
        ),
    ],
    "duplicate": [
        ({}, "Same content"),
        ({"dataset id": "77aa01c9"}, "Same content as 77aa01c9"),
    ],
    "timing": [
        ({}, "Frames or samples lost or irregular"),
        ({"n": "3"}, "Frames or samples lost or irregular: 3 gaps"),
        ({"ms": "80 ms"}, "Frames or samples lost or irregular: longest 80 ms"),
        ({"t": "0:12"}, "Frames or samples lost or irregular at 0:12"),
        ({"n": "3", "t": "0:12"}, "Frames or samples lost or irregular: 3 gaps at 0:12"),
        (
            {"n": "3", "ms": "80 ms", "t": "0:12"},
            "Frames or samples lost or irregular: 3 gaps, longest 80 ms at 0:12",
        ),
    ],
    "idle": [
        ({}, "Too little happens"),
        ({"pct": "70 %"}, "Too little happens: 70 % idle"),
        ({"t0": "0:10", "t1": "0:40"}, "Too little happens: from 0:10 to 0:40"),
        ({"pct": "70 %", "t0": "0:10"}, "Too little happens: 70 % idle, from 0:10"),
        (
            {"pct": "70 %", "t0": "0:10", "t1": "0:40"},
            "Too little happens: 70 % idle, from 0:10 to 0:40",
        ),
    ],
    "task": [
        ({}, "Task not completed, cut short or not the stated one"),
        (
            {"what": "cup dropped"},
            "Task not completed, cut short or not the stated one: cup dropped",
        ),
    ],
    "view": [
        ({}, "Camera view unusable"),
        ({"t": "0:12"}, "Camera view unusable at 0:12"),
        (
            {"blur / dark / occluded / hand or gripper out of frame": "blur", "t": "0:12"},
            "Camera view unusable: blur at 0:12",
        ),
    ],
    "sensor": [
        ({}, "Sensor fault"),
        ({"channel": "joint 3"}, "Sensor fault in joint 3"),
        ({"NaN / stuck / clipped / spikes": "stuck"}, "Sensor fault: stuck"),
        (
            {"channel": "joint 3", "NaN / stuck / clipped / spikes": "stuck"},
            "Sensor fault in joint 3: stuck",
        ),
    ],
    "sync": [
        ({}, "Streams out of step"),
        ({"ms": "40 ms"}, "Streams out of step by 40 ms"),
        ({"b": "wrist"}, "Streams out of step: wrist"),
        ({"a": "top", "ms": "40 ms"}, "Streams out of step: top by 40 ms"),
        ({"a": "top", "b": "wrist", "ms": "40 ms"}, "Streams out of step: top vs wrist by 40 ms"),
    ],
    "prompt": [
        ({}, "Does not show what the prompt asked"),
        ({"part": "no mug"}, "Does not show what the prompt asked: no mug"),
    ],
    "viewpoint": [
        ({}, "Wrong viewpoint"),
        ({"which": "from above"}, "Wrong viewpoint: from above"),
    ],
    "physics": [
        ({}, "Physically impossible"),
        ({"t": "0:12"}, "Physically impossible at 0:12"),
        (
            {"what": "mug vanishes", "t": "0:12"},
            "Physically impossible: mug vanishes at 0:12",
        ),
    ],
    "body": [
        ({}, "Hands or robot wrong"),
        ({"what": "six fingers"}, "Hands or robot wrong: six fingers"),
    ],
    "same_fault": [
        ({}, "Earlier fault not fixed"),
        ({EARLIER_FAULT: "mug vanishes"}, 'Earlier fault not fixed: "mug vanishes"'),
    ],
    "privacy": [
        ({}, "Shows a person, screen or private data"),
        ({"t": "0:12"}, "Shows a person, screen or private data at 0:12"),
    ],
}


@pytest.mark.parametrize(
    ("name", "details", "sent"),
    [(name, details, sent) for name, table in SENT.items() for details, sent in table],
)
def test_a_shipped_reason_is_a_sentence_whatever_details_are_given(
    name: str, details: dict[str, str], sent: str
) -> None:
    assert SHIPPED[name].fill(details) == sent


def test_every_shipped_reason_was_looked_at() -> None:
    assert SHIPPED.keys() == SENT.keys()


@pytest.mark.parametrize("template", SHIPPED.values(), ids=SHIPPED)
def test_given_details_are_sent_and_missing_ones_leave_no_trace(template: Template) -> None:
    for count in range(len(template.slots) + 1):
        for chosen in combinations(template.slots, count):
            sent = template.fill({slot: f"<{slot}>" for slot in chosen})
            assert re.findall(r"<[^<>]*>", sent) == [f"<{slot}>" for slot in chosen]
            assert not {"{", "}"} & set(sent)
            assert (
                re.search(r'[,;:]($|[,;: ]{2})|  |""|\b(at|of|by|to|as|in|vs|from)$', sent) is None
            )


@pytest.mark.parametrize("template", SHIPPED.values(), ids=SHIPPED)
def test_with_all_details_a_reason_reads_as_its_template(template: Template) -> None:
    assert template.fill({slot: f"{{{slot}}}" for slot in template.slots}) == template.text


@pytest.mark.parametrize(
    ("text", "details", "sent"),
    [
        ("Too dark", {}, "Too dark"),
        ("Too dark at {t}", {}, "Too dark"),
        ("Too dark ({lux} lux) at {t}", {"t": "0:12"}, "Too dark at 0:12"),
        ("Too dark ({lux} lux) at {t}", {"lux": "3"}, "Too dark (3 lux)"),
        ("Camera {n} is dark", {}, "Camera is dark"),
        ("Grasp failed because of the {object}", {}, "Grasp failed"),
        (
            "Grasp failed because of the {object}",
            {"object": "mug"},
            "Grasp failed because of the mug",
        ),
        ("Bad: {a}: see {b}", {"b": "log"}, "Bad: see log"),
        ("Bad from {t0}-{t1}", {"t0": "0:10"}, "Bad from 0:10"),
        ("Bad {oops", {}, "Bad oops"),
        ("Bad {}", {}, "Bad"),
        ("Bad, very bad: {x}, in any case", {}, "Bad, very bad, in any case"),
        (
            "First line: {x}\nsecond line, as it is:\n\n{y}",
            {},
            "First line\nsecond line, as it is:\n",
        ),
        ("{what}", {"what": " \u200b "}, ""),
        ("{what}", {"what": " a \n b "}, "a b"),
        ("Keep {x}", {"x": "{json}"}, "Keep {json}"),
    ],
)
def test_a_reason_of_ones_own_drops_what_is_not_given(
    text: str, details: dict[str, str], sent: str
) -> None:
    assert Template(text, text).fill(details) == sent


@given(st.text(alphabet='ab{} ,;:()"\n', max_size=60))
def test_braces_of_a_template_are_never_sent(text: str) -> None:
    template = Template(text, text)
    assert not {"{", "}"} & set(template.fill({}))
    assert not {"{", "}"} & set(template.fill(dict.fromkeys(template.slots, "x")))


@pytest.mark.parametrize(
    ("name", "edited", "sent"),
    [
        ("view", "Camera view unusable: hair on lens at {t}", "Camera view unusable: hair on lens"),
        ("view", "Camera view unusable: hair {on} lens", "Camera view unusable: hair {on} lens"),
        ("view", "Camera {2} unusable at {t}", "Camera {2} unusable"),
        ("timing", "Frames lost: 3 gaps, longest {ms} at {t}", "Frames lost: 3 gaps"),
        ("sync", "Streams out of step: top vs {b} by {ms}", "Streams out of step: top"),
        ("task", "As I said,  twice:\n\nnot done", "As I said,  twice:\n\nnot done"),
        ("task", "Task not completed: {what}\n\nsee 0:12", "Task not completed\n\nsee 0:12"),
    ],
)
def test_words_typed_into_a_template_stay_when_its_open_slots_go(
    name: str, edited: str, sent: str
) -> None:
    assert SHIPPED[name].finish(edited) == sent


@pytest.mark.parametrize("template", SHIPPED.values(), ids=SHIPPED)
def test_an_untouched_template_is_sent_without_its_slots(template: Template) -> None:
    assert template.finish(template.text) == template.fill({})


def test_only_a_reason_that_says_nothing_without_a_detail_requires_it() -> None:
    required = {name: template.required for name, template in SHIPPED.items() if template.required}
    assert required == {"duplicate": {"dataset id"}}


def test_details_that_are_required_are_asked_for() -> None:
    assert SHIPPED["sync"].missing({"a": "top", "b": " "}) == ("b", "ms")
    assert SHIPPED["sync"].missing({"a": "top", "b": "wrist", "ms": "40"}) == ()


def test_the_digits_offer_the_reasons_of_the_type_in_their_order() -> None:
    keyed = {
        data_type: [template.id for template in reasons_for(data_type).keyed]
        for data_type in (*KNOWN_TYPES, "a new type")
    }
    synthetic = [
        "prompt", "viewpoint", "physics", "body", "same_fault", "metadata", "damaged", "duplicate",
        "privacy",
    ]  # fmt: skip
    assert keyed["episode"] == [
        "damaged", "missing", "metadata", "timing", "idle", "task", "view", "sensor", "sync",
    ]  # fmt: skip
    assert keyed["synthetic_pov"] == synthetic
    assert keyed["synthetic_third_person"] == synthetic
    assert keyed["telemetry"] == [
        "timing", "sensor", "missing", "sync", "metadata", "damaged", "idle", "duplicate",
        "same_fault",
    ]  # fmt: skip
    assert keyed["a new type"] == [
        "damaged", "missing", "metadata", "duplicate", "same_fault", "privacy",
    ]  # fmt: skip


def test_reasons_beyond_the_ninth_have_no_digit() -> None:
    reasons = reasons_for("episode")
    assert [template.id for template in reasons.further] == ["duplicate", "same_fault", "privacy"]
    assert [*reasons] == [*reasons.keyed, *reasons.further]
    own = reasons_for("episode", {"episode": [f"Reason {n}" for n in range(12)]})
    assert len(own.keyed) == 9
    assert [template.text for template in own.further] == ["Reason 9", "Reason 10", "Reason 11"]


def test_reasons_from_the_config_take_the_place_of_the_shipped_ones() -> None:
    overrides = {"episode": ["Too dark at {t}", "sync"], "telemetry": []}
    reasons = reasons_for("episode", overrides)
    assert [template.text for template in reasons] == ["Too dark at {t}", SHIPPED["sync"].text]
    assert [*reasons_for("telemetry", overrides)] == []
    assert reasons_for("synthetic_pov", overrides) == reasons_for("synthetic_pov")


def version(number: int, superseded_reason: str | None = None) -> Iteration:
    return Iteration(
        dataset_id=f"id-{number}",
        version=number,
        status="superseded",
        superseded_reason=superseded_reason,
    )


def history(*versions: Iteration) -> Iterations:
    return Iterations(
        group_id=None, total_versions=len(versions), latest_version=None, versions=versions
    )


def test_the_last_fault_named_before_this_version_is_filled_in() -> None:
    versions = history(
        version(0, "blurred"), version(1, "mug\nvanishes\x1b"), version(2, " "), version(3, "x")
    )
    assert known_details(versions, "id-2") == {EARLIER_FAULT: "mug vanishes^["}
    assert known_details(versions, "id-3") == {EARLIER_FAULT: "mug vanishes^["}
    assert SHIPPED["same_fault"].fill(known_details(versions, "id-1")) == (
        'Earlier fault not fixed: "blurred"'
    )


def test_a_first_version_has_no_earlier_fault() -> None:
    assert [t.id for t in SHIPPED.values() if t.needs_earlier_version] == ["same_fault"]
    assert known_details(history(version(0, "x")), "id-0") == {}
    assert known_details(history(version(0, "x")), "another id") == {}
    assert known_details(None, "id-0") == {}


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("", "needs a reason"),
        (" \n\u200b\u2800", "needs a reason"),
        ("x" * (MAX_REASON + 1), "2,001 characters"),
        ("broken \ud800", "broken character"),
    ],
)
def test_a_reason_that_cannot_be_sent_says_why(reason: str, words: str) -> None:
    problem = problem_with(reason)
    assert problem is not None
    assert words in problem


@pytest.mark.parametrize("reason", ["x", "two\nlines", "🤖" * MAX_REASON])
def test_a_reason_that_can_be_sent_has_no_problem(reason: str) -> None:
    assert problem_with(reason) is None
