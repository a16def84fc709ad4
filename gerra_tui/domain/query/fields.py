"""The fields that a query can name, and the operators that each has."""

from __future__ import annotations

from enum import Enum
from typing import Final, NamedTuple


class Kind(Enum):
    """What the values of a field are, and so what can be asked of them."""

    CHOICE = "choice"  # one of few words: status, type
    ID = "id"  # `:` is a prefix
    TEXT = "text"
    SIZE = "size"  # bytes
    DATE = "date"
    META = "meta"  # whatever the metadata holds at a path
    WORD = "word"  # no field: name, description and every metadata value


ORDERING: Final = ("<", "<=", ">", ">=")
EQUALITY: Final = (":", "=")

OPERATORS: Final = {
    Kind.CHOICE: (":", "=", "~"),
    Kind.ID: (":", "=", "~"),
    Kind.TEXT: (":", "=", "~"),
    Kind.SIZE: (*ORDERING, *EQUALITY),
    Kind.DATE: (*ORDERING, *EQUALITY),
    Kind.META: (":", "=", "~", *ORDERING),
}

WORD: Final = ""
META_PREFIX: Final = "meta."


class Field(NamedTuple):
    """A field of the query language and a few words on what it holds."""

    name: str
    kind: Kind
    note: str


FIELDS: Final = {
    field.name: field
    for field in (
        Field("status", Kind.CHOICE, "pending, accepted, ..."),
        Field("type", Kind.CHOICE, "episode, telemetry, ..."),
        Field("name", Kind.TEXT, "the dataset's name"),
        Field("desc", Kind.TEXT, "description"),
        Field("id", Kind.ID, "the first letters of the id"),
        Field("link", Kind.TEXT, "storage path"),
        Field("org", Kind.TEXT, "organization id"),
        Field("size", Kind.SIZE, "500MB, 1.5GB, 2GiB"),
        Field("created", Kind.DATE, "12h, 7d, 2w ago, or 2026-11-20"),
        Field("updated", Kind.DATE, "12h, 7d, 2w ago, or 2026-11-20"),
    )
}

# The names that the service itself uses: suggested, so that one spelling stays in use.
_SERVICE_NAMES: Final = {
    "data_type": "type",
    "description": "desc",
    "organization_id": "org",
    "organization": "org",
    "data_byte_size": "size",
    "bytes": "size",
    "date_created": "created",
    "date_updated": "updated",
    "metadata": "meta.",
    "state": "status",
}


def kind_of(field: str) -> Kind:
    """The kind of a field's full name (`meta.PATH`, or "" for words). Raises `KeyError`."""
    if field == WORD:
        return Kind.WORD
    if field.startswith(META_PREFIX) and len(field) > len(META_PREFIX):
        return Kind.META
    return FIELDS[field].kind


def suggestion_for(name: str) -> str | None:
    """The field that someone who typed `name` most likely meant."""
    import difflib  # not needed for the first screen

    lowered = name.casefold()
    if lowered in _SERVICE_NAMES:
        return _SERVICE_NAMES[lowered]
    if lowered.startswith("metadata."):
        return META_PREFIX + name[len("metadata.") :]
    candidates = [*FIELDS, *_SERVICE_NAMES, "meta."]
    near = difflib.get_close_matches(lowered[:40], candidates, n=1, cutoff=0.6)
    return _SERVICE_NAMES.get(near[0], near[0]) if near else None
