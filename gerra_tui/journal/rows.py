"""A decision as a row of the journal, and back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from types import NoneType
from typing import TYPE_CHECKING, Any, Final

from gerra_tui.domain.decision import Decision, DecisionState, Origin, Owner, Trouble, Verdict
from gerra_tui.domain.revision import AS_RECEIVED, Revision
from gerra_tui.domain.text import compact_json

if TYPE_CHECKING:
    from collections.abc import Mapping

# What may change after a decision was made.
CHANGING: Final = (
    "state",
    "send_at",
    "attempts",
    "posted",
    "posted_at",
    "window_ms",
    "error_kind",
    "error_http_status",
    "error_detail",
    "settled_at",
    "settled_detail",
    "settled_http_status",
)
# What a journal of the first version, or a row written by it, does not have.
ADDED: Final[Mapping[str, Any]] = {
    "revision_form": AS_RECEIVED,
    "revision_link": None,
    "revision_data_byte_size": None,
    "revision_metadata": None,
}
Value = str | int | float | None
# SQLite takes a value of any kind in any column.
_KINDS: Final = {
    ("name", "data_type", "profile", "via", "owner"): (str,),
    (
        "organization_id",
        "reason",
        "revision_status",
        "revision_date_updated",
        "revision_metadata_sha256",
        "revision_link",
        "revision_data_byte_size",
        "revision_metadata",
        "batch_id",
        "query",
        "error_kind",
        "error_detail",
        "settled_detail",
    ): (str, NoneType),
    ("attempts", "posted", "owner_pid", "revision_form"): (int,),
    ("version", "error_http_status", "settled_http_status"): (int, NoneType),
    ("seconds", "window_ms"): (int, float, NoneType),
}


def to_row(decision: Decision) -> dict[str, Value]:
    """Its columns, without the journal's own (`seq`, `owner`, `audited`, ...)."""
    trouble = decision.last_error
    return {
        "id": decision.id,
        "base_url": decision.origin.base_url,
        "organization_id": decision.origin.organization_id,
        "profile": decision.origin.profile,
        "dataset_id": decision.dataset_id,
        "name": _storable(decision.name),
        "data_type": _storable(decision.data_type),
        "version": decision.version,
        "verdict": decision.verdict.value,
        "reason": _storable(decision.reason),
        "revision_status": _storable(decision.revision.status),
        "revision_date_updated": _storable(decision.revision.date_updated),
        "revision_metadata_sha256": decision.revision.metadata_sha256,
        "revision_form": decision.revision.form,
        "revision_link": decision.revision.link,
        "revision_data_byte_size": decision.revision.data_byte_size,
        "revision_metadata": _json(decision.revision.metadata),
        "batch_id": decision.batch_id,
        "query": _storable(decision.query),
        "seconds": decision.seconds,
        "via": decision.via,
        "decided_at": _text(decision.decided_at),
        "state": decision.state.value,
        "send_at": _text(decision.send_at),
        "attempts": decision.attempts,
        "posted": int(decision.posted),
        "posted_at": _text(decision.posted_at),
        "window_ms": decision.window_ms,
        "error_kind": trouble.kind if trouble else None,
        "error_http_status": trouble.http_status if trouble else None,
        "error_detail": _storable(trouble.detail) if trouble else None,
        "settled_at": _text(decision.settled_at),
        "settled_detail": _storable(decision.settled_detail),
        "settled_http_status": decision.settled_http_status,
    }


def from_row(row: Mapping[str, Any], *, alive: bool, mine: bool) -> Decision:
    """The decision of a row. Raises `ValueError` or `TypeError` for one that is damaged."""
    row = {**ADDED, **row}
    for names, kinds in _KINDS.items():
        if any(not isinstance(row[name], kinds) for name in names):
            raise ValueError("the row is damaged")
    return Decision(
        id=_needed(row["id"]),
        dataset_id=_needed(row["dataset_id"]),
        name=row["name"],
        data_type=row["data_type"],
        version=row["version"],
        verdict=Verdict(row["verdict"]),
        reason=row["reason"],
        state=DecisionState(row["state"]),
        decided_at=_moment(_needed(row["decided_at"])),
        send_at=_optional_moment(row["send_at"]),
        origin=Origin(
            base_url=_needed(row["base_url"]),
            organization_id=row["organization_id"],
            profile=row["profile"],
        ),
        revision=Revision(
            dataset_id=row["dataset_id"],
            status=row["revision_status"],
            date_updated=row["revision_date_updated"],
            metadata_sha256=row["revision_metadata_sha256"],
            form=row["revision_form"],
            link=row["revision_link"],
            data_byte_size=row["revision_data_byte_size"],
            metadata=_object(row["revision_metadata"]),
        ),
        attempts=row["attempts"],
        posted=bool(row["posted"]),
        posted_at=_optional_moment(row["posted_at"]),
        window_ms=row["window_ms"],
        last_error=None
        if row["error_kind"] is None
        else Trouble(
            kind=row["error_kind"],
            http_status=row["error_http_status"],
            detail=row["error_detail"] or "",
        ),
        batch_id=row["batch_id"],
        owner=Owner(pid=row["owner_pid"], alive=alive, mine=mine),
        query=row["query"],
        seconds=row["seconds"],
        via=row["via"],
        settled_at=_optional_moment(row["settled_at"]),
        settled_detail=row["settled_detail"],
        settled_http_status=row["settled_http_status"],
    )


def _storable(text: str | None) -> str | None:
    """SQLite's text is UTF-8, which has no lone surrogates; the service's JSON may have them."""
    return None if text is None else text.encode("utf-8", "replace").decode()


def _json(facts: Mapping[str, str] | None) -> str | None:
    return None if facts is None else compact_json(facts)


def _object(text: str | None) -> dict[str, str] | None:
    return None if text is None else dict(json.loads(text))


def _needed(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("the row is damaged")
    return value


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _optional_moment(text: str | None) -> datetime | None:
    return None if text is None else _moment(text)
