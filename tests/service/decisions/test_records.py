"""Decisions for machines: exactly the keys that scripts rely on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from gerra_tui.domain.decision import DecisionState, Owner, Trouble, Verdict
from gerra_tui.service.decisions.records import audit_record, outbox_record, timestamp
from gerra_tui.service.decisions.target import new_decision
from tests.fakes import ORGANIZATION, ORIGIN, FakeService, id_of
from tests.virtual_time import NOON

DECISION = new_decision(
    Verdict.REJECT, FakeService().target(1), origin=ORIGIN, now=NOON, reason="blurred"
)


def test_an_outbox_line_has_every_key_of_the_contract() -> None:
    decision = replace(
        DECISION,
        state=DecisionState.UNKNOWN,
        attempts=2,
        last_error=Trouble(kind="unavailable", http_status=502, detail="502 from the CDN"),
        owner=Owner(pid=4711, alive=False, mine=False),
        batch_id="b",
        version=3,
    )
    assert outbox_record(decision) == {
        "decision_id": decision.id,
        "dataset_id": id_of(1),
        "name": "Stack cups, batch 1",
        "data_type": "episode",
        "version": 3,
        "verdict": "reject",
        "reason": "blurred",
        "state": "unknown",
        "decided_at": "2026-11-23T12:00:00.000Z",
        "send_at": "2026-11-23T12:00:00.000Z",
        "attempts": 2,
        "last_error": {"kind": "unavailable", "http_status": 502, "detail": "502 from the CDN"},
        "base_url": "https://api.gerra.example",
        "organization_id": ORGANIZATION,
        "profile": "default",
        "batch_id": "b",
        "owner": {"pid": 4711, "alive": False},
        "revision": {
            "status": "pending",
            "date_updated": "2026-11-21T08:00:00Z",
            "metadata_sha256": decision.revision.metadata_sha256,
        },
    }


def test_what_is_not_known_is_null() -> None:
    record = outbox_record(replace(DECISION, send_at=None))
    assert {key for key, value in record.items() if value is None} == {
        "version", "send_at", "last_error", "batch_id", "owner",
    }  # fmt: skip
    audited = audit_record(DECISION, user="u", host="h")
    assert {key for key, value in audited.items() if value is None} == {
        "time", "batch_id", "version", "query", "seconds", "http_status", "detail",
    }  # fmt: skip


def test_times_are_in_utc_whatever_zone_they_were_made_in() -> None:
    moment = datetime(2026, 11, 23, 13, 30, 0, 123_456, tzinfo=timezone(timedelta(hours=1)))
    assert timestamp(moment) == "2026-11-23T12:30:00.123Z"
    assert timestamp(moment.astimezone(UTC)) == timestamp(moment)
