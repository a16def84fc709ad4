"""What the audit log tells of the reviewer's own day, and of who decided what."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from gerra_tui.domain.decision import DecisionState, Verdict
from gerra_tui.service.decisions.records import audit_record, timestamp
from gerra_tui.service.decisions.target import Target, new_decision
from gerra_tui.service.tally import Tally
from tests.fakes import ORIGIN, body, dataset_of, id_of
from tests.virtual_time import NOON


def line(number: int, **changes: Any) -> bytes:
    entry = {
        "time": timestamp(NOON),
        "user": "ada",
        "base_url": ORIGIN.base_url,
        "decision_id": f"d{number}",
        "dataset_id": id_of(number),
        "verdict": "reject",
        "reason": "dark",
        "seconds": 10.0,
        "result": "done",
        **changes,
    }
    return json.dumps(entry, separators=(",", ":")).encode()


def tally(*lines: bytes, whole: bool = False) -> Tally:
    made = Tally(ORIGIN.base_url, "ada")
    made.read(lines, NOON, whole=whole)
    return made


def test_the_day_counts_verdicts_that_took_effect() -> None:
    counted = tally(
        line(1, seconds=8.0),
        line(2, result="refused"),
        line(3, base_url="https://other.example"),
        line(4, seconds=12.0, reason="blurred"),
        line(5, user="bob"),
        line(6, seconds=None, reason=None, verdict="accept"),
    )
    assert counted.decided == 3
    assert counted.seconds_each == 10.0
    assert counted.reasons == {"dark": 1, "blurred": 1}


def test_a_decision_counts_once_however_often_it_is_read() -> None:
    assert tally(line(1), line(1)).decided == 1


def test_yesterday_is_not_counted_and_ends_the_reading() -> None:
    def lines() -> Any:
        yield line(1)
        yield line(2, time=timestamp(NOON - timedelta(days=2)))
        raise AssertionError("what is older need not be read")

    made = Tally(ORIGIN.base_url, "ada")
    made.read(lines(), NOON, whole=False)
    assert made.decided == 1


def test_lines_that_are_no_entry_are_passed_over() -> None:
    odd = [b"{", b'["result":"done"]', b'"result":"done"', b'{"result":"done"}', b"\xff"]
    assert tally(*odd, line(1)).decided <= 1
    assert tally(*odd, line(1), whole=True).decided == 1


def test_no_value_of_another_program_ends_the_reading() -> None:
    deep = b'{"result":"done","x":' + b"[" * 200_000 + b"}"
    assert tally(deep, line(1), whole=True).decided == 1
    counted = tally(line(1, seconds=10**400), line(2, seconds=-1), line(3, seconds=4.0))
    assert (counted.decided, counted.seconds_each) == (3, 4.0)


def test_a_new_day_begins_at_nothing() -> None:
    made = tally(line(1), line(2))
    tomorrow = NOON + timedelta(days=1)
    made.take(json.loads(line(3, time=timestamp(tomorrow))), tomorrow)
    assert made.decided == 1


def test_what_is_decided_here_counts_at_once_and_not_again_with_its_line() -> None:
    dataset = dataset_of(body(1))
    target = Target(dataset=dataset, seconds=4.0)
    made = new_decision(Verdict.ACCEPT, target, origin=ORIGIN, now=NOON, reason=None)
    done = replace(made, state=DecisionState.DONE, settled_at=NOON)
    counted = tally()
    counted.note(done, NOON)
    counted.take(audit_record(done, user="ada", host="lab"), NOON)
    assert (counted.decided, counted.seconds_each) == (1, 4.0)
    assert counted.by(replace(dataset, status="accepted")) == "you"


def test_who_decided_is_told_where_the_status_is_still_theirs() -> None:
    old = timestamp(NOON - timedelta(days=40))
    counted = tally(line(1), line(2, user="bob", time=old), line(3, time=old), whole=True)

    def who(number: int, status: str) -> str:
        return counted.by(replace(dataset_of(body(number)), status=status))

    assert who(1, "rejected") == "you"
    assert who(2, "rejected") == "bob"
    assert who(3, "accepted") == "", "somebody else changed it since"
    assert who(4, "rejected") == ""
