"""What the reviewer saw of a dataset, to be compared right before a verdict is sent."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from gerra_tui.domain.canonical import differences, digest, fact, facts, in_words
from gerra_tui.domain.text import clean
from gerra_tui.domain.urls import without_secrets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gerra_tui.domain.dataset import Dataset

LONGEST_TOLD: Final = 200  # characters of one phrase
MOST_TOLD: Final = 3  # keys of the metadata, in one refusal
AS_RECEIVED: Final = 1  # how journals of the first version have the metadata's hash
CANONICAL: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """Identity of a dataset's contents as shown. None: the body seen did not have it.

    `date_updated` is the text as received ("" where it was null). `link` and `data_byte_size` are
    facts as `canonical` has them, `metadata` those of the metadata's keys. `metadata_sha256` is
    the hash of its `form`.
    """

    dataset_id: str
    status: str | None
    date_updated: str | None
    metadata_sha256: str | None
    form: int = CANONICAL
    link: str | None = None
    data_byte_size: str | None = None
    metadata: Mapping[str, str] | None = None

    @classmethod
    def of(cls, body: Mapping[str, Any], form: int = CANONICAL) -> Revision:
        """The revision that a dataset's JSON object shows."""
        status, metadata = body.get("status"), body.get("metadata")
        return cls(
            dataset_id=str(body.get("id", "")),
            status=without_secrets(status) if isinstance(status, str) else None,
            date_updated=_text(body["date_updated"]) if "date_updated" in body else None,
            metadata_sha256=_DIGESTS[form](metadata) if "metadata" in body else None,
            form=form,
            link=fact(body["link"]) if "link" in body else None,
            data_byte_size=fact(body["data_byte_size"]) if "data_byte_size" in body else None,
            metadata=facts(metadata) if isinstance(metadata, dict) else None,
        )

    def lacking(self, current: Dataset) -> tuple[str, ...]:
        """What was seen, and cannot be compared since `current` does not have it."""
        now = Revision.of(current.raw, self.form)
        return tuple(
            words
            for words, seen, there in (
                ("the status", self.status, now.status),
                ("date_updated", self.date_updated, now.date_updated),
                ("link", self.link, now.link),
                ("data_byte_size", self.data_byte_size, now.data_byte_size),
                ("the metadata", self.metadata_sha256, now.metadata_sha256),
            )
            if seen is not None and there is None
        )

    def changes(self, current: Dataset) -> tuple[str, ...]:
        """What differs in `current` from what was seen, a phrase each; empty if nothing does."""
        now = Revision.of(current.raw, self.form)
        changes = []
        if self.dataset_id.casefold() != now.dataset_id.casefold():
            changes.append(f"id is {_shown(now.dataset_id)}")
        if _differ(self.status, now.status):
            changes.append(f"status is {_shown(now.status)}, was {_shown(self.status)}")
        if _differ(_instant(self.date_updated), _instant(now.date_updated)):
            changes.append(f"date_updated is {_shown(now.date_updated) or 'null'}")
        if _differ(self.link, now.link):
            changes.append(f"link is {_shown(now.link)}, was {_shown(self.link)}")
        if _differ(self.data_byte_size, now.data_byte_size):
            sizes = f"{_shown(now.data_byte_size)}, was {_shown(self.data_byte_size)}"
            changes.append(f"data_byte_size is {sizes}")
        if _differ(self.metadata_sha256, now.metadata_sha256):
            changes += self._metadata_changes(current.raw["metadata"])
        return tuple(changes)

    def _metadata_changes(self, metadata: object) -> list[str]:
        """Named by their keys as far as these were kept."""
        if not isinstance(metadata, dict):
            return [f"metadata is {_shown(fact(metadata))}"]
        told = [] if self.metadata is None else differences(self.metadata, metadata)
        if not told:
            return ["metadata changed"]
        named = [f"metadata.{clean(one, LONGEST_TOLD)}" for one in told[:MOST_TOLD]]
        if (more := len(told) - MOST_TOLD) > 0:
            named.append(f"{more} more {'key' if more == 1 else 'keys'} of the metadata changed")
        return named


def _differ(seen: object, now: object) -> bool:
    return seen is not None and now is not None and seen != now


def _shown(text: str | None) -> str:
    return clean(in_words(text or ""), LONGEST_TOLD)


def _text(value: object) -> str:
    return "" if value is None else without_secrets(str(value))


def _digest_as_received(value: object) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


_DIGESTS: Final = {AS_RECEIVED: _digest_as_received, CANONICAL: digest}


def _instant(text: str | None) -> datetime | str | None:
    """Two spellings of one instant ("Z", "+00:00") are the same revision."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
