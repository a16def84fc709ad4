"""Decisions for machines: the objects of `outbox --json` and of the audit log."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from gerra_tui.domain.decision import Decision


def outbox_record(decision: Decision) -> dict[str, Any]:
    """One line of `outbox --json`."""
    trouble, owner, revision = decision.last_error, decision.owner, decision.revision
    seen = revision.status is not None
    return {
        "decision_id": decision.id,
        "dataset_id": decision.dataset_id,
        "name": decision.name if seen else None,
        "data_type": decision.data_type if seen else None,
        "version": decision.version,
        "verdict": decision.verdict.value,
        "reason": decision.reason,
        "state": decision.state.value,
        "decided_at": timestamp(decision.decided_at),
        "send_at": timestamp(decision.send_at),
        "attempts": decision.attempts,
        "last_error": None
        if trouble is None
        else {"kind": trouble.kind, "http_status": trouble.http_status, "detail": trouble.detail},
        "base_url": decision.origin.base_url,
        "organization_id": decision.origin.organization_id,
        "profile": decision.origin.profile,
        "batch_id": decision.batch_id,
        "owner": None if owner is None else {"pid": owner.pid, "alive": owner.alive},
        "revision": {
            "status": revision.status,
            "date_updated": revision.date_updated,
            "metadata_sha256": revision.metadata_sha256,
        },
    }


def audit_record(decision: Decision, *, user: str, host: str) -> dict[str, Any]:
    """One line of the audit log, for a decision at its end."""
    return {
        "v": 1,
        "time": timestamp(decision.settled_at),
        "decided_at": timestamp(decision.decided_at),
        "user": user,
        "host": host,
        "profile": decision.origin.profile,
        "base_url": decision.origin.base_url,
        "organization_id": decision.origin.organization_id,
        "decision_id": decision.id,
        "batch_id": decision.batch_id,
        "dataset_id": decision.dataset_id,
        "version": decision.version,
        "verdict": decision.verdict.value,
        "reason": decision.reason,
        "query": decision.query,
        "seconds": decision.seconds,
        "via": decision.via,
        "result": decision.state.value,
        "http_status": decision.settled_http_status,
        "detail": decision.settled_detail,
    }


def timestamp(moment: datetime | None) -> str | None:
    """RFC 3339 in UTC, to the millisecond; null stays null."""
    if moment is None:
        return None
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
