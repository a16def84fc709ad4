"""What the reviewer saw of a dataset, to be compared right before a verdict is sent."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gerra_tui.domain.dataset import Dataset


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """Identity of a dataset's contents as shown. Null means: the body seen did not have it.

    `date_updated` is the text as received ("" where it was null); `metadata_sha256` the hash of
    the metadata as canonical JSON (sorted keys, no spaces, UTF-8), that of `null` included.
    """

    dataset_id: str
    status: str | None
    date_updated: str | None
    metadata_sha256: str | None

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Revision:
        """The revision that a dataset's JSON object shows."""
        status = body.get("status")
        return cls(
            dataset_id=str(body.get("id", "")),
            status=status if isinstance(status, str) else None,
            date_updated=_text(body["date_updated"]) if "date_updated" in body else None,
            metadata_sha256=_digest(body["metadata"]) if "metadata" in body else None,
        )

    def changes(self, current: Dataset) -> tuple[str, ...]:
        """What differs in `current` from what was seen, a phrase each; empty if nothing does."""
        now = Revision.of(current.raw)
        changes = []
        if self.dataset_id.casefold() != now.dataset_id.casefold():
            changes.append(f"id is {now.dataset_id}")
        if self.status is not None and self.status != now.status:
            changes.append(f"status is {now.status}, was {self.status}")
        if None not in (self.date_updated, now.date_updated) and _instant(
            self.date_updated
        ) != _instant(now.date_updated):
            changes.append(f"date_updated is {now.date_updated or 'null'}")
        if None not in (self.metadata_sha256, now.metadata_sha256) and (
            self.metadata_sha256 != now.metadata_sha256
        ):
            changes.append("metadata changed")
        return tuple(changes)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _digest(value: object) -> str:
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _instant(text: str | None) -> datetime | str | None:
    """Two spellings of one instant ("Z", "+00:00") are the same revision."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return text
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
