"""The fields of a dataset that a query, a column or a sort can name: each stands here once."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from gerra_tui.domain.dataset import Dataset


class Kind(Enum):
    """What the values of a field are, and so what can be asked of them."""

    CHOICE = "choice"  # one of few words: status, type
    ID = "id"  # `:` is a prefix
    TEXT = "text"
    SIZE = "size"  # bytes
    DATE = "date"
    LOOK = "look"  # what a look at its file found, as far as there was one
    META = "meta"  # whatever the metadata holds at a path
    WORD = "word"  # no field: name, description and every metadata value


class Field(NamedTuple):
    """`note`: a few words on what it holds. `value`: what a query compares. `source`: the
    service's own name for it."""

    name: str
    kind: Kind
    note: str
    value: Callable[[Dataset], Any]
    source: str


FIELDS: Final = {
    field.name: field
    for field in (
        Field("status", Kind.CHOICE, "pending, accepted, ...", lambda row: row.status, "status"),
        Field(
            "type", Kind.CHOICE, "episode, telemetry, ...", lambda row: row.data_type, "data_type"
        ),
        Field("name", Kind.TEXT, "the dataset's name", lambda row: row.name, "name"),
        Field("desc", Kind.TEXT, "description", lambda row: row.description, "description"),
        Field("id", Kind.ID, "the first letters of the id", lambda row: row.id, "id"),
        Field("link", Kind.TEXT, "storage path", lambda row: row.link, "link"),
        Field(
            "org", Kind.TEXT, "organization id", lambda row: row.organization_id, "organization_id"
        ),
        Field(
            "size",
            Kind.SIZE,
            "500MB, 1.5GB, 2GiB",
            lambda row: row.data_byte_size,
            "data_byte_size",
        ),
        Field(
            "created",
            Kind.DATE,
            "12h, 7d, 2w ago, or 2026-11-20",
            lambda row: row.date_created,
            "date_created",
        ),
        Field(
            "updated",
            Kind.DATE,
            "12h, 7d, 2w ago, or 2026-11-20",
            lambda row: row.date_updated,
            "date_updated",
        ),
    )
}

# What is asked of the kept looks, with a few words on each.
LOOKED: Final = {
    "check": "odd, ok, unchecked, none",
    "kind": "zip, mp4, mcap, ...: what the file is",
}
WORD: Final = ""
META_PREFIX: Final = "meta."
CHECK_PREFIX: Final = "check."


def is_looked(name: str) -> bool:
    """Whether it names what a look found: `check`, `check.NAME`, `kind`."""
    return name in LOOKED or (name.startswith(CHECK_PREFIX) and len(name) > len(CHECK_PREFIX))


def is_path(name: str) -> bool:
    """Whether it names a path of the metadata: `meta.PATH`."""
    return name.startswith(META_PREFIX) and len(name) > len(META_PREFIX)
