"""A dataset as the service describes it, and a row that does not fit that description."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from gerra_tui.domain.text import compact_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

PENDING: Final = "pending"
ACCEPTED: Final = "accepted"
REJECTED: Final = "rejected"

KNOWN_STATUSES: Final = (
    PENDING,
    ACCEPTED,
    REJECTED,
    "for_admin_review",
    "superseded",
    "discarded",
)
KNOWN_TYPES: Final = ("episode", "synthetic_pov", "synthetic_third_person", "telemetry")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """One dataset. Strings are raw, as received: clean them where they become something to show.

    `data_byte_size` is in bytes. The dates are aware, in UTC; null where the service sent null or
    something that is no date. `raw` is the whole JSON object, with fields this console does not
    know.
    """

    id: str
    status: str
    data_type: str
    name: str
    description: str | None = None
    organization_id: str | None = None
    link: str | None = None
    signed_url: str | None = field(default=None, repr=False)
    data_byte_size: int | None = None
    date_created: datetime | None = None
    date_updated: datetime | None = None
    metadata: Mapping[str, Any] | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=True)

    @property
    def is_pending(self) -> bool:
        return self.status == PENDING


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableRow:
    """A row that does not fit the model: shown in its place, never decided on.

    `id` is a stand-in where the row has none of its own.
    """

    id: str
    problem: str
    raw: Any = field(default=None, repr=False)


Row = Dataset | UnreadableRow


def stand_in(about: Any) -> str:
    """An identity for a row without an id, by a JSON value that tells it from others.

    No dataset has an id like it: such ids are refused before they are sent.
    """
    text = compact_json(about).encode("utf-8", "surrogatepass")
    return f"?{sha256(text).hexdigest()[:32]}"
